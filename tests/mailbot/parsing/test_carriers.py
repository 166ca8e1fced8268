"""Phone carriers: who is one, what passes through them, what they add."""

from __future__ import annotations

from datetime import date

import pytest

from mailbot.parsing import carriers


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("15551230001@mms.att.net", "AT&T"),
        ("5551230002@vzwpix.com", "Verizon"),
        ("5551230002@VTEXT.com", "Verizon"),
        ("+15551230003@tmomail.net", "T-Mobile"),
        ("5551230004@mms.uscc.net", "US Cellular"),
        ("5551230005@mms.cricketwireless.net", "Cricket"),
    ],
)
def test_known_by_the_domain(address: str, name: str) -> None:
    assert carriers.of(address) == name
    assert carriers.limits(address) == carriers.PHONE


@pytest.mark.parametrize(
    "domain",
    [
        *("mms.gocbw.com", "mms.dobson.net", "mms.myhelio.com", "mms.luxgsm.lu", "mms.netcom.no", "mms.ae"),
        *("mms.mobileiam.ma", "pics.cingularme.com", "mobile.indosat.net.id", "info2go.com", "mmode.com"),
        *("unicel.com", "orange.fr", "1nbox.net", "waw.plspictures.com"),
    ],
)
def test_gateways_that_answer_as_phones(domain: str) -> None:
    assert carriers.limits(f"5551230001@{domain}") == carriers.PHONE


@pytest.mark.parametrize(
    "address",
    ["15551230001@mms.anywhere.example", "+491701234567@mms.sub.example.co", "+5551234/TYPE=PLMN@mms.x.lu"],
)
def test_a_number_at_a_domain_of_mms_is_a_phone(address: str) -> None:
    assert carriers.of(address) == "MMS"
    assert carriers.limits(address) == carriers.PHONE


@pytest.mark.parametrize(
    "address",
    ["jane@mms.example.org", "jane7@mms.example.org", "12@mms.example.org", "15551230001@mmsx.example.org",
     "15551230001@x.mms.example.org", "15551230001@mms.", "jane@orange.fr", "jane.2@orange.fr"],
)  # fmt: skip
def test_other_addresses_at_such_domains_are_people(address: str) -> None:
    assert carriers.of(address) is None


@pytest.mark.parametrize("address", ["jane@mail.example", "", "jane@nottmomail.net"])
def test_everyone_else_gets_mail(address: str) -> None:
    assert carriers.limits(address) == carriers.MAIL


def test_limits_of_phones() -> None:
    assert carriers.PHONE.max_bytes == 350_000
    assert carriers.PHONE.max_side <= 1600
    assert carriers.PHONE.max_pictures == 1
    assert not carriers.PHONE.html


@pytest.mark.parametrize(
    "trailer",
    [
        "This message was sent using the Picture and Video Messaging service from Verizon Wireless!\nSee",
        "This message was sent using PIX-FLIX Messaging service from\nVerizon Wireless!",
        "Thank you for using Picture and Video Messaging by U.S. Cellular.",
        "This mobile text message is brought to you by AT&T",
    ],
)
def test_advertisements_are_cut(trailer: str) -> None:
    assert carriers.tidy(f"mosaic\n\n{trailer}\nmore") == "mosaic"


def test_people_may_write_of_their_carrier() -> None:
    text = "This message was written on Verizon Wireless stationery"
    assert carriers.tidy(text) == text


@pytest.mark.parametrize("name", ["dottedline350.gif", "dottedLine_600.gif", "tmobilelogo.gif", "logo.jpg"])
def test_noise_of_the_carrier_that_makes_it(name: str) -> None:
    assert carriers.is_noise(name, "image/gif", carriers.of("+15551230003@tmomail.net"))
    assert not carriers.is_noise(name, "image/gif", carriers.of("15551230001@mms.att.net"))
    assert not carriers.is_noise(name, "image/gif", None)


@pytest.mark.parametrize(("name", "type"), [("", "application/smil"), ("mms.smil.txt", "text/plain")])
def test_layouts_are_noise_everywhere(name: str, type: str) -> None:
    assert carriers.is_noise(name, type, None)


@pytest.mark.parametrize(
    "greeting",
    [
        "Uve received a video or picture msg from 1234567890. Click link below 2 view.",
        "http://picturemessaging.rogers.com",
        "Alltel has no control over, and is not responsible for, the content or use of this picture.",
        "Vous avez reçu un MMS du 062 20 20 33",
        "Meldingen er sendt fra mobiltelefon og kan kun besvares med mobiltelefon.",
        "This message contains multimedia contents and is delivered from Helio, LLC.",
        "This is an MMS message. Please go to http://mms.gocbw.com:80/do/"
        + "x" * 300
        + " to reply to the message.",
    ],
)
def test_greetings_are_cut(greeting: str) -> None:
    assert carriers.tidy(f"{greeting}\nmosaic") == "mosaic"


@pytest.mark.parametrize("name", ["operator_logo.gif", "Header.jpg", "spacer.gif", "idea_banner.jpg"])
def test_names_of_layouts(name: str) -> None:
    assert carriers.is_layout(name)
    assert not carriers.is_layout("IMG_0001.jpg")


@pytest.mark.parametrize(
    ("address", "day", "since"),
    [
        ("5551234567@mms.att.net", date(2025, 6, 16), None),
        ("5551234567@MMS.att.net", date(2025, 6, 17), date(2025, 6, 17)),
        ("5551234567@tmomail.net", date(2026, 1, 1), date(2024, 12, 1)),
        ("5551234567@vzwpix.com", date(2027, 3, 30), None),
        ("5551234567@vzwpix.com", date(2027, 3, 31), date(2027, 3, 31)),
        ("5551234567@mmsreply.t-mobile.co.uk", date(2026, 1, 1), None),
        ("jane@mail.example", date(2026, 1, 1), None),
    ],
)
def test_since_when_no_answer_reaches_a_phone(address: str, day: date, since: date | None) -> None:
    assert carriers.closed_since(address, day) == since


def test_every_closed_gateway_is_of_a_known_carrier() -> None:
    assert all(carriers.of(f"1@{domain}") for domains in carriers.CLOSURES for domain in domains.split())
    assert carriers.closed(date(2026, 1, 1)) == {"AT&T", "Alltel", "Rogers", "Sprint", "T-Mobile"}
