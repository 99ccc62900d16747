"""The contract of a query pricer."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

from pricing.conformance.replaying import check_replay, must_refuse, unit
from pricing.money import total
from pricing.queries import Query, QueryCase, QueryPrice, QueryPricer
from pricing.record import recorded
from pricing.wire import from_wire, to_wire


class QueryPricerContract:
    """What every query pricer keeps to.

    `whole` can be answered from `parts` together, and `weaker` from `whole` alone.  Clear
    `history_aware` for a pricer that knows of a repeated answer and of nothing else.
    """

    pricer: QueryPricer
    whole: Query
    parts: tuple[Query, ...]
    weaker: Query
    history_aware: bool = True

    def test_prices_alike_twice(self) -> None:
        """The same case has the same price."""
        first, second = (self.pricer.price(QueryCase(self.whole)) for _ in range(2))
        assert first == second, "two prices of one query differ"

    def test_refuses_what_it_cannot_read(self) -> None:
        """A query that says nothing of itself has no price."""
        bare = QueryCase(Query("bare"))
        must_refuse(lambda: self.pricer.price(bare), "priced without knowing the query")

    def test_what_tells_less_never_costs_more(self) -> None:
        """The price is monotone."""
        weaker, whole = (self.pricer.price(QueryCase(q)).amount for q in (self.weaker, self.whole))
        assert weaker <= whole, f"{weaker} for what follows from an answer of {whole}"

    def test_parts_never_undercut_the_whole(self) -> None:
        """The price is subadditive."""
        parts = total(self.pricer.price(QueryCase(part)).amount for part in self.parts)
        whole = self.pricer.price(QueryCase(self.whole)).amount
        assert whole <= parts, f"parts cost {parts}, the whole {whole}"

    def test_nothing_is_charged_twice(self) -> None:
        """An answer again is free, and so is what follows from answers bought before."""
        again = self.pricer.price(QueryCase(self.whole, (self.whole,)))
        assert not again.amount.minor, f"the same answer costs {again.amount} again"
        if self.history_aware:
            known = self.pricer.price(QueryCase(self.whole, self.parts))
            assert not known.amount.minor, f"what is known costs {known.amount}"

    def test_what_was_bought_makes_nothing_dearer(self) -> None:
        """A buyer with a history pays as much as one without, or less."""
        fresh = self.pricer.price(QueryCase(self.whole)).amount
        later = self.pricer.price(QueryCase(self.whole, (self.weaker,))).amount
        assert later <= fresh, f"{later} after an earlier query, {fresh} without"

    def test_owners_get_no_more_than_the_price(self) -> None:
        """Payments are balanced, and lines sum to the price."""
        price = self.pricer.price(QueryCase(self.whole))
        assert total((p.amount for p in price.payments), price.amount.currency) <= price.amount
        assert total((one.amount for one in price.lines), price.amount.currency) == price.amount

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of a price or a case is lost in a record."""
        case = QueryCase(self.whole, self.parts)
        price = self.pricer.price(QueryCase(self.whole))
        assert from_wire(QueryPrice, to_wire(price)) == price
        assert from_wire(QueryCase, to_wire(case)) == case

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to price the query again."""
        price, record = recorded(self.pricer, QueryCase(self.whole))
        assert price == self.pricer.price(QueryCase(self.whole)), "recording changed it"
        check_replay(record, {"amount": (price.amount + unit(price.amount)).to_record()})
