"""Every value that crosses a package, and nothing else.

    Card            what is known of a style                    trainer -> registry -> pages and mails
    StyleSummary    one line of the list of styles              registry -> everyone
    ResolvedStyle   which blob a style's name means just now    registry -> balancer -> runner
    StyleOptions    how a photo is to be painted                mailbot -> balancer -> runner
    StyleJob        one photo to be painted                     mailbot -> balancer
    StyleResult     the painted photo                           balancer -> mailbot

All are frozen; a changed copy is made by `dataclasses.replace`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from styles.errors import BadOption

Format = Literal["jpeg", "png"]
#: What a network takes and gives as black and white.
PixelRange = Literal["0..1", "0..255", "-1..1"]

#: Long side at which a photo is painted when nobody says otherwise, pixels.
DEFAULT_SIZE = 1024
#: Smallest and largest long side that may be asked for, pixels; a phone's widest panorama has 16,382.
MIN_SIZE, MAX_SIZE = 64, 16_384
#: Largest long side of a preview, pixels: twice what a letter shows, for dense screens.
MAX_PREVIEW = 2048
#: Bytes of a preview at most: five of them fit where one large picture would.
PREVIEW_BYTES = 120_000
#: Styles in one blend: beyond that they all turn grey.
MAX_BLEND = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is known of a style. Kept as `style.toml` beside the weights, in the registry as JSON."""

    name: str  #: lower case, digits and hyphens: what people write
    title: str
    artist: str = ""
    year: str = ""
    licence: str = ""
    #: File name of the painting that it was trained from.
    painting: str = ""
    description: str = ""
    #: `style-unet` is ours; `transformer-net` is pytorch/examples' fast_neural_style, `onnx` anything else.
    architecture: str = "style-unet"
    pixel_range: PixelRange = "0..1"
    #: `sha256:…` of the shared part of the weights: styles of one base can share a batch. "" for none.
    base: str = ""
    #: How it was trained: command, steps, photos, losses, seed.
    trained: str = ""

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Card:
        """From TOML, JSON or a row; keys that a card does not have are ignored."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in values.items() if key in known})


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleSummary:
    """One style as the list shows it."""

    name: str
    title: str
    artist: str = ""
    year: str = ""
    description: str = ""
    #: Path of the preview picture below the registry's address, or "".
    preview: str = ""
    #: Alias to version number; `live` is what a job gets.
    aliases: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedStyle:
    """A style version, pinned by the digest of its weights."""

    name: str
    version: int
    digest: str  #: `sha256:` and 64 hex digits, of the weights file
    base: str  #: digest of the shared part, or the weights' own digest where nothing is shared
    format: str  #: `safetensors` or `onnx`
    architecture: str  #: as on the card
    bytes: int  #: size of the weights file


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleOptions:
    """How a photo is to be painted. Raises `BadOption` for what makes no sense."""

    strength: float = 1.0  #: 0 is the photo, 1 the painting
    keep_colors: bool = False
    size: int = DEFAULT_SIZE  #: long side, pixels; a smaller photo is not enlarged
    format: Format = "jpeg"
    max_bytes: int | None = None  #: a JPEG is made smaller until it fits
    #: Long side of a second, smaller JPEG to be shown in a letter, pixels; None: no such preview is made.
    preview: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise BadOption(f"The strength must be between 0 and 1, not {self.strength:g}.")
        if not MIN_SIZE <= self.size <= MAX_SIZE:
            raise BadOption(f"The size must be between {MIN_SIZE} and {MAX_SIZE} pixels, not {self.size}.")
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
    """One photo to be painted. The same id may be submitted again: after a crash, mailbot does."""

    id: str
    #: A name that the registry knows, or a blend of some by their shares: `great-wave:0.6,the-scream:0.4`.
    style: str
    image: bytes  #: the photo as it came, undecoded
    options: StyleOptions = StyleOptions()
    sender: str = ""  #: whose turn it is: senders are served in turns
    #: The photo in every style there is, as one picture with their titles; `style` is "" then.
    sheet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleResult:
    """The painted photo."""

    job_id: str
    image: bytes
    format: Format = "jpeg"
    style: str  #: as in the job
    version: int  #: of the style; of a blend, that of its first; 0 for a sheet
    seconds: float  #: in the engine, from bytes to bytes
    runner: str  #: which runner painted it
    preview: bytes = b""  #: a smaller JPEG, where one was asked for
