"""Define the messages by which a runner has style files pulled. It has no network, and writes nothing.

pull     the digest of a file that it needs                        runner -> balancer
pulled   the path of that file, or the error instead               balancer -> runner
"""

from __future__ import annotations

from pathlib import Path

from runner.protocol.framing import Frame
from runner.protocol.messages import reading
from styles.errors import PainterError
from styles.service.problems import from_problem, to_problem


def pull_frame(digest: str) -> Frame:
    """Encode the request for a file."""
    return Frame({"pull": digest})


def pulled_frame(digest: str, outcome: Path | PainterError) -> Frame:
    """Encode the path of a file that is there, or why it is not."""
    if isinstance(outcome, PainterError):
        return Frame({"op": "pulled", "digest": digest, "problem": to_problem(outcome)})
    return Frame({"op": "pulled", "digest": digest, "path": str(outcome)})


def frame_to_pulled(frame: Frame) -> tuple[str, Path | PainterError]:
    """Decode the digest, and the path or the error. Raises `WireError`."""
    with reading("an answer to a pull"):
        digest = str(frame.header["digest"])
        if "path" in frame.header:
            return digest, Path(frame.header["path"])
        return digest, from_problem(frame.header["problem"])
