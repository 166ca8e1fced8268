"""A registry that is served for a test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aiohttp.test_utils import TestClient

from registry.config import RegistryConfigFile
from registry.store.store import Store
from tests.fakes.registry.validator import FakeValidator

#: Their names are far enough apart that only one is near to a mistyped one.
NAMES = ("great-wave", "starry-night", "udnie")
#: The operator's, with which everything may be done.
TOKEN = "the operator's own token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running registry, with the folders behind it."""

    client: TestClient  # type: ignore[type-arg]  # its parameters differ between aiohttp's versions
    config: RegistryConfigFile
    builtin: Path
    validator: FakeValidator
    #: Paths that were answered, with their status, in order.
    answered: list[tuple[str, int]]

    @property
    def url(self) -> str:
        return str(self.client.make_url("/"))

    def second_store(self) -> Store:
        """The same folder as another process has it open."""
        return Store(self.config.registry.data)
