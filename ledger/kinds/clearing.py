"""Money that comes in and goes out, how far an account may fall, and what the exchange keeps."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import OPERATOR, Fact, Kind, Need, Opening

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
        "money went out to a participant's bank; `withdrawal` names the request that it meets",
        {"amount": Fact.MONEY, "reference": Fact.COMMITMENT},
        later={"withdrawal": Fact.TEXT},
        roles=OPERATOR,
        opening=Opening.NAMED,
    ),
    Kind(
        "withdrawal.requested",
        "withdrawal",
        "a participant asks for money of its own to be paid out; the amount is set aside",
        {"amount": Fact.MONEY, "payee": Fact.COMMITMENT},
        opening=Opening.DERIVED,
    ),
    Kind(
        "withdrawal.failed",
        "withdrawal",
        "the bank paid nothing out: what was set aside is free again",
        {"reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("withdrawal.requested"),),
        once=True,
    ),
    Kind(
        "credit.set",
        "account",
        "a participant's account may fall so far below zero",
        {"limit": Fact.MONEY, "reason": Fact.COMMITMENT},
        roles=OPERATOR,
        opening=Opening.NAMED,
    ),
    Kind(
        "fees.published",
        "exchange",
        "what the exchange keeps of a price that it quotes from a time on, and the tax on that",
        {
            "fees": Fact.DIGEST,
            "most_ppm": Fact.INTEGER,
            "tax_ppm": Fact.INTEGER,
            "since": Fact.TIME,
        },
        roles=OPERATOR,
        needs=(Need("exchange.opened"),),
    ),
)
