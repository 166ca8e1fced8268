"""Name files that are no styles by their content, and say what to do with each."""

from __future__ import annotations

from collections.abc import Iterable

#: Advice for networks of other programs.
CONVERT = "Convert it to ONNX"
EXPORT = "Export the network that it was made from as ONNX"
UNPACK = "Unpack it first"
COREML = f"a Core ML model. {EXPORT}"
TENSORFLOW = f"a TensorFlow model. {CONVERT}, by tf2onnx for example"

#: (place, the bytes that stand there, what the file is).
MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"RIFF", "a picture or a sound"),
    (0, b"GIF8", "a GIF picture"),
    (4, b"ftyp", "a video, or a picture of a phone"),
    (0, b"%PDF", "a PDF"),
    (4, b"TFL3", f"a TensorFlow Lite model. {CONVERT}: python -m tf2onnx.convert --tflite PATH --output NEW"),
    (0, b"\x89HDF", f"a Keras model (HDF5). {CONVERT}, by tf2onnx for example"),
    (4, b"ORTM", "a model in ONNX Runtime's own format. Send the ONNX file that it was made from"),
    (4, b"ET1", f"an ExecuTorch program. {EXPORT}"),
    (0, b"ptrt", f"a TensorRT engine, for one kind of GPU. {EXPORT}"),
    (0, b"ftrt", f"a TensorRT engine, for one kind of GPU. {EXPORT}"),
    (0, b"7767517\n", f"an ncnn network. {EXPORT}"),
    (0, b"\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1", f"a model of Lua Torch. {CONVERT}, or train it in PyTorch"),
    (0, b"\x93NUMPY", "an array of NumPy. Save all tensors of the network as safetensors"),
    (0, b"\x1f\x8b", f"a gzip archive. {UNPACK}"),
    (0, b"7z\xbc\xaf", f"a 7z archive. {UNPACK}"),
    (0, b"Rar!", f"a RAR archive. {UNPACK}"),
    (0, b"GGUF", "a language model"),
    (0, b"version https://git-lfs", "a pointer of Git LFS. Fetch the file itself: git lfs pull"),
)
#: (end of the name of an entry, what a zip with such an entry is).
ENTRIES: tuple[tuple[str, str], ...] = (
    ("saved_model.pb", TENSORFLOW),
    (".mlmodel", COREML),
    ("model.weights.h5", f"a Keras model. {CONVERT}, by tf2onnx for example"),
    (
        "serialized_exported_program.json",
        "an exported program of PyTorch. Export it as ONNX: program.module()",
    ),
    ("/archive_format", "an exported program of PyTorch. Export it as ONNX: torch.onnx.export(model, …)"),
    (".npy", "an archive of NumPy's arrays. Save the tensors as safetensors"),
    (".onnx", f"an archive with an ONNX file. {UNPACK}"),
    (".pth", f"an archive with a state dict. {UNPACK}"),
    (".safetensors", f"an archive with a safetensors file. {UNPACK}"),
)


def what(start: bytes) -> str:
    """Name the format of a file by its first bytes, and the remedy; "" for a file that may be a style."""
    if start.lstrip().startswith(b"<"):
        return f"a network of OpenVINO. {EXPORT}" if b"<net " in start else "a web page"
    for place, magic, name in MAGIC:
        if start[place:].startswith(magic):
            return name
    return _protobuf(start)


def what_zip(entries: Iterable[str]) -> str:
    """Name the format of a zip by the names of its entries, and the remedy; "" for an unknown format."""
    names = tuple(entries)
    return next((name for end, name in ENTRIES if any(entry.endswith(end) for entry in names)), "")


def _protobuf(start: bytes) -> str:
    """Tell protobuf files apart from ONNX, whose second field is a text: theirs holds fields.

    A frozen graph of TensorFlow begins with a node, and a node with its name. SavedModel and Core ML begin
    with a version. In the field after it Core ML describes an input, its name first; SavedModel has no name.
    """
    if start[:1] == b"\n" and _inside(start, 0)[:1] == b"\n":
        return TENSORFLOW
    if start[:1] == b"\x08" and start[2:3] == b"\x12" and (field := _inside(start, 2))[:1] == b"\n":
        return COREML if _inside(field, 0)[:1] == b"\n" else TENSORFLOW
    return ""


def _inside(message: bytes, place: int) -> bytes:
    """Return what follows the tag and the length at a place."""
    place += 1
    while place < len(message) and message[place] & 0x80:  # the length goes on
        place += 1
    return message[place + 1 :]
