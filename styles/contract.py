"""Define the values that packages exchange.

    Card            a style's description                  trainer -> registry -> pages and mails
    StyleSummary    one line of the list of styles         registry -> all others
    ResolvedStyle   the current version of a style         registry -> balancer
    StyleOptions    options for painting a photo           mailbot -> balancer -> runner
    StyleJob        one photo to be painted                mailbot -> balancer
    StyleResult     the painted photo                      balancer -> mailbot
    PaintingRecipe  how a photo was painted                balancer -> picture -> mailbot

All are frozen; `dataclasses.replace` makes a changed copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from styles.errors import BadOption
from styles.translatable import gettext_noop

Format = Literal["jpeg", "png"]
#: A network's values for black and white.
PixelRange = Literal["0..1", "0..255", "-1..1"]

#: Default long side of a painting, pixels.
DEFAULT_SIZE = 1024
#: Long side up to which a smaller photo is enlarged before it is painted, pixels, and how many times at most.
ENLARGED_SIDE, MOST_ENLARGED = 1024, 2
#: Smallest and largest long side of a request, pixels; a phone's widest panorama has 16,382.
MIN_SIZE, MAX_SIZE = 64, 16_384
#: Least strength that can be asked for: below it a painting looks like the photo.
MIN_STRENGTH = 0.05
#: Most pixels of a photo; the largest phone cameras of 2026 take 50 megapixels by default.
MAX_PIXELS = 64_000_000
#: Largest long side of a preview, pixels: twice that of a letter, for dense screens.
MAX_PREVIEW = 2048
#: Most bytes of a preview: five previews take the space of one large picture.
PREVIEW_BYTES = 120_000
#: Beginning of the secret alias of a private style, by which only the bot asks for it, for its author.
PRIVATE = "private-"
#: Mark between the digest of a private style's weights and the key by which the registry gives them away.
_KEY = "."
#: Sender of the photos that the registry has painted as proofs, which nobody has asked for.
PROOFS = "registry proofs"
#: Most styles in one blend: with more, all blends turn grey.
MAX_BLEND = 4


def style_to_show(name: str, ref: str | int) -> str:
    """Return what was asked for as people may read it: a style, or NAME@REF without a secret alias."""
    return name if ref == "live" or str(ref).startswith(PRIVATE) else f"{name}@{ref}"


def keyed_digest(digest: str, key: str) -> str:
    """Return a digest as the balancer and the runners have it of a private style."""
    return digest + _KEY + key


def split_digest(digest: str) -> tuple[str, str]:
    """Return the digest of a file, and the key of a private style's, or ""."""
    plain, _, key = digest.partition(_KEY)
    return plain, key


def painted_side(long_side: int) -> int:
    """Return the long side at which a photo of that long side is painted, both in pixels.

    Strokes have a size of their own, some 10 pixels. In a photo of 500 pixels they hid faces and windows. So
    a small photo is enlarged, painted, and its picture reduced again. It takes as long as a photo of
    `ENLARGED_SIDE`.
    """
    return max(long_side, min(MOST_ENLARGED * long_side, ENLARGED_SIDE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Describe a style. Kept as `style.toml` beside the weights, and in the registry as JSON."""

    name: str  #: lower case, digits and hyphens: the name that people write
    title: str
    artist: str = ""
    year: str = ""
    licence: str = ""
    #: File name of the painting from which it was trained.
    painting: str = ""
    description: str = ""
    #: `style-unet` (this project's), `transformer-net` (pytorch/examples' fast_neural_style), or `onnx`.
    architecture: str = "style-unet"
    pixel_range: PixelRange = "0..1"
    #: `sha256:…` of the shared part of the weights: styles of one base can share a batch. "" for none.
    base: str = ""
    #: Record of the training: command, steps, photos, losses, seed.
    trained: str = ""
    #: Other names of the painting and of its artist, in any language, by which people ask for it in mails.
    other_names: tuple[str, ...] = ()
    #: Movements and kinds of pictures, such as `cubism`, by which people ask for it in mails.
    tags: tuple[str, ...] = ()

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Card:
        """Make a card from TOML, JSON or a row; unknown keys are ignored."""
        known = {field.name for field in fields(cls)}
        given: dict[str, Any] = {key: value for key, value in values.items() if key in known}
        given |= {key: tuple(given[key]) for key in ("other_names", "tags") if key in given}
        return cls(**given)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleSummary:
    """Describe one style in the list."""

    name: str
    title: str
    artist: str = ""
    year: str = ""
    description: str = ""
    #: Path of the preview picture below the registry's address, or "".
    preview: str = ""
    #: Paths of smaller WebP pictures of the preview by their width in pixels; empty while there are none.
    thumbnails: Mapping[str, str] = field(default_factory=dict)
    #: Version number by alias; jobs get `live`.
    aliases: Mapping[str, int]
    other_names: tuple[str, ...] = ()  #: as on the card
    tags: tuple[str, ...] = ()  #: as on the card


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedStyle:
    """Hold a style version, pinned by the digest of its weights."""

    name: str
    version: int
    #: `sha256:` and 64 hex digits, of the weights file; of a private style with its key (`split_digest`).
    digest: str
    base: str  #: digest of the shared part, or that of the weights where nothing is shared
    format: str  #: `safetensors` or `onnx`
    architecture: str  #: as on the card
    bytes: int  #: size of the weights file


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleOptions:
    """Hold the options for painting a photo. Raises `BadOption` where one is out of range."""

    strength: float = 1.0  #: 0 is the photo, 1 the painting
    keep_colors: bool = False
    size: int = DEFAULT_SIZE  #: long side, pixels; a smaller photo is not enlarged
    format: Format = "jpeg"
    max_bytes: int | None = None  #: a JPEG loses quality and size until it fits
    #: Long side of a second, smaller JPEG for a letter, pixels; None: no preview is made.
    preview: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise BadOption(f"The strength must be between 0 and 1, not {self.strength:g}.")
        if not MIN_SIZE <= self.size <= MAX_SIZE:
            raise BadOption(
                gettext_noop("The size must be between {least} and {most} pixels, not {size}."),
                least=MIN_SIZE,
                most=MAX_SIZE,
                size=self.size,
            )
        if self.format not in ("jpeg", "png"):
            raise BadOption(f"The format must be jpeg or png, not {self.format}.")
        if self.max_bytes is not None and self.max_bytes < 1024:
            raise BadOption(f"A picture cannot fit into {self.max_bytes} bytes.")
        if self.preview is not None and not MIN_SIZE <= self.preview <= MAX_PREVIEW:
            raise BadOption(
                f"The preview must be between {MIN_SIZE} and {MAX_PREVIEW} pixels, not {self.preview}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleJob:
    """Hold one photo to be painted. After a crash, mailbot submits the same id again."""

    id: str
    #: A style's name, or a blend of several by their shares: `great-wave:0.6,the-scream:0.4`.
    style: str
    image: bytes  #: the photo as it came, undecoded
    options: StyleOptions = StyleOptions()
    sender: str = ""  #: senders are served in turns
    #: Paint the photo in all styles, as one picture with their titles; `style` is "" then.
    sheet: bool = False
    #: A balancer vanished while it held the photo, which may have killed a runner there.
    suspect: bool = False
    trace: str = ""  #: marks the lines of logs that are about it, see `styles/service/logs.py`


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleResult:
    """Hold the painted photo."""

    job_id: str
    image: bytes
    format: Format = "jpeg"
    style: str  #: as in the job
    version: int  #: version of the style, or of a blend's first style; 0 for a sheet
    seconds: float  #: time in the engine, from bytes to bytes
    runner: str  #: name of the runner that painted it
    preview: bytes = b""  #: a smaller JPEG, if requested
    #: Width and height that were asked for, where the photo was reduced to be painted in time.
    reduced_from: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintingRecipe:
    """Describe how a photo was painted, so that it or another one can be painted so again."""

    style: str  #: as in the job; "" for a sheet
    version: int = 0  #: as in the result
    strength: float = 1.0
    size: int = DEFAULT_SIZE
    keep_colors: bool = False

    @classmethod
    def of(cls, job: StyleJob, version: int) -> PaintingRecipe:
        """Describe how a job is painted in a version of its style."""
        options = job.options
        return cls(
            style=job.style,
            version=version,
            strength=options.strength,
            size=options.size,
            keep_colors=options.keep_colors,
        )
