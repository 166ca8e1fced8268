"""Run the checks of `mailbot doctor` one after the other and collect their results.

A check is an async function. It returns a sentence, or a `CheckWarning` for what works but not well, or
raises `CheckFailed`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class CheckState(StrEnum):
    """Name the outcome of a check."""

    WELL = "well"
    WARN = "poor"  #: it works, but something is missing or will be
    FAILED = "ill"
    SKIPPED = "skipped"  #: something that it needs has failed


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Hold the outcome of one check."""

    area: str
    name: str
    state: CheckState
    #: The result, a sentence without its full stop.
    words: str
    #: What to do about it, in the same form; empty where there is nothing to do.
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class CheckWarning:
    """Describe something that works, but not well."""

    words: str
    remedy: str = ""


class CheckFailed(Exception):
    """Report something that does not work."""

    def __init__(self, words: str, remedy: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.remedy = remedy


Check = Callable[[], Awaitable[str | CheckWarning]]


class CheckRunner:
    """Run the checks of one area in order."""

    def __init__(self, area: str) -> None:
        self._area = area
        self.results: list[CheckResult] = []

    async def check(self, name: str, check: Check, needs: Sequence[str] = ()) -> None:
        """Run a check, unless one that it needs has failed or was skipped."""
        state, words, remedy = await self._outcome(check, needs)
        self.results.append(CheckResult(area=self._area, name=name, state=state, words=words, remedy=remedy))

    async def _outcome(self, check: Check, needs: Sequence[str]) -> tuple[CheckState, str, str]:
        held = {each.name for each in self.results if each.state in {CheckState.WELL, CheckState.WARN}}
        if unmet := [need for need in needs if need not in held]:
            return CheckState.SKIPPED, f"needs “{unmet[0]}”", ""
        try:
            outcome = await check()
        except CheckFailed as failed:
            return CheckState.FAILED, failed.words, failed.remedy
        except Exception as error:  # the other checks go on
            return CheckState.FAILED, f"the check itself failed: {type(error).__name__}: {error}", ""
        if isinstance(outcome, CheckWarning):
            return CheckState.WARN, outcome.words, outcome.remedy
        return CheckState.WELL, outcome, ""
