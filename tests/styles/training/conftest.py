"""A texture of a tiny painting, made of few patches: that of a large one takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from styles.imaging import quilting


@pytest.fixture(autouse=True)
def _few_patches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quilting, "LEAST_STEP", 128)
        patch.setattr(quilting, "TRIED", 4)
        yield
