"""Learn ten paintings by mail, and leave a table and sheets: `python -m benchmarks.learning`.

It takes ten times the minutes, and longer on a busy machine. What it leaves under build/learning/ is looked
at by people: how well a style is learnt is not a number. A run that was ended goes on where it was; to begin
anew, remove that folder.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.learning import mail_to_live
from benchmarks.learning.killing import Killer
from benchmarks.learning.mail_to_live import Lesson, mailed_system
from benchmarks.learning.sheets import ShownStyle, draw, style_sheet
from benchmarks.learning.subjects import SUBJECTS
from benchmarks.reporting.machine import conditions, machine
from styles.formats.style_file import BUILTIN

PHOTOS = Path(__file__).parents[2] / "docs" / "photos"
HEADINGS = (
    "painting",
    "sent",
    "to live",
    "preview",
    "steps",
    "style loss",
    "content",
    "load",
    "killed",
    "answers",
)


async def run(arguments: argparse.Namespace) -> Sequence[Lesson]:
    """Learn the paintings, and draw the sheets."""
    kept = arguments.out / "lessons.json"
    lessons = mail_to_live.read(kept)
    learnt = {each.file for each in lessons}
    async with mailed_system(arguments.out / "system", arguments.features, arguments.minutes) as place:
        killer = Killer(place.system) if arguments.kill else None
        for number, subject in enumerate(SUBJECTS):
            if number < arguments.skip or number >= arguments.skip + arguments.count:
                continue
            if subject.file in learnt:
                continue
            picture = subject.photo(arguments.paintings)
            lesson = await mail_to_live.learnt(
                place,
                subject,
                number,
                picture,
                arguments.minutes,
                hasten=arguments.hasten,
                killer=killer,
            )
            lessons.append(lesson)
            mail_to_live.write(lessons, kept)
            print(f"{lesson.name}: {lesson.said}", flush=True)
            if styles := shown(lessons):
                await draw(place.balancer, PHOTOS, styles, arguments.out)
            if styles := shown([lesson]):
                sheet = await style_sheet(place.balancer, PHOTOS, picture, styles)
                (arguments.out / f"{lesson.style}.png").write_bytes(sheet)
        if arguments.exactly:
            painting = SUBJECTS[0].photo(arguments.paintings)
            passed, picture = await mail_to_live.painted_exactly(
                place, arguments.exactly.read_bytes(), painting
            )
            (arguments.out / "exactly.jpg").write_bytes(picture)
            print(f"painted exactly like {SUBJECTS[0].file}: {passed:.0f} s", flush=True)
    return lessons


def shown(lessons: Sequence[Lesson]) -> list[ShownStyle]:
    """Return the styles of the sheets: those that are live, each beside the trained one of its painting."""
    styles = []
    for lesson in lessons:
        if lesson.seconds_to_live is None:
            continue
        caption = f"{lesson.file.removesuffix('.jpg')}, {lesson.steps} steps"
        styles.append(ShownStyle(name=lesson.style, caption=caption))
        trained = lesson.file.removesuffix(".jpg")
        if (BUILTIN / trained).is_dir() and "in other colours" not in lesson.shown:
            styles.append(ShownStyle(name=trained, caption="trained for hours"))
    return styles


def table(lessons: Sequence[Lesson]) -> Table:
    """Return a row a painting."""
    facts = {**machine(), **conditions()}
    where = ", ".join(str(facts[name]) for name in ("processor", "cores", "date", "commit"))
    found = Table(*HEADINGS, title=f"from mail to live ({where})")
    for each in lessons:
        found.add_row(
            each.file.removesuffix(".jpg") + ("" if each.is_unseen else " (seen by the base)"),
            each.shown,
            _seconds(each.seconds_to_live) or each.said,
            _seconds(each.seconds_to_preview),
            str(each.steps),
            f"{each.losses.get('style', 0):.3f}",
            f"{each.losses.get('content', 0):.3f}",
            f"{each.load:.1f}",
            ", ".join(f"{name} {count}" for name, count in each.killed.items()),
            str(each.answers),
        )
    return found


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.0f} s"


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description=__doc__)
    parser.add_argument("--paintings", type=Path, required=True, help="folder of the paintings' files")
    parser.add_argument("--features", type=Path, required=True, help="safetensors file of VGG16")
    parser.add_argument("--minutes", type=float, default=4.5, help="for each painting")
    parser.add_argument("--skip", type=int, default=0, help="begin behind the first ones")
    parser.add_argument("--count", type=int, default=len(SUBJECTS), help="learn that many only")
    parser.add_argument("--exactly", type=Path, help="a photo to paint exactly like the first painting")
    parser.add_argument("--kill", action="store_true", help="kill processes at random meanwhile")
    parser.add_argument(
        "--hasten", action="store_true", help="do not let learning yield to other processes, as root"
    )
    parser.add_argument("--out", type=Path, default=Path("build/learning"))
    return parser.parse_args()


def main() -> int:
    """Run it, and print the table."""
    arguments = _parsed()
    arguments.features, arguments.out = arguments.features.absolute(), arguments.out.absolute()
    (arguments.out / "system").mkdir(parents=True, exist_ok=True)
    lessons = asyncio.run(run(arguments))
    console = Console(width=160)
    console.print(table(lessons))
    with (arguments.out / "table.txt").open("w") as file:
        Console(file=file, width=160).print(table(lessons))
    return int(any(each.seconds_to_live is None for each in lessons))


if __name__ == "__main__":
    sys.exit(main())
