"""Define the errors of learning a painting and renaming its style. All are for the person who sent it.

Permanent
├── PaintingTooSmall      the painting has too few pixels
├── PaintingBlank         it shows one plain colour
├── LearningFailed        the learning process died again and again, or took too long
├── LearningStopped       a maintainer threw it away
├── EnoughForToday        the person has had as many paintings learnt today as may be
├── LearningOff           no runner here learns
└── NotRenamed            a style keeps its name: .fields["name"]
    ├── HandedOver        it belongs to somebody else now: .fields["owner"]
    ├── LiveStyle         it is live, and maintainers decide what is
    ├── OwnStyle          the new name is that of another style of its author
    └── UsualStyle        it is painted when a mail names no style
Temporary
├── FeaturesAway          the loss network did not come yet
├── LearningQueueFull     too many paintings wait      (also a `Busy`)
├── LearningTimeout       the deadline has passed      (also a `DeadlineExceeded`)
└── CornersTimeout        the painting was not found in a picture in time   (the same)
"""

from __future__ import annotations

from styles.errors import Busy, DeadlineExceeded, PainterError, Permanent, Temporary
from styles.translatable import gettext_noop


class _FixedSentence(Permanent):
    """Give all errors of a class one message; only the detail differs."""

    sentence: str

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.sentence, detail)


class PaintingTooSmall(_FixedSentence):
    """Report a painting with too few pixels."""

    sentence = gettext_noop(
        "The painting in that picture is too small to learn from: its shorter side needs 200 pixels or more. "
        "Go closer, or send a larger picture."
    )


class PaintingBlank(_FixedSentence):
    """Report a picture of one plain colour."""

    sentence = gettext_noop(
        "That picture is blank: I see one plain colour and nothing to learn from. "
        "Send me a photo of the painting."
    )


class LearningFailed(_FixedSentence):
    """Report that learning from a picture failed: its process died again and again, or took too long."""

    sentence = gettext_noop(
        "I could not learn from that picture. Try another photo of the painting, or one with fewer pixels."
    )


class LearningStopped(_FixedSentence):
    """Report what somebody else than its author has stopped."""

    status = 409
    sentence = gettext_noop("This was stopped, and nothing of it is published.")


class EnoughForToday(Permanent):
    """Report a person who has reached the limit of a day."""

    status = 429
    sentence = gettext_noop(
        "I learn from {count} paintings of one person in a day. Please send this one tomorrow."
    )

    def __init__(self, count: int) -> None:
        super().__init__(self.sentence, count=count)


class LearningOff(_FixedSentence):
    """Report that no runner here learns; the detail says what to switch on."""

    status = 501
    sentence = gettext_noop("I cannot learn from paintings here. My owner can switch it on.")


class NotRenamed(Permanent):
    """Report a style that keeps its name, and say what to do instead."""

    status = 409
    sentence = "“{name}” keeps its name."

    def __init__(self, **fields: str) -> None:
        """`fields` fill the sentence of the class: with the `name` of a style, and perhaps its `owner`."""
        super().__init__(self.sentence, **fields)


class HandedOver(NotRenamed):
    """Report a style that its author has handed over to somebody else."""

    status = 403
    sentence = gettext_noop("“{name}” belongs to {owner} now. Ask {owner} to give it another name.")


class LiveStyle(NotRenamed):
    """Report a live style where maintainers decide what is live."""

    sentence = gettext_noop(
        "Everybody can ask for “{name}” already, so only my owner can give it another name."
    )


class OwnStyle(NotRenamed):
    """Report a new name that another style of the author has: two styles would become one."""

    sentence = gettext_noop(
        "“{name}” is another style of yours. Choose another name, or have that style deleted first."
    )


class UsualStyle(NotRenamed):
    """Report the style that is painted when a mail names none."""

    sentence = gettext_noop("I paint “{name}” when a mail names no style, so it keeps its name.")


class PictureUnused(Permanent):
    """Report a mail of which the picture is not used: it is not known for what."""


class FeaturesAway(Temporary):
    """Report that the loss network could not be downloaded; the detail says why."""

    def __init__(self, detail: str) -> None:
        super().__init__("The loss network could not be downloaded, and is tried again.", detail)


class LearningQueueFull(Busy):
    """Report that too many paintings wait."""

    sentence = gettext_noop(
        "More paintings wait than I can learn from right now. Please send yours again later."
    )

    def __init__(
        self, retry_after: float, detail: str = "", *, place: int = 0, seconds_left: float = 0.0
    ) -> None:
        """Take the `place` that the painting would have, and the seconds until its end; 0 is unknown."""
        PainterError.__init__(self, self.sentence, detail)
        self.retry_after = retry_after
        self.place, self.seconds_left = place, seconds_left


class LearningTimeout(DeadlineExceeded):
    """Report that learning had no result before its deadline."""

    sentence = gettext_noop(
        "I had too much else to paint, so learning from your painting was not done in time. "
        "Please send it again later."
    )


class CornersTimeout(DeadlineExceeded):
    """Report that the painting in a picture was not found in time; the picture may be a good one."""

    sentence = "The corners of the painting were not found in time. Mark them yourself, or try again."
