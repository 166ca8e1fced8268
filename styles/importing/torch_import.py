"""Convert state dicts of pytorch/examples' fast_neural_style into kept files, and read torch's own files.

Only the sandboxed trial process imports this. A file of torch (.pth, .pt, .model, .ckpt) is a pickle: a
program that builds tensors. torch's `weights_only` reader knows the few steps that tensors need, and refuses
all others. It trusts some claims of a zip, which are checked first: the content is no larger than the file,
not compressed (torch never compresses), and no TorchScript. Files from before torch 1.6 have no zip around
the pickle.

Three additions to a state dict are removed: a checkpoint around it, the prefix `module.` of training on
several GPUs, and the unused moments of instance norms that torch 0.3 saved. float16 is enough: weights of
trained networks lie between 1e-4 and 10, and its rounding is an eighth of bfloat16's, in which the network
paints.
"""

from __future__ import annotations

import pickle
import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from styles.errors import BadCheckpoint
from styles.formats import transformer_file
from styles.formats.style_file import Array
from styles.importing import refused_formats
from styles.service.sanitize import shown

#: Largest file that is read, bytes; a transformer-net has 6.7 MB, with its optimizer three times that.
MAX_BYTES = 128 * 1024 * 1024
#: Largest pickle in a zip, bytes. It only names the tensors: that of a state dict has 10 kB.
MAX_PICKLE = 4 * 1024 * 1024
#: Most entries of a zip: one for each tensor, and some.
MAX_ENTRIES = 10_000
#: Characters of torch's error that are kept for the log; its end names the reason.
MAX_DETAIL = 500
#: Advice for most errors.
ADVICE = 'Save the state dict: torch.save(model.state_dict(), "style.pth").'
#: Keys of the state dict in larger checkpoints.
WRAPPINGS = ("state_dict", "model_state_dict", "model")
#: Prefixes of names, from training on several GPUs and from compiling.
PREFIXES = ("module.", "_orig_mod.")
#: Moments of old instance norms; pytorch/examples drops them too.
UNUSED = re.compile(r"(^|\.)in\d+\.(running_mean|running_var|num_batches_tracked)$")
#: The largest number in float16.
LARGEST = 65504.0
#: Words of a `RuntimeError` of torch that cannot map a file.
NO_MEMORY = "Cannot allocate memory"


def read(path: Path) -> Any:
    """Read the saved tensors and plain values. Raises `BadCheckpoint`."""
    if path.stat().st_size > MAX_BYTES:
        raise BadCheckpoint(f"The file is larger than {MAX_BYTES >> 20} MiB. {ADVICE}")
    with path.open("rb") as file:
        zipped = file.read(2) == b"PK"
    if zipped:
        _require_state_dict(path)
    return _load(path, mmap=zipped)


def _load(path: Path, *, mmap: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch warns of its own old formats
            return torch.load(path, map_location="cpu", weights_only=True, mmap=mmap)
    except pickle.UnpicklingError as error:
        text = re.sub(r"\x1b\[\d*m", "", str(error))
        raise BadCheckpoint(_forbidden(text), text[-MAX_DETAIL:]) from error
    except Exception as error:  # a hostile pickle may make torch raise anything
        if isinstance(error, MemoryError) or NO_MEMORY in str(error):
            raise BadCheckpoint(f"The file needs more memory than there is. {ADVICE}", str(error)) from error
        raise BadCheckpoint(
            f"The file is damaged or cut short. Send it again. {ADVICE}", str(error)
        ) from error


def _forbidden(error: str) -> str:
    if named := re.search(r"GLOBAL ([\w.]{1,80}) was not an allowed global", error):
        return (
            f"The file holds a Python object ({named[1]}) and not only numbers; opening it could run any "
            f"program. {ADVICE}"
        )
    if re.search(r"Can only|[Uu]nsupported|not allowed|REDUCE|BUILD", error):
        return (
            f"The file holds Python objects and not only numbers; opening it could run any program. {ADVICE}"
        )
    return f"The file is damaged or cut short. Send it again. {ADVICE}"


def _require_state_dict(path: Path) -> None:
    """Check a zip by its directory. Raises `BadCheckpoint`."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BadCheckpoint("The zip file is damaged or cut short. Send it again.", str(error)) from error
    names = [entry.filename for entry in entries]
    if any(name.endswith("/constants.pkl") or "/code/" in name for name in names):
        raise BadCheckpoint(f"The file is TorchScript, a program; only numbers are read. {ADVICE}")
    if not any(name.endswith("/data.pkl") for name in names):
        if what := refused_formats.what_zip(names):
            raise BadCheckpoint(f"The file is {what}.")
        raise BadCheckpoint(f"The file is a zip, but no style: there is no state dict in it. {ADVICE}")
    _require_honest(entries, path.stat().st_size)


def _require_honest(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise BadCheckpoint(f"The zip has {len(entries)} entries, a state dict has some hundred. {ADVICE}")
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise BadCheckpoint(f"The zip is compressed, which torch never does. {ADVICE}")
    if sum(entry.file_size for entry in entries) > size:
        raise BadCheckpoint(f"The zip says it holds more than the file has bytes. {ADVICE}")
    if any(entry.file_size > MAX_PICKLE for entry in entries if entry.filename.endswith(".pkl")):
        raise BadCheckpoint(f"The zip holds something other than a state dict. {ADVICE}")


def keep(saved: Any, target: Path) -> None:
    """Check the content of a file and write the kept file. Raises `BadCheckpoint` with the reason."""
    tensors = _tensors(saved)
    transformer_file.require_shapes({name: tuple(tensor.shape) for name, tensor in tensors.items()})
    transformer_file.write(target, {name: _float16(name, tensor) for name, tensor in tensors.items()})


def _tensors(saved: Any) -> dict[str, torch.Tensor]:
    """Find the tensors, by their names in pytorch/examples."""
    for _ in WRAPPINGS:
        inner = next((saved[w] for w in WRAPPINGS if isinstance(saved, Mapping) and w in saved), None)
        saved = inner if isinstance(inner, Mapping) else saved
    if not isinstance(saved, Mapping) or not saved:
        kind = "nothing" if isinstance(saved, Mapping) else f"a {type(saved).__name__}"
        raise BadCheckpoint(f"The file holds {kind}, not a state dict. {ADVICE}")
    strange = [shown(name) for name, value in saved.items() if not isinstance(value, torch.Tensor)]
    if strange:
        raise BadCheckpoint(f"The file holds {', '.join(strange[:3])} instead of tensors alone. {ADVICE}")
    tensors = {str(name): tensor for name, tensor in saved.items()}
    for prefix in PREFIXES * 2:
        if all(name.startswith(prefix) for name in tensors):
            tensors = {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}
    return {name: tensor for name, tensor in tensors.items() if not UNUSED.search(name)}


def _float16(name: str, tensor: torch.Tensor) -> Array:
    if tensor.layout != torch.strided or not tensor.is_floating_point() or tensor.is_quantized:
        kind = str(tensor.dtype).removeprefix("torch.")
        sparse = "sparse " if tensor.layout != torch.strided else ""
        raise BadCheckpoint(
            f"The tensor {name} is {sparse}{kind}; it must be plain float32 or float16. {ADVICE}"
        )
    values = tensor.detach().to(torch.float32).numpy()
    if not np.isfinite(values).all():
        raise BadCheckpoint(
            f"The tensor {name} holds numbers that are not finite: the training went wrong. Take an "
            "earlier checkpoint."
        )
    if (largest := float(np.abs(values).max())) > LARGEST:
        raise BadCheckpoint(
            f"The tensor {name} holds {largest:.3g}, and float16, in which styles are kept, ends at "
            f"{LARGEST:.0f}. Trained weights are thousands of times smaller, so this is something else. "
            "Take an earlier checkpoint."
        )
    return np.ascontiguousarray(values, dtype=np.float16)
