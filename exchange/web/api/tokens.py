"""Tokens: reading without a key at hand."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from exchange.errors import BadField
from exchange.requests import Token
from exchange.web import auth
from exchange.web.access import Scope
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    TokenShape,
)
from exchange.web.api.requests import (
    TokenBody,
)
from exchange.web.gate import caller, venue
from ledger.acts import format_time

tokens = Noun("tokens", path="/tokens")


@tokens.write("")
@tokens.takes(TokenBody)
@tokens.gives(TokenShape, 201)
def issue(body: dict[str, Any]) -> dict[str, Any]:
    """Issue a token of the caller; it is shown once, and only its SHA-256 is kept."""
    scopes = frozenset(body["scopes"])
    if not scopes <= set(Scope):
        raise BadField("scopes", f"one or more of {', '.join(Scope)}")
    now = int(time.time())
    token = Token(caller().id, scopes, now + body["seconds"])
    return {
        "token": auth.issue_token(token, venue=venue(), now=now),
        "participant": token.participant,
        "scopes": sorted(scopes),
        "expires": format_time(dt.datetime.fromtimestamp(token.expires, dt.UTC)),
    }
