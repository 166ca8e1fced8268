"""Describe the phone carriers whose gateways turn a text message into a mail.

    of            the carrier of an address, or None
    limits        the limits of an answer to an address
    tidy          text without a carrier's greetings and advertisements
    is_noise      whether the gateway added a file: its logo, spacers, the message's layout (SMIL)

The table comes from real mails. Some gateways are switched off (AT&T's, T-Mobile's), but mails of their form
still come through other gateways and as forwards. Of Vodafone's gateways only New Zealand's is known from
mails; the others follow the pattern of their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Carrier:
    """Describe the gateway of one phone company."""

    name: str
    domains: str  #: separated by spaces
    noise: str = (
        ""  #: shell patterns of files that it adds to every message, in lower case, separated by spaces
    )


CARRIERS = (
    Carrier("AT&T", "mms.att.net txt.att.net mms.mycingular.com cingularme.com"),
    Carrier("Verizon", "vzwpix.com vtext.com mypixmessages.com"),
    Carrier(
        "T-Mobile",
        "tmomail.net mmsreply.t-mobile.co.uk mymetropcs.com",
        "dottedline*.gif tmobilelogo*.gif tmobilespace*.gif spacer*.gif "
        "audio*.gif video*.gif masthead.jpg logo.jpg",
    ),
    Carrier("US Cellular", "mms.uscc.net email.uscc.net"),
    Carrier("Cricket", "mms.cricketwireless.net mms.mycricket.com"),
    Carrier("Sprint", "pm.sprint.com messaging.sprintpcs.com messaging.nextel.com"),
    Carrier("Boost", "myboostmobile.com sms.myboostmobile.com"),
    Carrier("Alltel", "mms.alltel.com message.alltel.com mms.alltelwireless.com"),
    Carrier("Google Fi", "msg.fi.google.com"),
    Carrier("Consumer Cellular", "mailmymobile.net"),
    Carrier("Republic", "text.republicwireless.com"),
    Carrier("Virgin", "vmpix.com vmobl.com vmobile.ca yrmobl.com pixmbl.com vxtras.com"),
    Carrier("Bell", "txt.bell.ca txt.bellmobility.ca"),
    Carrier("Rogers", "mms.rogers.com pcs.rogers.com rci.rogers.com", "rogers*.gif"),
    Carrier("Telus", "msg.telus.com mms.telusmobility.com"),
    Carrier("SaskTel", "sms.sasktel.com cdma.sasktel.com"),
    Carrier("O2", "mediamessaging.o2.co.uk mms.o2online.de mms.o2.co.uk"),
    Carrier("Vodafone", "pxt.vodafone.net.nz mms.vodafone.de mms.vodafone.co.uk mms.vodacom4me.co.za"),
    Carrier("Three", "mms.three.co.uk mms.3ireland.ie"),
    Carrier("Orange", "orangemms.net mmsemail.orange.pl", "banniere*"),
    Carrier("MTN", "mms.mtn.co.za"),
)

#: Subjects that gateways write if the sender wrote none, in lower case.
BOILERPLATE_SUBJECTS = frozenset(
    ("multimedia message", "mms", "mms message", "picture message", "you have a new picture mail!",
     "you have new picture mail!", "new picture message", "no subject", "(no subject)", "text message",
     "fwd: multimedia message", "orange uk mms", "kein betreff", "(kein betreff)")
)  # fmt: skip

#: Lines that only gateways write, above the sender's words or between them.
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
#: Names that gateways give to the layout of a multimedia message.
_LAYOUT = ("*.smil", "*.smi", "mms.smil*", "smil*.xml")


def of(address: str) -> Carrier | None:
    """Return the carrier of this address, or None."""
    domain = address.rpartition("@")[2].lower()
    return next((carrier for carrier in CARRIERS if domain in carrier.domains.split()), None)


def limits(address: str) -> ReplyLimits:
    """Return the limits of an answer to this address."""
    return PHONE if of(address) else MAIL


def tidy(text: str) -> str:
    """Remove a carrier's words above a text, between its lines and below it."""
    return _TRAILER.sub("", _GREETING.sub("", text)).strip()


def is_noise(name: str, type: str, carrier: Carrier | None) -> bool:
    """Tell whether the gateway added this file. A `logo.jpg` is noise only from the carrier that adds one."""
    lower = name.lower()
    if type == "application/smil" or any(fnmatch(lower, pattern) for pattern in _LAYOUT):
        return True
    return carrier is not None and any(fnmatch(lower, pattern) for pattern in carrier.noise.split())
