"""Price discovery (价格发现): each settled trade moves the estimate that began as an appraisal.

估价–交易–定价, the way of Qingdao: the appraisal of the whole is the belief before any trade; a
settlement moves it in closed form, in an entry of its own that cites the settlement's.  Every
record goes on from what the record before it held, and names that record, so the path of a price
is followed record by record and each step of it is computed again alone.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from exchange.errors import Broken
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import record_for_house
from exchange.services.appraise_product import evidence_of
from exchange.services.execute_trade import terms_of
from exchange.services.submit_sheet import sheet_of
from exchange.trading import Terms, Trade, TradingMode
from ledger.canonical import encode
from ledger.entries import Entry
from pricing.appraisal import Appraisal
from pricing.engines.cost import CostApproach
from pricing.errors import PricingError
from pricing.estimate import (
    Estimate,
    Estimator,
    Guidance,
    Held,
    MarketHistory,
    SettledTrade,
    Step,
    Use,
)
from pricing.money import Money
from pricing.plugins import load
from pricing.quote import QuoteRequest
from pricing.record import PricingRecord, recorded
from pricing.wire import from_wire, to_wire

_log = logging.getLogger(__name__)

# Half of what is believed stems from the last 34 trades: a market of data drifts within a year.
MEMORY: Final = Decimal("0.98")
TERM: Final = "logarithm of the term over the full term"
PREVIOUS: Final = "previous-estimate"


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a price's path: what was paid, the guidance after it, and where it is recorded.

    `settlement` is the entry of the trade that moved it, `opening` the guidance before the step,
    `record` the digest of the pricing record that computes it again.
    """

    paid: Money
    settlement: Entry
    opening: Guidance
    guidance: Guidance
    record: str

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object; who traded is not told."""
        return {
            "paid": self.paid.to_record(),
            "time": self.settlement.time,
            "settlement": self.settlement.leaf.hex(),
            "opening": to_wire(self.opening),
            "guidance": to_wire(self.guidance),
            "record": self.record,
        }


def move_estimate(
    trade: Trade, settlement: Entry, product: Product, *, work: UnitOfWork, floor: Floor
) -> Entry | None:
    """Move the product's estimate by a trade settled in this unit of work; return the entry.

    There is none where there is no appraisal to begin with, or nothing was paid.  A posted price
    brings the appraisal of its quote with it; one that was negotiated or bid is held against the
    costs that the sheet discloses, unless sheet or data have changed since the contract.  The
    price of an exclusive use is none of a licence among others, and moves nothing.  A settlement
    never fails for want of an estimate: what hinders one is in the log.
    """
    try:
        made = _estimated(trade, settlement, product, work=work, floor=floor)
    except PricingError as error:
        _log.warning("%s: the estimate does not move: %s", trade.id, error)
        return None
    if made is None:
        return None
    estimate, record = made
    band = estimate.guidance.band
    facts = {
        "product": product.number,
        "low": band.low.to_record(),
        "mid": band.mid.to_record(),
        "high": band.high.to_record(),
        "pricing": work.records.put(encode(record.to_record()), public=True),
    }
    return record_for_house("price.estimated", f"trade/{trade.id}", facts, work=work, floor=floor)


def opening_estimate(
    appraisal: Appraisal, licence_fraction: Fraction
) -> tuple[Estimate, PricingRecord]:
    """Return what an appraisal says of the next price, before any trade, with its record.

    Raises `PricingError` for an appraisal of nothing.
    """
    history = MarketHistory(
        appraisal, licence_fraction=licence_fraction, names=(TERM,), product=(Decimal(0),)
    )
    return recorded(_estimator(), history)


def estimate_of(product: Product, work: UnitOfWork) -> tuple[Estimate, str] | None:
    """Return what the trades have made of the product's appraisal, and its record's digest.

    None before the first trade that moved it.
    """
    digest = _estimate_record(product, work)
    return None if digest is None else (_read(digest, work)[0], digest)


def price_path(product: Product, work: UnitOfWork) -> list[Move]:
    """Return every step of the product's price from its appraisal on, oldest first."""
    found = estimate_of(product, work)
    digest = found[1] if found else ""
    moves: list[Move] = []
    while digest:
        estimate, record = _read(digest, work)
        step = estimate.path[-1]
        settled = work.chain.store.by_leaf(step.entry)
        if settled is None:
            raise Broken(f"record {digest} cites an entry that the log does not have")
        moves.append(Move(step.price, settled, estimate.opening, step.guidance, digest))
        digest = record.input_digests.get(PREVIOUS, "")
    return moves[::-1]


def whole_path(estimate: Estimate, moves: Sequence[Move]) -> Estimate:
    """Return a product's newest estimate with every step of its path, as `price_path` has them."""
    steps = tuple(
        Step(move.settlement.leaf.hex(), move.paid, Use.OBSERVED, move.guidance) for move in moves
    )
    return replace(estimate, opening=moves[0].opening, path=steps)


def _estimated(
    trade: Trade, settlement: Entry, product: Product, *, work: UnitOfWork, floor: Floor
) -> tuple[Estimate, PricingRecord] | None:
    if trade.amount.minor == 0:
        return None
    offer = work.quotes.get(trade.quote).pricing
    terms = terms_of(trade.terms, work)
    if terms.mode is TradingMode.POSTED:
        request = _requested(work.records.get(offer))
        documents = {"quote": offer}
    else:
        request, documents = _appraised(terms, product, work=work, floor=floor)
        documents["quote"] = offer
    if request.appraisal is None:
        return None
    before = _estimate_record(product, work)
    term = Decimal(str(round(math.log(request.term_ratio), 6)))
    history = MarketHistory(
        request.appraisal,
        (SettledTrade(trade.amount, settlement.leaf.hex(), (term,)),),
        licence_fraction=request.licence_fraction,
        names=(TERM,),
        product=(Decimal(0),),
        held=None if before is None else _held(_record(before, work)),
    )
    documents |= {} if before is None else {PREVIOUS: before}
    return recorded(_estimator(), history, documents=documents)


def _appraised(
    terms: Terms, product: Product, *, work: UnitOfWork, floor: Floor
) -> tuple[QuoteRequest, dict[str, str]]:
    """Return what a posted price of the contract would have been asked for, with its appraisal.

    The record of the appraisal is kept, and its digest among the documents.
    """
    asked = QuoteRequest(list_price=terms.amount)
    unchanged = (product.sheet, product.data) == (terms.sheet, terms.data)
    sheet = sheet_of(product, work)
    if terms.exclusive or not unchanged or not sheet.costs:
        return asked, {}
    evidence = evidence_of(product, sheet, work=work, floor=floor)
    documents = {"sheet": terms.sheet, "profile": product.profile}
    appraisal, record = recorded(CostApproach(), evidence, documents=documents)
    kept = work.records.put(encode(record.to_record()), public=True)
    full_term = sheet.conditions.term_days or terms.term_days
    request = replace(
        asked,
        appraisal=appraisal,
        licence_fraction=Fraction(1, sheet.price.expected_buyers or 1),
        term_ratio=min(Fraction(terms.term_days, full_term), Fraction(1)),
    )
    return request, {"appraisal-record": kept}


def _estimate_record(product: Product, work: UnitOfWork) -> str | None:
    """Return the digest of the record of a product's newest estimate, None before the first."""
    if product.estimate is None:
        return None
    entry = work.chain.store.by_leaf(product.estimate)
    return str(entry.facts["pricing"]) if entry else ""


@lru_cache(maxsize=128)
def _requested(data: bytes) -> QuoteRequest:
    """Read what a quote was asked for from its record: quotes of one moment are of one record."""
    return from_wire(QuoteRequest, json.loads(data)["inputs"], "inputs")


def _held(record: Mapping[str, Any]) -> Held | None:
    """Read what an estimate believed from its record, which is all that the next goes on from."""
    held = record["output"].get("held")
    return None if held is None else from_wire(Held, held, "output.held")


def _estimator() -> Estimator:
    return load("estimators", "hedonic")(memory=MEMORY)


def _read(digest: str, work: UnitOfWork) -> tuple[Estimate, PricingRecord]:
    record = PricingRecord.from_record(_record(digest, work))
    return from_wire(Estimate, record.output, "output"), record


def _record(digest: str, work: UnitOfWork) -> Mapping[str, Any]:
    held: Mapping[str, Any] = json.loads(work.records.get(digest))
    return held
