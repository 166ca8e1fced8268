"""Describe a wrong value of config.toml in a sentence that names its table and key.

    in_words    one of pydantic's errors -> a sentence

The most common mistakes have their own sentences; for the rest pydantic's words follow the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

#: Required kinds of values, by the beginning of pydantic's name for the error.
_KINDS = {
    "int_": "a whole number",
    "float_": "a number",
    "bool_": "true or false",
    "string_type": "text in quotes",
    "path_": "a path in quotes",
    "list_type": "a list in brackets",
    "tuple_type": "a list in brackets",
    "model_type": "a table",
}
#: Required values by the full name of the error, where it comes with the limit.
_LIMITS = {
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
    "less_than": "less than {lt}",
    "literal_error": "{expected}",
}


def in_words(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Return the sentence, without a full stop. It holds no value, which may be a secret."""
    place = [str(step) for step in error["loc"]]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(place, model)
    key = ".".join(place)
    if kind == "missing":
        return f"{key} is missing"
    if kind in _LIMITS:
        return f"{key} must be {_LIMITS[kind].format(**context)}"
    if wanted := next((words for start, words in _KINDS.items() if kind.startswith(start)), ""):
        return f"{key} must be {wanted}"
    return f"{key}: {error['msg'].removeprefix('Value error, ')}"


def _unknown(place: Sequence[str], model: type[BaseModel]) -> str:
    *table, key = place
    near = get_close_matches(key, _keys(model, table), n=1)
    guess = f"; did you mean {near[0]}?" if near else ""
    return f"there is no key called {key} in [{'.'.join(table)}]{guess}"


def _keys(model: type[BaseModel], table: Sequence[str]) -> list[str]:
    """Return the keys that a table may have; [] where it is no model."""
    for step in table:
        field = model.model_fields.get(step)
        kinds = (field.annotation, *get_args(field.annotation)) if field else ()
        found = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if found is None:
            return []
        model = found
    return [field.alias or name for name, field in model.model_fields.items()]
