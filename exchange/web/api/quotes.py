"""Quotes: a price with everything behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exchange.errors import BadField, Forbidden
from exchange.ports import UnitOfWork
from exchange.records import to_record
from exchange.services.execute_trade import terms_of
from exchange.services.quote_plan import Wish, quote_plan
from exchange.services.quote_price import quote_price
from exchange.trading import Quote, TradingMode
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    QuoteShape,
)
from exchange.web.api.requests import (
    QuoteBody,
)
from exchange.web.gate import caller, floor, is_party
from exchange.web.showing import fields_of
from pricing.errors import PricingError
from pricing.money import Money

quotes = Noun("quotes", path="/quotes")


@quotes.write("")
@quotes.takes(QuoteBody)
@quotes.gives(QuoteShape, 201)
def ask(body: dict[str, Any]) -> dict[str, Any]:
    """Quote a price for an approved scenario of the caller's: of a licence, or of a plan."""
    buyer, ours = caller().id, floor()
    if body.keys() & {"mode", "budget", "pack"}:
        priced = quote_plan(body["scenario"], _wish(body), buyer=buyer, floor=ours)
    else:
        priced = quote_price(body["scenario"], buyer=buyer, floor=ours)
    with floor().read() as work:
        return _shown(priced.quote, work) | {"lines": priced.offer.lines}


@quotes.read("/<quote_id>")
@quotes.gives(QuoteShape)
def get(quote_id: str) -> dict[str, Any]:
    """Return one quote with its terms, to its buyer and to the operator."""
    with floor().read() as work:
        quote = work.quotes.get(quote_id)
        if not is_party(quote.buyer):
            raise Forbidden(f"quote {quote_id} is open to its buyer and to the operator")
        return _shown(quote, work)


def _wish(body: Mapping[str, Any]) -> Wish:
    try:
        budget = Money.read(body["budget"]) if "budget" in body else None
    except PricingError as error:
        raise BadField("budget", str(error)) from error
    mode = TradingMode(body["mode"]) if "mode" in body else None
    return Wish(mode, budget, body.get("pack"))


def _shown(quote: Quote, work: UnitOfWork) -> dict[str, Any]:
    return fields_of(quote) | {"agreed": to_record(terms_of(quote.terms, work))}
