"""The waterfall: nets sum to zero, losses go down layer by layer, and no minor unit is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.waterfall import Outcome, Owed, Shortfall, net_positions, pour, split

CNY = "CNY"


def test_a_ring_of_three_nets_to_zero() -> None:
    ring = [Owed("a", "b", CNY, 100), Owed("b", "c", CNY, 100), Owed("c", "a", CNY, 100)]
    assert net_positions(ring) == {("a", CNY): 0, ("b", CNY): 0, ("c", CNY): 0}


def test_each_currency_is_netted_by_itself() -> None:
    crossed = [Owed("a", "b", CNY, 100), Owed("b", "a", "USD", 100), Owed("b", "a", CNY, 30)]
    assert net_positions(crossed) == {
        ("a", CNY): -70,
        ("a", "USD"): 100,
        ("b", CNY): 70,
        ("b", "USD"): -100,
    }


pairs = st.sampled_from([("a", "b"), ("b", "a"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "d")])
owing = st.builds(
    lambda pair, currency, minor: Owed(pair[0], pair[1], currency, minor),
    pairs,
    st.sampled_from([CNY, "USD"]),
    st.integers(1, 10**6),
)


@given(st.lists(owing, max_size=20))
def test_nets_sum_to_zero_in_whatever_order_obligations_come(owed: list[Owed]) -> None:
    nets = net_positions(owed)
    sums: Counter[str] = Counter()
    for (_, currency), net in nets.items():
        sums[currency] += net
    assert not any(sums.values())
    for order in (owed[::-1], sorted(owed), owed[1::2] + owed[::2]):
        assert list(net_positions(order).items()) == list(nets.items())


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (10, [10, 20], [3, 7]),
        (1, [0, 5], [0, 1]),
        (2, [1, 1, 1], [1, 1, 0]),
        (0, [], []),
        (0, [3, 4], [0, 0]),
    ],
)
def test_a_split_gives_odd_units_to_the_largest_remainder(
    amount: int, weights: list[int], parts: list[int]
) -> None:
    assert split(amount, weights) == parts


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any), st.data())
def test_a_split_loses_nothing_and_takes_from_nobody_more_than_its_weight(
    weights: list[int], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, sum(weights)))
    parts = split(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert 0 <= part <= weight
        assert abs(part * sum(weights) - amount * weight) < sum(weights)


# The waterfall, one layer after the other: debtor d owes 100, creditors b and c get 60 and 40.

NETS = {"b": 60, "c": 40, "d": -100}


def test_who_can_pay_pays_and_nobody_is_in_default() -> None:
    assert pour(NETS, {"d": 100}, {"b": 5}) == Outcome({}, {}, {"b": 60, "c": 40}, {})


def test_first_its_own_part_of_the_fund_is_taken() -> None:
    found = pour(NETS, {"d": 80}, {"b": 50, "d": 30})
    assert found.defaults == {"d": Shortfall(20, contribution=20, fund=0, left=0)}
    assert (found.used, found.received) == ({"d": 20}, {"b": 60, "c": 40})
    assert found.carried == {}


def test_then_the_parts_of_the_others_pro_rata_and_it_owes_them() -> None:
    found = pour(NETS, {"d": 80}, {"a": 10, "b": 20, "d": 5})
    assert found.defaults == {"d": Shortfall(20, contribution=5, fund=15, left=0)}
    assert (found.used, found.received) == ({"a": 5, "b": 10, "d": 5}, {"b": 60, "c": 40})
    assert found.carried == {"a": 5, "b": 10, "d": -15}


def test_what_is_left_stays_a_claim_of_the_creditors_pro_rata() -> None:
    found = pour(NETS, {"d": 80}, {"a": 3, "d": 4})
    assert found.defaults == {"d": Shortfall(20, contribution=4, fund=3, left=13)}
    assert found.used == {"a": 3, "d": 4}
    assert found.received == {"b": 52, "c": 35}  # 13 of 60 and 40: 7.8 and 5.2
    assert found.carried == {"a": 3, "b": 8, "c": 5, "d": -16}


def test_two_defaulters_share_the_fund_by_what_each_lacks() -> None:
    found = pour({"c": 90, "d": -60, "e": -30}, {}, {"a": 10, "e": 40})
    assert found.defaults == {
        "d": Shortfall(60, contribution=0, fund=10, left=50),
        "e": Shortfall(30, contribution=30, fund=0, left=0),
    }
    # What is left of a defaulter's own part bears nobody else's loss.
    assert found.used == {"a": 10, "e": 30}
    assert (found.received, found.carried) == ({"c": 40}, {"a": 10, "c": 50, "d": -60})


def test_a_claim_is_an_obligation_of_the_cycle_after() -> None:
    first = pour(NETS, {"d": 80}, {})
    assert first.carried == {"b": 12, "c": 8, "d": -20}
    assert pour(first.carried, {"d": 20}, {}) == Outcome({}, {}, {"b": 12, "c": 8}, {})


@given(
    st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8),
    st.lists(st.integers(0, 10**5), min_size=9, max_size=9),
    st.lists(st.integers(0, 10**6), min_size=9, max_size=9),
)
def test_what_comes_in_is_what_is_received_and_claims_sum_to_zero(
    amounts: list[int], parts: list[int], means: list[int]
) -> None:
    amounts = [*amounts, -sum(amounts)]
    nets = {f"p{i}": net for i, net in enumerate(amounts)}
    fund = {f"p{i}": part for i, part in enumerate(parts)}
    paid = {
        party: min(-net, have)
        for (party, net), have in zip(nets.items(), means, strict=False)
        if net < 0
    }
    found = pour(nets, paid, fund)
    assert sum(paid.values()) + sum(found.used.values()) == sum(found.received.values())
    assert sum(found.carried.values()) == 0
    assert set(found.received) == {party for party, net in nets.items() if net > 0}
    assert all(0 < used <= fund[party] for party, used in found.used.items())
    for party, default in found.defaults.items():
        assert default.amount == -nets[party] - paid[party] > 0
        assert default.amount == default.contribution + default.fund + default.left
        assert found.carried.get(party, 0) == -default.fund - default.left
        # No layer is touched before the one above it is empty.
        assert default.contribution == min(default.amount, fund[party])
    if any(default.left for default in found.defaults.values()):
        spent = sum(part for party, part in found.used.items() if party not in found.defaults)
        assert spent == sum(part for who, part in fund.items() if who not in found.defaults)
    for party, net in nets.items():  # who is not in default ends with its net, in money and claims
        if net > 0:
            lent = found.used.get(party, 0)
            assert found.received[party] + found.carried.get(party, 0) - lent == net
