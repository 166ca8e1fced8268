"""Describe the table [telegram] of config.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from styles.service.config import Section, base_url


class Telegram(Section):
    """Describe the Telegram bot. Its token is MAILBOT_TELEGRAM_TOKEN."""

    enabled: bool = False
    #: Another server than Telegram's is one's own Bot API server, or that of a test.
    api: Annotated[str, AfterValidator(base_url)] = "https://api.telegram.org"
