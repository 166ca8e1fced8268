"""Damaged mails: no exception escapes, and no answer is ill-formed or goes astray, whatever came in.

A sample of what `python -m benchmarks mutations` does at length.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from tests.emails.corpus import cases
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.parsing.mutants import MUTATIONS, mutants
from tests.fakes.mailbot.parsing.pure_responder import Fate, fate_of, flaws

#: Two of each mail in the corpus or so; without the one that is large.
COUNT, SEED = 400, 7
ORIGINALS = [case.raw for case in cases() if len(case.raw) < 100_000]


def test_a_fixed_sample() -> None:
    fates: Counter[str] = Counter()
    for raw in mutants(ORIGINALS, COUNT, SEED):
        fate = fate_of(raw)
        assert flaws(fate) == []
        fates[fate.kind.partition(":")[0]] += 1
    assert fates["painted"] > COUNT // 4  # damage is no reason to give up
    assert {"told", "silent"} <= set(fates)


def test_the_same_seed_gives_the_same_mails() -> None:
    assert list(mutants(ORIGINALS, 50, 1)) == list(mutants(ORIGINALS, 50, 1))
    assert list(mutants(ORIGINALS, 50, 1)) != list(mutants(ORIGINALS, 50, 2))


def test_every_mutation_changes_mails_and_takes_an_empty_one() -> None:
    for mutation in MUTATIONS:
        chance = random.Random(1)
        assert any(mutation(raw, ORIGINALS, chance) != raw for raw in ORIGINALS)
        mutation(b"", ORIGINALS, chance)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\r\nTo: ", b"\r\nBcc: eve@evil.example\r\nTo: "),
        (b"\r\nSubject: ", b"\r\nX-Mine: 1\r\nSubject: "),
        (b"\r\nSubject: ", b"\r\nSubject: a\r\nSubject: "),
        (b"\r\nSubject: ", b"\nSubject: "),
        (b"\r\nSubject: ", b"\r\nSubject: \xc3\xa9"),
        (b"\r\nSubject: ", b"\r\nSubject: " + b"x" * 1000),
        (b"jane@mail.example", b"eve@evil.example"),
        (b'boundary="=_', b'boundary="x'),
    ],
)
def test_flaws_are_found(before: bytes, after: bytes) -> None:
    fate = fate_of(mail("mosaic"))
    assert (fate.kind, flaws(fate)) == ("painted", [])
    assert fate.answer is not None
    assert before in fate.answer
    assert flaws(replace(fate, answer=fate.answer.replace(before, after, 1)))


def test_silence_has_no_flaws() -> None:
    assert flaws(Fate(kind="silent")) == []
