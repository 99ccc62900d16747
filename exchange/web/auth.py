"""Who is there: requests signed per RFC 9421, and tokens of readers.

A signature covers method, authority, path and query, the content's digest and type where there
is content, and Idempotency-Key, If-Match, Upload-Length and Upload-Offset where they are sent.
It is by a key of the participant's own that stands, so the exchange holds nothing that could sign
for anybody.  The authority is covered and the scheme is not: a proxy that ends TLS changes the one
and must keep the other.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
)
from werkzeug.datastructures import EnvironHeaders
from werkzeug.wrappers import Request

from exchange.errors import Forbidden, Unauthenticated
from exchange.participants import Participant
from exchange.ports import Floor
from exchange.requests import TOKEN_PREFIX, Token
from exchange.services.acting import what_then
from exchange.venue import Venue
from exchange.web.access import Scope
from exchange.web.client import TAG, components
from ledger.acts import format_time
from ledger.keys import verifies
from ledger.signers import keys_of

WINDOW: Final = dt.timedelta(seconds=300)  # around `created`, by the wall clock
_TOO_OLD: Final = f"created more than {int(WINDOW.total_seconds())} seconds ago"
NONCE: Final = range(16, 65)  # characters
KEYS_MAX: Final = 8  # of a participant that are tried, the newest ones: each costs a verification


class _Verifier(HTTPMessageVerifier):
    """With a maximum age of nothing, the skew is the window on both sides."""

    max_clock_skew = WINDOW


@dataclass(frozen=True, slots=True)
class _Message:
    """What the library reads of a request, the target as it came over the wire."""

    method: str
    url: str
    headers: EnvironHeaders


class _AnyKey(HTTPSignatureAlgorithm):
    """Ed25519 (RFC 9421, 3.3.6) under any of several keys; the library knows one alone."""

    algorithm_id = "ed25519"

    def __init__(
        self,
        public_key: Sequence[bytes] | None = None,
        private_key: None = None,  # noqa: ARG002 - the library's signature
    ) -> None:
        self._keys = public_key or ()

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise unless one of the keys has signed."""
        if not any(verifies(key, signature, message) for key in self._keys):
            raise HTTPMessageSignaturesException("no key of the participant that stands has signed")


class _Keys(HTTPSignatureKeyResolver):
    """Finds the keys of a participant by id or handle, and keeps who it was."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.found: Participant | None = None

    def resolve_public_key(self, key_id: str) -> Sequence[bytes] | None:
        """Return the participant's keys that stand, the newest first, or None."""
        with self._floor.read() as work:
            self.found = work.participants.find(key_id)
            if self.found is None:
                return None
            now = format_time(self._floor.clock())
            standing = keys_of(work.chain.store, self.found.id, now)
        if not standing:
            raise HTTPMessageSignaturesException(what_then(self.found, standing=False))
        return [key.public_key for key in standing[:KEYS_MAX]]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that holds: whose it is, its nonce, and when the nonce may be forgotten."""

    by: Participant
    nonce: str
    expires: int


def verify(request: Request, *, floor: Floor) -> Signature:
    """Return the signature of a request, or raise `Unauthenticated` with what is wrong."""
    body = request.get_data()
    keys = _Keys(floor)
    verifier = _Verifier(signature_algorithm=_AnyKey, key_resolver=keys)
    raw = str(request.environ.get("RAW_URI") or request.full_path)
    message = _Message(
        request.method, f"{request.scheme}://{request.host}{raw}", EnvironHeaders(request.environ)
    )
    try:
        results = verifier.verify(
            message,
            max_age=dt.timedelta(0),
            expect_tag=TAG,
            require_components=components(dict(request.headers), content=bool(body)),
            body=body,
        )
    except (HTTPMessageSignaturesException, ValueError) as error:
        words = _TOO_OLD if "maximum allowable age" in str(error) else str(error)
        raise Unauthenticated(f"signature: {words}") from error
    nonce = results[0].nonce or ""
    if len(results) != 1 or keys.found is None:
        raise Unauthenticated(f"signature: one is wanted with the tag {TAG}")
    if len(nonce) not in NONCE:
        raise Unauthenticated("signature: the nonce must have 16 to 64 characters")
    created = int(results[0].parameters["created"])
    return Signature(keys.found, nonce, created + 2 * int(WINDOW.total_seconds()))


def read_token(authorization: str, scope: Scope, *, venue: Venue, now: int) -> Participant:
    """Return whose token it is, or raise `Unauthenticated`; `Forbidden` for another scope."""
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(TOKEN_PREFIX):
        raise Unauthenticated("authorization: must be Bearer gp_…")
    with venue.memory(writing=False) as memory:
        token = memory.find_token(secret, now=now)
    if token is None:
        raise Unauthenticated("authorization: the token is unknown or has ended")
    if scope not in token.scopes:
        raise Forbidden(f"the token does not open {scope}")
    with venue.floor.read() as work:
        return work.participants.get(token.participant)


def issue_token(token: Token, *, venue: Venue, now: int) -> str:
    """Draw the secret of a new token, and keep its digest alone."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with venue.memory(writing=True) as memory:
        memory.store_token(secret, token, now=now)
    return secret
