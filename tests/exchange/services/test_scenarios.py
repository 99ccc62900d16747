"""Scenarios over real services: who decides, within what limits, and how a use ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from exchange.errors import (
    BadField,
    DataDiffer,
    ExchangeError,
    Forbidden,
    IllegalTransition,
    NoScenario,
    NotCompliant,
    Refused,
    TermsDiffer,
)
from exchange.participants import Participant
from exchange.records import to_record
from exchange.scenarios import Decision, Ground, Limits, Scenario, ScenarioState
from exchange.services import execute_trade, file_scenario
from exchange.services.access_delivery import access_delivery
from exchange.services.assess_scenario import read_filing
from exchange.services.end_scenario import expire_scenarios
from exchange.services.read_inbox import Duty, read_inbox
from exchange.services.replay_verdicts import Replayed, replay_verdicts
from exchange.trading import grant_end
from ledger.acts import format_time
from tests.exchange.floor import Hall, open_hall

FILED, APPROVED, LIMITED = ScenarioState.FILED, ScenarioState.APPROVED, ScenarioState.LIMITED
MANY = tuple(f"recipient {n}" for n in range(11))


def waiting(hall: Hall, **changes: Any) -> Scenario:
    """File a use with so many recipients that an assessor has to look at it."""
    scenario, review = hall.buyer.file_scenario(
        hall.filing(**({"recipients": MANY, "term_days": 300} | changes))
    )
    assert (scenario.state, review.passed) == (FILED, True)
    return scenario


def stored(hall: Hall, scenario: Scenario) -> Scenario:
    with hall.floor.read() as work:
        return work.scenarios.get(scenario.id)


def limited(hall: Hall, limits: Limits, **changes: Any) -> Scenario:
    scenario = waiting(hall, **changes)
    return hall.assessor.assess_scenario(
        scenario.id, Decision.LIMITED, reasons="no more is needed", limits=limits
    )


# Who decides.


def test_a_small_use_is_approved_by_rule_at_once(listed: Hall) -> None:
    scenario, _ = listed.buyer.file_scenario(listed.filing())
    assert (scenario.state, scenario.grounds) == (APPROVED, ())


def test_a_use_with_many_recipients_waits_for_an_assessor(listed: Hall) -> None:
    scenario = waiting(listed)
    assert scenario.grounds == (Ground.RECIPIENTS,)
    with pytest.raises(NoScenario, match="scenario"):
        listed.buyer.quote(scenario.id)
    assert listed.kinds(f"scenario/{scenario.id}") == ["scenario.filed", "scenario.referred"]


def test_a_filing_that_waits_may_be_sent_again_and_changes_nothing(listed: Hall) -> None:
    filing = listed.filing(recipients=MANY)
    signed, openings = listed.commit(
        "buyer",
        "scenario.filed",
        None,
        file_scenario.filing_facts(filing),
        {"scenario": to_record(filing)},
    )
    first, _ = file_scenario.file_scenario(signed, openings, floor=listed.floor)
    size = listed.size
    again, review = file_scenario.file_scenario(signed, openings, floor=listed.floor)
    assert (again, review.passed, listed.size) == (first, True, size)


def test_what_a_rule_refuses_waits_for_nobody(listed: Hall) -> None:
    with pytest.raises(NoScenario) as refused:
        listed.buyer.file_scenario(listed.filing(recipients=MANY, purpose="advertising"))
    assert refused.value.rules == ("T-02",)


def test_an_assessor_approves_a_use_as_it_was_asked(listed: Hall) -> None:
    scenario = waiting(listed)
    decided = listed.assessor.assess_scenario(scenario.id, Decision.APPROVED, reasons="sound")
    assert (decided.state, decided.limits, decided.term_days) == (APPROVED, None, 300)
    assert listed.buyer.quote(scenario.id).terms.term_days == 300


def test_an_assessor_refuses_a_use_that_no_rule_refuses(listed: Hall) -> None:
    scenario = waiting(listed)
    decided = listed.assessor.assess_scenario(scenario.id, Decision.REFUSED, reasons="too many")
    assert decided.state is ScenarioState.REFUSED
    with pytest.raises(NoScenario):
        listed.buyer.quote(scenario.id)


def test_the_buyer_hears_that_an_assessor_refused(listed: Hall) -> None:
    filing = listed.filing(recipients=MANY)
    signed, openings = listed.commit(
        "buyer",
        "scenario.filed",
        None,
        file_scenario.filing_facts(filing),
        {"scenario": to_record(filing)},
    )
    scenario, _ = file_scenario.file_scenario(signed, openings, floor=listed.floor)
    listed.assessor.assess_scenario(scenario.id, Decision.REFUSED, reasons="too many")
    with pytest.raises(NoScenario, match="an assessor has looked at it"):
        file_scenario.file_scenario(signed, openings, floor=listed.floor)


def test_nothing_is_approved_for_what_has_left_the_board_meanwhile(listed: Hall) -> None:
    scenario = waiting(listed)
    listed.house.suspend_listing(listed.number, "a complaint")
    with pytest.raises(NotCompliant, match="not on the board"):
        listed.assessor.assess_scenario(scenario.id, Decision.APPROVED, reasons="sound")
    assert stored(listed, scenario).state is FILED
    decided = listed.assessor.assess_scenario(scenario.id, Decision.REFUSED, reasons="suspended")
    assert decided.state is ScenarioState.REFUSED


# Limits.


def test_limits_bind_the_terms_and_the_contract(listed: Hall) -> None:
    limits = Limits(term_days=90, regions=("CN-SD",), recipients=3)
    scenario = limited(listed, limits)
    assert (scenario.state, scenario.term_days, scenario.where) == (LIMITED, 90, ("CN-SD",))
    assert scenario.expires_on == listed.floor.clock().date() + dt.timedelta(days=90)
    priced = listed.buyer.quote(scenario.id)
    assert (priced.terms.term_days, priced.terms.region) == (90, "CN-SD")
    assert priced.terms.limits == limits
    trade = listed.buyer.order(priced.quote.id)
    listed.supplier.accept(trade.id)
    with listed.floor.read() as work:
        contract = next(work.chain.store.of_kind(f"trade/{trade.id}", "trade.contracted"))
    assert contract.facts["regions"] == ["CN-SD"]
    assert contract.facts["recipients"] == 3
    assert "onward_transfer" not in contract.facts


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        (Limits(term_days=300), "limits.term_days"),
        (Limits(recipients=11), "limits.recipients"),
        (Limits(regions=("CN",)), "limits.regions"),
        (Limits(onward_transfer=False), "limits.onward_transfer"),
        (Limits(public_release=False), "limits.public_release"),
    ],
    ids=str,
)
def test_a_limit_that_narrows_nothing_is_refused_by_name(
    listed: Hall, limits: Limits, field: str
) -> None:
    with pytest.raises(BadField, match=field):
        limited(listed, limits)


def test_limits_without_the_decision_limited_are_refused(listed: Hall) -> None:
    scenario = waiting(listed)
    for decision, limits in ((Decision.APPROVED, Limits(term_days=3)), (Decision.LIMITED, None)):
        with pytest.raises(BadField, match=r"act\.facts\.decision"):
            listed.assessor.assess_scenario(scenario.id, decision, reasons="-", limits=limits)


def test_a_contract_beyond_a_limit_is_refused_by_service_and_ledger(listed: Hall) -> None:
    scenario = limited(listed, Limits(recipients=3))
    trade = listed.buyer.order(listed.buyer.quote(scenario.id).quote.id)
    with listed.floor.read() as work:
        terms = execute_trade.terms_of(trade.terms, work)
    facts = execute_trade.contract_facts(trade, terms, listed.floor)
    for wrong in (
        facts | {"recipients": 11},
        {k: v for k, v in facts.items() if k != "recipients"},
    ):
        signed = listed.act("supplier", "trade.contracted", f"trade/{trade.id}", wrong)
        with pytest.raises(TermsDiffer, match=r"act\.facts\.recipients"):
            execute_trade.accept_order(signed, floor=listed.floor)


# Who may assess.


@pytest.mark.parametrize(
    ("who", "error", "words"),
    [
        ("insider", Forbidden, "a supplier cannot assess its own product"),
        ("expert", Forbidden, "compliance-assessor"),
        ("buyer", Forbidden, "compliance-assessor"),
    ],
)
def test_who_has_a_part_in_it_cannot_assess(
    listed: Hall, who: str, error: type[ExchangeError], words: str
) -> None:
    scenario = waiting(listed)
    with pytest.raises(error, match=words):
        listed.desk(who).assess_scenario(scenario.id, Decision.APPROVED, reasons="sound")


def test_an_assessor_without_a_licence_cannot_assess(listed: Hall) -> None:
    scenario = waiting(listed)
    listed.advance(days=3 * 365)
    with pytest.raises((Forbidden, Refused)):
        listed.assessor.assess_scenario(scenario.id, Decision.REFUSED, reasons="-")


def test_a_scenario_that_waits_for_nobody_is_not_assessed(listed: Hall) -> None:
    scenario, _ = listed.buyer.file_scenario(listed.filing())
    with pytest.raises(Refused, match="waits for no assessor"):
        listed.assessor.assess_scenario(scenario.id, Decision.REFUSED, reasons="late")


def test_an_assessor_finds_what_waits_in_its_inbox_and_reads_the_filing(listed: Hall) -> None:
    scenario = waiting(listed, security="a closed room", legal_basis="consent")
    tasks = _tasks(listed, listed.participant("assessor"))
    assert [(task.subject, task.why) for task in tasks] == [
        (f"scenario/{scenario.id}", ("recipients",))
    ]
    _, filed = read_filing(scenario.id, reader=listed.participant("assessor"), floor=listed.floor)
    assert (filed["security"], filed["recipients"]) == ("a closed room", list(MANY))
    for who in ("rival", "insider", "supplier"):
        assert _tasks(listed, listed.participant(who)) == []
        with pytest.raises(Forbidden):
            read_filing(scenario.id, reader=listed.participant(who), floor=listed.floor)
    listed.assessor.assess_scenario(scenario.id, Decision.APPROVED, reasons="sound")
    assert _tasks(listed, listed.participant("assessor")) == []


def _tasks(hall: Hall, reader: Participant) -> list[Any]:
    with hall.floor.read() as work:
        found = read_inbox(reader, work=work, floor=hall.floor)
    return [task for task in found if task.duty is Duty.ASSESS_USE]


# The end.


@pytest.mark.parametrize("who", ["house", "assessor"])
def test_an_approval_is_taken_back_by_the_house_or_by_its_assessor(listed: Hall, who: str) -> None:
    scenario = waiting(listed)
    listed.assessor.assess_scenario(scenario.id, Decision.APPROVED, reasons="sound")
    trade = listed.buyer.order(listed.buyer.quote(scenario.id).quote.id)
    listed.supplier.accept(trade.id)
    revoked = listed.desk(who).revoke_scenario(scenario.id, "the consent was withdrawn")
    assert revoked.state is ScenarioState.REVOKED
    with pytest.raises(NoScenario, match=scenario.id):
        listed.supplier.deliver(trade.id, listed.folder)
    with pytest.raises(NoScenario):
        listed.buyer.quote(scenario.id)


@pytest.mark.parametrize("end", ["withdrawn", "revoked", "over"])
def test_what_was_delivered_is_not_fetched_after_the_use_has_ended(listed: Hall, end: str) -> None:
    scenario, _ = listed.buyer.file_scenario(listed.filing(term_days=10))
    trade = listed.buyer.order(listed.buyer.quote(scenario.id).quote.id)
    listed.advance(hours=20)
    listed.supplier.accept(trade.id)
    listed.supplier.deliver(trade.id, listed.folder)
    access_delivery(trade.id, by=trade.buyer, floor=listed.floor)
    if end == "withdrawn":
        listed.buyer.withdraw_scenario(scenario.id, "done")
    elif end == "revoked":
        listed.house.revoke_scenario(scenario.id, "the consent was withdrawn")
    else:  # the last day of the scenario comes before the end of the use right
        listed.advance(days=9, hours=20)
    size = listed.size
    with pytest.raises(NoScenario, match=scenario.id) as refused:
        access_delivery(trade.id, by=trade.buyer, floor=listed.floor)
    assert (refused.value.rules, listed.size) == (("T-01",), size)


def test_only_its_reviewer_or_the_house_takes_an_approval_back(listed: Hall) -> None:
    scenario, _ = listed.buyer.file_scenario(listed.filing())
    for who in ("assessor", "buyer", "supplier"):
        with pytest.raises(Forbidden):
            listed.desk(who).revoke_scenario(scenario.id, "because")
    with pytest.raises((BadField, Refused), match="reason"):
        listed.house.revoke_scenario(scenario.id, "")


@pytest.mark.parametrize("end", ["withdraw", "revoke"])
def test_what_has_ended_does_not_end_again(listed: Hall, end: str) -> None:
    scenario, _ = listed.buyer.file_scenario(listed.filing())
    listed.buyer.withdraw_scenario(scenario.id, "done")
    again: Callable[[str, str], Scenario] = (
        listed.buyer.withdraw_scenario if end == "withdraw" else listed.house.revoke_scenario
    )
    with pytest.raises(IllegalTransition, match="is withdrawn"):
        again(scenario.id, "again")


def test_the_house_records_the_end_of_a_term_once(listed: Hall) -> None:
    scenario, _ = listed.buyer.file_scenario(listed.filing(term_days=10))
    listed.advance(days=10)
    assert expire_scenarios(floor=listed.floor) == ()
    listed.advance(days=1)
    with pytest.raises(NoScenario):  # time ends it, whatever is recorded
        listed.buyer.quote(scenario.id)
    assert [each.id for each in expire_scenarios(floor=listed.floor)] == [scenario.id]
    assert expire_scenarios(floor=listed.floor) == ()
    assert stored(listed, scenario).state is ScenarioState.EXPIRED


def test_a_filing_says_in_public_what_it_says_in_the_record(listed: Hall) -> None:
    filing = listed.filing(recipients=MANY)
    for change in ({"recipients": 1}, {"onward_transfer": True}, {"sector": "fishing"}):
        signed, openings = listed.commit(
            "buyer",
            "scenario.filed",
            None,
            file_scenario.filing_facts(filing) | change,
            {"scenario": to_record(filing)},
        )
        with pytest.raises(DataDiffer, match=rf"act\.facts\.{next(iter(change))}"):
            file_scenario.file_scenario(signed, openings, floor=listed.floor)


def test_every_verdict_on_a_use_is_reached_again(listed: Hall) -> None:
    for decision in Decision:
        scenario = waiting(listed)
        limits = Limits(term_days=7) if decision is Decision.LIMITED else None
        listed.assessor.assess_scenario(scenario.id, decision, reasons="-", limits=limits)
    packs = {listed.floor.pack.digest: listed.floor.pack}
    found = [
        each
        for each in replay_verdicts(packs=packs, floor=listed.floor)
        if each.subject.startswith("scenario/")
    ]
    assert len(found) == 6
    assert {each.outcome for each in found} == {Replayed.IDENTICAL}


# Properties.

limits_asked = st.builds(
    Limits,
    term_days=st.none() | st.integers(1, 299),
    regions=st.sampled_from([(), ("CN-SD",), ("CN-SD", "CN-SH")]),
    recipients=st.none() | st.integers(1, 10),
).filter(lambda limits: bool(limits.facts))


@settings(max_examples=8, deadline=None, phases=[Phase.generate])  # each opens an exchange
@given(limits=limits_asked, excess=st.sampled_from(["days", "regions", "recipients"]))
def test_no_contract_exceeds_a_limit(
    limits: Limits, excess: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with open_hall(tmp_path_factory.mktemp("hall") / "exchange", "listed") as hall:
        scenario = limited(hall, limits)
        trade = hall.buyer.order(hall.buyer.quote(scenario.id).quote.id)
        with hall.floor.read() as work:
            terms = execute_trade.terms_of(trade.terms, work)
        facts = execute_trade.contract_facts(trade, terms, hall.floor)
        beyond = dict(facts)
        if excess == "days":
            longer = grant_end(hall.floor.clock(), terms.term_days + 2)
            beyond["until"] = format_time(longer)
        elif excess == "regions":
            beyond["regions"] = [*facts.get("regions", []), "CN"]
        else:
            beyond["recipients"] = facts.get("recipients", 0) + 1
        signed = hall.act("supplier", "trade.contracted", f"trade/{trade.id}", beyond)
        with pytest.raises((TermsDiffer, Refused)):
            execute_trade.accept_order(signed, floor=hall.floor)
        within = hall.supplier.accept(trade.id)
        assert (within.grant_until or "") <= format_time(
            grant_end(hall.floor.clock(), limits.term_days or 300)
        )
