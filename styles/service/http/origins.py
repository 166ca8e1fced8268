"""Check the origins of web pages that a config file names."""

from __future__ import annotations

from urllib.parse import urlsplit

#: Name of any origin.
ANY = "*"


def checked_origin(origin: str) -> str:
    """Return an origin as browsers write it, such as `https://photos.example`. Raises ValueError."""
    parts = urlsplit(origin)
    is_plain = parts.scheme in ("http", "https") and origin == f"{parts.scheme}://{parts.netloc}"
    if origin != ANY and not (is_plain and parts.netloc):
        raise ValueError("an origin is written like https://photos.example, without a slash at its end")
    return origin
