"""How mail servers are known: by a certificate for their name, from an authority that is trusted."""

from __future__ import annotations

import ssl
from pathlib import Path


def context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Checks certificate and name, by the system's authorities or by those in `ca_file` alone.

    Raises OSError where that file cannot be read or holds no certificate.
    """
    return ssl.create_default_context(cafile=ca_file)
