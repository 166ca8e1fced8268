"""Parses the mail in a file, alone in its process, and prints what that took of memory at the most, in bytes.

`python -m tests.fakes.mailbot.parsing.memory_of_parsing FILE`; the mail's own bytes are counted as well.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mailbot.parsing.mail_parser import parse_email


def peak() -> int:
    """Of this process, bytes; `ru_maxrss` would count what its parent had before it began."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


if __name__ == "__main__":
    parse_email(b"From: jane@mail.example\r\n\r\nhi")  # what is loaded once is loaded now
    before = peak()
    request = parse_email(Path(sys.argv[1]).read_bytes())
    print(peak() - before, sum(len(photo.image) for photo in request.images))
