"""Read config.toml into models of the services.

Each package declares the tables that it needs as frozen pydantic models and reads them once, at its
composition root, by `load`. Relative paths are relative to the file they stand in, so a command works from
every folder. Secrets are not in the file: they come from the environment.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, ValidationInfo

from styles.service.config_errors import in_words

#: All tables of config.toml; each package reads those that it needs.
TABLES = {"mail", "registry", "balancer", "runner", "styles"}


#: The style that is painted when neither the config nor the request names one: `[styles] default`.
DEFAULT_STYLE = "great-wave"


class ConfigError(ValueError):
    """Report a config file that cannot be read or is wrong; the message names file, key and reason."""


class Section(BaseModel):
    """Hold a table of config.toml. An unknown key is an error, since it is most likely a typing mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def http_url(host: str, port: int) -> str:
    """Return the root URL of a host and a port; an IPv6 address goes into brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Endpoint(Section):
    """Describe where a service listens."""

    host: str = "127.0.0.1"
    port: int

    @property
    def url(self) -> str:
        """The root URL for clients on this machine, without a slash at the end."""
        return http_url("127.0.0.1" if self.host in ("", "0.0.0.0", "::") else self.host, self.port)  # noqa: S104 - comparing


class Address(Endpoint):
    """Describe where a service listens to a program that needs no other key of its table."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RegistryAddress(Address):
    """Describe where the registry listens, with the default of its own table."""

    port: int = 8480


class BalancerAddress(Address):
    """Describe where the balancer listens, with the default of its own table."""

    port: int = 8481


def _from_file(path: Path, info: ValidationInfo) -> Path:
    folder: Path = (info.context or {}).get("folder", Path())
    return (folder / path.expanduser()).absolute()


#: A path in config.toml: `~` is the home folder, and a relative path is relative to the file.
ConfigPath = Annotated[Path, AfterValidator(_from_file)]

S = TypeVar("S", bound=BaseModel)


def load(file: Path, model: type[S]) -> S:
    """Read the tables of `file` that `model` declares. Raises `ConfigError`."""
    try:
        document: dict[str, Any] = tomllib.loads(file.read_text())
        if strange := sorted(document.keys() - TABLES):
            raise ConfigError(
                f"{file}: no table is called [{strange[0]}]; there are {', '.join(sorted(TABLES))}."
            )
        return model.model_validate(document, context={"folder": file.absolute().parent})
    except FileNotFoundError as error:
        raise ConfigError(f"{file} does not exist. Name one by --config.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    except ValidationError as error:
        problems = "; ".join(in_words(each, model) for each in error.errors())
        raise ConfigError(f"{file}: {problems}") from error
