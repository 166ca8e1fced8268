from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from registry.config import RegistryConfig, RegistryConfigFile
from styles.service.config import ConfigError, load

SHIPPED = Path(__file__).parents[2] / "config.toml"


def test_the_shipped_file_holds_the_defaults(tmp_path: Path) -> None:
    config = load(SHIPPED, RegistryConfigFile)
    table = tomllib.loads(SHIPPED.read_text())["registry"]
    assert set(table) == set(RegistryConfig.model_fields)
    (tmp_path / "config.toml").write_text("")
    defaults = load(tmp_path / "config.toml", RegistryConfigFile)
    assert (defaults.registry.host, defaults.registry.port) == (config.registry.host, config.registry.port)
    assert config.registry.data.relative_to(SHIPPED.parent) == defaults.registry.data.relative_to(tmp_path)
    assert defaults.registry.max_upload_bytes == config.registry.max_upload_bytes
    assert defaults.registry.proxied == config.registry.proxied
    assert defaults.balancer == config.balancer
    assert defaults.mail == config.mail
    assert defaults.styles == config.styles


def test_the_folder_is_relative_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[registry]\ndata = "here"\n[mail]\naddress = "a@b.example"\nledger = 7\n')
    config = load(file, RegistryConfigFile)
    assert config.registry.data == tmp_path / "here"
    assert config.mail.address == "a@b.example"


@pytest.mark.parametrize(
    "line", ["prot = 1", "port = 70000", 'port = "x"', "port = -1", "max_upload_bytes = 0"]
)
def test_what_makes_no_sense_is_told(tmp_path: Path, line: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[registry]\n{line}\n")
    with pytest.raises(ConfigError, match=r"registry[.\]]"):
        load(file, RegistryConfigFile)


def test_everywhere_is_called_at_home() -> None:
    assert RegistryConfig(host="0.0.0.0", port=1).url == "http://127.0.0.1:1"
    assert RegistryConfig(host="::1", port=1).url == "http://[::1]:1"


def test_another_database_and_other_blobs_are_named(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    lines = ['database = "postgresql://registry@db/styles?sslmode=require"', 'blobs = "s3://bucket/prefix"']
    file.write_text("\n".join(["[registry]", *lines, 'blobs_endpoint = "https://minio:9000"']))
    location = load(file, RegistryConfigFile).registry.location
    assert location.database == "postgresql://registry@db/styles?sslmode=require"
    assert (location.blobs, location.endpoint) == ("s3://bucket/prefix", "https://minio:9000")
    assert location.folder == tmp_path / "var" / "registry"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('database = "mysql://host/name"', "must be"),
        ('database = "registry.db"', "must be"),
        ('database = "postgresql://registry:hush@db/styles"', "set PGPASSWORD"),
        ('database = "postgresql://db/styles?password=hush"', "set PGPASSWORD"),
        ('blobs = "/var/blobs"', "must be"),
        ('blobs = "s3://"', "must be"),
        ('blobs = "s3://key:hush@bucket"', "must be"),
        ('blobs_endpoint = "minio:9000"', "must be"),
        ('blobs_endpoint = "https://key:hush@minio"', "must be"),
    ],
)
def test_what_no_database_can_be_is_told_without_its_secret(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[registry]\n{line}\n")
    with pytest.raises(ConfigError, match=reason) as caught:
        load(file, RegistryConfigFile)
    assert "hush" not in str(caught.value)
