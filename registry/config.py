"""Read the registry's part of config.toml: its own table, and the keys of others that its pages show.

config.toml documents keys and defaults. Secrets, such as REGISTRY_UPLOAD_TOKEN, come from the environment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from styles.service.config import BalancerAddress, ConfigPath, DefaultStyleConfig, Endpoint, PartOfTable

#: The environment's variable with the token to write to the registry.
TOKEN = "REGISTRY_UPLOAD_TOKEN"  # noqa: S105 - its name


class RegistryConfig(Endpoint):
    """Hold the registry's own table."""

    #: 0 is a free port that the system chooses, for tests.
    port: int = Field(default=8480, ge=0, le=65535)
    #: Folder of the SQLite file and the blobs.
    data: ConfigPath = Field(default=Path("var/registry"), validate_default=True)
    #: Most bytes of a style file. A style-unet has 4.5 MB, a transformer-net 7 MB, an ONNX file up to 200.
    max_upload_bytes: int = Field(default=128 << 20, ge=1 << 10, le=128 << 20)
    #: Whether a reverse proxy sets X-Forwarded-For and X-Forwarded-Proto, which are trusted then.
    proxied: bool = False


class BotMail(PartOfTable):
    """Hold the bot's own address."""

    address: str = "bot@painter.example"


class RegistryConfigFile(PartOfTable):
    """Hold the tables of config.toml that the registry needs."""

    registry: RegistryConfig
    balancer: BalancerAddress  #: paints visitors' photos
    mail: BotMail  #: shown on the pages
    styles: DefaultStyleConfig  #: at the top of the gallery

    @model_validator(mode="before")
    @classmethod
    def _with_missing_tables(cls, document: dict[str, Any]) -> dict[str, Any]:
        # Not by a default: the path in [registry] is relative to the file's folder, given or not.
        return {"registry": {}, "balancer": {}, "mail": {}, "styles": {}} | document
