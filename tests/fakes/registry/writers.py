"""Who holds a token, for tests that have its secret or its name."""

from __future__ import annotations

from registry.store.access.roles import OPERATOR, Writer
from registry.store.store import Store


def person(store: Store, secret: str) -> str | None:
    """The person of a secret, if it is valid."""
    found = store.tokens.writer(secret)
    return found.person if found else None


def holder(store: Store, name: str) -> Writer:
    """The writer by a person's newest token, or the operator."""
    if name == OPERATOR:
        return Writer(OPERATOR)
    token = max(store.tokens.list(name), key=lambda one: one.id)
    return Writer(token.name, token.scope, token.id, token.expires)
