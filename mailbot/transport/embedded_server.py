"""Run the embedded mail server with room for larger mails than it takes by itself.

`python -m mailbot.transport.embedded_server` takes the options of `mail_devel`. That server has none for the
size of a mail, and refuses mails over 32 MiB by SMTP. The bot reads 35 MiB, and answers larger ones politely.
"""

from __future__ import annotations

from functools import partial

#: Bytes of a mail, base64 included, that come in by SMTP or by the server's page. Everything is in memory.
MAX_MAIL = 64 * 1024 * 1024


def main() -> None:
    """Serve until a signal ends it."""
    from mail_devel import __main__ as server
    from mail_devel import service

    service.Controller = partial(service.Controller, data_size_limit=MAX_MAIL)
    server.main()


if __name__ == "__main__":
    main()
