"""The contract of a strategy."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from pricing.conformance.replaying import check_replay, unit
from pricing.money import total
from pricing.quote import Quote, QuoteRequest, Strategy
from pricing.record import recorded
from pricing.wire import from_wire, to_wire


class StrategyContract:
    """What every strategy keeps to; `request` has what this one needs."""

    strategy: Strategy
    request: QuoteRequest

    def test_quotes_alike_twice(self) -> None:
        """The same request gets the same quote."""
        first, second = (self.strategy.quote(self.request) for _ in range(2))
        assert first == second, "two quotes for one request differ"

    def test_lines_explain_the_amount(self) -> None:
        """The lines sum to the amount, in the currency of the list price."""
        quote = self.strategy.quote(self.request)
        assert total(line.amount for line in quote.lines) == quote.amount
        assert quote.amount.currency is self.request.list_price.currency

    def test_a_shorter_term_never_costs_more(self) -> None:
        """Otherwise nobody would pay for the shorter one."""
        terms = [replace(self.request, term_ratio=Fraction(part, 12)) for part in range(1, 13)]
        amounts = [self.strategy.quote(term).amount for term in terms]
        assert amounts == sorted(amounts), f"amounts by growing term: {amounts}"

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of a quote is lost in a record."""
        quote = self.strategy.quote(self.request)
        assert from_wire(Quote, to_wire(quote)) == quote

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to compute the quote again."""
        quote, record = recorded(self.strategy, self.request)
        assert quote == self.strategy.quote(self.request), "recording changed it"
        check_replay(record, {"amount": (quote.amount + unit(quote.amount)).to_record()})
