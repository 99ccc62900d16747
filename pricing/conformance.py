"""Contract kits: subclass one under a name that pytest collects, and inherit its tests.

    class TestMine(AppraiserContract):
        appraiser = Mine()
        evidence = Evidence(costs=(("survey", Money(100_00)),), quality=Decimal("0.9"))

The plug-in must be registered in its group, since what is not registered cannot be replayed.
Every kit tries determinism, the wire form of the result, and that a recorded result replays
and a forged one does not.
"""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pricing.appraisal import Appraisal, Appraiser, Evidence
from pricing.errors import NotReplayed, PricingError
from pricing.money import Money, total
from pricing.quote import Quote, QuoteRequest, Strategy
from pricing.record import PricingRecord, recorded, replay
from pricing.sharing import Allocation, Allocator, Owner, SharingCase
from pricing.wire import from_wire, to_wire


class AppraiserContract:
    """What every appraiser keeps to; `evidence` is enough for this one to work with."""

    appraiser: Appraiser
    evidence: Evidence

    def test_appraises_alike_twice(self) -> None:
        """The same evidence gives the same appraisal."""
        first, second = (self.appraiser.appraise(self.evidence) for _ in range(2))
        assert first == second, "two appraisals of one evidence differ"

    def test_refuses_to_value_what_nothing_is_known_of(self) -> None:
        """Without evidence there is no appraisal."""
        _must_refuse(lambda: self.appraiser.appraise(Evidence()), "appraised without evidence")

    def test_every_figure_names_its_source(self) -> None:
        """Each line can be defended: a figure in plain notation, and where it comes from."""
        for line in self.appraiser.appraise(self.evidence).indicators:
            assert Decimal(line.value).is_finite(), f"{line.name}: {line.value} is no figure"
            assert line.source.strip(), f"{line.name}: no source"

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of an appraisal is lost in a record."""
        appraisal = self.appraiser.appraise(self.evidence)
        assert from_wire(Appraisal, to_wire(appraisal)) == appraisal

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to compute the appraisal again."""
        appraisal, record = recorded(self.appraiser, self.evidence)
        assert appraisal == self.appraiser.appraise(self.evidence), "recording changed it"
        _check_replay(record, {"high": (appraisal.high + _unit(appraisal.high)).to_record()})


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
        _check_replay(record, {"amount": (quote.amount + _unit(quote.amount)).to_record()})


class AllocatorContract:
    """What every allocator keeps to.

    The kit makes up cases that give every kind of allocator its input: weight, rows and worth
    in the same proportion.  Clear `null_player` for one that pays an owner who adds nothing.
    """

    allocator: Allocator
    null_player: bool = True

    def test_divides_to_the_last_unit(self) -> None:
        """No unit is lost or made, for amounts that divide and amounts that do not."""
        for minor in (0, 1, 2, 99, 100, 1_234_567, 2**53 - 1, -1, -100):
            case = _case(Money(minor), 3, 1, 2)
            allocation = self.allocator.allocate(case)
            assert total(share.part for share in allocation.shares) == case.amount
            assert tuple(share.owner for share in allocation.shares) == case.names

    def test_each_part_is_within_a_unit_of_its_share(self) -> None:
        """What is rounded is less than one minor unit."""
        for share in self.allocator.allocate(_case(Money(1_000), 3, 1, 2)).shares:
            assert abs(share.part.minor - 1_000 * share.share) < 1, f"{share} is off"

    def test_equal_owners_get_equal_parts(self) -> None:
        """Owners alike in all that is known differ by an odd unit at most."""
        allocation = self.allocator.allocate(_case(Money(1_000), 2, 2, 2))
        assert len({share.share for share in allocation.shares}) == 1, "equal owners differ"
        parts = [share.part.minor for share in allocation.shares]
        assert max(parts) - min(parts) <= 1, f"equal owners get {parts}"

    def test_the_order_of_owners_moves_an_odd_unit_at_most(self) -> None:
        """Nobody gains a share by standing first."""
        case = _case(Money(1_000), 3, 1, 2)
        forward = self.allocator.allocate(case)
        backward = self.allocator.allocate(replace(case, owners=case.owners[::-1]))
        for share in forward.shares:
            moved = abs(share.part.minor - backward.part_of(share.owner).minor)
            assert moved <= 1, f"{share.owner} gains {moved} units by order"

    def test_who_adds_nothing_gets_nothing(self) -> None:
        """The null player of the game, of no weight and no rows, gets no unit."""
        if self.null_player:
            allocation = self.allocator.allocate(_case(Money(1_000), 2, 0, 1))
            assert allocation.shares[1].part == Money(0), "paid for nothing"

    def test_refuses_without_its_input(self) -> None:
        """No equal split for want of anything better."""
        bare = SharingCase(Money(1_000), (Owner("a"), Owner("b")))
        _must_refuse(lambda: self.allocator.allocate(bare), "divided without knowing anything")

    def test_divides_alike_twice(self) -> None:
        """The same case is divided the same way."""
        first, second = (self.allocator.allocate(_case(Money(1_000), 3, 1, 2)) for _ in range(2))
        assert first == second, "two allocations of one case differ"

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of an allocation is lost in a record."""
        allocation = self.allocator.allocate(_case(Money(1_000), 3, 1, 2))
        assert from_wire(Allocation, to_wire(allocation)) == allocation

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to divide again."""
        case = _case(Money(1_000), 3, 1, 2)
        allocation, record = recorded(self.allocator, case)
        assert allocation == self.allocator.allocate(case), "recording changed it"
        _check_replay(record, {"basis": "a friend's advice"})


def _case(amount: Money, *contributions: int) -> SharingCase:
    """Owners whose weight, rows and worth to every coalition are as given."""
    owners = tuple(Owner(f"owner-{i}", held, held) for i, held in enumerate(contributions))
    adds = {owner.id: Fraction(held) for owner, held in zip(owners, contributions, strict=True)}
    return SharingCase(amount, owners, lambda who: sum((adds[one] for one in who), Fraction(0)))


def _unit(like: Money) -> Money:
    return Money(1, like.currency)


def _must_refuse(attempt: Any, otherwise: str) -> None:  # noqa: ANN401 - any call without arguments
    try:
        attempt()
    except PricingError:
        return
    raise AssertionError(otherwise)


def _check_replay(record: PricingRecord, forgery: dict[str, Any]) -> None:
    read = PricingRecord.from_record(record.to_record())
    assert read == record, "the record is not read back as it was written"
    replay(read)
    try:
        replay(replace(record, output={**record.output, **forgery}))
    except NotReplayed:
        return
    raise AssertionError("a forged output replays")
