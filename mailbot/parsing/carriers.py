"""Describe the phone carriers whose gateways turn a text message into a mail.

The table comes from real mails. Some gateways are switched off (AT&T's, T-Mobile's), but mails of their form
still come through other gateways and as forwards. Of Vodafone's gateways only New Zealand's is known from
mails; the others follow the pattern of their names. `CLOSURES` says which gateways take no answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatch

from styles.contract import MAX_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLimits:
    """Hold the limits of an answer."""

    max_bytes: int | None = None  #: of all its pictures; None: as the configuration says
    max_side: int = MAX_SIZE  #: pixels
    #: The bot answers 16 mails at once, and 12 photos of each fit into the balancer's queue of 256.
    max_pictures: int = 12
    html: bool = True


#: Gateways shrink or drop pictures above about 350 KB or 1,600 pixels, and show html as source.
PHONE = ReplyLimits(max_bytes=350_000, max_side=1600, max_pictures=1, html=False)
MAIL = ReplyLimits()
#: Of other channels than mail, by their names. Telegram takes files of 50 MB. Carriers shrink what is larger
#: than 600 kB, or drop it.
CHANNELS = {
    "telegram": ReplyLimits(max_bytes=50_000_000),
    "sms": ReplyLimits(max_bytes=600_000, max_side=1600, max_pictures=1, html=False),
}


#: Domains of each carrier's gateways.
CARRIERS = {
    "AT&T": "mms.att.net txt.att.net mms.mycingular.com cingularme.com pics.cingularme.com mmode.com",
    "Verizon": "vzwpix.com vtext.com mypixmessages.com",
    "T-Mobile": "tmomail.net mmsreply.t-mobile.co.uk mymetropcs.com",
    "US Cellular": "mms.uscc.net email.uscc.net",
    "Cricket": "mms.cricketwireless.net mms.mycricket.com",
    "Sprint": "pm.sprint.com messaging.sprintpcs.com messaging.nextel.com",
    "Boost": "myboostmobile.com sms.myboostmobile.com",
    "Alltel": "mms.alltel.com message.alltel.com mms.alltelwireless.com",
    "Google Fi": "msg.fi.google.com",
    "Consumer Cellular": "mailmymobile.net",
    "Republic": "text.republicwireless.com",
    "Virgin": "vmpix.com vmobl.com vmobile.ca yrmobl.com pixmbl.com vxtras.com",
    "Bell": "txt.bell.ca txt.bellmobility.ca",
    "Rogers": "mms.rogers.com pcs.rogers.com rci.rogers.com",
    "Telus": "msg.telus.com mms.telusmobility.com",
    "SaskTel": "sms.sasktel.com cdma.sasktel.com",
    "O2": "mediamessaging.o2.co.uk mms.o2online.de mms.o2.co.uk",
    "Vodafone": "pxt.vodafone.net.nz mms.vodafone.de mms.vodafone.co.uk mms.vodacom4me.co.za",
    "Three": "mms.three.co.uk mms.3ireland.ie",
    "Orange": "orangemms.net mmsemail.orange.pl",
    "MTN": "mms.mtn.co.za",
    "Cincinnati Bell": "mms.gocbw.com",
    "Dobson": "mms.dobson.net",
    "Helio": "mms.myhelio.com",
    "LuxGSM": "mms.luxgsm.lu",
    "NetCom": "mms.netcom.no",
    "Etisalat": "mms.ae",
    "Maroc Telecom": "mms.mobileiam.ma",
    "Indosat": "mobile.indosat.net.id",
    "Unicel": "unicel.com info2go.com",
    "Idea": "1nbox.net",
    "Plus": "waw.plspictures.com",
}


#: The day since when gateways pass nothing on to a phone. docs/channels.md has the sources, and where they
#: differ.
CLOSURES = {
    "txt.att.net mms.att.net mms.mycingular.com cingularme.com pics.cingularme.com mmode.com": date(
        2025, 6, 17
    ),
    "tmomail.net mymetropcs.com": date(2024, 12, 1),
    "vtext.com vzwpix.com mypixmessages.com": date(2027, 3, 31),
    "mms.rogers.com pcs.rogers.com rci.rogers.com": date(2023, 7, 1),
    # Without an address in the DNS, on the day when somebody looked.
    "pm.sprint.com messaging.sprintpcs.com messaging.nextel.com mms.alltel.com message.alltel.com": date(
        2025, 4, 8
    ),
}
#: The carrier of a gateway that is not in the table: a domain `mms.*` with a phone's number before the @.
_UNKNOWN = "MMS"
_NUMBER = re.compile(r"\+?\d{4,20}(?:/type=plmn)?@")
_MMS_DOMAIN = re.compile(r"mms\.[a-z0-9.-]+\.[a-z]{2,}$")
#: A gateway for numbers whose domain is also that of millions of people's mailboxes.
_SHARED = {"orange.fr": "Orange"}
#: Files that a carrier adds to every message, as shell patterns in lower case.
_NOISE = {
    "T-Mobile": "dottedline*.gif tmobilelogo*.gif tmobilespace*.gif spacer*.gif "
    "audio*.gif video*.gif masthead.jpg logo.jpg",
    "Rogers": "rogers*.gif",
    "Orange": "banniere*",
    "MTN": "*logo.bmp",
    "Helio": "top.gif bottom.gif middle_img.gif",
    "Maroc Telecom": "*_slide_header.jpg footer.gif reply.gif",
    "LuxGSM": "vodafone?logo*",
    "Indosat": "*banner.jpg",
    "Idea": "*banner.jpg",
    "Alltel": "*bar.gif header.gif alltel*",
    "Three": "reb.jpg tpm.jpg",
}
#: Words in the names of such files at carriers whose files are not known.
_LAYOUT_WORDS = re.compile(r"logo|banner|header|footer|spacer|masthead|dottedline|divider|border|pixel|icon")
#: Names that gateways give to the layout of a multimedia message.
_LAYOUT = "*.smil *.smi mms.smil* smil*.xml"

#: Subjects that gateways write if the sender wrote none, in lower case.
BOILERPLATE_SUBJECTS = frozenset(
    ("multimedia message", "mms", "mms message", "picture message", "you have a new picture mail!",
     "you have new picture mail!", "new picture message", "no subject", "(no subject)", "text message",
     "a picture/video message!", "you have received a new message", "you have received a multimedia message",
     "fwd: multimedia message", "orange uk mms", "kein betreff", "(kein betreff)")
)  # fmt: skip

#: Lines that only gateways write, above the sender's words or between them.
_GREETING = re.compile(
    r"""^[ \t]*(
        You\ have\ (a\ )?new\ (Picture|Video)\ Mail!
      | You\ have\ a\ PXT\ from\ \+?\d{5,16}
      | You\ have\ received\ a\ Picture\ Message\ from\ your\ .{2,40}
      | (?<!\n)You\ have\ received\ a\ (multimedia|picture|video)\ message(\ from\ [+\d() -]{5,20})?\.?
      | You['’]ve\ received\ a\ Message\ from\ a\ .{2,20}\ phone\.?
      | Picture\ from\ your\ .{2,40}\ friend
      | This\ is\ an\ MMS\ message\b.{0,600}
      | (Yo)?u['’]?ve\ received\ a\ video\ or\ picture\ msg\ from\b.{0,150}
      | https?://picturemessaging\.rogers\.com\S{0,100}
      | A\ New\ Photo/Video\ Message\.\ Click\b.{0,200}
      | Alltel\ has\ no\ control\ over\b.{0,200}
      | This\ message\ contains\ multimedia\ contents\ and\ is\ delivered\ from\b.{0,60}
      | This\ message\ is\ optimized\ for\ Internet\ Explorer\b.{0,40}
      | Vodafone\ MMS-to-Email\ Service
      | Vous\ avez\ reçu\ un\ MMS\ du\b.{0,40}
      | Vous\ pouvez\ y\ répondre\ dans\ un\ délai\ de\b.{0,40}
      | Vous\ pouvez\ également\ joindre\ une\ photo\ à\ votre\ réponse\.
      | Votre\ message\ arrivera\ sur\ le\ mobile\ de\ votre\ correspondant\.?
      | Meldingen\ er\ sendt\ fra\ mobiltelefon\b.{0,120}
      | Vous\ avez\ reçu\ un\ Message\ d'un\ téléphone\ .{2,20}
      | This\ Media\ Message\ has\ been\ sent\ using\ an\ .{2,20}\ camera\ phone\b.{0,200}
      | This\ message\ is\ from\ a\ Virgin\ Mobile\ user\b.{0,60}
      | Orange\ UK\ MMS
      | Diese\ Nachricht\ wurde\ Ihnen\ von\ einem\ Handy\ mit\ der\ Nummer\b.{0,200}
      | Wenn\ Sie\ mehr\ über\ MMS\b.{0,200}
    )[ \t]*$\n?""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
#: An advertisement, up to the end of the text. Specific enough for the mails of all senders.
_TRAILER = re.compile(
    r"""(
        This\ message\ was\ sent\ using\ .{0,80}?\b(Verizon|Messaging)\b
      | Thank\ you\ for\ using\ Picture\ and\ Video
      | This\ mobile\ text\ message\ is\ brought\ to\ you\ by
      | Brought\ to\ you\ by,?\ Cingular
      | -{3,}\s*Sent\ by\ Text\ Messaging\ from\ a\ mobile\ device
      | Sent\ on\ the\ Sprint.{0,20}\ Now\ Network
      | You\ have\ received\ a\ (multimedia|picture|video)\ message\b
      | To\ (learn|find\ out)\ (more|how)\ .{0,60}\bwww\.(verizonwireless|vzwpix|uscc|t-mobile|att)\b
    ).*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def of(address: str) -> str | None:
    """Return the name of the carrier of this address, or None."""
    domain = address.rpartition("@")[2].lower()
    for name, domains in CARRIERS.items():
        if domain in domains.split():
            return name
    if not _NUMBER.match(address.lower()):
        return None
    return _SHARED.get(domain) or (_UNKNOWN if _MMS_DOMAIN.match(domain) else None)


def closed_since(address: str, today: date | None = None) -> date | None:
    """Return since when no mail reaches the phone of this address; None if one may."""
    domain = address.rpartition("@")[2].lower()
    now = today or datetime.now(UTC).date()
    since = (closed for domains, closed in CLOSURES.items() if domain in domains.split())
    return next((day for day in since if day <= now), None)


def closed(today: date) -> set[str]:
    """Return the carriers of which a gateway takes no mail for phones."""
    return {name for name, domains in CARRIERS.items() if closed_since(f"1@{domains.split()[0]}", today)}


def limits(address: str) -> ReplyLimits:
    """Return the limits of an answer to this address, or to a sender of another channel."""
    return CHANNELS.get(address.partition(":")[0]) or (PHONE if of(address) else MAIL)


def tidy(text: str) -> str:
    """Remove a carrier's words above a text, between its lines and below it."""
    return _TRAILER.sub("", _GREETING.sub("", text)).strip()


def is_noise(name: str, type: str, carrier: str | None) -> bool:
    """Tell whether the gateway added this file. A `logo.jpg` is noise only from the carrier that adds one."""
    patterns = f"{_LAYOUT} {_NOISE.get(carrier or '', '')}".split()
    return type == "application/smil" or any(fnmatch(name.lower(), pattern) for pattern in patterns)


def is_layout(name: str) -> bool:
    """Tell whether a file's name says that it belongs to the layout of a message."""
    return _LAYOUT_WORDS.search(name.lower()) is not None
