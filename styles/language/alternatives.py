"""Write out the alternatives of a phrase in a word file: "not (too|so) (heavy|strong)" is four phrases.

    written_out   a phrase as it stands in a word file -> all that it says

An alternative may be empty: "(nice and|) big".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

#: The alternatives at one place of a phrase.
_ALTERNATIVES = re.compile(r"\(([^()]*)\)")


def written_out(phrase: str) -> Iterator[str]:
    """Yield a phrase with each alternative at each of its places; one without any is itself."""
    pieces = _ALTERNATIVES.split(phrase)  # the alternatives stand at odd places
    choices = [piece.split("|") if at % 2 else [piece] for at, piece in enumerate(pieces)]
    for chosen in product(*choices):
        yield "".join(chosen)
