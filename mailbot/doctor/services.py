"""Check the registry, the balancer and its runners for `mailbot doctor`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mailbot.config import MailbotConfigFile
from mailbot.doctor.check_runner import CheckFailed, CheckResult, CheckRunner, CheckWarning
from registry.client import RegistryClient
from runner.client import RunnerClient
from styles.errors import PainterError, RegistryUnavailable


async def examine(config: MailbotConfigFile) -> list[CheckResult]:
    """Run the checks and return their results."""
    area = CheckRunner("painting")
    subject = _Services(config)
    await area.check("registry", subject.registry)
    await area.check("default style", subject.default_style, ["registry"])
    urls = config.balancer.all_urls
    for number, url in enumerate(urls, start=1):
        which = f" {number}" if len(urls) > 1 else ""
        balancer = _OneBalancer(url)
        await area.check(f"balancer{which}", balancer.answers)
        await area.check(f"runners{which}", balancer.runners, [f"balancer{which}"])
        if number == 1 and config.mail.teachers:  # the first one learns
            await area.check("learning", balancer.learning, [f"balancer{which}"])
    return area.results


class _Services:
    def __init__(self, config: MailbotConfigFile) -> None:
        self._config = config
        self._styles: list[str] = []

    async def registry(self) -> str | CheckWarning:
        url = self._config.registry.url
        try:
            async with RegistryClient(url) as client:
                self._styles = [style.name for style in await client.styles()]
        except RegistryUnavailable as error:
            raise CheckFailed(
                f"no answer at {url}", "start all by mailbot up, or it: registry serve"
            ) from error
        if not self._styles:
            raise CheckFailed(f"{url} has no styles", "publish one: registry push")
        return f"{len(self._styles)} styles at {url}"

    async def default_style(self) -> str:
        wanted = self._config.styles.default
        if wanted not in self._styles:
            known = ", ".join(self._styles[:8])
            raise CheckFailed(f"there is no style “{wanted}”", f"set [styles] default to one of {known}")
        return f"“{wanted}” is there"


class _OneBalancer:
    def __init__(self, url: str) -> None:
        self._url = url
        self._runners: list[dict[str, Any]] = []
        self._problem: dict[str, Any] | None = None  # why it cannot learn

    async def answers(self) -> str | CheckWarning:
        try:
            async with RunnerClient(self._url) as client:
                status = await client.status()
            self._runners = list(status["runners"])
            self._problem = status.get("learning", {}).get("problem")
        except (PainterError, KeyError, TypeError) as error:
            words = f"no answer at {self._url}"
            raise CheckFailed(words, "start all by mailbot up, or it: runner serve") from error
        words = f"at {self._url}, {status['queued']} photos wait"
        return CheckWarning(f"{words}, but it is about to stop") if status["draining"] else words

    async def learning(self) -> str | CheckWarning:
        if self._problem is None:
            return "paintings of [mail] teachers are learnt from"
        words = f"the balancer says: {str(self._problem.get('title')).rstrip('.')}"
        remedy = str(self._problem.get("detail")).rstrip(".")
        if self._problem.get("status") != HTTPStatus.NOT_IMPLEMENTED:
            return CheckWarning(words, remedy)
        raise CheckFailed(words, f"{remedy}, and start the balancer again")

    async def runners(self) -> str | CheckWarning:
        states = [f"{each['name']} on {each['device']} is {each['state']}" for each in self._runners]
        working = [each for each in self._runners if each["state"] == "ready"]
        if not working:
            remedy = "a minute after its start see the balancer's log, which says why"
            raise CheckFailed(f"none is ready: {', '.join(states) or 'there are none'}", remedy)
        if len(working) < len(self._runners):
            return CheckWarning(", ".join(states), "see the balancer's log")
        return ", ".join(states)
