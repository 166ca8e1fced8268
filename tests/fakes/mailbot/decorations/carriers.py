"""Messages of phones, with the files that their gateways add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.fakes.mailbot.decorations.pages import Mail
from tests.fakes.mailbot.decorations.pictures import logo, photo, pixel
from tests.fakes.mailbot.decorations.programs import File, Letter, img


def _mms(sender: str, photos: Sequence[File], *others: File, html: str = "") -> Mail:
    letter = Letter(html=html, text="", inside=[*others, *photos], sender=sender, subject="MMS")
    return Mail(
        name=f"MMS by {sender.rpartition('@')[2]}" + ("" if photos else ", no photo"),
        raw=letter.raw(),
        photos=tuple(file.content for file in photos),
        decorations=tuple(file.content for file in others),
    )


def carriers() -> Iterator[Mail]:
    snap = File(content=photo(320, 240, seed=51), name="Image051.jpg", cid="photo")
    for sender, others in _added_files().items():
        yield _mms(sender, [snap], *others, html=_page(*others, snap))
        yield _mms(sender, [], *others, html=_page(*others))
    for name, content in (("small", photo(160, 120, seed=56)), ("tiny", photo(128, 96, seed=57))):
        carried = File(content=content, name=f"{name}.jpg", cid="photo", disposition="attachment")
        yield _mms("5551230005@mms.cricketwireless.net", [carried])
    nameless = File(content=photo(176, 144, seed=58), cid="photo", disposition="")
    yield _mms("15551230001@mms.att.net", [nameless])
    unnamed = File(content=photo(320, 240, "PNG", 59), cid="photo", disposition="")
    yield _mms("15551230001@mms.unknown.example", [unnamed])
    drawn = File(content=photo(100, 100, "GIF", 60), name="Drinks.gif", cid="photo", disposition="attachment")
    yield _mms("+5551234/TYPE=PLMN@mms.luxgsm.lu", [drawn], html=f"<html><body>{img(drawn)}</body></html>")


def _added_files() -> dict[str, tuple[File, ...]]:
    """The files that each gateway adds, by a sender of its."""
    return {
        "22222222222@mms.mtn.co.za": (_file(mtn_logo(), "logo.bmp", disposition="attachment"),),
        "5551234@mms.myhelio.com": (
            *(_file(logo(631, 118, "GIF"), "top.gif"), _file(logo(631, 109, "GIF", seed=1), "bottom.gif")),
            _file(logo(253, 16, "GIF"), "middle_img.gif"),
        ),
        "98206867309@mms.mobileiam.ma": (
            _file(photo(468, 60, seed=52), "html_DEFAULT_SLIDE_header.JPG"),
            *(_file(logo(126, 59, "GIF"), "footer.gif"), _file(logo(168, 21, "GIF"), "reply.gif")),
        ),
        "+5551234/TYPE=PLMN@mms.luxgsm.lu": (
            _file(logo(128, 48, "GIF"), "Vodafone Logo", "uyprz", "attachment"),
        ),
        "1234567890@rci.rogers.com": tuple(
            _file(content, cid=f"A{number}.0290720", disposition="")
            for number, content in enumerate(
                (
                    logo(700, 60, "GIF"),
                    pixel(1, 23),
                    logo(223, 174, "GIF"),
                    logo(90, 30, "GIF"),
                    logo(12, 12, "GIF"),
                )
            )
        ),
        "3068675309@sms.sasktel.com": (_file(logo(760, 80, "GIF"), cid="A0.27", disposition=""),),
        "2068675309@txt.bell.ca": (_file(logo(78, 44, "GIF"), cid="A0.59", disposition=""),),
        "o2.5551234@mms.o2online.de": (
            _file(logo(74, 31, "JPEG", "RGB"), cid="23abc@pc27-000", disposition=""),
        ),
        "2068675309@message.alltel.com": (
            *(_file(logo(634, 6, "GIF"), "bluebar.gif"), _file(logo(302, 50, "GIF"), "header.gif")),
            _file(logo(125, 58, "JPEG", "RGB"), "alltel_logo.jpg"),
        ),
        "5551234/TYPE=PLMN@mms.three.co.uk": (
            *(_file(logo(95, 41, "JPEG", "RGB"), "reb.jpg"), _file(photo(665, 104, seed=53), "tpm.jpg")),
        ),
        "2068675309@mobile.indosat.net.id": (
            _file(photo(700, 100, seed=54), cid="cp__newBanner.jpg", disposition=""),
        ),
        "1234567890@1nbox.net": (_file(photo(800, 122, seed=55), cid="cp__idea_banner.jpg", disposition=""),),
        "491701234567@mms.elsewhere.example": (_file(logo(200, 70, "GIF"), "operator_logo.gif"),),
    }


def _file(content: bytes, name: str = "", cid: str = "", disposition: str = "inline") -> File:
    return File(content=content, name=name, cid=cid or name, disposition=disposition)


def _page(*files: File) -> str:
    cells = "".join(f"<tr><td>{img(shown)}</td></tr>" for shown in files)
    return f"<html><body><table>{cells}</table></body></html>"


def mtn_logo() -> bytes:
    """MTN's logo: 60 by 54 pixels."""
    return logo(60, 54, "BMP", "RGB")
