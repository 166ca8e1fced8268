"""Remove what mail systems write around a person's words: warnings above them, disclaimers below.

    without_notices  text -> the same without them

Exchange, Google Workspace, Mimecast, Proofpoint and others put a warning above mails from outside. It is
written in the language of its company, so it would also decide the language of the answer. All patterns
read a piece of bounded length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

#: Characters at either end of a text in which a notice is looked for, and those of one piece.
_READ, _MAX_PIECE = 1_500, 400
#: Characters beyond which a mail program wraps a line.
_WIDTH = 70
#: A sentence or a line, with the white space behind it. A point within an address or a link ends none.
_PIECE = re.compile(rf"(?:[^.!?。！？\n]|[.!?](?![\s\"”<]|$)){{0,{_MAX_PIECE}}}(?:[.!?。！？\n]|$)\s*")


def _with_all(*parts: str) -> re.Pattern[str]:
    """Return a pattern for text that has a word of each part."""
    return re.compile("".join(f"(?=.*?(?:{part}))" for part in parts), re.IGNORECASE | re.DOTALL)


_MAIL = (
    r"\be-?mails?\b|\bmessage\b|\bmail\b|nachricht|courriel|\bcorreo|mensaje|messaggio|mensagem"
    r"|邮件|メール"
)
_SENDER = r"\bsender|absender|expéditeur|remitente|mittente|remetente|发件人|寄件者|送信者|差出人"
_OUTSIDE = (
    r"\boutside\b|\bexternal\b|\bextern[aeo]?[nrs]?\b|außerhalb|extérieur|\bfuera de\b|\besterno|"
    r"\bfora d[aeo]\b|外部|社外|組織外"
)
_COMPANY = (
    r"organi[sz]a|compan|\bfirm|unternehmen|konzern|entreprise|société|empresa|azienda|公司|组织|社外|組織"
)
_CAUTION = (
    r"\bcaution\b|\bwarning\b|\bachtung\b|\bvorsicht|\battention\b|avertissement|prudence|atención|"
    r"precaución|advertencia|attenzione|avviso|atenção|cuidado|注意|警告|\[ext"
)
_LINKS = (
    r"\blinks?\b|attachments?|anhänge?|dateianhang|\bliens?\b|pièces? jointes?|enlaces?|adjuntos?|allegati"
    r"|collegamenti|anexos?|链接|附件|リンク|添付"
)
_OPEN = r"\bclick|\bopen|klick|öffne|cliqu|ouvr|\bclic\b|\babr[aei]|clicca|\bapr[aie]|点击|打开|クリック|開"
_CONFIDENTIAL = r"confidential|privileged|vertraulich|confidentiel|confidencia|riservat|保密|機密"
_RECIPIENT = (
    r"recipient|addressee|intended|adressat|empfänger|destinat|attachments|attached|anhänge|pièces jointes"
    r"|adjuntos|allegati|anexos|error|erreur|errore|engano|irrtümlich|错收|误|誤"
)
#: A piece that says by itself that it is a warning.
_WARNINGS = (
    _with_all(_MAIL, _OUTSIDE, f"{_COMPANY}|{_SENDER}|{_CAUTION}|{_LINKS}"),
    re.compile(
        r"you don.t often get email from|sie erhalten nicht (?:oft|häufig) e-?mails? von"
        r"|vous (?:n.obtenez|ne recevez) pas souvent d.e-?mail|no sue(?:le|les) recibir correos?"
        r"|non si ricev\w+ spesso|você não costuma receber|您通常不会(?:从|收到)"
        r"|からのメールを受け取ることはあまり",
        re.IGNORECASE,
    ),
)
#: A piece that goes with one, above or below it.
_COMPANIONS = (
    _with_all(_LINKS, f"{_OPEN}|{_CAUTION}"),
    re.compile(
        rf"\W*(?:{_CAUTION}|(?:ext|extern\w*|esterno|外部邮件|外部メール)\b)\W*(?:{_SENDER}|{_MAIL})?\W*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"\W*(?:learn why this is important|erfahren sie, warum dies wichtig ist"
        r"|découvrez pourquoi (?:cela|ceci) est important|(?:descubra|más información) .{0,20}por qué"
        r"|informazioni sul perché|saiba por que isso|了解为什么这|これが重要である理由)",
        re.IGNORECASE,
    ),
)
#: A paragraph below the words of a person.
_DISCLAIMERS = (
    _with_all(_MAIL, _CONFIDENTIAL, _RECIPIENT),
    _with_all(
        r"environment|umwelt|environnement|ambiente|环境|環境",
        r"\bprint|drucke|\bimprim|stampar|打印|印刷",
        _MAIL + r"|\bantes de imprimir\b|avant d.imprimer|prima di stampare",
    ),
    re.compile(r"\W*virus-free\b.{0,60}$", re.IGNORECASE),
)


def without_notices(text: str) -> str:
    """Return a text without the warnings above it and the disclaimers below it."""
    return _without_disclaimers(_without_warnings(text))


def _without_warnings(text: str) -> str:
    end, is_warned = 0, False
    for piece in _PIECE.finditer(_unwrapped(text[:_READ])):
        is_warning = _matches(piece.group(), _WARNINGS)
        if not (is_warning or _matches(piece.group(), _COMPANIONS)):
            break
        is_warned |= is_warning
        end = piece.end()
    return text[end:].lstrip() if is_warned else text


def _unwrapped(text: str) -> str:
    """Return a text of the same length, with a space for each line end that a mail program put in."""
    lines = text.split("\n")
    ends = [
        " " if line[-1:].isalnum() and after and len(f"{line} {after.split(' ', 1)[0]}") > _WIDTH else "\n"
        for line, after in pairwise(lines)
    ]
    return "".join(map("".join, zip(lines, [*ends, ""], strict=True)))


def _without_disclaimers(text: str) -> str:
    paragraphs = text.split("\n\n")
    while paragraphs and len(paragraphs[-1]) <= _READ and _matches(paragraphs[-1], _DISCLAIMERS):
        paragraphs.pop()
    return "\n\n".join(paragraphs).rstrip()


def _matches(words: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    return any(pattern.match(words) for pattern in patterns)
