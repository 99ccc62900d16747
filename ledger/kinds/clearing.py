"""Money that comes in and goes out."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import OPERATOR, Fact, Kind, Opening

KINDS: Final = (
    Kind(
        "account.deposited",
        "account",
        "money comes in from a participant's bank",
        {"amount": Fact.MONEY, "reference": Fact.COMMITMENT},
        roles=OPERATOR,
        opening=Opening.NAMED,
    ),
    Kind(
        "account.withdrawn",
        "account",
        "money goes out to a participant's bank",
        {"amount": Fact.MONEY, "reference": Fact.COMMITMENT},
        roles=OPERATOR,
        opening=Opening.NAMED,
    ),
)
