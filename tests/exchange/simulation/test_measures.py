"""The measures of a run, against a market small enough to work out by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.simulation.measures import Fairness, Welfare, measure
from exchange.simulation.trace import Trace
from tests.exchange.simulation.traces import product, sale, trace_of, trader, wish

SUPPLIERS = [trader("s0", "supplier"), trader("s1", "supplier")]
BUYERS = [trader(f"b{n}", "buyer") for n in range(3)]  # places 2, 3, 4


def small() -> Trace:
    """Return two suppliers, three buyers, three products, four days.

    Product 0 (kind a) sells on days 0 and 2, product 1 (kind b) on day 1 and to a ring on day 3,
    product 2 (kind a) never; the gate refuses product 3.
    """
    return trace_of(
        4,
        participants=[*SUPPLIERS, *BUYERS],
        products=[
            product("a", 0, quality=0.9),
            product("b", 1, quality=0.5, listed=1),
            product("a", 1, quality=0.3, listed=2),
            product("b", 1, listed=-1, refused_by="Q-05 T-04"),
        ],
        wishes=[
            sale(0, 2, 0, value=150, amount=100, fee=5, to_contributors=20),
            sale(1, 3, 1, value=90, amount=60, fee=3),
            wish(1, 2, 0, value=80, ending="declined"),
            sale(2, 3, 0, value=120, amount=110, fee=6, to_contributors=22),
            wish(2, 3, 2, value=40, ending="refused", rule="policy.region"),
            sale(3, 4, 1, value=1, amount=70, fee=4),  # buyer 4 is supplier 1's own
        ],
        looks=[
            {"day": 0, "kind": "a", "arrivals": 2, "looks": 3, "wishes": 1},
            {"day": 1, "kind": "a", "arrivals": 1, "looks": 1, "wishes": 1},
            {"day": 1, "kind": "b", "arrivals": 1, "looks": 2, "wishes": 1},
            {"day": 2, "kind": "a", "arrivals": 4, "looks": 8, "wishes": 2},
        ],
        planted=[
            {"case": 0, "conduct": "wash", "participant": 1, "product": 1, "last_day": 3},
            {"case": 0, "conduct": "wash", "participant": 4, "product": -1, "last_day": 3},
        ],
        shares=[
            {"product": 0, "contributor": "c0", "declared": 750_000, "got": 30},
            {"product": 0, "contributor": "c1", "declared": 250_000, "got": 12},
        ],
    )


def test_volume_is_what_the_exchange_saw() -> None:
    found = measure(small()).total
    assert (found.wishes, found.trades, found.amount) == (6, 4, 340)
    assert (found.sham_trades, found.sham_amount, found.sham_fees) == (1, 70, 4)
    assert (found.arrivals, found.looks) == (8, 14)
    assert found.match_rate == 3 / 8
    assert found.success == 3 / 5


def test_welfare_adds_up_to_the_fen() -> None:
    # The ring paid 70 to itself, of which the exchange kept 4: supplier 1 is 4 poorer.
    assert measure(small()).total.welfare == Welfare(
        gains=150 + 90 + 120,
        buyers=50 + 30 + 10,
        suppliers=75 + 57 + 82 - 4,
        exchange=5 + 3 + 6 + 4,
        contributors=42,
        missed=80 + 40,
    )
    assert measure(small()).total.welfare.efficiency == 360 / 480


def test_days_and_kinds_each_add_up_to_the_whole() -> None:
    found = measure(small())
    a, b = found.by_kind
    assert (a.kind, b.kind) == ("a", "b")
    assert [day.amount for day in found.by_day] == [100, 60, 110, 70]
    assert [day.amount for day in a.by_day] == [100, 0, 110, 0]
    assert [day.welfare.buyers for day in b.by_day] == [0, 30, 0, 0]
    assert a.total.arrivals == 7
    assert found.kinds["b"].total.sham_trades == 1


def test_prices_follow_matched_products_and_no_ring() -> None:
    a, b = measure(small()).by_kind
    assert a.price_index == pytest.approx((1.0, None, 1.1, None))
    assert b.price_index == (None, 1.0, None, None)
    # Product 1 went for 60 and then, to the ring, for 70.
    assert b.price_index_with_sham == pytest.approx((None, 1.0, None, 70 / 60))
    assert a.price_index_with_sham == a.price_index


def test_a_ring_that_trades_first_is_set_beside_the_first_real_price() -> None:
    ring = [sale(day, 4, 1, value=0, amount=amount) for day, amount in enumerate((50, 100, 150))]
    found = measure(
        trace_of(
            3,
            participants=[*SUPPLIERS, *BUYERS],
            products=[product("a", 0), product("a", 1)],
            wishes=[*ring, *(sale(day, 2, 0, value=90, amount=80) for day in (1, 2))],
            planted=[{"conduct": "wash", "participant": who} for who in (1, 4)],
        )
    )
    (a,) = found.by_kind
    assert a.price_index == (None, 1.0, 1.0)
    assert a.price_index_with_sham == pytest.approx((0.5 / 1.5**0.25, 1.0, 1.5**0.5))


def test_quality_is_that_of_what_was_traded_and_of_what_stood_listed() -> None:
    a, b = measure(small()).by_kind
    assert [day.quality for day in a.by_day] == [0.9, None, 0.9, None]
    assert a.listed_quality == pytest.approx((0.9, 0.9, 0.6, 0.6))
    assert b.listed_quality == (None, 0.5, 0.5, 0.5)


def test_what_a_supplier_took_away_with_it_stands_on_the_board_no_longer() -> None:
    found = measure(
        trace_of(
            5,
            participants=[*SUPPLIERS, *BUYERS],
            products=[
                product("a", 0, quality=0.9, listed=1),
                product("a", 1, quality=0.3, left=3),
                product("b", 1, quality=0.2, left=3),
                product("b", 1, quality=0.2, listed=3, left=3),  # on no day on the board
            ],
            wishes=[sale(4, 2, 0, value=9, amount=8), sale(1, 2, 2, value=9, amount=8)],
        )
    )
    a, b = found.by_kind
    assert a.listed_quality == pytest.approx((0.3, 0.6, 0.6, 0.9, 0.9))
    assert b.listed_quality == pytest.approx((0.2, 0.2, 0.2, None, None))
    assert found.listed_quality[:3] == pytest.approx((0.25, 1.4 / 3, 1.4 / 3))
    assert found.listed_quality[3:] == pytest.approx((0.9, 0.9))
    # At risk are three, two of them for three days: who left unsold was not watched until the end.
    assert found.first_sale.waiting.curve == ((1, 2 / 3), (3, 1 / 3))
    assert (found.first_sale.listed, found.first_sale.sold) == (3, 2)


def test_products_never_sold_wait_for_as_long_as_they_were_watched() -> None:
    found = measure(small())
    # Product 0 sells at once, product 1 on its first day, product 2 not in two days.
    assert found.first_sale.waiting.curve == ((0, 1 / 3),)
    assert found.first_sale.waiting.median == 0
    assert (found.first_sale.listed, found.first_sale.sold) == (3, 2)
    assert found.first_sale.never_sold == pytest.approx(1 / 3)
    assert found.kinds["a"].first_sale.waiting.median == 0
    assert found.kinds["b"].first_sale.waiting.curve == ((0, 0.0),)


def test_inequality_and_concentration_leave_the_ring_out() -> None:
    found = measure(small())
    # Sales of 210 and 60; buyers spent 100 and 170, and the ring's buyer is nobody's demand.
    assert found.suppliers_gini == (2 * (60 + 2 * 210) - 3 * 270) / (2 * 270)
    assert found.buyers_gini == (2 * (100 + 2 * 170) - 3 * 270) / (2 * 270)
    assert [kind.concentration for kind in found.by_kind] == [10_000, 10_000]


def test_refusals_are_counted_by_rule() -> None:
    found = measure(small())
    assert found.gate_refusals == (("Q-05", 1), ("T-04", 1))
    assert found.trade_refusals == (("policy.region", 1),)
    assert found.endings == (("executed", 4), ("declined", 1), ("refused", 1))


def test_contributors_get_their_declared_share_or_it_shows() -> None:
    # Of 42, three quarters are 31.5: 1.5 lie with the other one, counted down to whole fen.
    assert measure(small()).fairness == Fairness(
        products=1, contributors=2, shared=42, misplaced=1, worst=30 / 31.5
    )


def test_a_trade_whose_parts_are_not_its_price_is_refused() -> None:
    broken = trace_of(
        1,
        participants=[*SUPPLIERS, *BUYERS],
        products=[product("a", 0)],
        wishes=[sale(0, 2, 0, value=9, amount=8, fee=1), sale(0, 3, 0, 9, 8, to_supplier=7)],
    )
    with pytest.raises(ValueError, match="wishes: the parts of wish 1 are not its amount"):
        measure(broken)


def test_an_empty_run_has_nothing_to_measure() -> None:
    found = measure(trace_of(2))
    assert found.total.match_rate is None
    assert found.total.welfare == Welfare(0, 0, 0, 0, 0, 0)
    assert found.by_kind == ()
    assert found.first_sale.never_sold is None
    assert found.fairness.misplaced_share is None


def test_a_run_before_anything_was_shared_has_no_such_table() -> None:
    whole = small()
    tables = {name: table for name, table in whole.tables.items() if name != "shares"}
    cut = Trace("m", "00", 1, "fast", whole.days, 0, "", tables)
    assert measure(cut).fairness.shared == 0


def test_the_record_is_json_with_what_is_derived() -> None:
    record = measure(small()).to_record()
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["total"]["match_rate"] == 0.375
    assert record["total"]["welfare"]["efficiency"] == 0.75
    assert record["by_kind"][0]["price_index"] == [1.0, None, 1.1, None]
    assert record["endings"][0] == ["executed", 4]


@st.composite
def runs(draw: st.DrawFn) -> Trace:
    def any_wish() -> dict[str, Any]:
        day, buyer, which = draw(st.tuples(*map(st.integers, (0, 0, 0), (2, 3, 3))))
        value, amount = draw(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)))
        if draw(st.booleans()):
            return dict(wish(day, 2 + buyer, which, value, "declined"))
        fee = draw(st.integers(0, amount))
        got = draw(st.integers(0, amount - fee))
        return dict(sale(day, 2 + buyer, which, value, amount, fee=fee, to_contributors=got))

    return trace_of(
        3,
        participants=[*SUPPLIERS, *BUYERS, trader("b3", "buyer")],
        products=[product("ab"[n % 2], n // 2, quality=n / 4) for n in range(4)],
        wishes=[any_wish() for _ in range(draw(st.integers(0, 8)))],
        planted=[{"conduct": "wash", "participant": place} for place in (1, 5)],
    )


@given(runs())
def test_gains_go_to_somebody(run: Trace) -> None:
    found = measure(run)
    slices = [found.total, *found.by_day]
    for kind in found.by_kind:
        slices += [kind.total, *kind.by_day]
    for each in slices:
        split = each.welfare
        parts = split.buyers + split.suppliers + split.exchange + split.contributors
        assert split.gains == parts
    for part in ("gains", "missed", "exchange"):
        whole = getattr(found.total.welfare, part)
        assert sum(getattr(day.welfare, part) for day in found.by_day) == whole
        assert sum(getattr(kind.total.welfare, part) for kind in found.by_kind) == whole
