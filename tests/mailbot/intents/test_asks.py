"""The table of asks, and letters that name a style by chance: what share is understood, told, or wrong.

`asks_a`, `asks_b` and the letters were written before the code, and without a look at it. `asks_more` was
written beside it: its last 562 asks came in three batches, of which 82, 86 and 91 per cent were understood at
the first reading. `asks_c` was written without a look at the words. `asks_d` and `asks_e` were written
beside them, before they knew it. `asks_f` was blind, and opened later: 0.847 were understood, 0.109
answered with what was missing, and 0.044 wrong at the first reading. `asks_g` was written with it, and read
once all of these were mended: 0.838, 0.116 and 0.047. `asks_h` and `asks_i` were blind, each read once:
0.894, 0.097 and 0.009, then 0.859, 0.128 and 0.012. `asks_dev` was written before them by the same hand.
`asks_j` was written without a look at the code: 0.845, 0.075 and 0.080. `asks_k` came after it was mended,
and was read once: 0.915, 0.050 and 0.035. `asks_l` and `asks_m` were written before the code was mended, by
somebody who had read it, and read once each, `asks_m` after `asks_l` was mended: 0.905, 0.040 and 0.055,
then 0.805, 0.158 and 0.037. `asks_m` is of impatient teenagers, polite old people, typing errors, dictation
and autocorrection.
`asks_n` is by the same
hand, read once both were mended: 0.844, 0.113 and 0.043. Of what was wrong one ask in `asks_l` ("light touch"
at 50%) and one in `asks_m` ("phone wallpaper" made big) were disputed, and their expectations made wider.
`asks_o` is by somebody independent, who knew nothing but the names of the styles: 0.650, 0.260 and 0.090. Two
of its expectations were disputed, and made wider: a mail about a poster may be painted large. `asks_p` is by
another one, read once `asks_o` was mended: 0.785, 0.150 and 0.065. `asks_q` is by a third one, read once
`asks_p` was mended, and every word without effect was told: 0.790, 0.165 and 0.045. `asks_r` was read once
after `asks_q` was mended: 0.890, 0.105 and 0.005. Only its one wrong ask is mended since.
`asks_s` was read once by that code: 0.809, 0.173 and 0.018. All kinds of asks that it shows are mended.
`asks_t` is by two independent people, and a third one who saw no expectation agreed with each. It was read
once `asks_s` was mended: 0.900, 0.082 and 0.018. All kinds of asks that it shows are mended.
`asks_v` is by two more people, and a third one agreed with each. It was read once `asks_t` was mended: 0.795,
0.182 and 0.023. Of what it shows most is mended since.
`letters_train` (letters that ask for a painting, and name a style by chance) and `wishes_train` (wishes in a
story) are there to learn from: `benchmarks/wishes`. Before, 0.565 and 0.325 of them
were understood. `stories_train` (stories with a wish, and the same without) and by now `letters_b` are, too.
`asks_x` is by two more, of short, middle and long mails in equal parts. A third one, who answered before
seeing their answers, agreed with all. `letters_b` is letters with a photo that name a style by chance.
Both were read once, by the learned model: 0.759, 0.218 and 0.023, then 0.779, 0.154 and 0.067. Most causes of
what was not understood are mended since.
`asks_y` is by somebody who had not seen the grammar, read once after that: 0.880, 0.105 and 0.015. The code
before had 0.870, 0.115 and 0.015. All kinds of asks that it shows are mended. `asks_w` was written beside
that: sentences of the same causes in other words, of which none was understood before.
`asks_z` (200 asks, by somebody who had not seen the grammar) and `letters_c` (letters with a photo that
wish no style) were read once after that: 0.825, 0.150 and 0.025, then 0.788, 0.163 and 0.048. The code before
had 0.815, 0.160 and 0.025, then 0.788, 0.154 and 0.058. One wrong ask is disputed: "que se vea la iglesia"
may ask for a lighter touch. Since then described paintings are found: 0.885, 0.090 and 0.025 of `asks_z`.
`mails_train` is 2,380 mails by people who had not seen the grammar, most of them harder than real ones. The
grammar was mended by them, and the learned model is trained on them.
`asks_aa` (200 asks) and `letters_d` (104 letters), by somebody who had not seen the grammar, were read once
after that: 0.870, 0.095 and 0.035, then 0.875, 0.048 and 0.077. Before `mails_train` it was 0.805, 0.165
and 0.030, then 0.913, 0.019 and 0.067: to find described paintings is to take some photos' subjects for
them. Since then corrections, misspelt names and names of animals are mended.
`asks_bb` is 200 ordinary asks, and `mails_more` 960 mails, ordinary and letters in equal parts, by four
people who had not seen the grammar. Both were read once, then mended by; the learned model is trained on
them. `asks_cc` (304 ordinary asks) and `letters_e` (200 letters that wish no style) were read once after
that: 0.957, 0.036 and 0.007, then 0.875, 0.085 and 0.040. The code before had 0.944, 0.049 and 0.007, then
0.855, 0.070 and 0.075. Nothing is mended by them, nor is the model trained on them (`HELD_OUT` in
`benchmarks/wishes`).
`python -m benchmarks.mail.asks FILE` prints the failures.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import Outcome, Table, judged, painted_by_chance, read, request_of, rows

FIXTURES = Path(__file__).parents[2] / "fixtures"
LETTERS = rows(FIXTURES / "letters.jsonl")
#: Most letters that may be painted in the style that they mention, or refused: 2 of 200, half of the aim.
MOST_BY_CHANCE = 0.01


@pytest.fixture(scope="module")
def table() -> Table:
    return Table(FIXTURES / "asks_a.jsonl")


def test_what_people_write_is_understood(table: Table) -> None:
    shares = table.shares
    failures = "\n".join(str(outcome) for outcome in table.outcomes if outcome.kind != "understood")
    assert shares["understood"] >= 0.98, failures
    assert shares["wrong"] == 0, failures


def test_what_people_write_is_understood_in_the_half_that_was_opened_later() -> None:
    shares = Table(FIXTURES / "asks_b.jsonl").shares  # 0.876, 0.088 and 0.035 before it was opened
    assert shares["understood"] >= 0.97
    assert shares["wrong"] == 0


def test_asks_that_were_written_beside_the_code_are_understood() -> None:
    more = Table(FIXTURES / "asks_more.jsonl")
    failures = "\n".join(str(outcome) for outcome in more.outcomes if outcome.kind != "understood")
    assert more.shares["understood"] >= 0.97, failures
    assert more.shares["wrong"] <= 0.002, failures  # "Scream if you wanna go faster!"


@pytest.mark.parametrize(
    ("file", "understood", "wrong"),
    [
        ("asks_c.jsonl", 0.99, 0.0),  # 0.916, 0.067 told and 0.017 wrong at the first reading
        (
            "asks_d.jsonl",
            0.95,
            0.0,
        ),  # 0.755, 0.159 told and 0.086 wrong at the first reading, in three batches
        (
            "asks_e.jsonl",  # the hardest kinds: 0.704, 0.869, 0.740 and 0.896 at the first reading
            0.96,
            0.0,
        ),
        ("asks_f.jsonl", 0.99, 0.0),  # 0.847, 0.109 told and 0.044 wrong at the first reading
        ("asks_g.jsonl", 0.97, 0.007),  # 0.838, 0.116 told and 0.047 wrong at the first reading
        ("asks_h.jsonl", 0.94, 0.0),  # 0.894, 0.097 told and 0.009 wrong at the first reading
        ("asks_i.jsonl", 0.9, 0.004),  # 0.859, 0.128 told and 0.012 wrong at the first reading
        ("asks_j.jsonl", 0.955, 0.0),  # 0.845, 0.075 told and 0.080 wrong at the first reading
        ("asks_k.jsonl", 0.955, 0.025),  # 0.915, 0.050 told and 0.035 wrong at the first reading
        ("asks_l.jsonl", 0.98, 0.0),  # 0.905, 0.040 told and 0.055 wrong at the first reading
        ("asks_m.jsonl", 0.89, 0.0),  # 0.805, 0.158 told and 0.037 wrong at the first reading
        ("asks_n.jsonl", 0.93, 0.0),  # 0.844, 0.113 told and 0.043 wrong at the first reading
        ("asks_o.jsonl", 0.89, 0.005),  # 0.650, 0.260 told and 0.090 wrong at the first reading
        ("asks_p.jsonl", 0.95, 0.0),  # 0.785, 0.150 told and 0.065 wrong at the first reading
        ("asks_q.jsonl", 0.935, 0.0),  # 0.790, 0.165 told and 0.045 wrong at the first reading
        ("asks_r.jsonl", 0.94, 0.0),  # 0.890, 0.105 told and 0.005 wrong at the first reading
        ("asks_s.jsonl", 0.98, 0.0),  # 0.809, 0.173 told and 0.018 wrong at the first reading
        ("asks_t.jsonl", 0.98, 0.0),  # 0.900, 0.082 and 0.018 at the first reading
        ("asks_v.jsonl", 0.99, 0.0),  # 0.795, 0.182 and 0.023 at the first reading
        ("asks_x.jsonl", 0.88, 0.005),  # 0.759, 0.218 told and 0.023 wrong at the first reading
        ("letters_b.jsonl", 0.95, 0.0),  # 0.779, 0.154 told and 0.067 wrong at the first reading
        ("asks_y.jsonl", 0.96, 0.0),  # 0.880, 0.105 told and 0.015 wrong at the first reading
        ("asks_z.jsonl", 0.925, 0.015),  # 0.825, 0.150 told and 0.025 wrong at the first reading
        ("letters_c.jsonl", 0.875, 0.02),  # 0.788, 0.163 told and 0.048 wrong at the first reading
        ("mails_train.jsonl", 0.84, 0.03),  # 0.610, 0.342 told and 0.048 wrong at the first reading
        ("asks_aa.jsonl", 0.945, 0.02),  # 0.870, 0.095 told and 0.035 wrong at the first reading
        ("letters_d.jsonl", 0.875, 0.049),  # 0.875, 0.048 told and 0.077 wrong at the first reading
        ("asks_bb.jsonl", 0.98, 0.005),  # 0.940, 0.055 told and 0.005 wrong at the first reading
        ("mails_more.jsonl", 0.88, 0.015),  # 0.875, 0.850 and 0.790 at the first reading, in three batches
        ("asks_cc.jsonl", 0.95, 0.01),  # at the first reading
        ("letters_e.jsonl", 0.87, 0.045),  # at the first reading
        ("asks_w.jsonl", 1.0, 0.0),  # not one of them before its causes were mended
        ("asks_dev.jsonl", 0.975, 0.0),  # 0.968, 0.924, 0.936 and 0.932 at the first reading, in four batches
    ],
)
def test_later_asks_are_understood(file: str, understood: float, wrong: float) -> None:
    later = Table(FIXTURES / file)
    failures = "\n".join(str(outcome) for outcome in later.outcomes if outcome.kind != "understood")
    assert later.shares["understood"] >= understood, failures
    assert later.shares["wrong"] <= wrong, failures


def test_every_language_is_understood(table: Table) -> None:
    failed = Counter(outcome.ask["lang"] for outcome in table.outcomes if outcome.kind != "understood")
    asked = Counter(outcome.ask["lang"] for outcome in table.outcomes)
    assert set(asked) == {"en", "de", "fr", "es", "it", "pt", "zh", "ja"}
    assert all(failed[language] <= 0.05 * count for language, count in asked.items()), failed


def test_letters_that_name_a_style_by_chance_are_not_painted_in_it() -> None:
    taken = [(letter["text"], got) for letter in LETTERS if (got := painted_by_chance(letter))]
    assert len(LETTERS) == 200
    assert len(taken) <= MOST_BY_CHANCE * len(LETTERS), taken


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Under a starry night", "We sat there until the fire went out."),
        ("Turner's graduation", "So proud of our son! He is off to Bristol in the autumn."),
        ("Postcard", "We queued two hours for the Van Gogh museum, and Starry Night isn't even there."),
        ("wheat field walk", "We walked through the wheat field behind the church, mud up to our knees."),
        ("my new hat", "Everybody says I look like the woman with a hat in that Matisse painting!"),
        ("Hallo Oma", "wir waren im Museum und haben den Schrei gesehen. Papa hat dann auch geschrien."),
        ("Noche estrellada en la playa", "Nos quedamos hasta las dos. Mañana te llamo."),
        ("Request", "Could you please pay the Turner invoice by Friday? Photo of it attached."),
        ("Fwd: Kandinsky St", "Can you take a look at the boiler in Kandinsky Street 4 please?"),
        ("Stage design", "There is a wheat field on the left. Can you build that by June?"),
    ],
)
def test_a_letter_that_asks_somebody_else_for_something_is_no_request(subject: str, text: str) -> None:
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}), default="edtaonisl")
    assert isinstance(paint, Paint)
    assert paint.chosen == "default"


@pytest.mark.parametrize(
    ("expect", "kind"),
    [
        ({"style": "the-scream"}, "understood"),
        ({"style": ["the-scream", "udnie"]}, "understood"),
        ({"style": "udnie"}, "wrong"),
        ({"style": "the-scream", "strength": [20, 80]}, "wrong"),
        ({"style": "the-scream", "size": "big"}, "wrong"),
        ({"style": "the-scream", "keep_colours": True}, "wrong"),
        ({"styles": ["the-scream", "udnie"]}, "wrong"),
        ({"blend": {"the-scream": 60, "udnie": 40}}, "wrong"),
        ({"default": True}, "wrong"),
        ({"silence": True}, "wrong"),
        ({"unknown": "picasso"}, "wrong"),
    ],
)
def test_the_judge_knows_right_from_wrong(expect: dict[str, object], kind: str) -> None:
    ask = {"subject": "", "text": "the scream please", "photos": 1, "lang": "en", "expect": expect}
    assert judged(ask).kind == kind


def test_an_ask_that_gets_the_default_style_is_told() -> None:
    ask = {"subject": "Rex", "text": "", "photos": 1, "lang": "en", "expect": {"style": "udnie"}}
    outcome = judged(ask)
    assert isinstance(outcome, Outcome)
    assert outcome.kind == "told"
    assert "Rex" in str(outcome)


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("first one starry night, second one scream", ["starry-night", "the-scream"]),
        ("the second one in udnie, the first in mondrian please", ["tableau-2", "udnie"]),
        ("First one in starry night. The second as the scream please.", ["starry-night", "the-scream"]),
        ("beach.jpg in udnie, dinner.jpg in the scream please", ["udnie", "the-scream"]),
        ("Dinner as the scream, and the beach in udnie", ["udnie", "the-scream"]),
        ("das erste als Schrei, das zweite als Sternennacht", ["the-scream", "starry-night"]),
        ("第一张用星空,第二张用呐喊", ["starry-night", "the-scream"]),
    ],
)
def test_each_photo_gets_the_style_that_is_said_for_it(text: str, styles: list[str]) -> None:
    request = request_of({"subject": "two photos", "text": text, "photos": 2})
    named = tuple(
        replace(photo, name=name)
        for photo, name in zip(request.images, ("beach.jpg", "dinner.jpg"), strict=True)
    )
    paint = read(replace(request, images=named))
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == styles
    assert paint.photos == (0, 1)


@pytest.mark.parametrize(
    "text", ["dog.jpg in the scream, cat.jpg in udnie", "The dog in the scream and the cat in udnie"]
)
def test_a_photo_is_meant_by_a_short_file_name(text: str) -> None:
    request = request_of({"subject": "", "text": text, "photos": 2})
    named = tuple(
        replace(photo, name=name) for photo, name in zip(request.images, ("cat.jpg", "dog.jpg"), strict=True)
    )
    paint = read(replace(request, images=named))
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == ["udnie", "the-scream"]
