"""Check mail servers' certificates, and advise on those that fail.

The check cannot be switched off: otherwise a false server could get the password.
"""

from __future__ import annotations

import ssl
from pathlib import Path

#: OpenSSL's reasons (X509_V_ERR_…) by their remedy: an unknown authority, …
UNKNOWN_AUTHORITY = frozenset((18, 19, 20, 21))
#: … an expired certificate or one not yet valid, …
OUT_OF_TIME = frozenset((9, 10))
#: … and one for another name or address.
OTHER_NAME = frozenset((62, 64))


class Untrusted(ConnectionError):
    """Report a server that does not prove its identity. The message says what to do."""


def context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Return a context that checks certificate and name, by the system's authorities or by `ca_file` alone.

    Raises OSError where that file cannot be read or holds no certificate.
    """
    return ssl.create_default_context(cafile=ca_file)


def advice(error: BaseException, table: str) -> str:
    """Return what to do where TLS caused `error`, or "". `table` is the server's in the config."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _of_certificate(cause, table)
    if cause is not None and cause.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
        return f"the server speaks no TLS at this port: see port and tls in [{table}]"
    return ""


def _of_certificate(error: ssl.SSLCertVerificationError, table: str) -> str:
    said = error.verify_message.rstrip(".")
    if error.verify_code in UNKNOWN_AUTHORITY:
        remedy = f"if it is yours, name the file of its authority in [{table}] ca_file"
        return f"the server's certificate is from nobody who is trusted ({said}): {remedy}"
    if error.verify_code in OUT_OF_TIME:
        return f"the server's certificate is not valid now ({said}): renew it, or set this machine's clock"
    if error.verify_code in OTHER_NAME:
        remedy = f"put the name that it is for into [{table}] host"
        return f"the server's certificate is for another name ({said}): {remedy}"
    return f"the server's certificate is not accepted ({said})"
