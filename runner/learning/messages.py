"""Define the messages between the balancer and a learning process, and encode them as frames.

LearningOrder      what is to be learnt                              balancer -> process
CornersRequest     a picture whose painting is to be found           balancer -> process
FoundCorners       where the painting is, and the picture reduced    process -> balancer
LearningProgress   phase, share and time left                        process -> balancer
LearningPicture    the painting, or a preview                        process -> balancer
LearningCheckpoint a checkpoint                                      process -> balancer
LearningResult     the style or the picture, and facts about it      process -> balancer
LearningRefusal    why nothing can be learnt                         process -> balancer

A process may be taken over by the picture that it reads. So everything that it says is checked here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

import msgspec

from runner.learning.worker.machine_time import MOST_TIMES
from runner.learning.worker.settings import Rank
from runner.protocol.framing import Frame, WireError
from runner.protocol.messages import reading
from styles.canvas.quadrilateral import Corner
from styles.errors import PainterError
from styles.service.problems import from_problem, to_problem

Phase = Literal["finding the painting", "looking at the painting", "training", "measuring"]
#: Most bytes of a checkpoint, of a JPEG, and of a style file.
MOST_STATE, MOST_PICTURE, MOST_STYLE = 4 << 20, 36 << 20, 64 << 20

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
NotNegative = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
#: Minutes or seconds: a larger number is no duration, and would break what writes it.
Duration = Annotated[float, msgspec.Meta(le=1e7)]
TriedPace = Annotated[float, msgspec.Meta(ge=1, le=MOST_TIMES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningOrder:
    """Hold what is to be learnt, without its pictures."""

    name: str = ""  #: of the style
    title: str = ""
    artist: str = ""
    minutes: float = 5.0  #: of a machine that does nothing else
    corners: tuple[Corner, ...] | None = None  #: of the painting in its picture; None: find them
    is_picture: bool = False  #: one photo is to be painted like the painting, and no style is learnt
    owner: str = ""  #: name of the person whose limit counts; "" is nobody's
    key: str = ""  #: chosen by the client: an order with a known key of the same owner is that order

    @property
    def rank(self) -> Rank:
        """How far its process yields to others."""
        return Rank.LOW if self.is_picture else Rank.IDLE

    def repeats(self, other: LearningOrder) -> bool:
        """Tell whether the client has sent the same order twice."""
        return bool(self.key) and (self.key, self.owner) == (other.key, other.owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCorners:
    """Hold where the painting is in a picture of `width` by `height` pixels."""

    corners: tuple[Corner, Corner, Corner, Corner]
    width: NotNegative
    height: NotNegative
    found: bool  #: False: the whole picture is taken for the painting
    thumbnail: bytes = b""  #: the picture as it was sent, a small JPEG


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningProgress:
    """Hold how far a process is."""

    phase: Phase
    share: Share = 0.0
    step: NotNegative = 0
    seconds: Duration = 0.0  #: of the budget that are used, by the clock of the process
    seconds_left: Duration | None = None  #: by the same clock
    pace: TriedPace | None = None  #: seconds that pass for one of that clock, as the process has just tried


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPicture:
    """Hold a JPEG: the rectified painting, or a preview."""

    what: Literal["painting", "preview"]
    image: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningCheckpoint:
    """Hold a checkpoint, from which another process goes on."""

    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningResult:
    """Hold a style file, or one painted photo."""

    content: bytes
    steps: NotNegative
    minutes: Duration
    losses: Mapping[str, float | None] = field(default_factory=dict)  #: on photos held out
    trained: str = ""  #: for the card
    base: str = ""  #: for the card: digest of the style's base

    @property
    def summary(self) -> dict[str, Any]:
        """Return the facts without the content."""
        facts: dict[str, Any] = msgspec.to_builtins(self, builtin_types=(bytes,))
        del facts["content"]
        return facts


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningRefusal:
    """Hold why nothing can be learnt from a picture."""

    problem: dict[str, Any]

    @classmethod
    def of(cls, error: PainterError) -> LearningRefusal:
        """Make the refusal that stands for an error."""
        return cls(problem=to_problem(error))

    @property
    def error(self) -> PainterError:
        """Return the error."""
        return from_problem(self.problem)


LearningMessage: TypeAlias = (
    FoundCorners | LearningProgress | LearningPicture | LearningCheckpoint | LearningResult | LearningRefusal
)
#: The messages of a process by their name in the header, with the field that travels as a part, and its most
#: bytes.
KINDS: Mapping[str, tuple[type[Any], str, int]] = {
    "corners": (FoundCorners, "thumbnail", MOST_PICTURE),
    "progress": (LearningProgress, "", 0),
    "picture": (LearningPicture, "image", MOST_PICTURE),
    "state": (LearningCheckpoint, "content", MOST_STATE),
    "result": (LearningResult, "content", MOST_STYLE),
    "refusal": (LearningRefusal, "", 0),
}
NAMES = {kind: name for name, (kind, _, _) in KINDS.items()}

M = TypeVar("M")


def to_frame(message: LearningMessage) -> Frame:
    """Encode a message of a learning process."""
    name = NAMES[type(message)]
    part = KINDS[name][1]
    fields: dict[str, Any] = msgspec.to_builtins(message, builtin_types=(bytes,))
    parts = [fields.pop(part)] if part else []
    return Frame({"told": name, "fields": _finite(fields)}, parts)


def from_frame(frame: Frame) -> LearningMessage:
    """Decode what a process says. Raises `WireError`."""
    with reading("a message of a learning process"):
        kind, part, most = KINDS[frame.header["told"]]
        fields = dict(frame.header["fields"])
        if len(frame.parts) != bool(part) or any(len(content) > most for content in frame.parts):
            raise WireError("parts that are too many or too large")
        if part:
            fields[part] = frame.parts[0]
        message: LearningMessage = msgspec.convert(fields, kind)
        if isinstance(message, LearningRefusal):
            from_problem(message.problem)
        return message


def order_to_frame(order: LearningOrder, painting: bytes, photo: bytes, state: bytes) -> Frame:
    """Encode an order with its pictures and its last checkpoint, which may be empty."""
    return Frame({"op": "learn", "order": msgspec.to_builtins(order)}, [painting, photo, state])


def frame_to_order(frame: Frame) -> tuple[LearningOrder, bytes, bytes, bytes]:
    """Decode an order. Raises `WireError`."""
    with reading("an order"):
        painting, photo, state = frame.parts
        return msgspec.convert(frame.header["order"], LearningOrder), painting, photo, state


def _finite(value: Any) -> Any:
    """Return JSON with null for numbers that are not finite."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
