"""Reckon what a number of mails a day takes besides runners: balancers, bots, registries, mailboxes, money.

Measured values come from docs/mail-speed.md and docs/performance.md. The providers' limits are those that
they publish. Prices are assumptions.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass

from benchmarks.cluster.senders import Senders
from benchmarks.cluster.workload import BYTES, PHOTOS_OF_MAIL, SPREAD
from runner.http.failover import ranked

#: Share of a day's mails in its busiest hour; an even day has 4.2 %.
BUSIEST_HOUR = 0.1
#: Bytes of the photos of a mail, on average: base64 makes 3 bytes 4.
MAIL_BYTES = PHOTOS_OF_MAIL * BYTES * math.exp(SPREAD**2 / 2) * 4 / 3
#: Bytes of a painted photo of 1024 pixels, in an answer.
PAINTED_BYTES = 500_000
#: Mails a second through one bot on two cores, measured with an engine that does nothing.
BOT_MAILS = 52.0
#: Processor seconds of a balancer for a photo, measured up to 128 runners, and the share of a core that it
#: may use in the busiest hour.
BALANCER_SECONDS, BALANCER_SHARE = 0.0005, 0.7
#: Google Workspace, for each mailbox in a day: bytes by IMAP, and mails sent.
GOOGLE_BYTES, GOOGLE_SENT = 2_500_000_000, 2000
#: Exchange Online, for each mailbox: mails sent in a day, and in a minute.
EXCHANGE_SENT, EXCHANGE_MINUTE = 10_000, 30
#: Dollars an hour: a small GPU for inference, the same as a spot machine, and two cores.
GPU_PRICE, SPOT_PRICE, CPU_PRICE = 0.80, 0.30, 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Hold what a number of mails a day takes."""

    mails: int
    peak_mails: float  #: a second, in the busiest hour
    peak_photos: float
    bots: int
    balancers: int
    google_mailboxes: int
    exchange_mailboxes: int
    terabytes: float  #: received and sent in a day


def needs(mails: int) -> Needs:
    """Return what that number of mails a day takes."""
    peak = mails * BUSIEST_HOUR / 3600
    photos = peak * PHOTOS_OF_MAIL
    by_bytes, by_count = mails * MAIL_BYTES / GOOGLE_BYTES, mails / GOOGLE_SENT
    by_minute = peak * 60 / EXCHANGE_MINUTE
    return Needs(
        mails=mails,
        peak_mails=peak,
        peak_photos=photos,
        bots=math.ceil(peak / BOT_MAILS),
        balancers=math.ceil(photos * BALANCER_SECONDS / BALANCER_SHARE),
        google_mailboxes=math.ceil(max(by_bytes, by_count)),
        exchange_mailboxes=math.ceil(max(mails / EXCHANGE_SENT, by_minute)),
        terabytes=mails * (MAIL_BYTES + PHOTOS_OF_MAIL * PAINTED_BYTES * 4 / 3) / 1e12,
    )


def busiest(balancers: int, mails: int, most: float, seed: int) -> float:
    """Return the share of the busiest balancer, as a multiple of the mean, if a sender sends `most` mails."""
    senders = Senders(random.Random(seed))
    urls = [f"http://balancer-{number}" for number in range(balancers)]
    chosen: dict[str, str] = {}
    load: Counter[str] = Counter()
    for _ in range(mails):
        sender = senders.draw(most)
        if sender not in chosen:
            chosen[sender] = ranked(urls, sender)[0]
        load[chosen[sender]] += 1
    return max(load.values()) * balancers / mails


def price(runners: int, hour: float, mails: int) -> float:
    """Return the dollars for 1,000 photos, if each runner costs `hour` dollars an hour all day."""
    return 1000 * runners * hour * 24 / (mails * PHOTOS_OF_MAIL)
