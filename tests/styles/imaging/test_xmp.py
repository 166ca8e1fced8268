"""Recipes in pictures: written, and read again from any bytes."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from styles.contract import Format, PaintingRecipe
from styles.imaging.xmp import JPEG_MARK, NAMESPACE, SOURCE_TYPE, embedded, overhead, packet
from styles.imaging.xmp_reader import MAX_PACKET, recipe_of

RECIPE = PaintingRecipe(style="the-scream", version=3, strength=0.6, size=2048, keep_colors=True)
BLEND = PaintingRecipe(style="great-wave:0.6,the-scream:0.4", version=1)
SHEET = PaintingRecipe(style="", size=512)


def picture(format: Format = "jpeg", side: int = 64) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side), 60).convert("RGB").save(out, format.upper())
    return out.getvalue()


def marked(xmp: str, format: Format = "jpeg") -> bytes:
    return embedded(picture(format), format, xmp)


def attributes(text: str, head: str = "") -> str:
    return (
        f'{head}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:p="{NAMESPACE}" {text}/></rdf:RDF></x:xmpmeta>'
    )


@pytest.mark.parametrize("format", ["jpeg", "png"])
@pytest.mark.parametrize("recipe", [RECIPE, BLEND, SHEET], ids=lambda recipe: recipe.style or "sheet")
def test_what_is_written_is_read(recipe: PaintingRecipe, format: Format) -> None:
    assert recipe_of(marked(packet(recipe, "In the style of “A & B” <by> 'C'"), format)) == recipe


@pytest.mark.parametrize("format", ["jpeg", "png"])
def test_the_pixels_stay_as_they_are_and_pillow_reads_the_packet(format: Format) -> None:
    plain = picture(format)
    xmp = packet(RECIPE, "In the style of Das Café & Söhne 星空")
    whole = embedded(plain, format, xmp)
    with Image.open(io.BytesIO(plain)) as before, Image.open(io.BytesIO(whole)) as after:
        assert before.tobytes() == after.tobytes()
        raw = after.info["xmp"] if format == "jpeg" else after.info["XML:com.adobe.xmp"].encode()
    assert raw == xmp.encode()
    assert SOURCE_TYPE in xmp
    assert "Das Café &amp; Söhne 星空" in xmp
    assert len(whole) - len(plain) <= overhead(xmp)


def test_a_very_long_credit_still_fits_into_a_segment() -> None:
    xmp = packet(RECIPE, "é\0\x1b<" * 50_000)
    assert recipe_of(marked(xmp)) == RECIPE
    assert len(xmp.encode()) < MAX_PACKET


@pytest.mark.parametrize("format", ["jpeg", "png"])
def test_a_picture_without_a_packet_has_no_recipe(format: Format) -> None:
    assert recipe_of(picture(format)) is None
    assert embedded(picture(format), format, "") is not None


@pytest.mark.parametrize(
    "text",
    [
        'p:Style="a&amp;b" p:Strength="1" p:Size="1024"',
        'p:Style="../etc" p:Strength="1" p:Size="1024"',
        'p:Style="a:1,a:2" p:Strength="1" p:Size="1024"',
        'p:Style="a,b,c,d,e" p:Strength="1" p:Size="1024"',
        'p:Style="a" p:Strength="7" p:Size="1024"',
        'p:Style="a" p:Strength="nan" p:Size="1024"',
        'p:Style="a" p:Strength="inf" p:Size="1024"',
        'p:Style="a" p:Strength="0.01" p:Size="1024"',
        'p:Style="a" p:Strength="1" p:Size="99999999999999999999999"',
        'p:Style="a" p:Strength="1" p:Size="12"',
        'p:Style="a" p:Strength="1" p:Size="-1"',
        'p:Style="a" p:Strength="1" p:Size="١٠٢٤"',
        'p:Style="a" p:Strength="one" p:Size="1024"',
        f'p:Style="{"a" * 500}" p:Size="1024"',
        'p:Style="a"',
        'Style="a" Strength="1" Size="1024"',
    ],
)
def test_impossible_values_are_no_recipe(text: str) -> None:
    assert recipe_of(marked(attributes(text))) is None


GOOD = 'p:Style="a" p:Strength="1" p:Size="1024"'


def test_the_plain_form_is_a_recipe() -> None:
    assert recipe_of(marked(attributes(GOOD))) == PaintingRecipe(style="a")


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE x>",
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
        '<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_a_document_type_ends_the_reading(head: str) -> None:
    assert recipe_of(marked(attributes(GOOD, head))) is None


def test_too_much_is_not_read() -> None:
    assert recipe_of(marked(attributes(GOOD, "<!--" + "x" * MAX_PACKET + "-->"))) is None
    many = attributes(GOOD).replace("<rdf:RDF", "<y>" * 300 + "<rdf:RDF")
    assert recipe_of(marked(many)) is None


def test_a_compressed_chunk_is_not_opened() -> None:
    data = b"iTXtXML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"x" * 10_000_000)
    plain = picture("png")
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    assert recipe_of(plain[:33] + chunk + plain[33:]) is None


def test_any_bytes_are_read_without_an_error() -> None:
    chance = random.Random(7)
    formats: tuple[Format, ...] = ("jpeg", "png")
    for format in formats:
        whole = bytearray(marked(packet(RECIPE, "In the style of X"), format))
        for _ in range(1_500):
            broken = bytearray(whole)
            for _ in range(chance.randrange(1, 6)):
                broken[chance.randrange(min(len(broken), 1_600))] = chance.randrange(256)
            recipe_of(bytes(broken[: chance.randrange(len(broken))]))
    for hostile in (
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe1\0\0",
        b"\xff\xd8" + b"\xff\xe1\0\0" * 9_999,
        JPEG_MARK,
    ):
        assert recipe_of(hostile) is None
