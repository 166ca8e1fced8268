"""Train the learned model of wishes, or cross-validate it: `python -m benchmarks.wishes [--check FILE]`.

Without an option it trains on all tables of asks, on the letters and on the phrases, and writes the weights
into the package. `--check` leaves out whole tables, and fifths of those of the hardest mails. It writes the
logit and the grammar's evidence of each mention that was left out into FILE. docs/decisions.md has the
result.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from benchmarks.wishes.examples import Example, Gatherer
from benchmarks.wishes.fit import fit, written
from mailbot.intents.learned import wish_model
from mailbot.intents.learned.wish_model import WishModel
from tests.fakes.mailbot.asks import HELD_OUT

FIXTURES = Path(__file__).parents[2] / "tests" / "fixtures"
WEIGHTS = Path(wish_model.__file__).with_name(wish_model.FILE)
#: Tables of the hardest mails: letters that ask for a painting, wishes in the middle of a story, and the
#: longest asks.
HARDEST = (
    *("letters_train", "wishes_train", "stories_train", "mails_train", "mails_more"),
    *(
        "mails_later",
        "letters_b",
        "letters_c",
        "letters_d",
        "letters_e",
        "letters_f",
        "letters_g",
        "letters_h",
        "letters_j",
        "asks_x",
        "asks_y",
        "asks_z",
        "asks_aa",
    ),
)
#: Tables that are left out one at a time.
LATEST = ("asks_v", "asks_t", "asks_s", "letters")
#: Parts of the hardest tables, of which one is left out at a time, and rows that stay together in one: a mail
#: with a wish and the same without it stand side by side.
_FOLDS, _PAIRED = 5, 8
#: How much a mention counts by its table; one of a letter to somebody else three, a phrase two, others one.
_OF_HARDEST, _OF_LETTERS, _OF_PHRASES = 4.0, 3.0, 2.0


def importance(example: Example) -> float:
    """Return how much an example counts."""
    table = example.source[0]
    if table in HARDEST:
        return _OF_HARDEST
    return _OF_LETTERS if table == "letters" else 1.0 if "_" in table else _OF_PHRASES


def trained(examples: Sequence[Example]) -> bytes:
    """Return the file of a model of some examples."""
    return written(fit(examples, [importance(each) for each in examples]))


def left_out(examples: Sequence[Example], is_left_out: Callable[[Example], bool]) -> list[dict[str, object]]:
    """Return the logits of the examples that are left out, by a model of the others."""
    model = WishModel.read(trained([each for each in examples if not is_left_out(each)]))
    return [
        {
            "table": one.source[0],
            "row": one.source[1],
            "is_wish": one.is_wish,
            "length": one.length,
            "score": one.score,
            "logit": model.logit(one.sentence, one.mail),
        }
        for one in examples
        if is_left_out(one)
    ]


def check(examples: Sequence[Example]) -> list[dict[str, object]]:
    """Return the logits of all examples that are left out once."""
    outside: list[Callable[[Example], bool]] = [
        *(lambda one, table=table: one.source[0] == table for table in LATEST),
        *(
            lambda one, fold=fold: one.source[0] in HARDEST and one.source[1] // _PAIRED % _FOLDS == fold
            for fold in range(_FOLDS)
        ),
    ]
    return [row for is_out in outside for row in left_out(examples, is_out)]


def tables() -> list[Path]:
    """Return the files that the model learns from."""
    asks = (file for file in FIXTURES.glob("asks_*.jsonl") if file.stem not in HELD_OUT)
    return sorted({*asks, FIXTURES / "letters.jsonl", *(FIXTURES / f"{name}.jsonl" for name in HARDEST)})


def main() -> None:
    """Train the model, or check it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wishes", description=__doc__)
    parser.add_argument(
        "--check", type=Path, metavar="FILE", help="cross-validate, and write the logits here"
    )
    file = parser.parse_args().check
    torch.set_num_threads(1)
    gatherer = Gatherer(FIXTURES / "letters.jsonl")
    examples = [*(one for file in tables() for one in gatherer.table(file)), *gatherer.phrases()]
    print(len(examples), "mentions, of which", int(np.sum([e.is_wish for e in examples])), "are wishes")
    if file:
        file.write_text("\n".join(map(json.dumps, check(examples))), encoding="utf-8")
    else:
        WEIGHTS.write_bytes(trained(examples))


if __name__ == "__main__":
    main()
