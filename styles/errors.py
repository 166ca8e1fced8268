"""Define all errors. Each has a message for the sender of the photo, and says whether a retry can help.

    PainterError                 message: a sentence for the sender; retry: whether it can help
    ├── Permanent                this request will never work
    │   ├── NoImage              the mail has no photo
    │   │   ├── OwnPainting      the only pictures are this project's paintings
    │   │   └── PhotoGone        the photo of the conversation is no longer kept
    │   ├── UnclearReply         a reply about a photo that is kept asks for nothing known
    │   ├── UnknownStyle         .near: the closest names, .known: all names
    │   ├── NotAnImage           no decoder reads the bytes                    (also a ValueError)
    │   ├── ImageTooLarge        too many bytes or pixels                      (also a ValueError)
    │   ├── Unpaintable          the image killed its runners (.kills), or its picture is broken
    │   ├── BadOption            strength, size or format out of range         (also a ValueError)
    │   │   └── NotBlendable     .name: a style that cannot be in a blend
    │   ├── BadCheckpoint        a style file with wrong content               (also a ValueError)
    │   │   └── ValuesNeeded     .inputs: what a network takes beside the picture
    │   ├── FeaturesUnavailable  the loss network cannot be loaded             (also an OSError)
    │   └── MissingExtra         a library of an extra is not installed        (also an ImportError)
    └── Temporary                a later attempt can succeed
        ├── Busy                 .retry_after: seconds
        ├── DeadlineExceeded     no result in time                             (also a TimeoutError)
        ├── RunnerDied           the runner process died                       (also a ConnectionError)
        ├── RegistryUnavailable  no answer from the registry                   (also a ConnectionError)
        └── BalancerUnavailable  no answer from the balancer                   (also a ConnectionError)

All packages may raise these errors. So this module imports nothing of this project but the mark of messages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from styles.translatable import gettext_noop


class PainterError(Exception):
    """Report a failure; `message` is shown to the sender of the photo."""

    #: Template of the message of all errors of a class; "" where each has its own.
    sentence: str = ""
    template: str
    fields: Mapping[str, Any]
    retry = False
    #: HTTP status in the balancer's response, by which its client recognizes the error.
    status = 500

    def __init__(self, message: str, detail: str = "", **fields: Any) -> None:
        """`fields` fill the placeholders of `message`, which is translated before it is filled."""
        self.template, self.fields = message, fields
        self.message = message.format(**fields) if fields else message
        super().__init__(f"{self.message} ({detail})" if detail else self.message)
        #: Details for the log, never for the sender.
        self.detail = detail


class Permanent(PainterError):
    """Report a request that fails in the same way every time."""

    status = 422


class Temporary(PainterError):
    """Report a request that may be tried again unchanged."""

    retry = True
    status = 503


class NoImage(Permanent):
    """Report a request without a photo."""

    sentence = gettext_noop("I found no photo in your mail.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.sentence, detail)


class OwnPainting(NoImage):
    """Report a request whose only pictures are this project's paintings."""

    sentence = gettext_noop("I found no photo in your mail but a painting of mine.")


class PhotoGone(NoImage):
    """Report that the photo of a conversation is no longer kept."""

    sentence = gettext_noop("I no longer have the photo that you mean.")


class UnclearReply(Permanent):
    """Report a reply about a photo that is kept, of which no word asks for something known."""

    sentence = gettext_noop("I still have your photo, but I did not understand: “{words}”.")

    def __init__(self, words: str) -> None:
        super().__init__(self.sentence, words=words)


class NotLiked(UnclearReply):
    """Report a reply that does not like the painting, and says of no change."""

    sentence = gettext_noop("I am sorry that it is not what you wanted. I still have your photo.")


class UnknownStyle(Permanent):
    """Report a style that the registry does not have."""

    status = 404
    sentence = gettext_noop("I know no style called “{name}”.")

    def __init__(self, name: str, near: Sequence[str] = (), known: Sequence[str] = ()) -> None:
        super().__init__(self.sentence, name=name)
        self.name = name
        self.near = tuple(near)
        self.known = tuple(known)


class _FixedMessage:
    """Give all errors of a class one message; only the detail differs. List it before other bases."""

    sentence: str

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.sentence, detail)  # type: ignore[call-arg]  # of the next class


class NotAnImage(_FixedMessage, Permanent, ValueError):
    """Report bytes that no decoder reads completely."""

    status = 415
    sentence = gettext_noop("I could not open that file as a photo.")


class ImageTooLarge(_FixedMessage, Permanent, ValueError):
    """Report too many bytes or pixels, before any pixel is decoded."""

    status = 413
    sentence = gettext_noop("That photo is too large for me.")


class Unpaintable(_FixedMessage, Permanent):
    """Report a readable image that cannot be painted; `kills`: since it has killed its runners."""

    sentence = gettext_noop("I could open that photo, but not paint it.")

    def __init__(self, detail: str = "", *, kills: bool = False) -> None:
        super().__init__(detail)
        #: Whether no balancer should try it again.
        self.kills = kills


class BadOption(Permanent, ValueError):
    """Report an option out of range, such as a strength of 7."""

    status = 400


class NotBlendable(BadOption):
    """Report a blend with a style that has a network of its own."""

    sentence = gettext_noop("{name} has a network of its own and cannot be blended: name it alone.")

    def __init__(self, name: str) -> None:
        super().__init__(self.sentence, name=name)
        self.name = name


class BadCheckpoint(Permanent, ValueError):
    """Report a style file with wrong names, shapes, sizes or numbers."""


class ValuesNeeded(BadCheckpoint):
    """Report a network that takes more than a picture, where no values are given for the rest."""

    def __init__(self, message: str, detail: str = "", *, inputs: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message, detail)
        #: Of each input its `name`, how many `numbers` it takes, and how many styles are its `choices`, or 0.
        self.inputs = tuple(inputs)
        #: Digest by which the uploader may name the file from now on, where a registry keeps it.
        self.upload = ""


class FeaturesUnavailable(Permanent, OSError):
    """Report that the VGG16 of the losses cannot be loaded."""

    def __init__(self, source: str, detail: str = "") -> None:
        super().__init__(
            f"The loss network could not be loaded from {source}. "
            "Name a safetensors file with torchvision's VGG16 keys by --features.",
            detail,
        )


class MissingExtra(Permanent, ImportError):
    """Report that something needs an extra of this project whose libraries are not installed."""

    status = 501

    def __init__(self, what: str, extra: str, command: str) -> None:
        """Write the sentence that `what` begins; `command` installs the extra, for people at this machine."""
        super().__init__(f"{what} needs the extra “{extra}”, which is not installed here.", command)

    def __str__(self) -> str:
        return f"{self.message} Install it: {self.detail}"


class Busy(Temporary):
    """Report that the queue is full."""

    status = 429

    def __init__(self, retry_after: float, detail: str = "") -> None:
        super().__init__(gettext_noop("I have more photos waiting than I can paint right now."), detail)
        #: Seconds after which the queue should have space.
        self.retry_after = retry_after


class DeadlineExceeded(_FixedMessage, Temporary, TimeoutError):
    """Report that a job had no result before its deadline."""

    status = 504
    sentence = gettext_noop("Painting took longer than it may.")


class RunnerDied(_FixedMessage, Temporary, ConnectionError):
    """Report that the runner process died while it held the job."""

    status = 502
    sentence = gettext_noop("The painter stopped in the middle of your photo.")


class RegistryUnavailable(_FixedMessage, Temporary, ConnectionError):
    """Report that the registry does not answer, or that its answer is invalid."""

    sentence = gettext_noop("The list of styles cannot be reached right now.")


class BalancerUnavailable(_FixedMessage, Temporary, ConnectionError):
    """Report that the balancer does not answer."""

    sentence = gettext_noop("The painters cannot be reached right now.")
