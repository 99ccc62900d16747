"""The kinds of entry, and the rules an auditor checks over them: declared once, here.

Every kind says which subject it belongs to, who may sign it, which facts it carries, and which
earlier entries it needs.  The exchange cannot append an entry that breaks these rules, and an
auditor checks the same rules from the entries alone, without the exchange.  Rules about times,
money and whose thing it is stand in `ledger.meaning`.

    no compliance, no listing       listing.published needs the latest compliance.verdict, passed,
                                    and registration.confirmed, which needs the notice to have run
    two independent parties         compliance.attested and quality.reviewed are signed by others
                                    than the supplier; the verdict by the operator
    no scenario, no trade           trade.ordered needs scenario.approved of the same buyer
    frozen terms                    quote, order and contract carry one digest of the terms
    no settlement without delivery  settlement.executed needs delivery.received of the same data
"""

# long because: it is one table, and a table is read whole

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger.vocabulary import Fact, Kind, Need, Opening

__all__ = ["KINDS", "Fact", "Kind", "Need", "Opening"]

OPERATOR: Final = frozenset({"operator"})
SUPPLIER: Final = frozenset({"supplier"})
BUYER: Final = frozenset({"buyer"})
PASSED: Final = MappingProxyType({"outcome": "passed"})
OFF_BOARD: Final = ("listing.suspended", "listing.delisted")

_KINDS: Final = (
    Kind(
        "participant.key",
        "participant",
        "a participant shows its signing key and its age recipient",
        {"public_key": Fact.PUBLIC_KEY, "recipient": Fact.TEXT},
        opening=Opening.DERIVED,
    ),
    Kind(
        "key.shown",
        "key",
        "a participant shows another key that it holds, with an age recipient",
        {"public_key": Fact.PUBLIC_KEY, "recipient": Fact.TEXT, "possession": Fact.SIGNATURE},
        opening=Opening.NAMED,
        once=True,
    ),
    Kind(
        "key.added",
        "participant",
        "a participant takes a key that it has shown into use; older ones end",
        {"key": Fact.KEY_ID, "old_until": Fact.TIME},
        needs=(Need("key.shown", by="key", actor="same"),),
    ),
    Kind(
        "key.revoked",
        "participant",
        "a key is dead: acts under it are refused from here on",
        {"key": Fact.KEY_ID, "reason": Fact.TEXT},
        needs=(Need("participant.key"),),
    ),
    Kind(
        "exchange.opened",
        "exchange",
        "the operator opens the exchange, its rules of the house and its log key",
        {
            "log_key": Fact.PUBLIC_KEY,
            "notice_seconds": Fact.INTEGER,
            "fee_ppm": Fact.INTEGER,
            "pack": Fact.DIGEST,
            "clock": Fact.TEXT,
            "continues": Fact.CHECKPOINTS,
        },
        opening=Opening.NAMED,
        once=True,
    ),
    Kind(
        "log.key_added",
        "exchange",
        "the log gets a new key; until `overlap` entries from here the one before signs as well",
        {"log_key": Fact.PUBLIC_KEY, "overlap": Fact.INTEGER},
        roles=OPERATOR,
        needs=(Need("exchange.opened"),),
    ),
    Kind(
        "log.closed",
        "exchange",
        "the log has ended: nothing follows; another log may continue it",
        {"reason": Fact.TEXT, "successor": Fact.TEXTS},
        roles=OPERATOR,
        needs=(Need("exchange.opened"),),
        once=True,
    ),
    Kind(
        "participant.admitted",
        "participant",
        "the operator admits a participant in its roles",
        {"roles": Fact.TEXTS, "register": Fact.DIGEST},
        roles=OPERATOR,
        needs=(Need("participant.key"),),
    ),
    Kind(
        "participant.suspended",
        "participant",
        "the operator suspends a participant; its acts are refused until readmitted",
        {"reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("participant.admitted"),),
    ),
    Kind(
        "product.registered",
        "product",
        "a supplier registers data and claims its rights in it",
        {
            "data": Fact.DIGEST,
            "bytes": Fact.INTEGER,
            "rights": Fact.TEXTS,
            "sources": Fact.TEXTS,
            "evidence": Fact.DIGESTS,
        },
        roles=SUPPLIER,
        opening=Opening.DERIVED,
    ),
    Kind(
        "inspection.recorded",
        "product",
        "the exchange inspected the bytes that were registered",
        {"data": Fact.DIGEST, "profile": Fact.DIGEST, "rows": Fact.INTEGER, "reader": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("product.registered", same=("data",)),),
    ),
    Kind(
        "notice.opened",
        "product",
        "the exchange puts the claim on public notice until a time",
        {"until": Fact.TIME},
        roles=OPERATOR,
        needs=(Need("product.registered"),),
        once=True,
    ),
    Kind(
        "objection.filed",
        "product",
        "a participant objects to the claim",
        {"grounds": Fact.DIGEST},
        needs=(Need("notice.opened"),),
    ),
    Kind(
        "objection.closed",
        "product",
        "the exchange decides on the objection",
        {"outcome": Fact.TEXT, "grounds": Fact.DIGEST},
        roles=OPERATOR,
        needs=(Need("objection.filed", latest=True),),
    ),
    Kind(
        "registration.confirmed",
        "product",
        "the notice has run without an open objection: the claim is confirmed",
        {"data": Fact.DIGEST},
        roles=OPERATOR,
        needs=(
            Need("product.registered", same=("data",)),
            Need("notice.opened", latest=True),
        ),
        once=True,
    ),
    Kind(
        "sheet.submitted",
        "product",
        "the supplier undertakes that the spec sheet is true",
        {"sheet": Fact.DIGEST, "data": Fact.DIGEST},
        roles=SUPPLIER,
        needs=(Need("product.registered", same=("data",), actor="same"),),
    ),
    Kind(
        "compliance.attested",
        "product",
        "an independent assessor attests rules over this sheet and this data",
        {
            "sheet": Fact.DIGEST,
            "data": Fact.DIGEST,
            "pack": Fact.DIGEST,
            "rules": Fact.TEXTS,
            "outcome": Fact.TEXT,
            "until": Fact.DATE,
            "report": Fact.DIGEST,
        },
        roles=frozenset({"compliance-assessor"}),
        needs=(
            Need("sheet.submitted", same=("sheet", "data"), actor="other", latest=True),
            Need("inspection.recorded", same=("data",), latest=True),
        ),
    ),
    Kind(
        "quality.reviewed",
        "product",
        "an independent expert reviews the quality of this data",
        {"sheet": Fact.DIGEST, "data": Fact.DIGEST, "score": Fact.TEXT, "comments": Fact.DIGEST},
        roles=frozenset({"quality-expert"}),
        needs=(
            Need("sheet.submitted", same=("sheet", "data"), actor="other", latest=True),
            Need("inspection.recorded", same=("data",), latest=True),
        ),
    ),
    Kind(
        "listing.requested",
        "product",
        "the supplier asks for the listing",
        {"sheet": Fact.DIGEST, "data": Fact.DIGEST},
        roles=SUPPLIER,
        needs=(Need("sheet.submitted", same=("sheet", "data"), actor="same", latest=True),),
        not_after=("listing.delisted",),
    ),
    Kind(
        "compliance.verdict",
        "product",
        "the exchange's verdict over this sheet, this data and this rule pack",
        {
            "sheet": Fact.DIGEST,
            "data": Fact.DIGEST,
            "pack": Fact.DIGEST,
            "outcome": Fact.TEXT,
            "fired": Fact.TEXTS,
            "review": Fact.DIGEST,
            "on": Fact.DATE,
        },
        roles=OPERATOR,
        needs=(
            Need("listing.requested", same=("sheet", "data"), actor="other", latest=True),
            Need("inspection.recorded", same=("data",), latest=True),
            Need(
                "compliance.attested",
                same=("sheet", "data", "pack"),
                facts=PASSED,
                actor="other",
                standing=True,
                when=PASSED,
            ),
            Need(
                "quality.reviewed",
                same=("sheet", "data"),
                actor="other",
                standing=True,
                when=PASSED,
            ),
        ),
    ),
    Kind(
        "listing.published",
        "product",
        "the product is on the board",
        {"sheet": Fact.DIGEST, "data": Fact.DIGEST},
        roles=OPERATOR,
        needs=(
            Need(
                "compliance.verdict",
                same=("sheet", "data"),
                facts=PASSED,
                latest=True,
                unless=("listing.suspended",),
            ),
            Need("registration.confirmed", same=("data",)),
        ),
        not_after=("listing.delisted",),
    ),
    Kind(
        "listing.suspended",
        "product",
        "the listing is off the board until a new verdict",
        {"reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("listing.published", latest=True, unless=OFF_BOARD),),
    ),
    Kind(
        "listing.delisted",
        "product",
        "the listing has ended",
        {"reason": Fact.TEXT},
        roles=OPERATOR | SUPPLIER,
        needs=(Need("listing.published", latest=True),),
        once=True,
    ),
    Kind(
        "scenario.filed",
        "scenario",
        "a buyer files what it wants the data for",
        {
            "product": Fact.TEXT,
            "purpose": Fact.TEXT,
            "region": Fact.TEXT,
            "term_days": Fact.INTEGER,
            "scenario": Fact.DIGEST,
        },
        roles=BUYER,
        opening=Opening.DERIVED,
        needs=(Need("listing.published", by="product", latest=True, unless=OFF_BOARD),),
    ),
    Kind(
        "scenario.approved",
        "scenario",
        "the exchange approves the scenario until a time",
        {
            "product": Fact.TEXT,
            "scenario": Fact.DIGEST,
            "pack": Fact.DIGEST,
            "review": Fact.DIGEST,
            "until": Fact.TIME,
        },
        roles=OPERATOR,
        needs=(Need("scenario.filed", same=("product", "scenario"), actor="other"),),
        once=True,
        not_after=("scenario.refused", "scenario.withdrawn"),
    ),
    Kind(
        "scenario.refused",
        "scenario",
        "the exchange refuses the scenario, naming the rules",
        {
            "product": Fact.TEXT,
            "scenario": Fact.DIGEST,
            "pack": Fact.DIGEST,
            "review": Fact.DIGEST,
            "fired": Fact.TEXTS,
        },
        roles=OPERATOR,
        needs=(Need("scenario.filed", same=("product", "scenario")),),
        once=True,
        not_after=("scenario.approved", "scenario.withdrawn"),
    ),
    Kind(
        "scenario.withdrawn",
        "scenario",
        "the buyer withdraws the scenario",
        {"reason": Fact.TEXT},
        roles=BUYER,
        needs=(Need("scenario.filed", actor="same"),),
        once=True,
    ),
    Kind(
        "price.quoted",
        "quote",
        "the exchange quotes a price, its inputs in a pricing record, until a time",
        {
            "product": Fact.TEXT,
            "scenario": Fact.TEXT,
            "buyer": Fact.TEXT,
            "amount": Fact.MONEY,
            "pricing": Fact.DIGEST,
            "evidence": Fact.DIGESTS,
            "terms": Fact.DIGEST,
            "until": Fact.TIME,
        },
        roles=OPERATOR,
        opening=Opening.DERIVED,
        needs=(
            Need("listing.published", by="product", latest=True, unless=OFF_BOARD),
            Need(
                "scenario.approved",
                by="scenario",
                same=("product",),
                unless=("scenario.withdrawn",),
            ),
        ),
    ),
    Kind(
        "trade.ordered",
        "trade",
        "the buyer orders at the quoted price and terms",
        {
            "product": Fact.TEXT,
            "scenario": Fact.TEXT,
            "quote": Fact.TEXT,
            "terms": Fact.DIGEST,
            "amount": Fact.MONEY,
        },
        roles=BUYER,
        opening=Opening.DERIVED,
        needs=(
            Need("price.quoted", by="quote", same=("product", "scenario", "terms", "amount")),
            Need("scenario.filed", by="scenario", same=("product",), actor="same"),
            Need(
                "scenario.approved",
                by="scenario",
                same=("product",),
                unless=("scenario.withdrawn",),
            ),
            Need("listing.published", by="product", latest=True, unless=OFF_BOARD),
        ),
    ),
    Kind(
        "trade.contracted",
        "trade",
        "the supplier accepts: terms frozen, escrow held, the use right granted",
        {
            "product": Fact.TEXT,
            "terms": Fact.DIGEST,
            "amount": Fact.MONEY,
            "purposes": Fact.TEXTS,
            "until": Fact.TIME,
        },
        roles=SUPPLIER,
        needs=(
            Need(
                "trade.ordered",
                same=("product", "terms", "amount"),
                actor="other",
                standing=True,
            ),
            Need("product.registered", by="product", actor="same"),
            Need("listing.published", by="product", latest=True, unless=OFF_BOARD),
        ),
        once=True,
        not_after=("trade.lapsed",),
    ),
    Kind(
        "trade.lapsed",
        "trade",
        "the order ends before there is a contract",
        {"reason": Fact.TEXT},
        roles=BUYER | SUPPLIER | OPERATOR,
        needs=(Need("trade.ordered"),),
        once=True,
        not_after=("trade.contracted",),
    ),
    Kind(
        "trade.cancelled",
        "trade",
        "the operator ends a contract before its receipt: escrow goes back to the buyer",
        {"reason": Fact.TEXT, "amount": Fact.MONEY},
        roles=OPERATOR,
        needs=(Need("trade.contracted", same=("amount",)),),
        once=True,
        not_after=("delivery.received",),
    ),
    Kind(
        "delivery.made",
        "trade",
        "the supplier delivers the data, sealed to the buyer's recipient",
        {
            "product": Fact.TEXT,
            "data": Fact.DIGEST,
            "sealed": Fact.DIGEST,
            "bytes": Fact.INTEGER,
            "recipient": Fact.TEXT,
        },
        roles=SUPPLIER,
        needs=(
            Need("trade.contracted", same=("product",), actor="same"),
            Need("product.registered", by="product", same=("data",), actor="same"),
            Need("listing.published", by="product", latest=True, unless=("listing.suspended",)),
        ),
        not_after=("delivery.received", "trade.cancelled"),
    ),
    Kind(
        "delivery.received",
        "trade",
        "the buyer has opened the delivery and its digest is the one bought",
        {"data": Fact.DIGEST, "sealed": Fact.DIGEST},
        roles=BUYER,
        needs=(
            Need("delivery.made", same=("data", "sealed"), latest=True),
            Need("trade.ordered", actor="same"),
        ),
        once=True,
        not_after=("trade.cancelled",),
    ),
    Kind(
        "settlement.executed",
        "trade",
        "escrow is released, line by line, to supplier, contributors and the exchange",
        {"amount": Fact.MONEY, "lines": Fact.LINES, "allocation": Fact.DIGEST},
        roles=OPERATOR,
        needs=(
            Need("trade.contracted", same=("amount",)),
            Need("delivery.received"),
        ),
        once=True,
    ),
    Kind(
        "account.deposited",
        "account",
        "money comes in from a participant's bank",
        {"amount": Fact.MONEY, "reference": Fact.DIGEST},
        roles=OPERATOR,
        opening=Opening.NAMED,
    ),
    Kind(
        "account.withdrawn",
        "account",
        "money goes out to a participant's bank",
        {"amount": Fact.MONEY, "reference": Fact.DIGEST},
        roles=OPERATOR,
        opening=Opening.NAMED,
    ),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.name: kind for kind in _KINDS})
