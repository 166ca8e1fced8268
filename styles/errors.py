"""The one error tree. Every error says what the person is told and whether a retry can help.

    PainterError                 message: a sentence for the person; retry: can it help
    ├── Permanent                this request will never work
    │   ├── NoImage              the mail carries no photo
    │   │   └── OwnPainting      only pictures that we painted ourselves
    │   ├── UnknownStyle         .near: the closest names, .known: all of them
    │   ├── NotAnImage           the bytes are no image that we read           (also a ValueError)
    │   ├── ImageTooLarge        too many bytes or pixels                      (also a ValueError)
    │   ├── Unpaintable          an image that cannot be painted: it killed its runner, or came out broken
    │   ├── BadOption            strength, size or format out of range         (also a ValueError)
    │   ├── BadCheckpoint        a style file that is not what it says         (also a ValueError)
    │   └── FeaturesUnavailable  the loss network cannot be had                (also an OSError)
    └── Temporary                a later attempt can succeed
        ├── Busy                 .retry_after: seconds
        ├── DeadlineExceeded     it took too long                              (also a TimeoutError)
        ├── RunnerDied           the process that painted is gone              (also a ConnectionError)
        ├── RegistryUnavailable  no answer from the registry                   (also a ConnectionError)
        └── BalancerUnavailable  no answer from the balancer                   (also a ConnectionError)

Nothing here imports anything of ours, so every room may raise these.
"""

from __future__ import annotations

from collections.abc import Sequence


class PainterError(Exception):
    """Root of the tree. `message` is shown to the person who sent the photo."""

    retry = False
    #: The HTTP status with which the balancer reports it, and by which its client knows it again.
    status = 500

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message if not detail else f"{message} ({detail})")
        self.message = message
        #: For the log and for engineers, never for the person.
        self.detail = detail


class Permanent(PainterError):
    """The same request fails the same way every time."""

    status = 422


class Temporary(PainterError):
    """The request may be tried again as it is."""

    retry = True
    status = 503


class NoImage(Permanent):
    """A request without a photo."""

    def __init__(self, detail: str = "", message: str = "I found no photo in your mail.") -> None:
        super().__init__(message, detail)


class OwnPainting(NoImage):
    """A request whose only pictures are paintings of ours."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, "I found no photo in your mail but a painting of mine.")


class UnknownStyle(Permanent):
    """A style that the registry does not have."""

    status = 404

    def __init__(self, name: str, near: Sequence[str] = (), known: Sequence[str] = ()) -> None:
        super().__init__(f"I know no style called “{name}”.")
        self.name = name
        self.near = tuple(near)
        self.known = tuple(known)


class NotAnImage(Permanent, ValueError):
    """Bytes that no decoder of ours reads, or only in part."""

    status = 415

    def __init__(self, detail: str = "") -> None:
        super().__init__("I could not open that file as a photo.", detail)


class ImageTooLarge(Permanent, ValueError):
    """Over the limit of bytes or pixels; decided before any pixel is decoded."""

    status = 413

    def __init__(self, detail: str = "") -> None:
        super().__init__("That photo is too large for me.", detail)


class Unpaintable(Permanent):
    """A readable image that cannot be painted."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("I could open that photo, but not paint it.", detail)


class BadOption(Permanent, ValueError):
    """An option that makes no sense, such as a strength of 7."""

    status = 400


class BadCheckpoint(Permanent, ValueError):
    """A style file with the wrong names, shapes, sizes or numbers."""


class FeaturesUnavailable(Permanent, OSError):
    """The VGG16 that measures style cannot be loaded."""

    def __init__(self, source: str, detail: str = "") -> None:
        super().__init__(
            f"The loss network could not be loaded from {source}. "
            "Name a safetensors file with torchvision's VGG16 keys by --features.",
            detail,
        )


class Busy(Temporary):
    """The queue is full."""

    status = 429

    def __init__(self, retry_after: float, detail: str = "") -> None:
        super().__init__("I have more photos waiting than I can paint right now.", detail)
        #: Seconds after which there should be room.
        self.retry_after = retry_after


class DeadlineExceeded(Temporary, TimeoutError):
    """No result within the time that the job had."""

    status = 504

    def __init__(self, detail: str = "") -> None:
        super().__init__("Painting took longer than it may.", detail)


class RunnerDied(Temporary, ConnectionError):
    """The runner process went away while it held the job."""

    status = 502

    def __init__(self, detail: str = "") -> None:
        super().__init__("The painter stopped in the middle of your photo.", detail)


class RegistryUnavailable(Temporary, ConnectionError):
    """The registry does not answer, or answers nonsense."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("The list of styles cannot be reached right now.", detail)


class BalancerUnavailable(Temporary, ConnectionError):
    """The balancer does not answer."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("The painters cannot be reached right now.", detail)
