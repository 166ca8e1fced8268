"""Whether the balancer learns, where somebody may teach; `test_all_checks.py` has the other services."""

from __future__ import annotations

import pytest

from mailbot.config import MailbotConfigFile
from mailbot.doctor import services
from mailbot.doctor.check_runner import CheckResult, CheckState
from styles.errors import BalancerUnavailable, PainterError
from styles.learning_errors import LearningOff
from styles.service.optional_libraries import missing
from styles.service.problems import to_problem
from tests.fakes.runner.balancer import FakeBalancer


async def learning(balancer: FakeBalancer, *teachers: str) -> CheckResult | None:
    service = {"host": "127.0.0.1", "port": balancer.port}
    tables = {"mail": {"teachers": teachers}, "registry": service, "balancer": service}
    found = await services.examine(MailbotConfigFile.model_validate(tables))
    return next((each for each in found if each.name == "learning"), None)


@pytest.mark.parametrize(
    ("problem", "state", "words", "remedy"),
    [
        (None, CheckState.WELL, "are learnt from", ""),
        (LearningOff("Switch it on."), CheckState.FAILED, "cannot learn", "Switch it on, and start"),
        (missing("train", "Learning"), CheckState.FAILED, "needs the extra “train”", "pip install"),
        (BalancerUnavailable("it is stopping"), CheckState.WARN, "cannot be reached", "it is stopping"),
    ],
)
async def test_teachers_need_a_balancer_that_learns(
    balancer: FakeBalancer, problem: PainterError | None, state: CheckState, words: str, remedy: str
) -> None:
    balancer.learning_problem = to_problem(problem) if problem else None
    assert await learning(balancer) is None
    found = await learning(balancer, "ann@example.org")
    assert found
    assert found.state is state
    assert words in found.words
    assert remedy in found.remedy
