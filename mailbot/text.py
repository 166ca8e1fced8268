"""What a person wrote, without what their mail program added.

    unflow     lines of `format=flowed` joined to paragraphs (RFC 3676)
    tidy       text without quotes, forwarded mails, signatures and invisible characters
    shorten    text to a number of bytes

Each is pure and linear: hostile text is bounded before the first regular expression sees it.
"""

from __future__ import annotations

import re

from mailbot.headers import clean

#: Characters of a text part that are looked at. A mail to the bot has some words; quotes below may be long.
MAX_TEXT = 100_000
_MAX_LINE = 2_000

#: Begins what somebody else wrote: nothing from here on is for us.
_SEPARATOR = re.compile(
    r"""^(
        -{2,}\s*(original\ message|forwarded\ message|ursprüngliche\ nachricht|weitergeleitete\ nachricht
                |message\ d'origine|message\ original|mensaje\ original|messaggio\ originale)\b.*
      | begin\ forwarded\ message:.* | anfang\ der\ weitergeleiteten\ nachricht:.*
      | _{20,} | -{20,} | ={20,}
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
#: "On Tue, Jane Doe <jane@…> wrote:" and its translations, on one line once wrapped ones are joined.
_ATTRIBUTION = re.compile(
    r"^(on|am|le|el|il|op|den|em)\b.{6,400}\b"
    r"(wrote|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu)\b[^:]{0,200}:$",
    re.IGNORECASE,
)
_ATTRIBUTION_START = re.compile(r"^(on|am|le|el|il|op|den|em)\s.*(\d|@)", re.IGNORECASE)
#: Outlook puts the old mail's header above it, without any mark.
_OLD_FROM = re.compile(r"^\*?(from|von|de|da|van)\s?:\*?\s", re.IGNORECASE)
_OLD_HEADER = re.compile(
    r"^\*?(sent|date|to|subject|gesendet|datum|an|betreff|envoyé|objet)\s?:", re.IGNORECASE
)
#: What Outlook and Gmail write into the text where the html shows a picture.
_PICTURE = re.compile(r"\[(?:cid|image|inline image \d*|bild):[^\[\]]{0,200}\]", re.IGNORECASE)
#: The last lines that phones add by themselves.
_PHONE = re.compile(
    r"""^[\s>*_]*(
        sent\ (from|via|using|with|on\ (my|the))\ .{2,80} | get\ outlook\ for\ .{2,60}
      | (von\ meinem|mit\ meinem)\ .{2,60}\ (gesendet|geschickt).*
      | (gesendet|verschickt)\ (von|mit|über)\ .{2,80}
      | envoyé\ (de|depuis|à\ partir)\ .{2,80} | enviado\ (desde|do|de)\ .{2,80}
      | inviato\ da\ .{2,60} | verzonden\ (vanaf|met)\ .{2,60} | skickat\ från\ .{2,60}
    )$""",
    re.IGNORECASE | re.VERBOSE,
)


def unflow(text: str, delsp: bool) -> str:
    """Joins the lines that a flowed text was cut into; quoted ones stay apart."""
    lines: list[str] = []
    open_line = False
    for raw in text[:MAX_TEXT].splitlines():
        quoted = raw.startswith(">")
        line = raw if quoted else raw.removeprefix(" ")
        flows = line.endswith(" ") and line != "-- " and not quoted
        kept = line[:-1] if flows and delsp else line
        if open_line and not quoted and line != "-- ":
            lines[-1] += kept
        else:
            lines.append(kept)
        open_line = flows
    return "\n".join(lines)


def tidy(text: str) -> str:
    """The lines that the person wrote, without empty ones at either end."""
    lines = [clean(_PICTURE.sub("", line), _MAX_LINE) for line in text[:MAX_TEXT].splitlines()]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _ends_here(line, lines, at):
            break
        if attribution := _attribution(lines, at):
            at += attribution
            if not _next_is_quoted(lines, at):
                break  # Gmail and Outlook quote html without any mark
            continue
        if not line.startswith(">"):
            kept.append(line)
        at += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _ends_here(line: str, lines: list[str], at: int) -> bool:
    """A signature, the phone's own line, or somebody else's mail begins in this line."""
    if line in ("--", "—") or _PHONE.match(line) or _SEPARATOR.match(line):
        return True
    return bool(_OLD_FROM.match(line)) and any(_OLD_HEADER.match(near) for near in lines[at + 1 : at + 4])


def _attribution(lines: list[str], at: int) -> int:
    """How many lines "On … wrote:" takes here: up to three, since it is wrapped; 0 if it is none."""
    if not _ATTRIBUTION_START.match(lines[at]):
        return 0
    for count in (1, 2, 3):
        if _ATTRIBUTION.match(" ".join(lines[at : at + count])):
            return count
    return 0


def _next_is_quoted(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at:] if line), "")
    return following.startswith(">")


def shorten(text: str, limit: int) -> str:
    """The text cut to `limit` bytes of UTF-8, never within a character."""
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
