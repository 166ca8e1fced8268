"""Certificates for both ends of a relay, by an authority of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from runner.cluster.secure_connections import TLS_FILES


def certificates(folder: Path) -> dict[str, str]:
    """The environment that names them: one certificate for 127.0.0.1, which all machines show."""
    folder.mkdir(parents=True, exist_ok=True)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    authority = ["-keyout", "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=authority"]
    usage = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"]
    leaf = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-keyout", "key.pem", "-out", "cert.pem"]
    name = [
        "-subj",
        "/CN=node",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-addext",
        "basicConstraints=CA:FALSE",
    ]
    for words in ([*authority, *usage], [*leaf, *name]):
        subprocess.run(
            ["openssl", "req", "-x509", *curve, *words], cwd=folder, check=True, capture_output=True
        )
    files = (folder / "cert.pem", folder / "key.pem", folder / "ca.pem")
    return dict(zip(TLS_FILES, map(str, files), strict=True))
