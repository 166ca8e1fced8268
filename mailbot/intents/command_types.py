"""Define what a mail can ask for."""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.intents.jobs import Chosen
from mailbot.intents.options import Options
from styles.contract import StyleJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """The person asks how this works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStyles:
    """The person asks which styles there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """The person wants photos painted: jobs in the order of the mail, one or several for each photo."""

    jobs: tuple[StyleJob, ...]
    photos: tuple[int, ...] = ()  #: number of each job's photo, from 0
    wanted: int = 0  #: paintings that were asked for; the answers may have room for fewer
    in_one: int = 1  #: paintings that fit into one mail
    said: Options = Options()  #: options that the mail says of all paintings
    chosen: Chosen = "named"  #: how the style was chosen
    alternatives: tuple[str, ...] = ()  #: other styles that the same words mean: "van gogh"
    not_understood: tuple[str, ...] = ()  #: words of the request that mean nothing to the bot
    passed_over: tuple[str, ...] = ()  #: names of other styles of the mail, which are not painted
    doubted: str = ""  #: words that the style is taken from, and that may name it by chance
    mentioned: tuple[str, ...] = ()  #: words that may mean a style, where the default was taken
    is_forgotten: bool = False  #: the mail wants a painting as the last one, and none is remembered
    left_out: tuple[str, ...] = ()  #: names of photos that are not painted, since the mail is about others
    is_order_guessed: bool = False  #: which photo gets which style was guessed by their order
    refused: frozenset[str] = frozenset()  #: styles that are not wanted, where the mail asks for no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The person wants no more mail from the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The person who wrote “stop” wants answers again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePhotos:
    """The person wants their photos and mails deleted at once."""


SenderCommand = Stop | Start | DeletePhotos
Command = Help | ListStyles | Paint | SenderCommand
