"""Networks against each other at equal training time: held-out losses, and pictures to look at.

    transformer-net     Johnson et al. 2016 at half its widths (16/32/64, five residual blocks), conditional
    unshuffle           ours: see `styles/networks/style_unet.py`
    unshuffle-small     ours with fewer channels and blocks
    unshuffle-wide      ours with eight blocks, for strokes that reach wider

All train with the same recipe, losses, photos and seed, one after the other, `--minutes` each, and all pad by
reflection. This takes long, so it is no part of `make bench`:

    python -m benchmarks.networks PAINTING… --photos DIR --features FILE --minutes 20 --out DIR
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from styles.formats.architecture import Shape
from styles.imaging.codec import decode, encode
from styles.imaging.grain import add_grain
from styles.inference.session import crop, extend
from styles.networks.style_unet import StyleNetwork, StyleUNet, convolution, normalize
from styles.training.dataset import load_painting, photos_in, to_tensor
from styles.training.losses import load_features
from styles.training.recipe import Painting, Recipe
from styles.training.run import PAINTING_SIDE
from styles.training.trainer import Trainer


class TransformerNet(StyleNetwork):
    """The network of Johnson et al. 2016 (arXiv:1603.08155) with conditional instance norm.

    9x9 stem, two strided 3x3, residual blocks of two 3x3, two 3x3 after nearest upsampling, 9x9 head.
    """

    def __init__(self, width: int = 16, blocks: int = 5) -> None:
        super().__init__()
        w = width
        self.encoder = nn.ModuleList(
            [
                convolution(3, w, 9),
                convolution(w, 2 * w, 3, stride=2),
                convolution(2 * w, 4 * w, 3, stride=2),
            ]
        )
        self.blocks = nn.ModuleList(convolution(4 * w, 4 * w, 3) for _ in range(2 * blocks))
        self.decoder = nn.ModuleList([convolution(4 * w, 2 * w, 3), convolution(2 * w, w, 3)])
        self.out = convolution(w, 3, 9, bias=True)
        self.norms = (w, 2 * w, 4 * w, *[4 * w] * 2 * blocks, 2 * w, w)

    def forward(self, image: Tensor, rows: Tensor) -> Tensor:
        """image (B, 3, H, W) in 0..1, rows (B, R)  ->  (B, 3, H, W) in 0..1."""
        norms = iter(self.split(rows))
        x = image
        for layer in self.encoder:
            x = F.relu(normalize(layer(x), *next(norms)))
        for first, second in zip(self.blocks[::2], self.blocks[1::2], strict=True):
            y = F.relu(normalize(first(x), *next(norms)))
            x = x + normalize(second(y), *next(norms))
        for layer in self.decoder:
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")
            x = F.relu(normalize(layer(x), *next(norms)))
        return torch.sigmoid(self.out(x).float())

    @property
    def multiply_adds(self) -> float:
        """Multiply-adds a pixel of the picture, convolutions only."""
        sizes = [1, 4, 16, *[16] * len(self.blocks), 4, 1, 1]
        layers = [*self.encoder, *self.blocks, *self.decoder, self.out]
        weights = [layer.get_parameter("weight") for layer in layers]
        return sum(float(weight.numel()) / size for weight, size in zip(weights, sizes, strict=True))


def _ours(**sizes: int) -> tuple[StyleNetwork, float]:
    shape = Shape(**sizes)
    return StyleUNet(shape), shape.multiply_adds


#: What is compared: the network and its multiply-adds a pixel.
NETWORKS: dict[str, Callable[[], tuple[StyleNetwork, float]]] = {
    "transformer-net": lambda: ((net := TransformerNet()), net.multiply_adds),
    "unshuffle": _ours,
    "unshuffle-small": lambda: _ours(stem=16, body=48, hidden=96, blocks=4, head=24),
    "unshuffle-wide": lambda: _ours(blocks=8),
}


def main() -> None:
    """Trains each, measures on the photos held out, paints a photo with each, prints the table."""
    arguments = _arguments()
    names = [arguments.only] if arguments.only else list(NETWORKS)
    if there := [name for name in names if (arguments.out / name).exists()]:
        raise SystemExit(
            f"{arguments.out} has runs of {', '.join(there)}: remove them, or name another --out."
        )
    table = Table("network", "multiply-adds a pixel", "parameters", "steps", "content", "style", "total")
    for name in names:
        table.add_row(name, *_row(name, arguments))
    Console().print(table)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paintings", nargs="+", type=Path)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--features", type=Path, help="VGG16 as safetensors; default: torchvision's")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--out", type=Path, default=Path("runs/networks"))
    parser.add_argument("--look", type=Path, help="photo to paint with each; default: one held out")
    parser.add_argument("--only", choices=NETWORKS, help="train only this one")
    return parser.parse_args()


def _row(name: str, arguments: argparse.Namespace) -> list[str]:
    """Trains one network; its cells of the table."""
    recipe = Recipe(minutes=arguments.minutes, crop=224, batch=2)
    training, held_out = photos_in(arguments.photos)
    torch.manual_seed(recipe.seed)
    network, multiply_adds = NETWORKS[name]()
    paintings = {
        file.stem: Painting(picture=load_painting(file, PAINTING_SIDE)) for file in arguments.paintings
    }
    features = load_features(arguments.features)
    trainer = Trainer(paintings, training, features, arguments.out / name, recipe, network=network)
    trainer.run(lambda _: None)
    measured = trainer.measure(held_out)
    _look(trainer, arguments.look or held_out[0])
    parameters = sum(p.numel() for p in network.parameters())
    losses = [sum(m[key] for m in measured.values()) / len(measured) for key in ("content", "style", "total")]
    return [
        f"{multiply_adds / 1000:.1f}k",
        f"{parameters / 1000:.0f}k",
        str(trainer.progress.step),
        *(f"{loss:.3f}" for loss in losses),
    ]


def _look(trainer: Trainer, file: Path) -> None:
    """Paints a photo in each style, with the margin that the engines give it, into the run's folder."""
    photo = decode(file.read_bytes(), long_side=1024)
    extended = to_tensor(extend(add_grain(photo)))
    for name, row in zip(trainer.names, trainer.rows, strict=True):
        with torch.no_grad():
            painted = trainer.paint(extended, row[None])[0]
        pixels = (painted * 255).round().byte().permute(1, 2, 0).numpy()
        (trainer.folder / f"{name}.jpg").write_bytes(encode(crop(pixels, photo)))


if __name__ == "__main__":
    main()
