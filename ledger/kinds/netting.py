"""Deals made off the exchange, settlement cycles, the guarantee fund and defaults."""

from __future__ import annotations

from typing import Final

from ledger.kinds.scenarios import SCENARIO_ENDED
from ledger.vocabulary import BUYER, OPERATOR, SUPPLIER, Fact, Kind, Need, Opening

_IN_CYCLE: Final = (Need("cycle.closed", by="cycle", unless=("cycle.settled",)),)

KINDS: Final = (
    Kind(
        "deal.filed",
        "deal",
        "a supplier or a buyer files a deal made off the exchange; cleared, it is owed on a day",
        {
            "side": Fact.TEXT,
            "to": Fact.TEXT,
            "products": Fact.TEXTS,
            "scenarios": Fact.TEXTS,
            "purpose": Fact.TEXT,
            "description": Fact.COMMITMENT,
            "terms": Fact.COMMITMENT,
            "amount": Fact.MONEY,
            "due": Fact.DATE,
            "cleared": Fact.FLAG,
            "until": Fact.TIME,
        },
        roles=SUPPLIER | BUYER,
        opening=Opening.DERIVED,
        needs=(
            Need("product.registered", by="products"),
            Need("scenario.approved", by="scenarios", unless=SCENARIO_ENDED),
        ),
    ),
    Kind(
        "deal.confirmed",
        "deal",
        "the other party signs the very filing, by its leaf hash; a cleared deal is owed",
        {"filing": Fact.DIGEST, "amount": Fact.MONEY},
        roles=SUPPLIER | BUYER,
        needs=(Need("deal.filed", leaf="filing", same=("amount",), actor="other", standing=True),),
        once=True,
        not_after=("deal.declined",),
    ),
    Kind(
        "deal.declined",
        "deal",
        "the filing ends before it was confirmed",
        {"reason": Fact.TEXT},
        needs=(Need("deal.filed"),),
        once=True,
        not_after=("deal.confirmed",),
    ),
    Kind(
        "deal.ended",
        "deal",
        "a confirmed deal has ended: what was not netted by then is not owed",
        {"reason": Fact.TEXT},
        needs=(Need("deal.confirmed"),),
        once=True,
    ),
    Kind(
        "guarantee.contributed",
        "account",
        "a participant puts money of its account into the guarantee fund, as its own part",
        {"amount": Fact.MONEY},
        opening=Opening.NAMED,
    ),
    Kind(
        "guarantee.returned",
        "account",
        "a participant that owes nothing takes of its part of the guarantee fund back",
        {"amount": Fact.MONEY},
        needs=(Need("guarantee.contributed"),),
    ),
    Kind(
        "cycle.closed",
        "cycle",
        "the operator closes the settlement cycle of a day: all that is owed by then is netted",
        {
            "after": Fact.TEXTS,
            "obligations": Fact.INTEGER,
            "parties": Fact.INTEGER,
            "gross": Fact.AMOUNTS,
        },
        roles=OPERATOR,
        opening=Opening.NAMED,
        needs=(Need("cycle.settled", by="after"),),
        once=True,
    ),
    Kind(
        "netting.paid",
        "account",
        "the account pays of its net at a cycle: all of it, or all that it has",
        {"cycle": Fact.TEXT, "amount": Fact.MONEY},
        roles=OPERATOR,
        opening=Opening.NAMED,
        needs=_IN_CYCLE,
    ),
    Kind(
        "default.declared",
        "account",
        "the account could not pay its net: what it lacked, and which layer bore how much",
        {
            "cycle": Fact.TEXT,
            "amount": Fact.MONEY,
            "contribution": Fact.MONEY,
            "fund": Fact.MONEY,
            "left": Fact.MONEY,
            "held": Fact.MONEY,
        },
        roles=OPERATOR,
        opening=Opening.NAMED,
        needs=_IN_CYCLE,
    ),
    Kind(
        "guarantee.used",
        "account",
        "a cycle takes of the account's part of the guarantee fund for who could not pay",
        {"cycle": Fact.TEXT, "amount": Fact.MONEY},
        roles=OPERATOR,
        needs=(*_IN_CYCLE, Need("guarantee.contributed")),
    ),
    Kind(
        "netting.received",
        "account",
        "the account receives its net of a cycle; what is carried stays its claim at the next",
        {"cycle": Fact.TEXT, "amount": Fact.MONEY, "carried": Fact.MONEY},
        roles=OPERATOR,
        opening=Opening.NAMED,
        needs=_IN_CYCLE,
    ),
    Kind(
        "default.cured",
        "account",
        "who was in default has paid all that it owed, or owes nothing more",
        {"cycle": Fact.TEXT},
        roles=OPERATOR,
        needs=(*_IN_CYCLE, Need("default.declared")),
    ),
    Kind(
        "cycle.settled",
        "cycle",
        "the cycle is final: what was paid and used is received to the last minor unit",
        {
            "paid": Fact.AMOUNTS,
            "used": Fact.AMOUNTS,
            "received": Fact.AMOUNTS,
            "carried": Fact.AMOUNTS,
            "defaults": Fact.INTEGER,
        },
        roles=OPERATOR,
        needs=(Need("cycle.closed"),),
        once=True,
    ),
)
