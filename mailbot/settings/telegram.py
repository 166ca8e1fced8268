"""Describe the table [telegram] of config.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from styles.service.config import Section, base_url


class Telegram(Section):
    """Describe the Telegram bot. Its token is MAILBOT_TELEGRAM_TOKEN."""

    enabled: bool = False
    #: Its name without the @, for the QR code on the registry's page; "" shows none.
    name: Annotated[str, Field(pattern=r"^([A-Za-z]\w{4,31})?$")] = ""
    #: Another server than Telegram's is one's own Bot API server, or that of a test.
    api: Annotated[str, AfterValidator(base_url)] = "https://api.telegram.org"
