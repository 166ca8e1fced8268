"""Define the values that the store returns and the clients get back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Most seconds of a validation by the clock. On an idle machine a validation takes one to three. Beside
#: photos, which are painted first, it takes ten times as long. Processor time is limited besides.
VALIDATION_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NameChoice:
    """Tell whether a wanted name can be had."""

    name: str  #: as a style can have it; "" where the words have no letter or digit
    flaw: str = ""  #: why it cannot be had
    free: str = ""  #: the wanted name if it is free, else one like it; "" where none was found
    exists: bool = False  #: a style has it, or had it: the next one is its next version


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntStyle:
    """Describe a style that was learnt for an author."""

    name: str
    title: str
    ref: str  #: `live`, or the alias by which the author may ask for its newest version
    version: int
    #: Whether its author may retire it: not once it was handed over, nor while mails without a style get it.
    may_retire: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingProof:
    """Describe a proof to be mailed: the version that waits, and the live one beside it."""

    style: str
    title: str
    version: int
    live: int  #: version that is live; 0 if none is
    person: str
    address: str
    #: Paths of the pictures below the registry's address by photo, "" for one that is not there.
    old: Mapping[str, str]
    new: Mapping[str, str]
