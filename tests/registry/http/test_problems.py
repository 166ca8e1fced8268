from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from yarl import URL

from registry.http.problems import LARGEST, number, whole_number


def asked(value: str) -> web.Request:
    return make_mocked_request("GET", str(URL("/").with_query({"n": value})))


@pytest.mark.parametrize(
    ("text", "found"), [("0", 0), ("7", 7), ("0.5", 0.5), ("1e3", 1000), ("007", 7), (str(LARGEST), LARGEST)]
)
def test_numbers(text: str, found: float) -> None:
    assert number(asked(text), "n", 1) == found


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "nan", "inf", "1_0", " 1", "1 ", "٣", "0x1", ".5", "5.", "1e400", f"{LARGEST + 1}"],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(web.HTTPBadRequest, match="Bad Request"):
        number(asked(text), "n", 1)


def test_what_is_left_out_is_the_default() -> None:
    assert number(make_mocked_request("GET", "/"), "n", 2.5) == 2.5
    assert whole_number(make_mocked_request("GET", "/"), "n", 3) == 3


def test_whole_numbers_have_their_bounds() -> None:
    assert whole_number(asked("3.0"), "n", 1, least=3, most=3) == 3
    for text in ("2", "4", "3.5"):
        with pytest.raises(web.HTTPBadRequest):
            whole_number(asked(text), "n", 1, least=3, most=3)
