from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing import plugins
from pricing.conformance import QueryPricerContract
from pricing.errors import BadInput
from pricing.money import Currency, Money
from pricing.queries import (
    Chain,
    NoisyLinear,
    OwnerWeight,
    Payment,
    PriceLine,
    Query,
    QueryCase,
    QueryPrice,
)
from pricing.queries.coverage import Coverage
from pricing.queries.determinacy import Determinacy, PricePoint, Side, View
from pricing.queries.private import OwnerRate, Private
from pricing.queries.provenance import Provenance, TuplePrice
from pricing.queries.support import Change, Table, conflicts, support

# Coverage, over a small harbour: two tables, and queries in plain Python.

SHIPS = Table(
    "ships", ("name", "flag", "tons"), (("Ada", "CN", 40), ("Bo", "SG", 70), ("Cy", "CN", 90))
)
CALLS = Table("calls", ("ship", "port"), (("Ada", "Qingdao"), ("Bo", "Dalian"), ("Cy", "Qingdao")))
HARBOUR = (SHIPS, CALLS)
NEIGHBOURS = support(HARBOUR, 20, seed=4)


def told(ask: Callable[[Sequence[Table]], object], name: str) -> Query:
    return Query(name, neighbours=conflicts(ask, HARBOUR, NEIGHBOURS))


def flags(tables: Sequence[Table]) -> object:
    return [row[:2] for row in tables[0].rows]


def tonnage(tables: Sequence[Table]) -> object:
    return [(row[0], row[2]) for row in tables[0].rows]


def ships(tables: Sequence[Table]) -> object:
    return tables[0].rows


def chinese(tables: Sequence[Table]) -> object:
    return sum(row[1] == "CN" for row in tables[0].rows)


class TestCoverage(QueryPricerContract):
    pricer = Coverage(Money(10_001), (1,) * 20)
    whole = told(ships, "ships")
    parts = (told(flags, "flags"), told(tonnage, "tonnage"))
    weaker = told(chinese, "how many Chinese")


def test_everything_costs_the_whole_price_to_the_unit_and_a_constant_nothing() -> None:
    everything, nothing = told(lambda tables: tables, "all"), told(lambda _: 1, "one")
    assert TestCoverage.pricer.price(QueryCase(everything)).amount == Money(10_001)
    assert TestCoverage.pricer.price(QueryCase(nothing)).amount == Money(0)


def test_an_aggregate_costs_less_than_what_it_is_made_of_and_more_than_nothing() -> None:
    price = TestCoverage.pricer.price
    few, many = price(QueryCase(told(chinese, "n"))), price(QueryCase(told(flags, "f")))
    assert Money(0) < few.amount < many.amount < price(QueryCase(told(ships, "s"))).amount


def test_weights_make_cells_dearer() -> None:
    pricer = Coverage(Money(100), (1, 0, 3))
    price = pricer.price(
        QueryCase(Query("q", neighbours=(0, 1, 2)), (Query("p", neighbours=(0,)),))
    )
    assert price.lines == (PriceLine("neighbours ruled out at 0.75 CNY", 1, Money(75)),)


def test_neighbours_are_drawn_once_each_and_differ_in_one_cell() -> None:
    assert len(set(NEIGHBOURS)) == 20
    assert NEIGHBOURS == support(HARBOUR, 20, seed=4) != support(HARBOUR, 20, seed=5)
    for change in NEIGHBOURS:
        ours = [row for table in change.of(HARBOUR) for row in table.rows]
        theirs = [row for table in HARBOUR for row in table.rows]
        cells = zip(itertools.chain(*ours), itertools.chain(*theirs), strict=True)
        assert sum(one != other for one, other in cells) == 1
    # name 3 · 2, flag 3 · 1, tons 3 · 2, ship 3 · 2, port 3 · 1
    assert len(support(HARBOUR, 24, seed=0)) == 24
    with pytest.raises(BadInput, match="25 of 24"):
        support(HARBOUR, 25, seed=0)
    with pytest.raises(ZeroDivisionError):
        conflicts(lambda _: 1 // 0, HARBOUR, NEIGHBOURS)
    with pytest.raises(BadInput, match="a row of ships"):
        Table("ships", ("name",), (("Ada", "CN"),))
    assert Change("calls", 1, 1, "Qingdao").of(HARBOUR)[1].rows[1] == ("Bo", "Qingdao")


# Provenance.


class TestProvenance(QueryPricerContract):
    pricer = Provenance(Money(5), (TuplePrice("r2", Money(30)),))
    whole = Query("both", tuples=("r1", "r2", "r3", "r3"))
    parts = (Query("left", tuples=("r1", "r2")), Query("right", tuples=("r2", "r3")))
    weaker = Query("one", tuples=("r3",))


def test_a_tuple_is_paid_for_once() -> None:
    price = TestProvenance.pricer.price
    assert price(QueryCase(TestProvenance.whole)).lines == (
        PriceLine("tuples at 0.05 CNY", 2, Money(10)),
        PriceLine("tuples at 0.30 CNY", 1, Money(30)),
    )
    known = QueryCase(TestProvenance.whole, TestProvenance.parts[:1])
    assert price(known).amount == Money(5)


# Determinacy.


def views(name: str, left: str, right: str, price: int) -> tuple[PricePoint, ...]:
    ends = [(Side.LEFT, value) for value in left] + [(Side.RIGHT, value) for value in right]
    return tuple(PricePoint(View(name, *end), Money(price)) for end in ends)


def rows(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((one[0], one[1]) for one in text.split())


def chain(domains: str, **relations: str) -> Chain:
    ends = tuple(tuple(domain) for domain in domains.split())
    return Chain(tuple(relations), ends, tuple(rows(held) for held in relations.values()))


PORTS = chain("ab xy mn", R="ax bx", S="xm")


class TestDeterminacy(QueryPricerContract):
    pricer = Determinacy(views("R", "ab", "xy", 10) + views("S", "xy", "mn", 4))
    whole = Query("R and S", chain=PORTS)
    parts = (Query("R", chain=chain("ab xy", R="ax bx")), Query("S", chain=chain("xy mn", S="xm")))
    weaker = Query("half of R", chain=chain("b x", R="bx"))


def test_the_cheapest_views_that_determine_a_join() -> None:
    # Answers a-x-m and b-x-m need R's rows, by R.right = x for 10, and S's row; with S.left = x
    # and S.left = y nothing is joined through y, and what R holds there need not be known.
    price = TestDeterminacy.pricer.price(QueryCase(TestDeterminacy.whole))
    assert [line.text for line in price.lines] == [
        "R where right is x",
        "S where left is x",
        "S where left is y",
    ]
    assert price.amount == Money(18)


def test_views_bought_before_are_free() -> None:
    pricer, whole = TestDeterminacy.pricer, TestDeterminacy.whole
    part = Query("S", chain=chain("xy mn", S="xm"))
    assert pricer.price(QueryCase(part)).amount == Money(8)
    assert pricer.price(QueryCase(whole, (part,))).amount == Money(10)


def test_a_row_between_two_missing_ones_tells_nothing() -> None:
    # a-x-m-p is no answer, which a missing pair must show: that of T, by a view for 2.
    query = Query("q", chain=chain("a x m p", R="", S="xm", T=""))
    pricer = Determinacy(
        views("R", "a", "x", 3) + views("S", "x", "m", 1) + views("T", "m", "p", 2)
    )
    assert pricer.price(QueryCase(query)).amount == Money(2)


def test_what_is_not_on_sale_determines_nothing() -> None:
    with pytest.raises(BadInput, match="do not determine R and S"):
        Determinacy(views("R", "ab", "xy", 10)).price(QueryCase(TestDeterminacy.whole))
    with pytest.raises(BadInput, match="do not determine"):
        Determinacy(()).price(QueryCase(TestDeterminacy.whole))


def determined(one: Chain, bought: set[View]) -> bool:
    """Try every database there may be: those with the same views must give the same answer."""
    pairs = [
        (i, a, b)
        for i in range(len(one.relations))
        for a, b in itertools.product(one.domains[i], one.domains[i + 1])
    ]
    true = {(i, *row) for i, held in enumerate(one.rows) for row in held}
    seen = {
        (i, a, b)
        for i, a, b in pairs
        if View(one.relations[i], Side.LEFT, a) in bought
        or View(one.relations[i], Side.RIGHT, b) in bought
    }

    def answer(held: set[tuple[int, str, str]]) -> set[tuple[str, ...]]:
        return {
            path
            for path in itertools.product(*one.domains)
            if all((i, *path[i : i + 2]) in held for i in range(len(one.relations)))
        }

    unseen = [pair for pair in pairs if pair not in seen]
    expected = answer(true)
    for kept in itertools.product((False, True), repeat=len(unseen)):
        held = (true & seen) | {pair for pair, there in zip(unseen, kept, strict=True) if there}
        if answer(held) != expected:
            return False
    return True


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_cut_is_the_cheapest_of_all_sets_that_determine_the_query(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from(["ab xy", "a xy m", "ab x mn", "ab xy m", "a x mn p"]))
    domains = shape.split()
    names = "RST"[: len(domains) - 1]
    drawn = {
        name: " ".join(a + b for a, b in itertools.product(*ends) if data.draw(st.booleans()))
        for name, ends in zip(names, itertools.pairwise(domains), strict=True)
    }
    query = chain(shape, **drawn)
    points = [
        replace(point, price=Money(data.draw(st.integers(0, 9))))
        for name, ends in zip(names, itertools.pairwise(domains), strict=True)
        for point in views(name, *ends, 0)
    ]
    best = min(
        sum(point.price.minor for point in chosen)
        for count in range(len(points) + 1)
        for chosen in itertools.combinations(points, count)
        if determined(query, {point.view for point in chosen})
    )
    priced = Determinacy(tuple(points)).price(QueryCase(Query("q", chain=query)))
    assert priced.amount.minor == best


# Private data.


def noisy(variance: str, **weights: str) -> NoisyLinear:
    held = tuple(OwnerWeight(owner, Fraction(weight)) for owner, weight in weights.items())
    return NoisyLinear(held, Fraction(variance))


class TestPrivate(QueryPricerContract):
    pricer = Private((OwnerRate("ann", Money(100)), OwnerRate("bob", Money(300))))
    whole = Query("q", linear=noisy("2", ann="1", bob="1"))
    parts = (
        Query("q1", linear=noisy("4", ann="1", bob="1")),
        Query("q2", linear=noisy("4", ann="1", bob="1")),
    )
    weaker = Query("half", linear=noisy("2", ann="1/2", bob="1/2"))
    history_aware = False


def test_a_price_by_variance_and_its_micro_payments() -> None:
    # f² = 100 · 1 + 300 · 1, over v = 2; the owners' parts are 50 and 150.
    price = TestPrivate.pricer.price(QueryCase(TestPrivate.whole))
    assert price.amount == Money(200)
    assert price.payments == (Payment("ann", Money(50)), Payment("bob", Money(150)))
    half = replace(TestPrivate.pricer, share=Fraction(1, 3)).price(QueryCase(TestPrivate.whole))
    assert [payment.amount.minor for payment in half.payments] == [17, 49]
    left_out = Query("q", linear=noisy("1", ann="2", bob="0"))
    assert TestPrivate.pricer.price(QueryCase(left_out)).payments[1] == Payment("bob", Money(0))


def test_answers_too_cheap_to_charge_for_are_charged_for() -> None:
    # Half a fen each: rounded to nothing, two of them would be an answer for nothing.
    cheap = Private((OwnerRate("ann", Money(1)),))
    half = QueryCase(Query("q", linear=noisy("2", ann="1")))
    assert cheap.price(half).amount == Money(1)


weights = st.fractions(-3, 3, max_denominator=4)


@given(
    st.tuples(weights, weights), st.tuples(weights, weights), st.integers(1, 9), st.integers(1, 9)
)
@settings(deadline=None)
def test_combining_two_answers_is_never_cheaper(
    one: tuple[Fraction, ...], other: tuple[Fraction, ...], v: int, w: int
) -> None:
    # Answers to q and r of variances v and w give one to q + r of variance v + w.
    def price(of: tuple[Fraction, ...], variance: int) -> int:
        linear = noisy(str(variance), ann=str(of[0]), bob=str(of[1]))
        return TestPrivate.pricer.price(QueryCase(Query("q", linear=linear))).amount.minor

    both = (one[0] + other[0], one[1] + other[1])
    assert price(both, v + w) <= price(one, v) + price(other, w)
    assert price(one, v + 1) <= price(one, v)


def test_a_query_that_tells_nothing_costs_nothing_and_pays_nobody() -> None:
    price = TestPrivate.pricer.price(QueryCase(Query("q", linear=noisy("1", ann="0"))))
    assert price == QueryPrice(Money(0))


def test_another_answer_under_the_same_name_is_refused() -> None:
    other = Query("q", linear=noisy("9", ann="1"))
    with pytest.raises(BadInput, match="history: q stands for another"):
        TestPrivate.pricer.price(QueryCase(TestPrivate.whole, (other,)))


def test_the_pricers_are_registered() -> None:
    assert plugins.names("query_pricers") == ("coverage", "determinacy", "private", "provenance")
    assert plugins.load("query_pricers", "coverage") is Coverage


YEN = Money(1, Currency.JPY)
ONE = Coverage(Money(1), (1,))
ANN = OwnerWeight("ann", Fraction(1))
EVE = Query("q", linear=noisy("1", eve="1"))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: Query(" "), r"query\.id"),
        (lambda: Query("q", neighbours=(-1,)), r"query\.neighbours"),
        (lambda: Coverage(Money(-1), (1,)), "whole"),
        (lambda: Coverage(Money(1), ()), "weights"),
        (lambda: Coverage(Money(1), (0, 0)), "weights"),
        (lambda: Coverage(Money(1), (2, -1)), "weights"),
        (lambda: ONE.price(QueryCase(Query("q", neighbours=(1,)))), "neighbours: q names 1"),
        (lambda: Provenance(Money(1), (TuplePrice("a", YEN),)), "listed"),
        (lambda: Provenance(Money(1), (TuplePrice("a", Money(1)),) * 2), "listed: a tuple"),
        (lambda: Determinacy(views("R", "aa", "", 1)), "points: a view"),
        (lambda: Determinacy((PricePoint(View("R", Side.LEFT, "a"), Money(-1)),)), "points"),
        (lambda: Chain((), ((),), ()), r"chain\.relations"),
        (lambda: Chain(("R", "R"), ((), (), ()), ((), ())), r"chain\.relations"),
        (lambda: Chain(("R",), (("a",),), ((),)), "chain: rows"),
        (lambda: chain("a x", R="ay"), r"chain\.rows: \(a, y\) of R"),
        (lambda: noisy("0", ann="1"), r"linear\.variance"),
        (lambda: noisy("-1", ann="1"), r"linear\.variance"),
        (lambda: NoisyLinear((ANN, ANN), Fraction(1)), r"linear\.weights"),
        (lambda: Private(()), "rates"),
        (lambda: Private((OwnerRate("a", Money(1)),) * 2), "rates"),
        (lambda: Private((OwnerRate("a", Money(1)), OwnerRate("b", YEN))), "rates: CNY and JPY"),
        (lambda: Private((OwnerRate("a", Money(1)),), Fraction(2)), "share"),
        (lambda: OwnerRate(" ", Money(1)), r"rates\.owner"),
        (lambda: TestPrivate.pricer.price(QueryCase(EVE)), r"linear\.weights: eve"),
        (lambda: QueryPrice(Money(2), (PriceLine("x", 1, Money(1)),)), "lines: they explain"),
        (lambda: QueryPrice(Money(0), (), (Payment("a", Money(1)),)), "payments: owners get"),
        (lambda: PriceLine("x", 0, Money(1)), r"lines\.count"),
        (lambda: Payment("a", Money(-1)), r"payments\.amount"),
    ],
)  # fmt: skip
def test_what_cannot_be_priced_is_named(wrong: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        wrong()


def test_a_chain_too_wide_to_compare_is_refused() -> None:
    wide = tuple(map(str, range(400)))
    with pytest.raises(BadInput, match="more than the 100,000 pairs"):
        Determinacy(()).price(QueryCase(Query("q", chain=Chain(("R",), (wide, wide), ((),)))))


@dataclass(frozen=True)
class ByTheTuple:
    """Charges for every tuple each time, and gives a discount on few of them."""

    def price(self, case: QueryCase) -> QueryPrice:
        count = len(case.query.tuples or ()) ** 2 or 1
        amount = Money(count if case.history == () else 2 * count)
        return QueryPrice(amount, (PriceLine("tuples", count, amount),))


@dataclass(frozen=True)
class ByTheAnswer:
    """Charges an answer more the shorter it is."""

    def price(self, case: QueryCase) -> QueryPrice:
        amount = Money(0 if case.history else 100 // len(case.query.tuples or (1,)))
        return QueryPrice(amount, (PriceLine("an answer", 1, amount),))


def kit(pricer: Any) -> QueryPricerContract:
    contract = QueryPricerContract()
    contract.pricer, contract.weaker = pricer, TestProvenance.weaker
    contract.whole, contract.parts = TestProvenance.whole, TestProvenance.parts
    return contract


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (kit(ByTheTuple()).test_refuses_what_it_cannot_read, "without knowing the query"),
        (kit(ByTheTuple()).test_parts_never_undercut_the_whole, "parts cost 0.08 CNY"),
        (kit(ByTheTuple()).test_nothing_is_charged_twice, "the same answer costs"),
        (kit(ByTheTuple()).test_what_was_bought_makes_nothing_dearer, "after an earlier query"),
        (kit(ByTheAnswer()).test_what_tells_less_never_costs_more, "for what follows from"),
    ],
)  # fmt: skip
def test_the_kit_finds_what_a_query_pricer_must_not_do(test: Callable[[], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        test()
