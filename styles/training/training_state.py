"""Hold the network and rows of a run, with their optimizers and their moving average.

The average of the weights over the last steps paints better than the weights themselves, as batches are
small: previews, measurements and style files are made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from styles.networks.style_unet import StyleNetwork
from styles.training.optimizer import optimizers_of

#: Early gradients reach norms of 30; longer ones are cut to this.
GRADIENT_NORM = 5.0
#: Most that a step keeps of the average: some 330 steps count.
AVERAGE_KEEPS = 0.997


class Learner:
    """Train a network and rows (N, R); both are changed in place.

    `lag` is the average less the weights. It is kept in float16, half of what the average would take in the
    checkpoint: it is small, so its rounding is too.
    """

    def __init__(
        self, network: StyleNetwork, rows: nn.Parameter, *, rate: float, row_rate: float, type: torch.dtype
    ) -> None:
        """Train those parameters of `network` that require a gradient, and `rows`."""
        self.network, self.rows = network, rows
        named = {f"network.{name}": p for name, p in network.named_parameters() if p.requires_grad}
        self.parameters: dict[str, nn.Parameter] = {**named, "rows": rows}
        self.optimizers = optimizers_of(network, rows, rate=rate, row_rate=row_rate, type=type)
        self.lag = {name: torch.zeros_like(p, dtype=torch.float16) for name, p in self.parameters.items()}

    def step(self, loss: Tensor, factor: float, number: int) -> bool:
        """Follow the gradient of a loss at `factor` of the full rates; return whether it was finite.

        Without a finite gradient nothing changes. `number` counts the steps from 0: the average is shorter in
        the beginning.
        """
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
            for group in optimizer.param_groups:
                group["lr"] = group["base_rate"] * factor
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(list(self.parameters.values()), GRADIENT_NORM)
        if not torch.isfinite(norm):
            return False
        averages = {name: p.detach() + self.lag[name] for name, p in self.parameters.items()}
        for optimizer in self.optimizers:
            optimizer.step()
        keeps = min(AVERAGE_KEEPS, 1 - 10 / (number + 20))
        for name, parameter in self.parameters.items():
            self.lag[name].copy_(keeps * (averages[name] - parameter.detach()))
        return True

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Put the average in the place of network and rows for as long as the context lasts."""
        kept = {name: p.detach().clone() for name, p in self.parameters.items()}
        with torch.no_grad():
            for name, parameter in self.parameters.items():
                parameter.add_(self.lag[name])
        try:
            yield
        finally:
            with torch.no_grad():
                for name, parameter in self.parameters.items():
                    parameter.copy_(kept[name])

    def begin(self, index: int, row: Tensor) -> None:
        """Let the row of that index begin from `row` (R,)."""
        with torch.no_grad():
            self.rows[index] = row.to(self.rows.device)
            self.lag["rows"][index] = 0

    def weights(self) -> dict[str, Tensor]:
        """Return `network.PARAMETER` for all parameters, also frozen ones, and `rows` (N, R)."""
        named = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        return {**named, "rows": self.rows.detach()}

    def moments(self) -> dict[str, Tensor]:
        """Return the state of the optimizers and the average, as `PARAMETER/KEY`."""
        tensors = {f"{name}/lag": lag for name, lag in self.lag.items()}
        for name, parameter in self.parameters.items():
            for optimizer in self.optimizers:
                for key, value in optimizer.state.get(parameter, {}).items():
                    tensors[f"{name}/{key}"] = torch.as_tensor(value)
        return tensors

    def restore(self, weights: Mapping[str, Tensor], moments: Mapping[str, Tensor]) -> None:
        """Put back the tensors of `weights` and `moments`. Raises `RuntimeError`, `LookupError`."""
        inside = {k.removeprefix("network."): v for k, v in weights.items() if k.startswith("network.")}
        self.network.load_state_dict(inside)
        with torch.no_grad():
            _fill(self.rows, weights["rows"])
        for path, tensor in moments.items():
            name, _, key = path.rpartition("/")
            parameter = self.parameters[name]
            if key == "lag":
                _fill(self.lag[name], tensor)
            elif key == "step":  # stays on the CPU: on a GPU every step would wait for it
                self._state(parameter)[key] = tensor
            else:
                place = torch.empty_like(parameter.detach(), dtype=tensor.dtype)  # in its order of memory
                self._state(parameter)[key] = _fill(place, tensor)

    def _state(self, parameter: nn.Parameter) -> dict[str, Tensor]:
        for optimizer in self.optimizers:
            if any(parameter is p for group in optimizer.param_groups for p in group["params"]):
                state: dict[str, Tensor] = optimizer.state[parameter]
                return state
        raise LookupError("no optimizer has this parameter")


def _fill(place: Tensor, tensor: Tensor) -> Tensor:
    if place.shape != tensor.shape:
        raise RuntimeError(f"{tuple(tensor.shape)} does not fit into {tuple(place.shape)}")
    return place.copy_(tensor)
