"""Transfers that wait: an amount set aside is spent once, moved or let go."""

from __future__ import annotations

import pytest

from exchange.clearing import OUTSIDE, Transfer, TransferState, available
from exchange.errors import BadField, IllegalTransition, InsufficientFunds, NotFound, Refused
from pricing.money import Currency, Money
from tests.exchange.floor import Hall

HELD = Money(30_000)


def rich(hall: Hall) -> str:
    """Give the buyer 1,000 CNY and return the leaf hash of the entry that did."""
    hall.deposit(amount=Money(100_000))
    with hall.floor.read() as work:
        subject = f"account/{hall.participant('buyer').id}"
        return next(work.chain.store.of_kind(subject, "account.deposited")).leaf.hex()


def account(hall: Hall) -> str:
    return available(hall.participant("buyer").id)


def waiting(hall: Hall, leaf: str, amount: Money = HELD, key: str = "WD-1") -> Transfer:
    return Transfer(key, "withdrawal", account(hall), OUTSIDE, amount, leaf)


def figures(hall: Hall) -> tuple[int, int]:
    with hall.floor.read() as work:
        mine = account(hall)
        return work.accounts.balance(mine).minor, work.accounts.spendable(mine).minor


def test_what_is_set_aside_stays_in_the_balance_and_cannot_be_spent(hall: Hall) -> None:
    leaf = rich(hall)
    with hall.floor.write() as work:
        work.accounts.hold(waiting(hall, leaf))
    assert figures(hall) == (100_000, 70_000)
    with pytest.raises(InsufficientFunds, match=r"holds 700\.00 CNY and 800\.00 CNY is due"):
        hold_more(hall, leaf)
    assert figures(hall) == (100_000, 70_000)


def hold_more(hall: Hall, leaf: str) -> None:
    with hall.floor.write() as work:
        work.accounts.hold(waiting(hall, leaf, Money(80_000), "WD-2"))


def test_a_posted_transfer_moves_its_amount_once(hall: Hall) -> None:
    leaf = rich(hall)
    with hall.floor.write() as work:
        work.accounts.hold(waiting(hall, leaf))
        work.accounts.post_held("WD-1", leaf)
    assert figures(hall) == (70_000, 70_000)
    with hall.floor.read() as work:
        assert work.accounts.transfer("WD-1").state is TransferState.POSTED
        assert [each.id for each in work.accounts.transfers(OUTSIDE)] == ["WD-1"]
        assert work.accounts.balance(OUTSIDE).minor == -70_000
    for again in (UnitAct.post, UnitAct.void):
        with pytest.raises(IllegalTransition, match="the transfer WD-1 is posted"):
            again(hall, leaf)
    assert figures(hall) == (70_000, 70_000)


class UnitAct:
    """What may be done to the transfer, in a unit of its own."""

    @staticmethod
    def post(hall: Hall, leaf: str) -> None:
        with hall.floor.write() as work:
            work.accounts.post_held("WD-1", leaf)

    @staticmethod
    def void(hall: Hall, leaf: str) -> None:
        with hall.floor.write() as work:
            work.accounts.void_held("WD-1", leaf)


def test_a_part_is_posted_and_the_rest_let_go(hall: Hall) -> None:
    leaf = rich(hall)
    with hall.floor.write() as work:
        work.accounts.hold(waiting(hall, leaf))
        work.accounts.post_held("WD-1", leaf, Money(10_000))
    assert figures(hall) == (90_000, 90_000)


def test_a_voided_transfer_gives_the_amount_back(hall: Hall) -> None:
    leaf = rich(hall)
    with hall.floor.write() as work:
        work.accounts.hold(waiting(hall, leaf))
    UnitAct.void(hall, leaf)
    assert figures(hall) == (100_000, 100_000)


@pytest.mark.parametrize("amount", [Money(HELD.minor + 1), Money(0), Money(1, Currency.USD)])
def test_no_more_is_posted_than_was_set_aside(hall: Hall, amount: Money) -> None:
    leaf = rich(hall)
    with hall.floor.write() as work:
        work.accounts.hold(waiting(hall, leaf))
    with pytest.raises(BadField, match=r"^amount: the transfer WD-1 set 300\.00 CNY aside"):
        post_part(hall, leaf, amount)
    assert figures(hall) == (100_000, 70_000)


def post_part(hall: Hall, leaf: str, amount: Money) -> None:
    with hall.floor.write() as work:
        work.accounts.post_held("WD-1", leaf, amount)


def test_a_transfer_is_of_an_amount_above_zero_and_must_be_there(hall: Hall) -> None:
    with pytest.raises(BadField, match="of an amount above zero"):
        waiting(hall, "", Money(0))
    with pytest.raises(NotFound, match="there is no transfer WD-1"), hall.floor.read() as work:
        work.accounts.transfer("WD-1")


def test_credit_lets_an_account_fall_to_its_limit_and_no_further(hall: Hall) -> None:
    leaf = rich(hall)
    with hall.floor.write() as work:
        work.accounts.set_credit(account(hall), Money(50_000))
        work.accounts.hold(waiting(hall, leaf, Money(150_000)))
        work.accounts.post_held("WD-1", leaf)
    assert figures(hall) == (-50_000, 0)
    with pytest.raises(InsufficientFunds, match=r"holds 0\.00 CNY and 0\.01 CNY is due"):
        hold_a_fen(hall, leaf)
    for lower in (Money(0), Money(49_999)):
        with pytest.raises(Refused, match=r"uses 500\.00 CNY of its credit"):
            limit(hall, lower)
    limit(hall, Money(60_000))
    assert figures(hall) == (-50_000, 10_000)


def hold_a_fen(hall: Hall, leaf: str) -> None:
    with hall.floor.write() as work:
        work.accounts.hold(waiting(hall, leaf, Money(1), "WD-2"))


def limit(hall: Hall, to: Money) -> None:
    with hall.floor.write() as work:
        work.accounts.set_credit(account(hall), to)
        assert work.accounts.credit(account(hall)) == to
