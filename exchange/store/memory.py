"""What the edge remembers between requests: nonces, stored replies, tokens.

All of it lives in the caller's transaction.  Of two that write one key at once, the second waits
for the first and finds its row there.
"""

from __future__ import annotations

import hashlib
import hmac

from sqlmodel import Session, col, delete, select

from exchange.errors import Unauthenticated
from exchange.requests import CLAIM_SECONDS, REPLY_SECONDS, Claim, Reply, Token
from exchange.store.book import add_unless_there
from exchange.store.rows import CheckpointRow, ReplyRow, RequestRow, TokenRow


class SqlMemory:
    """The tables of requests, replies and tokens."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def remember_nonce(self, key: str, nonce: str, *, expires: int, now: int) -> None:
        """Remember a nonce until `expires`, or raise `Unauthenticated` if it was used before."""
        self._session.exec(delete(RequestRow).where(col(RequestRow.expires) < now))
        if not add_unless_there(self._session, RequestRow(key=key, nonce=nonce, expires=expires)):
            raise Unauthenticated("nonce: the signed request was sent before")

    def claim_reply(self, claim: Claim, *, now: int) -> Reply | None:
        """Return the reply stored under the claim's key; None where the claim is ours now."""
        self._session.exec(delete(ReplyRow).where(col(ReplyRow.created) < now - REPLY_SECONDS))
        row = self._session.get(ReplyRow, (claim.owner, claim.key))
        if row and row.status == 0 and row.created < now - CLAIM_SECONDS:
            self._session.delete(row)
            self._session.flush()
            row = None
        if row is None:
            claimed = ReplyRow(
                participant=claim.owner,
                key=claim.key,
                request=claim.request,
                status=0,
                media_type="",
                body=b"",
                created=now,
            )
            if add_unless_there(self._session, claimed):
                return None
            row = self._session.get_one(ReplyRow, (claim.owner, claim.key))
        return Reply(row.request, row.status, row.media_type, row.body)

    def store_reply(self, claim: Claim, *, status: int, media_type: str, body: bytes) -> None:
        """Keep the reply of a claimed request."""
        row = self._session.get(ReplyRow, (claim.owner, claim.key))
        if row and row.request == claim.request:
            row.status, row.media_type, row.body = status, media_type, body
            self._session.flush()

    def release_claim(self, claim: Claim) -> None:
        """Give the claim back: nothing is kept of the request."""
        row = self._session.get(ReplyRow, (claim.owner, claim.key))
        if row and row.request == claim.request and row.status == 0:
            self._session.delete(row)
            self._session.flush()

    def store_token(self, secret: str, token: Token, *, now: int) -> None:
        """Keep a token by the SHA-256 of its secret."""
        self._session.exec(delete(TokenRow).where(col(TokenRow.expires) < now))
        self._session.add(
            TokenRow(
                digest=_digest(secret),
                participant=token.participant,
                scopes=" ".join(sorted(token.scopes)),
                expires=token.expires,
            )
        )
        self._session.flush()

    def find_token(self, secret: str, *, now: int) -> Token | None:
        """Return the token of that secret, unless it has ended or never was."""
        digest = _digest(secret)
        row = self._session.get(TokenRow, digest)
        if row is None or not hmac.compare_digest(row.digest, digest) or row.expires <= now:
            return None
        return Token(row.participant or "", frozenset(row.scopes.split()), row.expires)

    def last_checkpoint(self) -> bytes | None:
        """Return the largest checkpoint that was signed, or None."""
        query = select(CheckpointRow).order_by(col(CheckpointRow.size).desc()).limit(1)
        row = self._session.exec(query).first()
        return row.note if row else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
