"""Divide the minutes of a run between its phases, by the measured time of its steps.

Every phase counts: reading the photos, looking at the painting, training, measuring, writing. The last two
come after training, so their time is estimated and kept for them.
"""

from __future__ import annotations

from styles.formats.architecture import STRIDE

#: Steps after which the time of one is known: the first ones are slower, as memory is taken for the first
#: time.
STEPS_TO_KNOW = 3
#: Part of a step's time that the losses of a photo take without their gradient.
PASS_SHARE = 0.4
#: Seconds that opening the finished network takes, and painting a preview of one style, on one slow core.
OPENING_SECONDS, PREVIEW_SECONDS = 3.0, 1.0
#: Most of the budget that measuring may take: on a slow CPU fewer photos are measured.
MEASURING_SHARE = 0.15
#: Steps that `learn` should have: at 150 a row has the colours and strokes of its painting.
WANTED_STEPS = 150
#: Least side of the crops that `learn` may choose, pixels: a smaller crop has no room for a form.
LEAST_CROP = 256


def crop_for(crop: int, step_seconds: float, seconds_left: float) -> int:
    """Return the side of the crops with which `WANTED_STEPS` fit into the time left, if any has it.

    `step_seconds` is a step's time at `crop`; it goes with the area.
    """
    side, steps = crop, seconds_left / step_seconds
    while steps < WANTED_STEPS and side > LEAST_CROP:
        smaller = max(LEAST_CROP, side * 3 // 4 // STRIDE * STRIDE)
        steps *= (side / smaller) ** 2
        side = smaller
    return side


def photos_to_measure(held_out: int, styles: int, pass_seconds: float, seconds: float) -> int:
    """Return how many of the photos held out can be measured in their part of a budget; at least one.

    `pass_seconds` is what measuring one photo in one style takes.
    """
    affordable = int(MEASURING_SHARE * seconds / (pass_seconds * styles))
    return max(1, min(held_out, affordable))


def reserve(photos: int, styles: int, pass_seconds: float) -> float:
    """Estimate the seconds that measuring the photos in each style, and writing the styles, take."""
    return photos * styles * pass_seconds + OPENING_SECONDS + styles * PREVIEW_SECONDS
