"""Tell from a picture's bytes whether a camera took it, without decoding it.

A HEIC file comes from a phone. In a JPEG the camera writes its maker or its model into the Exif block, whose
first directory has entries of 12 bytes: tag, type, count and value (Exif 2.32, sections 4.5 and 4.6).
"""

from __future__ import annotations

import struct

#: Bytes of a JPEG among which its Exif block begins.
_HEAD = 65_536
#: The sign of the block; a TIFF header follows, to which its offsets refer.
_EXIF = b"Exif\0\0"
#: Tags of the maker and the model, and entries of the directory that are read.
_CAMERA_TAGS, _MOST_ENTRIES = (0x010F, 0x0110), 64


def is_from_camera(image: bytes, kind: str) -> bool:
    """Tell whether a camera took a picture of a `kind` as in `Photo`."""
    if kind in ("heic", "heif"):
        return True
    start = image[:_HEAD].find(_EXIF) if kind == "jpeg" else -1
    if start < 0:
        return False
    tiff = image[start + len(_EXIF) : start + len(_EXIF) + _HEAD]
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, directory)
        places = (directory + 2 + 12 * number for number in range(min(count, _MOST_ENTRIES)))
        return any(struct.unpack_from(f"{order}H", tiff, place)[0] in _CAMERA_TAGS for place in places)
    except struct.error:
        return False
