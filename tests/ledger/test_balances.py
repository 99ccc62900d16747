"""Money folded from entries: nobody pays what is not there, and escrow is released once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.balances import Balances
from ledger.view import Broken
from tests.ledger.floor import ASIDE, PATH, Floor, full_history, line

CNY = "CNY"


def folded(floor: Floor) -> tuple[Balances, list[tuple[int, Broken]]]:
    balances, broken = Balances(), []
    for entry in floor.log.entries():
        broken += [(entry.index, found) for found in balances.take(entry)]
    return balances, broken


def account(floor: Floor, who: str) -> str:
    return f"participant/{floor.ids[who]}"


def forced(floor: Floor, kind: str, **changes: Any) -> int:
    return floor.force(floor.compose(floor.sign(kind, **changes))).index


def yuan(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": CNY}


def test_the_history_is_in_balance_to_the_last_fen() -> None:
    floor = full_history()
    balances, broken = folded(floor)
    assert broken == []
    # Four trades, a part of another, a bill for use; a refund and a reversal went back, with fees.
    supplier = balances.balance(account(floor, "supplier"), CNY)
    forfeited = 8_000  # a bid was left sealed
    paid = 4 * 97_000 + 38_800 + 1_940 + forfeited
    assert supplier == paid - 10 - (10_000 - 300)
    services = 20_000  # an auction was paid for
    assert balances.balance("house/fees", CNY) == 4 * 3_000 + 1_200 + 60 - 300 + services
    assert balances.balance("house/tax", CNY) == 1_200
    assert sum(balances.balances().values()) == 0
    assert balances.balance(account(floor, "buyer"), "JPY") == 0


def test_escrow_is_held_from_the_contract_to_the_settlement() -> None:
    floor = Floor().ready("delivery.made")
    trade = floor.subjects["trade"]
    balances, _ = folded(floor)
    assert balances.in_escrow(trade) == (CNY, 100_000)
    assert balances.balance(account(floor, "buyer"), CNY) == 0
    floor.do("trade.cancelled")
    balances, broken = folded(floor)
    assert (balances.in_escrow(trade), broken) == (None, [])
    assert balances.balance(account(floor, "buyer"), CNY) == 100_000


def winner(owned: int) -> Floor:
    """Return a floor on which who owns that has won at 100,000, with a deposit of 8,000."""
    floor = Floor().ready("auction.opened")
    floor.do("account.deposited", amount=yuan(owned))
    for kind in ASIDE["bid.returned"][1]:
        floor.wait_for(kind).do(kind)
    basis = [floor.leaf("auction.cleared"), floor.leaf("bid.placed")]
    floor.do("price.quoted", mode="auction", basis=basis)
    return floor


def test_a_winners_order_sets_its_price_aside_until_the_contract_takes_it() -> None:
    floor = winner(100_000)
    buyer = account(floor, "buyer")
    assert folded(floor)[0].pending(buyer, CNY) == 8_000
    floor.do("trade.ordered")
    assert folded(floor)[0].pending(buyer, CNY) == 100_000
    floor.do("trade.contracted")
    balances, broken = folded(floor)
    assert (balances.pending(buyer, CNY), balances.balance(buyer, CNY), broken) == (0, 0, [])
    assert (balances._bound, balances._aside) == ({}, {})


def test_a_winners_order_that_is_not_covered_is_named() -> None:
    floor = winner(99_999)
    index = floor.do("trade.ordered").index
    words = f"{account(floor, 'buyer')} has 91999 CNY, 92000 CNY are set aside of it"
    assert folded(floor)[1] == [(index, Broken("balance", words))]


def test_a_withdrawal_of_what_is_not_there_is_named_with_its_entry() -> None:
    floor = Floor().ready("account.withdrawn")
    floor.do("account.deposited", amount=yuan(5))
    floor.do("account.withdrawn", amount=yuan(5))
    first = floor.do("account.withdrawn", amount=yuan(1)).index
    second = floor.do("account.withdrawn", amount=yuan(2)).index
    buyer = account(floor, "buyer")
    assert folded(floor)[1] == [
        (first, Broken("balance", f"{buyer} has 0 CNY, 1 CNY leave it")),
        (second, Broken("balance", f"{buyer} has -1 CNY, 2 CNY leave it")),
    ]


def test_money_of_another_currency_does_not_pay() -> None:
    floor = Floor().ready("account.withdrawn")
    floor.do("account.deposited", amount={"minor": 5, "currency": "JPY"})
    floor.do("account.withdrawn", amount=yuan(5))
    assert [found.rule for _, found in folded(floor)[1]] == ["balance"]


def test_a_contract_that_the_buyer_cannot_pay_is_named() -> None:
    floor = Floor().ready("trade.contracted")
    floor.do("account.withdrawn", amount=yuan(1))
    index = floor.do("trade.contracted").index
    words = f"{account(floor, 'buyer')} has 99999 CNY, 100000 CNY leave it"
    assert folded(floor)[1] == [(index, Broken("balance", words))]


@pytest.mark.parametrize("again", ["settlement.executed", "trade.cancelled"])
@pytest.mark.parametrize("first", ["settlement.executed", "trade.cancelled"])
def test_escrow_is_released_once(first: str, again: str) -> None:
    floor = Floor().ready("settlement.executed")
    forced(floor, first)
    index = forced(floor, again)
    words = f"nothing is in escrow for {floor.subjects['trade']}"
    assert folded(floor)[1] == [(index, Broken("escrow", words))]


def test_a_contract_again_or_over_nothing_holds_nothing() -> None:
    floor = Floor().ready("delivery.made")
    index = forced(floor, "trade.contracted")
    words = f"{floor.subjects['trade']} was not ordered, or was contracted before"
    assert folded(floor)[1] == [(index, Broken("escrow", words))]
    floor = Floor().ready("trade.contracted")
    floor.do("trade.lapsed")
    index = forced(floor, "trade.contracted")
    assert [place for place, _ in folded(floor)[1]] == [index]


@pytest.mark.parametrize(
    "lines",
    [
        [("supplier", 99_999, CNY)],
        [("supplier", 100_001, CNY)],
        [("supplier", 100_000, "JPY")],
        [("supplier", 100_000, CNY), ("rival", 1, "JPY")],
    ],
)
def test_a_settlement_empties_the_escrow_exactly(lines: list[tuple[str, int, str]]) -> None:
    floor = Floor().ready("settlement.executed")
    paid = [line(account(floor, who), minor, "price", unit) for who, minor, unit in lines]
    index = forced(floor, "settlement.executed", lines=paid)
    words = "100000 CNY are in escrow, the lines pay another sum"
    assert folded(floor)[1] == [(index, Broken("escrow", words))]


def shares(floor: Floor, minor: int, currency: str = CNY) -> dict[str, Any]:
    return {
        "amount": {"minor": minor, "currency": currency},
        "lines": [line(account(floor, "supplier"), minor, "price", currency)],
    }


def test_escrow_is_released_part_by_part_and_the_last_one_empties_it() -> None:
    floor = Floor().ready("settlement.part")
    trade = floor.subjects["trade"]
    left = []
    for number, minor in enumerate((40_000, 59_999, 1), start=1):
        forced(floor, "settlement.part", part=number, **shares(floor, minor))
        balances, broken = folded(floor)
        assert broken == []
        left.append(balances.in_escrow(trade))
    assert left == [(CNY, 60_000), (CNY, 1), None]
    assert balances.balance(account(floor, "supplier"), CNY) == 100_000
    index = forced(floor, "settlement.part", part=4, **shares(floor, 1))
    assert folded(floor)[1] == [(index, Broken("escrow", f"nothing is in escrow for {trade}"))]


@pytest.mark.parametrize(("minor", "currency"), [(60_001, CNY), (1, "JPY")])
def test_a_part_of_more_than_is_held_is_named(minor: int, currency: str) -> None:
    floor = Floor().ready("settlement.part")
    forced(floor, "settlement.part", part=1, **shares(floor, 40_000))
    index = forced(floor, "settlement.part", part=2, **shares(floor, minor, currency))
    trade = floor.subjects["trade"]
    words = f"60000 CNY are in escrow for {trade}, {minor} {currency} leave it"
    assert folded(floor)[1] == [(index, Broken("escrow", words))]


def test_a_refund_of_another_sum_is_named_and_gives_back_what_was_held() -> None:
    floor = Floor().ready("trade.cancelled")
    index = forced(floor, "trade.cancelled", amount=yuan(1))
    balances, broken = folded(floor)
    words = f"100000 CNY are in escrow for {floor.subjects['trade']}"
    assert broken == [(index, Broken("escrow", words))]
    assert balances.balance(account(floor, "buyer"), CNY) == 100_000


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["account.deposited", "account.withdrawn"]),
            st.sampled_from(["buyer", "supplier"]),
            st.integers(0, 3),
        ),
        max_size=12,
    )
)
def test_the_fold_is_a_running_sum(moves: list[tuple[str, str, int]]) -> None:
    floor = Floor().ready("account.deposited")
    sums = {"buyer": 0, "supplier": 0}
    expected = []
    for kind, who, minor in moves:
        subject = f"account/{floor.ids[who]}"
        index = floor.do(kind, subject=subject, amount=yuan(minor)).index
        sums[who] += minor if kind == "account.deposited" else -minor
        if kind == "account.withdrawn" and minor and sums[who] < 0:
            expected.append(index)
    balances, broken = folded(floor)
    assert [index for index, _ in broken] == expected
    for who, left in sums.items():
        assert balances.balance(account(floor, who), CNY) == left


def test_what_is_over_is_forgotten() -> None:
    """Memory grows with accounts and open trades, not with the log."""
    floor = Floor().ready("price.quoted")
    floor.do("account.deposited", amount=yuan(1_000_000))
    for end in ("settlement.executed", "trade.cancelled", "trade.lapsed"):
        stop = PATH.index("trade.contracted" if end == "trade.lapsed" else "delivery.made")
        for step in PATH[PATH.index("price.quoted") : stop]:
            floor.do(step)
        if end == "settlement.executed":
            floor.do("delivery.made")
            floor.do("delivery.received")
        floor.do(end)
    balances, broken = folded(floor)
    assert broken == []
    assert (balances._offers, balances._escrow) == ({}, {})
