"""What the registry reads of config.toml: its own table, and the few keys of others that its pages show.

    RegistryConfigFile
    ├── registry   RegistryConfig: where it listens and where it keeps its files
    ├── balancer   BalancerAddress: who paints what visitors of the pages try
    ├── mail       MailAddress: to whom the pages say that a photo is to be sent
    └── styles     DefaultStyleConfig: the picture at the top of the gallery

Keys and defaults are those of config.toml. REGISTRY_UPLOAD_TOKEN is no key of it: secrets come from the
environment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from styles.service.config import DEFAULT_STYLE, Address, BalancerAddress, ConfigPath, Section

#: Port 0 is a free port that the system picks; tests ask for it.
Port = Annotated[int, Field(ge=0, le=65535)]


class RegistryConfig(Section):
    """The registry's own table."""

    host: str = "127.0.0.1"
    port: Port = 8480
    #: Folder of the SQLite file and the blobs.
    data: ConfigPath = Field(default=Path("var/registry"), validate_default=True)
    #: Larger style files are refused, bytes. Ours have 320 kB, a transformer-net 7 MB, others' ONNX to 200.
    max_upload_bytes: int = Field(default=128 << 20, ge=1 << 10, le=128 << 20)
    #: Whether a reverse proxy stands before it, whose X-Forwarded-For and X-Forwarded-Proto are believed.
    proxied: bool = False

    @property
    def url(self) -> str:
        """Where it is called, without a slash at the end."""
        return Address(host=self.host, port=self.port).url


class MailAddress(Section):
    """The bot's own address; the rest of its table is not the registry's concern."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: str = "bot@painter.example"


class DefaultStyleConfig(Section):
    """The style that is painted when nobody says how."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    default: str = DEFAULT_STYLE


class RegistryConfigFile(BaseModel):
    """The tables of config.toml that the registry needs; the others are not its concern."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    registry: RegistryConfig
    balancer: BalancerAddress
    mail: MailAddress
    styles: DefaultStyleConfig

    @model_validator(mode="before")
    @classmethod
    def _with_missing_tables(cls, document: dict[str, Any]) -> dict[str, Any]:
        # Not by a default: the path in [registry] has to learn the folder of the file, as a given one does.
        return {"registry": {}, "balancer": {}, "mail": {}, "styles": {}} | document
