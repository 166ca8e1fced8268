"""Ask in one sentence whether a loose phrase was an order.

UnclearOrder   the error that is answered so
AskedOrder     what was asked, as the ledger keeps it
"""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.intents.learning.deletions import deletes_all, deletes_plainly
from mailbot.intents.learning.learning_words import folded, is_refused
from mailbot.intents.learning.orders.plain_orders import is_plain
from mailbot.intents.learning.picture_sides import swap_in
from mailbot.intents.learning.renamings import new_name
from mailbot.intents.learning.stops import stops_plainly
from mailbot.intents.learning_intents import LearningAim, LearningIntent
from styles.errors import Permanent
from styles.language.tokens import key
from styles.translatable import gettext_noop

_STOP = gettext_noop("Shall I stop learning “{name}”? Write “stop”; otherwise I go on.")
_STOP_PICTURE = gettext_noop("Shall I stop working on your picture? Write “stop”; otherwise I go on.")
_DELETE = gettext_noop("Shall I delete “{name}”? Write “delete”; otherwise it stays.")
_DELETE_ALL = gettext_noop("Shall I delete all your styles? Write “yes”; otherwise they stay.")
_RENAME = gettext_noop(
    "Shall “{before}” be called “{name}” from now on? Write “yes”; otherwise it keeps its name."
)
_SWAP = gettext_noop("Shall photo and painting change places? Write “yes”; otherwise they stay as they are.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOrder:
    """Hold an order that the bot has asked back."""

    aim: LearningAim  #: CANCEL, RETIRE, RETIRE_ALL, RENAME or SWAP
    words: str = ""  #: the new name, or that of the style to be deleted outside of its thread

    @classmethod
    def of(cls, kept: str) -> AskedOrder:
        """Return the order that the ledger has kept as a text."""
        aim, _, words = kept.partition(":")
        return cls(aim=LearningAim(aim), words=words)

    @property
    def kept(self) -> str:
        """The order as a text for the ledger."""
        return f"{self.aim.value}:{self.words}"

    @property
    def intent(self) -> LearningIntent:
        """The order as a plain one."""
        is_renaming = self.aim is LearningAim.RENAME
        called, left = (self.words, "") if is_renaming else ("", self.words)
        return LearningIntent(wanted=self.aim, called=called, left=left)

    def is_repeated(self, clause: str) -> bool:
        """Tell whether a clause behind a “yes” is the order itself: “stop it”, “call it magic”."""
        said = folded(clause)
        if is_refused(said):
            return False
        match self.aim:
            case LearningAim.RENAME:
                return key(self.words) in (key(clause), key(new_name([clause.strip()])))
            case LearningAim.SWAP:
                return bool((swap := swap_in([clause])) and swap.is_plain)
            case LearningAim.RETIRE_ALL:
                return is_plain([clause], deletes_all)
            case _:
                return stops_plainly([clause]) or deletes_plainly([clause])


class UnclearOrder(Permanent):
    """Ask whether an order was meant, about a style of this name, or "" for one perfect picture."""

    def __init__(self, order: AskedOrder, name: str) -> None:
        if order.aim is LearningAim.RENAME:
            super().__init__(_RENAME, before=name, name=order.words)
        elif order.aim is LearningAim.SWAP:
            super().__init__(_SWAP)
        elif order.aim is LearningAim.RETIRE_ALL:
            super().__init__(_DELETE_ALL)
        elif order.aim is LearningAim.RETIRE:
            super().__init__(_DELETE, name=name)
        elif name:
            super().__init__(_STOP, name=name)
        else:
            super().__init__(_STOP_PICTURE)
