"""Every kind of photo comes in upright and in sRGB; hostile ones are refused before they cost anything."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from styles.errors import ImageTooLarge, NotAnImage
from styles.imaging import codec as image_module
from styles.imaging.codec import Pixels, decode, encode, fit
from styles.imaging.color import MAX_PROFILE


def picture(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right, green below."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2] = (220, 30, 30)
    pixels[:, width // 2 :] = (30, 30, 220)
    pixels[height * 3 // 4 :] = (30, 200, 30)
    return Image.fromarray(pixels)


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def close(pixels: Pixels, colour: tuple[int, int, int], at: tuple[int, int]) -> bool:
    return bool(np.abs(pixels[at].astype(int) - colour).max() < 40)


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("BMP", {}),
        ("TIFF", {}),
        ("AVIF", {}),
        ("PPM", {}),
    ],
)
def test_formats(format: str, options: dict[str, object]) -> None:
    pixels = decode(saved(picture(), format, **options))
    assert pixels.shape == (40, 60, 3)
    assert pixels.dtype == np.uint8
    assert close(pixels, (220, 30, 30), (5, 5))
    assert close(pixels, (30, 30, 220), (5, 50))


def test_heic_is_decoded_and_turned_once() -> None:
    pixels = decode((Path(__file__).parent / "turned.heic").read_bytes())
    assert pixels.shape == (96, 128, 3)
    assert close(pixels, (220, 30, 30), (10, 10))
    assert close(pixels, (30, 200, 30), (90, 10))


@pytest.mark.parametrize("mode", ["L", "1", "LA", "P", "PA", "RGBA", "CMYK", "YCbCr", "LAB", "I", "F"])
def test_modes(mode: str) -> None:
    image = picture().convert("P").convert("PA") if mode == "PA" else picture().convert(mode)
    pixels = decode(saved(image, "TIFF"))
    assert pixels.shape == (40, 60, 3)
    assert abs(pixels[:30, :, 1].mean() - pixels[32:, :, 1].mean()) > 20  # green tells below from above


@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
def test_sixteen_bit_grey_is_scaled_and_not_cut(mode: str) -> None:
    values = np.linspace(0, 65535, 60).astype(np.uint16)[None].repeat(40, 0)
    image = Image.fromarray(values)
    format = "PNG" if mode == "I;16" else "TIFF"
    pixels = decode(saved(image, format))
    assert pixels[0, 0, 0] == 0
    assert 120 < pixels[0, 30, 0] < 135
    assert pixels[0, 59, 0] == 255


def test_a_dark_sixteen_bit_photo_stays_dark() -> None:
    image = Image.fromarray(np.full((8, 8), 200, np.uint16))
    assert decode(saved(image, "PNG")).max() == 0


def test_a_float_picture_of_one_value_is_read() -> None:
    image = Image.fromarray(np.full((8, 8), 1e6, np.float32))
    assert decode(saved(image, "TIFF")).max() == 0


def test_sixteen_bit_colour() -> None:
    rows = np.zeros((4, 6, 3), ">u2")
    rows[..., 0] = 65535
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    assert close(decode(png(6, 4, raw, depth=16, colour=2)), (255, 0, 0), (1, 1))


def png(width: int, height: int, raw: bytes, *, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG by hand, for what Pillow does not write."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )


def test_transparency_becomes_white() -> None:
    image = picture().convert("RGBA")
    image.putalpha(0)
    assert (decode(saved(image, "PNG")) == 255).all()


def test_palette_transparency_becomes_white() -> None:
    image = picture().quantize(8)
    photo = saved(image, "PNG", transparency=image.getpixel((0, 0)))
    assert close(decode(photo), (255, 255, 255), (5, 5))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_turned_upright(orientation: int) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = picture()
    if orientation in turns:
        stored = stored.transpose(turns[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = decode(saved(stored, "JPEG", exif=exif, quality=95))
    assert pixels.shape == (40, 60, 3)
    assert close(pixels, (220, 30, 30), (5, 5))
    assert close(pixels, (30, 200, 30), (38, 5))


def test_an_animation_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (20, 10), c) for c in ("red", "blue", "green")]
    for format in ("GIF", "WEBP", "PNG"):
        photo = saved(frames[0], format, save_all=True, append_images=frames[1:])
        assert close(decode(photo), (255, 0, 0), (5, 5)), format


def srgb(**swapped: bytes) -> bytes:
    """The profile of sRGB, some of its tags given other names: those of red and blue swapped, say."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tags = 12 * int.from_bytes(profile[128:132], "big")
    table = bytearray(profile[132 : 132 + tags])
    for at in range(0, tags, 12):
        name = table[at : at + 4].decode()
        table[at : at + 4] = swapped.get(name, table[at : at + 4])
    return profile[:132] + table + profile[132 + tags :]


@pytest.mark.parametrize("size", [(8, 8), (300, 200)])
def test_a_colour_profile_is_applied(size: tuple[int, int]) -> None:
    violet = Image.new("RGB", size, (120, 60, 200))
    assert close(decode(saved(violet, "PNG", icc_profile=srgb())), (120, 60, 200), (4, 4))
    photo = saved(violet, "PNG", icc_profile=srgb(rXYZ=b"bXYZ", bXYZ=b"rXYZ"))
    assert close(decode(photo, long_side=100), (200, 60, 120), (4, 4))


def test_a_profile_of_what_pixels_are_already_costs_no_rounding() -> None:
    plain = picture()
    assert np.array_equal(decode(saved(plain, "PNG", icc_profile=srgb())), np.asarray(plain))


def test_a_profile_larger_than_any_is_ignored() -> None:
    profile = srgb(rXYZ=b"bXYZ", bXYZ=b"rXYZ")
    violet = Image.new("RGB", (8, 8), (120, 60, 200))
    for size, seen in ((1, (200, 60, 120)), (MAX_PROFILE, (120, 60, 200))):
        padded = (len(profile) + size).to_bytes(4, "big") + profile[4:] + bytes(size)
        assert close(decode(saved(violet, "JPEG", icc_profile=padded, quality=95)), seen, (4, 4)), size


def test_a_profile_of_greys_is_applied_to_greys() -> None:
    grey = Image.new("L", (8, 8), 120)
    assert close(decode(saved(grey, "PNG", icc_profile=srgb())), (120, 120, 120), (4, 4))


def test_a_broken_colour_profile_is_ignored() -> None:
    photo = saved(picture(), "PNG", icc_profile=b"not a profile")
    assert close(decode(photo), (220, 30, 30), (5, 5))


def test_long_side_reduces_and_never_enlarges() -> None:
    photo = saved(picture(600, 400), "JPEG")
    assert decode(photo, long_side=150).shape == (100, 150, 3)
    assert decode(photo, long_side=4000).shape == (400, 600, 3)


def test_long_side_counts_after_turning() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = saved(picture(600, 400), "JPEG", exif=exif)
    assert decode(photo, long_side=150).shape == (150, 100, 3)


def test_long_side_counts_for_what_turns_itself() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = saved(picture(600, 400), "TIFF", exif=exif)
    assert decode(photo, long_side=150).shape == (150, 100, 3)


@pytest.mark.parametrize("wide", [600, 590, 630, 1300])
def test_a_jpeg_at_a_reduced_scale_has_the_size_asked_for(wide: int) -> None:
    """A quarter of 590 is 148, which is enlarged by a little; of 1300 an eighth would be too small."""
    pixels = decode(saved(picture(wide, 400), "JPEG", quality=95), long_side=150)
    whole = decode(saved(picture(wide, 400), "PNG"), long_side=150)
    assert pixels.shape == whole.shape
    assert np.abs(pixels.astype(int) - whole).mean() < 3


@pytest.mark.parametrize("mode", ["L", "1", "LA", "P", "RGBA", "CMYK", "YCbCr", "I", "F"])
def test_modes_are_reduced_as_rgb_would_be(mode: str) -> None:
    photo = saved(picture(600, 400).convert(mode), "TIFF")
    reduced, whole = decode(photo, long_side=150), Image.fromarray(decode(photo))
    expected = np.asarray(whole.resize((150, 100), Image.Resampling.LANCZOS), int)
    assert np.abs(reduced - expected).mean() < (6 if mode == "1" else 3)  # of which every pixel is an edge


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (2, 3)])
def test_tiny_photos_are_read(size: tuple[int, int]) -> None:
    assert decode(saved(Image.new("RGB", size), "PNG"), long_side=100).ndim == 3


def test_too_many_pixels_are_refused_from_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = png(60_000, 60_000, b"\0")  # 3.6 gigapixels in 100 bytes
    with pytest.raises(ImageTooLarge, match="64,000,000 pixels"):
        decode(bomb)
    monkeypatch.setattr(image_module, "MAX_PIXELS", 100)
    with pytest.raises(ImageTooLarge):
        decode(saved(picture(), "PNG"))


@pytest.mark.parametrize(
    "photo",
    [
        b"",
        b"hello",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 60,
    ],
)
def test_what_is_no_photo_is_refused(photo: bytes) -> None:
    with pytest.raises(NotAnImage):
        decode(photo)


def test_of_large_photos_one_is_decoded_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_module, "LARGE_PIXELS", 10_000)
    large, small = saved(picture(600, 400), "PNG"), saved(picture(), "PNG")
    with ThreadPoolExecutor(1) as threads:
        with image_module._one_large:
            decoding = threads.submit(decode, large)
            assert decode(small).shape == (40, 60, 3)
            assert not wait([decoding], 0.2).done
        assert decoding.result().shape == (400, 600, 3)


def test_a_truncated_photo_is_refused() -> None:
    whole = saved(picture(600, 400), "PNG")
    with pytest.raises(NotAnImage):
        decode(whole[: len(whole) // 2])


def test_damaged_photos_raise_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_module, "MAX_PIXELS", 1_000_000)
    random = np.random.default_rng(7)
    seeds = [saved(picture(), f) for f in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF")]
    for turn in range(300):
        photo = bytearray(seeds[turn % len(seeds)])
        for at in random.integers(0, len(photo), 6):
            photo[at] = random.integers(256)
        with contextlib.suppress(NotAnImage, ImageTooLarge):
            assert decode(bytes(photo)).ndim == 3


def test_encode_keeps_to_its_byte_budget() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (600, 800, 3), dtype=np.uint8)
    free = encode(noise)
    for budget in (200_000, 50_000, 8_000):
        bound = encode(noise, max_bytes=budget)
        assert len(bound) <= budget < len(free)
        assert decode(bound).shape[1] > 64


def test_encode_png_is_exact() -> None:
    pixels = np.asarray(picture())
    assert np.array_equal(decode(encode(pixels, "png")), pixels)


def test_fit() -> None:
    assert fit((4000, 3000), 1024) == (1024, 768)
    assert fit((30, 20), 1024) == (30, 20)
    assert fit((5000, 1), 100) == (100, 1)
