"""What an auditor holds periods, metered use and trials to, from the entries alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ledger.acts import format_time, parse_time
from ledger.balances import Balances
from ledger.errors import BadAct
from tests.ledger.floor import PRICE, Floor, digest, full_history, line


def later(time: str, **span: int) -> str:
    return format_time(parse_time(time, "time") + dt.timedelta(**span))


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("subscription.authorised", {"trade": "TR-1"}, "subscription: .* is not of trade TR-1"),
        ("subscription.authorised", {"periods": 1}, "period: 1 periods are charged"),
        ("subscription.authorised", {"amount": PRICE | {"minor": 5}}, "needs: .*trade.ordered"),
        ("subscription.renewed", {"period": 3}, "period: 1 periods are charged, 3 is not next"),
        ("subscription.renewed", {"period": 1}, "period: 1 periods are charged, 1 is not next"),
        ("subscription.renewed", {"amount": PRICE | {"minor": 5}}, "needs: .*authorised"),
        ("subscription.renewed", {"terms": digest("other terms")}, "needs: .*authorised"),
        ("subscription.renewed", {"since": "2026-01-06T00:00:00Z"}, "period: the period before"),
        ("subscription.renewed", {"until": "2026-03-01T00:00:00Z"}, "period: .* longer than"),
        ("subscription.overdue", {"period": 3}, "period: 1 periods are charged"),
        ("subscription.overdue", {"until": "2026-12-01T00:00:00Z"}, "period: the grace after"),
        ("subscription.ended", {"until": "2026-12-01T00:00:00Z"}, "period: what is paid for"),
        ("subscription.settled", {"period": 3}, "needs: .*subscription.renewed"),
        ("subscription.settled", {"lines": [line("house/fees", 5, "fee")]}, "money: the lines"),
        ("subscription.refunded", {"amount": PRICE | {"minor": 5}}, "needs: .*renewed"),
        ("trial.granted", {"units": 5, "buyer": "PT-1"}, "trial: "),
        ("usage.metered", {"trade": "TR-1"}, "usage: .* is not of trade TR-1"),
        ("usage.metered", {"sequence": 2}, "sequence: batch 1 is next, not 2"),
        ("usage.metered", {"since": "2026-01-01T00:00:00Z"}, "span: what was used before"),
        ("usage.metered", {"until": "2026-01-01T00:00:00Z"}, "span: a span ends after"),
        ("usage.metered", {"until": "2026-12-01T00:00:00Z"}, "span: it is not"),
        ("usage.metered", {"until": "2028-12-01T00:00:00Z"}, "span: a span ends after"),
        ("usage.metered", {"found": 0, "missed": 0}, "empty: "),
        ("usage.contested", {"sequence": 2}, "needs: .*usage.metered"),
        ("usage.decided", {"outcome": "halved"}, "outcome: "),
        ("usage.billed", {"number": 2}, "bill: bill 1 is next"),
        ("usage.billed", {"until": "2028-12-01T00:00:00Z"}, "bill: the use right ends"),
        ("usage.billed", {"through": 0}, "bill: the last batch that begins"),
        ("usage.billed", {"amount": PRICE}, "money: 0 were taken of 100000, so 0"),
        ("usage.billed", {"due": PRICE | {"minor": 200_000}}, "so 100000 are to be taken"),
        ("usage.billed", {"due": {"minor": 0, "currency": "USD"}}, "money: the escrow is in CNY"),
        ("usage.ended", {"until": "2026-12-01T00:00:00Z"}, "span: metered use ends when"),
    ],
)
def test_an_entry_out_of_order_is_refused(kind: str, changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready(kind)
    with pytest.raises(BadAct, match=words):
        floor.do(kind, **changes)


@pytest.mark.parametrize(
    ("kind", "who", "words"),
    [
        ("subscription.authorised", "other-buyer", "signed by the same participant"),
        ("subscription.ended", "rival", "party: .* is no party"),
        ("usage.metered", "rival", "party: .* neither supplies"),
        ("usage.contested", "other-buyer", "signed by the same participant"),
        ("usage.ended", "rival", "party: .* is no party"),
        ("subscription.renewed", "supplier", "role: "),
        ("usage.billed", "supplier", "role: "),
    ],
)
def test_an_entry_of_another_is_refused(kind: str, who: str, words: str) -> None:
    floor = Floor().ready(kind)
    with pytest.raises(BadAct, match=words):
        floor.do(kind, who)


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("subscription.renewed", {}, "period: 2 periods are charged, 2 is not next"),
        ("subscription.overdue", {}, "period: period 2 is overdue since"),
        ("subscription.settled", {}, "escrow: period 2 was paid out at"),
        ("subscription.refunded", {}, "escrow: period 2 was paid out at"),
        ("usage.contested", {}, "contest: batch 1 was contested at"),
        ("usage.decided", {}, "contest: batch 1 was decided at"),
        ("trial.granted", {"units": 7}, "once: "),
        ("usage.ended", {"reason": "again"}, "once: "),
    ],
)
def test_what_is_done_is_not_done_again(kind: str, changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready(kind)
    facts = floor.draft(kind).facts
    floor.do(kind)
    with pytest.raises(BadAct, match=words):
        floor.do(kind, **{**facts, **changes})


def test_a_renewal_has_its_time() -> None:
    floor = Floor().ready("subscription.renewed")
    end = parse_time(floor.period()[1], "until")
    for moment in (end - dt.timedelta(days=2), end + dt.timedelta(days=8)):
        floor.now = moment
        with pytest.raises(BadAct, match="is charged from a day before to a week after"):
            floor.do("subscription.renewed")
    floor.now = end + dt.timedelta(days=3)
    floor.do("subscription.renewed", since=format_time(floor.now))


def test_nothing_is_charged_beyond_what_was_authorised_or_after_the_end() -> None:
    floor = Floor().ready("subscription.renewed")
    floor.do("subscription.authorised", periods=2)
    floor.do("subscription.renewed")
    floor.wait_for("subscription.renewed")
    with pytest.raises(BadAct, match="authority: the buyer authorised 2 periods"):
        floor.do("subscription.renewed", period=3)
    floor.do("subscription.ended")
    with pytest.raises(BadAct, match=r"order: subscription\.renewed cannot follow"):
        floor.do("subscription.renewed", period=3)


def test_what_a_contract_needs_a_renewal_needs() -> None:
    floor = Floor().ready("subscription.renewed")
    floor.do("participant.suspended", subject=f"participant/{floor.ids['buyer']}")
    with pytest.raises(BadAct, match="party: the buyer is not admitted"):
        floor.do("subscription.renewed")
    floor = Floor().ready("subscription.renewed")
    floor.do("listing.suspended")
    with pytest.raises(BadAct, match=r"needs: .*listing\.published"):
        floor.do("subscription.renewed")


@pytest.mark.parametrize("end", ["scenario.withdrawn", "scenario.revoked"])
def test_a_renewal_needs_the_scenario_to_stand(end: str) -> None:
    floor = Floor().ready("subscription.renewed")
    floor.do(end)
    with pytest.raises(BadAct, match=r"scenario: .* was withdrawn or revoked"):
        floor.do("subscription.renewed")


def test_a_fee_that_is_not_there_is_not_charged() -> None:
    floor = Floor().ready("subscription.renewed")
    balances = Balances()
    for entry in floor.log.entries():
        assert list(balances.take(entry)) == []
    floor.do("account.withdrawn", amount=PRICE)
    floor.do("account.withdrawn", amount=PRICE | {"minor": 1})
    floor.do("subscription.renewed")
    broken = [b for e in [*floor.log.entries()][-3:] for b in balances.take(e)]
    assert {each.rule for each in broken} == {"balance"}


def test_a_period_is_not_settled_before_its_end() -> None:
    floor = Floor().ready("subscription.settled")
    floor.now -= dt.timedelta(days=1)
    with pytest.raises(BadAct, match="escrow: period 2 runs until"):
        floor.do("subscription.settled")


@pytest.mark.parametrize("kind", ["subscription.authorised", "usage.metered", "usage.ended"])
def test_a_posted_trade_has_neither_periods_nor_use(kind: str) -> None:
    floor = Floor().ready("delivery.made")
    floor.now += dt.timedelta(hours=1)
    with pytest.raises(
        BadAct, match=r"mode: trade .* (was quoted as|is) posted|is posted: it ends"
    ):
        floor.do(kind)


def test_what_is_billed_by_use_is_settled_by_its_bills() -> None:
    floor = Floor().ready("usage.billed")
    floor.do("delivery.made")
    floor.do("delivery.received")
    with pytest.raises(BadAct, match=r"mode: trade/.* is usage: it is settled by its bills"):
        floor.do("settlement.executed")
    bill = floor.do("usage.billed", due=PRICE | {"minor": 50}, amount=PRICE | {"minor": 50})
    wrong = PRICE | {"minor": 60}
    with pytest.raises(BadAct, match=r"basis: .* takes another amount"):
        floor.do(
            "settlement.part",
            amount=wrong,
            lines=[line(f"participant/{floor.ids['supplier']}", 60, "price")],
            basis=bill.leaf.hex(),
            part=1,
        )
    with pytest.raises(BadAct, match="bill: the bills take 50, and 0 are paid out"):
        floor.do("usage.closed", amount=PRICE)


def test_a_trial_is_not_delivered_as_a_whole() -> None:
    floor = Floor().ready("trial.granted")
    with pytest.raises(BadAct, match=r"mode: trade/.* is a trial"):
        floor.do("delivery.made")


def test_late_use_and_late_contests_are_not_heard() -> None:
    floor = Floor().ready("usage.metered")
    facts = floor.draft("usage.metered").facts
    floor.now += dt.timedelta(days=8)
    with pytest.raises(BadAct, match="late: what was used until"):
        floor.do("usage.metered", until=facts["until"])
    floor = Floor().ready("usage.contested")
    floor.now += dt.timedelta(days=8)
    with pytest.raises(BadAct, match=r"contest: .* could be contested for seven days"):
        floor.do("usage.contested")


def test_what_may_be_contested_or_is_contested_is_not_billed() -> None:
    floor = Floor().ready("usage.billed")
    floor.now -= dt.timedelta(days=7)
    with pytest.raises(BadAct, match="contest: batch 1 may be contested until"):
        floor.do("usage.billed")
    floor.do("usage.contested")
    with pytest.raises(BadAct, match="contest: batch 1 contested at"):
        floor.do("usage.billed")
    floor.do("usage.decided", outcome="struck")
    floor.do("usage.billed")


def test_use_is_closed_once_late_batches_and_bills_are_in() -> None:
    floor = Floor().ready("usage.ended")
    floor.do("usage.ended")
    with pytest.raises(BadAct, match=r"late: batches until .* are taken for seven days more"):
        floor.do("usage.closed")
    floor.now += dt.timedelta(days=8)
    with pytest.raises(BadAct, match="bill: there is no bill until"):
        floor.do("usage.closed")
    floor.do("usage.billed")
    floor.do("usage.closed")


def test_the_last_bill_waits_for_late_batches() -> None:
    floor = Floor().ready("usage.ended")
    ended = floor.do("usage.ended")
    with pytest.raises(BadAct, match="bill: the last bill waits for batches"):
        floor.do("usage.billed", until=ended.facts["until"])


def test_a_delivery_provider_meters_by_its_engagement() -> None:
    floor = Floor().ready("usage.metered")
    floor.join("provider", ["delivery-provider"])
    with pytest.raises(BadAct, match=r"party: .* neither supplies"):
        floor.do("usage.metered", "provider", engagement="EN-1")
    offer = floor.do("engagement.proposed", to=floor.ids["provider"], role="delivery-provider")
    floor.do("account.deposited", subject=f"account/{floor.ids['supplier']}")
    floor.do("engagement.accepted", "provider")
    number = offer.subject.partition("/")[2]
    floor.do("usage.metered", "provider", engagement=number)


@pytest.mark.parametrize("end", ["scenario.withdrawn", "scenario.revoked"])
def test_use_after_the_scenario_has_ended_is_not_metered(end: str) -> None:
    floor = Floor().ready("usage.metered")
    ended = floor.do(end)
    floor.now += dt.timedelta(hours=1)
    words = rf"scenario: scenario/\S+ ended at {ended.time}: later use is not metered"
    with pytest.raises(BadAct, match=words):
        floor.do("usage.metered", until=later(ended.time, seconds=1))
    floor.do("usage.metered", until=ended.time)  # of before the end, told after it


def test_use_after_the_term_of_the_scenario_is_not_metered() -> None:
    floor = Floor().ready("usage.metered")
    approved = next(floor.log.of_kind(floor.subject("scenario.approved"), "scenario.approved"))
    end = approved.facts["until"]
    floor.now = parse_time(end, "until") + dt.timedelta(hours=1)
    with pytest.raises(BadAct, match=rf"scenario: scenario/\S+ ended at {end}"):
        floor.do("usage.metered")
    floor.do("usage.metered", until=end)


def test_the_money_of_every_mode_comes_out_even() -> None:
    balances = Balances()
    for entry in full_history().log.entries():
        assert list(balances.take(entry)) == []
