"""What our own mail server found out about a sender: fields as providers write them, and forged ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.parsing.automation_headers import AutomationHeaders
from mailbot.sender_policy.authentication import judge, results

OURS = ("mx.painter.example", "mx2.painter.example")


def verdict(*fields: str, sender: str = "jane@mail.example") -> str:
    return judge(AutomationHeaders(from_address=sender, authentication_results=fields), OURS)


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("dmarc=pass header.from=mail.example", "pass"),
        ("dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=mail.example", "fail"),
        ("dkim=pass header.d=mail.example; dmarc=fail header.from=mail.example", "fail"),
        ("dmarc=pass(p=QUARANTINE) header.from=mail.example;", "pass"),
        ("dmarc=none header.from=mail.example; spf=pass smtp.mailfrom=jane@mail.example", "pass"),
        ("dmarc=temperror; spf=fail smtp.mailfrom=x.example; dkim=fail header.d=mail.example", "fail"),
        ("dmarc=pass header.from=other.example", "unknown"),
        ("spf=pass smtp.mailfrom=<jane@bounce.mail.example>", "pass"),
        ("spf=pass smtp.mailfrom=mail.example", "pass"),
        ("spf=pass smtp.mailfrom=jane@evil.example", "unknown"),
        ("spf=pass smtp.mailfrom=jane@notmail.example", "unknown"),
        ("spf=pass smtp.mailfrom=<>", "unknown"),
        ("dkim=pass header.i=@mail.example header.b=a/b+c=", "pass"),
        ("dkim=pass (2048-bit key; unprotected) header.d=mail.example x-bits=2048", "pass"),
        ("dkim=fail header.d=x.example; dkim=pass header.d=mail.example; spf=fail", "pass"),
        ("dkim=pass header.d=relay.example; spf=softfail", "unknown"),
        ("spf=fail smtp.mailfrom=mail.example; dkim=none", "unknown"),
        ("spf=softfail smtp.mailfrom=mail.example; dkim=fail header.d=mail.example", "fail"),
        ("spf=fail smtp.mailfrom=mail.example; dkim=neutral", "unknown"),
        ("spf=neutral; dkim=fail header.d=mail.example", "unknown"),
        ("none", "unknown"),
        ("", "unknown"),
        ("dara=pass header.i=@gmail.com; compauth=pass reason=100; bimi=skipped (no)", "unknown"),
    ],
)
def test_verdicts(field: str, wanted: str) -> None:
    assert verdict(f"mx.painter.example; {field}") == wanted


PASS, FAIL = "dmarc=pass header.from=mail.example", "dmarc=fail header.from=mail.example"


def test_only_the_topmost_field_of_our_server_counts() -> None:
    assert verdict(f"mx.painter.example; {FAIL}", f"mx.painter.example; {PASS}") == "fail"
    assert verdict(f"mx.painter.example; {PASS}", f"mx.painter.example; {FAIL}") == "pass"
    assert verdict(f"mx.sender.example; {PASS}", f"MX2.Painter.example 1; {FAIL}") == "fail"
    assert verdict("mx.painter.example; none", f"mx.painter.example; {PASS}") == "unknown"


@pytest.mark.parametrize(
    "server",
    [
        "mx.sender.example",
        "mx.painter.example.evil.example",
        "evil.example (mx.painter.example)",
        "(mx.painter.example;) evil.example",
        "",
        "dkim=none mx.painter.example",
    ],
)
def test_what_another_server_says_counts_for_nothing(server: str) -> None:
    assert verdict(f"{server}; {PASS}") == "unknown"
    assert verdict(f"{server}; {FAIL}") == "unknown"


def test_a_pattern_names_all_servers_of_a_provider() -> None:
    def from_server(server: str, trusted: str) -> str:
        return judge(
            AutomationHeaders(
                from_address="jane@mail.example", authentication_results=(f"{server}; {FAIL}",)
            ),
            [trusted],
        )

    assert from_server("mx17.provider.example", "mx*.Provider.example") == "fail"
    assert from_server("mx.evil.example", "mx*.provider.example") == "unknown"
    assert from_server("", "*") == "unknown"


def test_nobody_is_trusted_unless_the_config_says_so() -> None:
    automation = AutomationHeaders(
        from_address="jane@mail.example", authentication_results=(f"mx.painter.example; {PASS}",)
    )
    assert judge(automation, ()) == "unknown"


def test_microsoft_names_no_server() -> None:
    field = (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=mail.example; dmarc=pass action=none header.from=x"
    )
    assert verdict(field) == "unknown"


def test_a_quoted_reason_is_no_result() -> None:
    assert (
        verdict('mx.painter.example; dmarc=fail reason="late; dmarc=pass (no)" header.from=mail.example')
        == "fail"
    )
    assert verdict('mx.painter.example; spf=none reason="x; dmarc=pass"') == "unknown"


def test_comments_are_no_results_however_deep() -> None:
    assert verdict(f"mx.painter.example (nested (; {PASS};) comment); {FAIL}") == "fail"
    assert verdict("mx.painter.example " + "(" * 5000 + f"; {PASS}") == "unknown"
    assert verdict(r"mx.painter.example (a \) b; dmarc=pass); " + FAIL) == "fail"


@given(st.text(alphabet='spfdkmarc=;()"\\<>/. @\t1é', max_size=200))
def test_whatever_a_field_says_it_is_read(field: str) -> None:
    """No exception, and what was read before it stands."""
    assert verdict(f"mx.painter.example; {field}") in ("pass", "fail", "unknown")
    assert verdict(f"mx.painter.example; {FAIL}; {field}") == "fail"


def test_many_results_are_bounded() -> None:
    assert len(results("x; " + "dkim=pass;" * 5000)) == 50


@pytest.mark.parametrize("tail", ["a" * 20_000, '"' * 20_001, "a " * 10_000, "\\" * 20_000, "a=" * 10_000])
def test_hostile_fields_are_read_to_their_end(tail: str) -> None:
    assert verdict(f"mx.painter.example; {tail}; {PASS}") in ("pass", "unknown")
