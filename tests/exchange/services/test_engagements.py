"""Engagements: the fee is fixed, held, and paid; an assessor's for a refusal as for a pass."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from exchange.clearing import escrow
from exchange.engagements import Engagement, EngagementState, Offer
from exchange.errors import (
    BadField,
    Conflict,
    ExchangeError,
    Forbidden,
    InsufficientFunds,
    Refused,
)
from exchange.participants import Role
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.engage_merchant import engagements_over, steps_of
from exchange.services.read_papers import licences_held
from ledger.audit import audit
from ledger.balances import Balances
from pricing.money import Money
from tests.exchange.floor import Hall, open_hall

FEE = Money(30_000)


def offer(hall: Hall, **changes: Any) -> Offer:
    due = f"{hall.today + dt.timedelta(days=20)}T23:59:59Z"
    number = hall.register().number if not hall.number else hall.number
    hall.number = number
    plain = Offer(Role.COMPLIANCE_ASSESSOR, (number,), "compliance assessment", FEE, due)
    return replace(plain, **changes)


def engage(hall: Hall, by: str = "supplier", to: str = "assessor", **changes: Any) -> Engagement:
    return hall.desk(by).engage(hall.participant(to), offer(hall, **changes), b"the contract")


def accepted(hall: Hall, **changes: Any) -> Engagement:
    hall.deposit("supplier")
    return hall.assessor.accept_engagement(engage(hall, **changes).id)


def held(hall: Hall, engagement: Engagement) -> int:
    with hall.floor.read() as work:
        return work.accounts.balance(escrow(engagement.id)).minor


def test_an_assessor_is_engaged_paid_and_named_beside_its_word(hall: Hall) -> None:
    taken = accepted(hall)
    assert (taken.state, held(hall, taken)) == (EngagementState.ACCEPTED, FEE.minor)
    assert hall.balance("supplier") == 1_000_000 - FEE.minor
    done = hall.assessor.deliver_work(taken.id, b"refused: see I-03")
    paid = hall.supplier.pay_engagement(done.id)
    assert (paid.state, held(hall, paid)) == (EngagementState.PAID, 0)
    assert hall.balance("assessor") == FEE.minor
    with hall.floor.read() as work:
        (shown,) = engagements_over(hall.number, work)
    assert (shown.by, shown.to) == (
        hall.participant("supplier").id,
        hall.participant("assessor").id,
    )


def test_the_fee_of_who_is_relied_on_cannot_hang_on_the_outcome(hall: Hall) -> None:
    with pytest.raises(BadField, match="a refusal is paid as a pass is"):
        engage(hall, contingent=True)
    agent = engage(hall, to="contributor", role=Role.SUPPLIER, contingent=True)
    assert agent.contingent


def test_an_assessor_of_the_same_organisation_is_not_engaged(hall: Hall) -> None:
    with pytest.raises(Forbidden, match="insider is the organisation of supplier") as caught:
        engage(hall, to="insider")
    assert caught.value.rules == ("T-05",)


def test_nobody_is_engaged_for_what_it_has_no_licence_for(hall: Hall) -> None:
    assessor = hall.participant("assessor")
    with hall.floor.read() as work:
        (licence,) = licences_held(assessor.id, work, hall.floor)
    hall.house.withdraw_licence(assessor, licence.entry, "it was taken back")
    with pytest.raises(Forbidden, match="assessor has no licence that runs as") as caught:
        engage(hall)
    assert caught.value.rules == ("T-05",)
    with hall.floor.read() as work:
        assert not work.engagements.all()
    agent = engage(hall, to="contributor", role=Role.SUPPLIER)
    assert agent.state is EngagementState.PROPOSED


def test_a_licence_that_is_withdrawn_before_the_work_is_taken_refuses_it_then(hall: Hall) -> None:
    hall.deposit("supplier")
    made, assessor = engage(hall), hall.participant("assessor")
    with hall.floor.read() as work:
        (licence,) = licences_held(assessor.id, work, hall.floor)
    hall.house.withdraw_licence(assessor, licence.entry, "it was taken back")
    with pytest.raises(Forbidden, match="assessor has no licence that runs as"):
        hall.assessor.accept_engagement(made.id)


def test_each_step_is_told_with_its_time_and_its_entry(hall: Hall) -> None:
    taken = accepted(hall)
    hall.advance(days=1)
    hall.assessor.deliver_work(taken.id, b"done")
    hall.advance(days=1)
    paid = hall.supplier.pay_engagement(taken.id)
    with hall.floor.read() as work:
        steps = steps_of(paid, work)
        entries = list(work.chain.store.entries())
    told = [each.to_record() for each in steps]
    assert [each["state"] for each in told] == ["proposed", "accepted", "delivered", "paid"]
    assert len({each["time"] for each in told}) == 3
    supplier, assessor = hall.participant("supplier").id, hall.participant("assessor").id
    assert [each["actor"] for each in told] == [supplier, assessor, assessor, supplier]
    for each in told:
        entry = entries[each["place"]]
        assert (entry.leaf.hex(), entry.time) == (each["entry"], each["time"])
        assert entry.kind == f"engagement.{each['state']}"


def test_who_engaged_owes_the_fee_until_the_work_is_overdue(hall: Hall) -> None:
    taken = accepted(hall)
    with pytest.raises(Refused, match="the fee is owed until the work is overdue"):
        hall.supplier.cancel_engagement(taken.id, "changed our mind")
    hall.advance(days=21)
    ended = hall.supplier.cancel_engagement(taken.id, "nothing came")
    assert (ended.state, hall.balance("supplier")) == (EngagementState.CANCELLED, 1_000_000)


def test_a_delivered_assessment_is_paid_even_by_the_operators_word(hall: Hall) -> None:
    taken = accepted(hall)
    hall.assessor.deliver_work(taken.id, b"refused")
    hall.advance(days=30)
    with pytest.raises(Refused, match="owed"):
        hall.supplier.cancel_engagement(taken.id, "we did not like it")
    with pytest.raises(Forbidden, match="is not paid for by assessor"):
        hall.assessor.pay_engagement(taken.id)
    assert hall.house.pay_engagement(taken.id).state is EngagementState.PAID


def test_a_contingent_fee_goes_back_where_the_outcome_did_not_come(hall: Hall) -> None:
    hall.deposit("supplier")
    deal = engage(hall, to="contributor", role=Role.SUPPLIER, contingent=True)
    hall.contributor.accept_engagement(deal.id)
    hall.contributor.deliver_work(deal.id, b"no buyer was found")
    assert hall.supplier.cancel_engagement(deal.id, "no buyer").state is EngagementState.CANCELLED
    assert hall.balance("supplier") == 1_000_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fee": Money(0)}, "act.facts.amount"),
        ({"role": Role.BUYER}, "act.facts.role"),
        ({"due": "2026-01-01T00:00:00Z"}, "act.facts.due"),
    ],
)
def test_an_offer_out_of_order_is_refused_by_its_field(
    hall: Hall, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadField, match=field):
        engage(hall, **changes)


def test_nobody_takes_work_that_was_offered_to_another_or_cannot_be_paid(hall: Hall) -> None:
    made = engage(hall)
    with pytest.raises(Forbidden, match="engages another than expert"):
        hall.expert.accept_engagement(made.id)
    size = hall.size
    with pytest.raises(InsufficientFunds):
        hall.assessor.accept_engagement(made.id)
    assert hall.size == size
    hall.advance(days=21)
    with pytest.raises(Refused, match="was due"):
        hall.assessor.accept_engagement(made.id)


def test_an_offer_ends_before_it_is_taken_and_not_after(hall: Hall) -> None:
    made = engage(hall)
    with pytest.raises(Forbidden, match="no party"):
        hall.expert.decline_engagement(made.id, "no")
    assert hall.assessor.decline_engagement(made.id, "no time").state is EngagementState.DECLINED
    with pytest.raises(Conflict):
        hall.assessor.accept_engagement(made.id)
    with pytest.raises(Conflict):
        hall.supplier.decline_engagement(accepted(hall).id, "too late")


class Engaging(RuleBasedStateMachine):
    """Whatever the parties do, no fen is made or lost, and the auditor's fold agrees."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: Any = None

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.opened = open_hall(Path(self.folder.name) / "exchange", "admitted")
        self.hall: Hall = self.opened.__enter__()
        self.hall.deposit("supplier")
        self.made: list[str] = []

    def teardown(self) -> None:
        if self.opened:
            self.opened.__exit__(None, None, None)
            self.folder.cleanup()

    @rule(minor=st.integers(1, 700_000), contingent=st.booleans())
    def engage(self, minor: int, *, contingent: bool) -> None:
        to, role = ("contributor", Role.SUPPLIER) if contingent else ("expert", Role.QUALITY_EXPERT)
        changes: dict[str, Any] = {"fee": Money(minor), "contingent": contingent, "role": role}
        self.made.append(engage(self.hall, to=to, **changes).id)

    @rule(
        data=st.data(),
        who=st.sampled_from(["supplier", "contributor", "expert", "house"]),
        what=st.sampled_from(["accept", "decline", "deliver", "pay", "cancel"]),
    )
    def go_on(self, data: st.DataObject, who: str, what: str) -> None:
        if not self.made:
            return
        one, desk = data.draw(st.sampled_from(self.made)), self.hall.desk(who)
        try:
            match what:
                case "accept":
                    desk.accept_engagement(one)
                case "decline":
                    desk.decline_engagement(one, "no")
                case "deliver":
                    desk.deliver_work(one, b"done")
                case "pay":
                    desk.pay_engagement(one)
                case _:
                    desk.cancel_engagement(one, "no")
        except ExchangeError:
            return

    @rule()
    def wait(self) -> None:
        self.hall.advance(days=7)

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        if not self.opened:
            return
        books = reconcile(floor=self.hall.floor)
        assert books.faults == ()
        handles = ("supplier", "contributor", "expert")
        free = sum(self.hall.balance(handle) for handle in handles)
        assert free + books.held.minor == 1_000_000
        folded = Balances()
        with self.hall.floor.read() as work:
            for entry in work.chain.store.entries():
                assert not list(folded.take(entry))
        for handle in handles:
            account = f"participant/{self.hall.participant(handle).id}"
            assert folded.balance(account, "CNY") == self.hall.balance(handle)


TestEngaging = Engaging.TestCase
TestEngaging.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_the_audit_rebuilds_what_engagements_have_moved(hall: Hall, tmp_path: Any) -> None:
    taken = accepted(hall)
    hall.assessor.deliver_work(taken.id, b"done")
    hall.supplier.pay_engagement(taken.id)
    export_bundle(tmp_path / "bundle", floor=hall.floor)
    report = audit(tmp_path / "bundle", key=hall.floor.log_key)
    assert report.passed, report.findings
