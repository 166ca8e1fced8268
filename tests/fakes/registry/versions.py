"""Versions of styles for tests that care for their history and not for what they paint."""

from __future__ import annotations

import os
import random
import secrets

from registry.store.access.roles import Writer
from registry.store.store import Store
from styles.contract import Card, ResolvedStyle

#: Some pages of the disk, so that a kill can come in the middle of the file; bytes.
SIZE = 20_000


def publish(
    store: Store,
    name: str,
    seed: int | None = None,
    *,
    by: str = "",
    alias: str = "live",
    author: str = "",
    job: str = "",
) -> ResolvedStyle:
    """Publishes a file of random bytes, which nobody can paint with; of one `seed` the same."""
    content = os.urandom(SIZE) if seed is None else random.Random(seed).randbytes(SIZE)
    upload = store.incoming / secrets.token_hex(8)
    upload.write_bytes(content)
    try:
        card = Card(name=name, title=name.title(), architecture="onnx")
        return store.publish(card, upload, format="onnx", alias=alias, by=Writer(by), author=author, job=job)
    finally:
        upload.unlink()
