"""What the web remembers for itself: nonces, stored replies, tokens.

The only module of the web that names rows of the store.  Every function works within the
caller's session, which `Venue.session` opens; a writing session holds the store's one write
lock, so that what is looked up here cannot change before it is written.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, delete, select

from exchange.errors import Unauthenticated
from exchange.store.rows import CheckpointRow, ReplyRow, RequestRow, TokenRow

REPLY_SECONDS: Final = 86_400  # how long a reply is kept for a repeated request
CLAIM_SECONDS: Final = 120  # after which a request that never ended may be made again
TOKEN_PREFIX: Final = "gp_"  # noqa: S105 - it marks a token where one leaks


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer one request: whose key it is, and the digest of the request."""

    owner: str
    key: str
    request: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it was stored; `status` 0 while the first request is still being answered."""

    request: str
    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """Whose token it is, what it opens, and when (seconds of the Unix clock) it ends."""

    participant: str
    scopes: frozenset[str]
    expires: int


def remember_nonce(session: Session, key: str, nonce: str, *, expires: int, now: int) -> None:
    """Remember a nonce until `expires`, or raise `Unauthenticated` if it was used before."""
    session.exec(delete(RequestRow).where(col(RequestRow.expires) < now))
    if session.get(RequestRow, (key, nonce)):
        raise Unauthenticated("nonce: the signed request was sent before")
    session.add(RequestRow(key=key, nonce=nonce, expires=expires))
    session.flush()


def claim_reply(session: Session, claim: Claim, *, now: int) -> Reply | None:
    """Return the reply stored under the claim's key; None where the claim is ours from now on."""
    session.exec(delete(ReplyRow).where(col(ReplyRow.created) < now - REPLY_SECONDS))
    row = session.get(ReplyRow, (claim.owner, claim.key))
    if row and row.status == 0 and row.created < now - CLAIM_SECONDS:
        session.delete(row)
        session.flush()
        row = None
    if row:
        return Reply(row.request, row.status, row.media_type, row.body)
    session.add(
        ReplyRow(
            participant=claim.owner,
            key=claim.key,
            request=claim.request,
            status=0,
            media_type="",
            body=b"",
            created=now,
        )
    )
    session.flush()
    return None


def store_reply(
    session: Session, claim: Claim, *, status: int, media_type: str, body: bytes
) -> None:
    """Keep the reply of a claimed request."""
    row = session.get(ReplyRow, (claim.owner, claim.key))
    if row and row.request == claim.request:
        row.status, row.media_type, row.body = status, media_type, body
        session.flush()


def release_claim(session: Session, claim: Claim) -> None:
    """Give the claim back: nothing is kept of the request."""
    row = session.get(ReplyRow, (claim.owner, claim.key))
    if row and row.request == claim.request and row.status == 0:
        session.delete(row)
        session.flush()


def store_token(session: Session, secret: str, token: Token, *, now: int) -> None:
    """Keep a token by the SHA-256 of its secret."""
    session.exec(delete(TokenRow).where(col(TokenRow.expires) < now))
    session.add(
        TokenRow(
            digest=_digest(secret),
            participant=token.participant,
            scopes=" ".join(sorted(token.scopes)),
            expires=token.expires,
        )
    )
    session.flush()


def find_token(session: Session, secret: str, *, now: int) -> Token | None:
    """Return the token of that secret, unless it has ended or never was."""
    digest = _digest(secret)
    row = session.get(TokenRow, digest)
    if row is None or not hmac.compare_digest(row.digest, digest) or row.expires <= now:
        return None
    return Token(row.participant or "", frozenset(row.scopes.split()), row.expires)


def last_checkpoint(session: Session) -> bytes | None:
    """Return the largest checkpoint that was signed, or None."""
    query = select(CheckpointRow).order_by(col(CheckpointRow.size).desc()).limit(1)
    row = session.exec(query).first()
    return row.note if row else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
