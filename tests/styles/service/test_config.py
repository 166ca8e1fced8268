"""Reading config.toml: relative paths, typing mistakes, and errors that say where."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field, field_validator

from styles.service.config import (
    Address,
    BalancerAddress,
    ConfigError,
    ConfigPath,
    Endpoint,
    Section,
    http_url,
    load,
    take_credentials,
)


class Inner(Section):
    port: int = Field(default=1, alias="door")

    @field_validator("port")
    @classmethod
    def _odd(cls, port: int) -> int:
        if port % 2 == 0:
            raise ValueError("even ports are taken")
        return port


class Keep(Section):
    path: ConfigPath = Path("var")
    count: int = Field(default=1, ge=1)
    rate: float = 1.0
    quick: bool = False
    name: str = ""
    kind: Literal["a", "b"] = "a"
    inner: Inner = Inner()


class Root(BaseModel):
    runner: Keep = Keep()


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    return file


def test_a_path_is_relative_to_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    file = written(tmp_path / "etc", '[runner]\npath = "var/x"\n[styles]\na = 1\n')
    monkeypatch.chdir(tmp_path)
    assert load(Path("etc/config.toml"), Root).runner.path == file.parent / "var/x"


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    assert load(written(tmp_path, '[runner]\npath = "/srv/x"\n'), Root).runner.path == Path("/srv/x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[runner]\ncuont = 2\n", r"no key called cuont in \[runner\]; did you mean count\?$"),
        ("[runner]\nzzz = 2\n", r"no key called zzz in \[runner\]$"),
        ("[runner.inner]\ndoor_ = 2\n", r"no key called door_ in \[runner.inner\]; did you mean door\?"),
        ("[runner.inner]\ndoor = 2\n", "runner.inner.door: even ports are taken$"),
        ('[runner]\ncount = "many"\n', "runner.count must be a whole number$"),
        ("[runner]\ncount = 0\n", "runner.count must be 1 or more$"),
        ('[runner]\nrate = "fast"\n', "runner.rate must be a number$"),
        ('[runner]\nquick = "perhaps"\n', "runner.quick must be true or false$"),
        ("[runner]\nname = 7\n", "runner.name must be text in quotes$"),
        ('[runner]\nkind = "c"\n', "runner.kind must be 'a' or 'b'$"),
        ("[runner]\ninner = 3\n", "runner.inner must be a table$"),
        ("[runner\n", "cannot be read"),
        ("[runer]\n", r"\[runer\]"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load(written(tmp_path, text), Root)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, "")
    file.write_bytes(b'[runner]\npath = "\xff"\n')
    with pytest.raises(ConfigError, match=r"config\.toml cannot be read"):
        load(file, Root)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--config"):
        load(tmp_path / "absent.toml", Root)


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:80"), ("0.0.0.0", "http://127.0.0.1:80"), ("::1", "http://[::1]:80")],
)
def test_url(host: str, url: str) -> None:
    assert Address(host=host, port=80).url == url


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert (http_url("::", 1), http_url("a.example", 2)) == ("http://[::]:1", "http://a.example:2")
    assert Endpoint(host="::", port=3).url == "http://127.0.0.1:3"


class Balancers(BaseModel):
    balancer: BalancerAddress = BalancerAddress()


def test_the_balancers_are_those_that_are_named_or_else_the_one_of_host_and_port(tmp_path: Path) -> None:
    assert BalancerAddress(host="gpu-1").all_urls == ("http://gpu-1:8481",)
    file = written(tmp_path, '[balancer]\nurls = ["http://gpu-1:8481/", "https://[::1]"]\n')
    assert load(file, Balancers).balancer.all_urls == ("http://gpu-1:8481", "https://[::1]")


@pytest.mark.parametrize(
    "urls",
    [
        "gpu-1:8481",
        "ftp://gpu-1",
        "http://",
        "http://gpu-1/v1",
        "http://gpu-1:x",
        "http://ann@gpu-1",
        "http://a?b",
    ],
)
def test_what_is_no_address_of_a_balancer(tmp_path: Path, urls: str) -> None:
    with pytest.raises(
        ConfigError, match=r"balancer\.urls\.0: the address of a service is written like http://"
    ):
        load(written(tmp_path, f'[balancer]\nurls = ["{urls}"]\n'), Balancers)


def test_a_balancer_is_named_once(tmp_path: Path) -> None:
    file = written(tmp_path, '[balancer]\nurls = ["http://a", "http://a/"]\n')
    with pytest.raises(ConfigError, match="names one balancer twice"):
        load(file, Balancers)


def test_secrets_that_are_handed_over_as_files_are_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "MAILBOT_IMAP_PASSWORD").write_text("from a file\n")
    (tmp_path / "PGPASSWORD").write_text("from a file")
    (tmp_path / "..data").write_text("no name of a variable")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "PGPASSWORD": "set before"}
    take_credentials(environment)
    assert environment == {"MAILBOT_IMAP_PASSWORD": "from a file", "PGPASSWORD": "set before"}
    take_credentials(environment)
    assert len(environment) == 2


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "PGPASSWORD").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="PGPASSWORD cannot be read"):
        take_credentials({"CREDENTIALS_DIRECTORY": str(tmp_path)})


def test_a_folder_of_secrets_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"CREDENTIALS_DIRECTORY names .*/nowhere, which cannot be read"):
        take_credentials({"CREDENTIALS_DIRECTORY": str(tmp_path / "nowhere")})
