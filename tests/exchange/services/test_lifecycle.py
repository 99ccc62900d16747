"""Contracts after their conclusion: silence, parts, refunds, disputes, amendments, endings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from exchange.amendments import AmendmentState, Changes, PartOffer
from exchange.clearing import FEES, EscrowState, escrow
from exchange.delivery import DeliveryState
from exchange.desk import Desk
from exchange.disputes import DisputeState
from exchange.errors import (
    BadField,
    DataDiffer,
    ExchangeError,
    Forbidden,
    IllegalTransition,
    InsufficientFunds,
    NotCompliant,
    NotFound,
    Refused,
    TermsDiffer,
)
from exchange.grading import Grade
from exchange.participants import Role
from exchange.payments import Payee
from exchange.services import (
    amend_trade,
    deliver_product,
    end_trade,
    quote_price,
    refund_trade,
    settle,
)
from exchange.services import release_due as release_due_module
from exchange.services.access_delivery import access_delivery
from exchange.services.audit_provenance import reconcile
from exchange.services.execute_trade import terms_of
from exchange.services.release_due import deem_accepted, release_due
from exchange.trading import Terms, Trade, TradeState
from ledger.acts import SignedAct, format_time
from ledger.agreements import answer_until
from ledger.balances import Balances
from pricing.money import Currency, Money
from tests.exchange.floor import (
    CAST,
    DATA,
    DEPOSIT,
    PRICE,
    Hall,
    credit_code,
    shared,
    sheet,
    welcome,
)

DAY = 86_400
FEE = 2_500


@pytest.fixture
def listed(listed: Hall) -> Hall:
    """Let the hall go on with one trade, which is ordered."""
    listed.made = listed.order().id
    return listed


HALF = Money(50_000)


def terms(hall: Hall, trade: Trade) -> Terms:
    with hall.floor.read() as work:
        return terms_of(work.trades.get(trade.id).terms, work)


def amend(hall: Hall, trade: Trade, **changes: Any) -> Trade:
    hall.supplier.propose(trade.id, Changes(**changes))
    return hall.buyer.accept_amendment(trade.id)


def windowed(hall: Hall, seconds: int = DAY) -> Trade:
    """Conclude a contract under which silence accepts."""
    return amend(hall, hall.contract(), acceptance_seconds=seconds)


def delivered(hall: Hall, seconds: int = DAY) -> Trade:
    return hall.supplier.deliver(windowed(hall, seconds).id, hall.folder.parent)


def holds(hall: Hall, trade: Trade) -> int:
    with hall.floor.read() as work:
        return work.accounts.balance(escrow(trade.id)).minor


def sound(hall: Hall) -> None:
    """Hold the books against the chain, and fold the chain as an auditor does."""
    assert reconcile(floor=hall.floor).faults == ()
    balances = Balances()
    with hall.floor.read() as work:
        for entry in work.chain.store.entries():
            assert list(balances.take(entry)) == []
        for trade in work.trades.all():
            held = work.accounts.balance(escrow(trade.id)).minor
            assert held == trade.held.minor
            assert (balances.in_escrow(f"trade/{trade.id}") or ("", 0))[1] == held


def unchanged_by(hall: Hall, error: type[ExchangeError], words: str, act: Any, *args: Any) -> None:
    size = hall.size
    with pytest.raises(error, match=words):
        act(*args)
    assert hall.size == size
    sound(hall)


def fetch(hall: Hall, trade: Trade) -> None:
    """Fetch the sealed file as its buyer does."""
    access_delivery(trade.id, by=trade.buyer, floor=hall.floor)


def test_nothing_is_handed_out_to_whose_identity_has_ended(listed: Hall) -> None:
    trade = listed.order()
    listed.supplier.accept(trade.id)
    listed.supplier.deliver(trade.id, listed.folder.parent)
    delivered = listed.trade(trade.id)
    until = listed.today
    with listed.floor.write() as work:
        buyer = work.participants.get("buyer")
        work.participants.put(replace(buyer, verified_until=until.isoformat()))
    fetch(listed, delivered)  # its last day counts
    listed.advance(days=1)
    unchanged_by(
        listed, Forbidden, f"the identity of buyer ended on {until}", fetch, listed, delivered
    )
    with listed.floor.write() as work:
        work.participants.put(replace(buyer, verified_until="2099-12-31"))
    fetch(listed, delivered)


# Acceptance by silence.


def test_the_house_says_how_long_a_buyer_has_to_answer(listed: Hall) -> None:
    assert terms(listed, listed.order()).acceptance_seconds == 0  # without a setting: for ever
    floor = replace(listed.floor, house=replace(listed.floor.house, acceptance_seconds=DAY))
    scenario, buyer = listed.scenario(), listed.participant("buyer")
    quoted = quote_price.quote_price(scenario, buyer=buyer.id, floor=floor)
    assert quoted.terms.acceptance_seconds == DAY
    trade = listed.supplier.accept(listed.buyer.order(quoted.quote.id).id)
    made = listed.supplier.deliver(trade.id, listed.folder.parent)
    assert made.answer_until == "2026-01-06T10:00:00Z"


def test_silence_accepts_from_the_second_after_the_last_one(listed: Hall) -> None:
    trade = delivered(listed)
    with listed.floor.read() as work:
        assert answer_until(work.chain.store, f"trade/{trade.id}") == trade.answer_until
    listed.advance(seconds=DAY)
    words = f"the buyer may answer until {trade.answer_until}"
    unchanged_by(listed, Refused, words, lambda: deem_accepted(trade.id, floor=listed.floor))
    assert release_due(floor=listed.floor).deemed == ()
    listed.advance(seconds=1)
    deemed = deem_accepted(trade.id, floor=listed.floor)
    assert deemed.delivery is DeliveryState.DEEMED
    size = listed.size
    assert deem_accepted(trade.id, floor=listed.floor) == deemed
    assert listed.size == size
    settled, lines = settle.settle(trade.id, floor=listed.floor)
    assert settled.state is TradeState.EXECUTED
    assert sum(line.amount.minor for line in lines) == PRICE.minor
    fetch(listed, settled)  # the sealed file can still be fetched
    sound(listed)


def test_the_buyer_answers_in_the_last_second(listed: Hall) -> None:
    trade = delivered(listed)
    listed.advance(seconds=DAY)
    received = listed.buyer.receive(trade.id, listed.folder.parent / "last.csv")
    assert received.delivery is DeliveryState.RECEIVED


def test_the_job_accepts_settles_and_refunds_what_is_due_and_nothing_else(listed: Hall) -> None:
    silent = delivered(listed)
    listed.made = ""
    received = listed.receive()
    disputed = delivered_again(listed)
    listed.buyer.dispute_trade(disputed.id, "half of it is missing")
    listed.advance(seconds=DAY + 1)
    due = release_due(floor=listed.floor)
    assert [trade.id for trade in due.deemed] == [silent.id]
    assert {trade.id for trade in due.settled} == {silent.id, received.id}
    assert (due.refunded, due.failed) == ((), ())
    assert listed.trade(disputed.id).escrow is EscrowState.HELD
    size = listed.size
    assert release_due(floor=listed.floor).settled == ()
    assert listed.size == size
    sound(listed)


@pytest.mark.parametrize("fetched", [False, True])
def test_silence_accepts_nothing_that_is_withheld_and_was_never_fetched(
    listed: Hall, *, fetched: bool
) -> None:
    trade = delivered(listed)
    if fetched:
        fetch(listed, trade)
    listed.house.suspend_listing(listed.number, "a complaint")
    listed.advance(seconds=DAY + 1)
    if fetched:
        assert [each.id for each in release_due(floor=listed.floor).deemed] == [trade.id]
        return
    words = "is suspended, not on the board"
    unchanged_by(listed, NotCompliant, words, lambda: deem_accepted(trade.id, floor=listed.floor))
    due = release_due(floor=listed.floor)
    assert (due.deemed, due.settled, due.failed) == ((), (), ())
    listed.supplier.list(listed.number)
    assert release_due(floor=listed.floor).deemed == ()
    listed.advance(seconds=DAY + 1)
    assert [each.id for each in release_due(floor=listed.floor).settled] == [trade.id]


def withhold(hall: Hall, how: str) -> None:
    """Put what was delivered out of its buyer's reach."""
    match how:
        case "suspended":
            hall.house.suspend_listing(hall.number, "a complaint")
        case "disputed":
            hall.rival.dispute(hall.number, "it is ours")
        case "delisted and disputed":
            hall.supplier.delist(hall.number, "sold out")
            hall.rival.dispute(hall.number, "it is ours")
        case _:
            hall.house.set_grade(hall.number, Grade.CORE, "a mistake", "App. J")


def bring_back(hall: Hall, how: str) -> None:
    match how:
        case "suspended":
            hall.supplier.list(hall.number)
        case "disputed":
            hall.rival.withdraw_dispute(hall.number, "it is not")
            hall.advance(hours=1)
            hall.supplier.list(hall.number)
        case "delisted and disputed":
            hall.rival.withdraw_dispute(hall.number, "it is not")
        case _:
            hall.house.set_grade(hall.number, Grade.GENERAL_1, "a mistake", "App. J")


def until(hall: Hall, seconds: int = DAY) -> str:
    return format_time(hall.floor.clock() + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize("how", ["suspended", "disputed", "delisted and disputed", "core"])
def test_silence_is_counted_from_when_a_delivery_is_within_reach_again(
    listed: Hall, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade = delivered(listed)
    withhold(listed, how)
    listed.advance(seconds=3 * DAY)
    assert release_due(floor=listed.floor).deemed == ()
    bring_back(listed, how)
    last = until(listed)
    due = release_due(floor=listed.floor)
    assert (due.deemed, due.failed) == ((), ())
    assert listed.trade(trade.id).answer_until == last
    listed.advance(seconds=DAY)
    words = f"the buyer may answer until {last}"
    unchanged_by(listed, Refused, words, lambda: deem_accepted(trade.id, floor=listed.floor))
    with monkeypatch.context() as patch:  # the ledger's own rule says the same
        patch.setattr(release_due_module, "_until", lambda *_: "")
        unchanged_by(listed, Refused, words, lambda: deem_accepted(trade.id, floor=listed.floor))
    listed.advance(seconds=1)
    assert [each.id for each in release_due(floor=listed.floor).settled] == [trade.id]
    sound(listed)


def test_a_dispute_over_a_parent_that_ends_lets_the_time_begin_again(hall: Hall) -> None:
    hall.list()
    parent = hall.number
    hall.grant()
    hall.number = hall.derive()
    hall.contributor.list(hall.number)
    hall.deposit()
    quote = hall.buyer.quote(hall.scenario()).quote
    trade = hall.contributor.accept(hall.buyer.order(quote.id).id)
    hall.contributor.propose(trade.id, Changes(acceptance_seconds=DAY))
    hall.buyer.accept_amendment(trade.id)
    hall.contributor.deliver(trade.id, hall.folder.parent)
    hall.rival.dispute(parent, "it is ours")
    hall.advance(seconds=3 * DAY)
    hall.rival.withdraw_dispute(parent, "it is not")
    release_due(floor=hall.floor)
    assert hall.trade(trade.id).answer_until == until(hall)


def test_the_buyer_may_dispute_what_it_could_not_see_before(listed: Hall) -> None:
    trade = delivered(listed)
    withhold(listed, "suspended")
    listed.advance(seconds=3 * DAY)
    bring_back(listed, "suspended")
    listed.advance(seconds=DAY)
    fetch(listed, trade)
    disputed = listed.buyer.dispute_trade(trade.id, "it does not open")
    assert disputed.dispute is DisputeState.OPEN
    sound(listed)


def test_what_was_fetched_once_is_answered_in_the_time_that_it_had(listed: Hall) -> None:
    trade = delivered(listed)
    withhold(listed, "suspended")
    listed.advance(hours=2)
    bring_back(listed, "suspended")
    last = until(listed)
    listed.advance(hours=1)
    fetch(listed, trade)
    listed.advance(hours=1)
    withhold(listed, "suspended")
    listed.advance(hours=1)
    bring_back(listed, "suspended")
    release_due(floor=listed.floor)
    assert listed.trade(trade.id).answer_until == last


def test_what_was_accepted_is_not_open_to_dispute_again(listed: Hall) -> None:
    trade = delivered(listed)
    listed.advance(seconds=DAY + 1)
    release_due(floor=listed.floor)
    last = listed.trade(trade.id).answer_until
    withhold(listed, "suspended")
    listed.advance(seconds=DAY)
    bring_back(listed, "suspended")
    words = f"the buyer could answer until {last}"
    unchanged_by(listed, Refused, words, listed.buyer.dispute_trade, trade.id, "too late")


def test_a_part_that_was_never_fetched_is_withheld_though_an_earlier_one_was(
    listed: Hall,
) -> None:
    trade = listed.contract()
    trade = amend(listed, trade, parts=THREE, acceptance_seconds=DAY)
    listed.supplier.deliver(trade.id, listed.folder.parent)
    listed.buyer.receive(trade.id, listed.folder.parent / "first.csv")
    listed.supplier.deliver(trade.id, listed.folder.parent)
    withhold(listed, "suspended")
    listed.advance(seconds=3 * DAY)
    assert release_due(floor=listed.floor).deemed == ()
    bring_back(listed, "suspended")
    release_due(floor=listed.floor)
    assert listed.trade(trade.id).answer_until == until(listed)
    assert listed.trade(trade.id).delivery is DeliveryState.MADE


def delivered_again(hall: Hall, handle: str = "buyer") -> Trade:
    hall.made = ""
    quote = hall.desk(handle).quote(hall.scenario(handle)).quote
    trade = hall.supplier.accept(hall.desk(handle).order(quote.id).id)
    return hall.supplier.deliver(trade.id, hall.folder.parent)


def test_without_a_time_to_answer_silence_says_nothing(listed: Hall) -> None:
    trade = listed.deliver()
    listed.advance(days=30)
    words = "no delivery waits for an answer in a time agreed"
    unchanged_by(listed, Refused, words, lambda: deem_accepted(trade.id, floor=listed.floor))


def test_what_is_not_delivered_while_the_use_right_runs_goes_back(listed: Hall) -> None:
    trade = listed.contract()
    unchanged_by(listed, Refused, "it is due until", listed.buyer.claim_refund, trade.id)
    listed.advance(days=366)
    due = release_due(floor=listed.floor)
    assert [each.id for each in due.refunded] == [trade.id]
    assert listed.trade(trade.id).state is TradeState.CANCELLED
    assert listed.balance("buyer") == DEPOSIT.minor
    sound(listed)


# Parts.

SIZE = len(DATA.encode())
THREE = (
    PartOffer(Money(50_001), 100, 1),
    PartOffer(Money(30_000), 50, 10),
    PartOffer(Money(19_999), SIZE - 150, 20),
)


def test_each_part_is_delivered_received_and_released_by_itself(listed: Hall) -> None:
    trade = amend(listed, listed.contract(), parts=THREE)
    assert trade.part == 1
    opened, left = b"", PRICE.minor
    for number, offer in enumerate(THREE, start=1):
        made = listed.supplier.deliver(trade.id, listed.folder.parent)
        assert (made.part, made.delivery) == (number, DeliveryState.MADE)
        out = listed.folder.parent / f"{trade.id}-{number}"
        received = listed.buyer.receive(trade.id, out)
        opened += out.read_bytes()
        last = number == len(THREE)
        assert received.delivery is (DeliveryState.RECEIVED if last else DeliveryState.DUE)
        settled, _ = settle.settle(trade.id, floor=listed.floor)
        left -= offer.amount.minor
        assert holds(listed, trade) == left
    assert opened == DATA.encode()
    assert (settled.state, settled.escrow) == (TradeState.EXECUTED, EscrowState.RELEASED)
    assert listed.balance("supplier") + fees(listed) == PRICE.minor
    sound(listed)


def fees(hall: Hall) -> int:
    with hall.floor.read() as work:
        return work.accounts.balance(FEES).minor


def test_a_part_that_is_late_is_claimed_and_the_next_one_is_due(listed: Hall) -> None:
    trade = amend(listed, listed.contract(), parts=THREE)
    unchanged_by(listed, Refused, "it is due until", listed.buyer.claim_refund, trade.id)
    listed.advance(days=1, seconds=1)
    claimed = listed.buyer.claim_refund(trade.id)
    assert (claimed.part, claimed.held) == (2, PRICE - THREE[0].amount)
    assert listed.balance("buyer") == (DEPOSIT - PRICE + THREE[0].amount).minor
    listed.supplier.deliver(trade.id, listed.folder.parent)
    unchanged_by(
        listed, Refused, "it was delivered at|it is due until", listed.buyer.claim_refund, trade.id
    )
    listed.buyer.receive(trade.id, listed.folder.parent / "second")
    settled, _ = settle.settle(trade.id, floor=listed.floor)
    assert settled.state is TradeState.CONTRACTED
    listed.advance(days=20)
    ended = listed.buyer.end(trade.id, "late", "the third part never came")
    assert (ended.state, ended.escrow) == (TradeState.ENDED, EscrowState.RELEASED)
    sound(listed)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([PartOffer(PRICE, SIZE, 1)], "2 to 40"),
        ([PartOffer(HALF, 10, 1), PartOffer(HALF, SIZE - 11, 1)], "the size of the data"),
        ([PartOffer(HALF, 0, 1), PartOffer(HALF, SIZE, 1)], "at least one byte"),
        ([PartOffer(HALF, 10, 1), PartOffer(Money(1), SIZE - 10, 1)], "come to the price"),
        ([PartOffer(PRICE, 10, 1), PartOffer(Money(0), SIZE - 10, 1)], "each has its price"),
        ([PartOffer(HALF, 10, 1), PartOffer(HALF, SIZE - 10, 366)], "each has its price"),
    ],
)
def test_parts_are_the_whole_data_for_the_whole_price(
    listed: Hall, parts: list[PartOffer], words: str
) -> None:
    trade = listed.contract()
    unchanged_by(listed, BadField, words, listed.supplier.propose, trade.id, Changes(parts=parts))


def test_another_part_than_the_one_that_is_due_is_refused(
    listed: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade = amend(listed, listed.contract(), parts=THREE)
    with monkeypatch.context() as said:
        said.setattr(deliver_product, "part_facts", lambda _: {"part": 2})
        with pytest.raises(Refused, match=r"^act\.facts\.part: part 1 is due"):
            listed.supplier.deliver(trade.id, listed.folder.parent)
    made = listed.supplier.deliver(trade.id, listed.folder.parent)
    agreed = terms(listed, trade)
    facts = {"data": agreed.parts[0].data, "sealed": made.sealed, "part": 2}
    signed = listed.act("buyer", "delivery.received", f"trade/{trade.id}", facts)
    with pytest.raises(Refused, match=r"act\.facts\.part: part 1 is due"):
        deliver_product.receive(signed, floor=listed.floor)
    facts = {"data": agreed.data, "sealed": made.sealed, "part": 1}
    signed = listed.act("buyer", "delivery.received", f"trade/{trade.id}", facts)
    with pytest.raises(DataDiffer, match=r"act\.facts\.data: not the data of the contract"):
        deliver_product.receive(signed, floor=listed.floor)


# Refunds.


def test_a_supplier_gives_back_a_part_of_what_is_held(listed: Hall) -> None:
    trade = listed.supplier.refund(listed.receive().id, Money(10_000), "a column is missing")
    assert (trade.state, trade.held.minor) == (TradeState.CONTRACTED, 90_000)
    assert listed.balance("buyer") == DEPOSIT.minor - 90_000
    settled, lines = settle.settle(trade.id, floor=listed.floor)
    assert settled.state is TradeState.EXECUTED
    assert [line.amount.minor for line in lines] == [2_250, 87_750]
    sound(listed)


def test_a_refund_of_all_that_is_held_cancels_the_contract(listed: Hall) -> None:
    trade = listed.supplier.refund(listed.contract().id, PRICE, "the station is gone")
    assert (trade.state, trade.escrow) == (TradeState.CANCELLED, EscrowState.REFUNDED)
    assert listed.balance("buyer") == DEPOSIT.minor
    sound(listed)


def test_after_the_settlement_the_fee_goes_back_in_proportion(listed: Hall) -> None:
    trade = listed.trade_all()
    given = 0
    for minor in (33_333, 33_333, 33_334):
        trade = listed.supplier.refund(trade.id, Money(minor), "by and by")
        given += minor
        assert fees(listed) == FEE - round(FEE * given / PRICE.minor)
    assert (listed.balance("supplier"), fees(listed)) == (0, 0)
    assert listed.balance("buyer") == DEPOSIT.minor
    assert trade.state is TradeState.EXECUTED
    words = "0 of what was paid"
    unchanged_by(listed, Refused, words, listed.supplier.refund, trade.id, Money(1), "more")


def test_a_refund_that_the_supplier_cannot_pay_changes_nothing(listed: Hall) -> None:
    trade = listed.trade_all()
    listed.house.withdraw(listed.participant("supplier"), Money(50_000), "payout")
    refund = listed.supplier.refund
    unchanged_by(listed, InsufficientFunds, "is due", refund, trade.id, PRICE, "all of it")


@pytest.mark.parametrize("minor", [0, 100_001])
def test_a_refund_is_of_what_is_held(listed: Hall, minor: int) -> None:
    trade = listed.contract()
    refund = listed.supplier.refund
    unchanged_by(listed, BadField, r"act\.facts\.amount", refund, trade.id, Money(minor), "x")


def test_a_refund_goes_to_the_buyer_from_the_right_accounts(listed: Hall) -> None:
    trade = listed.trade_all()
    with listed.floor.read() as work:
        facts = refund_trade.refund_facts(trade, Money(1_000), "x", work)
    for name, value in (("to", trade.supplier), ("lines", facts["lines"][1:])):
        signed = listed.act("supplier", "refund.made", f"trade/{trade.id}", facts | {name: value})
        with pytest.raises(TermsDiffer, match=rf"act\.facts\.{name}"):
            refund_trade.refund_buyer(signed, floor=listed.floor)


def test_a_refund_is_replayed_without_paying_twice(listed: Hall) -> None:
    trade = listed.contract()
    with listed.floor.read() as work:
        facts = refund_trade.refund_facts(trade, Money(1_000), "x", work)
    signed = listed.act("supplier", "refund.made", f"trade/{trade.id}", facts)
    first = refund_trade.refund_buyer(signed, floor=listed.floor)
    assert refund_trade.refund_buyer(signed, floor=listed.floor) == first
    assert holds(listed, trade) == 99_000


# Disputes.


def arbiter(hall: Hall, code: str = "") -> Desk:
    """Admit an arbiter, or one of the organisation of that credit code."""
    from exchange import desk as desks  # noqa: PLC0415 - the module, beside the class

    handle = "arbiter"
    keys = hall.venue.keyring.create(handle, "a passphrase of the tests")
    applicant = desks.apply_to_join(
        keys, handle=handle, name="仲裁", credit_code=code or credit_code(77), floor=hall.floor
    )
    welcome(hall.house, applicant, (Role.ARBITER,))
    hall.keys = {**hall.keys, handle: keys}
    return hall.desk(handle)


def test_a_dispute_freezes_everything(listed: Hall) -> None:
    trade = delivered(listed)
    disputed = listed.buyer.dispute_trade(trade.id, "half of it is missing", ["0" * 64])
    assert disputed.dispute is DisputeState.OPEN
    listed.advance(seconds=DAY + 1)
    frozen = "is frozen: its performance is disputed"
    for act in (
        lambda: settle.settle(trade.id, floor=listed.floor),
        lambda: deem_accepted(trade.id, floor=listed.floor),
        lambda: listed.supplier.deliver(trade.id, listed.folder.parent),
        lambda: listed.supplier.refund(trade.id, Money(1), "x"),
        lambda: listed.buyer.end(trade.id, "breach", "x"),
        lambda: listed.house.cancel(trade.id, "x"),
        lambda: listed.supplier.propose(trade.id, Changes(term_days=5)),
    ):
        unchanged_by(listed, Refused, frozen, act)
    with pytest.raises(Refused, match=frozen):  # to look at it is an access, which is counted
        listed.buyer.receive(trade.id, listed.folder.parent / "x")
    assert holds(listed, trade) == PRICE.minor


def test_who_disputed_withdraws_and_the_time_to_answer_begins_again(listed: Hall) -> None:
    trade = delivered(listed)
    listed.buyer.dispute_trade(trade.id, "it does not open")
    unchanged_by(listed, Refused, "signed by the same", listed.supplier.undispute, trade.id, "x")
    listed.advance(hours=5)
    withdrawn = listed.buyer.undispute(trade.id, "it does open")
    assert withdrawn.dispute is DisputeState.WITHDRAWN
    assert withdrawn.answer_until == "2026-01-06T15:00:00Z"
    listed.buyer.dispute_trade(trade.id, "it does not after all")


def test_a_buyer_disputes_until_the_last_second(listed: Hall) -> None:
    trade = delivered(listed)
    listed.advance(seconds=DAY)
    listed.buyer.dispute_trade(trade.id, "late, but in time")
    listed.buyer.undispute(trade.id, "settled")
    listed.advance(seconds=DAY + 1)
    words = "the buyer could answer until"
    unchanged_by(listed, Refused, words, listed.buyer.dispute_trade, trade.id, "too late")


def test_only_parties_dispute_and_a_supplier_while_something_is_held(listed: Hall) -> None:
    trade = listed.deliver()
    act, words = listed.rival.dispute_trade, "is not the buyer or supplier"
    unchanged_by(listed, Forbidden, words, act, trade.id, "none of my business")
    listed.supplier.dispute_trade(trade.id, "it does not sign")
    listed.supplier.undispute(trade.id, "it will")
    listed.receive()
    words = "was accepted, and no time to dispute it agreed"
    unchanged_by(listed, Refused, words, listed.buyer.dispute_trade, trade.id, "after all")
    settle.settle(trade.id, floor=listed.floor)
    words = "the supplier has nothing to dispute"
    unchanged_by(listed, Refused, words, listed.supplier.dispute_trade, trade.id, "more")


@pytest.mark.parametrize("back", [0, 1, 33_333, 100_000])
def test_an_award_divides_what_is_held_to_the_last_fen(listed: Hall, back: int) -> None:
    trade = delivered(listed)
    listed.buyer.dispute_trade(trade.id, "half of it is missing")
    decided = arbiter(listed).arbitrate(trade.id, back=Money(back), reasons="as we found it")
    everything = back == PRICE.minor
    assert decided.state is (TradeState.CANCELLED if everything else TradeState.EXECUTED)
    assert decided.dispute is DisputeState.DECIDED
    assert listed.balance("buyer") == DEPOSIT.minor - PRICE.minor + back
    fee = Money(PRICE.minor - back).scaled(terms_fee(listed, trade)).minor
    assert fees(listed) == fee
    assert listed.balance("supplier") == PRICE.minor - back - fee
    assert holds(listed, trade) == 0
    sound(listed)
    again = listed.desk("arbiter").arbitrate
    with pytest.raises(IllegalTransition, match="is decided already"):
        again(trade.id, back=Money(0), reasons="once more")


def terms_fee(hall: Hall, trade: Trade) -> Any:
    from decimal import Decimal  # noqa: PLC0415 - for this alone

    return Decimal(terms(hall, trade).fee_ppm) / 1_000_000


def test_an_award_shares_what_is_not_given_back(hall: Hall) -> None:
    hall.list(sheet(sharing=shared(hall, supplier="QD", contributor="RZ")))
    hall.deposit()
    trade = hall.deliver()
    hall.buyer.dispute_trade(trade.id, "half of it is missing")
    hall.house.arbitrate(trade.id, back=HALF, reasons="as we found it")
    assert hall.balance("contributor") > 0
    sound(hall)


@pytest.mark.parametrize("who", ["supplier", "buyer"])
def test_no_arbiter_is_of_the_organisation_of_a_party(listed: Hall, who: str) -> None:
    trade = listed.deliver()
    listed.buyer.dispute_trade(trade.id, "half of it is missing")
    code = next(row[2] for row in CAST if row[0] == who)
    act = arbiter(listed, code).arbitrate
    words = "is of the organisation of a party"
    with pytest.raises(Forbidden, match=words):
        act(trade.id, back=HALF, reasons="mine")
    sound(listed)


def test_an_award_is_of_what_there_is(listed: Hall) -> None:
    trade = listed.deliver()
    listed.buyer.dispute_trade(trade.id, "half of it is missing")
    act = listed.house.arbitrate
    with pytest.raises(ExchangeError):
        act(trade.id, back=PRICE + Money(1), reasons="too much")
    with pytest.raises(Refused, match=r"0 of what was paid .* can be reversed"):
        act(trade.id, back=HALF, reversal=Money(1), reasons="too much")
    sound(listed)


def settled_and_disputed(hall: Hall) -> Trade:
    trade = delivered(hall)
    hall.buyer.receive(trade.id, hall.folder.parent / "settled.csv")
    settle.settle(trade.id, floor=hall.floor)
    return hall.buyer.dispute_trade(trade.id, "it is not what was described")


def test_after_the_settlement_an_award_is_reversed_from_what_was_paid(listed: Hall) -> None:
    trade = settled_and_disputed(listed)
    decided = listed.house.arbitrate(
        trade.id, back=Money(0), reversal=Money(40_000), reasons="a fifth of it is noise"
    )
    assert (decided.state, decided.reversal) == (TradeState.EXECUTED, 0)
    assert listed.balance("buyer") == DEPOSIT.minor - PRICE.minor + 40_000
    assert fees(listed) == FEE - 1_000
    assert listed.balance("supplier") == 97_500 - 39_000
    assert listed.kinds(f"trade/{trade.id}")[-2:] == ["trade.arbitrated", "trade.reversed"]
    sound(listed)


def test_what_a_supplier_cannot_reverse_is_served_first_from_its_next_proceeds(
    listed: Hall,
) -> None:
    trade = settled_and_disputed(listed)
    listed.house.withdraw(listed.participant("supplier"), Money(90_000), "payout")
    decided = listed.house.arbitrate(
        trade.id, back=Money(0), reversal=PRICE, reasons="nothing of it is as described"
    )
    assert 0 < decided.reversal < PRICE.minor
    assert listed.balance("supplier") < 500
    words = "awarded over .* are owed"
    unchanged_by(
        listed,
        Refused,
        words,
        lambda: listed.house.withdraw(listed.participant("supplier"), Money(1), "payout 2"),
    )
    payee = Payee("青岛供数有限公司", "6222020000000000")
    act = listed.supplier.request_withdrawal
    unchanged_by(listed, Refused, "awarded over .* are owed", act, Money(1), payee)
    words = "awarded are not paid"
    listed.advance(days=366)
    unchanged_by(listed, Refused, words, listed.house.retire, trade.id, "over")


def test_the_next_proceeds_serve_an_award(listed: Hall) -> None:
    trade = settled_and_disputed(listed)
    listed.house.withdraw(listed.participant("supplier"), Money(97_500), "payout")
    listed.house.arbitrate(trade.id, back=Money(0), reversal=PRICE, reasons="not as described")
    assert listed.trade(trade.id).reversal == PRICE.minor
    listed.made = ""
    listed.trade_all()
    assert listed.trade(trade.id).reversal < FEE + 1
    assert listed.balance("supplier") < FEE
    sound(listed)


# Amendments.


def test_a_price_that_grows_goes_into_escrow_with_the_second_signature(listed: Hall) -> None:
    trade = listed.contract()
    proposed = listed.supplier.propose(trade.id, Changes(amount=Money(120_000), term_days=100))
    assert proposed.state is AmendmentState.PROPOSED
    assert (holds(listed, trade), listed.trade(trade.id).amount) == (PRICE.minor, PRICE)
    amended = listed.buyer.accept_amendment(trade.id)
    assert (holds(listed, trade), amended.amount) == (120_000, Money(120_000))
    assert amended.grant_until == "2026-04-15T10:00:00Z"
    assert terms(listed, trade).term_days == 100
    assert terms(listed, trade).digest == amended.terms != trade.terms
    sound(listed)
    settled, lines = settle.settle(listed.receive().id, floor=listed.floor)
    assert settled.state is TradeState.EXECUTED
    assert sum(line.amount.minor for line in lines) == 120_000
    sound(listed)


def test_a_price_that_falls_goes_back(listed: Hall) -> None:
    trade = amend(listed, listed.contract(), amount=Money(1))
    assert (holds(listed, trade), listed.balance("buyer")) == (1, DEPOSIT.minor - 1)
    sound(listed)


def test_an_amendment_in_another_currency_names_the_field(listed: Hall) -> None:
    trade, words = listed.contract(), "{}: in CNY, the currency of the contract"
    act, dollars = listed.supplier.propose, Money(1, Currency.USD)
    unchanged_by(listed, BadField, words.format("^amount"), act, trade.id, Changes(amount=dollars))
    parts = (PartOffer(dollars, 1, 1), PartOffer(PRICE, 1, 1))
    unchanged_by(listed, BadField, words.format("^parts"), act, trade.id, Changes(parts=parts))


def test_an_amendment_that_the_buyer_cannot_pay_changes_nothing(listed: Hall) -> None:
    trade = listed.contract()
    listed.buyer.propose(trade.id, Changes(amount=DEPOSIT + Money(1)))
    act = listed.supplier.accept_amendment
    unchanged_by(listed, InsufficientFunds, "is due", act, trade.id)
    assert listed.trade(trade.id).amount == PRICE


def test_the_other_party_accepts_and_one_proposal_waits_at_a_time(listed: Hall) -> None:
    trade = listed.contract()
    listed.supplier.propose(trade.id, Changes(term_days=100))
    act = listed.supplier.accept_amendment
    unchanged_by(listed, Forbidden, "the other party accepts", act, trade.id)
    other, words = listed.buyer.propose, "waits for its answer"
    unchanged_by(listed, Refused, words, other, trade.id, Changes(term_days=90))
    listed.buyer.decline_amendment(trade.id, "too short")
    with pytest.raises(NotFound, match="no amendment waits"):
        listed.buyer.accept_amendment(trade.id)
    with listed.floor.read() as work:
        (amendment,) = amend_trade.amendments_of(trade, work)
    assert amendment.state is AmendmentState.DECLINED
    assert listed.trade(trade.id).terms == trade.terms


def propose(hall: Hall, trade: Trade, changed: Terms) -> None:
    with hall.floor.read() as work:
        facts = amend_trade.amendment_facts(trade, changed, work)
    signed = hall.act("supplier", "amendment.proposed", f"trade/{trade.id}", facts)
    amend_trade.propose_amendment(signed, changed, floor=hall.floor)


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "shipping"},
        {"region": "JP"},
        {"onward_transfer": True},
        {"public_release": True},
        {"data": "0" * 64},
        {"fee_ppm": 0},
        {"buyer": "PT-AAAA-AAAA-AAAA"},
    ],
)
def test_an_amendment_changes_nothing_that_scenario_and_policy_fix(
    listed: Hall, changes: dict[str, Any]
) -> None:
    trade = listed.contract()
    changed = replace(terms(listed, trade), **changes)
    (name,) = changes
    unchanged_by(
        listed, TermsDiffer, f"terms.{name}: an amendment cannot", propose, listed, trade, changed
    )


@pytest.mark.parametrize("days", [366, 0])
def test_a_term_stays_within_the_scenario(listed: Hall, days: int) -> None:
    trade = listed.contract()
    changed = replace(terms(listed, trade), term_days=days)
    words = r"terms\.term_days: 1 to 365"
    unchanged_by(listed, BadField, words, propose, listed, trade, changed)


def test_ordering_is_asked_again(listed: Hall) -> None:
    trade = listed.contract()
    listed.supplier.propose(trade.id, Changes(term_days=100))
    listed.house.suspend_listing(listed.number, "a complaint")
    act = listed.buyer.accept_amendment
    unchanged_by(listed, NotCompliant, "is suspended", act, trade.id)


# Endings.


def test_a_party_ends_a_contract_for_a_cause_and_the_money_goes_back(listed: Hall) -> None:
    trade = listed.buyer.end(listed.contract().id, "unlawful", "the law has changed")
    assert (trade.state, trade.escrow) == (TradeState.ENDED, EscrowState.REFUNDED)
    assert listed.balance("buyer") == DEPOSIT.minor
    act = listed.supplier.deliver
    with pytest.raises(Refused, match="there is no contract to deliver on"):
        act(trade.id, listed.folder.parent)
    with pytest.raises(NotFound, match="nothing has been delivered"):
        fetch(listed, trade)
    sound(listed)
    retired = listed.house.retire(trade.id, "over")
    assert retired.state is TradeState.RETIRED


def test_notice_of_thirty_days_shortens_the_use_right(listed: Hall) -> None:
    trade = listed.trade_all()
    ended = listed.buyer.end(trade.id, "notice", "no longer needed")
    assert (ended.state, ended.grant_until) == (TradeState.EXECUTED, "2026-02-04T10:00:00Z")
    fetch(listed, ended)
    unchanged_by(listed, Refused, "use right runs until", listed.house.retire, trade.id, "over")
    listed.advance(days=30, seconds=1)
    with pytest.raises(Refused, match="the use right ended at 2026-02-04T10:00:00Z"):
        fetch(listed, ended)
    assert listed.house.retire(trade.id, "over").state is TradeState.RETIRED


@pytest.mark.parametrize(
    ("cause", "error", "words"),
    [
        ("boredom", BadField, r"act\.facts\.cause: one of notice"),
        ("late", Refused, "nothing is late"),
        ("suspended", Refused, "is not suspended"),
    ],
)
def test_a_cause_is_one_of_five_and_true(
    listed: Hall, cause: str, error: type[ExchangeError], words: str
) -> None:
    trade = listed.contract()
    unchanged_by(listed, error, words, listed.buyer.end, trade.id, cause, "because")


def test_a_delivery_is_answered_and_a_receipt_settled_before_the_end(listed: Hall) -> None:
    trade = listed.deliver()
    act, words = listed.buyer.end, "answer or dispute it"
    unchanged_by(listed, Refused, words, act, trade.id, "breach", "no")
    listed.receive()
    unchanged_by(listed, Refused, "settled first", act, trade.id, "breach", "no")


def suspend(hall: Hall, handle: str) -> None:
    hall.house.suspend(hall.participant(handle), "under investigation")


def test_a_buyer_leaves_a_supplier_that_is_suspended(listed: Hall) -> None:
    trade = listed.contract()
    suspend(listed, "supplier")
    with pytest.raises(ExchangeError):
        listed.supplier.deliver(trade.id, listed.folder.parent)
    ended = listed.buyer.end(trade.id, "suspended", "it cannot deliver")
    assert (ended.state, listed.balance("buyer")) == (TradeState.ENDED, DEPOSIT.minor)
    sound(listed)


def test_what_was_fetched_before_its_supplier_was_suspended_is_paid(listed: Hall) -> None:
    trade = delivered(listed)
    fetch(listed, trade)
    suspend(listed, "supplier")
    listed.advance(seconds=DAY + 1)
    due = release_due(floor=listed.floor)
    assert [each.id for each in due.settled] == [trade.id]
    assert listed.balance("supplier") == PRICE.minor - FEE
    sound(listed)


def test_what_is_over_stays_over(listed: Hall) -> None:
    trade = listed.buyer.end(listed.contract().id, "unlawful", "the law has changed")
    listed.house.retire(trade.id, "over")
    for act in (listed.house.retire, listed.house.cancel):
        with pytest.raises((Refused, IllegalTransition)):
            act(trade.id, "again")
    with pytest.raises(Refused, match="there is no contract to end"):
        listed.buyer.end(trade.id, "breach", "again")
    sound(listed)


def test_acts_of_a_lifecycle_are_replayed_without_effect(listed: Hall) -> None:
    trade = listed.contract()
    facts = end_trade.ending_facts(trade, "breach", "x", listed.floor.clock())
    signed: SignedAct = listed.act("buyer", "trade.ended", f"trade/{trade.id}", facts)
    first = end_trade.end_trade(signed, floor=listed.floor)
    assert end_trade.end_trade(signed, floor=listed.floor) == first
    assert listed.balance("buyer") == DEPOSIT.minor
