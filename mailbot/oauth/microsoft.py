"""Log in at Microsoft by its own library: by a code that a person types elsewhere, or as an application.

A person opens a page on any machine and types a code, so this machine needs no browser and no public address.
An application of a company's tenant has a secret, and needs no person.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from mailbot.oauth.google import CALL_SECONDS
from mailbot.oauth.login_file import FreshToken, NoToken, code_of

#: The rights to read the mailbox by IMAP and to send by SMTP.
MAIL = ("https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send")
#: The same for an application: the rights that its tenant gave it.
MAIL_OF_APP = ("https://outlook.office365.com/.default",)
#: Where the tenants are. National clouds have another.
AUTHORITY = "https://login.microsoftonline.com"
#: The number of an error in Microsoft's sentences, by which its meaning can be found.
_NUMBER = re.compile(r"AADSTS\d+")

Rights = Sequence[str]


def rights(graph: str, *, is_app: bool) -> Rights:
    """Return the rights for IMAP and SMTP, or, where `graph` names its host, to send by Graph."""
    if graph:
        return (f"https://{graph}/{'.default' if is_app else 'Mail.Send'}",)
    return MAIL_OF_APP if is_app else MAIL


def log_in(
    client_id: str, authority: str, address: str, wanted: Sequence[Rights], show: Callable[[str], None]
) -> dict[str, Any]:
    """Have a person type a code, and return the login to keep. Raises `NoToken`.

    The rights of each service need a code of their own, unless the account has agreed to them before. `show`
    is given the sentence with page and code.
    """
    login = {"kind": "microsoft", "client_id": client_id, "authority": authority, "cache": ""}
    with _client(login) as client:
        for scopes in wanted:
            if "access_token" in (_silently(client, scopes) or {}):
                continue
            flow = client.initiate_device_flow(list(scopes))
            if "user_code" not in flow:
                raise NoToken(f"Microsoft gives no code for a login: {_said(flow)}")
            page, code = flow["verification_uri"], flow["user_code"]
            show(f"Open {page} in a browser on any machine, log in as {address}, and type the code {code}")
            _token_of(client.acquire_token_by_device_flow(flow), "no login")
    return login


def log_in_as_app(client_id: str, authority: str, secret: str, wanted: Sequence[Rights]) -> dict[str, Any]:
    """Try the secret of an application, and return the login to keep. Raises `NoToken`."""
    login = {"kind": "microsoft", "client_id": client_id, "authority": authority, "cache": ""}
    login["secret"] = secret
    for scopes in wanted:
        refresh(login, scopes)
    return login


def refresh(login: dict[str, Any], scopes: Rights) -> FreshToken:
    """Return a new access token with these rights. Raises `NoToken`."""
    login = dict(login)
    with _client(login) as client:
        if login.get("secret"):
            client.remove_tokens_for_client()
            result = client.acquire_token_for_client(list(scopes))
        else:
            result = _silently(client, scopes)
        token = _token_of(result, "run `mailbot login` again")
    seconds = float(result.get("expires_in", 0))
    return FreshToken(token=token, until=time.time() + seconds, login=login)


@contextmanager
def _client(login: dict[str, Any]) -> Iterator[Any]:
    """Open the library's client, and put its cache, which has the refresh token, into `login` at the end."""
    import msal
    from requests import RequestException, Session

    cache = msal.SerializableTokenCache()
    session = Session()
    session.request = partial(session.request, timeout=CALL_SECONDS)  # as the library does by itself
    try:
        cache.deserialize(login["cache"] or "{}")
        secret, authority = login.get("secret"), login["authority"]
        kind = msal.ConfidentialClientApplication if secret else msal.PublicClientApplication
        yield kind(
            login["client_id"],
            authority=authority,
            token_cache=cache,
            http_client=session,
            # Other hosts than Microsoft's are not known to its list of clouds.
            instance_discovery=None if _is_of_microsoft(authority) else False,
            **({"client_credential": secret} if secret else {}),
        )
        login["cache"] = cache.serialize()
    except RequestException as error:
        raise NoToken(f"Microsoft's server for tokens does not answer: {type(error).__name__}") from error
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        words = "the tenant is unknown, or Microsoft's answer makes no sense"
        raise NoToken(f"{words}: {type(error).__name__}") from error
    finally:
        session.close()


def _is_of_microsoft(authority: str) -> bool:
    return (urlsplit(authority).hostname or "").endswith((".microsoftonline.com", ".microsoftonline.us"))


def _silently(client: Any, scopes: Rights) -> dict[str, Any] | None:
    """Return the answer to the kept refresh token, or None if no account is kept."""
    accounts = client.get_accounts()
    if not accounts:
        return None
    answer: dict[str, Any] | None = client.acquire_token_silent_with_error(
        list(scopes), accounts[0], force_refresh=True
    )
    return answer


def _token_of(result: Mapping[str, Any] | None, otherwise: str) -> str:
    if not result or not isinstance(result.get("access_token"), str):
        raise NoToken(f"Microsoft gives no token ({_said(result or {})}): {otherwise}")
    return str(result["access_token"])


def _said(result: Mapping[str, Any]) -> str:
    """Return the code of an error and Microsoft's number: the whole sentence may hold names and addresses."""
    number = _NUMBER.search(str(result.get("error_description", "")))
    return " ".join(filter(None, (code_of(result.get("error")), number and number[0])))
