"""What is known of the phone carriers whose gateways turn a text message into a mail.

    of            the carrier of an address, or None
    limits        what an answer to an address may hold
    tidy          text without a carrier's greetings and advertisements
    is_noise      a file that the gateway added: its logo, spacers, the message's layout (SMIL)

The table was gathered from mails as they were seen in the wild. Where a gateway has been switched off
since (AT&T's, T-Mobile's), mails of its shape still come through others and through forwards. Of Vodafone's
gateways only New Zealand's is known from mails; the others stand here by the pattern of their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatch

from styles.contract import MAX_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLimits:
    """What an answer may hold."""

    #: Bytes of all its pictures; None: those that the configuration allows.
    max_bytes: int | None = None
    max_side: int = MAX_SIZE  #: pixels
    #: The bot works on 16 mails at once: so many photos of each fit into the balancer's queue of 256.
    max_pictures: int = 12
    html: bool = True


#: A gateway shrinks or drops what is larger than about 350 KB or 1,600 pixels, and shows html as source.
PHONE = ReplyLimits(max_bytes=350_000, max_side=1600, max_pictures=1, html=False)
MAIL = ReplyLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One phone company."""

    name: str
    domains: tuple[str, ...]
    #: Names of files that its gateway adds to every message, as shell patterns in lower case.
    noise: tuple[str, ...] = ()


CARRIERS = (
    Carrier(name="AT&T", domains=("mms.att.net", "txt.att.net", "mms.mycingular.com", "cingularme.com")),
    Carrier(name="Verizon", domains=("vzwpix.com", "vtext.com", "mypixmessages.com")),
    Carrier(
        name="T-Mobile",
        domains=("tmomail.net", "mmsreply.t-mobile.co.uk", "mymetropcs.com"),
        noise=(
            "dottedline*.gif",
            "tmobilelogo*.gif",
            "tmobilespace*.gif",
            "spacer*.gif",
            "audio*.gif",
            "video*.gif",
            "masthead.jpg",
            "logo.jpg",
        ),
    ),
    Carrier(name="US Cellular", domains=("mms.uscc.net", "email.uscc.net")),
    Carrier(name="Cricket", domains=("mms.cricketwireless.net", "mms.mycricket.com")),
    Carrier(name="Sprint", domains=("pm.sprint.com", "messaging.sprintpcs.com", "messaging.nextel.com")),
    Carrier(name="Boost", domains=("myboostmobile.com", "sms.myboostmobile.com")),
    Carrier(name="Alltel", domains=("mms.alltel.com", "message.alltel.com", "mms.alltelwireless.com")),
    Carrier(name="Google Fi", domains=("msg.fi.google.com",)),
    Carrier(name="Consumer Cellular", domains=("mailmymobile.net",)),
    Carrier(name="Republic", domains=("text.republicwireless.com",)),
    Carrier(
        name="Virgin",
        domains=("vmpix.com", "vmobl.com", "vmobile.ca", "yrmobl.com", "pixmbl.com", "vxtras.com"),
    ),
    Carrier(name="Bell", domains=("txt.bell.ca", "txt.bellmobility.ca")),
    Carrier(
        name="Rogers", domains=("mms.rogers.com", "pcs.rogers.com", "rci.rogers.com"), noise=("rogers*.gif",)
    ),
    Carrier(name="Telus", domains=("msg.telus.com", "mms.telusmobility.com")),
    Carrier(name="SaskTel", domains=("sms.sasktel.com", "cdma.sasktel.com")),
    Carrier(name="O2", domains=("mediamessaging.o2.co.uk", "mms.o2online.de", "mms.o2.co.uk")),
    Carrier(
        name="Vodafone",
        domains=("pxt.vodafone.net.nz", "mms.vodafone.de", "mms.vodafone.co.uk", "mms.vodacom4me.co.za"),
    ),
    Carrier(name="Three", domains=("mms.three.co.uk", "mms.3ireland.ie")),
    Carrier(name="Orange", domains=("orangemms.net", "mmsemail.orange.pl"), noise=("banniere*",)),
    Carrier(name="MTN", domains=("mms.mtn.co.za",)),
)

#: Subjects that gateways write when the phone's owner wrote none; compared in lower case.
BOILERPLATE_SUBJECTS = frozenset(
    ("multimedia message", "mms", "mms message", "picture message", "you have a new picture mail!",
     "you have new picture mail!", "new picture message", "no subject", "(no subject)", "text message",
     "fwd: multimedia message", "orange uk mms", "kein betreff", "(kein betreff)")
)  # fmt: skip

#: Lines that gateways put above or between the words, and nobody else writes.
_GREETING = re.compile(
    r"""^[ \t]*(
        You\ have\ (a\ )?new\ (Picture|Video)\ Mail!
      | You\ have\ a\ PXT\ from\ \+?\d{5,16}
      | You\ have\ received\ a\ Picture\ Message\ from\ your\ .{2,40}
      | You['’]ve\ received\ a\ Message\ from\ a\ .{2,20}\ phone\.?
      | Picture\ from\ your\ .{2,40}\ friend
      | This\ is\ an\ MMS\ message\b.{0,200}
      | This\ Media\ Message\ has\ been\ sent\ using\ an\ .{2,20}\ camera\ phone\b.{0,200}
      | This\ message\ is\ from\ a\ Virgin\ Mobile\ user\b.{0,60}
      | Orange\ UK\ MMS
      | Diese\ Nachricht\ wurde\ Ihnen\ von\ einem\ Handy\ mit\ der\ Nummer\b.{0,200}
      | Wenn\ Sie\ mehr\ über\ MMS\b.{0,200}
    )[ \t]*$\n?""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
#: An advertisement begins; it goes on to the end of the text. Specific enough for mails of any sender.
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
#: The layout of a multimedia message, under the names that gateways give it.
_LAYOUT = ("*.smil", "*.smi", "mms.smil*", "smil*.xml")


def of(address: str) -> Carrier | None:
    """The carrier whose gateway this address belongs to."""
    domain = address.rpartition("@")[2].lower()
    return next((carrier for carrier in CARRIERS if domain in carrier.domains), None)


def limits(address: str) -> ReplyLimits:
    """What an answer to this address may hold."""
    return PHONE if of(address) else MAIL


def tidy(text: str) -> str:
    """The text without what a carrier wrote above it, between its lines and below it."""
    return _TRAILER.sub("", _GREETING.sub("", text)).strip()


def is_noise(name: str, type: str, carrier: Carrier | None) -> bool:
    """Whether the gateway added this file. A `logo.jpg` is noise only from the carrier that adds one."""
    lower = name.lower()
    if type == "application/smil" or any(fnmatch(lower, pattern) for pattern in _LAYOUT):
        return True
    return carrier is not None and any(fnmatch(lower, pattern) for pattern in carrier.noise)
