"""Lines of logs, for people and as JSON, with the trace of their photo."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest

from styles.service.logs import (
    current_trace,
    is_json_line,
    json_line,
    new_trace,
    trace_of,
    traceparent,
    tracing,
)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PROGRAM = f"""
import logging
from styles.service import logs
logs.set_up("bot", as_json={{as_json}}, prefix="runner[7] ")
log = logging.getLogger("mailbot.bot")
log.debug("not shown")
with logs.tracing("{TRACE}"):
    log.info("mail %d “came” in", 12)
try:
    raise ValueError("no")
except ValueError:
    log.exception("it fails\\nhere")
"""


def lines_of(program: str, code: int = 0) -> list[str]:
    run = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert run.returncode == code
    return run.stderr.splitlines()


def test_json_is_a_line_for_each_message() -> None:
    first, second = map(json.loads, lines_of(PROGRAM.format(as_json=True)))
    assert first["message"] == "mail 12 “came” in"
    assert (first["trace"], first["process"], first["level"]) == (TRACE, "bot", "INFO")
    assert first["time"].endswith("Z")
    assert (second["message"], "trace" in second) == ("it fails\nhere", False)
    assert "ValueError: no" in second["error"]


def test_what_python_itself_says_is_json_too() -> None:
    program = "from styles.service import logs; logs.set_up('bot', as_json=True); import warnings\n"
    program += "warnings.warn('old'); raise ValueError('no')"
    warning, error = map(json.loads, lines_of(program, 1))
    assert "UserWarning: old" in warning["message"]
    assert (error["level"], error["message"]) == ("CRITICAL", "ended by an error")
    assert error["error"].endswith("ValueError: no")


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '{"message": "in JSON"}', "{'time': 1}", "12"])
def test_a_line_that_only_looks_like_one(text: str) -> None:
    assert not is_json_line(text)
    line = json_line("bot", text, 1.25)
    assert is_json_line(line)
    assert json.loads(line)["message"] == text
    assert json.loads(line)["time"] == "1970-01-01T00:00:01.250Z"


def test_people_see_the_beginning_of_a_trace() -> None:
    first, second, *_ = lines_of(PROGRAM.format(as_json=False))
    assert first[9:] == "INFO runner[7] [4bf92f35] mail 12 “came” in"
    assert second[9:] == "ERROR runner[7] it fails"


def test_a_child_logs_as_its_parent() -> None:
    child = "from styles.service import logs; logs.set_up('runner'); import logging; logging.info('here')"
    run = "import subprocess, sys; subprocess.run([sys.executable, '-c', child], check=True)"
    program = f"from styles.service import logs; logs.set_up('up', as_json=True); child = {child!r}; {run}"
    (line,) = lines_of(program)
    assert json.loads(line)["process"] == "runner"


async def test_a_trace_holds_for_the_tasks_of_its_block() -> None:
    async def read() -> str:
        return current_trace()

    with tracing(TRACE):
        task = asyncio.create_task(read())
    assert (await task, current_trace()) == (TRACE, "")


def test_the_header_there_and_back() -> None:
    trace = new_trace()
    assert trace_of(traceparent(trace)) == trace
    assert traceparent(trace) != traceparent(trace)
    assert trace_of(f"cc-{TRACE}-00f067aa0ba902b7-01-what-comes-later") == TRACE


@pytest.mark.parametrize(
    "header",
    [
        "",
        TRACE,
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE[:-1]}x-00f067aa0ba902b7-01",
        f"00-{TRACE}-00f067aa0ba902b7-01\n",
    ],
)
def test_a_header_that_makes_no_sense_is_none(header: str) -> None:
    assert trace_of(header) == ""
