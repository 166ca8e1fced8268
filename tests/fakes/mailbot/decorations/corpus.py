"""The corpus: mails with decorations, each with the pictures that are photos and those that are none.

corpus      all of it, with `lookalikes` and `carriers`
decorated   every kind of decoration: without a photo, beside an attached one and beside a pasted one
forwards    mails whose photo is in what they forward, below a signature of their own
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.fakes.mailbot.decorations import pages, programs
from tests.fakes.mailbot.decorations.carriers import carriers
from tests.fakes.mailbot.decorations.lookalikes import lookalikes
from tests.fakes.mailbot.decorations.pages import SITE, Mail, Page
from tests.fakes.mailbot.decorations.pictures import logo, photo, pixel
from tests.fakes.mailbot.decorations.programs import File, Letter, img, shown


def corpus() -> list[Mail]:
    """Return all mails of the corpus."""
    return [*decorated(), *forwards(), *lookalikes(), *carriers()]


#: A photo as a phone sends it small.
BEACH = photo(640, 480, seed=1)
#: Name, picture, its size on the screen (0: as it is), whether it is a link, its name, the page around it.
_DECORATIONS: tuple[tuple[str, bytes, tuple[int, int], bool, str, Page], ...] = (
    ("outlook-logo", logo(180, 60), (180, 60), False, "image001.png", pages.GERMAN),
    ("outlook-logo-linked", logo(220, 90), (220, 90), True, "image001.png", pages.ENGLISH),
    ("outlook-logo-jpeg", logo(240, 80, "JPEG", "RGB"), (240, 80), False, "image002.jpg", pages.FRENCH),
    ("outlook-logo-square", logo(200, 200), (120, 120), False, "image001.png", pages.BEST),
    ("outlook-logo-sharp", logo(720, 240), (180, 60), False, "image001.png", pages.SPANISH),
    ("outlook-logo-gif", logo(150, 100, "GIF"), (150, 100), False, "image003.gif", pages.ITALIAN),
    ("outlook-logo-unmarked", logo(180, 60), (180, 60), False, "image001.png", pages.UNMARKED),
    ("outlook-card-logo", logo(220, 130), (220, 130), False, "image001.png", pages.carded),
    ("outlook-card-badge", logo(100, 100, "JPEG", "RGB"), (0, 0), False, "image002.jpg", pages.carded),
    ("outlook-seal-unmarked", logo(140, 100), (140, 100), False, "image001.png", pages.UNMARKED),
    ("outlook-banner", logo(600, 160), (600, 160), False, "image001.png", pages.GREETINGS),
    ("outlook-banner-jpeg", photo(600, 160, seed=7), (600, 160), True, "image001.jpg", pages.SINCERELY),
    ("outlook-banner-sharp", photo(1200, 320, seed=8), (600, 160), True, "image001.jpg", pages.DASHES),
    ("outlook-web-logo", logo(300, 120), (150, 60), False, "Outlook-abc123.png", programs.outlook_web),
    ("outlook-portrait", photo(150, 150, seed=5), (100, 100), False, "Outlook-1.jpg", programs.outlook_web),
    ("outlook-emoji", logo(20, 20), (20, 20), False, "OutlookEmoji-smile.png", pages.within),
    ("gmail-logo", logo(200, 67), (200, 67), False, "logo.png", pages.signed),
    ("gmail-logo-linked", logo(96, 96), (96, 96), True, "unnamed.png", pages.signed),
    ("gmail-portrait", photo(200, 200, seed=6), (96, 96), False, "me.jpg", pages.signed),
    ("gmail-emoji", logo(72, 72), (24, 24), False, "emoji.png", lambda w, t: programs.gmail(f"{w} {t}")),
    ("social-24", logo(24, 24), (24, 24), True, "facebook.png", pages.signed),
    ("social-32", logo(32, 32, "GIF"), (32, 32), True, "image005.gif", pages.REGARDS),
    ("social-48", logo(48, 48, "PNG", "P"), (0, 0), False, "linkedin.png", pages.disclaimed),
    ("social-sharp", logo(128, 128), (32, 32), True, "instagram.png", pages.pasted_newsletter),
    ("apple-logo", logo(160, 80), (0, 0), False, "PastedGraphic-1.png", pages.apple_signed),
    ("apple-logo-tiff", logo(250, 110, "PNG", "RGB"), (0, 0), False, "acme.png", pages.apple_signed),
    ("thunderbird-logo", logo(240, 240), (120, 120), False, "mFh8.png", programs.thunderbird),
    ("thunderbird-card", logo(350, 200, "JPEG", "RGB"), (0, 0), False, "card.jpg", programs.thunderbird),
    ("disclaimer-logo", logo(130, 50, "JPEG", "RGB"), (0, 0), False, "image123456.jpg", pages.disclaimed),
    ("disclaimer-badge", logo(220, 180), (0, 0), False, "image654321.png", pages.disclaimed),
    ("disclaimer-banner", logo(700, 110, "JPEG", "RGB"), (0, 0), False, "image777777.jpg", pages.disclaimed),
    ("newsletter-head", logo(600, 160, "PNG", "P"), (600, 160), True, "head.png", pages.newsletter),
    ("newsletter-head-jpeg", photo(640, 180, seed=9), (640, 180), True, "head.jpg", pages.newsletter),
    ("newsletter-logo-pasted", logo(200, 140), (200, 140), True, "logo.png", pages.pasted_newsletter),
    ("newsletter-line", logo(600, 8, "GIF"), (600, 8), False, "line.gif", pages.pasted_newsletter),
    ("tracking-pixel", pixel(), (1, 1), False, "open.gif", pages.pasted_newsletter),
    ("hidden-picture", logo(43, 5, "GIF"), (0, 0), False, "spacer.gif", pages.pasted_newsletter),
    ("stretched-spacer", pixel(2, 2), (600, 20), False, "spacer.gif", pages.pasted_newsletter),
)  # fmt: skip


def decorated() -> Iterator[Mail]:
    for name, picture, size, linked, file_name, page in _DECORATIONS:
        file = shown(picture, file_name)
        tag = img(file, *size, link=SITE if linked else "")
        made = (picture,)
        yield Mail(
            name=f"{name}, no photo",
            raw=Letter(html=page("Please paint", tag), inside=[file]).raw(),
            decorations=made,
        )
        beach = File(content=BEACH, name="IMG_0412.jpg")
        letter = Letter(html=page("mosaic", tag), inside=[file], attached=[beach])
        yield Mail(name=f"{name}, photo attached", raw=letter.raw(), photos=(BEACH,), decorations=made)
        pasted = shown(BEACH, "image009.jpg")
        letter = Letter(html=page(f"mosaic<br>{img(pasted, 562, 422)}", tag), inside=[pasted, file])
        yield Mail(name=f"{name}, photo pasted", raw=letter.raw(), photos=(BEACH,), decorations=made)


def forwards() -> Iterator[Mail]:
    banner, small = (
        shown(photo(600, 160, seed=3), "image001.jpg"),
        shown(logo(140, 70, seed=2), "image002.png"),
    )
    scene = shown(BEACH, "image003.jpg")
    inside = [banner, small, scene]
    old = f"Look!<br>{img(scene, 480, 360)}<br>Cheers,<br>Tom<br>{img(small)}"
    mine = f"mosaic<br><br>Mit freundlichen Gr&uuml;&szlig;en<br>Jane<br>{img(banner, link=SITE)}"
    head = "<b>Von:</b> Tom &lt;tom@mail.example&gt;<br><b>Gesendet:</b> Montag<br><b>An:</b> Jane<br>"
    gmail_head = "---------- Forwarded message ---------<br>From: Tom &lt;tom@mail.example&gt;<br>"
    forms = {
        "outlook": f"<html><body><p>{mine}</p><div><p>{head}</p></div><p>{old}</p></body></html>",
        "outlook-web": f"<html><body>{mine}<hr><div id='divRplyFwdMsg'>{head}</div>{old}</body></html>",
        "gmail": programs.gmail("mosaic", f"Jane{img(banner)}", quote=f"{gmail_head}{old}"),
        "apple": programs.apple(
            f'{mine}<br><blockquote type="cite">Begin forwarded message:<br>{old}</blockquote>'
        ),
        "thunderbird": programs.thunderbird(f"{mine}<br>-------- Forwarded Message --------<br>{old}"),
    }
    logos = (banner.content, small.content)
    for name, page in forms.items():
        raw = Letter(html=page, inside=inside).raw()
        yield Mail(name=f"forward by {name}", raw=raw, photos=(BEACH,), decorations=logos)
    inner = Letter(
        html=programs.outlook(f"Look {img(scene)}", "Regards", img(small)), inside=[scene, small]
    ).raw()
    outer = Letter(html=programs.outlook("mosaic", "Regards", img(banner)), inside=[banner], forwarded=inner)
    yield Mail(name="forward as an attachment", raw=outer.raw(), photos=(BEACH,), decorations=logos)
