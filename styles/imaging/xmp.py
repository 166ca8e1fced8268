"""Write how a picture was painted into it, as XMP (ISO 16684-1), without decoding or encoding it.

The packet holds IPTC's digital source type, a credit line, and the recipe in a namespace of its own. A JPEG
has it in an APP1 segment, a PNG in an iTXt chunk. `xmp_reader.py` reads it.

The source type is `compositeWithTrainedAlgorithmicMedia`: a photo, painted over by a trained network. The
other candidate, `trainedAlgorithmicMedia`, is for pictures that a model made without a photo.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from styles.contract import Format, PaintingRecipe

#: Namespace of the recipe.
NAMESPACE = "urn:mailbot:painting:1#"
#: Identifier of XMP in an APP1 segment of a JPEG, and keyword of its chunk in a PNG.
JPEG_MARK, PNG_MARK = b"http://ns.adobe.com/xap/1.0/\0", b"XML:com.adobe.xmp"
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
#: First bytes of a PNG.
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Bytes of the credit line in UTF-8, at most.
MAX_CREDIT = 1_000
#: Bytes that a JPEG's segment can hold, its length field included.
_MAX_SEGMENT = 65_535


@lru_cache(maxsize=256)  # it takes 20 us and 1 kB, and many photos are painted alike
def packet(recipe: PaintingRecipe, credit: str) -> str:
    """Return the XMP packet for a painting; `credit` names title and artist of its style."""
    credit = credit.encode("utf-8", "replace")[:MAX_CREDIT].decode("utf-8", "ignore")
    properties = {
        "Iptc4xmpExt:DigitalSourceType": SOURCE_TYPE,
        "photoshop:Credit": "".join(letter for letter in credit if letter.isprintable()),
        "painting:Style": recipe.style,
        "painting:Version": str(recipe.version),
        "painting:Strength": f"{recipe.strength:g}",
        "painting:Size": str(recipe.size),
        "painting:KeepColors": "true" if recipe.keep_colors else "false",
    }
    attributes = "".join(f"\n  {name}={quoteattr(value)}" for name, value in properties.items() if value)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""\n'
        '  xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"\n'
        '  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"\n'
        f'  xmlns:painting="{NAMESPACE}"{attributes}/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def overhead(xmp: str) -> int:
    """Return the bytes by which a packet makes a picture larger, at most."""
    return len(xmp.encode()) + 64 if xmp else 0


def embedded(picture: bytes, format: Format, xmp: str) -> bytes:
    """Return a picture that was just encoded, with the packet; unchanged without one."""
    content = xmp.encode()
    if not content or not picture:
        return picture
    if format == "png":
        return _in_png(picture, content)
    segment = JPEG_MARK + content
    if len(segment) + 2 > _MAX_SEGMENT:
        raise ValueError("the XMP packet is too long for a JPEG")
    # Behind the JFIF header, which must be the first segment.
    at = 4 + struct.unpack(">H", picture[4:6])[0] if picture[2:4] == b"\xff\xe0" else 2
    return picture[:at] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + picture[at:]


def _in_png(picture: bytes, content: bytes) -> bytes:
    at = len(PNG_SIGNATURE) + 25  # behind the header, which must be the first chunk
    data = b"iTXt" + PNG_MARK + b"\0\0\0\0\0" + content  # uncompressed, of no language
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return picture[:at] + chunk + picture[at:]
