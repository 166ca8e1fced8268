"""Define the patterns and kinds of words around the phrases of `styles/language/intents.py`.

    PERCENT, STRENGTHS, KEEP_COLORS     options; SPELLINGS are spellings that are no words
    PAINTERS                            names that mean a style, even one that does not exist
    GENERIC, CAPTIONS, ABOUT, PEOPLE    words about the photo, by programs and by people
    FILLERS, COURTESIES                 words around an intent
    NOT, WHY, ONLY and others           words around a refused style
    MIXING, WITH, AMOUNTS, HALF, OF     words between two styles

Words are lower case, without accents and apostrophes; patterns match the text as it was written.
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
#: Strengths in words, and their per cents.
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
#: Requests to keep the photo's colours.
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
#: Requests not to keep them. These words are skipped, and negate nothing behind them.
CHANGE_COLORS = re.compile(
    r"\b(?:do not|don['’]?t|not)\s+(?:keep|preserve)\s+(?:(?:the|my|its|own|original)\s+){0,4}colou?rs?\b",
    re.IGNORECASE,
)
#: Names that phones and mail programs give to photos, and subjects made from them.
GENERIC = re.compile(
    r"^(?:\d+ )?(?:photo|photos|foto|fotos|image|images|picture|pictures|pic|pics|bild|bilder|attachment|"
    r"attachments|untitled|no subject|test|mms|message)(?: \d+)?(?: (?:jpe?g|png|heic|gif|webp))?$"
    r"|^(?:img|dsc|dscf|dscn|pxl|mvimg|image|photo|screenshot|whatsapp image|fb img|p|imag|dcim|signal) ?"
    r"\d[\d \w]*$"
    r"|^[\d ]+$"
    r"|^.{1,100} (?:jpe?g|png|heic|heif|gif|webp|tiff?|dng)$"
)
#: Words that people write around a style.
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
#: Spellings of "mix" and "with" that are no words.
SPELLINGS = (
    (re.compile(r"\b(?:50\s?[/:-]\s?50|fifty[- ]fifty)\b", re.IGNORECASE), "mix"),
    (re.compile(r"\bw/\s?", re.IGNORECASE), "with "),
    (re.compile(r"\b(?:no|nein|non)\s*[.!:;](?=\s|$)", re.IGNORECASE), ","),  # an answer, and refuses nothing
)
#: Words that people write around a single word of the table; not those of "all of us" and "how nice".
COURTESIES = frozenset(
    """please pls plz thanks thank you thx cheers hi hello hey dear there bot painter me
    sil vous plait bitte danke hallo merci bonjour svp gracias hola por favor grazie ciao""".split()  # noqa: SIM905 - as above
)
#: Words that always make a blend of the styles beside them.
MIXING = frozenset(
    ("mix", "mixed", "mixture", "blend", "blended", "combination", "combined", "between",
     "mischung", "melange", "mezcla")
)  # fmt: skip
#: Words that join two styles, only between them or before a share.
WITH = frozenset(("with", "mit", "avec", "con", "y", "e"))
#: Words for a share in a blend, and their values.
AMOUNTS = {"half": 0.5, "halb": 0.5, "mostly": 0.75, "mainly": 0.75, "bit": 0.25, "little": 0.25,
           "touch": 0.25, "hint": 0.25, "dash": 0.25, "bisschen": 0.25}  # fmt: skip
#: Words for a share that mean a strength where there is one style.
HALF = frozenset(("half", "halb"))
#: Words that lead to a style, after a word for a share.
OF = frozenset(("of", "von"))
#: Words for people: a word joined to them is another person and no style.
PEOPLE = frozenset(("me", "us", "my", "our", "for", "mir", "uns", "meine", "moi", "nous"))
#: Words before a place or a person, which is no style.
ABOUT = frozenset(
    """from at on for my our his her their fur mein meine unser unsere depuis pour mon ma mes notre nos
    desde para mi mis nuestro nuestra""".split()  # noqa: SIM905 - as above
)
#: Words of captions: "Happy birthday, Mom" asks for no unknown style.
CAPTIONS = frozenset(
    """dog dogs puppy cat cats kitten baby kid kids children family wedding birthday anniversary holiday
    holidays vacation trip beach selfie christmas xmas easter halloween mom mum mommy dad daddy grandma
    grandpa granny brother sister son daughter wife husband friend friends girlfriend boyfriend party
    mother father parents gift present soon possible weekend graduation thank thanks thx wow beautiful
    amazing awesome gorgeous happy memories today yesterday
    hund katze urlaub hochzeit geburtstag familie oma opa danke chien vacances mariage famille
    merci perro gato vacaciones boda familia gracias""".split()  # noqa: SIM905 - as above
)
#: Words behind which a word for a size means none: "a big thank you".
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
#: Words before a "not" that refuses nothing: "why not the scream".
WHY = frozenset(("why", "warum", "pourquoi", "porque", "perche", "if", "or"))
#: Words behind a "not" that refuses nothing: "not only the scream".
ONLY = frozenset(("only", "just", "nur", "seulement", "solo", "and", "und", "but"))
#: Words that lead to a "not" and belong to it.
BEFORE_NOT = frozenset(
    """but aber mais pero ma and und et y just only nur please bitte do i we you je ne n on ich wir yo so
    if possible would could may can id rather""".split()  # noqa: SIM905 - as above
)
#: Words that begin the other half: "not the scream but the wave".
INSTEAD = frozenset(("but", "sondern", "mais", "sino", "ma"))
#: Words, beside fillers, between a "not" and the style that it refuses.
REFUSING = frozenset(
    """have see get be ever much need take took choose pick send do me any more another again too really
    either le la les l de du des un une el los den dem der die veux voulons quiero queremos voglio mag will
    mochte""".split()  # noqa: SIM905 - as above
)
#: Painters: their name asks for that style and no other, as in "Picasso portrait of my dog".
PAINTERS = frozenset(
    ("picasso", "monet", "manet", "van gogh", "rembrandt", "vermeer", "da vinci", "michelangelo", "dali",
     "klimt", "kandinsky", "matisse", "mondrian", "cezanne", "gauguin", "renoir", "degas", "warhol",
     "pollock", "rothko", "chagall", "miro", "munch", "hokusai", "hiroshige", "botticelli",
     "caravaggio", "kahlo", "banksy", "basquiat", "lichtenstein", "seurat", "magritte",
     "modigliani", "klee", "schiele", "durer")
)  # fmt: skip
#: Words behind a painter's name that make it a place.
PLACES = frozenset(
    ("museum", "musee", "museo", "exhibition", "exhibit", "ausstellung", "street", "square", "house")
)
