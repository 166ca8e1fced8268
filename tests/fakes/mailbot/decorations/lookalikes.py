"""Photos that look like decorations."""

from __future__ import annotations

from collections.abc import Iterator

from tests.fakes.mailbot.decorations.pages import (
    BEST,
    GREETINGS,
    GRUSS,
    REGARDS,
    SHORT,
    SITE,
    Mail,
    Page,
    signed,
)
from tests.fakes.mailbot.decorations.pictures import logo, photo, scan, screenshot
from tests.fakes.mailbot.decorations.programs import (
    File,
    Letter,
    apple,
    gmail,
    img,
    outlook,
    shown,
    thunderbird,
)


def lookalikes() -> Iterator[Mail]:
    yield from _pasted_photos()
    yield from _attached_photos()
    yield from _photos_beside_others()


def pasted(name: str, content: bytes, page: Page, file: str = "image001.jpg", width: int = 0) -> Mail:
    file_ = shown(content, file)
    raw = Letter(html=page("mosaic", img(file_, width)), inside=[file_]).raw()
    return Mail(name=name, raw=raw, photos=(content,))


def attached(name: str, content: bytes, file: str, disposition: str = "attachment") -> Mail:
    raw = Letter(attached=[File(content=content, name=file, disposition=disposition)]).raw()
    return Mail(name=name, raw=raw, photos=(content,))


def plain(words: str, tag: str) -> str:
    return outlook(words, tag)


def above(words: str, tag: str) -> str:
    return outlook(words, tag, "Viele Gr&uuml;&szlig;e", "Jana")


def _pasted_photos() -> Iterator[Mail]:
    yield pasted("phone photo 320x240 pasted", photo(320, 240, seed=11), plain)
    yield pasted("phone photo 320x240 above the closing", photo(320, 240, seed=12), above)
    yield pasted("phone photo 320x240 below the closing", photo(320, 240, seed=13), GREETINGS)
    yield pasted(
        "phone photo 320x240 in Gmail", photo(320, 240, seed=14), lambda w, t: gmail(f"{w}{t}"), "IMG_1.jpg"
    )
    yield pasted("phone photo below Gmail's signature", photo(640, 480, seed=15), signed, "IMG_1.jpg")
    yield pasted("phone photo 320x240 below '-- '", photo(320, 240, seed=16), thunderbird, "IMG_1.jpg")
    yield pasted("thumbnail 160x120 as the only picture", photo(160, 120, seed=17), plain)
    yield pasted("thumbnail 160x120 below the closing", photo(160, 120, seed=18), SHORT)
    yield pasted("square portrait 200x200 pasted", photo(200, 200, seed=19), plain)
    yield pasted(
        "square portrait 128x128 in Apple Mail", photo(128, 128, seed=20), lambda w, t: apple(w + t), "me.jpg"
    )
    yield pasted("square portrait 200x200 below the closing", photo(200, 200, seed=21), BEST)
    yield pasted("panorama 2000x400 pasted", photo(2000, 400, seed=22), plain)
    yield pasted("panorama 2000x400 below the closing", photo(2000, 400, seed=23), GRUSS, width=640)
    yield pasted("panorama 1000x240 above the closing", photo(1000, 240, seed=24), above)
    yield pasted("screenshot of a phone pasted", screenshot(390, 844), plain, "image001.png")
    yield pasted("screenshot of a phone below the closing", screenshot(390, 844), REGARDS, "image001.png")
    yield pasted(
        "screenshot of a computer, shown small", screenshot(1280, 800), plain, "image001.png", width=320
    )
    yield pasted("part of a screen 420x300 pasted", screenshot(420, 300), plain, "image001.png")
    yield pasted(
        "photo as PNG 300x300 below the closing",
        photo(300, 300, "PNG", 25),
        REGARDS,
        "image001.png",
    )
    yield pasted(
        "photo as WebP pasted", photo(480, 360, "WEBP", 26), lambda w, t: gmail(f"{w}{t}"), "img.webp"
    )
    yield pasted("photo as GIF pasted", photo(320, 240, "GIF", 27), plain, "image001.gif")
    yield pasted("black and white photo 240x320", photo(240, 320, seed=28, mode="L"), plain)
    yield pasted("scan in black and white pasted", scan(620, 877), plain, "image001.png")
    yield pasted("large photo, shown in 200 pixels", photo(1024, 768, seed=29), REGARDS, width=200)
    yield pasted(
        "photo that links to its album",
        photo(320, 240, seed=30),
        lambda w, t: apple(f'{w}<a href="{SITE}">{t}</a>'),
    )


def _attached_photos() -> Iterator[Mail]:
    yield attached("phone photo 128x96 attached", photo(128, 96, seed=31), "IMG_1.jpg")
    yield attached("portrait 64x64 attached", photo(64, 64, seed=32), "me.png")
    yield attached("photo attached as image001.jpg", photo(320, 240, seed=33), "image001.jpg")
    yield attached("photo attached as image001.png", photo(240, 180, "PNG", 34), "image001.png")
    yield attached("drawing attached", logo(400, 150), "drawing.png")
    yield attached("scan attached", scan(620, 877), "scan.png")
    yield attached("panorama attached", photo(1200, 200, seed=35), "pano.jpg")
    yield attached("iPhone's small photo inline", photo(320, 240, seed=36), "IMG_0001.jpg", "inline")
    yield attached("iPhone's small panorama inline", photo(320, 75, seed=37), "IMG_0002.jpg", "inline")
    yield attached("iPhone's screenshot inline", screenshot(390, 844), "IMG_0003.PNG", "inline")


def _photos_beside_others() -> Iterator[Mail]:
    small, large = photo(240, 180, seed=38), photo(800, 600, seed=39)
    files = [shown(small, "image001.jpg"), shown(large, "image002.jpg")]
    page = outlook("both as mosaic", img(files[0]), img(files[1]), "Regards", "Jane")
    yield Mail(
        name="a small photo beside a large one",
        raw=Letter(html=page, inside=files).raw(),
        photos=(small, large),
    )
    same = shown(small, "image001.jpg")
    page = outlook(img(same), "Regards", "Jane")
    letter = Letter(html=page, inside=[same], attached=[File(content=large, name="IMG_2.jpg")])
    yield Mail(name="a pasted photo beside an attached one", raw=letter.raw(), photos=(small, large))
    answer = f'<blockquote type="cite">{img(shown(small))}</blockquote>'
    letter = Letter(html=apple(f"mosaic<br>{answer}"), inside=[shown(small)])
    yield Mail(name="a small photo in a quote", raw=letter.raw(), photos=(small,))
    below = gmail(f"mosaic{img(files[0])}", f"Jane</div>{img(files[1])}<div>")
    letter = Letter(html=below, inside=files)
    yield Mail(name="one photo above and one below the signature", raw=letter.raw(), photos=(small, large))
