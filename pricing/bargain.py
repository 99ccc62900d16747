"""Bargains: a price that two parties offered each other until one of them agreed.

The rounds are the whole input of such a price, so whoever has them can say whether it follows
from them: that the parties took turns, that the offer which was accepted still stood, and that
nobody accepted its own.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from pricing.domain import require_count, require_text
from pricing.errors import BadInput
from pricing.money import Money, total
from pricing.quote import QuoteLine


class Side(enum.StrEnum):
    """Who speaks in a round."""

    BUYER = "buyer"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Round:
    """One offer: by whom, of how much, made `at` a time and standing `until` another.

    Times are UTC in one form, such as 2026-01-05T09:00:00Z, so that they compare as text.
    """

    by: Side
    amount: Money
    at: str
    until: str

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise BadInput(f"rounds.amount: an offer is above zero, not {self.amount}")
        require_text("rounds.at", self.at)
        if self.until <= self.at:
            raise BadInput(f"rounds.until: {self.until} is not after {self.at}")


@dataclass(frozen=True, slots=True)
class Bargain:
    """The rounds in their order, and who accepted the last of them when."""

    rounds: tuple[Round, ...]
    accepted_by: Side
    accepted_at: str

    def __post_init__(self) -> None:
        if not self.rounds:
            raise BadInput("rounds: nothing was offered")
        currencies = {one.amount.currency for one in self.rounds}
        if len(currencies) > 1:
            raise BadInput(f"rounds: in {' and '.join(sorted(currencies))}")
        times = [*(one.at for one in self.rounds), self.accepted_at]
        if times != sorted(times):
            raise BadInput("rounds: they are not in the order of their times")


@dataclass(frozen=True, slots=True)
class Agreement:
    """The amount agreed on, the number of the round that offered it, and lines that sum to it."""

    amount: Money
    round: int
    lines: tuple[QuoteLine, ...]

    def __post_init__(self) -> None:
        require_count("round", self.round, 1)
        explained = total((line.amount for line in self.lines), self.amount.currency)
        if not self.lines or explained != self.amount:
            raise BadInput(f"lines: they explain {explained} of {self.amount}")


class Protocolled(Protocol):
    """A plug-in of `pricing.bargains`: a frozen dataclass of its parameters."""

    def agree(self, bargain: Bargain) -> Agreement:
        """Return what was agreed on, or raise `BadInput` naming the round that breaks a rule."""
        ...
