"""Log in at Google by its own library: a person agrees in a browser, which then calls this machine.

The browser is sent to an address of its own machine, so the bot needs no public address. A browser on another
machine does not reach the bot so. Then the person copies the address at which the browser ended.
Google's codes for devices do not give the right to mail, so there is no login by such a code.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

from mailbot.oauth.login_file import FreshToken, NoToken, code_of
from styles.service.config import ConfigError

#: The right to read and send mail by IMAP and SMTP.
SCOPE = "https://mail.google.com/"
#: Seconds that one call of the provider may take.
CALL_SECONDS = 20.0
#: Seconds that a person has to agree in the browser.
PERSON_SECONDS = 900
#: What is kept of the library's credentials, by its names.
KEPT = ("refresh_token", "token_uri", "client_id", "client_secret")
#: Is printed before the wait for the browser.
PROMPT = """Open this page in a browser on this machine, and agree as the bot:

    {url}

If there is no browser here, end this by Ctrl-C and add --paste. Waiting for the browser …"""
#: Is shown by the browser at the end.
AGREED = "The bot may read and send mail now. You can close this page."


def client_of(file: Path) -> dict[str, Any]:
    """Read the client as Google's console lets one download it. Raises `ConfigError`."""
    try:
        client = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    if not isinstance(client, dict) or "installed" not in client:
        raise ConfigError(f"{file} is no OAuth client of the kind “desktop app”: make one, and download it.")
    return client


def log_in(client: dict[str, Any], address: str, ask: Callable[[str], str] | None = None) -> dict[str, Any]:
    """Have a person agree, and return the login to keep. Raises `NoToken`.

    Without `ask` the address to open is printed, and this process listens for the browser. With it, `ask` is
    given that address, and returns the one at which the browser ended.
    """
    from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError
    from oauthlib.oauth2 import OAuth2Error
    from requests import RequestException

    # Without `consent` an account that has agreed before gets no new refresh token.
    asked = {"login_hint": address, "prompt": "consent"}
    try:
        flow = InstalledAppFlow.from_client_config(client, [SCOPE])
        if ask is None:
            flow.run_local_server(
                host="127.0.0.1",
                port=0,
                open_browser=False,
                authorization_prompt_message=PROMPT,
                success_message=AGREED,
                timeout_seconds=PERSON_SECONDS,
                **asked,
            )
        else:
            flow.redirect_uri = (
                "http://127.0.0.1:1/"  # nothing listens there, so the browser keeps the address
            )
            answer = ask(flow.authorization_url(**asked)[0]).strip()
            # The library takes HTTPS alone. This answer came by the person's hands and not over a network.
            answer = answer.replace("http:", "https:", 1)
            flow.fetch_token(authorization_response=answer, timeout=CALL_SECONDS)
        kept = {name: getattr(flow.credentials, name) for name in KEPT}
    except WSGITimeoutError as error:
        raise NoToken("the browser did not come back in time: try again") from error
    except OAuth2Error as error:
        raise NoToken(f"Google did not let the bot in ({code_of(error.error)}): try again") from error
    except (RequestException, ValueError, Warning) as error:  # oauthlib warns of other rights by an exception
        raise NoToken(f"Google's answer makes no sense ({type(error).__name__}): try again") from error
    if not kept.get("refresh_token"):
        raise NoToken("Google gave no refresh token: remove the app at myaccount.google.com and try again")
    return {"kind": "google", "credentials": kept}


def refresh(login: dict[str, Any]) -> FreshToken:
    """Return a new access token. Raises `NoToken`."""
    from google.auth.exceptions import GoogleAuthError, TransportError
    from google.auth.transport.requests import Request
    from google.oauth2.credentials import Credentials
    from requests import Session

    try:
        credentials = Credentials(token=None, **login["credentials"])
        with Session() as session:
            credentials.refresh(partial(Request(session), timeout=CALL_SECONDS))
    except TransportError as error:
        raise NoToken("Google's server for tokens does not answer") from error
    except GoogleAuthError as error:
        answer: object = error.args[-1] if error.args else ""
        code = code_of(answer.get("error") if isinstance(answer, dict) else "")
        if getattr(error, "retryable", False):
            raise NoToken(f"Google gives no token just now ({code})") from error
        raise NoToken(f"Google refuses the login ({code}): run `mailbot login gmail` again") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoToken(f"the login or Google's answer makes no sense: {type(error).__name__}") from error
    # The library's moment has no zone, and is of UTC.
    until = credentials.expiry.replace(tzinfo=UTC).timestamp() if credentials.expiry else 0.0
    kept = login | {"credentials": {name: getattr(credentials, name) for name in KEPT}}
    return FreshToken(token=str(credentials.token or ""), until=until, login=kept)
