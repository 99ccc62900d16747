"""What a kind of entry declares: its subject, its signers, its facts and what it needs.

`ledger.kinds` is the table that is written in these words, `ledger.rules` checks it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

OPERATOR: Final = frozenset({"operator"})
SUPPLIER: Final = frozenset({"supplier"})
BUYER: Final = frozenset({"buyer"})
ARBITER: Final = frozenset({"arbiter"})
OFF_BOARD: Final = ("listing.suspended", "listing.delisted")


class Opening(enum.Enum):
    """Whether an entry of a kind may be the first of its subject."""

    DERIVED = "opens a subject named by its act's digest"
    NAMED = "may open the subject it names"
    NO = "follows in an open subject"


class Fact(enum.Enum):
    """The types that facts may have; all others stand in a stored record, by digest."""

    TEXT = "text of 1 to 200 characters"
    TEXTS = "a list of such texts"
    DIGEST = "a SHA-256 in hex"
    DIGESTS = "a list of such digests"
    INTEGER = "a whole number, not negative"
    TIME = "a time such as 2026-01-05T09:00:00Z"
    DATE = "a date such as 2026-01-05"
    MONEY = 'an amount such as {"minor": 1230, "currency": "CNY"}, not negative'
    AMOUNTS = "a list of such amounts, at most one a currency"
    LINES = "a list of {account, amount, what}, each amount not negative"
    PARTS = "a list of {amount, data, due}: money, a digest and a time each"
    PUBLIC_KEY = "an Ed25519 public key, 64 hex digits"
    KEY_ID = "a key id, 16 hex digits"
    SIGNATURE = "an Ed25519 signature in base 64"
    FLAG = "true or false"
    COMMITMENT = "a salted commitment, 44 characters of base 64"
    COMMITMENTS = "a list of such commitments"
    SEALED = "a salted commitment whose opening its author keeps, 44 characters of base64"
    SALT = "a salt of 32 bytes, 44 characters of base64"
    CHECKPOINTS = "a list of {origin, size, root}, the root in hex"


@dataclass(frozen=True, slots=True)
class Need:
    """An earlier entry that must be referenced.

    `by` names the fact that names the subject of the needed entry (its own subject if empty),
    `leaf` the fact that is its leaf hash; a list in either needs an entry for each it names.
    `facts` are values it must have and `same` facts both must share.  `actor` relates the
    two signers.  With `latest` no later entry of that kind may exist in its
    subject; `unless` lists kinds that end its effect; with `standing` its signer must still
    hold the role it signed in.  `when` limits the need to entries that have that fact.
    `alternatives` are kinds of the same subject that meet the need as well.
    """

    kind: str
    by: str = ""
    leaf: str = ""
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    same: tuple[str, ...] = ()
    actor: str = ""  # "same", "other" or nothing
    latest: bool = False
    unless: tuple[str, ...] = ()
    standing: bool = False
    when: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry; `roles` empty means any admitted participant.

    `later` are facts that entries of earlier exchanges do not have: they may be absent.
    """

    name: str
    subject: str
    says: str
    facts: Mapping[str, Fact]
    roles: frozenset[str] = frozenset()
    opening: Opening = Opening.NO
    needs: tuple[Need, ...] = ()
    once: bool = False
    not_after: tuple[str, ...] = ()
    later: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))
