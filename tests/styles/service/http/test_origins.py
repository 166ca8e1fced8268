from __future__ import annotations

import pytest

from styles.service.http.origins import checked_origin


@pytest.mark.parametrize("origin", ["https://photos.example", "http://127.0.0.1:8000", "*"])
def test_origins(origin: str) -> None:
    assert checked_origin(origin) == origin


@pytest.mark.parametrize(
    "origin", ["", "photos.example", "https://photos.example/", "https://", "null", "https://a.example/b"]
)
def test_what_is_no_origin(origin: str) -> None:
    with pytest.raises(ValueError, match="without a slash"):
        checked_origin(origin)
