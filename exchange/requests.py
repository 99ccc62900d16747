"""Requests from outside: the claim to answer one, the stored reply, tokens, and uploads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

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


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrives in parts: whose it is, how long it will be, and how far it has come.

    It ends at `until`, a second of the Unix clock, unless another part comes before.
    """

    owner: str
    name: str
    bytes: int
    offset: int
    until: float


class Memory(Protocol):
    """What the edge remembers between requests, within one transaction; times are Unix seconds."""

    def remember_nonce(self, key: str, nonce: str, *, expires: int, now: int) -> None:
        """Remember a nonce until `expires`, or raise `Unauthenticated` if it was used before."""

    def claim_reply(self, claim: Claim, *, now: int) -> Reply | None:
        """Return the reply stored under the claim's key; None where the claim is ours now."""

    def store_reply(self, claim: Claim, *, status: int, media_type: str, body: bytes) -> None:
        """Keep the reply of a claimed request."""

    def release_claim(self, claim: Claim) -> None:
        """Give the claim back: nothing is kept of the request."""

    def store_token(self, secret: str, token: Token, *, now: int) -> None:
        """Keep a token by the SHA-256 of its secret."""

    def find_token(self, secret: str, *, now: int) -> Token | None:
        """Return the token of that secret, unless it has ended or never was."""

    def last_checkpoint(self) -> bytes | None:
        """Return the largest checkpoint that was signed, or None."""
