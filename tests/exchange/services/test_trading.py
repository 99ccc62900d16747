"""Scenario, quote, order, contract, delivery, receipt and settlement, and where the money is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from exchange.clearing import FEES, OUTSIDE, EscrowState, escrow
from exchange.delivery import DeliveryState
from exchange.errors import InsufficientFunds, NotCompliant
from exchange.scenarios import ScenarioState
from exchange.services import deliver_product, execute_trade, settle
from exchange.services.audit_provenance import reconcile
from exchange.specsheet import SpecSheet
from exchange.trading import TradeState
from ledger.acts import SignedAct
from pricing.money import Currency, Money
from tests.exchange.floor import DATA, DEPOSIT, PRICE, Hall, shared, sheet

FEE = 2_500


def test_a_trade_from_its_scenario_to_its_settlement(listed: Hall) -> None:
    scenario, review = listed.buyer.file_scenario(listed.filing())
    assert (scenario.state, review.passed) == (ScenarioState.APPROVED, True)
    priced = listed.buyer.quote(scenario.id)
    assert priced.quote.amount == PRICE
    assert priced.terms.digest == priced.quote.terms
    trade = listed.buyer.order(priced.quote.id)
    assert (trade.state, trade.escrow) == (TradeState.ORDERED, EscrowState.NONE)
    trade = listed.supplier.accept(trade.id)
    assert (trade.state, trade.escrow) == (TradeState.CONTRACTED, EscrowState.HELD)
    assert trade.grant_until == "2027-01-05T10:00:00Z"
    assert listed.balance("buyer") == (DEPOSIT - PRICE).minor
    trade = listed.supplier.deliver(trade.id, listed.folder.parent)
    assert trade.delivery is DeliveryState.MADE
    assert trade.sealed in listed.vault()
    out = listed.folder.parent / "bought.csv"
    trade = listed.buyer.receive(trade.id, out)
    assert trade.delivery is DeliveryState.RECEIVED
    assert out.read_text(encoding="utf-8") == DATA
    trade, lines = listed.house.settle(trade.id)
    assert (trade.state, trade.escrow) == (TradeState.EXECUTED, EscrowState.RELEASED)
    assert [line.amount.minor for line in lines] == [FEE, PRICE.minor - FEE]
    assert listed.balance("supplier") == PRICE.minor - FEE
    assert reconcile(floor=listed.floor).faults == ()


def test_a_settlement_moves_money_once(listed: Hall) -> None:
    trade = listed.trade_all()
    size, before = listed.size, reconcile(floor=listed.floor)
    again, lines = settle.settle(trade.id, floor=listed.floor)
    assert again == trade
    assert sum(line.amount.minor for line in lines) == PRICE.minor
    assert (listed.size, reconcile(floor=listed.floor)) == (size, before)


def test_every_amount_comes_from_somewhere(listed: Hall) -> None:
    trade = listed.trade_all()
    with listed.floor.read() as work:
        balances = {account: held.minor for (account, _), held in work.accounts.balances().items()}
    assert sum(balances.values()) == 0
    assert balances[OUTSIDE] == -DEPOSIT.minor
    assert balances[FEES] == FEE
    assert balances[escrow(trade.id)] == 0


def test_a_contract_is_replayed_without_moving_money(listed: Hall) -> None:
    trade = listed.order()
    with listed.floor.read() as work:
        terms = execute_trade.terms_of(trade.terms, work)
    facts = execute_trade.contract_facts(trade, terms, listed.floor)
    signed = listed.act("supplier", "trade.contracted", f"trade/{trade.id}", facts)
    first = execute_trade.accept_order(signed, floor=listed.floor)
    size, money = listed.size, listed.balance("buyer")
    listed.advance(days=1)
    assert execute_trade.accept_order(signed, floor=listed.floor) == first
    assert (listed.size, listed.balance("buyer")) == (size, money)


def test_a_deposit_is_replayed_without_crediting_twice(listed: Hall) -> None:
    facts, subject = {"amount": Money(500).to_record()}, f"account/{listed.participant('rival').id}"
    signed, openings = listed.commit(
        "house", "account.deposited", subject, facts, {"reference": "transfer 1"}
    )
    assert settle.deposit(signed, openings, floor=listed.floor) == Money(500)
    assert settle.deposit(signed, openings, floor=listed.floor) == Money(500)
    assert listed.balance("rival") == 500


def test_the_buyer_pays_to_the_last_fen(listed: Hall) -> None:
    listed.deposit("rival", Money(PRICE.minor - 1))
    trade = listed.order("rival")
    with pytest.raises(InsufficientFunds):
        listed.supplier.accept(trade.id)
    listed.deposit("rival", Money(1))
    listed.supplier.accept(trade.id)
    assert listed.balance("rival") == 0


@pytest.mark.parametrize("handle", ["buyer", "supplier", "house"])
def test_every_party_may_let_an_order_lapse(listed: Hall, handle: str) -> None:
    trade = listed.order()
    assert listed.desk(handle).lapse(trade.id, "no time").state is TradeState.LAPSED
    assert listed.balance("buyer") == DEPOSIT.minor


def test_a_delivery_may_be_made_again_until_it_is_received(listed: Hall) -> None:
    first = listed.deliver()
    second = listed.supplier.deliver(first.id, listed.folder.parent)
    assert second.sealed != first.sealed
    received = listed.buyer.receive(first.id, listed.folder.parent / "out.csv")
    assert received.sealed == second.sealed


def delivery_act(hall: Hall, sealed_at: Path) -> SignedAct:
    trade, method = hall.contract(), hall.floor.deliveries["sealed-file"]
    buyer = hall.participant("buyer")
    source = hall.floor.vault.check(hall.product().data)
    sealed = method.seal(source, buyer.recipient, sealed_at)
    facts = {
        "product": trade.product,
        "data": sealed.data,
        "sealed": sealed.sealed,
        "bytes": sealed.bytes,
        "recipient": buyer.recipient,
    }
    return hall.act("supplier", "delivery.made", f"trade/{trade.id}", facts)


def test_a_replayed_delivery_keeps_no_second_file(listed: Hall, tmp_path: Path) -> None:
    target = tmp_path / "sealed.age"
    signed = delivery_act(listed, target)
    first = deliver_product.deliver(signed, target, floor=listed.floor)
    files = listed.vault()
    assert deliver_product.deliver(signed, target, floor=listed.floor) == first
    target.write_bytes(b"another file under the same act")
    assert deliver_product.deliver(signed, target, floor=listed.floor) == first
    assert listed.vault() == files


def test_a_suspended_listing_is_delivered_once_it_is_back(listed: Hall) -> None:
    trade = listed.contract()
    listed.house.suspend_listing(listed.number, "a complaint")
    with pytest.raises(NotCompliant):
        listed.supplier.deliver(trade.id, listed.folder.parent)
    listed.supplier.list(listed.number)
    listed.supplier.deliver(trade.id, listed.folder.parent)


def sold(hall: Hall, changed: SpecSheet) -> dict[str, int]:
    """Sell under another sheet; return what each account got."""
    hall.list(changed)
    hall.deposit()
    trade = hall.trade_all()
    with hall.floor.read() as work:
        lines = settle.settled_lines(trade, work)
        handles = {f"participant/{each.id}": each.handle for each in work.participants.all()}
    assert reconcile(floor=hall.floor).faults == ()
    return {handles.get(line.account, line.account): line.amount.minor for line in lines}


def test_contributors_share_by_the_rows_in_the_file(hall: Hall) -> None:
    rows = Counter(line.split(",")[0] for line in DATA.splitlines()[1:])
    assert rows == {"QD": 4, "RZ": 2}
    paid = sold(hall, sheet(sharing=shared(hall, supplier="QD", contributor="RZ")))
    proceeds = PRICE.minor - FEE
    assert paid == {
        FEES: FEE,
        "supplier": proceeds * 4 // 6,
        "contributor": proceeds * 2 // 6,
    }


def test_contributors_share_by_agreed_weights_and_lose_no_fen(hall: Hall) -> None:
    sharing = {
        "allocator": "fixed",
        "contributors": [
            {"participant": hall.participant(handle).id, "share": weight}
            for handle, weight in (("supplier", 2), ("contributor", 1))
        ],
    }
    price = {"mode": "one-off", "amount": "10.01 CNY"}
    paid = sold(hall, sheet(sharing=sharing, price=price))
    assert sum(paid.values()) == 1_001
    assert paid == {FEES: 25, "supplier": 651, "contributor": 325}


@pytest.mark.parametrize("sharing", [False, True])
def test_what_is_free_is_traded_like_everything_else(hall: Hall, *, sharing: bool) -> None:
    divided = {"sharing": shared(hall, supplier="QD", contributor="RZ")} if sharing else {}
    paid = sold(hall, sheet(price={"mode": "free"}, **divided))
    assert set(paid.values()) == {0}


def test_a_shorter_term_costs_its_part(hall: Hall) -> None:
    price = {"mode": "one-off", "amount": "1000.00 CNY", "term_floor": "0.25"}
    hall.list(sheet(price=price))
    costs = {
        days: hall.buyer.quote(hall.scenario(term_days=days)).quote.amount.minor
        for days in (365, 73, 1)
    }
    assert costs[365] == 100_000
    assert costs[73] == 25_000
    assert costs[1] == 25_000


def test_another_currency_is_cleared_beside_the_first(listed: Hall) -> None:
    assert listed.deposit(amount=Money(20_000, Currency.USD)) == Money(20_000, Currency.USD)
    books = reconcile(floor=listed.floor)
    assert books.faults == ()
    assert (books.deposited, books.held) == (DEPOSIT, Money(0))
    assert listed.balance("buyer") == DEPOSIT.minor


def test_a_cancelled_contract_gives_the_money_back(listed: Hall) -> None:
    trade = listed.deliver()
    assert listed.balance("buyer") == DEPOSIT.minor - PRICE.minor
    cancelled = listed.house.cancel(trade.id, "the supplier is gone")
    assert (cancelled.state, cancelled.escrow) == (TradeState.CANCELLED, EscrowState.REFUNDED)
    assert listed.balance("buyer") == DEPOSIT.minor
    assert reconcile(floor=listed.floor).faults == ()


def test_a_withdrawal_pays_out_once(listed: Hall) -> None:
    facts, subject = {"amount": Money(400).to_record()}, f"account/{listed.participant('buyer').id}"
    signed, openings = listed.commit(
        "house", "account.withdrawn", subject, facts, {"reference": "transfer 2"}
    )
    for _ in range(2):
        assert settle.withdraw(signed, openings, floor=listed.floor) == DEPOSIT - Money(400)
    books = reconcile(floor=listed.floor)
    assert (books.faults, books.deposited) == ((), DEPOSIT - Money(400))


def test_a_sealed_file_that_was_replaced_leaves_the_vault(listed: Hall) -> None:
    first = listed.deliver()
    second = listed.supplier.deliver(first.id, listed.folder.parent)
    assert listed.vault() == {listed.product().data, second.sealed}


def test_replacing_a_delivery_removes_nothing_else(listed: Hall, tmp_path: Path) -> None:
    """A supplier may call any bytes sealed, those of a registered product too."""
    trade, data = listed.contract(), listed.product().data
    target = tmp_path / "plain.csv"
    target.write_bytes((listed.folder / "vault" / data).read_bytes())
    facts = {
        "product": trade.product,
        "data": data,
        "sealed": data,
        "bytes": target.stat().st_size,
        "recipient": listed.participant("buyer").recipient,
    }
    signed = listed.act("supplier", "delivery.made", f"trade/{trade.id}", facts)
    deliver_product.deliver(signed, target, floor=listed.floor)
    listed.supplier.deliver(trade.id, tmp_path)
    assert listed.floor.vault.check(data).is_file()
