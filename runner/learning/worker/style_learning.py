"""Learn a style from a painting within its minutes, from the first second to the style file."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

import styles.training
from runner.learning.messages import (
    LearningCheckpoint,
    LearningMessage,
    LearningOrder,
    LearningPicture,
    LearningProgress,
    LearningResult,
    Phase,
)
from runner.learning.worker.machine_time import Clock
from runner.learning.worker.settings import LearnerSettings
from styles.errors import BadOption, FeaturesUnavailable
from styles.formats.style_file import BUILTIN, to_bytes
from styles.imaging.codec import Pixels, decode, encode, resized
from styles.imaging.underpainting import lay_under
from styles.inference.input_spec import STYLE_UNET_INPUT
from styles.learning_errors import LearningFailed, LearningOff
from styles.training.budget import STEPS_TO_KNOW
from styles.training.dataset import PAINTING_SIDE, painting_of, to_tensor
from styles.training.export import averages
from styles.training.held_out import photos_in
from styles.training.losses import Features, load_features
from styles.training.recipe import LEARN_VIVIDNESS, Painting, Progress, learning_recipe
from styles.training.starting_styles import begin_rows, network_of, rows_of_one_base
from styles.training.trainer import Trainer

log = logging.getLogger(__name__)

Tell = Callable[[LearningMessage], None]
#: Photos that come with the project, and the one that is painted for previews.
PHOTOS = Path(styles.training.__path__[0]) / "photos"
PREVIEW = PHOTOS / "landscape.jpg"
#: Long side of a preview, pixels.
PREVIEW_SIDE = 640
#: Seconds between two checkpoints, and between two previews. The first one is painted before the first step.
SAVE_SECONDS, PREVIEW_SECONDS = 10.0, 30.0
#: How a style is learnt, but for its minutes.
RECIPE = learning_recipe()
#: Name of the style within the process: the order's name is not needed to train.
NAME = "painting"


def learn_style(
    settings: LearnerSettings,
    order: LearningOrder,
    painting: Pixels,
    state: bytes,
    tell: Tell,
    clock: Clock,
) -> None:
    """Learn a style, from the checkpoint `state` if there is one; `clock` began with the process.

    Raises `LearningFailed` where nothing more can be learnt.
    """
    features = opened_features(settings)
    try:
        trainer, held_out = _begun(settings, order, painting, features, state, clock)
    except BadOption as error:  # the checkpoint is of a release with another recipe
        log.warning("it begins anew: %s", error)
        trainer, held_out = _begun(settings, order, painting, features, b"", clock)
    photo = decode(PREVIEW.read_bytes(), long_side=PREVIEW_SIDE)

    def preview(trainer: Trainer) -> None:
        tell(LearningPicture(what="preview", image=painted(trainer, photo)))

    preview(trainer)
    try:
        trainer.run(
            lambda progress: tell(how_far(order, progress)),
            save_seconds=SAVE_SECONDS,
            save=lambda trainer: tell(LearningCheckpoint(content=trainer.checkpoint().to_bytes())),
            preview_seconds=PREVIEW_SECONDS,
            preview=preview,
        )
    except BadOption as error:  # its advice is an option of a command, which a person who mails has not
        raise LearningFailed(error.message) from error
    tell(how_far(order, trainer.progress, "measuring"))
    losses = trainer.measure(held_out[: trainer.progress.photos])[NAME]
    style = averages(trainer)[NAME]
    progress = trainer.progress
    tell(
        LearningResult(
            content=to_bytes(style),
            steps=progress.step,
            minutes=progress.seconds / 60,
            losses={name: round(loss, 4) for name, loss in losses.items()},
            trained=_trained(trainer, order),
            base=style.base,
        )
    )


def _begun(
    settings: LearnerSettings,
    order: LearningOrder,
    painting: Pixels,
    features: Features,
    state: bytes,
    clock: Clock,
) -> tuple[Trainer, list[Path]]:
    """Return the run at its first step or at its checkpoint, and the photos to measure it by."""
    training, held_out = photos_in(PHOTOS)
    begin = rows_of_one_base(BUILTIN, log.info)
    recipe = replace(RECIPE, minutes=order.minutes)
    trainer = Trainer(
        {NAME: as_painting(painting)},
        training,
        features,
        None,
        recipe,
        settings.device,
        network_of(next(iter(begin.values()))),
        held_out=len(held_out),
        since=0.0,
        clock=clock,
        kept=state,
    )
    if trainer.progress.step == 0:
        begin_rows(trainer, begin)
    return trainer, held_out


def opened_features(settings: LearnerSettings) -> Features:
    """Load the loss network from the descriptor that was handed over.

    Raises `LearningOff` for a broken file: the person who sent a painting can do nothing about it.
    """
    try:
        with os.fdopen(settings.features, "rb") as file:
            return load_features(file)
    except FeaturesUnavailable as error:
        log.exception("the loss network's file is broken, see [runner] features in config.toml")
        raise LearningOff(
            "The loss network's file is broken: name another by [runner] features in config.toml, or delete "
            "it from the folder `learning` in [runner] cache, and it is downloaded again."
        ) from error


def as_painting(pixels: Pixels) -> Painting:
    """Return a painting (H, W, 3) at the size at which it is learnt from."""
    height, width = pixels.shape[:2]
    scale = PAINTING_SIDE / min(height, width)
    sized = resized(pixels, (round(width * scale), round(height * scale)))
    return painting_of(to_tensor(sized), LEARN_VIVIDNESS)


def painted(trainer: Trainer, photo: Pixels) -> bytes:
    """Paint a photo (H, W, 3) as the run stands and as a runner will, enlarged and with forms: a JPEG."""
    enlarged = STYLE_UNET_INPUT.enlarged(photo)
    image = to_tensor(STYLE_UNET_INPUT.extend(lay_under(enlarged, trainer.underpaintings[0])))
    with torch.no_grad(), trainer.learner.averaged():
        picture = trainer.paint(image.to(trainer.device), trainer.rows[:1])
    pixels = (picture[0].float() * 255).round().clamp(0, 255).byte().permute(1, 2, 0).cpu().numpy()
    cropped = np.ascontiguousarray(STYLE_UNET_INPUT.crop(pixels, enlarged))
    return encode(resized(cropped, (photo.shape[1], photo.shape[0])))


def how_far(order: LearningOrder, progress: Progress, phase: Phase = "training") -> LearningProgress:
    """Convert the progress of a run into the message for the balancer.

    The first steps take longer than the others, and foretell nothing.
    """
    left = 60 * order.minutes - progress.seconds
    if progress.step >= STEPS_TO_KNOW:
        left = progress.seconds_left
    return LearningProgress(
        phase=phase,
        share=progress.share,
        step=progress.step,
        seconds=progress.seconds,
        seconds_left=max(0.0, left) if left < float("inf") else None,
    )


def _trained(trainer: Trainer, order: LearningOrder) -> str:
    """Describe for the card how the style was trained."""
    progress = trainer.progress
    return (
        f"learnt in {order.minutes:g} min: {progress.step} steps of crops of {progress.crop} pixels on "
        f"{trainer.device.type}, {len(trainer.photos.files)} photos, begun from "
        f"{trainer.told['base to begin from']}"
    )
