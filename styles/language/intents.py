"""Define the intents that senders can express, and their phrases, in one table.

    Intent     the meaning of a phrase
    GRAMMAR    for each intent: an example, its effect, and the phrases
    PHRASES    phrase -> intent

Patterns and kinds of words are in `styles/language/lexicon.py`. The bot reads mails by both
(`mailbot/intents/commands.py`). A registry refuses names made of these words
(`styles/language/reserved_names.py`): a style called "help" would be painted for everybody who asks for help.

Phrases are written as they are compared: lower-case words without accents and apostrophes. English comes
first, then German, French, Spanish and Italian, where one word is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from styles.contract import DEFAULT_SIZE, MAX_SIZE


class Intent(Enum):
    """Name the intents of senders."""

    STYLE = auto()
    STRENGTH = auto()
    COLORS = auto()
    BLEND = auto()
    EITHER = auto()
    BIG = auto()
    FULL = auto()
    SMALL = auto()
    SURPRISE = auto()
    SHEET = auto()
    LIST = auto()
    HELP = auto()
    STOP = auto()
    START = auto()
    DELETE = auto()


#: Long side for each intent of a size, pixels. `FULL` is as large as the photo, which is never enlarged.
SIZES = {Intent.BIG: 2 * DEFAULT_SIZE, Intent.FULL: MAX_SIZE, Intent.SMALL: DEFAULT_SIZE // 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentRule:
    """Hold one row of the table."""

    intent: Intent
    example: str  #: `{style}` and `{other}` stand for names of styles
    does: str  #: the effect, as the help mail describes it
    phrases: tuple[str, ...] = ()
    is_short: bool = False  #: shown in text messages too, which have space for few examples


def _phrases(written: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in written.split("|"))


GRAMMAR = (
    IntentRule(
        intent=Intent.STYLE,
        example="{style}",
        does="your photo, painted in that style; small typing mistakes do no harm",
        is_short=True,
    ),
    IntentRule(
        intent=Intent.STRENGTH,
        example="{style} 60%",
        does="a lighter touch: more of your photo shows through",
        is_short=True,
    ),
    IntentRule(
        intent=Intent.COLORS,
        example="{style}, keep the colors",
        does="painted in that style, in the colours of your photo",
    ),
    IntentRule(
        intent=Intent.BLEND,
        example="{style} and {other}",
        does="one painting in a blend of both, or of up to four",
        is_short=True,
        phrases=_phrases("and | plus | + | & | und | et"),
    ),
    IntentRule(
        intent=Intent.BLEND,
        example="70% {style} and 30% {other}",
        does="a blend with more of the one than of the other",
    ),
    IntentRule(
        intent=Intent.EITHER,
        example="{style} or {other}",
        does="one of the two: I choose",
        phrases=_phrases("or | / | oder | ou"),
    ),
    IntentRule(
        intent=Intent.BIG,
        example="{style}, big",
        does=f"a larger painting: {SIZES[Intent.BIG]} pixels on the long side instead of {DEFAULT_SIZE}",
        phrases=_phrases(
            "big | bigger | large | larger | xl | big size | large size | high resolution | high res"
            "| hi res | huge | extra large | hd | hq | high quality | best quality | gross | grosser"
            "| grand | plus grand | grande | mas grande | piu grande"
        ),
    ),
    IntentRule(
        intent=Intent.FULL,
        example="{style}, full size",
        does="as large as your photo is",
        phrases=_phrases(
            "full size | fullsize | full resolution | full res | original size | original resolution"
            "| same size | actual size | maximum size | max size | 4k | as big as possible"
            "| as large as possible | volle grosse | in voller grosse | originalgrosse | volle auflosung"
            "| pleine taille | taille originale | taille reelle | pleine resolution | tamano completo"
            "| tamano original | tamano real | dimensioni originali"
        ),
    ),
    IntentRule(
        intent=Intent.SMALL,
        example="{style}, small",
        does=f"a small painting, {SIZES[Intent.SMALL]} pixels on the long side",
        phrases=_phrases("small | smaller | small size | klein | kleiner | petit | pequeno | piccolo"),
    ),
    IntentRule(
        intent=Intent.SURPRISE,
        example="surprise me",
        does="a style that I choose, for each photo another",
        is_short=True,
        phrases=_phrases(
            "surprise me | surprise | surprise us | random | random style | a random style | any"
            "| any style | any of them | anything | you choose | you pick | you decide | your choice"
            "| choose for me | pick for me | pick one | pick a style | choose a style | dealers choice"
            "| up to you | your favourite | your favorite | anything you like | anything goes"
            "| whatever you want | no idea | i dont know | dont know | idk | whatever | whatever you like"
            "| whichever | whichever you like | i dont mind | i dont care | dont care | uberrasch mich"
            "| uberrasche mich | uberraschung | zufall | zufallig | egal | irgendein stil"
            "| such dir einen aus | surprends moi | surprenez moi | au hasard | nimporte lequel"
            "| sorprendeme | al azar | cualquiera | sorprendimi | a caso | a sorpresa"
        ),
    ),
    IntentRule(
        intent=Intent.SHEET,
        example="all styles",
        does="your photo in every style there is, side by side on one sheet",
        phrases=_phrases(
            "all styles | all the styles | all of the styles | all your styles | all of your styles"
            "| all of them | all | all of it | all in one | do them all | one of each | every style"
            "| every single style | every one of them | each style | everything | show me everything"
            "| in all styles | in every style | show all styles | show me all styles"
            "| show me every style | show me all the styles | sheet | the sheet | style sheet"
            "| contact sheet | alle stile | in allen stilen | alle | jeder stil | tous les styles"
            "| dans tous les styles | todos los estilos | en todos los estilos | todos | tutti gli stili"
            "| tutti"
        ),
    ),
    IntentRule(
        intent=Intent.LIST,
        example="styles",
        does="the list of all styles",
        phrases=_phrases(
            "styles | style | list | list styles | styles list | style list | list of styles | the list"
            "| list all styles | list the styles | list of all styles | show me the styles"
            "| show me the list | available styles | menu | which styles are available"
            "| what styles are available | which styles | what styles | show styles | show me styles"
            "| show me your styles | which styles are there | what styles are there"
            "| what styles do you have | which styles do you have | what styles can you do"
            "| what styles do you know | catalog | catalogue | gallery | stile | liste"
            "| welche stile gibt es | welche stile | quels styles | liste des styles | estilos | lista"
            "| que estilos hay | lista de estilos | stili | quali stili"
        ),
    ),
    IntentRule(
        intent=Intent.HELP,
        example="help",
        does="how all of this works",
        phrases=_phrases(
            "help | help me | commands | usage | how | how to | how does this work | how does it work"
            "| how do i use this | how do i use it | how do you work | how do i use you | instructions"
            "| what can you do | info | options | faq | manual | hilfe | anleitung | wie geht das"
            "| wie funktioniert das | was kannst du | aide | aidez moi | comment ca marche | ayuda"
            "| como funciona | aiuto | come funziona"
        ),
    ),
    IntentRule(
        intent=Intent.STOP,
        example="stop",
        does="you hear nothing more from me",
        is_short=True,
        phrases=_phrases(
            "stop | stop it | stop this | stop all | stopall | stopp | unsubscribe | unsubscribe me"
            "| opt out | cancel | quit | remove me | leave me alone | no more mail | no more mails"
            "| no more emails | stop mailing me | stop emailing me | stop writing to me"
            "| stop sending me mail | stop sending me mails | stop sending me email"
            "| stop sending me emails | stop the mails | abmelden | keine mails mehr | desabonner"
            "| basta | schluss | arrete | arretez | arreter | aufhoren | hor auf | horen sie auf"
            "| no me escribas mas | non scrivermi piu | desinscription | cancelar suscripcion"
            "| darse de baja"
        ),
    ),
    IntentRule(
        intent=Intent.START,
        example="start",
        does="after a “stop”: I answer again",
        phrases=_phrases("start | start again | restart | resume | unstop | subscribe | opt in | anmelden"),
    ),
    IntentRule(
        intent=Intent.DELETE,
        example="delete my photos",
        does="your photos and mails are deleted from my side at once",
        phrases=_phrases(
            "delete my photos | delete my photo | delete my pictures | delete my images | delete my data"
            "| delete my mails | delete my emails | delete all my photos | delete all my pictures"
            "| delete all my photos and data | delete all my data and photos | delete all my photos and mails"
            "| delete all of my photos | delete all of my data | delete my data and photos"
            "| delete all photos | delete my pictures and data | delete all my images"
            "| delete all my photos and my data"
            "| remove all my photos | remove all my data | erase all my data | erase all my photos"
            "| loschen sie meine fotos | loschen sie meine daten | loschen sie alle meine fotos"
            "| losche alle meine fotos | losch meine fotos | losche meine fotos und daten"
            "| loschen sie meine bilder | loschen sie meine fotos und daten | supprimez toutes mes photos"
            "| delete all my data | delete all my mails | delete my photos and data"
            "| delete my photos and mails | delete me | delete my account | delete everything"
            "| delete all | remove my photos | remove my data | forget me | forget my photos"
            "| erase my data | erase my photos | erase everything | losche meine fotos"
            "| losche meine bilder | losche meine daten | vergiss mich | meine fotos loschen"
            "| meine daten loschen | supprime mes photos | supprimez mes photos | supprimer mes photos"
            "| supprimez mes donnees | oublie moi | oubliez moi | borra mis fotos | borrar mis fotos"
            "| borra mis datos | olvidame | cancella le mie foto | cancella i miei dati"
        ),
    ),
)

#: The intent of each phrase.
PHRASES = {phrase: rule.intent for rule in GRAMMAR for phrase in rule.phrases}
