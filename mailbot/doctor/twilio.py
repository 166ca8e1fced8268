"""Check the phone number at Twilio for `mailbot doctor`: the account, and the way to the webhook."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from mailbot.channels.enabled import twilio_token
from mailbot.channels.twilio_api import TwilioApi
from mailbot.channels.twilio_webhook import UNSIGNED
from mailbot.doctor.check_runner import CheckFailed, CheckResult, CheckRunner, CheckWarning
from mailbot.doctor.mail_servers import TIMEOUT
from mailbot.settings.sms import Sms
from mailbot.transport.answer_sender import NoAnswer, TryLater
from styles.service.config import ConfigError, http_url


async def examine(settings: Sms, environment: Mapping[str, str]) -> list[CheckResult]:
    """Run the checks and return their results; none where the channel is off."""
    area = CheckRunner("text messages")
    if not settings.enabled:
        return area.results
    phone = _Phone(settings, environment)
    await area.check("secret", phone.secret)
    await area.check("account", phone.account, ["secret"])
    await area.check("port", phone.port)
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
        except NoAnswer as error:
            remedy = f"see whether {self._settings.api} can be reached from here"
            raise CheckFailed(f"Twilio cannot be reached: {error}", remedy) from error
        except TryLater as error:
            remedy = "set account and MAILBOT_TWILIO_TOKEN as Twilio's console shows them"
            raise CheckFailed(f"Twilio refuses: {error}", remedy) from error
        finally:
            await api.close()
        if status != "active":
            raise CheckFailed(f"the account is {status}", "see Twilio's console for the reason")
        return f"{self._settings.account[:6]}… is active; its number is {self._settings.number}"

    async def port(self) -> str | CheckWarning:
        """Call the bot where it listens: another program there keeps it from its webhook."""
        host, port = self._settings.host, self._settings.port
        is_any = not host.strip("0.:")  # 0.0.0.0 and ::
        status, words = await _called(http_url("127.0.0.1" if is_any else host, port))
        if not status:
            return CheckWarning(f"nobody listens at port {port}", "run the bot")
        if UNSIGNED not in words:
            remedy = (
                "end it, or set another port; until then texts come by Twilio's list, and no picture goes"
            )
            raise CheckFailed(f"another program has port {port}", remedy)
        return f"the bot listens at port {port}"

    async def webhook(self) -> str | CheckWarning:
        """Call the bot by the way that Twilio takes: it says 403, since nobody has signed the call."""
        url = f"{self._settings.public_url}/sms"
        status, words = await _called(self._settings.public_url)
        if status == 403:
            return f"{url} leads to the bot"
        said = (
            f"answers with status {status}, and not as the bot does"
            if status
            else f"does not answer: {words}"
        )
        place = f"{self._settings.host}:{self._settings.port}"
        return CheckWarning(f"{url} {said}", f"run the bot, and have your web server pass it to {place}")


async def _called(root: str) -> tuple[int, str]:
    """Call the webhook without a signature; return status and words, or 0 and the error."""
    try:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.post(f"{root}/sms") as answer:
            return answer.status, (await answer.content.read(1000)).decode(errors="replace")
    except (aiohttp.ClientError, TimeoutError, UnicodeError) as error:
        return 0, type(error).__name__
