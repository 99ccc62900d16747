"""Each detector against a case made by hand, and against the honest case most like it."""

from __future__ import annotations

import numpy as np
import pytest

from exchange.surveillance import Pattern, watch
from exchange.surveillance.alerts import EVIDENCE_MAX
from exchange.surveillance.concentration import concentrated
from exchange.surveillance.discrimination import history, price_discrimination
from exchange.surveillance.exclusivity import ExclusivityLimits, forced_exclusivity
from exchange.surveillance.tape import DAY, Tape, whole
from exchange.surveillance.wash import needless, wash_trades
from tests.exchange.surveillance.tapes import Offer, Trade, tape_of_rows

GOODS = {"a1": ("A", "x"), "b1": ("B", "x"), "c1": ("C", "x"), "d1": ("D", "y")}


def crowd(days: int = 16) -> list[Trade]:
    """Twelve honest buyers, each buying one thing every fourth day, each time another one."""
    names = list(GOODS)
    return [
        (day, f"h{n}", names[(n + day // 4) % 4], 100)
        for day in range(days)
        for n in range(12)
        if day % 4 == n % 4
    ]


def ring(days: int = 16) -> list[Trade]:
    return [(day, f"r{day % 2}", "a1", 90) for day in range(days)]


def test_a_needless_purchase_is_one_of_a_right_that_still_runs() -> None:
    trades: list[Trade] = [
        (0, "b", "a1", 1),
        (5, "b", "a1", 1),
        (5, "c", "a1", 1),
        (6, "b", "b1", 1),
    ]
    assert needless(tape_of_rows(GOODS, trades)).tolist() == [False, True, False, False]
    assert not needless(tape_of_rows(GOODS, trades, term_days=5)).any()
    assert not needless(tape_of_rows(GOODS, [])).any()


def test_a_ring_buys_again_and_again_what_it_has() -> None:
    trades = sorted(crowd() + ring())
    (found,) = wash_trades(tape_of_rows(GOODS, trades))
    assert (found.pattern, found.way) == (Pattern.WASH, "ring")
    assert (found.suppliers, found.buyers, found.kinds) == (("A",), ("r0", "r1"), ("x",))
    assert found.facts["captive"] == 1
    assert found.facts["needless"] == pytest.approx(14 / 16)
    assert found.facts["equal_amounts"] == 1
    assert found.facts["share_of_supplier"] == pytest.approx(16 / 28)
    assert found.trades == tuple(f"T-{n}" for n, row in enumerate(trades) if row[1] in {"r0", "r1"})
    assert found.first // DAY == 0
    assert found.last // DAY == 15


def test_subscribers_that_pay_period_by_period_are_no_ring() -> None:
    tape = tape_of_rows(GOODS, sorted(crowd() + ring()), term_days=2)
    assert list(wash_trades(tape)) == []


def test_one_faithful_buyer_is_no_ring() -> None:
    alone: list[Trade] = [(day, "r0", "a1", 90) for day in range(16)]
    assert list(wash_trades(tape_of_rows(GOODS, sorted(crowd() + alone)))) == []


def circle(amounts: tuple[int, int, int]) -> list[Trade]:
    """A buys from B, B from C, C from A, three times over."""
    legs = (("A", "b1"), ("B", "c1"), ("C", "a1"))
    return [
        (day, buyer, good, amount)
        for day in range(3)
        for (buyer, good), amount in zip(legs, amounts, strict=True)
    ]


def test_money_that_comes_back_is_a_circle() -> None:
    (found,) = wash_trades(tape_of_rows(GOODS, sorted(crowd() + circle((100, 100, 100)))))
    assert (found.way, found.suppliers, found.buyers) == ("circle", ("A", "B", "C"), ())
    assert found.count == 9
    assert found.facts == {"members": 3, "amount": 900, "imbalance": 0}
    assert found.score == 1


def test_a_chain_of_value_is_no_circle() -> None:
    # A keeps two thirds of what it is paid: positions do not end near zero.
    tape = tape_of_rows(GOODS, sorted(crowd() + circle((100, 200, 300))))
    assert list(wash_trades(tape)) == []


def test_money_given_back_beside_the_trades_closes_a_circle() -> None:
    bought: list[Trade] = [(0, "friend", "a1", 50), (2, "friend", "a1", 50)]
    paid = [(1, "A", "friend", 50), (3, "A", "friend", 49)]
    (found,) = wash_trades(tape_of_rows(GOODS, bought, payments=paid))
    assert (found.way, found.suppliers, found.buyers) == ("circle", ("A",), ("friend",))
    assert list(wash_trades(tape_of_rows(GOODS, bought, payments=paid[:1]))) == []


def test_a_circle_inside_a_web_is_peeled_out() -> None:
    # D trades twice with each way, and not evenly; the circle goes round three times.
    web: list[Trade] = [row for _ in range(2) for row in ((0, "D", "a1", 500), (1, "A", "d1", 100))]
    (found,) = wash_trades(tape_of_rows(GOODS, sorted(circle((70, 70, 70)) + web)))
    assert found.suppliers == ("A", "B", "C")


def loyal_offers(extra: int, buyers: int = 6, weeks: int = 4) -> tuple[list[Trade], list[Offer]]:
    """Half of the buyers bought in week 0; then all are offered the same but for `extra`."""
    trades: list[Trade] = [(0, f"b{n}", "a1", 1_000) for n in range(buyers // 2)]
    offers: list[Offer] = [
        (7 * week + n % 5, f"b{n}", "a1", 1_000 + 100 * week + (extra if n < buyers // 2 else 0))
        for week in range(1, weeks + 1)
        for n in range(buyers)
    ]
    return trades, sorted(offers)


def test_history_counts_what_was_bought_before_the_offer() -> None:
    trades: list[Trade] = [(1, "b", "a1", 9), (3, "b", "a1", 9), (3, "b", "b1", 9)]
    offers: list[Offer] = [
        (0, "b", "a1", 9),
        (2, "b", "a1", 9),
        (4, "b", "a1", 9),
        (4, "c", "a1", 9),
    ]
    assert history(tape_of_rows(GOODS, trades, offers)).tolist() == [0, 1, 2, 0]


def test_loyal_buyers_that_pay_more_are_found_with_how_much() -> None:
    (found,) = price_discrimination(tape_of_rows(GOODS, *loyal_offers(100)))
    assert (found.pattern, found.suppliers) == (Pattern.DISCRIMINATION, ("A",))
    assert found.buyers == ("b0", "b1", "b2")
    # A tenth on 1,100 to 1,400, in the mean of logarithms.
    mean = np.mean([np.log((1_100 + 100 * w) / (1_000 + 100 * w)) for w in range(1, 5)])
    assert found.facts["effect"] == pytest.approx(np.expm1(mean))
    # Of six prices the loyal three are ranked 4, 5, 6 in each of four weeks, all of two values:
    # W − E = 4.5, Var = 3·3/12 · (7 − 48/30), z = 4 · 4.5 / √(4 · Var).
    z = 4 * 4.5 / (4 * 0.75 * (7 - 48 / 30)) ** 0.5
    assert found.facts["odds"] == pytest.approx(0.5 * (1 - float(_erf(z))), rel=1e-6)


def _erf(z: float) -> float:
    from math import erf, sqrt  # noqa: PLC0415 - beside its one use

    return erf(z / sqrt(2))


@pytest.mark.parametrize("extra", [0, -100, 15])
def test_equal_prices_discounts_and_trifles_are_no_discrimination(extra: int) -> None:
    assert list(price_discrimination(tape_of_rows(GOODS, *loyal_offers(extra)))) == []


def test_prices_that_rise_while_loyalty_grows_are_no_discrimination() -> None:
    # New buyers early and cheap, loyal ones late and dear: never in one stretch of time.
    trades: list[Trade] = [(0, f"b{n}", "a1", 1_000) for n in range(8)]
    offers: list[Offer] = [(1, f"new{n}", "a1", 1_000) for n in range(8)]
    offers += [(29, f"b{n}", "a1", 1_500) for n in range(8)]
    assert list(price_discrimination(tape_of_rows(GOODS, trades, offers))) == []
    # With the list price known, stretches are longer, and what the list did is taken out.
    same = [(day, who, good, 1_000) for day, who, good, _ in offers]
    assert list(price_discrimination(tape_of_rows(GOODS, trades, same, listed={"a1": 1_000}))) == []


def exclusive(bound: int, buyers: int = 10, days: int = 30) -> list[Trade]:
    """Buyers of A that also buy from B, and others that buy from C and D as ever.

    From day 15 on, the first `bound` of them buy from A alone.
    """
    rows: list[Trade] = []
    for day in range(days):
        for n in range(buyers):
            good = "a1" if (day + n) % 3 or (day >= 15 and n < bound) else "b1"
            rows.append((day, f"k{n}", good, 100))
            rows.append((day, f"o{n}", "c1" if (day + n) % 3 else "d1", 100))
    return rows


def test_buyers_that_leave_all_rivals_at_once_are_found_with_the_day() -> None:
    (found,) = forced_exclusivity(tape_of_rows(GOODS, exclusive(8)))
    assert (found.pattern, found.suppliers) == (Pattern.EXCLUSIVITY, ("A",))
    assert found.buyers == tuple(f"k{n}" for n in range(8))
    assert found.first // DAY == 15
    assert (found.facts["stopped"], found.facts["watched"]) == (8, 10)
    assert found.facts["expected"] < 1
    assert len(found.trades) == EVIDENCE_MAX < found.count == 8 * 15


@pytest.mark.parametrize("bound", [0, 3])
def test_habits_and_a_few_that_settle_down_are_no_exclusivity(bound: int) -> None:
    assert list(forced_exclusivity(tape_of_rows(GOODS, exclusive(bound)))) == []


def test_where_everybody_settles_down_nobody_is_accused() -> None:
    # All buyers of all suppliers keep to one from day 15 on: that is the base rate.
    rows: list[Trade] = [
        (day, f"{first}{n}", first if day >= 15 or day % 3 else second, 100)
        for day in range(30)
        for n in range(10)
        for first, second in (("a1", "b1"), ("b1", "c1"), ("c1", "a1"), ("d1", "b1"))
    ]
    assert list(forced_exclusivity(tape_of_rows(GOODS, rows), ExclusivityLimits(days=15))) == []


def test_a_kind_in_few_hands_is_concentrated() -> None:
    rows: list[Trade] = [(n, f"b{n}", "a1", 80) for n in range(30)]
    rows += [(n, f"b{n}", "b1", 20) for n in range(30)]
    (found,) = concentrated(tape_of_rows(GOODS, sorted(rows)))
    assert (found.suppliers, found.kinds) == (("A",), ("x",))
    assert found.facts == {"index": 6_800, "share": 0.8, "suppliers": 2}
    assert found.score == 0.68


def test_a_few_sales_make_no_market() -> None:
    assert list(concentrated(tape_of_rows(GOODS, [(0, "b", "a1", 1)] * 29))) == []


def test_nothing_traded_is_nothing_found() -> None:
    assert watch(tape_of_rows(GOODS, [])) == ()


def test_columns_of_unlike_length_are_refused() -> None:
    with pytest.raises(ValueError, match="trade: columns of"):
        Tape([], [], [], whole(), whole(), ["T"], whole(), whole(), whole(), whole(), whole())


def test_findings_stand_by_pattern_and_strength() -> None:
    rows = sorted(crowd(30) + ring(30) + circle((100, 100, 100)))
    found = watch(tape_of_rows(GOODS, rows, loyal_offers(100)[1]))
    order = [list(Pattern).index(each.pattern) for each in found]
    assert order == sorted(order)
    assert {each.way for each in found[:2]} == {"circle", "ring"}
    scores = [each.score for each in found if each.pattern is Pattern.WASH]
    assert scores == sorted(scores, reverse=True)
