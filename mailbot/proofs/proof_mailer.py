"""Mail the proofs that wait at the registry, and make a version live by the artist's answer “live”.

A proof goes into the outbox by a fixed Message-ID, and only then it is noted at the registry. So a crash in
between loses none, and mails none twice. The outbox sends it as it sends answers. The artist's answer counts
if the bot's own mail is what it answers, and if the mail server proves its sender, as for a deletion. The
registry checks that the address is the one to which the proof was mailed.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from mailbot.languages.translator import translator
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.proofs.proof_letter import KEYED, about, proof_id, proof_mail, read_proof_id
from mailbot.replies.mime import ReplyContext
from mailbot.replies.sender_replies import reply_live
from mailbot.sender_policy import suppression
from mailbot.storage import own_mails
from mailbot.storage.ledger import Ledger
from mailbot.storage.own_mails import OwnMail
from registry.client import ProofClient, WaitingProof
from styles.errors import Permanent
from styles.translatable import gettext_noop

log = logging.getLogger(__name__)

#: Makes a version live by a mail, and returns the answer's writer; None for a mail that answers no proof.
GoingLive = Callable[
    [StyleRequest, Callable[[StyleRequest], bool]], Awaitable[Callable[[ReplyContext], bytes] | None]
]
#: Seconds between two questions for proofs. They are painted within seconds of the upload.
INTERVAL_SECONDS = 15.0
#: The first line of an answer that makes a version live.
_LIVE = re.compile(r"\W*(?:yes|ok|okay|please)?\W*(?:make it |go )?live\W*", re.IGNORECASE)


async def no_proof(request: StyleRequest, is_proven: Callable[[StyleRequest], bool]) -> None:
    """Make nothing live, for a bot that mails no proofs."""


class LiveNotProven(Permanent):
    """Report an answer to a proof from an address that the mail server could not verify."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "I changed nothing: your mail came without proof that it is yours (a DMARC, SPF or DKIM "
                "pass), and anybody could have written it in your name."
            )
        )


class ProofMailer:
    """Mail proofs from `address` while `run` runs, and read the answers to them."""

    def __init__(
        self,
        client: ProofClient,
        address: str,
        ledger: Ledger,
        wake: Callable[[], None],
    ) -> None:
        """Take the bot's address, and `wake`, which has the outbox look for new mails."""
        self._client = client
        self.is_on = client.has_token  #: whether the registry knows this bot
        self._address = address
        self._ledger = ledger
        self._wake = wake

    async def run(self) -> None:
        """Mail what waits, again and again, until cancelled."""
        while True:
            try:
                for proof in await self._client.waiting():
                    await self._mail(proof)
            except Exception as error:  # the registry is away, or the disk is full: the next time comes
                log.info("proofs wait to be mailed: %s", type(error).__name__)
                log.debug("in full", exc_info=error)
            await asyncio.sleep(INTERVAL_SECONDS)

    async def going_live(
        self, request: StyleRequest, is_proven: Callable[[StyleRequest], bool]
    ) -> Callable[[ReplyContext], bytes] | None:
        """Make the version live whose proof a mail answers, and return its answer; None for any other mail.

        Raises `LiveNotProven`, `RegistryUnavailable`, and `Permanent` with the registry's reason.
        """
        lines = [line for line in request.text.splitlines() if line.strip()]
        proof = next(filter(None, map(self._ours, reversed(request.references))), None)
        if proof is None or not lines or not _LIVE.fullmatch(lines[0]):
            return None
        if not is_proven(request):
            raise LiveNotProven
        style, version = proof
        await self._client.go_live(style, version, request.automation.from_address)
        log.info("%s, version %d, is live by an answer to its proof", style, version)
        return partial(reply_live, style=style, version=version)

    def _ours(self, message_id: str) -> tuple[str, int] | None:
        """Return style and version of a proof that this bot mailed."""
        found = read_proof_id(message_id)
        if found is None or found[3] != self._ledger.keyed("proof", found[2])[:KEYED]:
            return None
        return found[0], found[1]

    async def _mail(self, proof: WaitingProof) -> None:
        paths = [path for side in (proof.old, proof.new) for path in side.values() if path]
        pictures = {path: await self._client.picture(path) for path in dict.fromkeys(paths)}
        language = await self._ledger.read(partial(own_mails.language, address=proof.address))
        keyed, domain = self._ledger.keyed("proof", about(proof)), self._address.rpartition("@")[2]
        id, date = proof_id(about(proof), keyed, domain), datetime.now(UTC)
        say = translator(language)
        content = await asyncio.to_thread(proof_mail, proof, pictures, say, self._address, id, date)
        address = proof.address
        mail = OwnMail(kind="proof", message_id=id, recipient=address, content=content, language=language)
        who = self._ledger.known_as(address)

        def queued(db: sqlite3.Connection) -> bool:  # and nothing to a person who wrote "stop"
            return not suppression.muted(db, who, 0) and own_mails.enqueue(db, mail, date.timestamp())

        if await self._ledger.transact(queued):
            log.info("the proof of %s, version %d, is to be sent", proof.style, proof.version)
            self._wake()
        await self._client.mailed(proof)
