"""Vetting: the exchange's own reviewer beside the assessor, and what waits for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from exchange.compliance import Outcome
from exchange.documents import DocumentKind
from exchange.errors import BadField, DataDiffer, Forbidden, NotCompliant
from exchange.grading import Grade
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.services.adopt_pack import adopt_pack
from exchange.services.explain_listing import explain_product
from exchange.services.lapse_listings import lapse_listings
from exchange.services.read_inbox import Duty, Risk, Task, read_inbox
from exchange.services.vet_listing import KIND, checklist_record, vet_listing
from exchange.vetting import CHECKLIST, Decision, check_list
from ledger.acts import format_time
from tests.exchange.floor import DATA, EVIDENCE, LICENSED, NOTICE, Hall, shared, sheet

TICKS = dict.fromkeys(CHECKLIST, "yes")


def inbox(hall: Hall, handle: str) -> tuple[Task, ...]:
    with hall.floor.read() as work:
        return read_inbox(work.participants.get(handle), work=work, floor=hall.floor)


def now(hall: Hall) -> str:
    return format_time(hall.floor.clock())


def second(hall: Hall, handle: str, *roles: Role) -> None:
    """Make somebody a reviewer of the exchange, beside what else it is from now on."""
    hall.house.suspend(hall.participant(handle), "changes its role")
    hall.house.admit(hall.participant(handle), [*roles, Role.REVIEWER])


def assessed(hall: Hall) -> str:
    """Bring a product to where only the exchange's reviewer is missing."""
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number)
    hall.expert.review(number, "0.95", b"a sound series")
    hall.advance(seconds=NOTICE)
    return number


def test_nothing_lists_before_a_reviewer_of_the_exchange_approves(hall: Hall) -> None:
    number = assessed(hall)
    with pytest.raises(NotCompliant) as refused:
        hall.supplier.list(number)
    assert refused.value.rules == ("V-01",)
    hall.vet(number)
    assert hall.supplier.list(number)[0].listing is ListingState.LISTED


@pytest.mark.parametrize("decision", [Decision.RETURNED, Decision.REJECTED])
def test_the_latest_decision_counts(hall: Hall, decision: Decision) -> None:
    number = assessed(hall)
    hall.vet(number)
    hall.vet(number, decision)
    with pytest.raises(NotCompliant, match=f"has {decision} it"):
        hall.supplier.list(number)
    hall.vet(number)
    assert hall.supplier.list(number)[0].listing is ListingState.LISTED


def test_a_decision_against_it_takes_a_product_off_the_board(listed: Hall) -> None:
    assert listed.vet(decision="returned").listing is ListingState.SUSPENDED


def test_another_approval_leaves_a_product_on_the_board(listed: Hall) -> None:
    assert listed.vet().listing is ListingState.LISTED


def test_a_decision_is_on_file_with_the_product_and_its_checklist_for_everybody(
    hall: Hall,
) -> None:
    number = assessed(hall)
    assert hall.vet(number) == hall.product(number)
    with hall.floor.read() as work:
        entry = next(work.chain.store.of_kind(f"product/{number}", KIND))
        assert hall.product(number).head == entry.leaf.hex()
        assert dict(work.records.public())[entry.facts["checklist"]] == checklist_record(TICKS)


def test_who_assessed_an_older_sheet_vets_no_other_of_the_same_product(hall: Hall) -> None:
    number = assessed(hall)
    hall.supplier.submit_sheet(number, sheet(use_cases=["another use"]))
    for handle in ("assessor", "expert"):
        hall.house.suspend(hall.participant(handle), "changes its role")
        hall.house.admit(hall.participant(handle), [Role.REVIEWER])
        with pytest.raises(Forbidden, match="who assessed the product cannot vet it"):
            hall.desk(handle).vet(number, "approved", reasons="fine", checklist=TICKS)


def test_an_approval_does_not_outlive_its_sheet(listed: Hall) -> None:
    listed.supplier.submit_sheet(listed.number, sheet(use_cases=["another use"]))
    listed.attest()
    listed.expert.review(listed.number, "0.95", b"a sound series")
    with pytest.raises(NotCompliant) as refused:
        listed.supplier.list(listed.number)
    assert refused.value.rules == ("V-01",)


def test_the_suppliers_own_organisation_cannot_vet(hall: Hall) -> None:
    number = assessed(hall)
    with pytest.raises(Forbidden, match="cannot vet its own product"):
        hall.insider.vet(number, "approved", reasons="fine", checklist=TICKS)


def test_who_assessed_cannot_vet_and_who_vets_cannot_assess(hall: Hall) -> None:
    number = assessed(hall)
    for handle in ("assessor", "expert"):
        hall.house.suspend(hall.participant(handle), "changes its role")
        roles = [*hall.participant(handle).roles]
        hall.house.admit(hall.participant(handle), (*roles, *hall.participant("reviewer").roles))
        with pytest.raises(Forbidden, match="who assessed the product cannot vet it"):
            hall.desk(handle).vet(number, "approved", reasons="fine", checklist=TICKS)


def test_who_shares_in_the_proceeds_cannot_vet(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet(sharing=shared(hall, supplier="QD", reviewer="RZ")))
    with pytest.raises(Forbidden, match="who shares in the proceeds cannot vet"):
        hall.vet(number)


def test_a_suspended_reviewers_approval_counts_no_more(hall: Hall) -> None:
    number = assessed(hall)
    hall.vet(number)
    hall.house.suspend(hall.participant("reviewer"), "under investigation")
    with pytest.raises(NotCompliant, match="V-01"):
        hall.supplier.list(number)


def test_an_assessor_is_no_reviewer(hall: Hall) -> None:
    number = assessed(hall)
    with pytest.raises(Forbidden, match="not admitted as reviewer"):
        hall.assessor.vet(number, "approved", reasons="fine", checklist=TICKS)


@pytest.mark.parametrize(
    ("ticks", "decision", "field"),
    [
        ({k: v for k, v in TICKS.items() if k != "grade"}, Decision.APPROVED, "checklist.grade"),
        (TICKS | {"colour": "yes"}, Decision.APPROVED, "checklist.colour"),
        (TICKS | {"grade": "maybe"}, Decision.RETURNED, "checklist.grade"),
        (TICKS | {"grade": "no"}, Decision.APPROVED, "checklist.grade"),
    ],
)
def test_a_checklist_is_complete_or_refused_by_its_item(
    ticks: dict[str, str], decision: Decision, field: str
) -> None:
    with pytest.raises(BadField, match=field):
        check_list(ticks, decision)


def test_an_item_at_no_is_returned_and_not_approved() -> None:
    ticks = TICKS | {"grade": "no"}
    assert check_list(ticks, Decision.RETURNED) == ticks


def test_the_decision_names_the_checklist_that_comes_with_it(hall: Hall) -> None:
    number = assessed(hall)
    product = hall.product(number)
    facts = {
        "sheet": product.sheet,
        "data": product.data,
        "pack": hall.floor.pack.digest,
        "decision": "approved",
        "checklist": "0" * 64,
    }
    signed, openings = hall.commit(
        "reviewer", "listing.vetted", f"product/{number}", facts, {"reasons": "fine"}
    )
    size = hall.size
    with pytest.raises(DataDiffer, match="checklist"):
        vet_listing(signed, openings, checklist=TICKS, floor=hall.floor)
    assert hall.size == size


# What waits for whom.


def test_a_new_product_waits_for_assessor_expert_and_reviewer(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    subject = f"product/{number}"
    for handle, duty in (
        ("assessor", Duty.ATTEST),
        ("expert", Duty.SCORE),
        ("reviewer", Duty.VET),
    ):
        (task,) = inbox(hall, handle)
        assert (task.duty, task.subject, task.overdue) == (duty, subject, False)
    assert "C-03" in inbox(hall, "assessor")[0].items
    assert inbox(hall, "reviewer")[0].items == tuple(CHECKLIST)
    assert inbox(hall, "buyer") == ()
    assert inbox(hall, "insider") == ()  # the supplier's own house


def test_a_task_goes_away_by_being_done(hall: Hall) -> None:
    number = assessed(hall)
    assert inbox(hall, "expert") == inbox(hall, "assessor") == ()
    assert inbox(hall, "supplier") == ()  # V-01 is missing, which is not its to mend
    hall.vet(number)
    assert inbox(hall, "reviewer") == ()
    assert [task.duty for task in inbox(hall, "supplier")] == [Duty.REQUEST_LISTING]
    hall.supplier.list(number)
    assert inbox(hall, "supplier") == ()


def test_what_is_returned_waits_for_its_supplier_and_not_for_the_reviewer(hall: Hall) -> None:
    number = assessed(hall)
    hall.advance(days=30)
    hall.vet(number, "returned")
    (task,) = inbox(hall, "supplier")
    assert (task.duty, task.items[0]) == (Duty.MEND, "returned by a reviewer of the exchange")
    assert (task.since, task.overdue) == (now(hall), False)
    assert inbox(hall, "reviewer") == ()


@pytest.mark.parametrize("decision", [Decision.RETURNED, Decision.REJECTED])
def test_a_document_under_the_same_sheet_brings_what_was_returned_back(
    hall: Hall, decision: Decision
) -> None:
    number = assessed(hall)
    hall.vet(number, decision)
    hall.advance(days=30)
    hall.supplier.attach(number, DocumentKind.OTHER, b"what was asked for", name="more.txt")
    (task,) = inbox(hall, "reviewer")
    assert (task.duty, task.since, task.overdue) == (Duty.VET, now(hall), False)
    assert inbox(hall, "supplier") == ()
    hall.vet(number)
    assert inbox(hall, "reviewer") == ()


def test_an_attestation_brings_what_was_returned_back(hall: Hall) -> None:
    number = assessed(hall)
    hall.vet(number, "returned")
    hall.attest(number)
    assert [task.duty for task in inbox(hall, "reviewer")] == [Duty.VET]


def test_the_other_reviewer_decides_after_the_first_is_suspended(hall: Hall) -> None:
    second(hall, "counsel")
    number = assessed(hall)
    hall.vet(number)
    assert inbox(hall, "counsel") == ()
    hall.advance(days=30)
    hall.house.suspend(hall.participant("reviewer"), "under investigation")
    (task,) = inbox(hall, "counsel")
    assert (task.duty, task.since, task.overdue) == (Duty.VET, now(hall), False)
    assert inbox(hall, "supplier") == ()  # it cannot mend V-01


def test_another_pack_asks_assessor_and_reviewer_again(hall: Hall) -> None:
    number = assessed(hall)
    hall.vet(number)
    hall.advance(days=30)
    pack = replace(hall.floor.pack, name="other", version="2")
    hall.venue.floor = replace(hall.floor, pack=pack)
    adopt_pack(floor=hall.floor)
    for handle, duty in (("assessor", Duty.ATTEST), ("reviewer", Duty.VET)):
        (task,) = inbox(hall, handle)
        assert (task.duty, task.since, task.overdue) == (duty, now(hall), False)
    assert inbox(hall, "supplier") == ()


def test_who_assessed_is_not_asked_to_vet(hall: Hall) -> None:
    number = assessed(hall)
    second(hall, "assessor", Role.COMPLIANCE_ASSESSOR)
    assert inbox(hall, "assessor") == ()
    assert [task.subject for task in inbox(hall, "reviewer")] == [f"product/{number}"]


def test_a_supplier_mends_what_is_its_own_alone(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    assert inbox(hall, "supplier") == ()  # T-05, Q-10, V-01 and the notice are for others
    hall.supplier.submit_sheet(number, sheet(duties=None))
    (task,) = inbox(hall, "supplier")
    assert (task.duty, task.items) == (Duty.MEND, ("P-05", "M-01"))
    hall.supplier.submit_sheet(number, sheet(use_cases=[]))
    (task,) = inbox(hall, "supplier")
    assert (task.duty, task.items) == (Duty.MEND, ("M-01",))
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number, passed=False)
    (task,) = inbox(hall, "supplier")
    assert "C-03" in task.items  # another assessor's word does not end a refusal
    assert not {"V-01", "Q-10", "S-10"} & set(task.items)


def test_documents_wait_for_who_may_verify_them_until_all_are_verified(listed: Hall) -> None:
    first, *_ = documents = listed.attach_the_four()
    subject = f"product/{listed.number}"
    (task,) = inbox(listed, "house")
    assert (task.duty, task.subject) == (Duty.VERIFY, subject)
    assert task.items == tuple(f"{each.kind} {each.leaf}" for each in documents)
    (own,) = inbox(listed, "assessor")
    assert own.items == task.items[1:]  # the first it attached itself
    assert len(inbox(listed, "counsel")[0].items) == 4
    assert inbox(listed, "expert") == inbox(listed, "insider") == inbox(listed, "supplier") == ()
    for document in documents:
        listed.verify(document, by="house" if document is first else "counsel")
    assert inbox(listed, "house") == inbox(listed, "counsel") == inbox(listed, "assessor") == ()
    listed.house.suspend(listed.participant("counsel"), "under investigation")
    assert inbox(listed, "house")[0].items == task.items[1:]  # nobody's word stands for them now


def test_a_document_that_has_ended_or_speaks_of_an_older_sheet_waits_for_nobody(
    listed: Hall,
) -> None:
    listed.attach_the_four()
    listed.supplier.submit_sheet(listed.number, sheet(use_cases=["another use"]))
    assert inbox(listed, "house") == ()
    tomorrow = listed.today + dt.timedelta(days=1)
    kind = DocumentKind.OTHER
    listed.supplier.attach(listed.number, kind, b"brief", name="brief.txt", until=tomorrow)
    assert [task.duty for task in inbox(listed, "house")] == [Duty.VERIFY]
    listed.advance(days=2)
    assert inbox(listed, "house") == ()


@pytest.mark.parametrize("job", [True, False])
def test_what_lapsed_is_asked_for_since_it_lapsed_and_not_since_its_sheet(
    listed: Hall, *, job: bool
) -> None:
    listed.advance(days=367)
    if job:
        lapse_listings(floor=listed.floor)
    (task,) = inbox(listed, "assessor")
    assert (task.duty, task.overdue) == (Duty.ATTEST, False)
    assert task.since[:10] in {str(listed.today), str(listed.today - dt.timedelta(days=1))}
    assert "T-05" in task.items
    assert [task.duty for task in inbox(listed, "supplier")] == [Duty.REASSESS]
    listed.advance(days=6)
    assert inbox(listed, "assessor")[0].overdue


def test_an_attestation_that_ended_before_the_listing_is_asked_for_since_then(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number, days=30)
    hall.expert.review(number, "0.95", b"a sound series")
    assert inbox(hall, "assessor") == ()
    hall.advance(days=31)
    (task,) = inbox(hall, "assessor")
    assert (task.since[:10], task.overdue) == (str(hall.today), False)


def test_what_the_operator_suspended_may_be_asked_for_since_then(listed: Hall) -> None:
    listed.advance(days=30)
    listed.house.suspend_listing(listed.number, "a complaint")
    (task,) = inbox(listed, "supplier")
    assert (task.duty, task.since) == (Duty.REQUEST_LISTING, now(listed))
    assert task.why == ("a complaint",)


def test_a_supplier_hears_that_its_product_lapsed_and_waits_for_others(listed: Hall) -> None:
    """Nothing is left for itself to mend, but it is who asks an assessor to look again."""
    listed.advance(days=366)
    (before,) = inbox(listed, "supplier")
    lapse_listings(floor=listed.floor)
    (task,) = inbox(listed, "supplier")
    assert (before.duty, before.why, before.items) == (task.duty, task.why, task.items)
    assert task.duty is Duty.REASSESS
    ended = f"the attestation of {listed.participant('assessor').id}"
    told = f"what its verdict rests on ended on 2027-01-05: {ended}"
    assert task.why == (told,)
    assert "T-05" in task.items
    listed.attest()
    (task,) = inbox(listed, "supplier")
    assert task.duty is Duty.REQUEST_LISTING
    assert task.why == (told,)
    listed.supplier.list(listed.number)
    assert inbox(listed, "supplier") == ()


def test_a_supplier_that_can_mend_it_is_told_too_why_it_left_the_board(listed: Hall) -> None:
    listed.supplier.submit_sheet(listed.number, sheet(duties=None))
    (task,) = inbox(listed, "supplier")
    assert (task.duty, task.why) == (Duty.MEND, ("the spec sheet has changed",))


def test_what_an_objection_froze_waits_since_it_was_dismissed(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.rival.object(number, "it is ours")
    hall.advance(days=30)
    hall.house.close_objection(number, "dismissed", "it is not")
    (task,) = inbox(hall, "reviewer")
    assert (task.since, task.overdue) == (now(hall), False)


def test_a_supplier_hears_of_the_end_of_its_registration_too(listed: Hall) -> None:
    until = listed.today + dt.timedelta(days=20)
    with listed.floor.write() as work:
        product = replace(listed.product(), registered_until=f"{until}T00:00:00Z")
        work.products.put(product)
    (task,) = inbox(listed, "supplier")
    assert (task.duty, task.due[:10]) == (Duty.RENEW, str(until))


def test_a_registration_that_has_ended_is_renewed_before_anything_is_mended(listed: Hall) -> None:
    until = f"{listed.today + dt.timedelta(days=20)}T00:00:00Z"
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), registered_until=until))
    listed.advance(days=21)
    listed.house.suspend_listing(listed.number, "its registration has ended")
    (task,) = inbox(listed, "supplier")
    assert (task.duty, task.since, task.items) == (Duty.RENEW, until, ())
    assert task.due > until
    assert task.why == ("its registration has ended, and nothing lists before it is renewed",)


def test_a_product_that_is_graded_anew_waits_since_then(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.advance(days=30)
    hall.house.set_grade(number, Grade.GENERAL_4, "an accident", "App. J")
    tasks = [task for handle in ("assessor", "reviewer") for task in inbox(hall, handle)]
    assert tasks
    assert {(task.since, task.overdue) for task in tasks} == {(now(hall), False)}


def test_overdue_comes_first_then_the_riskier(hall: Hall) -> None:
    plain = hall.register().number
    hall.supplier.submit_sheet(plain, sheet())
    hall.advance(days=6)
    other = hall.register("other.csv", DATA.replace("01-04", "01-05")).number
    hall.supplier.submit_sheet(other, sheet(grade="general-3"))
    third = hall.register("third.csv", DATA.replace("01-04", "01-06")).number
    hall.supplier.submit_sheet(third, sheet())
    tasks = inbox(hall, "reviewer")
    assert [task.subject for task in tasks] == [
        f"product/{number}" for number in (plain, other, third)
    ]
    assert [task.overdue for task in tasks] == [True, False, False]
    assert [task.risk for task in tasks] == [Risk.LOW, Risk.MEDIUM, Risk.LOW]
    assert tasks[1].why[0] == "graded general-3"


def test_the_operator_sees_applicants_and_objections(hall: Hall) -> None:
    number = hall.register().number
    hall.rival.object(number, "it is ours")
    (task,) = inbox(hall, "house")
    assert (task.duty, task.subject, task.risk) == (Duty.DECIDE, f"product/{number}", Risk.HIGH)


def test_the_operator_sees_a_dispute_since_the_oldest_that_is_open(listed: Hall) -> None:
    listed.rival.dispute(listed.number, "it is ours")
    since = now(listed)
    listed.advance(days=4)
    listed.contributor.dispute(listed.number, "no, ours")
    (task,) = inbox(listed, "house")
    assert (task.duty, task.subject) == (Duty.DECIDE, f"product/{listed.number}")
    assert (task.since, task.risk) == (since, Risk.HIGH)


def test_the_operator_sees_whose_identity_and_licences_ended(listed: Hall) -> None:
    assert inbox(listed, "house") == ()
    listed.advance(days=2 * 365)
    assert inbox(listed, "house") == ()  # on its last day it still runs
    listed.advance(days=1)
    tasks = {task.subject: task for task in inbox(listed, "house")}
    supplier = tasks[f"participant/{listed.participant('supplier').id}"]
    assert (supplier.duty, supplier.items) == (Duty.RENEW_PAPERS, ("identity",))
    assert (supplier.since[:10], supplier.overdue) == (str(listed.today), False)
    assessor = tasks[f"participant/{listed.participant('assessor').id}"]
    assert set(assessor.items) == {"identity", str(LICENSED[Role.COMPLIANCE_ASSESSOR])}
    assert f"participant/{listed.participant('house').id}" not in tasks


def test_papers_that_ended_are_renewed_since_the_first_of_them_did(hall: Hall) -> None:
    ended = hall.today + dt.timedelta(days=10)
    with hall.floor.write() as work:
        known = work.participants.get("assessor")
        work.participants.put(replace(known, verified_until=str(ended)))
    hall.advance(days=2 * 365 + 1)
    tasks = {task.subject: task for task in inbox(hall, "house")}
    task = tasks[f"participant/{known.id}"]
    assert set(task.items) == {"identity", str(LICENSED[Role.COMPLIANCE_ASSESSOR])}
    assert task.since == f"{ended + dt.timedelta(days=1)}T00:00:00Z"


def test_a_reviewer_whose_identity_has_ended_approves_nothing(hall: Hall) -> None:
    number = hall.prepare()
    with hall.floor.write() as work:
        known = work.participants.get("reviewer")
        ended = hall.today - dt.timedelta(days=1)
        work.participants.put(replace(known, verified_until=ended.isoformat()))
    size = hall.size
    with pytest.raises(Forbidden, match="the identity of reviewer ended") as refused:
        hall.vet(number)
    assert (refused.value.rules, hall.size) == (("V-01",), size)


def test_an_identity_that_was_never_verified_has_no_day_on_which_it_ended(hall: Hall) -> None:
    with hall.floor.write() as work:
        known = work.participants.get("buyer")
        work.participants.put(replace(known, verified_until=None))
    assert inbox(hall, "house") == ()


def test_what_lapsed_before_any_word_did_may_be_asked_for_since_then(listed: Hall) -> None:
    last = listed.today + dt.timedelta(days=10)
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), valid_until=str(last)))
    listed.advance(days=15)
    (task,) = inbox(listed, "supplier")
    assert task.duty is Duty.REQUEST_LISTING
    assert task.since == f"{last + dt.timedelta(days=1)}T00:00:00Z"


def test_an_assessment_about_to_end_waits_for_its_supplier(listed: Hall) -> None:
    assert inbox(listed, "supplier") == ()
    listed.advance(days=340)
    (task,) = inbox(listed, "supplier")
    assert task.duty is Duty.RENEW
    assert task.due.startswith(str(listed.product().valid_until))


def test_who_is_not_admitted_has_no_inbox(hall: Hall) -> None:
    hall.house.suspend(hall.participant("reviewer"), "under investigation")
    with pytest.raises(Forbidden):
        inbox(hall, "reviewer")


# Why.


def test_every_rule_is_explained_with_the_entries_it_looked_at(listed: Hall) -> None:
    product = listed.product()
    with listed.floor.read() as work:
        reasons = explain_product(product, work=work, floor=listed.floor).reasons
        found = {reason.explained.finding.rule: reason for reason in reasons}
    assert {"F-05", "S-10", "T-05", "V-01"} <= set(found)
    kinds = {rule: {entry.kind for entry in reason.evidence} for rule, reason in found.items()}
    assert kinds["F-05"] == {"inspection.recorded"}
    assert kinds["V-01"] >= {"listing.vetted"}
    assert kinds["T-05"] >= {"compliance.attested"}
    assert kinds["P-01"] >= {"participant.admitted"}
    (attested,) = [e for e in found["C-03"].evidence if e.kind == "compliance.attested"]
    assert attested.actor == listed.participant("assessor").id
    assert found["V-01"].explained.finding.outcome is Outcome.CLEAR
    assert "approved" in found["V-01"].explained.finding.message


def test_an_explanation_says_what_would_turn_a_refusal_into_a_pass(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet(), [EVIDENCE])
    with hall.floor.read() as work:
        reasons = explain_product(work.products.get(number), work=work, floor=hall.floor).reasons
    findings = [reason.explained.finding for reason in reasons]
    missing = [finding for finding in findings if finding.outcome is not Outcome.CLEAR]
    assert all(finding.unlock for finding in missing)
    assert {"V-01", "T-05", "Q-10"} <= {finding.rule for finding in missing}


# A delivery that is not like the one before.


@pytest.mark.parametrize(("by", "far"), [("6.", False), ("61.", True)])
def test_who_judges_a_delivery_is_told_that_it_is_far_from_the_one_before(
    listed: Hall, by: str, *, far: bool
) -> None:
    assert all("far from" not in word for task in inbox(listed, "reviewer") for word in task.why)
    data = DATA.replace(",6.", f",{by}").replace(",7.0", ",70.0" if far else ",7.1")
    listed.supplier.change(listed.number, listed.file("next.csv", data), "another month")
    listed.supplier.submit_sheet(listed.number, sheet())
    for handle in ("assessor", "expert", "reviewer"):
        (task,) = inbox(listed, handle)
        told = [each for each in task.why if "far from the one before" in each]
        assert told == ["this delivery is far from the one before: temperature"] * far
        assert task.risk is (Risk.MEDIUM if far else Risk.LOW)
