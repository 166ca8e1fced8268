"""`mailbot doctor` for the phone number at Twilio."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mailbot.channels.twilio import TwilioChannel
from mailbot.doctor import twilio
from mailbot.doctor.check_runner import CheckState
from mailbot.settings.sms import Sms
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.channels.twilio import TOKEN, FakeTwilio


async def test_an_account_and_the_way_to_the_bot(ledger: Ledger) -> None:
    async with FakeTwilio() as phone:
        environment = {"MAILBOT_TWILIO_TOKEN": TOKEN}
        secret, account, port, webhook = await twilio.examine(phone.settings, environment)
        assert (secret.state, account.state) == (CheckState.WELL, CheckState.WELL)
        assert (webhook.state, "run the bot" in webhook.remedy) == (CheckState.WARN, True)
        assert port.state is CheckState.WARN
        channel = TwilioChannel(phone.settings, TOKEN, ledger)
        async with channel._webhook.serving():
            *_, port, webhook = await twilio.examine(phone.settings, environment)
        assert (port.state, webhook.state) == (CheckState.WELL, CheckState.WELL)
        _, account, *_ = await twilio.examine(phone.settings, {"MAILBOT_TWILIO_TOKEN": "another"})
        assert account.state is CheckState.FAILED
        secret, account, *_ = await twilio.examine(phone.settings, {})
        assert (secret.state, account.state) == (CheckState.FAILED, CheckState.SKIPPED)
        taken = phone.settings.model_copy(update={"port": int(phone.url.rpartition(":")[2])})
        *_, port, _ = await twilio.examine(taken, environment)
        assert (port.state, "another program" in port.words) == (CheckState.FAILED, True)
    assert await twilio.examine(Sms(), {}) == []


@pytest.mark.parametrize(
    "changes", [{"number": ""}, {"account": ""}, {"public_url": ""}, {"public_url": "http://a.example"},
                {"public_url": "https://a.example/sms#rc=5"}, {"number": "0151"}, {"account": "AC1"}],
)  # fmt: skip
def test_a_table_that_cannot_work_is_refused(changes: dict[str, str]) -> None:
    whole = {"enabled": True, "number": "+15550001111", "account": f"AC{'0' * 32}"}
    whole["public_url"] = "https://painter.example.org"
    slashed = Sms.model_validate(whole | {"public_url": "https://painter.example.org/"})
    assert slashed == Sms.model_validate(whole)
    with pytest.raises(ValidationError):
        Sms.model_validate(whole | changes)
