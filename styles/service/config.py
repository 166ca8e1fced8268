"""Read config.toml into models of the services.

Each package declares the tables that it needs as frozen pydantic models and reads them once, at its
composition root, by `load`. Relative paths are relative to the file they stand in, so a command works from
every folder. Secrets are not in the file: they come from the environment, or from the files that a service
manager hands over, as systemd does by LoadCredential.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import MutableMapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails

from styles.service.http.origins import checked_origin

#: All tables of config.toml; each package reads those that it needs.
TABLES = {"logs", "mail", "sms", "telegram", "registry", "balancer", "runner", "styles"}
#: Environment's variable with the folder of secrets that systemd or a container's manager hands over.
CREDENTIALS = "CREDENTIALS_DIRECTORY"
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
#: The style that is painted when neither the config nor the request names one: `[styles] default`.
DEFAULT_STYLE = "great-wave"
#: Required kinds of values, by the beginning of pydantic's name for the error.
_KINDS = {
    "int_": "a whole number",
    "float_": "a number",
    "bool_": "true or false",
    "string_type": "text in quotes",
    "path_": "a path in quotes",
    "list_type": "a list in brackets",
    "tuple_type": "a list in brackets",
    "model_type": "a table",
}
#: Required values by the full name of the error, where it comes with the limit.
_LIMITS = {
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
    "less_than": "less than {lt}",
    "literal_error": "{expected}",
}


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


class PartOfTable(BaseModel):
    """Hold some keys of a table that belongs to another package, and ignore the others."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class StylesConfig(Section):
    """Hold the style that is painted where none is named."""

    default: str = DEFAULT_STYLE


class LogsConfig(Section):
    """Hold how all processes write their logs."""

    format: Literal["text", "json"] = "text"

    @property
    def is_json(self) -> bool:
        """Whether each line is a JSON object."""
        return self.format == "json"


class LogsConfigFile(BaseModel):
    """Hold the table that a service needs first, and ignore the others."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    logs: LogsConfig = LogsConfig()


class DefaultStyleConfig(StylesConfig, PartOfTable):
    """Hold the default style for a program that needs no other key of its table."""


class Address(Endpoint, PartOfTable):
    """Describe where a service listens to a program that needs no other key of its table."""


class RegistryAddress(Address):
    """Describe where the registry listens, with the default of its own table."""

    port: int = 8480
    public_url: str = ""


def base_url(text: str) -> str:
    """Return the root URL of a service without a slash at its end. Raises ValueError."""
    parts = urlsplit(text)
    further = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    try:
        is_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port that is no number
        is_host = False
    if parts.scheme not in ("http", "https") or not is_host or further:
        raise ValueError("the address of a service is written like http://painter-1:8481")
    return f"{parts.scheme}://{parts.netloc}"


def _each_once(urls: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(urls)) < len(urls):
        raise ValueError("it names one balancer twice")
    return urls


#: Origins of web pages, each once.
CorsOrigins = tuple[Annotated[str, AfterValidator(checked_origin)], ...]
#: The root URLs of several services of a kind, each once.
BaseUrls = Annotated[tuple[Annotated[str, AfterValidator(base_url)], ...], AfterValidator(_each_once)]


class BalancerEndpoint(Endpoint):
    """Describe where a balancer listens, and where all those listen that the bot sends photos to."""

    port: int = 8481
    urls: BaseUrls = ()

    @property
    def all_urls(self) -> tuple[str, ...]:
        """The root URLs of all balancers: those in `urls`, or else the one of host and port."""
        return self.urls or (self.url,)


class BalancerAddress(BalancerEndpoint, Address):
    """Describe the balancers to a program that needs no other key of their table."""


def _from_file(path: Path, info: ValidationInfo) -> Path:
    folder: Path = (info.context or {}).get("folder", Path())
    return (folder / path.expanduser()).absolute()


#: A path in config.toml: `~` is the home folder, and a relative path is relative to the file.
ConfigPath = Annotated[Path, AfterValidator(_from_file)]

S = TypeVar("S", bound=BaseModel)


def load(file: Path, model: type[S]) -> S:
    """Read the tables of `file` that `model` declares. Raises `ConfigError`.

    Secrets that were handed over as files are in the environment from then on.
    """
    take_credentials(os.environ)
    try:
        document: dict[str, Any] = tomllib.loads(file.read_text())
        if strange := sorted(document.keys() - TABLES):
            raise ConfigError(
                f"{file}: no table is called [{strange[0]}]; there are {', '.join(sorted(TABLES))}."
            )
        return model.model_validate(document, context={"folder": file.absolute().parent})
    except FileNotFoundError as error:
        raise ConfigError(
            f"{file} does not exist. Write it by `mailbot init`, or name another by --config."
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    except ValidationError as error:
        problems = "; ".join(_in_words(each, model) for each in error.errors())
        raise ConfigError(f"{file}: {problems}") from error


def take_credentials(environment: MutableMapping[str, str]) -> None:
    """Put each file of the folder of `CREDENTIALS` into the environment by its name, unless that is set.

    The variable with the folder is taken out, so that child processes find none. Raises `ConfigError`.
    """
    folder = environment.pop(CREDENTIALS, "")
    try:
        paths = sorted(Path(folder).iterdir()) if folder else []
    except OSError as error:
        raise ConfigError(f"{CREDENTIALS} names {folder}, which cannot be read: {error.strerror}.") from error
    for path in paths:
        if _VARIABLE.fullmatch(path.name):
            try:
                environment.setdefault(path.name, path.read_text().strip("\r\n"))
            except (OSError, ValueError) as error:
                raise ConfigError(
                    f"The secret {path.name} cannot be read: {type(error).__name__}."
                ) from error


def _in_words(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Describe a wrong value in a sentence without a full stop. It holds no value, which may be a secret."""
    place = [str(step) for step in error["loc"]]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        *table, name = place
        near = get_close_matches(name, _keys(model, table), n=1)
        guess = f"; did you mean {near[0]}?" if near else ""
        return f"there is no key called {name} in [{'.'.join(table)}]{guess}"
    key = ".".join(place)
    if kind == "missing":
        return f"{key} is missing"
    if kind in _LIMITS:
        return f"{key} must be {_LIMITS[kind].format(**context)}"
    if wanted := next((words for start, words in _KINDS.items() if kind.startswith(start)), ""):
        return f"{key} must be {wanted}"
    return f"{key}: {error['msg'].removeprefix('Value error, ')}"


def _keys(model: type[BaseModel], table: Sequence[str]) -> list[str]:
    """Return the keys that a table may have; [] where it is no model."""
    for step in table:
        field = model.model_fields.get(step)
        kinds = (field.annotation, *get_args(field.annotation)) if field else ()
        found = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if found is None:
            return []
        model = found
    return [field.alias or name for name, field in model.model_fields.items()]
