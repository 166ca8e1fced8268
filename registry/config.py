"""Read the registry's part of config.toml: its own table, and the keys of others that its pages show.

config.toml documents keys and defaults. Secrets come from the environment:
REGISTRY_UPLOAD_TOKEN, PGPASSWORD and AWS_SECRET_ACCESS_KEY.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, field_validator, model_validator

from registry.store.location import StoreLocation
from styles.service.config import (
    BalancerAddress,
    ConfigPath,
    CorsOrigins,
    DefaultStyleConfig,
    Endpoint,
    LogsConfig,
    PartOfTable,
)

#: The environment's variable with the token to write to the registry.
TOKEN = "REGISTRY_UPLOAD_TOKEN"  # noqa: S105 - its name


#: The variable with the token by which the bot asks for proofs to mail. `mailbot up` makes one at each start.
BOT_TOKEN = "REGISTRY_BOT_TOKEN"  # noqa: S105 - its name


class RegistryConfig(Endpoint):
    """Hold the registry's own table."""

    #: 0 is a free port that the system chooses, for tests.
    port: int = Field(default=8480, ge=0, le=65535)
    #: Folder of uploads in progress and, without the next keys, of the SQLite file and the blobs.
    data: ConfigPath = Field(default=Path("var/registry"), validate_default=True)
    #: URL of a PostgreSQL database, without a password; "" is SQLite.
    database: str = ""
    #: `s3://BUCKET/PREFIX`; "" is the folder, or PostgreSQL.
    blobs: str = ""
    #: Root URL of an S3 server other than Amazon's.
    blobs_endpoint: str = ""
    #: Most bytes of a style file. A style-unet has 4.5 MB, a transformer-net 7 MB, an ONNX file up to 200.
    max_upload_bytes: int = Field(default=128 << 20, ge=1 << 10, le=128 << 20)
    #: Origins of other sites whose pages may post, such as `https://photos.example`; `*` is any.
    cors_origins: CorsOrigins = ()
    #: Root URL of the pages as people reach them, for links in mails; "" is that of host and port.
    public_url: str = ""
    #: What becomes of a style that the bot has had learnt: see registry/http/learning/routes.py.
    learnt: Literal["live", "staged", "private"] = "live"
    #: Whether a reverse proxy sets X-Forwarded-For and X-Forwarded-Proto, which are trusted then.
    proxied: bool = False

    @field_validator("database")
    @classmethod
    def _is_database(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and parts.scheme not in ("postgresql", "postgres"):
            raise ValueError('must be "" for SQLite, or postgresql://USER@HOST/NAME')
        if parts.password is not None or any(key == "password" for key, _ in parse_qsl(parts.query)):
            raise ValueError("must hold no password: take it out, and set PGPASSWORD in the environment")
        return url

    @field_validator("blobs")
    @classmethod
    def _is_bucket(cls, url: str) -> str:
        return _checked(url, ("s3",), 'must be "", or s3://BUCKET/PREFIX')

    @field_validator("blobs_endpoint")
    @classmethod
    def _is_endpoint(cls, url: str) -> str:
        return _checked(url, ("http", "https"), 'must be "" for Amazon, or https://HOST')

    @property
    def location(self) -> StoreLocation:
        """Where the store is."""
        return StoreLocation(
            folder=self.data, database=self.database, blobs=self.blobs, endpoint=self.blobs_endpoint
        )


class BotMail(PartOfTable):
    """Hold the bot's own address."""

    address: str = "bot@painter.example"


class BotTelegram(PartOfTable):
    """Hold the bot's name in Telegram."""

    enabled: bool = False
    name: str = ""


class BotSms(PartOfTable):
    """Hold the bot's phone number."""

    enabled: bool = False
    number: str = ""


class RegistryConfigFile(PartOfTable):
    """Hold the tables of config.toml that the registry needs."""

    registry: RegistryConfig
    balancer: BalancerAddress  #: paints visitors' photos
    mail: BotMail  #: shown on the pages, as are its chats
    telegram: BotTelegram = BotTelegram()
    sms: BotSms = BotSms()
    styles: DefaultStyleConfig  #: at the top of the gallery
    logs: LogsConfig = LogsConfig()

    @model_validator(mode="before")
    @classmethod
    def _with_missing_tables(cls, document: dict[str, Any]) -> dict[str, Any]:
        # Not by a default: the path in [registry] is relative to the file's folder, given or not.
        return {"registry": {}, "balancer": {}, "mail": {}, "styles": {}} | document


def _checked(url: str, schemes: tuple[str, ...], rule: str) -> str:
    """Return a URL that is "", or of one of the schemes with a host and no credentials. Else raise `rule`."""
    parts = urlsplit(url)
    if url and (parts.scheme not in schemes or not parts.netloc or "@" in parts.netloc):
        raise ValueError(rule)
    return url
