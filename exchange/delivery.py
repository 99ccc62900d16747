"""Delivery: the data reaches the buyer sealed, and the buyer answers with a receipt."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class DeliveryState(enum.StrEnum):
    """Where the delivery of one trade stands."""

    DUE = "due"
    MADE = "made"
    RECEIVED = "received"
    DEEMED = "deemed"


# Everything a delivery may become; docs/lifecycles.md is drawn from it.  A delivery may be made
# again until it is accepted: a sealed file can get lost.  Of several parts the next is due then.
TRANSITIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.DUE: frozenset({DeliveryState.MADE}),
    DeliveryState.MADE: frozenset(
        {
            DeliveryState.MADE,
            DeliveryState.DUE,
            DeliveryState.RECEIVED,
            DeliveryState.DEEMED,
        }
    ),
    DeliveryState.RECEIVED: frozenset(),
    DeliveryState.DEEMED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file encrypted to one recipient: digests of the plain and of the sealed bytes."""

    path: Path
    data: str
    sealed: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Staged:
    """A copy of a file on its way into the vault, with the digest and size of its bytes."""

    path: Path
    digest: str
    size: int


class DeliveryMethod(Protocol):
    """A way to bring data to its buyer; registered in the group ``exchange.delivery_methods``."""

    name: str

    def check_recipient(self, recipient: str) -> None:
        """Raise `BadField` for a recipient that nothing could be sealed to."""

    def seal(self, source: Path, recipient: str, target: Path) -> Sealed:
        """Encrypt `source` to `recipient` into `target`; nothing remains on failure."""

    def open(self, sealed: Path, identity: str, target: Path) -> str:
        """Decrypt into `target` and return the SHA-256 of the plain bytes."""
