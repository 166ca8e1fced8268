"""Mail the proofs that wait at the registry, and make a version live by the artist's answer “live”.

A proof is mailed with a fixed Message-ID, and only then noted at the registry. So a crash in between mails it
twice, as the same mail, and never not at all. The answer counts if the bot's own mail is what it answers, and
if the mail server proves its sender, as for a deletion. The registry checks that the address is the one to
which the proof was mailed.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from mailbot.parsing.parse import StyleRequest
from mailbot.proofs.proof_letter import proof_id, proof_mail, read_proof_id
from mailbot.replies.mime import ReplyContext
from mailbot.replies.sender_replies import reply_live
from registry.client import ProofClient, ProofToMail
from styles.errors import PainterError, Permanent
from styles.messages import gettext_noop

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
        *,
        keyed: Callable[[str], str],
        send: Callable[[str, bytes], Awaitable[None]],
    ) -> None:
        """Take `keyed`, a hash of 40 hex digits by the ledger's secret, and `send`, which takes a mail."""
        self._client = client
        self.is_on = client.has_token  #: whether the registry knows this bot
        self._address = address
        self._keyed = keyed
        self._send = send

    async def run(self) -> None:
        """Mail what waits, again and again, until cancelled."""
        while True:
            try:
                for proof in await self._client.waiting():
                    await self._mail(proof)
            except Exception as error:  # the registry is away, or the mail server: the next time comes
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
        if found is None or found[2] != self._keyed(f"{found[0]} {found[1]}"):
            return None
        return found[0], found[1]

    async def _mail(self, proof: ProofToMail) -> None:
        paths = [path for side in (proof.old, proof.new) for path in side.values() if path]
        pictures = {path: await self._client.picture(path) for path in dict.fromkeys(paths)}
        keyed, domain = self._keyed(f"{proof.style} {proof.version}"), self._address.rpartition("@")[2]
        message_id = proof_id(proof.style, proof.version, keyed, domain)
        mail = proof_mail(proof, pictures, self._address, message_id, datetime.now(UTC))
        await self._send(proof.address, mail)
        try:
            await self._client.mailed(proof)
        except PainterError as error:
            log.warning("a proof may be mailed again, since it could not be noted: %s", type(error).__name__)
            raise
        log.info("mailed the proof of %s, version %d", proof.style, proof.version)
