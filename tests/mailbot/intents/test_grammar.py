"""What was written and what it means, line by line: the grammar by table.

A meaning is written as the job that comes of it, or as the command:

    mosaic 60% colors 2048px     a style or a blend, its strength, the photo's colours, a size
    default                      the style of who names none
    udnie | mosaic               one of these, by the job's id
    any                          one of all, by the job's id
    sheet, list, help, stop, start, delete
    ?picasso                     I know no style called that
    no photo, odd                answers that say so
"""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import DeletePhotos, Help, ListStyles, Paint, Start, Stop
from mailbot.intents.commands import read
from mailbot.parsing.carriers import PHONE
from mailbot.parsing.parse import StyleRequest, parse_email
from styles.contract import DEFAULT_SIZE, MAX_SIZE, StyleJob, StyleSummary
from styles.errors import BadOption, NoImage, UnknownStyle
from styles.language.examples import examples
from styles.language.intents import GRAMMAR, Intent, IntentRule
from styles.language.lexicon import lexicon
from tests.fakes.mailbot.mails import STYLES, mail, photo

KNOWN = (
    *STYLES,
    StyleSummary(name="salt-and-pepper", title="Salt & Pepper", aliases={"live": 1}),
    StyleSummary(
        name="woman-with-a-hat", title="Woman with a Hat", artist="Henri Matisse", aliases={"live": 1}
    ),
    StyleSummary(name="big-bang", title="Big Bang", aliases={"live": 1}),
    StyleSummary(name="grey", title="Nothing in Particular", aliases={"live": 1}),
)
DEFAULT = "grey"
OWN = frozenset(("bot@painter.example",))
COMMANDS = {Help: "help", ListStyles: "list", Stop: "stop", Start: "start", DeletePhotos: "delete"}
HALVES = "mosaic:0.5,great-wave:0.5"
FULL = f"{MAX_SIZE}px"


def asks(subject: str = "", text: str = "", to: str = "bot@painter.example", photos: int = 1) -> StyleRequest:
    images = [(f"IMG_{n}.jpg", photo(seed=n)) for n in range(photos)]
    return parse_email(mail(subject, text, images, to=to))


def meaning(request: StyleRequest, *, of: int = 3) -> str:
    """What the same mail means as so many mails."""
    styles = {_meaning(request, f"m{number}") for number in range(of)}
    if len(styles) == len(KNOWN):
        return "any"
    return " | ".join(sorted(styles))


def tries(means: str) -> int:
    """How often a mail is read: chosen styles shall all have been chosen."""
    return 80 if means == "any" or "|" in means else 2


def _meaning(request: StyleRequest, prefix: str) -> str:
    try:
        command = read(request, KNOWN, DEFAULT, prefix, own=OWN)
    except UnknownStyle as error:
        return f"?{error.name}"
    except NoImage:
        return "no photo"
    except BadOption:
        return "odd"
    if isinstance(command, Help | ListStyles | Stop | Start | DeletePhotos):
        return COMMANDS[type(command)]
    return _job(command.jobs[0])


def _job(job: StyleJob) -> str:
    assert job.sheet == (job.style == "")
    options = job.options
    said = ["default" if job.style == DEFAULT else job.style or "sheet"]
    said += [f"{options.strength:.0%}"] if options.strength != 1 else []
    said += ["colors"] if options.keep_colors else []
    said += [f"{options.size}px"] if options.size != DEFAULT_SIZE else []
    return " ".join(said)


@pytest.mark.parametrize(
    ("subject", "means"),
    [
        # a style by its name, title, artist, or nearly
        ("starry-night", "starry-night"),
        ("STARRY_NIGHT", "starry-night"),
        ("Re: [EXTERNAL] Great Wave 60% !!", "great-wave 60%"),
        ("AW: WG: the scream", "the-scream"),
        ("“Salt & Pepper”", "salt-and-pepper"),
        ("salt and pepper", "salt-and-pepper"),
        ("salt and peper", "salt-and-pepper"),
        ("woman with a hat", "woman-with-a-hat"),
        ("womn with a hat", "woman-with-a-hat"),
        ("big bang", "big-bang"),
        ("hokusai", "great-wave"),
        ("mozaic!", "mosaic"),
        ("paint this as a mosaic please", "mosaic"),
        ("🎨 mosaic 🎨", "mosaic"),
        ("\u200fmosaic\u200f", "mosaic"),
        ("לצייר mosaic בבקשה", "mosaic"),
        ("ｍｏｓａｉｃ", "mosaic"),
        ("im Stil von Mosaic bitte", "mosaic"),
        ("dans le style de Hokusai", "great-wave"),
        ("hokusia", "great-wave"),
        ("matise", "woman-with-a-hat"),
        ("in the style of hokusia", "great-wave"),
        ("hat", "woman-with-a-hat"),
        ("the hat please", "woman-with-a-hat"),
        ("Frances", "default"),
        ("make it look like the starry night by van gogh", "starry-night"),
        # a strength
        ("mosaic 60%", "mosaic 60%"),
        ("60 % mosaic", "mosaic 60%"),
        ("mosaic, 60 percent", "mosaic 60%"),
        ("mosaic,60%", "mosaic 60%"),
        ("Mosaic 60 Prozent", "mosaic 60%"),
        ("mosaic 60％", "mosaic 60%"),
        ("half mosaic", "mosaic 50%"),
        ("Hi, half of mosaic please", "mosaic 50%"),
        ("my better half as a mosaic", "mosaic"),
        ("mosaic with 60% strength", "mosaic 60%"),
        ("80%", "default 80%"),
        ("mosaic 150%", "odd"),
        ("mosaic 1.50%", "odd"),
        ("mosaic 60", "mosaic 60%"),
        ("mosaic, half strength", "mosaic 50%"),
        ("mosaic at half strength", "mosaic 50%"),
        ("mosaic, half", "mosaic 50%"),
        ("Mosaic in halber Stärke", "mosaic 50%"),
        ("mosaic very light", "mosaic 30%"),
        ("mosaic, very lightly please", "mosaic 30%"),
        ("lightly mosaic", "mosaic 50%"),
        ("mosaic sixty percent", "mosaic 60%"),
        ("mosaic at twenty per cent", "mosaic 20%"),
        ("Mosaic dreißig Prozent", "mosaic 30%"),
        ("mosaic 3000 pixels wide", "mosaic 3000px"),
        ("mosaic 0%", "odd"),
        ("mosaic 4%", "odd"),
        ("mosaic 5%", "mosaic 5%"),
        # the photo's colours
        ("mosaic, keep the colors", "mosaic colors"),
        ("mosaic 60% and keep the colors", "mosaic 60% colors"),
        ("mosaic with original colours", "mosaic colors"),
        ("Mosaic, Farben behalten", "mosaic colors"),
        ("mosaic garder les couleurs", "mosaic colors"),
        ("mosaic, mantener los colores", "mosaic colors"),
        ("mosaic without changing the colors", "mosaic colors"),
        ("mosaic and keep its own colours", "mosaic colors"),
        ("such colors!", "default"),
        # a blend
        ("mosaic and wave", HALVES),
        ("mosaic + wave", HALVES),
        ("mosaic+wave", HALVES),
        ("Mosaic & Great Wave", HALVES),
        ("mosaic und great wave", HALVES),
        ("mosaic et wave", HALVES),
        ("mosaic y great wave", HALVES),
        ("mosaic with great wave", HALVES),
        ("mosaic mixed with great wave", HALVES),
        ("a mix of mosaic and wave", HALVES),
        ("mix mosaic great-wave", HALVES),
        ("a blend between mosaic and the wave, please", HALVES),
        ("half mosaic half great wave", HALVES),
        ("half mosaic and half wave", HALVES),
        ("mozaic and gret wave", HALVES),
        ("the wave and hokusai", "great-wave"),
        ("wave and scream", "great-wave:0.5,the-scream:0.5"),
        ("mosaic, candy and udnie", "mosaic:0.333,candy:0.333,udnie:0.333"),
        ("salt and pepper and mosaic", "salt-and-pepper:0.5,mosaic:0.5"),
        ("woman with a hat and mosaic", "woman-with-a-hat:0.5,mosaic:0.5"),
        ("70% mosaic 30% wave", "mosaic:0.7,great-wave:0.3"),
        ("70% mosaic, 30% great wave", "mosaic:0.7,great-wave:0.3"),
        ("mosaic 70% and wave 30%", "mosaic:0.7,great-wave:0.3"),
        ("mosaic 70% wave 30%", "mosaic:0.7,great-wave:0.3"),
        ("mosaic and 30% wave", "mosaic:0.7,great-wave:0.3"),
        ("70% mosaic and wave", "mosaic:0.7,great-wave:0.3"),
        ("mosaic with 30% great wave", "mosaic:0.7,great-wave:0.3"),
        ("mosaic with a bit of great wave", "mosaic:0.75,great-wave:0.25"),
        ("mosaic with a bit of wave", "mosaic:0.75,great-wave:0.25"),
        ("mosaic with a little luck", "mosaic"),
        ("mostly mosaic with a touch of great wave", "mosaic:0.75,great-wave:0.25"),
        ("mosaic and wave 60%", f"{HALVES} 60%"),
        ("mosaic and wave, keep the colors, 60%", f"{HALVES} 60% colors"),
        ("70% mosaic 30% great wave at 50%", "mosaic:0.7,great-wave:0.3 50%"),
        ("100% mosaic and wave", HALVES),
        ("mosaic 60% wave 60%", HALVES),
        ("mosaic 0% and wave 100%", "great-wave"),
        ("mosaic and mosaic", "mosaic"),
        ("mosaic and picasso", "?picasso"),
        ("picasso and mosaic", "?picasso"),
        ("van gogh + mosaic", "night-cafe:0.5,mosaic:0.5"),
        ("70% mosaic 30% picasso", "?picasso"),
        ("picasso and monet", "?picasso"),
        ("mosaic 0% and wave 0%", "odd"),
        ("mosaic and wave and candy and udnie and scream", "odd"),
        ("80% mosaic 60% wave and candy", "odd"),
        ("wave mixed with the scream", "great-wave:0.5,the-scream:0.5"),
        ("50/50 mosaic and wave", HALVES),
        ("mosaic w/ great wave", HALVES),
        ("60% mosaic / 40% great wave", "mosaic:0.6,great-wave:0.4"),
        ("Mischung aus Mosaic und Wave", HALVES),
        # no blend
        ("mosaic and my cat", "mosaic"),
        ("mosaic in black and white", "mosaic"),
        ("mosaic for me and Anna", "mosaic"),
        ("Anna with mosaic", "mosaic"),
        ("mosaic and thanks!", "mosaic"),
        ("mosaic please, and thank you", "mosaic"),
        ("mosaic and a hug from all of us", "mosaic"),
        ("mosaic please, Candy", "mosaic"),
        ("Mosaic and best wishes", "mosaic"),
        ("Paul, Anna and me in mosaic", "mosaic"),
        ("the starry and the night", "starry-night"),
        # a choice
        ("mosaic or udnie", "mosaic | udnie"),
        ("mosaic oder udnie", "mosaic | udnie"),
        ("mosaic, candy or udnie 60%", "candy 60% | mosaic 60% | udnie 60%"),
        ("mosaic or picasso", "mosaic"),
        # a size
        ("mosaic, big", "mosaic 2048px"),
        ("big mosaic", "mosaic 2048px"),
        ("a large mosaic please", "mosaic 2048px"),
        ("mozaic big", "mosaic 2048px"),
        ("big", "default 2048px"),
        ("groß bitte", "default 2048px"),
        ("Mosaic, groß", "mosaic 2048px"),
        ("mosaic full size", f"mosaic {FULL}"),
        ("mosaic 60%, original size", f"mosaic 60% {FULL}"),
        ("full resolution please", f"default {FULL}"),
        ("mosaic in voller Größe", f"mosaic {FULL}"),
        ("mosaic, taille originale", f"mosaic {FULL}"),
        ("mosaic small", "mosaic 512px"),
        ("mosaic and wave, big", f"{HALVES} 2048px"),
        ("big bang big", "big-bang 2048px"),
        ("Big Apple", "default"),
        ("mosaic for Grandma, large", "mosaic 2048px"),
        ("our big day at the great wave hotel", "default"),
        ("a big thank you", "default"),
        # a surprise
        ("surprise me", "any"),
        ("Surprise me, please!", "any"),
        ("suprise me", "any"),
        ("random", "any"),
        ("any style", "any"),
        ("you choose", "any"),
        ("Überrasch mich", "any"),
        ("surprends-moi", "any"),
        ("dealer's choice", "any"),
        ("paint it in any style you like", "any"),
        ("any", "any"),
        ("surprise party", "default"),
        ("anybody home", "default"),
        # the sheet
        ("all styles", "sheet"),
        ("all the styles please", "sheet"),
        ("Please paint this in all styles", "sheet"),
        ("every style", "sheet"),
        ("evry style", "sheet"),
        ("the sheet", "sheet"),
        ("alle Stile", "sheet"),
        ("tous les styles", "sheet"),
        ("todos los estilos", "sheet"),
        ("all styles, big", "sheet 2048px"),
        ("show me everything", "sheet"),
        ("every single style", "sheet"),
        ("all of us", "default"),
        ("all the best from Rome", "default"),
        # help, the list
        ("help", "help"),
        ("Help, please!", "help"),
        ("hlp me please", "default"),
        ("Hilfe", "help"),
        ("¿ayuda?", "help"),
        ("how does this work?", "help"),
        ("how nice", "default"),
        ("no help needed", "default"),
        ("styles", "list"),
        ("which styles are there", "list"),
        ("Welche Stile gibt es?", "list"),
        ("what styels do you have", "list"),
        ("show me the styles please", "list"),
        ("What styles are available?", "list"),
        ("a nice style", "default"),
        # about the sender
        ("stop", "stop"),
        ("STOP!!!", "stop"),
        ("Re: unsubscribe", "stop"),
        ("Stop it please", "stop"),
        ("arrête !", "stop"),
        ("Please delete all my photos and data", "delete"),
        ("please stop sending me emails", "stop"),
        ("Bus stop", "default"),
        ("at the stop", "default"),
        ("stop motion", "default"),
        ("don't stop me now", "default"),
        ("start", "start"),
        ("the start of our trip", "default"),
        ("delete my photos", "delete"),
        ("Forget me.", "delete"),
        ("forget me not", "default"),
        # nothing at all
        ("", "default"),
        ("Fwd:", "default"),
        ("IMG_1234.HEIC", "default"),
        ("📷", "default"),
        ("תמונה", "default"),
        ("picasso", "?picasso"),
        ("Pablo Picasso please", "?Pablo Picasso"),
        ("Picasso portrait of my dog", "?Picasso"),
        ("Picasso <script>alert(1)</script>", "default"),
        ("a Hokusai of the sea at home", "great-wave"),
        ("Van Gogh portrait of my dear dog", "night-cafe"),
        ("my dog Picasso", "default"),
        ("Turner family", "default"),
        ("at the Picasso museum", "default"),
        ("my dog", "default"),
        ("Happy birthday Mom", "default"),
        ("Me and my cat", "default"),
        ("Thank you so much!", "default"),
        ("Some pictures that we took in Rome last summer with Grandma", "default"),
    ],
)
def test_a_subject_with_a_photo(subject: str, means: str) -> None:
    assert meaning(asks(subject), of=tries(means)) == means


def others(*names: str) -> set[str]:
    """All styles but these."""
    return {style.name for style in KNOWN} - set(names)


@pytest.mark.parametrize(
    ("subject", "text", "refused"),
    [
        ("not the scream", "", ["the-scream"]),
        ("anything but the scream", "", ["the-scream"]),
        ("anything but the scrream please", "", ["the-scream"]),
        ("any style except the wave or mosaic", "", ["great-wave", "mosaic"]),
        ("anything other than van gogh", "", ["starry-night", "night-cafe"]),
        ("please don't use great wave", "", ["great-wave"]),
        ("I don't want the scream", "", ["the-scream"]),
        ("I'd rather not have the scream", "", ["the-scream"]),
        ("not the scream or the wave", "", ["the-scream", "great-wave"]),
        ("surprise me but not the wave", "", ["great-wave"]),
        ("surprise me", "just not the wave, please", ["great-wave"]),
        ("Re: The Scream", "Not the scream again please", ["the-scream"]),
        ("photo", "Could you please not paint it as the scream again, since it frightens us", ["the-scream"]),
        ("alles außer mosaic", "", ["mosaic"]),
        ("kein Mosaic bitte", "", ["mosaic"]),
        ("bitte nicht mosaic", "", ["mosaic"]),
        ("pas mosaic", "", ["mosaic"]),
        ("todo menos mosaic", "", ["mosaic"]),
        ("sin mosaic", "", ["mosaic"]),
        ("not grey", "", ["grey"]),
    ],
)
def test_a_style_that_is_refused_is_not_painted(subject: str, text: str, refused: list[str]) -> None:
    request = asks(subject, text)
    assert {_meaning(request, f"m{number}").replace("default", DEFAULT) for number in range(120)} == others(
        *refused
    )


@pytest.mark.parametrize(
    ("subject", "means"),
    [
        ("no scream please, mosaic", "mosaic"),
        ("I don't want the scream, use starry night", "starry-night"),
        ("mosaic, not the scream", "mosaic"),
        ("mosaic instead of the wave", "mosaic"),
        ("not the scream or the wave but the hat 60%, big", "woman-with-a-hat 60% 2048px"),
        ("don't keep the colors, mosaic", "mosaic"),
        ("don't keep the colors mosaic", "mosaic"),
        ("not the scream but mosaic 60%", "mosaic 60%"),
        ("neither, but not the scream: mosaic, big", "mosaic 2048px"),
        ("nicht der Schrei, mosaic bitte", "mosaic"),
        ("mosaic or udnie but not udnie", "mosaic"),
        ("all styles except the scream", "sheet"),
        ("everything but the scream", "sheet"),
        ("not the scream, picasso", "?picasso"),
        ("why not the scream?", "the-scream"),
        ("not only the scream", "the-scream"),
        ("No. The scream!", "the-scream"),
        ("no, the scream please", "the-scream"),
        ("nothing but the scream", "the-scream"),
        ("mosaic without changing the colors", "mosaic colors"),
    ],
)
def test_another_style_beside_a_refused_one(subject: str, means: str) -> None:
    assert meaning(asks(subject)) == means


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
        ("Holiday in Rome", "delete my photos", "delete"),
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


@pytest.mark.parametrize("intent", [intent for intent in SAID if intent not in OF_A_STYLE])
def test_every_phrase_means_what_its_row_says(intent: Intent) -> None:
    for phrase, meant in lexicon().intents.items():
        if meant == intent.value:
            means = SAID[intent].replace("starry-night", "default")
            assert (phrase, meaning(asks(phrase), of=tries(means))) == (phrase, means)


def test_examples_need_the_styles_that_they_name() -> None:
    assert len(examples(["a-b", "c"])) == len(GRAMMAR)
    assert "a b and c" in dict(examples(["a-b", "c", "d"]))
    assert "great wave" in dict(examples(["a-b", "c", "great-wave"]))
    assert list(dict(examples(["a-b", "c"], short=True)))[-1] == "stop"
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
