"""Money that comes in and goes out, how far an account may fall, and what the exchange keeps."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import OPERATOR, Fact, Kind, Need, Opening

# What a schedule of fees may name an amount for, beside the exchange's part of prices.
SERVICES: Final = ("registration", "listing", "auction", "certificate", "arbitration")

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
        "what the exchange keeps of a price that it quotes from a time on, the tax on that, and "
        "what it asks for services",
        {
            "fees": Fact.DIGEST,
            "most_ppm": Fact.INTEGER,
            "tax_ppm": Fact.INTEGER,
            "since": Fact.TIME,
        },
        later=dict.fromkeys(SERVICES, Fact.MONEY),
        roles=OPERATOR,
        needs=(Need("exchange.opened"),),
    ),
    Kind(
        "certificate.requested",
        "certificate",
        "a participant asks for the certificate of an entry, where certificates are paid for",
        {"entry": Fact.DIGEST},
        opening=Opening.DERIVED,
    ),
    Kind(
        "service.charged",
        "service",
        "who signed an act that uses a service pays for it; the act's entry names the subject",
        {
            "service": Fact.TEXT,
            "payer": Fact.TEXT,
            "fees": Fact.DIGEST,
            "lines": Fact.LINES,
        },
        roles=OPERATOR,
        opening=Opening.NAMED,
        once=True,
    ),
)
