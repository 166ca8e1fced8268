"""Describe the table [sms] of config.toml."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from mailbot.settings.values import Port
from styles.service.config import Section, base_url

#: A phone's number as Twilio writes it (E.164), or nothing.
PhoneNumber = Annotated[str, Field(pattern=r"^(\+[1-9]\d{4,14})?$")]


class Sms(Section):
    """Describe the phone number at Twilio. Its token is MAILBOT_TWILIO_TOKEN."""

    enabled: bool = False
    number: PhoneNumber = ""
    #: Twilio's name of the account, AC and 32 hex digits. It is no secret.
    account: Annotated[str, Field(pattern=r"^(AC[0-9a-f]{32})?$")] = ""
    #: Where Twilio reaches the webhook: a web server with TLS in front of host and port.
    public_url: Annotated[str, AfterValidator(lambda url: url.rstrip("/"))] = ""
    host: str = "127.0.0.1"
    port: Port = 8482
    api: Annotated[str, AfterValidator(base_url)] = "https://api.twilio.com"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = [key for key in ("number", "account", "public_url") if not getattr(self, key)]
        if self.enabled and missing:
            raise ValueError(f"{missing[0]} is needed where the channel is enabled")
        is_address = self.public_url.startswith(("https://", "http://127.0.0.1:"))
        if self.public_url and (not is_address or {"?", "#"} & set(self.public_url)):
            raise ValueError("public_url is written like https://painter.example.org")
        return self
