"""Parts of an escrow: each is earned once, and all of them come to no more than the price."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.clearing import FEES, EscrowState, escrow
from exchange.errors import Refused
from exchange.services import settle
from exchange.services.audit_provenance import reconcile
from exchange.services.release_part import divide, parts_of, release_part
from exchange.specsheet import SpecSheet
from exchange.trading import Trade, TradeState
from ledger.balances import Balances
from pricing.money import Currency, Money
from tests.exchange.floor import PRICE, Hall, shared, sheet


def release(hall: Hall, trade: Trade, amount: Money, kind: str = "delivery.received") -> Trade:
    with hall.floor.read() as work:
        division = divide(trade, amount, work=work, floor=hall.floor)
    with hall.floor.write() as work:
        present = work.trades.get(trade.id)
        basis = next(work.chain.store.of_kind(f"trade/{trade.id}", kind))
        return release_part(present, amount, basis, division, work=work, floor=hall.floor)


def offline(hall: Hall) -> Balances:
    """Fold the log as an auditor does, who finds nothing broken."""
    balances = Balances()
    with hall.floor.read() as work:
        for entry in work.chain.store.entries():
            assert list(balances.take(entry)) == []
    return balances


def holds(hall: Hall, trade: Trade) -> int:
    with hall.floor.read() as work:
        return work.accounts.balance(escrow(trade.id)).minor


def test_a_part_pays_its_fee_and_the_rest_is_settled_with_the_trade(listed: Hall) -> None:
    trade = listed.receive()
    trade = release(listed, trade, Money(40_000))
    assert (trade.state, trade.escrow) == (TradeState.CONTRACTED, EscrowState.HELD)
    assert (trade.held, holds(listed, trade)) == (Money(60_000), 60_000)
    assert listed.balance("supplier") == 39_000
    assert offline(listed).in_escrow(f"trade/{trade.id}") == ("CNY", 60_000)
    assert reconcile(floor=listed.floor).faults == ()
    with listed.floor.read() as work:
        (entry,) = parts_of(trade, work)
        assert entry.facts["part"] == 1
        assert [line.account for line in settle.settled_lines(trade, work)] == [
            FEES,
            f"participant/{trade.supplier}",
        ]


def test_the_part_that_empties_the_escrow_executes_the_trade(listed: Hall) -> None:
    trade = release(listed, listed.receive(), PRICE)
    assert (trade.state, trade.escrow) == (TradeState.EXECUTED, EscrowState.RELEASED)
    assert (trade.held, holds(listed, trade)) == (Money(0), 0)
    assert settle.settle(trade.id, floor=listed.floor)[0] == trade
    assert offline(listed).in_escrow(f"trade/{trade.id}") is None


def test_a_basis_is_paid_for_once(listed: Hall) -> None:
    trade = release(listed, listed.receive(), Money(40_000))
    size = listed.size
    assert release(listed, trade, Money(40_000)) == trade
    assert (listed.size, holds(listed, trade)) == (size, 60_000)


@pytest.mark.parametrize(
    "amount", [Money(0), Money(-1), PRICE + Money(1), Money(1, Currency.USD)], ids=str
)
def test_a_part_is_above_zero_and_of_no_more_than_is_held(listed: Hall, amount: Money) -> None:
    trade = listed.receive()
    with pytest.raises(Refused, match=f"trade {trade.id} holds .*: a part of"):
        trade.paid_out(amount)


def test_what_earns_nothing_releases_nothing(listed: Hall) -> None:
    trade, size = listed.receive(), listed.size
    with pytest.raises(Refused, match=r"basis: a part is earned by an earlier"):
        release(listed, trade, Money(1), "delivery.made")
    assert (listed.size, holds(listed, trade)) == (size, PRICE.minor)


@pytest.mark.parametrize("amount", [1, 40_001])
def test_a_part_is_shared_to_the_last_fen(hall: Hall, amount: int) -> None:
    hall.list(shared_sheet(hall))
    hall.deposit()
    trade = release(hall, hall.receive(), Money(amount))
    with hall.floor.read() as work:
        paid = [line.amount.minor for line in settle.settled_lines(trade, work)]
    assert sum(paid) == amount
    assert reconcile(floor=hall.floor).faults == ()


def shared_sheet(hall: Hall) -> SpecSheet:
    return sheet(sharing=shared(hall, supplier="QD", contributor="RZ"))


def contract(price: int) -> Trade:
    """Return a contract that holds its price, and nothing else."""
    return Trade(
        id="TR-X",
        product="",
        scenario="",
        quote="",
        buyer="",
        supplier="",
        amount=Money(price),
        terms="",
        head="",
        ordered_at="",
        state=TradeState.CONTRACTED,
        escrow=EscrowState.HELD,
    )


amounts = st.lists(st.integers(-5, 60), max_size=12)


@given(price=st.integers(0, 200), asked=amounts)
@settings(max_examples=200, deadline=None)
def test_parts_never_come_to_more_than_the_price(price: int, asked: Sequence[int]) -> None:
    trade = contract(price)
    left = price
    for minor in asked:
        fits = 0 < minor <= left
        try:
            trade = trade.paid_out(Money(minor))
        except Refused:
            assert not fits
            continue
        assert fits
        left -= minor
        assert trade.held == Money(left)
        assert (trade.state is TradeState.EXECUTED) == (left == 0)
