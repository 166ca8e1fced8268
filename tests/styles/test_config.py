"""Reading config.toml: relative paths, typing mistakes, and errors that say where."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from styles.config import Address, ConfigError, ConfigPath, Section, load


class Keep(Section):
    path: ConfigPath = Path("var")
    count: int = 1


class Root(BaseModel):
    keep: Keep = Keep()


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    return file


def test_a_path_is_relative_to_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    file = written(tmp_path / "etc", '[keep]\npath = "var/x"\n[other]\na = 1\n')
    monkeypatch.chdir(tmp_path)
    assert load(Path("etc/config.toml"), Root).keep.path == file.parent / "var/x"


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    assert load(written(tmp_path, '[keep]\npath = "/srv/x"\n'), Root).keep.path == Path("/srv/x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[keep]\ncuont = 2\n", "keep.cuont"),
        ('[keep]\ncount = "many"\n', "keep.count"),
        ("[keep\n", "cannot be read"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load(written(tmp_path, text), Root)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--config"):
        load(tmp_path / "absent.toml", Root)


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:80"), ("0.0.0.0", "http://127.0.0.1:80"), ("::1", "http://[::1]:80")],
)
def test_url(host: str, url: str) -> None:
    assert Address(host=host, port=80).url == url
