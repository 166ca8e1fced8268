"""The kinds of words and the patterns that stand around the phrases of `styles/language/intents.py`.

    PERCENT, STRENGTHS, KEEP_COLORS     options, and with SPELLINGS spellings that no single word says
    PAINTERS                            names that mean a style, whether there is one or not
    GENERIC, CAPTIONS, ABOUT, PEOPLE    what is written about the photo, by programs and by people
    FILLERS, COURTESIES                 what is written around an intent
    NOT, WHY, ONLY and others           what is written around a style that is not wanted
    MIXING, WITH, AMOUNTS, HALF, OF     what is written between two styles

Words are lower case, without accents and apostrophes; patterns meet the text as it was written.
"""

from __future__ import annotations

import re

#: A strength, or a share in a blend.
PERCENT = re.compile(
    r"(?<!\w)(?<!\d[.,])(\d{1,3})\s?(?:%|(?:percent|per cent|prozent|pour cent|por ciento|per cento)\b)",
    re.IGNORECASE,
)
_TENS = (
    ("ten", "zehn"), ("twenty", "zwanzig"), ("thirty", "drei(?:ß|ss)ig"), ("fou?rty", "vierzig"),
    ("fifty", "f(?:ü|ue)nfzig"), ("sixty", "sechzig"), ("seventy", "siebzig"), ("eighty", "achtzig"),
    ("ninety", "neunzig"),
)  # fmt: skip
#: Strengths in words, and how many per cent they are.
STRENGTHS = (
    *(
        (re.compile(rf"\b(?:{'|'.join(words)})\s?(?:percent|per cent|prozent|%)", re.IGNORECASE), 10 * tens)
        for tens, words in enumerate(_TENS, start=1)
    ),
    (
        re.compile(
            r"\b(?:at |with |in )?half (?:the |of the )?(?:strength|intensity|effect)\b", re.IGNORECASE
        ),
        50,
    ),
    (re.compile(r"\b(?:mit |in )?halber? st(?:ä|ae)rke\b|\b(?:à|a) moiti(?:é|e)\b", re.IGNORECASE), 50),
    (re.compile(r"[,;]\s*(?:at\s+)?half\s*[.!]*\s*$", re.IGNORECASE), 50),  # "great wave, half"
    (re.compile(r"\bvery (?:light|lightly|soft|softly|subtle|subtly)\b", re.IGNORECASE), 30),
    (re.compile(r"\b(?:lightly|softly|subtly|(?:with )?a light touch)\b", re.IGNORECASE), 50),
)
#: The painting is to keep the photo's colours.
KEEP_COLORS = re.compile(
    r"\b(?:keep|keeping|preserve)\s+(?:(?:the|my|its|own|all|original|photo['’]?s)\s+){0,4}colou?rs?\b"
    r"|\b(?:without|not|don['’]?t)\s+chang(?:e|ing)\s+(?:the\s+)?colou?rs?\b"
    r"|\b(?:(?:with|in|use)\s+)?(?:(?:the|my|its)\s+)?(?:original|same)\s+colou?rs?\b"
    r"|\b(?:(?:meine|die|alle)\s+)?farben\s+(?:bei)?behalten\b|\bbehalte?\s+(?:die|meine)\s+farben\b"
    r"|\b(?:mit\s+)?originalfarben\b"
    r"|\b(?:garde[rz]?|conserve[rz]?)\s+(?:(?:les|mes)\s+)?couleurs\b|\bcouleurs\s+d['’]origine\b"
    r"|\b(?:mant[eé]n|mantener|conserva|conservar)\s+(?:(?:los|mis)\s+)?colores\b|\bcolores\s+originales\b"
    r"|\b(?:mantieni|mantenere)\s+(?:i\s+)?colori\b|\bcolori\s+originali\b",
    re.IGNORECASE,
)
#: It is not: such words are passed over, and are no "not" for what follows.
CHANGE_COLORS = re.compile(
    r"\b(?:do not|don['’]?t|not)\s+(?:keep|preserve)\s+(?:(?:the|my|its|own|original)\s+){0,4}colou?rs?\b",
    re.IGNORECASE,
)
#: Names that phones and mail programs give to photos, and the subjects that they make of them.
GENERIC = re.compile(
    r"^(?:\d+ )?(?:photo|photos|foto|fotos|image|images|picture|pictures|pic|pics|bild|bilder|attachment|"
    r"attachments|untitled|no subject|test|mms|message)(?: \d+)?(?: (?:jpe?g|png|heic|gif|webp))?$"
    r"|^(?:img|dsc|dscf|dscn|pxl|mvimg|image|photo|screenshot|whatsapp image|fb img|p|imag|dcim|signal) ?"
    r"\d[\d \w]*$"
    r"|^[\d ]+$"
    r"|^.{1,100} (?:jpe?g|png|heic|heif|gif|webp|tiff?|dng)$"
)
#: What people write around a style.
FILLERS = frozenset(
    """a an the this these that it its my me our us your you i im id we he she they and or of in on at as by
    to from for with into like make made turn turned paint painted painting paintings draw apply use using
    give do does can could would will please pls plz thanks thank thx cheers hi hello hey dear there bot
    painter style styles styled photo photos picture pictures pic pics image images foto look looks looking
    be is are was want wish love lovely nice some just so now here try one version effect filter strength
    all both between mix mixed mixture blend blended combination combined regards greetings best wishes kind
    off sil vous plait te bitte danke hallo im stil von mal das ein eine als und mit bild mischung aus melange
    mezcla merci bonjour svp gracias hola por favor grazie ciao""".split()  # noqa: SIM905 - quoted words are harder to read
)
#: Ways to write "mix" and "with" that are no words.
SPELLINGS = (
    (re.compile(r"\b(?:50\s?[/:-]\s?50|fifty[- ]fifty)\b", re.IGNORECASE), "mix"),
    (re.compile(r"\bw/\s?", re.IGNORECASE), "with "),
    (re.compile(r"\b(?:no|nein|non)\s*[.!:;](?=\s|$)", re.IGNORECASE), ","),  # an answer, and refuses nothing
)
#: What people write around a single word of the table, which "all of us" and "how nice" are not.
COURTESIES = frozenset(
    """please pls plz thanks thank you thx cheers hi hello hey dear there bot painter me
    sil vous plait bitte danke hallo merci bonjour svp gracias hola por favor grazie ciao""".split()  # noqa: SIM905 - as above
)
#: Words that make a blend of the styles beside them, whatever else stands there.
MIXING = frozenset(
    ("mix", "mixed", "mixture", "blend", "blended", "combination", "combined", "between",
     "mischung", "melange", "mezcla")
)  # fmt: skip
#: Between two styles, or before a share, these join them; anywhere else they do not.
WITH = frozenset(("with", "mit", "avec", "con", "y", "e"))
#: Words for a share in a blend, and how much they are.
AMOUNTS = {"half": 0.5, "halb": 0.5, "mostly": 0.75, "mainly": 0.75, "bit": 0.25, "little": 0.25,
           "touch": 0.25, "hint": 0.25, "dash": 0.25, "bisschen": 0.25}  # fmt: skip
#: Those that are a strength where there is one style.
HALF = frozenset(("half", "halb"))
#: After a word for a share, this says that a style follows.
OF = frozenset(("of", "von"))
#: Words that speak of people: what is joined to them is no style, but another one of them.
PEOPLE = frozenset(("me", "us", "my", "our", "for", "mir", "uns", "meine", "moi", "nous"))
#: What follows these is a place or a person, and no style.
ABOUT = frozenset(
    """from at on for my our his her their fur mein meine unser unsere depuis pour mon ma mes notre nos
    desde para mi mis nuestro nuestra""".split()  # noqa: SIM905 - as above
)
#: Words of which captions are made: who writes "Happy birthday, Mom" names no style that we lack.
CAPTIONS = frozenset(
    """dog dogs puppy cat cats kitten baby kid kids children family wedding birthday anniversary holiday
    holidays vacation trip beach selfie christmas xmas easter halloween mom mum mommy dad daddy grandma
    grandpa granny brother sister son daughter wife husband friend friends girlfriend boyfriend party
    mother father parents gift present soon possible weekend graduation thank thanks thx wow beautiful
    amazing awesome gorgeous happy memories today yesterday
    hund katze urlaub hochzeit geburtstag familie oma opa danke chien vacances mariage famille
    merci perro gato vacaciones boda familia gracias""".split()  # noqa: SIM905 - as above
)
#: Words that make no size of the one before: "a big thank you".
NO_SIZE_BEFORE = frozenset(("thank", "thanks", "thx", "hug", "hugs", "kiss", "love", "hello", "hi"))
#: Words that refuse the style behind them.
NOT = frozenset(
    ("not", "no", "dont", "wont", "never", "avoid", "hate", "dislike", "except", "except for", "excluding",
     "without", "other than", "rather than", "instead of", "apart from", "aside from", "kein", "keine",
     "keinen", "nicht", "ohne", "ausser", "sans", "pas", "sauf", "sin", "excepto", "menos", "non", "senza",
     "tranne")
)  # fmt: skip
#: "But" refuses a style only behind these: "anything but the scream".
BEFORE_BUT = frozenset(
    ("anything", "any", "all", "every", "everything", "everyone", "whatever", "whichever", "random", "alles",
     "tout", "tous", "todo", "todos", "tutto", "tutti")
)  # fmt: skip
#: Before a "not" these say that it refuses nothing: "why not the scream".
WHY = frozenset(("why", "warum", "pourquoi", "porque", "perche", "if", "or"))
#: And these behind it: "not only the scream".
ONLY = frozenset(("only", "just", "nur", "seulement", "solo", "and", "und", "but"))
#: What leads to a "not" and goes with it.
BEFORE_NOT = frozenset(
    """but aber mais pero ma and und et y just only nur please bitte do i we you je ne n on ich wir yo so
    if possible would could may can id rather""".split()  # noqa: SIM905 - as above
)
#: What begins the other half: "not the scream but the wave".
INSTEAD = frozenset(("but", "sondern", "mais", "sino", "ma"))
#: What stands, beside fillers, between a "not" and the style that it refuses.
REFUSING = frozenset(
    """have see get be ever much need take took choose pick send do me any more another again too really
    either le la les l de du des un une el los den dem der die veux voulons quiero queremos voglio mag will
    mochte""".split()  # noqa: SIM905 - as above
)
#: Who writes one of these wants that style and no other: "Picasso portrait of my dog".
PAINTERS = frozenset(
    ("picasso", "monet", "manet", "van gogh", "rembrandt", "vermeer", "da vinci", "michelangelo", "dali",
     "klimt", "kandinsky", "matisse", "mondrian", "cezanne", "gauguin", "renoir", "degas", "warhol",
     "pollock", "rothko", "chagall", "miro", "munch", "hokusai", "hiroshige", "botticelli",
     "caravaggio", "kahlo", "banksy", "basquiat", "lichtenstein", "seurat", "magritte",
     "modigliani", "klee", "schiele", "durer")
)  # fmt: skip
#: Behind a painter's name, these make a place of it.
PLACES = frozenset(
    ("museum", "musee", "museo", "exhibition", "exhibit", "ausstellung", "street", "square", "house")
)
