"""Train styles in pieces of minutes, on another machine with a GPU.

    python -m styles.training.gpu.train pack PAINTING… --photos DIR --features FILE --out pack.zip
    python -m styles.training.gpu.train train pack.zip --run DIR --steps 40000 --minutes 9

`pack` puts paintings, loss network and as many photos as fit into one file beforehand: 12 paintings, their
underpaintings and the features take 28 MB, a thousand photos 41 MB. `train` goes on with the run for that
time and saves it; the same command goes on from there. The folder of the run holds two files of 6 MB, which
can be copied back between the pieces. There

    styles train --base --fresh PAINTING… --steps 40000 --batch 16 --run DIR

writes the styles of a finished run; --wide and --detail are said there as here. Both need
torch, safetensors, numpy and Pillow alone.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
import time
import types
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from safetensors.torch import save

try:
    import pi_heif  # noqa: F401 - only whether it is there
except ImportError:  # it reads the photos of iPhones, of which a pack has none
    stub = types.ModuleType("pi_heif")
    stub.register_heif_opener = lambda **_: None  # type: ignore[attr-defined]
    sys.modules["pi_heif"] = stub

from styles.errors import BadOption, ImageTooLarge, NotAnImage, PainterError
from styles.imaging.codec import Pixels
from styles.networks.style_unet import StyleUNet
from styles.training.checkpoint import locked
from styles.training.dataset import read, read_painting, tell, to_tensor
from styles.training.held_out import photos_in
from styles.training.losses import load_features
from styles.training.recipe import Painting, Progress, Recipe
from styles.training.starting_styles import random_network, with_detail
from styles.training.trainer import Trainer

#: Most photos in a pack, their short side in pixels and their JPEG quality: 41 MB.
PHOTOS, PHOTO_SIDE, QUALITY = 1000, 384, 80
#: Most that a pack may weigh, MiB: some 600 photos, enough for a base.
MEBIBYTES = 50
#: Bytes that each file has in the list at the end of a pack, with its name.
ENTRY_BYTES = 100
#: Photos a step, of one style each: a GPU is idle with one.
BATCH = 16
#: Steps of the whole training, all pieces together.
STEPS = 40_000
#: Minutes of one piece.
MINUTES = 9.0
#: Seconds between two lines of progress.
SAID_EVERY = 15.0


def pack(
    paintings: Sequence[Path],
    photos: Path,
    features: Path | None,
    out: Path,
    *,
    cards: Path | None = None,
    most: int = PHOTOS,
    most_bytes: int = MEBIBYTES << 20,
) -> int:
    """Write paintings at their size in training, the loss network in float16, and photos into one file.

    With each painting goes its underpainting, which takes seconds to make. `cards` is the file of facts about
    the paintings; None: that of the shipped styles. Return how many photos were packed: `most`, or as many as
    `most_bytes` leave room for. Those that cannot be read are left out, and logged. A pack of before is
    replaced when the new one is whole.

    Raises `PainterError` for a painting that cannot be read, and where no photo is packed.
    """
    from styles.training.export import read_cards
    from styles.training.run import by_name

    tables, facts, count = read_cards(cards), {}, 0
    files = photos_in(photos)[0]
    partial = out.with_name(out.name + ".partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as packed:
            for name, file in by_name(paintings).items():
                painting = read_painting(file, tables.get(file.stem, {}))
                pixels = (painting.picture[0] * 255).round().byte().permute(1, 2, 0)
                packed.writestr(f"paintings/{name}.png", _encoded(pixels.numpy(), "PNG"))
                packed.writestr(f"forms/{name}.png", _encoded(painting.kept_underpainting(), "PNG"))
                facts[name] = {key: getattr(painting, key) for key in ("weight", "forms", "patch", "losses")}
            packed.writestr("paintings.json", json.dumps(facts))
            state = {key: tensor.half() for key, tensor in load_features(features).state_dict().items()}
            packed.writestr("features.safetensors", save(state))
            for content in islice(_reduced(files), most):
                if packed.start_dir + len(content) + ENTRY_BYTES * (len(packed.namelist()) + 1) > most_bytes:
                    break
                packed.writestr(f"photos/{count:04d}.jpg", content)
                count += 1
        if not count:
            raise BadOption(
                f"No photo of {photos} went into the pack. The rest takes {packed.start_dir / 2**20:.1f} of "
                f"{most_bytes / 2**20:.1f} MiB: say more by --mebibytes, or another folder by --photos."
            )
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return count


def _reduced(files: Sequence[Path]) -> Iterator[bytes]:
    """Yield photos as JPEGs of `PHOTO_SIDE`; leave out, and log, those that cannot be read."""
    for file in files:
        try:
            pixels = read(file, PHOTO_SIDE)
        except (NotAnImage, ImageTooLarge, OSError) as error:
            tell(error)
        else:
            yield _encoded(pixels, "JPEG", quality=QUALITY, optimize=True)


def _encoded(pixels: Pixels, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def unpack(file: Path, folder: Path) -> tuple[dict[str, Painting], list[Path], Path]:
    """Unpack a pack into a folder; return paintings, photos, and the file of the features."""
    with zipfile.ZipFile(file) as packed:
        packed.extractall(folder)
    facts: dict[str, dict[str, Any]] = json.loads((folder / "paintings.json").read_text())
    paintings = {
        name: Painting(
            picture=to_tensor(read(folder / "paintings" / f"{name}.png")),
            underpainting=read(folder / "forms" / f"{name}.png"),
            **known,
        )
        for name, known in facts.items()
    }
    return paintings, sorted((folder / "photos").iterdir()), folder / "features.safetensors"


def train(
    file: Path,
    run: Path,
    recipe: Recipe,
    network: StyleUNet | None = None,
    *,
    minutes: float = MINUTES,
    device: str = "cuda",
) -> Progress:
    """Go on with a run for some minutes, unpacking included, or until its steps are taken.

    `network` is what a new run begins with.
    """
    began = time.monotonic()
    torch.backends.cudnn.benchmark = True  # every step has the same shapes
    with tempfile.TemporaryDirectory() as folder, locked(run):
        paintings, photos, features = unpack(file, Path(folder))
        trainer = Trainer(paintings, photos, load_features(features), run, recipe, device, network)
        said = 0.0

        def report(progress: Progress) -> None:
            nonlocal said
            if time.monotonic() - said >= SAID_EVERY:
                said = time.monotonic()
                losses = "  ".join(f"{key} {value:.3f}" for key, value in progress.losses.items())
                print(f"{progress.step} of {recipe.steps}, {said - began:.0f} s: {losses}", flush=True)

        left = 60 * minutes - (time.monotonic() - began)
        trainer.run(report, save_seconds=120.0, pause_seconds=left)
    return trainer.progress


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `pack` or `train` as typed."""
    options = _options().parse_args(arguments)
    try:
        if options.command == "pack":
            given = options.paintings, options.photos, options.features, options.out
            count = pack(*given, cards=options.cards, most_bytes=options.mebibytes << 20)
            print(f"{options.out}: {count} photos, {options.out.stat().st_size / 2**20:.1f} MiB")
        else:
            recipe = Recipe(steps=options.steps, batch=options.batch, crop=options.crop)
            network = with_detail(random_network(recipe.seed, wide=options.wide), options.detail)
            limits = {"minutes": options.minutes, "device": options.device}
            progress = train(options.pack, options.run, recipe, network, **limits)
            print(f"{progress.step} of {options.steps} steps are taken")
    except (PainterError, OSError, ValueError) as error:
        raise SystemExit(str(error)) from error


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack")
    packing.add_argument("paintings", nargs="+", type=Path)
    packing.add_argument("--photos", type=Path, required=True)
    packing.add_argument("--features", type=Path, help="VGG16 as safetensors; default: torchvision's")
    packing.add_argument("--out", type=Path, default=Path("pack.zip"))
    packing.add_argument("--cards", type=Path, help="TOML file with facts about each painting")
    packing.add_argument("--mebibytes", type=int, default=MEBIBYTES, help="most that the pack may weigh")
    training = commands.add_parser("train")
    training.add_argument("pack", type=Path)
    training.add_argument("--run", type=Path, required=True)
    training.add_argument("--steps", type=int, default=STEPS, help="of all pieces together")
    training.add_argument("--batch", type=int, default=BATCH)
    training.add_argument("--crop", type=int, default=Recipe().crop)
    training.add_argument("--wide", action="store_true", help="more channels for strokes, see docs/styles.md")
    training.add_argument("--detail", type=float, help="parts of the photo's fine lines to add")
    training.add_argument("--minutes", type=float, default=MINUTES, help="of this piece")
    training.add_argument("--device", default="cuda")
    return parser


if __name__ == "__main__":
    main()
