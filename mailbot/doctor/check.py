"""What `mailbot doctor` finds, one thing after the other.

    Finding       a check by its name, how it went, and what is to be mended
    Examination   makes the checks of one area; what a check needs and did not get makes it skipped

A check is an async function that gives a sentence, or a `Poor` one for what works but not well, or raises
`Ill` for what does not work.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check went."""

    WELL = "well"
    POOR = "poor"  #: it works, but something is missing or will be
    ILL = "ill"
    SKIPPED = "skipped"  #: something that it needs is ill


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check."""

    area: str
    name: str
    state: State
    #: What was found, a sentence without its full stop.
    words: str
    #: What to do about it, in the same form; empty where there is nothing to do.
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Poor:
    """It works, but."""

    words: str
    remedy: str = ""


class Ill(Exception):
    """It does not work."""

    def __init__(self, words: str, remedy: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.remedy = remedy


Check = Callable[[], Awaitable[str | Poor]]


class Examination:
    """The checks of one area, in their order."""

    def __init__(self, area: str) -> None:
        self._area = area
        self.findings: list[Finding] = []

    async def check(self, name: str, check: Check, needs: Sequence[str] = ()) -> None:
        """Make it, unless one of those that it needs failed or was skipped."""
        if unmet := [need for need in needs if not self._holds(need)]:
            self._note(name, State.SKIPPED, f"needs “{unmet[0]}”")
            return
        try:
            outcome = await check()
        except Ill as ill:
            self._note(name, State.ILL, ill.words, ill.remedy)
        except Exception as error:  # the other checks go on
            self._note(name, State.ILL, f"the check itself failed: {type(error).__name__}: {error}")
        else:
            poor = outcome if isinstance(outcome, Poor) else None
            words = poor.words if poor else str(outcome)
            self._note(name, State.POOR if poor else State.WELL, words, poor.remedy if poor else "")

    def _holds(self, name: str) -> bool:
        return any(each.name == name and each.state in {State.WELL, State.POOR} for each in self.findings)

    def _note(self, name: str, state: State, words: str, remedy: str = "") -> None:
        self.findings.append(Finding(area=self._area, name=name, state=state, words=words, remedy=remedy))
