"""Define the errors of learning a painting. All are for the person who sent it.

Permanent
├── PaintingTooSmall      the painting has too few pixels
├── PaintingBlank         it shows one plain colour
├── LearningFailed        the learning process died again and again, or took too long
├── EnoughForToday        the person has had as many paintings learnt today as may be
└── LearningOff           no runner here learns
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


class EnoughForToday(Permanent):
    """Report a person who has reached the limit of a day."""

    status = 429

    def __init__(self, count: int) -> None:
        super().__init__(
            gettext_noop(
                "I learn from {count} paintings of one person in a day. Please send this one tomorrow."
            ),
            count=count,
        )


class LearningOff(_FixedSentence):
    """Report that no runner here learns; the detail says what to switch on."""

    status = 501
    sentence = gettext_noop("I cannot learn from paintings here. My owner can switch it on.")


class FeaturesAway(Temporary):
    """Report that the loss network could not be downloaded; the detail says why."""

    def __init__(self, detail: str) -> None:
        super().__init__("The loss network could not be downloaded, and is tried again.", detail)


class LearningQueueFull(Busy):
    """Report that too many paintings wait."""

    sentence = gettext_noop(
        "More paintings wait than I can learn from right now. Please send yours again later."
    )

    def __init__(self, retry_after: float, detail: str = "") -> None:
        PainterError.__init__(self, self.sentence, detail)
        self.retry_after = retry_after


class LearningTimeout(DeadlineExceeded):
    """Report that learning had no result before its deadline."""

    sentence = gettext_noop(
        "I had too much else to paint, so learning from your painting was not done in time. "
        "Please send it again later."
    )


class CornersTimeout(DeadlineExceeded):
    """Report that the painting in a picture was not found in time; the picture may be a good one."""

    sentence = "The corners of the painting were not found in time. Mark them yourself, or try again."
