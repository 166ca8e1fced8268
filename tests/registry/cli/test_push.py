from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from registry.app import running
from registry.cli.main import app
from registry.cli.push import build_publication, each, report
from registry.client_upload import Publication, Published
from registry.config import RegistryConfigFile
from styles.contract import Card
from styles.errors import BadOption
from styles.formats import style_file
from tests.fakes.registry.service import TOKEN
from tests.fakes.registry.validator import FakeValidator

MIXTURE = ("lite-3-0-5-12-0-5", "Lite 3:0.5,12:0.5", "3:0.5,12:0.5")
PUBLISHED = Published(
    name="mosaic", version=3, digest="sha256:0", preview="/blobs/ab", notes=("A note.",), seconds=1.25
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the trainer writes."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(b"weights")
    card = Card(
        name="mosaic",
        title="Mosaic",
        artist="Ada",
        licence="CC0-1.0",
        pixel_range="0..255",
        other_names=("Mosaik", "马赛克"),
    )
    style_file.write_card(folder / "style.toml", card)
    return folder


def registry(*arguments: str | Path, token: str = TOKEN) -> Result:
    """The command in this process, since a process of its own imports for most of a second."""
    return CliRunner().invoke(app, [*map(str, arguments)], env={"REGISTRY_UPLOAD_TOKEN": token})


def test_a_folder_of_the_trainers_says_all(folder: Path) -> None:
    for file in (folder, folder / "weights.safetensors"):
        publication = build_publication(file, "", {})
        assert publication.name == "mosaic"
        assert publication.weights == folder / "weights.safetensors"
        assert publication.fields == {
            "title": "Mosaic",
            "artist": "Ada",
            "licence": "CC0-1.0",
            "pixel_range": "0..255",
            "other_names": "Mosaik, 马赛克",
        }


def test_what_is_given_goes_before_the_card(folder: Path) -> None:
    publication = build_publication(folder, "tiles", {"title": "Tiles", "artist": ""})
    assert (publication.name, publication.fields["title"], publication.fields["artist"]) == (
        "tiles",
        "Tiles",
        "Ada",
    )


def test_a_card_that_says_no_pixel_range_leaves_it_to_the_trial(folder: Path) -> None:
    (folder / "style.toml").write_text('name = "mosaic"\ntitle = "Mosaic"\n')
    assert build_publication(folder, "", {}).fields == {"title": "Mosaic"}


def test_the_card_of_another_file_is_not_read(folder: Path) -> None:
    other = folder / "candy.onnx"
    other.write_bytes(b"weights")
    assert build_publication(other, "candy", {}).fields == {}
    with pytest.raises(BadOption, match="--name"):
        build_publication(other, "", {})


@pytest.mark.parametrize("text", ["title = ", "title = 7", 'x = "\xff"', 'name = "mosaic"'])
def test_a_card_that_is_none_is_told(folder: Path, text: str) -> None:
    (folder / "style.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadOption, match=r"style\.toml"):
        build_publication(folder, "", {})


@pytest.mark.parametrize(
    ("values", "made"),
    [
        ([], [("lite", "Lite", "")]),
        (["7"], [("lite", "Lite", "7")]),
        (["0-1", "3:0.5,12:0.5"], [("lite-0", "Lite 0", "0"), ("lite-1", "Lite 1", "1"), MIXTURE]),
        (["style=1-2"], [("lite-1", "Lite 1", "style=1"), ("lite-2", "Lite 2", "style=2")]),
        (
            ["a=1; b=2", "a=1; b=3"],
            [("lite-1-2", "Lite 1; 2", "a=1; b=2"), ("lite-1-3", "Lite 1; 3", "a=1; b=3")],
        ),
    ],
)
def test_each_choice_of_values_is_a_style(values: list[str], made: list[tuple[str, str, str]]) -> None:
    publication = Publication(name="lite", weights=Path("lite.onnx"), fields={"title": "Lite"})
    several = list(each(publication, values))
    assert [(one.name, one.fields["title"], one.fields.get("values", "")) for one in several] == made


async def test_a_network_of_many_styles_is_pushed_by_one_command(
    config: RegistryConfigFile, builtin: Path, tmp_path: Path
) -> None:
    (tmp_path / "lite.onnx").write_bytes(b"weights")
    validator = FakeValidator()
    async with running(config, builtin, token=TOKEN, validator=validator) as url:
        arguments: list[str | Path] = [
            "push",
            tmp_path / "lite.onnx",
            "--values",
            "0-2",
            "--url",
            url,
            "--name",
        ]
        shown = await asyncio.to_thread(registry, *arguments, "lite")
        refused = await asyncio.to_thread(registry, *arguments, "x" * 63)
    assert (shown.exit_code, validator.values) == (0, ["0", "1", "2"])
    assert "2 of 3: lite-1, version 1, is live." in shown.stdout
    assert "3 of 3 styles are published." in shown.stdout
    assert (refused.exit_code, refused.stderr.count("is refused. “xxx")) == (1, 3)
    assert "0 of 3 styles are published." in refused.stdout


def test_what_the_artist_is_told() -> None:
    told = report(PUBLISHED, "http://painter.example/", "bot@painter.example")
    assert told[0] == "mosaic, version 3, is live. The trial took 1.2 s."
    assert "A note." in told
    assert "Preview: http://painter.example/blobs/ab" in told
    assert "By mail: a photo to bot@painter.example with the subject “mosaic”" in told
    assert not any("By mail" in line for line in report(PUBLISHED, "http://painter.example", ""))


def test_the_command_explains_itself() -> None:
    shown = CliRunner().invoke(app, ["push", "--help"], env={"COLUMNS": "120", "TERM": "dumb"})
    assert shown.exit_code == 0
    for text in ("--name", "--pixel-range", "--licence", "--url", "--config", "REGISTRY_UPLOAD_TOKEN"):
        assert text in shown.output


async def test_a_style_is_pushed(
    config: RegistryConfigFile, builtin: Path, folder: Path, tmp_path: Path
) -> None:
    async with running(config, builtin, token=TOKEN, validator=FakeValidator()) as url:
        file = tmp_path / "config.toml"
        file.write_text(
            f'[registry]\nport = {url.rpartition(":")[2]}\n[mail]\naddress = "b@painter.example"\n'
        )
        shown = await asyncio.to_thread(registry, "push", folder, "--year", "2026", "--config", file)
        assert shown.exit_code == 0, shown.stderr
        assert "mosaic, version 1, is live" in shown.stdout
        assert f"Preview: {url}/blobs/" in shown.stdout
        assert "a photo to b@painter.example with the subject “mosaic”" in shown.stdout
        shown = await asyncio.to_thread(registry, "push", folder, "--name", "tiles", "--url", url)
        assert "tiles, version 1, is live" in shown.stdout
        refused = await asyncio.to_thread(registry, "push", folder, "--url", url, token="wrong")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines() == ["This token is not known, was revoked, or has ended."]


@pytest.mark.parametrize(
    ("arguments", "token", "told"),
    [
        (["none.onnx", "--name", "x"], TOKEN, "none.onnx"),
        (["style.onnx"], TOKEN, "--name"),
        (["style.onnx", "--name", "x"], "", "REGISTRY_UPLOAD_TOKEN"),
        (["style.onnx", "--name", "x"], TOKEN, "gives no answer"),
        ([".", "--name", "x"], TOKEN, "weights.safetensors"),
    ],
)
def test_what_goes_wrong_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], token: str, told: str
) -> None:
    (tmp_path / "style.onnx").write_bytes(b"weights")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    shown = registry("push", *arguments, "--url", "http://127.0.0.1:9", token=token)
    assert shown.exit_code == 1
    assert len(shown.stderr.splitlines()) == 1
    assert told in shown.stderr
