from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.errors import BadInput, BadShares
from pricing.lineage import (
    DEPTH_MAX,
    ByLineage,
    Descent,
    Parent,
    Passed,
    Product,
    Stage,
    distribute,
)
from pricing.money import MINOR_MAX, Money
from pricing.record import Replayed, recorded, replay
from pricing.sharing import Owner, SharingCase


def product(number: str, keeps: int, owner: str, **parents: int) -> Product:
    made_from = tuple(Parent(name, weight) for name, weight in parents.items())
    return Product(number, (Owner(owner, 1),), keeps, made_from)


# A forecast made from radar and buoys, the radar's and the buoys' products both from a chart.
DIAMOND = (
    product("forecast", 2, "institute", radar=1, buoys=1),
    product("radar", 1, "port", chart=1),
    product("buoys", 3, "station", chart=1),
    product("chart", 1, "bureau"),
    product("elsewhere", 1, "stranger", forecast=1),
)


def parts(descent: Descent) -> dict[str, int]:
    return {share.owner: share.part.minor for share in descent.allocation.shares}


def test_a_diamond_is_paid_by_both_ways_and_strangers_get_nothing() -> None:
    found = distribute(Money(800), "forecast", DIAMOND)
    assert parts(found) == {"institute": 400, "port": 100, "station": 150, "bureau": 150}
    shares = {share.owner: share.share for share in found.allocation.shares}
    assert shares["bureau"] == Fraction(1, 8) + Fraction(1, 16)
    stages = {stage.product: stage for stage in found.stages}
    assert stages["chart"].received == Money(150)
    assert stages["radar"].parents == (Passed("chart", Money(100)),)
    assert found.stages[-1].product == "chart"


def test_a_product_without_parents_goes_to_its_owners() -> None:
    owners = (Owner("a", 2), Owner("b", 1))
    assert parts(distribute(Money(100), "p", [Product("p", owners)])) == {"a": 67, "b": 33}


def test_an_owner_of_two_products_gets_both_parts() -> None:
    products = (product("child", 1, "lab", parent=1), product("parent", 1, "lab"))
    assert parts(distribute(Money(7), "child", products)) == {"lab": 7}


def test_a_product_that_keeps_nothing_needs_no_owner() -> None:
    products = (Product("index", keeps=0, parents=(Parent("p", 1),)), product("p", 1, "a"))
    assert parts(distribute(Money(5), "index", products)) == {"a": 5}
    with pytest.raises(BadInput, match="index keeps a part and nobody owns it"):
        distribute(Money(5), "index", (Product("index", parents=(Parent("p", 1),)), products[1]))


def test_worths_decide_by_the_shapley_value_of_the_parts() -> None:
    # The work (bit 0) needs both parents to be worth anything, 6 with them; either parent by
    # itself is worth 1, both 2: the work has (6 − 2)/3, each parent 1 + (6 − 2)/3.
    worths = tuple(map(Fraction, (0, 0, 1, 1, 1, 1, 2, 6)))
    made = Product("m", (Owner("lab", 1),), parents=(Parent("x"), Parent("y")), worths=worths)
    products = (made, product("x", 1, "a"), product("y", 1, "b"))
    found = distribute(Money(900), "m", products)
    assert parts(found) == {"lab": 200, "a": 350, "b": 350}


def test_a_part_that_takes_worth_away_is_named() -> None:
    worths = tuple(map(Fraction, (0, 2, 0, 1)))
    harmful = Product("m", (Owner("lab", 1),), parents=(Parent("x"),), worths=worths)
    with pytest.raises(BadShares, match="value of x in m is below zero"):
        distribute(Money(1), "m", (harmful, product("x", 1, "a")))
    with pytest.raises(BadInput, match="worths: 4 of m"):
        Product("m", parents=(), worths=worths)


def test_a_cycle_is_named() -> None:
    products = (
        product("sold", 1, "a", x=1),
        product("x", 1, "a", y=1),
        product("y", 1, "a", z=1),
        product("z", 1, "a", x=1),
    )
    with pytest.raises(BadInput, match="x from y from z from x: made from itself"):
        distribute(Money(1), "sold", products)
    with pytest.raises(BadInput, match="p from p"):
        distribute(Money(1), "p", [product("p", 1, "a", p=1)])


def chain(length: int) -> list[Product]:
    linked = [product(str(i), 1, f"o{i}", **{str(i + 1): 1}) for i in range(length - 1)]
    return [*linked, product(str(length - 1), 1, "last")]


def test_depth_is_bounded_whichever_way_is_taken() -> None:
    assert len(distribute(Money(100), "0", chain(DEPTH_MAX)).stages) == DEPTH_MAX
    with pytest.raises(BadInput, match=f"more than {DEPTH_MAX} products on one way up"):
        distribute(Money(100), "0", chain(DEPTH_MAX + 1))
    # The long way is found although its end is met by a short cut first.
    long = [product("top", 1, "t", **{"1": 1, "0": 1}), *chain(DEPTH_MAX)]
    with pytest.raises(BadInput, match="more than"):
        distribute(Money(100), "top", long)


@pytest.mark.parametrize(
    ("products", "named"),
    [
        ((product("sold", 1, "a", gone=1),), "gone is not among the products"),
        ((product("sold", 1, "a"), product("sold", 2, "a")), "sold is there twice"),
        ((Product("sold", (Owner("a"),)),), "weight: that of a in sold"),
        ((Product("sold", (Owner("a", 1),), 1, (Parent("p"),)), product("p", 1, "a")), "of p in"),
    ],
)
def test_what_is_missing_is_named(products: tuple[Product, ...], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        distribute(Money(1), "sold", products)


def test_weights_that_divide_nothing_name_the_product() -> None:
    with pytest.raises(BadShares, match="sold"):
        distribute(Money(1), "sold", [product("sold", 0, "a")])
    with pytest.raises(BadShares, match="owners of sold"):
        distribute(Money(1), "sold", [Product("sold", (Owner("a", 0),))])


def test_a_product_outside_its_domain_is_named() -> None:
    with pytest.raises(BadInput, match="a parent of p is named twice"):
        Product("p", parents=(Parent("x", 1), Parent("x", 1)))
    with pytest.raises(BadInput, match="an owner of p is named twice"):
        Product("p", (Owner("x", 1), Owner("x", 1)))
    with pytest.raises(BadInput, match="keeps of p"):
        Product("p", keeps=-1)
    with pytest.raises(BadInput, match="weight of x"):
        Parent("x", -1)


def test_a_stage_that_loses_a_fen_is_none() -> None:
    with pytest.raises(BadShares, match="p gives out other than"):
        Stage("p", Money(2), (Passed("a", Money(1)),), ())


weights = st.integers(0, 5)


@st.composite
def registers(draw: st.DrawFn) -> tuple[Product, ...]:
    """Products 0 … n − 1, each made from any of those after it, the weights not all zero."""
    n = draw(st.integers(1, 8))
    found = []
    for i in range(n):
        made_from = draw(st.sets(st.integers(i + 1, n - 1))) if i < n - 1 else set[int]()
        parents = tuple(Parent(str(j), draw(weights)) for j in sorted(made_from))
        owners = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True))
        owned = tuple(Owner(f"owner {j}", draw(st.integers(1, 9))) for j in owners)
        found.append(Product(str(i), owned, draw(st.integers(1, 5)), parents))
    return tuple(found)


@given(registers(), st.integers(-MINOR_MAX, MINOR_MAX), st.randoms())
@settings(max_examples=80, deadline=None)
def test_what_goes_in_comes_out_and_stays_in_the_family(
    products: tuple[Product, ...], minor: int, chance: Random
) -> None:
    found = distribute(Money(minor), "0", products)
    known = {each.number: each for each in products}
    # The family, found without the code under test.
    family, grown = {"0"}, True
    while grown:
        above = {parent.number for at in family for parent in known[at].parents}
        grown = not above <= family
        family |= above
    assert [stage.product for stage in found.stages] == list(
        dict.fromkeys(stage.product for stage in found.stages)
    )
    assert {stage.product for stage in found.stages} == family
    # Every product gives out what it receives, and receives what its children pass on.
    for stage in found.stages:
        given = sum(each.part.minor for each in (*stage.owners, *stage.parents))
        came = sum(
            each.part.minor for s in found.stages for each in s.parents if each.to == stage.product
        )
        assert given == stage.received.minor == (minor if stage.product == "0" else came)
    # Owners together have the amount, and are owners of the family.
    assert sum(parts(found).values()) == minor
    owners = {owner.id for at in family for owner in known[at].owners}
    assert set(parts(found)) <= owners
    # Rounding moves a part by no more than a unit for each product and way that it came by.
    for share in found.allocation.shares:
        assert abs(share.part.minor - minor * share.share) <= 4 * len(family)
    # The order in which products are handed over makes no difference.
    shuffled = list(products)
    chance.shuffle(shuffled)
    assert distribute(Money(minor), "0", shuffled) == found


def test_a_lineage_is_recorded_and_replays() -> None:
    owners = tuple(map(Owner, ("bureau", "institute", "port", "station", "stranger")))
    case = SharingCase(Money(801), owners)
    allocation, record = recorded(ByLineage("forecast", DIAMOND), case)
    assert [share.part.minor for share in allocation.shares] == [150, 401, 100, 150, 0]
    assert replay(record) is Replayed.BIT_FOR_BIT


def test_money_goes_to_no_owner_whom_the_case_does_not_name() -> None:
    with pytest.raises(BadInput, match="bureau owns a product and is not in the case"):
        ByLineage("chart", DIAMOND).allocate(SharingCase(Money(1), (Owner("port"),)))
    with pytest.raises(BadInput, match="nobody owns none"):
        ByLineage("chart", DIAMOND).allocate(
            SharingCase(Money(1), (Owner("bureau"), Owner("nobody")))
        )


def test_a_weight_left_open_is_that_of_the_case() -> None:
    allocator = ByLineage("sold", (Product("sold", (Owner("a"), Owner("b"))),))
    case = SharingCase(Money(9), (Owner("a", 1), Owner("b", 2)))
    assert [share.part.minor for share in allocator.allocate(case).shares] == [3, 6]
    with pytest.raises(BadInput, match="weight: that of a in sold"):
        allocator.allocate(SharingCase(Money(9), (Owner("a"), Owner("b", 2))))
