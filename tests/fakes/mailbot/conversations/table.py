"""A table of dialogues, each of several mails, and what came of each turn.

    Turn   one mail of a dialogue, judged
    turns  dialogues -> their turns
    judge  what is expected and what came -> `understood`, `told` or `wrong`

A turn is `understood` where what comes is what is expected, `told` where something else comes and the answer
says so, and `wrong` where nothing says so. Behind a turn that failed the dialogue goes on as if its person
had put it right, so that each turn is read in the thread that it was written for.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from mailbot.storage.ledger import Ledger
from styles.contract import DEFAULT_SIZE, StyleJob, StyleOptions
from styles.errors import BadOption
from styles.language import blend_syntax
from styles.language.intents import SIZES
from tests.fakes.mailbot.asks import DEFAULT
from tests.fakes.mailbot.conversations.thread import Outcome, Thread

#: Long sides of the sizes that an expectation names, pixels.
SIDES = {"usual": DEFAULT_SIZE, **{size.value: side for size, side in SIZES.items()}}
#: Pictures of a turn: the file of each photo, and how it is painted.
Pictures = Sequence[tuple[str, StyleJob]]
#: Percentage points by which a strength or a share may be off.
_NEAR = 1
#: A folder in memory, if there is one, where a commit that must survive a power cut costs nothing.
_FOLDER = "/dev/shm" if Path("/dev/shm").is_dir() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One mail of a dialogue, judged."""

    dialogue: int  #: number of its row, from 1
    number: int  #: from 1
    said: Mapping[str, Any]
    kind: str  #: `understood`, `told` or `wrong`
    came: Outcome

    def __str__(self) -> str:
        said = self.said
        return (
            f"{self.dialogue}.{self.number} {self.kind}: {said['text']!r} {said['photos'] or ''}\n"
            f"    expected {said['expect']}\n    came {described(self.came)}"
        )


async def turns(dialogues: Sequence[Mapping[str, Any]]) -> list[Turn]:
    """The turns of a table of dialogues, read one after the other."""
    found = list[Turn]()
    with tempfile.TemporaryDirectory(dir=_FOLDER) as folder:
        async with Ledger(Path(folder) / "ledger.db") as ledger:
            for number, row in enumerate(dialogues, start=1):
                thread = Thread(ledger, f"ann{number}@example.org")
                last: Pictures = ()
                for at, said in enumerate(row["turns"], start=1):
                    meant = partial(_meant, said["expect"], last)
                    came = await thread.says(said["text"], said["photos"], said["subject"], meant)
                    last = meant(came) or came.pictures or last
                    kind = judge(said["expect"], came)
                    found.append(Turn(dialogue=number, number=at, said=said, kind=kind, came=came))
    return found


def shares(found: Sequence[Turn]) -> dict[str, float]:
    """Share of each kind among some turns."""
    counts = Counter(turn.kind for turn in found)
    return {kind: counts[kind] / len(found) for kind in ("understood", "told", "wrong")}


def judge(expect: Mapping[str, Any], came: Outcome) -> str:
    """Whether what came is what is expected, or the answer tells the difference."""
    is_told = bool(came.notes or came.is_doubted or came.error)
    if expect.get("silent"):
        is_met = came.is_silent
    elif expect.get("told"):
        is_met = is_told
    else:
        is_met = _are(expect["pictures"], came.pictures) and (is_told or not expect.get("note"))
    return "understood" if is_met else "told" if is_told else "wrong"


def described(came: Outcome) -> str:
    """An outcome in words, for the list of failures."""
    pictures = (
        f"{file} {job.style or 'sheet'} {job.options.strength:.0%} {job.options.size}px"
        f"{' colors kept' if job.options.keep_colors else ''}"
        for file, job in came.pictures
    )
    what = came.error or ("silence" if came.is_silent else "; ".join(pictures))
    return f"{what} {'doubted ' if came.is_doubted else ''}{list(came.notes) or ''}"


def _meant(expect: Mapping[str, Any], last: Pictures, came: Outcome) -> Pictures:
    """The pictures that a person goes on from where others came; () where theirs came, or none were meant."""
    if "pictures" not in expect:
        return last if came.pictures else ()
    if _are(expect["pictures"], came.pictures):
        return ()
    return [_picture(each, (*came.pictures, *last)) for each in expect["pictures"]]


def _picture(expected: Mapping[str, Any], others: Pictures) -> tuple[str, StyleJob]:
    """An expected picture; what the table leaves open is as in another one of its photo."""
    style = expected["styles"]
    known = [job for file, job in others if file == expected["photo"]]
    options = known[0].options if known else StyleOptions()
    if "strength" in expected:
        options = replace(options, strength=sum(expected["strength"]) / 200)
    if "size" in expected:
        options = replace(options, size=SIDES[expected["size"]])
    if "colors" in expected:
        options = replace(options, keep_colors=expected["colors"] == "kept")
    if style == "any":
        name = known[0].style if known else DEFAULT
    elif "one_of" in style:
        name = style["one_of"][0]
    else:
        name = blend_syntax.write({each: share / 100 for each, share in style.items()})
    return expected["photo"], StyleJob(id="meant", style=name, image=b"", options=options)


def _are(expected: Sequence[Mapping[str, Any]], pictures: Pictures) -> bool:
    """Tell whether pictures are the expected ones, in any order."""
    left = [*pictures]
    for each in expected:
        met = next((one for one in left if all(_checks(each, *one))), None)
        if met is None:
            return False
        left.remove(met)
    return not left


def _checks(expected: Mapping[str, Any], file: str, job: StyleJob) -> Iterator[bool]:
    yield file == expected["photo"]
    yield _is_in(job, expected["styles"])
    options = job.options
    if "strength" in expected:
        low, high = expected["strength"]
        yield low - _NEAR <= 100 * options.strength <= high + _NEAR
    if "size" in expected:
        yield options.size == SIDES[expected["size"]]
    if "colors" in expected:
        yield options.keep_colors == (expected["colors"] == "kept")


def _is_in(job: StyleJob, styles: str | Mapping[str, Any]) -> bool:
    if isinstance(styles, str):
        return styles == "any"
    try:
        shares = blend_syntax.read(job.style)
    except BadOption:
        return False
    if "one_of" in styles:
        return len(shares) == 1 and set(shares) <= set(styles["one_of"])
    is_near = all(abs(100 * share - styles.get(name, 0)) <= _NEAR for name, share in shares.items())
    return is_near and set(shares) == set(styles)
