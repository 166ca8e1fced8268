"""What a text, an address or a mail without a photo means, line by line, and what every phrase does."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from mailbot.intents.commands import read
from mailbot.intents.sender_orders.sender_commands import sender_command
from mailbot.parsing.carriers import PHONE
from mailbot.parsing.mail_parser import parse_email
from styles.contract import StyleSummary
from styles.errors import UnknownStyle
from styles.language.intents import GRAMMAR, Intent, IntentRule
from styles.language.lexicon import lexicon
from styles.language.request_examples import examples
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.meanings import DEFAULT, FULL, HALVES, KNOWN, OWN, asks, meaning, tries


@pytest.mark.parametrize(
    ("subject", "text", "means"),
    [
        ("", "mosaic", "mosaic"),
        ("", "Hello,\nmosaic please\nJane", "mosaic"),
        ("photo", "Hi!\nmosaic and wave, thanks\nJane", HALVES),
        ("photo", "Hi!\nwe saw the night and candy\nJane", "default"),
        ("", "mosaic and picasso please", "?picasso"),
        ("", "Could you please paint this as starry night? Thanks!", "starry-night"),
        ("", "Hello, could you make it look like the Starry Night by van Gogh?", "starry-night"),
        ("", "Hi! Could you please paint this as the wave, for my mother? Thanks!", "great-wave"),
        ("", "Would you be so kind as to turn this photo into a mosaic for my mother?", "mosaic"),
        ("", "Could you please paint this in the style of Picasso? Thanks a lot!", "?Picasso"),
        (
            "",
            "Hi, would you paint it in the style of The Great Wave at about 60% please and keep its own "
            "colours? Thanks a lot",
            "great-wave 60% colors",
        ),
        (
            "",
            "Make this look like an impressionistic landscape from somewhere near Antwerp, please",
            "?impressionistic",
        ),
        ("", "Could you please paint this as a gift for my dear mother?", "default"),
        ("", "Could you please paint this as soon as possible?", "default"),
        ("IMG_0001.jpg", "Hello bot,\nsurprise me!\nJane", "any"),
        ("Holiday", "all styles please", "sheet"),
        ("Holiday", "udnie 60%, big", "udnie 60% 2048px"),
        ("mosaic", "60%, keep the colors", "mosaic 60% colors"),
        ("mosaic", "full size please", f"mosaic {FULL}"),
        ("mosaic", "udnie", "mosaic"),
        ("mosaic", "?", "mosaic"),
        ("mosaic", "help", "mosaic"),
        ("mosaic", "stop", "mosaic"),
        ("stop", "mosaic please", "mosaic"),
        ("Re: mosaic", "now in udnie please", "udnie"),
        ("Re: mosaic 60%", "now in udnie please", "udnie"),
        ("Re: mosaic 60%", "keep the colors", "mosaic 60% colors"),
        ("Re: mosaic", "Thank you so much for this!", "mosaic"),
        ("Fwd: mosaic", "udnie", "mosaic"),
        ("photo", "help", "help"),
        ("photo", "Dear bot,\nhelp\nJane", "default"),
        ("photo", "Dear bot,\nI cannot help but love it all\nJane", "default"),
        ("photo", "stop", "stop"),
        ("Photo of the bus stop", "stop", "default"),
        ("Here is a bus and what it does every day", "Stop!", "default"),
        ("Holiday in Rome", "delete my photos", "default"),
        ("mosaic", "Delete my photos when done please", "mosaic"),
        ("mosaic", "start", "mosaic"),
        ("start", "mosaic", "mosaic"),
        ("delete my photos", "mosaic please", "mosaic"),
        ("stop", "Thanks\nJane", "stop"),
        ("stop", "stop", "stop"),
        ("Re: mosaic", "delete my photos", "delete"),
        ("photo", "Stop!\n\nThanks\nJane", "stop"),
        ("photo", "stop\nand then the train came to a halt", "default"),
        ("photo", "Do not stop, it was the best holiday that we ever had", "default"),
        ("photo", "What a day we had!\n> stop", "default"),
        ("photo", "Look!\n\nOn Tue, 24 Nov 2026 Bot <bot@painter.example> wrote:\n\n> stop", "default"),
        ("photo", "\n\nOn Tue, 24 Nov 2026 Bot <bot@painter.example> wrote:\n\n> all styles", "default"),
        ("photo", "delete my photos please", "delete"),
        ("photo", "please delete my photos", "delete"),
        ("photo", "Do not delete my photos, I want to keep them all", "default"),
        ("photo", "That was a big party with all of us, and it was a great start", "default"),
        ("photo", "One\ntwo\nthree\nmosaic", "mosaic"),
        ("Grüße aus Rom", "Hallo!\nbitte als Mosaic, Farben behalten\nJörg", "mosaic colors"),
        ("", "", "default"),
    ],
)
def test_a_text_with_a_photo(subject: str, text: str, means: str) -> None:
    assert meaning(asks(subject, text), of=tries(means)) == means
    assert bool(sender_command(asks(subject, text))) == (means in ("stop", "start", "delete"))


@pytest.mark.parametrize(
    ("to", "subject", "means"),
    [
        ("bot+mosaic@painter.example", "photo", "mosaic"),
        ("Bot <BOT+Mosaic@painter.example>", "", "mosaic"),
        ("bot+mosaic-60@painter.example", "", "mosaic 60%"),
        ("bot+great-wave@painter.example", "Greetings from Rome", "great-wave"),
        ("bot+greatwave@painter.example", "", "great-wave"),
        ("bot+gret-wave@painter.example", "", "great-wave"),
        ("bot+mosaic+wave@painter.example", "", HALVES),
        ("bot+mosaic-and-wave@painter.example", "", HALVES),
        ("bot+mosaic-keep-colors@painter.example", "", "mosaic colors"),
        ("bot+mosaic.big@painter.example", "", "mosaic 2048px"),
        ("bot+surprise-me@painter.example", "", "any"),
        ("bot+all-styles@painter.example", "", "sheet"),
        ("bot+help@painter.example", "", "help"),
        ("bot+styles@painter.example", "", "list"),
        ("bot+mosaic@painter.example", "udnie", "udnie"),
        ("bot+mosaic-60@painter.example", "keep the colors", "mosaic 60% colors"),
        ("bot+picasso@painter.example", "", "?picasso"),
        ("bot+stop@painter.example", "", "?stop"),
        ("tom+help@mail.example, bot@painter.example", "", "default"),
        ("bot+mosaic@elsewhere.example", "", "default"),
        ("bot@painter.example", "", "default"),
    ],
)
def test_an_address_with_a_photo(to: str, subject: str, means: str) -> None:
    assert meaning(asks(subject, to=to), of=tries(means)) == means


@pytest.mark.parametrize(
    ("subject", "text", "means"),
    [
        ("mosaic", "", "no photo"),
        ("picasso", "", "no photo"),
        ("surprise me", "", "no photo"),
        ("", "", "no photo"),
        ("all styles", "", "list"),
        ("the sheet", "", "list"),
        ("styles", "", "list"),
        ("help", "", "help"),
        ("?", "", "help"),
        ("hello", "help", "help"),
        ("Re: mosaic", "help", "help"),
        ("Re: mosaic", "styles?", "list"),
        ("Re: mosaic", "stop", "stop"),
        ("Re: mosaic", "Stop.\n\nJane Doe", "stop"),
        ("Re: mosaic", "Unsubscribe", "stop"),
        ("Re: mosaic", "unsubscribe me from the cruel world of cheese and wine", "no photo"),
        ("Re: mosaic", "start", "start"),
        ("Re: stop", "start", "start"),
        ("Re: stop", "mosaic please", "no photo"),
        ("Re: delete my photos", "Thank you!", "no photo"),
        ("Re: stop", "", "stop"),
        ("help", "Dear bot,\nhelp", "help"),
        ("Re: mosaic", "delete my photos", "delete"),
        ("Re: mosaic", "Bitte lösche meine Fotos", "delete"),
        ("Re: mosaic", "Hi bot,\nplease stop emailing me, thank you\nJane", "stop"),
        ("Re: mosaic", "Hi bot,\nplease never stop emailing me\nJane", "no photo"),
        ("Lösche meine Fotos", "", "delete"),
        ("Löschen Sie meine Fotos", "", "delete"),
        ("", "Löschen Sie bitte meine Fotos", "delete"),
        ("", "Please delete all my photos and data.", "delete"),
        ("", "basta", "stop"),
        ("Re: mosaic", "Stop it please", "stop"),
        ("Re: mosaic", "Thank you, that is lovely!", "no photo"),
    ],
)
def test_without_a_photo(subject: str, text: str, means: str) -> None:
    assert meaning(asks(subject, text, photos=0)) == means


#: What each row of the table means, with a photo; a surprise is every style once.
SAID = {
    Intent.STYLE: "starry-night",
    Intent.STRENGTH: "starry-night 60%",
    Intent.COLORS: "starry-night colors",
    Intent.EITHER: "great-wave | starry-night",
    Intent.EACH: "starry-night",
    Intent.BIG: "starry-night 2048px",
    Intent.FULL: f"starry-night {FULL}",
    Intent.SMALL: "starry-night 512px",
    Intent.SURPRISE: "any",
    Intent.SHEET: "sheet",
    Intent.LIST: "list",
    Intent.HELP: "help",
    Intent.STOP: "stop",
    Intent.START: "start",
    Intent.DELETE: "delete",
}
#: Their phrases need a style beside them.
OF_A_STYLE = (Intent.STYLE, Intent.STRENGTH, Intent.COLORS, Intent.EITHER, Intent.EACH)
BLENDS = {"starry-night:0.5,great-wave:0.5", "starry-night:0.7,great-wave:0.3"}


@pytest.mark.parametrize("rule", GRAMMAR, ids=lambda rule: rule.example)
def test_every_example_means_what_its_row_says(rule: IntentRule) -> None:
    request = asks(rule.example.format(style="starry night", other="great wave"))
    found = meaning(request, of=tries(SAID.get(rule.intent, "")))
    assert found in ({SAID[rule.intent]} if rule.intent in SAID else BLENDS)


#: Of so many phrases `make test` reads one, and `make test-slow` all: there are thousands.
SPARSE = 10


@pytest.mark.parametrize("step", [SPARSE, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("intent", [intent for intent in SAID if intent not in OF_A_STYLE])
def test_every_phrase_means_what_its_row_says(intent: Intent, step: int) -> None:
    phrases = [phrase for phrase, meant in lexicon().intents.items() if meant == intent.value]
    means = SAID[intent].replace("starry-night", "default")
    for phrase in phrases[::step]:
        assert (phrase, meaning(asks(phrase), of=tries(means))) == (phrase, means)


def test_examples_need_the_styles_that_they_name() -> None:
    assert len(examples(["a-b", "c"])) == len(GRAMMAR)
    assert "a b and c" in dict(examples(["a-b", "c", "d"]))
    assert "great wave" in dict(examples(["a-b", "c", "great-wave"]))
    assert list(dict(examples(["a-b", "c"], short=True)))[-2:] == ["stop", "delete my photos"]
    assert not any("{" in phrase or phrase == "c" for phrase, _ in examples(["a-b"]))
    assert examples([])[0][0] == "surprise me"


def test_of_several_photos_each_gets_a_style_of_its_own() -> None:
    command = read(asks("surprise me", photos=5), KNOWN, DEFAULT, "m1", own=OWN)
    again = read(asks("surprise me", photos=5), KNOWN, DEFAULT, "m1", own=OWN)
    assert isinstance(command, Paint)
    assert command == again
    assert len({job.style for job in command.jobs}) == 5


def test_a_phone_gets_no_larger_picture_than_passes() -> None:
    request = parse_email(mail("mosaic, full size", sender="15551230001@mms.att.net"))
    command = read(request, KNOWN, DEFAULT, "m1", own=OWN)
    assert isinstance(command, Paint)
    assert command.jobs[0].options.size == PHONE.max_side


def test_a_style_uploaded_a_second_ago_is_known() -> None:
    new = StyleSummary(name="fresh-paint", title="Fresh Paint", aliases={"live": 1})
    before = read(asks("fresh paint"), KNOWN, DEFAULT, "m1", own=OWN)
    assert isinstance(before, Paint)
    assert before.chosen == "default"
    command = read(asks("fresh paint and mosaic"), [*KNOWN, new], DEFAULT, "m1", own=OWN)
    assert isinstance(command, Paint)
    assert command.jobs[0].style == "fresh-paint:0.5,mosaic:0.5"


def test_what_is_not_a_style_is_told_with_those_that_are_near() -> None:
    with pytest.raises(UnknownStyle) as raised:
        read(asks("starry cafe"), KNOWN, DEFAULT, "m1", own=OWN)
    assert raised.value.near[:2] == ("starry-night", "night-cafe")


@pytest.mark.parametrize(
    ("subject", "text", "chosen", "not_understood"),
    [
        ("mosaic", "", "named", ""),
        ("all styles", "", "named", ""),
        ("", "", "default", ""),
        ("Holiday in Rome", "with the best wishes of us all", "default", ""),
        ("la nuit étoilée s'il vous plaît", "", "default", ""),
        ("surprise me", "", "surprise", ""),
        ("not mosaic", "", "surprise", ""),
        ("Great Wave or Picasso", "", "named", "Picasso"),
        ("picasso or great wave", "", "named", "picasso"),
        ("mosaic or candy", "", "named", ""),
    ],
)
def test_how_a_style_was_come_by(subject: str, text: str, chosen: str, not_understood: str) -> None:
    command = read(asks(subject, text), KNOWN, DEFAULT, "m1", own=OWN)
    assert isinstance(command, Paint)
    assert (command.chosen, " ".join(command.not_understood)) == (chosen, not_understood)
