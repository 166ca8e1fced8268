"""Have the file of the loss network, VGG16, for the learning processes, which have no network themselves.

A config may name a safetensors file. Otherwise torchvision's published weights are downloaded once. Neither
is read here but for its digest. Where the site cannot be reached, people hear so before they send a painting.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from pathlib import Path

import aiohttp

from styles.learning_errors import FeaturesAway, LearningOff

log = logging.getLogger(__name__)

#: Where torchvision has its weights, trained on ImageNet, and the first digits of their SHA-256 as its file
#: name says.
URL, DIGEST = "https://download.pytorch.org/models/vgg16-397923af.pth", "397923af"
#: Name in the cache.
FILE = f"vgg16-{DIGEST}.pth"
#: Seconds of silence after which the download is given up, and pauses before it is tried again.
SILENCE_SECONDS, PAUSES = 30.0, (3.0, 20.0)
#: Bytes written at once.
CHUNK = 1 << 20


class FeaturesFile:
    """Open the file of the loss network."""

    def __init__(self, named: Path | None, cache: Path, url: str = URL, digest: str = DIGEST) -> None:
        """Take the file that the config names, or the folder for the published one."""
        self._named, self._cached = named, cache / FILE
        self._url, self._digest = url, digest
        self._one_at_a_time = asyncio.Lock()
        self._flaw: str | None = ""  #: why it cannot be downloaded; "" before that was tried, None if it can
        self._is_sure = False  #: its site was away more than once

    async def look(self) -> None:
        """Ask whether the file can be downloaded, until it can: at the start, and while its site is away."""
        if self._named or self._cached.exists() or self._flaw is None:
            return
        timeout = aiohttp.ClientTimeout(total=SILENCE_SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session, session.head(self._url) as response:
                response.raise_for_status()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._away(error, is_sure=bool(self._flaw))
        else:
            self._flaw = None

    def _away(self, error: Exception, *, is_sure: bool) -> None:
        """Note why the file cannot be downloaded."""
        reason = str(error) or type(error).__name__
        flaw = (
            f"The loss network VGG16 cannot be downloaded from {self._url} ({reason}): "
            "bring a safetensors file of it, and name that by [runner] features in config.toml."
        )
        if flaw != self._flaw:
            log.error("%s", flaw)
        self._flaw, self._is_sure = flaw, is_sure

    async def open(self) -> int:
        """Return a descriptor to read from, which the caller closes.

        Raises `LearningOff` for a named file that cannot be read, and `FeaturesAway`.
        """
        if self._named is None:
            async with self._one_at_a_time:
                if not self._cached.exists():
                    await self._download()
        path = self._named or self._cached
        try:
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise LearningOff(
                f"The loss network in {path} cannot be read ({error.strerror}): name a safetensors file of "
                "VGG16 by [runner] features in config.toml."
            ) from error

    def require(self) -> None:
        """Raise `LearningOff` where the config names a file that is not there, or none can be downloaded.

        Raise `FeaturesAway` after one failure: the site may be away for a moment.
        """
        if self._named and not self._named.is_file():
            raise LearningOff(f"[runner] features in config.toml names {self._named}, which does not exist.")
        if self._flaw and not self._cached.exists():
            raise LearningOff(self._flaw) if self._is_sure else FeaturesAway(self._flaw)

    async def _download(self) -> None:
        for pause in (*PAUSES, None):
            try:
                log.info("downloading the loss network from %s, once: 528 MB", self._url)
                await self._download_once()
            except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as error:
                log.warning("the loss network did not come: %s: %s", type(error).__name__, error)
                if pause is None:
                    self._away(error, is_sure=True)
                    raise FeaturesAway(self._flaw or "") from error
                await asyncio.sleep(pause)
            else:
                return

    async def _download_once(self) -> None:
        """Download the file beside its place, and swap it in where its digest is right."""
        self._cached.parent.mkdir(parents=True, exist_ok=True)
        partial, digest = self._cached.with_suffix(".partial"), hashlib.sha256()
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=SILENCE_SECONDS, sock_read=SILENCE_SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self._url) as response:
                response.raise_for_status()
                with partial.open("wb") as file:
                    async for chunk in response.content.iter_chunked(CHUNK):
                        digest.update(chunk)
                        await asyncio.to_thread(file.write, chunk)
            if not digest.hexdigest().startswith(self._digest):
                raise ValueError("it has another digest than it should")
            partial.replace(self._cached)
        finally:
            partial.unlink(missing_ok=True)
