"""The `styles` command, as someone types it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from styles.cli import app
from styles.contract import StyleOptions
from styles.formats import style_file
from styles.imaging.codec import Pixels, decode
from styles.imaging.contact_sheet import Grid
from styles.imaging.underpainting import mixed
from styles.importing import importer
from styles.inference.open import conditioning_of, open_session, open_style
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.session import Conditioning, InferenceSession
from styles.inference.stylize import stylize
from tests.fakes.styles.foreign_files import write_onnx, write_state_dict
from tests.fakes.styles.style_files import make_shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Has photo.jpg and styles: mosaic and wave share a base, cubist has its own."""
    for seed, name in enumerate(("mosaic", "wave")):
        make_shipped(tmp_path / "styles", name, seed)
    make_shipped(tmp_path / "styles", "cubist", 2, base_seed=9)
    noise = np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "photo.jpg")
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--styles", str(folder / "styles")])
    return result.exit_code, result.output


def painted(folder: Path, *arguments: str) -> Pixels:
    """What `paint` makes of the photo with these arguments."""
    out = folder / "painted.png"
    code, said = run(folder, "paint", str(folder / "photo.jpg"), *arguments, "--out", str(out))
    assert code == 0, said
    return decode(out.read_bytes())


def difference(a: Pixels, b: Pixels) -> float:
    """Mean, of 255 levels; pictures of two styles are 5 and more apart."""
    return float(np.abs(a.astype(int) - b).mean())


def test_paint_writes_a_picture(folder: Path) -> None:
    out = folder / "out.jpg"
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wave", "--out", str(out))
    assert code == 0, said
    assert "90x60" in said
    with Image.open(out) as picture:
        assert picture.size == (90, 60)


def test_paint_at_a_size_as_png(folder: Path) -> None:
    out = folder / "out.png"
    code, _ = run(
        folder, "paint", str(folder / "photo.jpg"), "--style", "wave", "--size", "64", "--out", str(out)
    )
    assert code == 0
    with Image.open(out) as picture:
        assert picture.format == "PNG"
        assert picture.size == (64, 43)


def test_an_unknown_style_names_the_known_ones(folder: Path) -> None:
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wavy")
    assert code == 1
    assert "wavy" in said
    assert "wave, cubist, mosaic" in said  # the nearest first


def test_a_strength_out_of_range_is_refused(folder: Path) -> None:
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wave", "--strength", "7")
    assert code == 1
    assert "between 0 and 1" in said


def test_what_is_no_photo_is_refused(folder: Path) -> None:
    (folder / "photo.jpg").write_text("no photo")
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wave")
    assert code == 1
    assert "could not open" in said


def test_a_name_may_be_written_as_in_a_mail(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_shipped(folder / "styles", "great-wave", 3)
    monkeypatch.chdir(folder)
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "Great Wave")
    assert code == 0, said
    assert (folder / "photo-great-wave.jpg").exists()


@pytest.mark.parametrize("wrong", [["--out", "x.tiff"], ["--out", "absent/x.jpg"], ["--device", "cuda"]])
def test_what_cannot_be_done_is_one_line(folder: Path, wrong: list[str]) -> None:
    if "cuda" in wrong and torch.cuda.is_available():
        pytest.skip("there is a GPU")
    code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", "wave", *wrong)
    assert code == 1
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("write", "name"),
    [(write_state_dict, "candy.safetensors"), (write_onnx, "candy.onnx"), (write_onnx, "kept")],
)
def test_a_kept_file_of_any_network_is_painted_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None], name: str
) -> None:
    write(folder / "upload")
    importer.keep(folder / "upload", folder / name, None)
    style, photo = open_style(folder / name), decode((folder / "photo.jpg").read_bytes())
    expected = stylize(style.session, [photo], [style.conditioning], [StyleOptions()])[0]
    assert difference(painted(folder, "--style", str(folder / name)), expected) < 0.5
    monkeypatch.chdir(folder)
    assert run(folder, "paint", "photo.jpg", "--style", f"./{name}")[0] == 0
    assert (folder / f"photo-{Path(name).stem}.jpg").exists()


def test_a_style_file_of_ours_is_that_style(folder: Path) -> None:
    file = folder / "styles" / "wave" / "weights.safetensors"
    assert difference(painted(folder, "--style", str(file)), painted(folder, "--style", "wave")) < 0.5


def test_a_file_that_nobody_has_published_is_no_style_yet(folder: Path) -> None:
    write_state_dict(folder / "candy.pth")
    write_onnx(folder / "candy.onnx")
    for name, reason in (("candy.pth", "Publish it"), ("candy.onnx", "publish it"), ("none.onnx", "no file")):
        code, said = run(folder, "paint", str(folder / "photo.jpg"), "--style", str(folder / name))
        assert (code, len(said.strip().splitlines())) == (1, 1), said
        assert reason in said


def test_list_shows_names(folder: Path) -> None:
    code, said = run(folder, "list")
    assert code == 0
    assert "mosaic" in said
    assert "wave" in said


def test_a_blend_of_one_is_that_style(folder: Path) -> None:
    wave = painted(folder, "--style", "wave")
    assert difference(painted(folder, "--blend", "wave:0.3"), wave) < 0.5
    assert difference(painted(folder, "--blend", "mosaic"), wave) > 5


def test_a_blend_is_painted_in_the_mean_row(folder: Path) -> None:
    files = [style_file.read(folder / "styles" / n / "weights.safetensors") for n in ("wave", "mosaic")]
    photo = decode((folder / "photo.jpg").read_bytes())
    one, two = (conditioning_of(file) for file in files)
    forms = mixed([each.underpainting for each in (one, two) if each.underpainting is not None], [0.5, 0.5])
    mean = Conditioning((one.row + two.row) * np.float32(0.5), forms)
    wanted = stylize(open_session(files[0].network), [photo], [mean], [StyleOptions()])[0]
    half = painted(folder, "--blend", "wave,mosaic")
    assert difference(half, wanted) < 0.5
    assert difference(half, painted(folder, "--blend", "mosaic:20,wave:20")) < 0.5
    assert difference(half, painted(folder, "--style", "wave")) > 5


def test_a_blend_of_two_bases_mixes_their_pictures(folder: Path) -> None:
    for seed, name in enumerate(("calm", "still")):
        make_shipped(folder / "styles", name, seed, base_seed=seed)
    half = painted(folder, "--blend", "calm,still").astype(int)
    calm, still = (painted(folder, "--style", name).astype(int) for name in ("calm", "still"))
    assert difference(half, (calm + still) / 2) < 1
    assert difference(half, calm) > 5


def test_a_blend_names_its_picture_and_its_parts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    code, said = run(folder, "paint", "photo.jpg", "--blend", "Wave:0.6,mosaic:0.2")
    assert code == 0, said
    assert said.startswith("photo-wave-mosaic.jpg: 90x60, wave 75%, mosaic 25%, ")
    assert Path("photo-wave-mosaic.jpg").exists()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (["--style", "wave", "--blend", "mosaic"], "not both"),
        (["--blend", "wave:0.5,mosaik:0.5"], "“mosaik”"),
        (["--blend", "wave:-1"], "from 0 to 1000"),
        (["--blend", ""], "name is missing"),
        (["--style", "wave", "--out", "absent/x.jpg"], "no folder “absent”"),
        (["--style", "wave", "--out", "folder.jpg"], "is a folder"),
        (["--style", "wave", "--out", "photo.jpg"], "the photo itself"),
        (["--style", "wave", "--out", "link.jpg"], "the photo itself"),
    ],
)
def test_what_is_refused_leaves_the_photo_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, wrong: list[str], reason: str
) -> None:
    monkeypatch.chdir(folder)
    Path("folder.jpg").mkdir()
    Path("link.jpg").symlink_to("photo.jpg")
    before, files = Path("photo.jpg").read_bytes(), sorted(folder.rglob("*"))
    code, said = run(folder, "paint", str(folder / "photo.jpg"), *wrong)
    assert code == 1
    assert reason in said
    assert Path("photo.jpg").read_bytes() == before
    assert sorted(folder.rglob("*")) == files


@pytest.mark.parametrize("command", [["paint", "--blend", "wave,mosaic"], ["sheet"]])
def test_a_broken_style_file_is_named(folder: Path, command: list[str]) -> None:
    (folder / "styles" / "wave" / "weights.safetensors").write_text("no weights")
    code, said = run(folder, *command, str(folder / "photo.jpg"))
    assert code == 1
    assert said.startswith("wave: ")


def test_a_sheet_has_the_photo_and_every_style(folder: Path) -> None:
    out = folder / "all.png"
    code, said = run(folder, "sheet", str(folder / "photo.jpg"), "--out", str(out), "--columns", "2")
    assert code == 0, said
    whole = decode(out.read_bytes())
    grid = Grid.of(4, 90, 60, 2)
    assert f"{grid.size[0]}x{grid.size[1]}, 3 styles" in said
    assert whole.shape == (grid.size[1], grid.size[0], 3)
    pictures = [painted(folder, "--style", name) for name in ("cubist", "mosaic", "wave")]
    for index, picture in enumerate([decode((folder / "photo.jpg").read_bytes()), *pictures]):
        left, top = grid.corner(index)
        assert difference(whole[top : top + 60, left : left + 90], picture) < 0.5


def test_a_sheet_opens_one_session_a_base(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def counted(
        network: Mapping[str, style_file.Array], device: str, threads: int, active_model: ActiveModel
    ) -> InferenceSession:
        opened.append(device)
        return open_session(network, device, threads, active_model)

    monkeypatch.setattr("styles.inference.open.open_session", counted)
    monkeypatch.chdir(folder)
    code, said = run(folder, "sheet", "photo.jpg", "--size", "64")
    assert code == 0, said
    assert opened == ["cpu", "cpu"]  # of three styles, on two bases
    assert Path("photo-sheet.jpg").exists()


def test_a_title_in_letters_of_no_font_gives_way_to_the_name(folder: Path) -> None:
    left, top = Grid.of(4, 90, 60).corner(3)
    labels = []
    for title in ("\U0010fffd\U0010fffc", "wave"):  # letters for private use, which no font has
        card = folder / "styles" / "wave" / "style.toml"
        lines = card.read_text(encoding="utf-8").splitlines()
        lines = [f'title = "{title}"' if line.startswith("title") else line for line in lines]
        card.write_text("\n".join(lines), encoding="utf-8")
        run(folder, "sheet", str(folder / "photo.jpg"), "--out", str(folder / "all.png"))
        labels.append(decode((folder / "all.png").read_bytes())[top + 60 :, left:])
    assert np.array_equal(labels[0], labels[1])


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (["--out", "photo.jpg"], "the photo itself"),
        (["--out", "absent/all.jpg"], "no folder “absent”"),
        (["--size", "3"], "between 64 and"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, wrong: list[str], reason: str
) -> None:
    monkeypatch.chdir(folder)
    code, said = run(folder, "sheet", "photo.jpg", *wrong)
    assert code == 1
    assert reason in said


def test_a_folder_without_styles_is_told(folder: Path) -> None:
    (folder / "empty").mkdir()
    arguments = ["sheet", str(folder / "photo.jpg"), "--styles", str(folder / "empty")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert "no styles" in result.output
