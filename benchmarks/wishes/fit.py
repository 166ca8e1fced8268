"""Fit the model of wishes: a logistic regression over hashed features.

fit      examples -> the weights, as numbers
written  the same -> the file that the bot reads
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.wishes.examples import Example
from mailbot.intents.learned.wish_model import hashed

#: Hashes, penalty of large weights, and steps of the solver.
_SIZE, _PENALTY, _STEPS = 1 << 16, 1e-5, 30
#: Largest weight of the file.
_MOST = 127


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Hold the weights of a model."""

    weights: NDArray[np.float32]
    bias: float


def fit(examples: Sequence[Example], importance: Sequence[float], size: int = _SIZE) -> Fitted:
    """Return the weights that tell wishes from others best; both kinds count alike, however many they are."""
    parts = [
        [(hashed(part, said, size)) for part, said in (("s", e.sentence), ("m", e.mail))] for e in examples
    ]
    indices = torch.tensor([each for both in parts for part in both for each in sorted(part)])
    shares = torch.tensor([1 / sqrt(len(part)) for both in parts for part in both for _ in part])
    lengths = [sum(map(len, both)) for both in parts]
    offsets = torch.tensor(np.cumsum([0, *lengths[:-1]]))
    wishes = torch.tensor([float(each.is_wish) for each in examples])
    counts = torch.tensor(importance, dtype=torch.float32)
    balanced = wishes / (counts * wishes).sum() + (1 - wishes) / (counts * (1 - wishes)).sum()
    counts = counts * balanced / 2
    weights = torch.zeros(size, 1, requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    solver = torch.optim.LBFGS(
        [weights, bias], max_iter=_STEPS, history_size=8, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        solver.zero_grad()
        bags = torch.nn.functional.embedding_bag(
            indices, weights, offsets, mode="sum", per_sample_weights=shares
        )
        errors = torch.nn.functional.binary_cross_entropy_with_logits(
            bags[:, 0] + bias, wishes, weight=counts, reduction="sum"
        )
        total = errors + _PENALTY * (weights**2).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    solver.step(loss)  # type: ignore[no-untyped-call]
    return Fitted(weights=weights.detach().numpy()[:, 0], bias=float(bias.detach()))


def written(model: Fitted) -> bytes:
    """Return the file of a model: a line of JSON, and a signed byte for each weight."""
    scale = float(np.abs(model.weights).max()) / _MOST or 1.0
    head = json.dumps({"scale": scale, "bias": model.bias})
    return head.encode() + b"\n" + np.round(model.weights / scale).astype(np.int8).tobytes()
