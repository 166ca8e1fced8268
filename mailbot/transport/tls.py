"""Check mail servers' certificates, and advise on those that fail.

The check cannot be switched off: otherwise a false server could get the password.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

#: OpenSSL's reason (X509_V_ERR_…) -> the fault of a certificate, and the remedy.
REMEDIES = {
    **dict.fromkeys(
        (18, 19, 20, 21),
        ("from nobody who is trusted", "if it is yours, name the file of its authority in [{table}] ca_file"),
    ),
    **dict.fromkeys((9, 10), ("not valid now", "renew it, or set this machine's clock")),
    **dict.fromkeys((62, 64), ("for another name", "put the name that it is for into [{table}] host")),
}


class Untrusted(ConnectionError):
    """Report a server that does not prove its identity. The message says what to do."""


def advice(error: BaseException, table: str) -> str:
    """Return what to do where TLS caused `error`, or "".

    `table` is the server's config table, such as `mail.imap`.
    """
    cause = next((each for each in causes(error) if isinstance(each, ssl.SSLError)), None)
    if isinstance(cause, ssl.SSLCertVerificationError):
        fault, remedy = REMEDIES.get(cause.verify_code, ("not accepted", ""))
        words = f"the server's certificate is {fault} ({cause.verify_message.rstrip('.')})"
        return f"{words}: {remedy.format(table=table)}" if remedy else words
    if cause is not None and cause.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
        return f"the server speaks no TLS at this port: see port and tls in [{table}]"
    return ""


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, its cause, the cause of that, and so on."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
