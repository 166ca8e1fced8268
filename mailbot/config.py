"""Read the bot's part of config.toml: its own [mail] tables, and the addresses of registry and balancer.

Keys and defaults are those of config.toml. All other modules use `Mail.effective_imap` and
`Mail.effective_smtp`, so they need not know whether the mail server is a real one or the embedded one.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from mailbot.oauth.login_file import login_file_of
from mailbot.providers import GRAPH, GRAPH_BYTES, PROVIDERS, SENDS_PER_DAY, is_to_play_with
from mailbot.settings.lmtp import Lmtp
from mailbot.settings.sms import Sms
from mailbot.settings.telegram import Telegram
from mailbot.settings.values import (
    Folder,
    MailAddress,
    OptionalPath,
    Pattern,
    Port,
    Printable,
    refuse_unless,
)
from styles.service.config import (
    BalancerAddress,
    ConfigPath,
    LogsConfig,
    RegistryAddress,
    Section,
    StylesConfig,
)

#: Bytes of all pictures in one answer. Base64 adds a third, and with the text it stays below Gmail's 25 MB.
REPLY_BYTES = 17_000_000

_NO_PROVIDER = f"the providers are {', '.join(PROVIDERS)}; for others name the hosts"
_NO_SERVER = (
    "no server is named for {}: set provider, or host in [mail.imap] and [mail.smtp]. To play with the mail "
    'server of [mail.local], set address = "{}"'
)

ProviderName = Annotated[str, refuse_unless(lambda name: name in ("", *PROVIDERS), _NO_PROVIDER)]


def _tls_word(value: object) -> object:
    return {True: "tls", False: "none"}[value] if isinstance(value, bool) else value


def _command(line: str) -> str:
    shlex.split(line)  # raises ValueError where a quote has no end
    return line.strip()


class Login(Section):
    """Describe the bot's login to a server, and the certificates that the server may show."""

    username: Printable = ""
    auth: Literal["", "password", "xoauth2"] = ""
    token_command: Annotated[str, AfterValidator(_command)] = ""
    token_file: OptionalPath = None
    ca_file: OptionalPath = None

    @property
    def graph(self) -> str:
        """Host of Microsoft Graph that takes the answers; "" where this is a login to IMAP or SMTP."""
        return ""

    def filled(self, known: Mapping[str, object]) -> Self:
        """Return a copy that has the `known` values for all keys as shipped, and a method of `auth`."""
        shipped = {key: field.default for key, field in type(self).model_fields.items()}
        filling = {key: value for key, value in known.items() if getattr(self, key) == shipped[key]}
        if not self.auth and not filling.get("auth"):
            filling["auth"] = "xoauth2" if self.token_command or self.token_file else "password"
        return self.model_copy(update=filling)


class Imap(Login):
    """Describe the mailbox that is polled. Its password is MAILBOT_IMAP_PASSWORD."""

    host: str = ""
    port: Port = 993
    tls: Annotated[Literal["tls", "none"], BeforeValidator(_tls_word)] = "tls"
    folder: Folder = "INBOX"
    processed: Folder = "Processed"
    quarantine: Folder = "Quarantine"
    #: Servers may hang up after 30 minutes (RFC 3501, 5.4), NATs after far less.
    idle_seconds: float = Field(default=300, gt=0, le=1740)

    @property
    def account(self) -> str:
        """Name of the account in the ledger. It may not change, or mails would count as others."""
        return f"{self.username}@{self.host}"


class Smtp(Login):
    """Describe the server that takes answers. Its password is MAILBOT_SMTP_PASSWORD, its tokens IMAP's."""

    #: "graph" is Microsoft's interface over HTTPS, for mailboxes that may not send by SMTP.
    transport: Literal["smtp", "graph"] = "smtp"
    host: str = ""
    port: Port = 587
    tls: Annotated[Literal["none", "starttls", "tls"], BeforeValidator(_tls_word)] = "starttls"

    @property
    def graph(self) -> str:
        """See `Login`."""
        return self.host if self.transport == "graph" else ""


class Local(Section):
    """Describe the embedded mail server. Every address is an account there, all with one password."""

    host: str = "127.0.0.1"
    smtp_port: Port = 4025
    imap_port: Port = 4143
    web_port: Port = 4080
    password: str = "local"  # noqa: S105 - of a mail server in memory that guards nothing


class Mail(Section):
    """Describe the bot's addresses, servers and limits."""

    address: MailAddress = "bot@painter.example"
    aliases: tuple[MailAddress, ...] = ()
    provider: ProviderName = ""
    ledger: ConfigPath = Field(default=Path("var/mailbot/ledger.db"), validate_default=True)
    max_message_bytes: int = Field(default=36_700_160, gt=0)
    max_reply_bytes: int = Field(default=REPLY_BYTES, ge=100_000)
    replies_per_hour: int = Field(default=60, gt=0)
    replies_per_day: int = Field(default=300, gt=0)
    replies_per_day_total: int = Field(default=0, ge=0)
    notes_per_hour: int = Field(default=20, gt=0)
    allow: tuple[Pattern, ...] = ()
    deny: tuple[Pattern, ...] = ()
    teachers: tuple[Pattern, ...] = ()
    #: Minutes for which the machine learns from one painting.
    teaching_minutes: float = Field(default=4.5, ge=0.05, le=120)
    authserv_id: tuple[str, ...] = ()
    keep_days: float = Field(default=7, ge=0)
    #: Port of 127.0.0.1; 0 listens nowhere.
    metrics_port: int = Field(default=0, ge=0, le=65535)
    #: Hours for which a photo is retried while balancer or registry are away, before an apology.
    retry_hours: float = Field(default=2, ge=0)
    imap: Imap = Imap()
    smtp: Smtp = Smtp()
    lmtp: Lmtp = Lmtp()
    local: Local = Local()

    @model_validator(mode="after")
    def _has_a_way_out(self) -> Self:
        for key, named in (("imap.host", self.imap.host), ("lmtp.listen", self.lmtp.listen)):
            if named and not self.effective_smtp.host:
                raise ValueError(f"smtp.host is needed where {key} is set")
        if self.is_local and not is_to_play_with(self.address):
            raise ValueError(_NO_SERVER.format(self.address, type(self)().address))
        for name, login in (("imap", self.effective_imap), ("smtp", self.effective_smtp)):
            if login.token_command and login.token_file:
                raise ValueError(f"{name}: tokens come from token_command or from token_file, not both")
        if self.smtp.transport == "graph" and self.effective_smtp.auth != "xoauth2":
            raise ValueError("smtp: graph takes tokens alone, not a password")
        return self

    @property
    def login_file(self) -> Path:
        """The file of what `mailbot login` left."""
        return login_file_of(self.ledger)

    @property
    def own(self) -> frozenset[str]:
        """All addresses of the bot."""
        return frozenset((self.address, *self.aliases))

    @property
    def total_per_day(self) -> int:
        """The limit of answers in a day to all people together; 0 is no limit."""
        return self.replies_per_day_total or SENDS_PER_DAY.get(self.effective_smtp.host.lower(), 0)

    @property
    def is_local(self) -> bool:
        """Whether the embedded mail server is the one in use."""
        return not (self.imap.host or self.provider or self.lmtp.listen)

    @property
    def has_mailbox(self) -> bool:
        """Whether a mailbox is polled; False where all mail is handed over by LMTP."""
        return bool(self.imap.host or self.provider) or self.is_local

    @property
    def effective_imap(self) -> Imap:
        """The mailbox to poll: the configured one, or the bot's account on the embedded server."""
        if not self.is_local:
            known = PROVIDERS[self.provider].imap(self.address) if self.provider else {}
            return self.imap.filled({"username": self.address} | known)
        place = {"host": self.local.host, "port": self.local.imap_port, "tls": "none"}
        return self.imap.model_copy(update=place | {"username": self.address})

    @property
    def effective_smtp(self) -> Smtp:
        """The server that takes answers: the configured one, or the embedded one, without login."""
        if not self.is_local:
            known = PROVIDERS[self.provider].smtp(self.address) if self.provider else {}
            if self.smtp.transport == "graph":
                known = GRAPH
            return self.smtp.filled(known).model_copy(update=self._login_of_imap())
        return Smtp(host=self.local.host, port=self.local.smtp_port, tls="none")

    @property
    def effective_reply_bytes(self) -> int:
        """Bytes that all pictures of an answer may have: the provider's limit, less 32 % for base64."""
        provider = PROVIDERS.get(self.provider)
        limit = GRAPH_BYTES if self.smtp.transport == "graph" else provider and provider.message_bytes
        return min(self.max_reply_bytes, limit * 68 // 100) if limit else self.max_reply_bytes

    def _login_of_imap(self) -> dict[str, object]:
        """Return the login keys that SMTP takes over from IMAP where it has none itself."""
        own = self.smtp
        if own.auth == "password":
            return {}
        if own.token_command or own.token_file or own.transport == "graph":
            return {"auth": "xoauth2"}
        imap = self.effective_imap
        return {"auth": imap.auth, "token_command": imap.token_command, "token_file": imap.token_file}


class MailbotConfigFile(BaseModel):
    """Hold the tables of config.toml that the bot needs, and ignore the others."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    # Validated, since its ledger's path is relative to the file that is read.
    mail: Mail = Field(default_factory=dict, validate_default=True)
    telegram: Telegram = Telegram()
    sms: Sms = Sms()
    registry: RegistryAddress = RegistryAddress()
    balancer: BalancerAddress = BalancerAddress()
    styles: StylesConfig = StylesConfig()
    logs: LogsConfig = LogsConfig()
