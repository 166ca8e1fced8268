"""Remove from a text what the person's mail program added, in many languages.

All functions are linear: a hostile text is cut before any regular expression reads it. Each pattern runs over
a line of bounded length, and none has two unbounded repeats.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.parsing.headers import clean
from mailbot.parsing.text.notices import without_notices

#: Characters of a text part that are read. A mail to the bot has some words; quotes below may be long.
MAX_TEXT = 100_000
_MAX_LINE = 2_000
#: Lines on which an attribution may be wrapped.
_ATTRIBUTION_LINES = 3
_SEPARATOR = re.compile(
    r"""^(
        -{4,}\s?\S.{0,60}?-{4,}
      | -{2,}\s*(original\ message|forwarded\ message|ursprüngliche\ nachricht|weitergeleitete\ nachricht
                |message\ d'origine|message\ original|mensaje\ original|messaggio\ originale
                |oorspronkelijk\ bericht|mensagem\ original|исходное\ сообщение|原始邮件)\b.*
      | begin\ forwarded\ message:.* | anfang\ der\ weitergeleiteten\ nachricht:.*
      | début\ du\ message\ réexpédié\ ?:.* | inicio\ del\ mensaje\ reenviado:.*
      | inizio\ messaggio\ inoltrato:.*
      | begin\ doorgestuurd\ bericht:.* | 転送されたメッセージ:.*
      | _{20,} | -{20,} | ={20,}
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
#: "On Tue, Jane Doe <jane@…> wrote:" and its translations.
_WROTE = re.compile(
    r"^(on|am|le|el|il|op|den|em|w\s?dniu|dne)\b.{6,400}\b"
    r"(wrote|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu|napisał\w{0,2}|napsal\w?)\b"
    r"[^:]{0,200}:$",
    re.IGNORECASE,
)
#: Russian mail programs put the verb last, with a date or an address beside it, or write "Вы писали".
_WROTE_RUSSIAN = re.compile(
    r"^.{0,200}?(?<!\w)(?:пишет|(?:на)?писал[аи]?(?:\(а\))?)(?!\w).{0,100}[:：]$", re.IGNORECASE
)
#: Hotmail's and others' "Jane <jane@…> wrote:" without a date.
_ADDRESS_WROTE = re.compile(
    r"^[^<>]{0,100}<[^<>\s]{1,100}@[^<>\s]{1,100}>\s?"
    r"(wrote|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu|писал|написал)"
    r"\W{0,3}\w{0,2}\W{0,3}[:：]$",
    re.IGNORECASE,
)
#: An attribution in any language: a time of day, an address, and a colon at the end.
_DATED = re.compile(r"^.{0,200}\d{1,2}[:.]\d\d\b.{0,200}<[^<>\s]{1,100}@[^<>\s]{1,100}>.{0,40}[:：]$")
_DATED_AFTER = re.compile(r"^.{0,100}<[^<>\s]{1,100}@[^<>\s]{1,100}>.{0,60}\d{1,2}:\d\d.{0,40}[:：]$")
_ATTRIBUTIONS = (_WROTE, _DATED, _DATED_AFTER, _WROTE_RUSSIAN, _ADDRESS_WROTE)
_ATTRIBUTION_START = re.compile(r"^(?:on|am|le|el|il|op|den|em)\s.*(?:\d|@)|^.{0,80}[\d@]", re.IGNORECASE)
_OLD_FROM = re.compile(
    r"^\*?(from|von|de|da|van|fra|från|od|от|kimden|差出人|发件人|寄件者|보낸 사람)\s?[:：]\*?\s",
    re.IGNORECASE,
)
_OLD_HEADER = re.compile(
    r"^\*?(sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado( el)?|fecha|para"
    r"|asunto|data|inviato|a|oggetto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|til|emne|wysłano|do|temat|отправлено|кому|тема"
    r"|送信日時|宛先|件名|发送时间|收件人|主题|보낸 날짜|받는 사람|제목)\s?[:：]",
    re.IGNORECASE,
)
#: The text of Outlook and Gmail in place of a picture that the html shows.
_PICTURE = re.compile(r"\[(?:cid|image|inline image \d*|bild|画像|图片):[^\[\]]{0,200}\]", re.IGNORECASE)
#: The last lines that phones add.
_PHONE = re.compile(
    r"""^[\s>*_]*(
        sent\ (from|via|using|with|on\ (my|the))\ .{2,80}
      | (get|holen\ sie\ sich|télécharger|obtenir|obtener|ottieni|obter\ o|baixar\ o)\ outlook\ .{2,60}
      | outlook\ für\ .{2,60} | 获取适用于.{2,30}的\ ?outlook.{0,60} | outlook\ for\ .{2,40}を入手.{0,60}
      | (von\ meinem|mit\ meinem)\ .{2,60}\ (gesendet|geschickt).*
      | (gesendet|verschickt)\ (von|mit|über)\ .{2,80} | (diese\ nachricht\ wurde\ von\ mein).{2,80}
      | envoyé\ (de|depuis|à\ partir)\ .{2,80}
      | enviado\ (desde|do|de)\ .{2,80} | inviato\ da(l)?\ .{2,60}
      | (verzonden|verstuurd)\ (vanaf|met|via)\ .{2,60} | skickat\ från\ .{2,60} | sendt\ fra\ .{2,60}
      | lähetetty\ .{2,60} | wysłan[eo]\ z\ .{2,60} | odesláno\ z\ .{2,60} | отправлено\ (с|из)\ .{2,60}
      | .{2,40}['’]?[du]an\ gönderildi
      | .{2,30}から送信 | 发自我的.{2,30} | 從我的.{2,30}傳送 | .{2,30}에서\ 보냄
      | נשלח\ מ.{2,30} | أُ?رسلت\ من\ .{2,30}
    )$""",
    re.IGNORECASE | re.VERBOSE,
)


def unflow(text: str, delsp: bool) -> str:
    """Join the lines of a `format=flowed` text (RFC 3676) to paragraphs; quoted lines stay apart."""
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
    """Remove quotes, forwarded mails, signatures, notices, and invisible characters."""
    lines = [clean(_PICTURE.sub("", line), _MAX_LINE) for line in text[:MAX_TEXT].splitlines()]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if is_end(lines[at : at + 4]):
            break
        if wrapped := attribution(lines[at : at + 3]):
            at += wrapped
            if not next(filter(None, lines[at:]), "").startswith(">"):
                break  # Gmail and Outlook quote html without any mark
            continue
        if not line.startswith(">"):
            kept.append(line)
        at += 1
    return without_notices(re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip())


def forwarded(text: str) -> str:
    """Return the words of the forwarded mail within a text, without its header; "" if there is none."""
    lines = [clean(line, _MAX_LINE) for line in text[:MAX_TEXT].splitlines()]
    starts = (at for at in range(1, len(lines) + 1) if begins_old_mail(lines[max(0, at - 2) : at]))
    start = next(starts, len(lines))
    while start < len(lines) and (not lines[start] or _is_field(lines[start])):
        start += 1
    return tidy("\n".join(lines[start:]))


def shorten(text: str, limit: int) -> str:
    """Cut the text to `limit` bytes of UTF-8, never within a character."""
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


def is_end(lines: Sequence[str]) -> bool:
    """Tell whether these four lines begin with a signature, a phone's own line or an old mail."""
    line, *others = lines
    return bool(line in ("--", "—") or _is_head(line, others) or _SEPARATOR.match(line) or _PHONE.match(line))


def _is_head(line: str, others: Sequence[str]) -> bool:
    """Tell whether these lines are the header of an older mail: its author and another field, in any order.

    Hotmail begins with the date or the subject. Such a line alone may be a person's, so two must be there.
    """
    if _OLD_FROM.match(line):
        return any(_OLD_HEADER.match(other) for other in others)
    named = sum(1 for other in others if _OLD_HEADER.match(other))
    return bool(_OLD_HEADER.match(line)) and named > 0 and any(_OLD_FROM.match(other) for other in others)


def begins_old_mail(lines: Sequence[str]) -> bool:
    """Tell whether the last of these lines begins a forwarded or quoted mail, or stands in its header."""
    line = lines[-1]
    is_header = _is_field(line) and any(_is_head(lines[at], lines[at + 1 :]) for at in range(len(lines) - 1))
    return is_header or (bool(_SEPARATOR.match(line)) and any(map(str.isalpha, line)))


def _is_field(line: str) -> bool:
    """Tell whether a line may be one of the header of an older mail."""
    return bool(_OLD_FROM.match(line) or _OLD_HEADER.match(line))


def attribution(lines: Sequence[str]) -> int:
    """Return how many of these lines name the author of the quote below, 0 if they do not."""
    if not _ATTRIBUTION_START.match(lines[0]):
        return 0
    for count in range(1, _ATTRIBUTION_LINES + 1):
        if count > 1 and (count > len(lines) or not lines[count - 1] or lines[count - 1].startswith(">")):
            return 0  # the attribution is below: "80% please", an empty line, "> On Tue, …"
        joined = " ".join(lines[:count])
        if any(pattern.match(joined) for pattern in _ATTRIBUTIONS):
            return count
    return 0
