"""The registry, the balancer and its runners, as `mailbot doctor` looks at them."""

from __future__ import annotations

from typing import Any

from mailbot.config import Config
from mailbot.doctor.check import Examination, Finding, Ill, Poor
from registry.client import RegistryClient
from runner.client import RunnerClient
from styles.errors import PainterError, RegistryUnavailable

#: States of a runner that paints, or would.
AT_WORK = frozenset(("ready", "busy"))


async def examine(config: Config) -> list[Finding]:
    """The area's findings."""
    area = Examination("painting")
    patient = _Services(config)
    await area.check("registry", patient.registry)
    await area.check("default style", patient.default_style, ["registry"])
    await area.check("balancer", patient.balancer)
    await area.check("runners", patient.runners, ["balancer"])
    return area.findings


class _Services:
    def __init__(self, config: Config) -> None:
        self._config = config
        self._styles: list[str] = []
        self._runners: list[dict[str, Any]] = []

    async def registry(self) -> str | Poor:
        url = self._config.registry.url
        try:
            async with RegistryClient(url) as client:
                self._styles = [style.name for style in await client.styles()]
        except RegistryUnavailable as error:
            raise Ill(f"no answer at {url}", "start it: registry serve, or all by make up") from error
        if not self._styles:
            raise Ill(f"{url} has no styles", "publish one: registry push")
        return f"{len(self._styles)} styles at {url}"

    async def default_style(self) -> str:
        wanted = self._config.styles.default
        if wanted not in self._styles:
            known = ", ".join(self._styles[:8])
            raise Ill(f"there is no style “{wanted}”", f"set [styles] default to one of {known}")
        return f"“{wanted}” is there"

    async def balancer(self) -> str | Poor:
        url = self._config.balancer.url
        try:
            async with RunnerClient(url) as client:
                status = await client.status()
            self._runners = list(status["runners"])
        except (PainterError, KeyError, TypeError) as error:
            raise Ill(f"no answer at {url}", "start it: runner serve, or all by make up") from error
        words = f"at {url}, {status['queued']} photos wait"
        return Poor(f"{words}, but it is about to stop") if status["draining"] else words

    async def runners(self) -> str | Poor:
        states = [f"{each['name']} on {each['device']} is {each['state']}" for each in self._runners]
        working = [each for each in self._runners if each["state"] in AT_WORK]
        if not working:
            remedy = "a minute after its start see the balancer's log, which says why"
            raise Ill(f"none is ready: {', '.join(states) or 'there are none'}", remedy)
        if len(working) < len(self._runners):
            return Poor(", ".join(states), "see the balancer's log")
        return ", ".join(states)
