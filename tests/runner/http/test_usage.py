from __future__ import annotations

from datetime import date, timedelta

from runner.http.usage import KEPT_DAYS, DailyUsage
from styles.contract import PROOFS, StyleJob

DAY = date(2026, 11, 28)


def job(style: str, *, sheet: bool = False, sender: str = "jane") -> StyleJob:
    return StyleJob(id="1", style=style, image=b"", sheet=sheet, sender=sender)


def test_each_style_of_a_blend_counts_and_a_version_is_its_styles() -> None:
    usage = DailyUsage(lambda: DAY)
    for style in ("mosaic", "mosaic@2", "mosaic@staged:0.5,udnie:0.5"):
        usage.painted(job(style))
    assert usage.as_json()["days"] == {"2026-11-28": {"mosaic": 3, "udnie": 1}}


def test_a_private_style_is_in_no_counts() -> None:
    usage = DailyUsage(lambda: DAY)
    usage.painted(job("mosaic:0.5,garden@private-0a1b2c:0.5"))
    assert usage.as_json()["days"] == {"2026-11-28": {"mosaic": 1}}


def test_sheets_and_proofs_ask_for_no_style() -> None:
    usage = DailyUsage(lambda: DAY)
    usage.painted(job("", sheet=True))
    usage.painted(job("mosaic", sender=PROOFS))
    assert usage.as_json()["days"] == {}


def test_old_days_are_dropped_and_each_start_has_a_source() -> None:
    now = [DAY]
    usage = DailyUsage(lambda: now[0])
    for _ in range(KEPT_DAYS + 2):
        usage.painted(job("mosaic"))
        now[0] += timedelta(days=1)
    assert len(usage.as_json()["days"]) == KEPT_DAYS
    assert usage.as_json()["source"] != DailyUsage().as_json()["source"]
