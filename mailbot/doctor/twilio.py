"""Check the phone number at Twilio for `mailbot doctor`: the account, and the way to the webhook."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from mailbot.channels.opened import twilio_token
from mailbot.channels.twilio_api import TwilioApi
from mailbot.doctor.check import CheckFailed, CheckResult, CheckRunner, Warn
from mailbot.doctor.mail_servers import TIMEOUT
from mailbot.settings.sms import Sms
from mailbot.transport.answer_sender import TryLater
from styles.service.config import ConfigError


async def examine(settings: Sms, environment: Mapping[str, str]) -> list[CheckResult]:
    """Run the checks and return their results; none where the channel is off."""
    area = CheckRunner("text messages")
    if not settings.enabled:
        return area.results
    phone = _Phone(settings, environment)
    await area.check("secret", phone.secret)
    await area.check("account", phone.account, ["secret"])
    await area.check("webhook", phone.webhook)
    return area.results


class _Phone:
    def __init__(self, settings: Sms, environment: Mapping[str, str]) -> None:
        self._settings, self._environment = settings, environment

    async def secret(self) -> str:
        try:
            twilio_token(self._environment)
        except ConfigError as error:
            raise CheckFailed(str(error).rstrip("."), "copy the account's auth token from there") from error
        return "MAILBOT_TWILIO_TOKEN is set"

    async def account(self) -> str:
        api = TwilioApi(self._settings, twilio_token(self._environment), TIMEOUT)
        try:
            status = await api.account()
        except TryLater as error:
            remedy = "set account and MAILBOT_TWILIO_TOKEN as Twilio's console shows them"
            raise CheckFailed(f"Twilio refuses: {error}", remedy) from error
        finally:
            await api.close()
        if status != "active":
            raise CheckFailed(f"the account is {status}", "see Twilio's console for the reason")
        return f"{self._settings.account[:6]}… is active; its number is {self._settings.number}"

    async def webhook(self) -> str | Warn:
        """Call the bot by the way that Twilio takes: it says 403, since nobody has signed the call."""
        url = f"{self._settings.public_url}/sms"
        try:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT)
            async with aiohttp.ClientSession(timeout=timeout) as session, session.post(url) as answer:
                if answer.status == 403:
                    return f"{url} leads to the bot"
                words = f"{url} answers with status {answer.status}, and not as the bot does"
        except (aiohttp.ClientError, TimeoutError) as error:
            words = f"{url} does not answer: {type(error).__name__}"
        remedy = (
            f"run the bot, and have your web server pass it to {self._settings.host}:{self._settings.port}"
        )
        return Warn(words, remedy)
