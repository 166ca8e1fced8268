"""The real learning process on a tiny network with random weights, which takes short steps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import runner
import styles
from runner.learning.worker.main import LearningWork, main
from styles.formats.style_file import StyleFile
from tests.fakes import learning as fakes
from tests.fakes import styles as style_fakes


def tiny_work() -> LearningWork:
    from runner.learning.worker import picture_painting, style_learning
    from runner.learning.worker.balancer_requests import work
    from styles.imaging import quilting
    from tests.fakes.styles.style_files import random_style

    def two_styles(_folder: Path, _say: object) -> dict[str, StyleFile]:
        return {name: random_style(seed) for seed, name in enumerate(("old", "older"))}

    style_learning.rows_of_one_base = two_styles  # type: ignore[attr-defined, assignment]
    style_learning.RECIPE = replace(style_learning.RECIPE, crop=64, photo_scale=(0.2, 0.3))
    style_learning.PAINTING_SIDE = 64  # type: ignore[attr-defined]
    style_learning.PREVIEW_SIDE = 64
    quilting.LEAST_STEP = 128
    style_learning.SAVE_SECONDS = 0.0
    picture_painting.SAVE_SECONDS = 0.0  # type: ignore[attr-defined]
    return work


if __name__ == "__main__":
    main(tiny_work, (runner, styles, fakes, style_fakes), yields=False)
