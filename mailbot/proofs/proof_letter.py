"""Write the mail with an artist's proof: photos as the live version paints them, and as the new one does.

It is in English, as the registry's pages are, since no mail tells the artist's language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from mailbot.parsing.headers import clean
from mailbot.replies.mime import BOT_NAME
from registry.client import ProofToMail

#: Id of a proof's mail: the style, the version, and a keyed hash, so that no one makes one up.
_ID = re.compile(r"<proof\.([a-z0-9][a-z0-9-]{0,63})\.([1-9][0-9]{0,8})\.([0-9a-f]{40})@[^\s<>@]+>")
#: Width of a picture in the letter, CSS pixels: two fit beside each other in 600.
_WIDTH = 280


def proof_id(style: str, version: int, keyed: str, domain: str) -> str:
    """Return the Message-ID of a proof's mail, always the same."""
    return f"<proof.{style}.{version}.{keyed}@{domain}>"


def read_proof_id(message_id: str) -> tuple[str, int, str] | None:
    """Return the style, the version and the keyed hash of a proof's id; None for any other id."""
    found = _ID.fullmatch(message_id)
    return (found[1], int(found[2]), found[3]) if found else None


def proof_mail(
    proof: ProofToMail, pictures: Mapping[str, bytes], bot_address: str, message_id: str, date: datetime
) -> bytes:
    """Return the mail. `pictures` are those of both versions by their paths."""
    message = EmailMessage(SMTP)
    message["From"] = Address(BOT_NAME, addr_spec=bot_address)
    message["To"] = Address(clean(proof.person, 100), addr_spec=proof.address)
    message["Subject"] = clean(f"Proof: {proof.title}, version {proof.version}", 200)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(_sentences(proof)) + "\n")
    message.add_alternative(_html(proof, pictures), subtype="html")
    related = message.get_payload()[1]  # type: ignore[index]  # the html
    for number, path in enumerate(pictures, start=1):
        name = f"{proof.style}-{number}.jpg"
        related.add_related(  # type: ignore[union-attr]
            pictures[path], "image", "jpeg", cid=f"<{_cid(number)}>", filename=name, disposition="inline"
        )
    return message.as_bytes()


def _sentences(proof: ProofToMail) -> Sequence[str]:
    beside = f"on the left version {proof.live}, which is live, and on the right version {proof.version}"
    shown = beside if proof.live else f"version {proof.version}, the first one"
    return (
        f"{proof.title}, version {proof.version}, passed its trial and waits. Below are photos, {shown}.",
        "To make it live, answer this mail with the one word “live”. To try it before, mail a photo with "
        f"the subject “{proof.style}@{proof.version}”.",
        "If you do nothing, nothing changes.",
    )


def _html(proof: ProofToMail, pictures: Mapping[str, bytes]) -> str:
    numbers = {path: number for number, path in enumerate(pictures, start=1)}
    columns = [side for side in (proof.old, proof.new) if side]
    rows = "".join(
        "<tr>" + "".join(_cell(numbers.get(side.get(photo, ""))) for side in columns) + "</tr>"
        for photo in proof.new
    )
    texts = "".join(f"<p>{escape(sentence)}</p>" for sentence in _sentences(proof))
    table = f'<table cellpadding="4">{rows}</table>'
    return f'<html><body style="font-family:sans-serif">{texts}{table}</body></html>'


def _cell(number: int | None) -> str:
    if number is None:
        return f'<td width="{_WIDTH}">cannot be painted</td>'
    return f'<td><img src="cid:{_cid(number)}" width="{_WIDTH}" alt="painted photo {number}"></td>'


def _cid(number: int) -> str:
    return f"proof-{number}@mailbot"
