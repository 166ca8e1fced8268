"""Have the mails of README.md written to a bot: its answers are those that the page shows."""

from __future__ import annotations

import re
from pathlib import Path

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, said
from tests.fakes.runner.balancer import FakeBalancer

PAGE = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")
#: Words of each mail of the page, by who writes it.
MAILS = re.findall(r"^    (Ada|Ben|bot)  ((?:.*\n)(?:         .*\n)*)", PAGE, re.MULTILINE)
BEN = "Ben <ben@example.org>"


def shown(number: int) -> str:
    """The words of a mail, without the remark at the end of its first line."""
    return " ".join(re.sub(r" {2,}\(.*\)\n", "\n", MAILS[number][1]).split())


def same_but_names(words: str) -> str:
    """Words of an answer with what depends on the machine and on the test's styles taken out."""
    return re.sub(r"about \d minutes", "about 5 minutes", words).replace("My garden by Ada.", "My-Garden.")


async def test_the_mails_of_the_page(ledger: Ledger, sink: Sink, school: School) -> None:
    assert [who for who, _ in MAILS] == ["Ada", "bot", "bot", "Ben", "bot", "Ben", "bot"]
    folder, dog = Folder(lesson(shown(0).removeprefix("Subject: "))), photo(seed=5)
    school.learner.may_finish.clear()
    async with (
        FakeBalancer(styles=("mosaic", "my-garden")) as balancer,
        school.answering(folder, ledger, balancer, sink),
    ):
        (notice,) = await sink.wait_for(1)
        school.learner.may_finish.set()
        learnt = (await sink.wait_for(2))[1]
        folder.put(mail("", shown(3), [("dog.jpg", dog)], sender=BEN, message_id="<3@example.org>"))
        painted = (await sink.wait_for(3))[2]
        thread = {"In_Reply_To": str(painted["Message-ID"]), "References": str(painted["Message-ID"])}
        folder.put(mail("Re: photo", shown(5), [], sender=BEN, message_id="<4@example.org>", **thread))
        again = (await sink.wait_for(4))[3]
    for number, answer in ((1, notice), (2, learnt), (4, painted), (6, again)):
        for sentence in re.split(r"(?<=\.) ", same_but_names(shown(number))):
            assert sentence in same_but_names(said(answer))
    first, second = balancer.jobs
    assert balancer.photos == [dog, dog]
    assert (first["style"], first["strength"]) == ("my-garden", "0.6")
    assert (second["style"], second["size"], second["keep_colors"]) == ("my-garden", "2048", "true")
