"""Hold docs/asking.md to the bot: every example there has its meaning here, and is read so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mailbot.intents.command_types import Command, DeletePhotos, Help, ListStyles, Paint, Start, Stop
from styles.contract import StyleOptions
from styles.errors import PainterError, UnknownStyle
from tests.fakes.mailbot.asks import ADDRESS, read, request_of

WHOLE = (Path(__file__).parents[3] / "docs" / "asking.md").read_text(encoding="utf-8")
#: Without replies, whose examples are in `tests/mailbot/conversation/test_asking.py`.
PAGE = re.sub(r"## Conversations\n.*?(?=\n## )", "", WHOLE, flags=re.DOTALL)
PAGE = re.sub(r"^(\| \w+ \| “.+” \|) “.+” \|$", r"\1", PAGE, flags=re.MULTILINE)
COMMANDS = {Help: "help", ListStyles: "list", Stop: "stop", Start: "start", DeletePhotos: "delete"}
HALVES = "starry-night:0.5,great-wave:0.5"
#: Quoted words of the page that are no example here: the bot's own, words within a sentence, and those for
#: teachers, whose examples are in `tests/mailbot/intents/test_learning_intents.py`.
NONE = {"and", "not", "I did not understand: …", "learn: my garden", "paint it exactly like this"}
#: How many photos are in the mail, where it is not one.
PHOTOS = {
    "scream or wave": 2,
    "first one starry night, second one scream": 2,
    "the cat as the scream, the dog as the wave": 2,
    "the dog -> udnie, the cat -> mondrian": 2,
    "both as udnie, the first one bigger": 2,
    "the scream, the second one at 40%": 2,
    "only the middle one, udnie": 3,
    "just the second one, as the scream": 3,
    "ignore the first one, the other as the scream": 2,
    "please delete the photos I sent you": 0,
    "stop texting me": 0,
}
PUB = "a bar with red walls, a green ceiling, lamps and a billiard table. Can you do ours like that?"
CAT = (
    "Hi! This is our cat. Would love to see her painted like the great wave, if that's possible. Cheers, Dan"
)
COLORS = "starry-night colors; starry-night"
#: Words of which the answer repeats some.
TOLD = {
    "starry night, and add a hat to my dog": "add a hat to my dog",
    "udnie in three sizes": "three sizes",
    "the scream thrice": "thrice",
    "the wave, under 1 MB please": "1 MB please",
    "the wave as a png": "as a png",
}
MEANINGS = {
    "starry night": "starry-night",
    "starry night 60%": "starry-night 60%",
    "starry night, keep the colors": "starry-night colors",
    "starry night and great wave": HALVES,
    "70% starry night and 30% great wave": "starry-night:0.7,great-wave:0.3",
    "starry night or great wave": "starry-night | great-wave",
    "starry night, great wave": "starry-night; great-wave",
    "starry night, big": "starry-night 2048px",
    "starry night, full size": "starry-night 16384px",
    "starry night, small": "starry-night 512px",
    "surprise me": "surprise",
    "all styles": "sheet",
    "styles": "list",
    "help": "help",
    "stop": "stop",
    "start": "start",
    "delete my photos": "delete",
    "starry night and great wave, 60%, big, keep the colors": f"{HALVES} 60% colors 2048px",
    "Could you do this one in starry night please? My daughter loves it :)": "starry-night",
    CAT: "great-wave",
    "the scream please": "the-scream",
    "Rex": "default",
    "IMG_1234.jpg": "default",
    "We saw the Starry Night in New York, it was wonderful.": "default",
    "great-wave": "great-wave",
    "The Great Wave off Kanagawa": "great-wave",
    "hokusai": "great-wave",
    "ukiyo-e please": "great-wave",
    "sarry nite": "starry-night",
    "van gogh please": "starry-night, not wheat-field, night-cafe",
    "something cubist": "contrast-of-forms, not tableau-2, udnie, edtaonisl",
    "Picasso please": "?Picasso",
    "as a watercolor": "?watercolor",
    "not the scream, wheat field please": "wheat-field",
    "anything but the scream": "surprise",
    "starry night, scream": "starry-night; the-scream",
    "the scream, no wait, the wave": "great-wave",
    "please delete the photos I sent you": "delete",
    "stop texting me": "stop",
    "Dali, or if you don't have him, Munch": "the-scream",
    "starry night, and add a hat to my dog": "starry-night",
    "just the second one, as the scream": "the-scream @2",
    "one in starry night and one in the great wave": "starry-night; great-wave",
    "compare udnie at 40% and at 80%": "udnie 40%; udnie 80%",
    "the scream small and the wave big": "the-scream 512px; great-wave 2048px",
    "one scream and one wave, the wave small": "the-scream; great-wave 512px",
    "two versions: scream and wave. The second one small": "the-scream; great-wave 512px",
    "surprise me with three": "surprise of 3",
    "the man screaming on the bridge": "the-scream",
    "the famous Japanese wave": "great-wave",
    "wheat field and wave": "wheat-field:0.5,great-wave:0.5",
    "60/40 starry night and scream": "starry-night:0.6,the-scream:0.4",
    "scream with a bit of wave": "the-scream:0.78,great-wave:0.22",
    "scream or wave": "the-scream; great-wave | great-wave; the-scream",
    "first one starry night, second one scream": "starry-night; the-scream",
    "the cat as the scream, the dog as the wave": "the-scream; great-wave",
    "great wave 60%": "great-wave 60%",
    "great wave, sixty percent": "great-wave 60%",
    "great wave at three fifths": "great-wave 60%",
    "great wave, half strength": "great-wave 50%",
    "great wave, very light": "great-wave 30%",
    "great wave, more subtle": "great-wave 60%",
    "the scream, not too strong": "the-scream 60%",
    "udnie, big": "udnie 2048px",
    "udnie": "udnie",
    "udnie, 1600px": "udnie 1600px",
    "udnie, 20 x 30 cm": "udnie 2048px",
    "udnie, poster size": "udnie 16384px",
    "udnie, full size": "udnie 16384px",
    "udnie, size: small": "udnie 512px",
    "Bitte die Sternennacht, aber nicht so stark": "starry-night 60%",
    "la grande vague, en grand s'il vous plaît": "great-wave 2048px",
    "¿Me puedes pintar esta foto como El grito?": "the-scream",
    "Notte stellata, mantieni i colori": "starry-night colors",
    "faz no estilo do Kandinsky, por favor": "composition-vii",
    "请用呐喊画一下": "the-scream",
    "ゴッホの星月夜風にしてください": "starry-night",
    "painter+great-wave@example.org": "great-wave",
    "painter+great-wave-60-big@example.org": "great-wave 60% 2048px",
    "painter+help@example.org": "help",
}
#: More of the same kinds, which the page does not show.
MORE = {
    "Re: the scream": "the-scream",
    "Fwd: great wave": "great-wave",
    "The scream? No, too dark. The wave!": "great-wave",
    "my brother wants the scream, don't listen to him, the wave please": "great-wave",
    "The scream and the wave. Side by side please, not mixed": "the-scream; great-wave",
    PUB: "night-cafe",
    "any of the van Goghs": "starry-night, not wheat-field, night-cafe",
    "van Gogh, his indoor one with the lamps": "night-cafe",
    "Sunset at the lake": "default",
    "stary nigth": "starry-night",
    "hokusia": "great-wave",
    "make it black and white": "?black and white",
    "the scream is too dark, the wave please": "great-wave",
    "last time the scream, this time the wave": "great-wave",
    "We did Mondrian at school. Can you paint my cat like he did?": "tableau-2",
    "expressionist please": "the-scream, not composition-vii, starry-night",
    "the dog -> udnie, the cat -> mondrian": "udnie; tableau-2",
    "only the middle one, udnie": "udnie @2",
    "ignore the first one, the other as the scream": "the-scream @2",
    "great wave, low intensity": "great-wave 40%",
    "udnie, same size as my photo": "udnie 16384px",
    "むんくのさけび": "the-scream",
    "the one with the yellow field": "wheat-field",
    "that Dutch guy's sky please": "starry-night",
    "my sister has the wave, so I'd like the scream": "the-scream",
    "both as udnie, the first one bigger": "udnie 2048px; udnie",
    "the scream, the second one at 40%": "the-scream; the-scream 40%",
    "the scream and, separately, udnie": "the-scream; udnie",
    "Three versions: the scream, starry night and udnie": "the-scream; starry-night; udnie",
    "starry night three times: at 30%, 60% and 90%": "starry-night 30%; starry-night 60%; starry-night 90%",
    "udnie twice, one small and one big": "udnie 512px; udnie 2048px",
    "5 different styles please": "surprise of 5",
    "starry night in two versions, one with the original colours and one without": COLORS,
    "one subtle starry night, one strong scream": "starry-night 60%; the-scream",
    "udnie in three sizes": "udnie",
    "the scream thrice": "the-scream",
    "the wave, under 1 MB please": "great-wave",
    "the wave as a png": "great-wave",
    "wave60": "great-wave 60%",
    "udnie in 4K": "udnie 16384px",
    "neither the scream nor the great wave": "surprise",
    "scream + wave": "the-scream:0.5,great-wave:0.5",
    "a mix of wheat field, scream and wave": "wheat-field:0.333,the-scream:0.333,great-wave:0.333",
    "70% scream and 30% wave": "the-scream:0.7,great-wave:0.3",
    "half scream, half wave": "the-scream:0.5,great-wave:0.5",
    "3:1 scream and wave": "the-scream:0.75,great-wave:0.25",
    "The scream or the wave? Do both please": "the-scream; great-wave",
    "three fifths scream, two fifths wave": "the-scream:0.6,great-wave:0.4",
    "Scream and wave. Mostly the first, with a hint of the second": "the-scream:0.78,great-wave:0.22",
    "scream and wave 60%": "the-scream:0.5,great-wave:0.5 60%",
    "great wave, strength 60": "great-wave 60%",
    "great wave at 0.6": "great-wave 60%",
    "great wave, between 50 and 70 percent": "great-wave 60%",
    "Звёздная ночь": "starry-night",
    "Thank you so much, it looks amazing!": "silence",
    "Vielen Dank, wunderschön!": "silence",
    "painter+wheat-field+great-wave@example.org": "wheat-field:0.5,great-wave:0.5",
}


def examples() -> set[str]:
    """Everything on the page that somebody may write."""
    text = " ".join(PAGE.split())
    grammar = PAGE.split("## What you can write")[1].split("\n## ")[0]
    table = re.findall(r"^\| (.+?) \| .+ \|$", grammar, re.MULTILINE)[1:]
    addresses = re.findall(r"`(painter\+[^`]+)`", PAGE)
    mail = re.findall(r"^    (Could you .+)$", PAGE, re.MULTILINE)
    return {*re.findall(r"“([^”]+)”", text), *table, *addresses, *mail} - NONE


def asked(words: str, *, photos: int = 1) -> Command | PainterError | None:
    """What the bot makes of words in a subject and in a text, or of an address."""
    if words.startswith("painter+"):
        address = ADDRESS.replace("bot@", words.partition("@")[0].replace("painter", "bot") + "@")
        return read(request_of(ask("", "", 1, to=address)))
    if words in ("Thank you so much, it looks amazing!", "Vielen Dank, wunderschön!"):
        return read(request_of(ask("Re: your photo", words, 0)))
    by_text = read(request_of(ask("", words, photos)))
    if len(words) < 60:
        assert meaning(read(request_of(ask(words, "", photos))), photos) == meaning(by_text, photos)
    return by_text


def ask(subject: str, text: str, photos: int, **more: Any) -> dict[str, Any]:
    return {"subject": subject, "text": text, "photos": photos, **more}


def meaning(got: Command | PainterError | None, photos: int = 1) -> str:
    """What the bot makes of a mail with some photos, in words; "@2" is its second photo alone."""
    if got is None:
        return "silence"
    if isinstance(got, UnknownStyle):
        return f"?{got.name}"
    if not isinstance(got, Paint):
        return COMMANDS.get(type(got), repr(got))
    if got.chosen != "named":
        return got.chosen if len(got.jobs) == 1 else f"{got.chosen} of {len(got.jobs)}"
    how = [options_of(job.options) for job in got.jobs]
    names = [job.style or "sheet" for job in got.jobs]
    if len(set(how)) > 1:
        return "; ".join(f"{name} {said}".strip() for name, said in zip(names, how, strict=True))
    others = f", not {', '.join(got.alternatives)}" if got.alternatives else ""
    chosen = list(dict.fromkeys(got.photos))
    only = f" @{chosen[0] + 1}" if len(chosen) == 1 and photos > 1 else ""
    return f"{'; '.join(dict.fromkeys(names))} {how[0]}".strip() + others + only


def options_of(options: StyleOptions) -> str:
    """The options that are not the usual ones, in words."""
    said = [f"{options.strength:.0%}"] if options.strength != 1 else []
    said += ["colors"] if options.keep_colors else []
    said += [f"{options.size}px"] if options.size != 1024 else []
    return " ".join(said)


def test_every_example_of_the_page_has_a_meaning_here() -> None:
    assert examples() == set(MEANINGS)


@pytest.mark.parametrize(("words", "means"), (MEANINGS | MORE).items())
def test_an_example_is_read_as_the_page_says(words: str, means: str) -> None:
    count = PHOTOS.get(words, 1)
    got = asked(words, photos=count)
    assert meaning(got, count) in means.split(" | ")
    if isinstance(got, Paint):
        assert got.not_understood == ((TOLD[words],) if words in TOLD else ())
