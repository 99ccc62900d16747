"""The contract of a mechanism: what is declared is what is tested."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from statistics import fmean, stdev
from typing import Final

from pricing.chance import Lots, Stream
from pricing.conformance.profiles import BIDDERS_MAX, deviations, like, reseeded
from pricing.conformance.replaying import check_replay
from pricing.errors import PricingError
from pricing.gains import GainCurve
from pricing.laws import Law
from pricing.mechanisms import Auction, Bid, Declared, Mechanism, Outcome, Property
from pricing.money import MINOR_MAX, Money
from pricing.record import recorded
from pricing.wire import from_wire, to_wire

SEEDS: Final = 64  # draws of one profile where a promise holds on the average alone
ERRORS: Final = 4  # standard errors that an average may lie on the wrong side by chance
QUANTILES: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


class MechanismContract:
    """What every mechanism keeps to, and what this one declares.

    `auction` is an example that sells something; the kit makes up others of its shape.  The
    dearest of its bids is the dearest that the kit makes.  Clear `anonymous` for a mechanism
    that is told something about bidders by name.  One that declares to be revenue optimal
    states the `laws` of two bidders' values under which it is.
    """

    mechanism: Mechanism
    auction: Auction
    anonymous: bool = True
    laws: tuple[Law, Law] | None = None
    count: int = 200

    def test_awards_what_is_on_sale(self) -> None:
        """Every award goes to a bidder, for items on sale, and no copy is sold twice."""
        for auction, outcome in self._cleared():
            assert outcome.currency is auction.currency
            bidding = set(auction.bidders)
            for award in outcome.allocations:
                assert award.bidder in bidding, f"{award.bidder} did not bid in {auction}"
                assert award.items, f"{award.bidder} is awarded nothing"
                assert len(set(award.items)) == len(award.items), f"{award} gives an item twice"
            assert {payment.bidder for payment in outcome.payments} <= bidding
            for item in {item for award in outcome.allocations for item in award.items}:
                sold = sum(item in award.items for award in outcome.allocations)
                on_sale = auction.supply if item in auction.items else 0
                assert sold <= on_sale, f"{sold} of {on_sale} copies of {item} sold: {auction}"

    def test_sells_nothing_to_nobody(self) -> None:
        """Without bids there is neither award nor payment."""
        outcome = self.mechanism.clear(replace(self.auction, bids=()))
        assert outcome.allocations == (), "awarded to nobody"
        assert outcome.payments == (), "charged to nobody"

    def test_declares_each_promise_once(self) -> None:
        """Nothing is promised twice, with two provisos."""
        promises = [declared.promise for declared in self.mechanism.properties]
        assert len(set(promises)) == len(promises), f"declared twice: {promises}"

    def test_no_lie_pays_where_that_is_declared(self) -> None:
        """No bid yields more than the truth, under any lots, but for the declared rounding."""
        declared = self._declared(Property.TRUTHFUL)
        if declared is not None:
            for deviation in deviations(self.mechanism, self.auction, self.count):
                assert deviation.profit <= declared.within, str(deviation)

    def test_no_lie_pays_on_the_average_where_that_is_declared(self) -> None:
        """Over many lots the truth yields as much as any other bid."""
        declared = self._declared(Property.TRUTHFUL_ON_AVERAGE)
        if declared is not None:
            for deviation in deviations(self.mechanism, self.auction, self.count // 4):
                profits = []
                for seed in range(SEEDS):
                    drawn = reseeded(self.mechanism, seed)
                    honest, lied = drawn.clear(deviation.truth), drawn.clear(deviation.instead)
                    who, truth = deviation.bidder, deviation.truth
                    profits.append(float(lied.utility(who, truth) - honest.utility(who, truth)))
                chance = ERRORS * stdev(profits) / SEEDS**0.5
                assert fmean(profits) <= declared.within + chance, f"on average, {deviation}"

    def test_nobody_pays_more_than_the_worth_where_that_is_declared(self) -> None:
        """Who bids the truth is never worse off for having bid."""
        declared = self._declared(Property.INDIVIDUALLY_RATIONAL)
        if declared is not None:
            for auction, outcome in self._cleared():
                for bidder in auction.bidders:
                    lost = -outcome.utility(bidder, auction)
                    assert lost <= declared.within, f"{bidder} loses {lost} units in {auction}"

    def test_no_money_is_added_where_that_is_declared(self) -> None:
        """The payments together are not below zero."""
        declared = self._declared(Property.BUDGET_BALANCED)
        if declared is not None:
            for auction, outcome in self._cleared():
                assert outcome.revenue.minor >= -declared.within, (
                    f"{outcome.revenue} is taken in: {auction}"
                )

    def test_nothing_better_can_be_done_where_that_is_declared(self) -> None:
        """No other division of the items is worth more by the bids."""
        declared = self._declared(Property.EFFICIENT)
        if declared is not None:
            for auction, outcome in self._cleared(bidders_max=4):
                paid = sum(outcome.paid_by(bidder).minor for bidder in auction.bidders)
                worth = paid + sum(outcome.utility(name, auction) for name in auction.bidders)
                best = _best(auction)
                assert worth >= best - declared.within, f"worth {worth}, not {best}: {auction}"

    def test_no_reserve_earns_more_where_that_is_declared(self) -> None:
        """Under its laws it earns as much as the highest bid at any reserve, on the average."""
        declared = self._declared(Property.REVENUE_OPTIMAL)
        if declared is None:
            return
        assert self.laws is not None, "revenue optimal under which laws?  State `laws`"
        one, two = self.laws
        rounds = 10 * self.count
        drawn = Stream(0).uniforms(2 * rounds).tolist()
        pairs = [
            (one.value_at(first), two.value_at(second))
            for first, second in zip(drawn[::2], drawn[1::2], strict=True)
        ]
        earned = [self._revenue(pair) for pair in pairs]
        for reserve in {
            law.value_at(quantile).minor for law in self.laws for quantile in QUANTILES
        }:
            rival = (_second_price(first.minor, second.minor, reserve) for first, second in pairs)
            short = [theirs - ours for theirs, ours in zip(rival, earned, strict=True)]
            chance = ERRORS * stdev(short) / rounds**0.5
            assert fmean(short) <= declared.within + chance, (
                f"the reserve {reserve} earns {fmean(short)} more on the average"
            )

    def test_names_move_nothing(self) -> None:
        """Bidders under other names get and pay the same, equal bids and all."""
        if not self.anonymous:
            return
        for auction, outcome in self._cleared():
            names = {name: f"somebody {i}" for i, name in enumerate(auction.bidders[::-1])}
            renamed = replace(
                auction,
                bids=tuple(replace(bid, bidder=names[bid.bidder]) for bid in auction.bids),
            )
            again = self.mechanism.clear(renamed)
            for old, new in names.items():
                one, other = outcome.award_of(old), again.award_of(new)
                same = (one and (one.items, one.gain)) == (other and (other.items, other.gain))
                assert same, f"the name {old} gets: {auction}"
                assert outcome.paid_by(old) == again.paid_by(new), f"the name {old} pays: {auction}"

    def test_the_greatest_amounts_are_cleared_or_refused(self) -> None:
        """Bids that only just fit into money lead to an outcome or to a pricing error."""
        for amounts in ((MINOR_MAX,), (MINOR_MAX, MINOR_MAX - 1), (MINOR_MAX,) * 3):
            bids = tuple(
                Bid(f"bidder {i}", Money(minor, self.auction.currency), gain=self._curve)
                for i, minor in enumerate(amounts)
            )
            try:
                self.mechanism.clear(replace(self.auction, bids=bids))
            except PricingError as error:
                assert ":" in str(error), f"{error!r} names no field"  # noqa: PT017

    def test_clears_alike_twice(self) -> None:
        """The same bids lead to the same outcome."""
        for auction, outcome in self._cleared():
            assert self.mechanism.clear(auction) == outcome, f"two outcomes of {auction}"

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of an outcome is lost in a record."""
        outcome = self.mechanism.clear(self.auction)
        assert from_wire(Outcome, to_wire(outcome)) == outcome

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to clear again."""
        outcome, record = recorded(self.mechanism, self.auction)
        assert outcome == self.mechanism.clear(self.auction), "recording changed it"
        assert outcome.allocations, "the example should sell something"
        check_replay(record, {"allocations": [], "payments": []})

    @property
    def _curve(self) -> GainCurve | None:
        return next((bid.gain for bid in self.auction.bids if bid.gain), None)

    def _declared(self, promise: Property) -> Declared | None:
        kept = (each for each in self.mechanism.properties if each.promise is promise)
        return next(kept, None)

    def _revenue(self, values: tuple[Money, ...]) -> int:
        bids = tuple(Bid(f"bidder {i}", value) for i, value in enumerate(values))
        return self.mechanism.clear(replace(self.auction, bids=bids, supply=1)).revenue.minor

    def _cleared(self, bidders_max: int = BIDDERS_MAX) -> Iterator[tuple[Auction, Outcome]]:
        """Yield the example and auctions like it, some with nobody, with their outcomes."""
        lots = Lots(1)
        yield self.auction, self.mechanism.clear(self.auction)
        for i in range(self.count // 5):
            auction = like(self.auction, lots, bidders=i % (bidders_max + 1))
            yield auction, self.mechanism.clear(auction)


def _best(auction: Auction) -> Fraction:
    """Return the most that any division of the copies is worth, by trying them all."""

    def most(bidders: tuple[str, ...], left: dict[str, int]) -> Fraction:
        if not bidders:
            return Fraction(0)
        best = most(bidders[1:], left)
        for bid in auction.bids_of(bidders[0]):
            taken = auction.bundle(bid)
            if all(left[item] for item in taken):
                rest = {item: held - (item in taken) for item, held in left.items()}
                best = max(best, bid.amount.minor + most(bidders[1:], rest))
        return best

    return most(auction.bidders, dict.fromkeys(auction.items, auction.supply))


def _second_price(one: int, two: int, reserve: int) -> int:
    high, low = max(one, two), min(one, two)
    return 0 if high < reserve else max(low, reserve)
