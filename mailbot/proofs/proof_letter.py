"""Write the mail with an artist's proof: photos as the live version paints them, and as the new one does.

It is in the language of the artist's last mail that is remembered. The word “live” is the same in all of
them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from mailbot.languages.translator import Translator
from mailbot.parsing.headers import clean
from mailbot.replies.mime import BOT_NAME, POLICY
from registry.client import WaitingProof

#: Hex digits of a keyed hash in an id.
KEYED = 24
#: Id of a proof's mail: the style, the version, a mark of its pictures and its reader, and a keyed hash of
#: these. So no one can make one up.
_ID = re.compile(
    r"<proof\.([a-z0-9][a-z0-9-]{0,63})\.([1-9][0-9]{0,8})\.([0-9a-f]{8})\.([0-9a-f]{24})@[^\s<>@]+>"
)
#: Width of a picture in the letter, CSS pixels: two fit beside each other in 600.
_WIDTH = 280


def proof_id(about: str, keyed: str, domain: str) -> str:
    """Return the Message-ID of a proof's mail, always the same; `keyed` is a keyed hash of `about`."""
    return f"<proof.{about}.{keyed[:KEYED]}@{domain}>"


def about(proof: WaitingProof) -> str:
    """Return the style, the version, and a mark of the pictures and the reader, with dots between.

    A registry that was restored may give the number of a version to another one, whose proof is another mail.
    """
    shown = " ".join((proof.address, *proof.new.values()))
    return f"{proof.style}.{proof.version}.{sha256(shown.encode()).hexdigest()[:8]}"


def read_proof_id(message_id: str) -> tuple[str, int, str, str] | None:
    """Return style, version, `about` and keyed hash of a proof's id; None for any other id."""
    found = _ID.fullmatch(message_id)
    return (found[1], int(found[2]), ".".join(found.groups()[:3]), found[4]) if found else None


def proof_mail(
    proof: WaitingProof,
    pictures: Mapping[str, bytes],
    say: Translator,
    bot_address: str,
    message_id: str,
    date: datetime,
) -> bytes:
    """Return the mail, in the language of `say`. `pictures` are those of both versions by their paths."""
    message = EmailMessage(POLICY)
    message["From"] = Address(BOT_NAME, addr_spec=bot_address)
    message["To"] = Address(clean(proof.person, 100), addr_spec=proof.address)
    subject = say.gettext("Proof: {title}, version {version}", title=proof.title, version=proof.version)
    message["Subject"] = clean(subject, 200)
    message["Date"] = format_datetime(date)
    message.set_raw("Message-ID", message_id)
    message["Auto-Submitted"] = "auto-generated"
    quoted = "quoted-printable"  # not every server takes 8 bits
    message.set_content("\n\n".join(_sentences(say, proof)) + "\n", cte=quoted)
    message.add_alternative(_html(say, proof, pictures), subtype="html", cte=quoted)
    related = message.get_payload()[1]  # type: ignore[index]  # the html
    for number, path in enumerate(pictures, start=1):
        name = f"{proof.style}-{number}.jpg"
        related.add_related(  # type: ignore[union-attr]
            pictures[path], "image", "jpeg", cid=f"<{_cid(number)}>", filename=name, disposition="inline"
        )
    return message.as_bytes()


def _sentences(say: Translator, proof: WaitingProof) -> Sequence[str]:
    fields = {"title": proof.title, "version": proof.version}
    waits = say.gettext("{title}, version {version}, passed its trial and waits.", **fields)
    shown = say.gettext("Below are photos that it painted.")
    if proof.live:
        shown = say.gettext(
            "Below are photos: on the left as version {live}, which is live, painted them, and on the right "
            "as version {version} did.",
            live=proof.live,
            version=proof.version,
        )
    return (
        say.sentences(waits, shown),
        say.sentences(
            say.gettext("To make it live, answer this mail with the one word “{live}”.", live="live"),
            say.gettext(
                "To try it before, mail a photo with the subject “{subject}”.",
                subject=f"{proof.style}@{proof.version}",
            ),
        ),
        say.gettext("If you do nothing, nothing changes."),
    )


def _html(say: Translator, proof: WaitingProof, pictures: Mapping[str, bytes]) -> str:
    numbers = {path: number for number, path in enumerate(pictures, start=1)}
    columns = [side for side in (proof.old, proof.new) if side]
    rows = "".join(
        "<tr>" + "".join(_cell(say, numbers.get(side.get(photo, ""))) for side in columns) + "</tr>"
        for photo in proof.new
    )
    texts = "".join(f"<p>{escape(sentence)}</p>" for sentence in _sentences(say, proof))
    table = f'<table cellpadding="4">{rows}</table>'
    return f'<html lang="{say.tag}"><body style="font-family:sans-serif">{texts}{table}</body></html>'


def _cell(say: Translator, number: int | None) -> str:
    if number is None:
        words = escape(say.gettext("cannot be painted"))
        return f'<td width="{_WIDTH}">{words}</td>'
    alt = escape(say.gettext("painted photo {number}", number=number))
    return f'<td><img src="cid:{_cid(number)}" width="{_WIDTH}" alt="{alt}"></td>'


def _cid(number: int) -> str:
    return f"proof-{number}@mailbot"
