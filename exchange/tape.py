"""A tape (成交流水): what a run of acts leaves behind, as rows ready to be written in bulk.

Whoever fills a tape answers for what services would have asked: that each entry is valid where it
comes to stand, and that the money suffices.  The rows are those of the books, in the order of the
columns named here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

SCENARIO: Final = (
    *("id", "buyer", "product", "purpose", "region", "term_days", "recipients"),
    *("onward_transfer", "public_release", "description", "state", "head", "approved_on"),
    *("expires_on", "sector", "grounds", "limits", "version"),
)
QUOTE: Final = (
    *("id", "product", "scenario", "buyer", "minor", "currency", "terms", "pricing", "until"),
    "head",
)
TRADE: Final = (
    *("id", "product", "scenario", "quote", "buyer", "supplier", "minor", "currency", "terms"),
    *("head", "ordered_at", "state", "delivery", "escrow", "sealed", "grant_until", "released"),
    *("refunded", "reversal", "part", "answer_until", "dispute", "version"),
)

Row = tuple[Any, ...]


@dataclass(slots=True)
class Tape:
    """Rows in the order of the log; each refers to entries by their leaf hashes.

    `entries` are subject, version, kind, digest of the act, leaf hash in hex and bytes; `records`
    digest and bytes of public records, which may be there already; `sealed` the confidential
    values of entries: leaf hash, field, nonce, ciphertext, key, salt.  A journal is its words, its
    entry and its postings, each an account and minor units of `currency`.
    """

    entries: list[Row] = field(default_factory=list)
    records: list[tuple[str, bytes]] = field(default_factory=list)
    sealed: list[Row] = field(default_factory=list)
    scenarios: list[Row] = field(default_factory=list)
    quotes: list[Row] = field(default_factory=list)
    trades: list[Row] = field(default_factory=list)
    journals: list[tuple[str, str, tuple[tuple[str, int], ...]]] = field(default_factory=list)
    currency: str = "CNY"

    def extend(self, other: Tape) -> None:
        """Add what comes after."""
        for name in ("entries", "records", "sealed", "scenarios", "quotes", "trades", "journals"):
            getattr(self, name).extend(getattr(other, name))

    @property
    def sums(self) -> dict[str, int]:
        """What the journals add to each account that they touch, zero included."""
        sums: dict[str, int] = defaultdict(int)
        for _, _, postings in self.journals:
            for account, minor in postings:
                sums[account] += minor
        return dict(sums)
