"""Read the JSON bodies of requests, and say what is wrong with one."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from registry.store.access.roles import Scope
from registry.store.access.tokens import MOST_DAYS


def _whole(value: Any) -> Any:
    """Convert a whole number that came as 3.0: to JSON it is the same as 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Version = Annotated[int, BeforeValidator(_whole), Field(ge=1)]


class RequestBody(BaseModel):
    """Hold the values of a body. Unknown ones are refused. A number that is left out is 0."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class AliasTarget(RequestBody):
    """Name the version that an alias goes to, and the one that it must be at before."""

    version: Version
    from_: Version = Field(default=0, alias="from")


class RollbackBody(RequestBody):
    """Name the version that a rollback leaves."""

    from_: Version = Field(default=0, alias="from")


class NewOwner(RequestBody):
    """Name the person who gets a style; "" is the registry itself."""

    person: str = Field(max_length=100)


class NewToken(RequestBody):
    """Describe a token to be made; without a person, for oneself. The address is the person's."""

    person: str = Field(default="", max_length=100)
    label: str = Field(default="", max_length=100)
    address: str = Field(default="", max_length=300)
    scope: Scope = "publish"
    days: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=MOST_DAYS)] = 0


class MailedTo(RequestBody):
    """Name the address to which a proof was mailed."""

    address: str = Field(max_length=300)


class AcceptedStyle(RequestBody):
    """Give the card of what was learnt, and what moves to its version; the bot names the author's address."""

    name: str = Field(default="", max_length=200)
    title: str = Field(default="", max_length=200)
    artist: str = Field(default="", max_length=200)
    description: str = Field(default="", max_length=2000)
    other_names: str = Field(default="", max_length=1000)
    alias: Literal["live", "staged"] = "live"
    address: str = Field(default="", max_length=300)


class AuthorsStyles(RequestBody):
    """Name the author of styles that retire, and the one of them where it is not all."""

    address: str = Field(max_length=300)
    name: str = Field(default="", max_length=100)


class RenamedStyle(RequestBody):
    """Name the style of an author, and what it is called from then on."""

    address: str = Field(max_length=300)
    name: str = Field(max_length=100)
    to: str = Field(max_length=200)
    title: str = Field(default="", max_length=200)


class CardTexts(RequestBody):
    """Give fields of a card, as text or as lists."""

    title: str = ""
    artist: str = ""
    year: str = ""
    licence: str = ""
    description: str = ""
    other_names: str | list[str] = ""
    tags: str | list[str] = ""


class CardChanges(CardTexts):
    """Give the fields of a card that change, and the version whose card it is."""

    version: Version = 0


class CardToCheck(CardTexts):
    """Give a card as a form has it so far."""

    name: str = Field(default="", max_length=200)


B = TypeVar("B", bound=RequestBody)


async def read(request: web.Request, kind: type[B], example: str, *, needed: bool = True) -> B:
    """Return the body of a request, or an empty one where there is none and none is needed.

    `example` is a valid body. Raises 400, 415 and 422.
    """
    body: Any = {}
    if needed or request.can_read_body:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text=f"The body is JSON, application/json: {example}.")
        try:
            body = await request.json()
        except (ValueError, LookupError, RecursionError) as error:  # invalid JSON, unknown charset, too deep
            raise web.HTTPBadRequest(text=f"The body is no JSON: {str(error)[:100]}") from error
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"][:1])) or "the body"
        text = f"The body is such as {example}, but {where[:40]}: {first['msg']}."
        raise web.HTTPUnprocessableEntity(text=text) from error


def number_of(text: str) -> int:
    """Return the number in a path. Raises 404 for anything else."""
    if not (text.isascii() and text.isdecimal() and 0 < len(text) <= 15):
        raise web.HTTPNotFound(text=f"“{text[:40]}” is no number.")
    return int(text)


def private_json(value: object, status: int = 200) -> web.Response:
    """Return a JSON response that no cache keeps."""
    return web.json_response(value, status=status, headers={"Cache-Control": "no-store"})
