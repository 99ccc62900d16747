"""Use that is metered and billed: in order, deniable, in its budget, and all accounted for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from exchange.clearing import EscrowState
from exchange.delivery import DeliveryState
from exchange.engagements import Offer
from exchange.errors import (
    BadField,
    BudgetSpent,
    Busy,
    Conflict,
    DataDiffer,
    Forbidden,
    NoScenario,
    NotCompliant,
    OutsidePolicy,
    Refused,
)
from exchange.grading import Grade
from exchange.listing import ListingState
from exchange.metering import Batch, Units, read_batch, statement_of, units_of, write_events
from exchange.participants import Role
from exchange.plans import check_counted, read_plan
from exchange.ports import UnitOfWork
from exchange.services import meter_usage
from exchange.services.access_delivery import access_delivery
from exchange.services.acting import record, record_for_house
from exchange.services.audit_provenance import reconcile
from exchange.services.bill_usage import bill_due, bill_usage, close_usage
from exchange.services.end_trade import ending_facts
from exchange.services.meter_usage import Metered, metered
from exchange.services.quote_plan import Wish
from exchange.services.refund_trade import refund_facts
from exchange.services.replay_prices import replay_prices
from exchange.services.settle import settle
from exchange.specsheet import SpecSheet, TimeLimit, WrittenPlan
from exchange.trading import Trade, TradeState, TradingMode
from ledger.acts import format_time
from ledger.scenarios import scenario_end
from pricing import registry
from pricing.billing import Outcome, UsageEvent
from pricing.money import Money
from pricing.record import Replayed
from tests.exchange.floor import DEPOSIT, DERIVED, NOTICE, Hall, open_hall, sheet
from tests.exchange.services.plans import (
    BY_CALL,
    CALL,
    MONTHLY,
    PACKS,
    TRIAL,
    at,
    by_use,
    calls,
    contracted,
    held,
    listed_under,
    on_trial,
    planned,
    subscribed,
)

BUDGET = 10_000
FIRST_END = "2026-02-05T16:00:00Z"


@pytest.fixture
def metering(hall: Hall) -> Hall:
    """A product sold by the call, and a contract with a budget of 100 yuan."""
    listed_under(hall, trial=TRIAL)
    hall.made = by_use(hall, BUDGET).id
    return hall


def look(hall: Hall, trade: str = "") -> Metered:
    with hall.floor.read() as work:
        return metered(trade or hall.made, work=work, floor=hall.floor)


def meter(hall: Hall, count: int = 3, **others: Any) -> Metered:
    hall.advance(hours=1)
    return hall.supplier.meter(hall.made, calls(hall, count, **others))


def facts_of(hall: Hall, events: bytes, **changes: Any) -> dict[str, Any]:
    found = look(hall)
    since = found.batches[-1].facts["until"] if found.batches else found.since
    plain = {
        "trade": hall.made,
        "sequence": len(found.batches) + 1,
        "since": since,
        "until": format_time(hall.floor.clock()),
        "found": 3,
        "missed": 0,
        "events": hashlib.sha256(events).hexdigest(),
    }
    return plain | changes


def test_use_from_its_quote_to_the_rest_that_goes_back(hall: Hall) -> None:
    listed_under(hall)
    priced = hall.buyer.quote_plan(hall.scenario(), Wish(budget=Money(BUDGET)))
    assert (priced.quote.amount, priced.terms.mode) == (Money(BUDGET), TradingMode.USAGE)
    (record,) = replay_prices(priced.quote.id, floor=hall.floor)
    assert record.outcome is Replayed.BIT_FOR_BIT
    trade = hall.supplier.accept(hall.buyer.order(priced.quote.id).id)
    hall.made = trade.id
    assert held(hall, trade.id) == BUDGET
    meter(hall, 40, missed=7)  # what found nothing is not billed
    meter(hall, 20, name="r")
    at(hall, FIRST_END)
    hall.advance(days=1)
    found = bill_usage(trade.id, floor=hall.floor)
    (bill,) = found.bills
    assert (bill.number, bill.until, bill.through) == (1, FIRST_END, 2)
    assert (bill.due, bill.amount) == ("30.00 CNY", "30.00 CNY")
    assert hall.balance("supplier") == 60 * CALL.minor - 75  # less the exchange's 2.5 %
    outcomes = {each.where: each.outcome for each in replay_prices(trade.id, floor=hall.floor)}
    assert set(outcomes.values()) == {Replayed.BIT_FOR_BIT}
    hall.buyer.end_usage(trade.id, "the project is over")
    hall.advance(days=8)
    closed = close_usage(trade.id, floor=hall.floor)
    assert (closed.closed, closed.trade.state) == (True, TradeState.EXECUTED)
    assert closed.trade.escrow is EscrowState.RELEASED
    assert held(hall, trade.id) == 0
    assert hall.balance("buyer") == DEPOSIT.minor - 60 * CALL.minor
    size = hall.size
    assert close_usage(trade.id, floor=hall.floor) == closed
    assert hall.size == size
    assert reconcile(floor=hall.floor).faults == ()


def test_a_bill_takes_no_more_than_the_budget(metering: Hall) -> None:
    meter(metering, 150)
    meter(metering, 100, name="r")
    at(metering, FIRST_END)
    metering.advance(days=1)
    (bill,) = bill_usage(metering.made, floor=metering.floor).bills
    assert (bill.due, bill.amount) == ("125.00 CNY", "100.00 CNY")
    assert held(metering, metering.made) == 0
    assert metering.trade(metering.made).state is TradeState.EXECUTED
    assert metering.balance("buyer") == DEPOSIT.minor - BUDGET
    assert reconcile(floor=metering.floor).faults == ()


def test_what_a_budget_does_not_pay_for_is_refused(metering: Hall) -> None:
    metering.supplier.deliver(metering.made, metering.folder.parent)
    buyer = metering.trade(metering.made).buyer
    assert access_delivery(metering.made, by=buyer, floor=metering.floor).count == 1
    meter(metering, 150)
    meter(metering, 100, name="r")  # the batch that reaches the end is taken
    words = r"its use takes all of 100\.00 CNY already"
    with pytest.raises(BudgetSpent, match=words):
        meter(metering, 1, name="s")
    with pytest.raises(BudgetSpent, match=words):
        access_delivery(metering.made, by=buyer, floor=metering.floor)
    assert len(meter(metering, 0, missed=2, name="t").batches) == 3  # it costs nothing
    at(metering, FIRST_END)
    metering.advance(days=7)
    bill_usage(metering.made, floor=metering.floor)
    events = write_events(calls(metering, 3))
    facts = facts_of(metering, events)
    signed = metering.act("supplier", "usage.metered", f"usage/{metering.made}", facts)
    with pytest.raises(Refused, match="budget: the budget of"), metering.floor.write() as work:
        record(signed, work=work, floor=metering.floor)


def test_an_access_over_which_use_is_metered_is_to_be_asked_for_again(metering: Hall) -> None:
    metering.supplier.deliver(metering.made, metering.folder.parent)
    buyer = metering.trade(metering.made).buyer

    @contextmanager
    def late() -> Iterator[UnitOfWork]:
        meter(metering, 250)  # all of the budget
        with metering.floor.write() as work:
            yield work

    with pytest.raises(Busy, match="was metered meanwhile: nothing was handed out"):
        access_delivery(
            metering.made, by=buyer, floor=dataclasses.replace(metering.floor, write=late)
        )
    with pytest.raises(BudgetSpent):
        access_delivery(metering.made, by=buyer, floor=metering.floor)


def events_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return where the batches begin whose events the services go on to read."""
    read = []

    def counting(data: bytes, since: str, until: str) -> Batch:
        read.append(since)
        return read_batch(data, since, until)

    monkeypatch.setattr(meter_usage, "read_batch", counting)
    return read


def test_neither_a_batch_nor_an_access_reads_the_events_before_it(
    metering: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    metering.supplier.deliver(metering.made, metering.folder.parent)
    buyer = metering.trade(metering.made).buyer
    read = events_read(monkeypatch)
    for number in (1, 2, 3):
        found = meter(metering, name=str(number))
        assert read == [batch.facts["since"] for batch in found.batches]
    assert access_delivery(metering.made, by=buyer, floor=metering.floor).count == 1
    assert len(read) == 3


def counted(hall: Hall) -> Units:
    """Return the units of the events of all batches that count, read again."""
    with hall.floor.read() as work:
        found = metered(hall.made, work=work, floor=hall.floor)
        return units_of(meter_usage.batches_of(found, work))


def running(hall: Hall) -> Units:
    with hall.floor.read() as work:
        return work.metering.of(hall.made)


def test_the_running_total_is_the_sum_of_the_events_that_count(metering: Hall) -> None:
    assert running(metering) == Counter()
    for number, missed in ((1, 0), (2, 4), (3, 1)):
        meter(metering, 5, missed=missed, name=str(number))
        assert running(metering) == counted(metering)
    metering.buyer.contest(metering.made, 2, "never asked")
    metering.buyer.contest(metering.made, 3, "never asked")
    assert sum(running(metering).values()) == 20
    metering.house.decide(metering.made, 2, "struck", "the provider has no log of it")
    metering.house.decide(metering.made, 3, "stands", "the provider has a log of it")
    assert running(metering) == counted(metering)
    assert sum(running(metering).values()) == 11
    assert reconcile(floor=metering.floor).faults == ()


def test_a_running_total_that_is_not_the_chains_is_named(metering: Hall) -> None:
    meter(metering, 5)
    (key,) = running(metering)
    with metering.floor.write() as work:
        work.metering.add(metering.made, Counter({key: -1}))
    words = f"the use of {metering.made} counts 4 units found, its batches come to 5"
    assert reconcile(floor=metering.floor).faults == (words,)


def test_a_batch_that_is_refused_counts_nothing(metering: Hall) -> None:
    meter(metering, 250)  # more than the budget
    before = running(metering)
    with pytest.raises(BudgetSpent):
        meter(metering, 1, name="r")
    assert running(metering) == before


def test_a_contract_is_not_cancelled_over_use_that_is_not_billed(metering: Hall) -> None:
    meter(metering)
    with pytest.raises(Refused, match="batch 1 of its use is not billed: end the use instead"):
        metering.house.cancel(metering.made, "it stood still")
    facts = {"reason": "it stood still", "amount": Money(BUDGET).to_record()}
    with pytest.raises(Refused, match=r"bill: .* not billed: 1"), metering.floor.write() as work:
        record_for_house(
            "trade.cancelled", f"trade/{metering.made}", facts, work=work, floor=metering.floor
        )
    metering.buyer.contest(metering.made, 1, "never asked")
    metering.house.decide(metering.made, 1, "struck", "the provider has no log of it")
    cancelled = metering.house.cancel(metering.made, "it stood still")
    assert (cancelled.state, held(metering, metering.made)) == (TradeState.CANCELLED, 0)


def speak(hall: Hall, who: str, kind: str, subject: str, facts: dict[str, Any]) -> None:
    """Record an act that no service would, so that only the ledger's own rules can refuse it."""
    signed = hall.act(who, kind, subject, facts)
    with hall.floor.write() as work:
        record(signed, work=work, floor=hall.floor)


def test_what_is_billed_in_part_keeps_a_contract_from_being_cancelled(metering: Hall) -> None:
    at(metering, "2026-02-05T15:59:59Z")
    before = calls(metering, 20, name="a")
    metering.advance(hours=2)
    metering.supplier.meter(metering.made, [*before, *calls(metering, 30, name="b")])
    metering.advance(days=8)
    (bill,) = bill_usage(metering.made, floor=metering.floor).bills
    assert (bill.through, bill.amount) == (1, "10.00 CNY")  # the 30 are of the next period
    with pytest.raises(Refused, match="batch 1 of its use is not billed: end the use instead"):
        metering.house.cancel(metering.made, "it stood still")
    facts = {"reason": "so", "amount": metering.trade(metering.made).held.to_record()}
    with pytest.raises(Refused, match=r"bill: .* not billed: 1"), metering.floor.write() as work:
        record_for_house(
            "trade.cancelled", f"trade/{metering.made}", facts, work=work, floor=metering.floor
        )


@pytest.mark.parametrize("cause", ["notice", "breach", "unlawful"])
def test_no_ending_gives_back_what_was_used(metering: Hall, cause: str) -> None:
    meter(metering)
    trade = metering.trade(metering.made)
    facts = ending_facts(trade, cause, "so", metering.floor.clock())
    with pytest.raises(Refused, match="bill: batches metered and not billed: 1"):
        speak(metering, "supplier", "trade.ended", f"trade/{trade.id}", facts)


def test_a_budget_is_not_refunded_away_from_what_was_used(metering: Hall) -> None:
    meter(metering, 100)
    with pytest.raises(Refused, match="is usage: end its use, and what is left goes back"):
        metering.supplier.refund(metering.made, Money(8_000), "sorry")
    trade = metering.trade(metering.made)
    with metering.floor.read() as work:
        facts = refund_facts(trade, Money(8_000), "sorry", work)
    with pytest.raises(Refused, match=r"mode: .* is usage: the rest goes back with its last bill"):
        speak(metering, "supplier", "refund.made", f"trade/{trade.id}", facts)
    metering.supplier.end_usage(metering.made, "sorry")
    metering.advance(days=8)
    (bill,) = close_usage(metering.made, floor=metering.floor).bills
    assert bill.amount == "50.00 CNY"
    metering.supplier.refund(metering.made, Money(3_000), "sorry")  # out of what it was paid
    assert metering.balance("buyer") == DEPOSIT.minor - 2_000
    assert reconcile(floor=metering.floor).faults == ()


@pytest.mark.parametrize("back", [9_900, BUDGET, 0])
def test_an_award_of_the_budget_ends_the_use(metering: Hall, back: int) -> None:
    trade = metering.supplier.deliver(metering.made, metering.folder.parent)
    meter(metering, 100)
    metering.buyer.dispute_trade(trade.id, "what was metered is not ours")
    metering.house.arbitrate(trade.id, back=Money(back), reasons="see the log")
    over = "2026-01-05T11:00:00Z"
    assert (held(metering, trade.id), look(metering).until) == (0, over)
    assert metering.trade(trade.id).grant_until == over
    with pytest.raises(Refused, match=r"its use ended with|is cancelled"):
        access_delivery(trade.id, by=trade.buyer, floor=metering.floor)
    with pytest.raises(Refused, match=r"its use ended with entry \d+"):
        meter(metering, 50, name="r")
    facts = facts_of(metering, write_events(calls(metering, 3)))
    with pytest.raises(Refused, match=r"over: the use of trade .* ended with entry \d+"):
        speak(metering, "supplier", "usage.metered", f"usage/{trade.id}", facts)
    access = {"trade": trade.id, "to": trade.buyer, "sealed": trade.sealed, "count": 1}
    with (
        pytest.raises(Refused, match=r"expiry: the use .* ended"),
        metering.floor.write() as work,
    ):
        record_for_house(
            "access.granted", f"access/{trade.id}", access, work=work, floor=metering.floor
        )
    metering.advance(days=8)
    (bill,) = close_usage(trade.id, floor=metering.floor).bills  # the award has divided it all
    assert (bill.due, bill.amount) == ("50.00 CNY", "0.00 CNY")
    assert metering.balance("buyer") == DEPOSIT.minor - BUDGET + back
    assert reconcile(floor=metering.floor).faults == ()


def test_a_batch_is_taken_once_whoever_sends_it_again(metering: Hall) -> None:
    metering.advance(hours=1)
    events = write_events(calls(metering, 3))
    signed = metering.act(
        "supplier", "usage.metered", f"usage/{metering.made}", facts_of(metering, events)
    )
    first = meter_usage.meter_usage(signed, events, floor=metering.floor)
    size = metering.size
    again = meter_usage.meter_usage(signed, events, floor=metering.floor)
    assert replace(again, batches=()) == replace(first, batches=())
    # Over PostgreSQL the entry had no place yet when it was first returned.
    assert [each.data for each in again.batches] == [each.data for each in first.batches]
    assert metering.size == size


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"sequence": 1}, "act.facts.sequence", "batch 2 is next"),
        ({"sequence": 3}, "act.facts.sequence", "batch 2 is next"),
        ({"since": "2026-01-05T00:00:00Z"}, "act.facts.since", "is metered already"),
        ({"until": "2026-01-05T00:00:00Z"}, "act.facts.until", "ends after it begins"),
        ({"until": "2027-06-01T00:00:00Z"}, "act.facts.until", "the use right ends at"),
        ({"until": "2026-02-01T00:00:00Z"}, "act.facts.until", "still to come"),
        ({"found": 2}, "act.facts.found", "the events come to 3"),
        ({"missed": 1}, "act.facts.missed", "the events come to 0"),
    ],
)
def test_a_batch_out_of_order_is_refused_by_its_field(
    metering: Hall, changes: dict[str, Any], field: str, words: str
) -> None:
    meter(metering)
    metering.advance(hours=1)
    events = write_events(calls(metering, 3))
    facts = facts_of(metering, events, **changes)
    signed = metering.act("supplier", "usage.metered", f"usage/{metering.made}", facts)
    size = metering.size
    with pytest.raises(BadField, match=words) as caught:
        meter_usage.meter_usage(signed, events, floor=metering.floor)
    assert (caught.value.field, metering.size) == (field, size)


def test_nothing_is_metered_once_the_contract_is_cancelled(metering: Hall) -> None:
    trade = by_use(metering)
    metering.house.cancel(trade.id, "it stood still")
    metering.advance(hours=1)
    with pytest.raises(Refused, match=r"its use ended with entry \d+"):
        metering.supplier.meter(trade.id, calls(metering, 1))


@pytest.mark.parametrize("how", ["withdrawn", "revoked"])
@pytest.mark.parametrize("mode", ["usage", "subscription", "trial"])
def test_use_after_its_scenario_has_ended_is_not_metered(hall: Hall, mode: str, how: str) -> None:
    if mode == "subscription":
        trade = contracted(listed_under(hall, MONTHLY))
    else:
        listed_under(hall, trial=TRIAL)
        trade = by_use(hall, BUDGET) if mode == "usage" else on_trial(hall)
    hall.made = trade.id
    meter(hall, 2)
    hall.advance(hours=1)
    before, end = calls(hall, 3, name="before"), format_time(hall.floor.clock())
    if how == "withdrawn":
        hall.buyer.withdraw_scenario(trade.scenario, "the project is over")
    else:
        hall.house.revoke_scenario(trade.scenario, "it was used for something else")
    hall.advance(days=2)
    after, size = calls(hall, 3, name="after"), hall.size
    words = rf"act\.facts\.until: scenario {trade.scenario} ended at {end}"
    for events in (after, [*before, *after]):  # what goes on after the end is refused whole
        with pytest.raises(NoScenario, match=words) as caught:
            hall.supplier.meter(trade.id, events)
        assert (caught.value.rules, hall.size) == (("T-01",), size)
    facts = facts_of(hall, write_events(after))
    with pytest.raises(Refused, match=rf"scenario: scenario/{trade.scenario} ended at {end}"):
        speak(hall, "supplier", "usage.metered", f"usage/{trade.id}", facts)
    found = hall.supplier.meter(trade.id, before, until=end)  # of before the end, told after it
    assert [batch.facts["found"] for batch in found.batches] == [2, 3]


def test_use_after_a_listing_has_run_out_is_not_metered_whether_an_entry_says_so_or_not(
    metering: Hall,
) -> None:
    """Time takes a product off the board at midnight; whoever used it before is metered."""
    with metering.floor.write() as work:
        last = metering.today + dt.timedelta(days=1)
        work.products.put(replace(metering.product(), valid_until=last.isoformat()))
    meter(metering, 1)
    metering.advance(hours=20)
    meter(metering, 1, name="last")
    metering.advance(days=1)
    assert metering.product().listing is ListingState.LISTED  # no entry has said otherwise
    late, size = calls(metering, 1, name="late"), metering.size
    with pytest.raises(NotCompliant, match=f"late-0: what the listing of {metering.number}") as no:
        metering.supplier.meter(metering.made, late)
    assert no.value.rules == ("T-05",)
    assert metering.product().listing is ListingState.SUSPENDED  # the refusal has recorded it
    assert metering.size == size + 1
    with pytest.raises(NotCompliant, match="late-0"):
        metering.supplier.meter(metering.made, late)
    metering.advance(hours=1)
    metering.supplier.list(metering.number)
    assert meter(metering, 1, name="back").batches


def test_use_of_a_suspended_product_is_not_metered_and_of_before_and_after_is(
    metering: Hall,
) -> None:
    meter(metering, 2)
    metering.advance(hours=1)
    before, end = calls(metering, 3, name="before"), format_time(metering.floor.clock())
    metering.house.suspend_listing(metering.number, "a complaint")
    metering.advance(hours=1)
    during, size = calls(metering, 1, name="during"), metering.size
    for events in (during, [*before, *during]):
        with pytest.raises(NotCompliant, match=r"during-0: GP-[-A-Z0-9]+ was suspended at"):
            metering.supplier.meter(metering.made, events)
        assert metering.size == size
    metering.supplier.meter(metering.made, before, until=end)  # of before it, told after
    metering.supplier.list(metering.number)
    assert metering.product().listing is ListingState.LISTED
    metering.advance(hours=1)
    with pytest.raises(NotCompliant, match="during-0"):
        metering.supplier.meter(metering.made, during)
    assert len(meter(metering, 1, name="after").batches) == 3


def test_use_of_what_left_the_board_and_is_disputed_or_core_is_not_metered(metering: Hall) -> None:
    metering.supplier.delist(metering.number, "another follows")
    assert len(meter(metering, 1).batches) == 1  # it goes on serving its contracts
    metering.rival.dispute(metering.number, "it is ours")
    metering.advance(hours=1)
    with pytest.raises(NotCompliant, match="now-0: a dispute over") as caught:
        metering.supplier.meter(metering.made, calls(metering, 1, name="now"))
    assert caught.value.rules == ("S-10",)
    metering.rival.withdraw_dispute(metering.number, "settled")
    metering.house.set_grade(metering.number, Grade.CORE, "a ministry says so", "notice 7")
    metering.advance(hours=1)
    with pytest.raises(NotCompliant, match=r"core-0: GP-[-A-Z0-9]+ is core data") as caught:
        metering.supplier.meter(metering.made, calls(metering, 1, name="core"))
    assert caught.value.rules == ("T-04",)


def test_use_of_what_comes_from_core_data_is_metered_until_that_was_graded(
    metering: Hall,
) -> None:
    metering.supplier.delist(metering.number, "another follows")
    source = metering.supplier.register(metering.file("source.csv", DERIVED)).number
    metering.advance(seconds=NOTICE)
    metering.supplier.change(
        metering.number, None, "it was forgotten", sources=["derived"], parents=[source]
    )
    metering.advance(hours=1)
    before, end = calls(metering, 1, name="before"), format_time(metering.floor.clock())
    metering.house.set_grade(source, Grade.CORE, "a ministry says so", "notice 7")
    metering.advance(hours=1)
    with pytest.raises(NotCompliant, match=r"core-0: GP-[-A-Z0-9]+ is core data") as caught:
        metering.supplier.meter(metering.made, calls(metering, 1, name="core"))
    assert caught.value.rules == ("T-04",)
    assert len(metering.supplier.meter(metering.made, before, until=end).batches) == 1


def test_use_of_before_its_scenarios_end_is_billed_and_the_rest_goes_back(metering: Hall) -> None:
    meter(metering, 100)
    metering.buyer.withdraw_scenario(metering.trade(metering.made).scenario, "enough")
    metering.advance(hours=1)
    metering.buyer.contest(metering.made, 1, "never asked")
    metering.house.decide(metering.made, 1, "stands", "the provider has a log of it")
    metering.buyer.end_usage(metering.made, "its scenario is over")
    metering.advance(days=8)
    closed = close_usage(metering.made, floor=metering.floor)
    assert [bill.amount for bill in closed.bills] == ["50.00 CNY"]
    metering.supplier.refund(metering.made, Money(1_000), "sorry")
    assert metering.balance("buyer") == DEPOSIT.minor - 4_000
    assert held(metering, metering.made) == 0
    assert reconcile(floor=metering.floor).faults == ()


def test_use_after_the_term_of_its_scenario_is_not_metered(hall: Hall) -> None:
    scenario = listed_under(hall).scenario(term_days=30)
    hall.advance(days=20)  # the contract has a term of its own, which goes on for longer
    quote = hall.buyer.quote_plan(scenario, Wish(budget=Money(BUDGET))).quote
    hall.made = hall.supplier.accept(hall.buyer.order(quote.id).id).id
    meter(hall, 3)
    with hall.floor.read() as work:
        end = scenario_end(work.chain.store, f"scenario/{scenario}")
    at(hall, end)
    assert len(meter_until(hall, end).batches) == 2
    hall.advance(hours=1)
    assert look(hall).until > format_time(hall.floor.clock())
    with pytest.raises(NoScenario, match=f"ended at {end}"):
        hall.supplier.meter(hall.made, calls(hall, 3, name="late"))


def meter_until(hall: Hall, until: str) -> Metered:
    return hall.supplier.meter(hall.made, calls(hall, 3, name=until), until=until)


def limited(found: SpecSheet, **changes: Any) -> SpecSheet:
    conditions = dataclasses.replace(found.conditions, **changes)
    return dataclasses.replace(found, conditions=conditions)


UNITS_3 = {"time_limit": TimeLimit.UNITS_THEN_ERASED, "units": 3}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (UNITS_3, "conditions.units"),
        ({"units": 3}, "conditions.units"),
        ({"time_limit": TimeLimit.THIS_CALL}, "conditions.time_limit"),
    ],
)
def test_a_sheet_that_limits_the_number_of_uses_has_no_metered_plan(
    hall: Hall, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadField, match="not limited where a plan meters use") as caught:
        hall.list(limited(planned(), **changes))
    assert caught.value.field == field
    tried = sheet(price={"mode": "one-off", "amount": "100.00 CNY", "trial": TRIAL})
    with pytest.raises(BadField, match="not limited where a trial is metered") as caught:
        check_counted(limited(tried, **changes).conditions, tried.price)
    assert caught.value.field == field


def test_units_metered_under_a_limit_are_uses(hall: Hall) -> None:
    hall.list(limited(planned(MONTHLY), **UNITS_3))
    hall.deposit()
    trade = contracted(hall)
    hall.made = trade.id
    hall.supplier.deliver(trade.id, hall.folder.parent)
    meter(hall, 1, missed=1)
    size = hall.size
    words = r"at the metering: conditions\.units: count is 4, wanted is at most 3"
    with pytest.raises(OutsidePolicy, match=words) as caught:
        meter(hall, 2, name="r")
    assert (caught.value.rules, hall.size) == (("T-02",), size)
    assert access_delivery(trade.id, by=trade.buyer, floor=hall.floor).limit == 3
    with pytest.raises(OutsidePolicy, match=r"conditions\.units: count is 4"):
        access_delivery(trade.id, by=trade.buyer, floor=hall.floor)
    with pytest.raises(OutsidePolicy, match=r"conditions\.units: count is 4"):
        meter(hall, 1, name="s")


def test_late_use_is_not_billed(metering: Hall) -> None:
    metering.advance(hours=1)
    until, events = format_time(metering.floor.clock()), write_events(calls(metering, 3))
    metering.advance(days=7, hours=1)
    facts = facts_of(metering, events, until=until)
    signed = metering.act("supplier", "usage.metered", f"usage/{metering.made}", facts)
    with pytest.raises(BadField, match="within seven days of its span's end") as caught:
        meter_usage.meter_usage(signed, events, floor=metering.floor)
    assert caught.value.field == "act.facts.until"
    found = meter(metering)  # what comes later is metered all the same
    assert found.batches[-1].facts["sequence"] == 1


def test_the_events_are_those_that_the_act_names(metering: Hall) -> None:
    metering.advance(hours=1)
    events, others = write_events(calls(metering, 3)), write_events(calls(metering, 4))
    signed = metering.act(
        "supplier", "usage.metered", f"usage/{metering.made}", facts_of(metering, events)
    )
    with pytest.raises(DataDiffer, match=r"act\.facts\.events"):
        meter_usage.meter_usage(signed, others, floor=metering.floor)


def test_who_serves_meters_and_nobody_else(metering: Hall) -> None:
    with pytest.raises(Forbidden):
        metering.buyer.meter(metering.made, calls(metering, 1))
    metering.advance(hours=1)
    with pytest.raises(Forbidden, match="name the engagement to serve it"):
        metering.contributor.meter(metering.made, calls(metering, 1))
    with pytest.raises(Refused, match=r"nor is engaged to serve it"):
        metering.contributor.meter(metering.made, calls(metering, 1), engagement="EN-1")


def test_a_delivery_provider_meters_what_it_is_engaged_to_serve(metering: Hall) -> None:
    roles = [Role.SUPPLIER, Role.DELIVERY_PROVIDER]
    metering.house.suspend(metering.participant("contributor"), "it will serve as well")
    metering.house.admit(metering.participant("contributor"), roles)
    due = f"{metering.today + dt.timedelta(days=30)}T23:59:59Z"
    metering.deposit("supplier")
    offer = Offer(Role.DELIVERY_PROVIDER, (metering.number,), "serve it", Money(500), due)
    made = metering.supplier.engage(metering.participant("contributor"), offer)
    metering.advance(hours=1)
    with pytest.raises(Refused, match=r"nor is engaged to serve it"):
        metering.contributor.meter(metering.made, calls(metering, 1), engagement=made.id)
    metering.contributor.accept_engagement(made.id)
    found = metering.contributor.meter(metering.made, calls(metering, 2), engagement=made.id)
    assert found.batches[0].actor == metering.participant("contributor").id


def test_a_contested_batch_waits_and_a_struck_one_is_never_billed(metering: Hall) -> None:
    meter(metering, 40)
    meter(metering, 20, name="r")
    contested = metering.buyer.contest(metering.made, 1, "we were closed that day")
    assert contested.standing[0].startswith("contested at")
    at(metering, FIRST_END)
    metering.advance(days=1)
    with pytest.raises(Refused, match=r"batch 1 of .* contested at"):
        bill_usage(metering.made, floor=metering.floor)
    decided = metering.house.decide(metering.made, 1, "struck", "the buyer's log agrees")
    assert decided.standing == ("struck", "billable")
    (bill,) = bill_usage(metering.made, floor=metering.floor).bills
    assert bill.amount == "10.00 CNY"


def test_a_batch_that_stands_is_billed(metering: Hall) -> None:
    meter(metering, 40)
    metering.buyer.contest(metering.made, 1, "too many")
    metering.house.decide(metering.made, 1, "stands", "the log of the supplier holds")
    at(metering, FIRST_END)
    (bill,) = bill_usage(metering.made, floor=metering.floor).bills
    assert bill.amount == "20.00 CNY"


def test_a_contest_is_the_buyers_in_time_with_a_reason_and_once(metering: Hall) -> None:
    meter(metering)
    with pytest.raises(Forbidden):
        metering.supplier.contest(metering.made, 1, "no")
    with pytest.raises(BadField, match=r"act\.facts\.reason"):
        metering.buyer.contest(metering.made, 1, "")
    with pytest.raises(BadField, match=r"act\.facts\.sequence"):
        metering.buyer.contest(metering.made, 2, "no")
    with pytest.raises(Refused, match="nobody contested it"):
        metering.house.decide(metering.made, 1, "struck", "so")
    metering.buyer.contest(metering.made, 1, "no")
    with pytest.raises(Conflict, match=r"batch 1 of .* was contested"):
        metering.buyer.contest(metering.made, 1, "no again")
    with pytest.raises(BadField, match=r"act\.facts\.outcome"):
        metering.house.decide(metering.made, 1, "halved", "so")
    metering.house.decide(metering.made, 1, "stands", "so")
    with pytest.raises(Conflict, match=r"batch 1 of .* was decided"):
        metering.house.decide(metering.made, 1, "struck", "so")
    meter(metering, name="r")
    metering.advance(days=8)
    with pytest.raises(Refused, match="could be contested for seven days"):
        metering.buyer.contest(metering.made, 2, "no")


def test_nothing_is_billed_while_it_may_be_contested(metering: Hall) -> None:
    at(metering, "2026-02-05T15:00:00Z")
    metering.supplier.meter(metering.made, calls(metering, 2))
    at(metering, FIRST_END)
    with pytest.raises(Refused, match="may be contested until 2026-02-12T15:00:00Z"):
        bill_usage(metering.made, floor=metering.floor)
    at(metering, "2026-02-12T15:00:00Z")
    assert len(bill_usage(metering.made, floor=metering.floor).bills) == 1


def test_a_bill_of_a_later_period_takes_what_the_first_did_not(metering: Hall) -> None:
    meter(metering, 10)
    at(metering, FIRST_END)
    bill_usage(metering.made, floor=metering.floor)
    size = metering.size
    bill_usage(metering.made, floor=metering.floor)  # nothing is due
    assert metering.size == size
    metering.supplier.meter(metering.made, calls(metering, 5, name="r"))
    at(metering, "2026-03-05T16:00:00Z")
    bills = bill_usage(metering.made, floor=metering.floor).bills
    assert [(bill.due, bill.amount) for bill in bills] == [
        ("5.00 CNY", "5.00 CNY"),
        ("7.50 CNY", "2.50 CNY"),
    ]


def test_use_is_closed_when_late_batches_are_in(metering: Hall) -> None:
    meter(metering, 4)
    metering.supplier.end_usage(metering.made, "we stop serving")
    ended = metering.trade(metering.made).grant_until
    with pytest.raises(Refused, match="is closed after"):
        close_usage(metering.made, floor=metering.floor)
    metering.advance(minutes=5)
    with pytest.raises(BadField, match=r"act.facts.until: the use right ends at"):
        metering.supplier.meter(
            metering.made, calls(metering, 1, name="r"), until=format_time(metering.floor.clock())
        )
    metering.advance(days=8)
    (closed,) = bill_due(floor=metering.floor).billed
    assert (closed.bills[-1].until, closed.closed) == (ended, True)
    assert metering.balance("buyer") == DEPOSIT.minor - 4 * CALL.minor


def test_a_plan_whose_plug_in_is_gone_stops_no_other_bill(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    listed_under(hall, trial=TRIAL)
    trial = on_trial(hall).id
    hall.made = by_use(hall, BUDGET).id
    gone, found = look(hall, trial).plan.name, registry.discovered
    meter(hall)
    at(hall, FIRST_END)
    hall.advance(days=1)
    monkeypatch.setattr(
        registry,
        "discovered",
        lambda kind: {name: each for name, each in found(kind).items() if name != gone},
    )
    done = bill_due(floor=hall.floor)
    assert [each.trade.id for each in done.billed] == [hall.made]
    ((refused, why),) = done.refused
    assert refused == trial
    assert why.startswith(f"UnknownPlugin: no '{gone}' in pricing.tariffs")
    assert "Traceback" in caplog.text


def test_use_is_ended_by_a_party_now_and_once(metering: Hall) -> None:
    with pytest.raises(Forbidden, match="rival is no party"):
        metering.rival.end_usage(metering.made, "no")
    with pytest.raises(BadField, match=r"act\.facts\.reason"):
        metering.buyer.end_usage(metering.made, "")
    facts = {"trade": metering.made, "reason": "so", "until": "2026-06-01T00:00:00Z"}
    signed = metering.act("buyer", "usage.ended", f"usage/{metering.made}", facts)
    with pytest.raises(BadField, match=r"act\.facts\.until"):
        meter_usage.end_usage(signed, floor=metering.floor)
    metering.buyer.end_usage(metering.made, "so")
    with pytest.raises(Conflict, match="was ended at"):
        metering.supplier.end_usage(metering.made, "so too")


def test_a_use_that_is_over_is_not_ended_again(metering: Hall) -> None:
    cancelled = metering.house.cancel(metering.made, "it is gone")
    metering.advance(hours=1)
    with pytest.raises(Refused, match=r"its use ended with entry \d+"):
        metering.buyer.end_usage(metering.made, "so")
    now = format_time(metering.floor.clock())
    facts = {"trade": metering.made, "reason": "so", "until": now}
    with pytest.raises(Refused, match=r"over: the use of trade .* ended with entry \d+"):
        speak(metering, "buyer", "usage.ended", f"usage/{metering.made}", facts)
    assert metering.trade(metering.made).grant_until == cancelled.grant_until


def test_unused_budget_goes_back_whole(metering: Hall) -> None:
    metering.buyer.end_usage(metering.made, "never begun")
    metering.advance(days=8)
    closed = close_usage(metering.made, floor=metering.floor)
    assert closed.trade.escrow is EscrowState.REFUNDED
    assert metering.balance("buyer") == DEPOSIT.minor
    assert reconcile(floor=metering.floor).faults == ()


def test_a_trade_by_use_is_settled_by_its_bills_alone(metering: Hall) -> None:
    metering.supplier.deliver(metering.made, metering.folder.parent)
    metering.buyer.receive(metering.made, metering.folder.parent / "out.csv")
    assert metering.trade(metering.made).delivery is DeliveryState.RECEIVED
    with pytest.raises(Refused, match="is usage: it is settled by its bills"):
        settle(metering.made, floor=metering.floor)


def test_what_is_not_metered_is_neither_metered_nor_billed(listed: Hall) -> None:
    trade = listed.contract()
    with pytest.raises(Refused, match="nothing is metered, its mode is posted"):
        look(listed, trade.id)
    with pytest.raises(Refused, match="nothing is metered"):
        bill_usage(trade.id, floor=listed.floor)


def test_a_subscription_is_metered_and_not_billed(hall: Hall) -> None:
    hall.made = subscribed(listed_under(hall, MONTHLY)).trade
    assert len(meter(hall).batches) == 1
    with pytest.raises(Refused, match="is subscription: it is not billed by use"):
        bill_usage(hall.made, floor=hall.floor)
    with pytest.raises(Refused, match="it ends by notice"):
        hall.buyer.end_usage(hall.made, "so")


# Packs.


def test_a_pack_is_bought_with_the_contract_and_serves_no_more_than_it_has(hall: Hall) -> None:
    listed_under(hall, PACKS)
    trade = contracted(hall, Wish(pack=100))
    hall.made = trade.id
    assert trade.amount == Money(4_000)
    meter(hall, 99)
    with pytest.raises(BadField, match="no pack has them"):
        meter(hall, 2, name="r")
    at(hall, FIRST_END)
    (bill,) = bill_usage(trade.id, floor=hall.floor).bills
    assert bill.amount == "40.00 CNY"


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(), "budget"),
        (Wish(budget=Money(0)), "budget"),
        (Wish(budget=Money(10**15)), "budget"),
        (Wish(budget=Money(5), pack=3), "pack"),
        (Wish(mode=TradingMode.SUBSCRIPTION), "mode"),
    ],
)
def test_a_budget_out_of_order_is_refused_by_its_field(hall: Hall, wish: Wish, field: str) -> None:
    listed_under(hall)
    with pytest.raises(BadField) as caught:
        hall.buyer.quote_plan(hall.scenario(), wish)
    assert caught.value.field == field


def test_a_pack_is_one_of_the_menu_and_paid_whole(hall: Hall) -> None:
    listed_under(hall, PACKS)
    scenario = hall.scenario()
    for wish in (Wish(pack=7), Wish(), Wish(pack=100, budget=Money(3_999))):
        with pytest.raises(BadField, match=r"pack|budget"):
            hall.buyer.quote_plan(scenario, wish)


# Trials.


def test_a_trial_costs_nothing_and_ends_at_its_cap(metering: Hall) -> None:
    trade = on_trial(metering, "rival")
    metering.made = trade.id
    assert (trade.amount, metering.balance("rival")) == (Money(0), 0)
    assert trade.grant_until == "2026-01-19T10:00:00Z"  # fourteen days
    meter(metering, 10)
    with pytest.raises(BadField, match=r"events: 1 units of .* are beyond the trial"):
        meter(metering, 1, name="r")
    with pytest.raises(Refused, match="served unit by unit"):
        metering.supplier.deliver(trade.id, metering.folder.parent)
    metering.advance(days=22)
    closed = close_usage(trade.id, floor=metering.floor)
    assert (closed.trade.state, closed.bills[-1].amount) == (TradeState.EXECUTED, "0.00 CNY")
    assert reconcile(floor=metering.floor).faults == ()


def test_an_organisation_tries_a_product_once_and_then_buys_it(metering: Hall) -> None:
    first = on_trial(metering, "rival")
    with pytest.raises(Conflict, match=r"trial: .* an organisation tries a product once"):
        on_trial(metering, "rival")
    metering.deposit("rival")
    paid = contracted(metering, Wish(budget=Money(500)), "rival")
    assert (first.amount, paid.amount) == (Money(0), Money(500))


def test_two_orders_of_one_trial_come_to_one_contract(metering: Hall) -> None:
    wish = Wish(mode=TradingMode.TRIAL)
    orders = []
    for _ in range(2):
        quote = metering.rival.quote_plan(metering.scenario("rival"), wish).quote
        orders.append(metering.rival.order(quote.id))
    metering.supplier.accept(orders[0].id)
    with pytest.raises(Conflict, match="an organisation tries a product once"):
        metering.supplier.accept(orders[1].id)


def test_a_sheet_without_a_trial_or_a_plan_offers_none(listed: Hall) -> None:
    scenario = listed.scenario()
    with pytest.raises(Refused, match=r"price\.trial"):
        listed.buyer.quote_plan(scenario, Wish(mode=TradingMode.TRIAL))
    with pytest.raises(Refused, match=r"price\.plan"):
        listed.buyer.quote_plan(scenario, Wish(mode=TradingMode.USAGE))
    assert listed.buyer.quote_plan(scenario).quote.amount == Money(100_000)


def test_a_product_sold_by_its_plan_has_no_other_quote(metering: Hall) -> None:
    with pytest.raises(Refused, match="it is sold by its plan alone"):
        metering.buyer.quote(metering.scenario())


# Properties.

SINCE = "2026-01-05T10:00:00Z"
START_MS = 1_767_607_200_000
uses = st.builds(
    UsageEvent,
    st.uuids().map(str),
    st.integers(START_MS, START_MS + 3 * 86_400_000 - 1),
    st.integers(1, 50),
    st.sampled_from(Outcome),
)
AT_NIGHT = "2026-01-08T10:00:00Z"


@given(st.lists(uses, max_size=30, unique_by=lambda use: use.id), st.integers(0, 3 * 86_400))
def test_how_use_is_cut_into_batches_moves_no_bill(events: list[UsageEvent], cut: int) -> None:
    plan = read_plan(WrittenPlan(**BY_CALL))
    border = START_MS + cut * 1_000
    whole = [Batch(SINCE, AT_NIGHT, tuple(events))]
    parts = [
        Batch(SINCE, AT_NIGHT, tuple(each for each in events if each.at_ms >= border)),
        Batch(SINCE, AT_NIGHT, tuple(each for each in events if each.at_ms < border)),
    ]
    one, other = (statement_of(each, since=SINCE, until=AT_NIGHT) for each in (whole, parts))
    assert one == other
    found = sum(each.quantity for each in events if each.outcome is Outcome.FOUND)
    assert plan.rate(one).amount.minor == found * CALL.minor


def test_a_statement_counts_by_the_hour_and_tells_no_event() -> None:
    events = [UsageEvent("who asked what", START_MS + n * 1_800_000 + n, 2) for n in range(1)]
    batch = Batch(SINCE, AT_NIGHT, tuple(events))
    (counted,) = statement_of([batch], since=SINCE, until=AT_NIGHT).events
    assert (counted.id, counted.at_ms, counted.quantity) == ("2026-01-05 10:00 found", START_MS, 2)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[", "not JSON"),
        (b"{}", "not a list"),
        (b"[]", "1 to 10,000"),
        (b'[{"id": "q", "at_ms": 5}]', "outside the statement"),
        (b'[{"id": "q", "at_ms": 1767607200000, "outcome": "lost"}]', "is not a Outcome"),
        (b'[{"id": "q", "at_ms": 1767607200000, "quantity": 0}]', "quantity"),
        (b'[{"id": "q", "at_ms": 1767607200000}, {"id": "q", "at_ms": 1767607200000}]', "once"),
        (b" " * (2 << 20) + b"[]", "bytes at most"),
    ],
)
def test_events_that_are_none_are_refused_by_their_field(data: bytes, words: str) -> None:
    with pytest.raises(BadField, match=words) as caught:
        read_batch(data, SINCE, AT_NIGHT)
    assert caught.value.field.startswith("events")


streams = st.lists(
    st.tuples(st.integers(1, 90), st.integers(0, 9), st.integers(1, 40)), min_size=1, max_size=5
)


# Nothing is shrunk: each example opens an exchange of its own.
@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(streams)
def test_parts_and_rest_come_to_the_escrow(stream: list[tuple[int, int, int]]) -> None:
    """Whatever is used: what the bills took, and what goes back, is what was put in."""
    with tempfile.TemporaryDirectory() as folder, open_hall(Path(folder) / "exchange") as hall:
        _use_and_close(listed_under(hall), stream)


def _use_and_close(metering: Hall, stream: list[tuple[int, int, int]]) -> None:
    before = metering.balance("buyer")
    trade = by_use(metering)
    metering.made = trade.id
    found = 0
    for number, (count, missed, days) in enumerate(stream):
        metering.advance(days=days)
        events = calls(metering, count, missed=missed, name=str(number))
        if found * CALL.minor >= BUDGET:
            with pytest.raises(BudgetSpent):
                metering.supplier.meter(trade.id, events)
        else:
            metering.supplier.meter(trade.id, events)
            found += count
        _try_to_bill(metering, trade)
    metering.buyer.end_usage(trade.id, "enough")
    metering.advance(days=8)
    closed = close_usage(trade.id, floor=metering.floor)
    took = sum(Money.parse(bill.amount).minor for bill in closed.bills)
    assert took == min(found * CALL.minor, BUDGET) == closed.trade.released
    assert before - metering.balance("buyer") == took
    assert {each.outcome for each in replay_prices(trade.id, floor=metering.floor)} <= {
        Replayed.BIT_FOR_BIT
    }
    assert reconcile(floor=metering.floor).faults == ()


def _try_to_bill(hall: Hall, trade: Trade) -> None:
    with suppress(Refused):  # what may be contested still is not billed yet
        bill_usage(trade.id, floor=hall.floor)
