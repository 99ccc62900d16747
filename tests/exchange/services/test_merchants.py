"""Who a merchant is, what it is licensed for, who is barred, and what falls with a word."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange import desk as desks
from exchange.desk import Desk
from exchange.documents import DocumentKind
from exchange.errors import (
    BadField,
    Conflict,
    DataDiffer,
    Forbidden,
    NoScenario,
    NotCompliant,
    NotFound,
    Refused,
)
from exchange.listing import ListingState
from exchange.negative import Notice
from exchange.participants import LicenceClass, Participant, Role, Standing
from exchange.services import measure_quality
from exchange.services.adopt_pack import adopt_licences
from exchange.services.attach_document import documents_of
from exchange.services.audit_provenance import export_bundle
from exchange.services.explain_listing import explain_product
from exchange.services.keep_papers import paper_bytes
from exchange.services.lapse_listings import lapse_listings
from exchange.services.read_inbox import Duty, Task, read_inbox
from exchange.services.read_papers import licences_held, papers_ended
from exchange.services.replay_verdicts import Replayed, replay_verdicts
from exchange.services.verify_identity import verify_identity
from exchange.venue import Venue
from ledger.acts import format_time
from ledger.audit import audit
from tests.exchange.floor import (
    ATTESTED,
    CAST,
    EVIDENCE,
    LICENSED,
    NOTICE,
    PASSPHRASE,
    Hall,
    credit_code,
    open_hall,
    sheet,
    welcome,
)

PAPER = b"a business licence"


@pytest.fixture
def ordered(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "ordered") as hall:
        yield hall


@pytest.fixture
def contracted(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        yield hall


def newcomer(hall: Hall, code: str = credit_code(99)) -> Participant:
    keys = dict(hall.keys)
    keys["newcomer"] = hall.venue.keyring.create("newcomer", PASSPHRASE)
    hall.keys = keys
    return desks.apply_to_join(
        keys["newcomer"], handle="newcomer", name="新来公司", credit_code=code, floor=hall.floor
    )


def verified(hall: Hall, applicant: Participant, days: int = 365) -> Participant:
    until = hall.today + dt.timedelta(days=days)
    return hall.house.verify(applicant, [PAPER], signatory="李四", until=until)


def notice(hall: Hall, code: str, **changes: object) -> Notice:
    today = hall.today
    plain = Notice(
        code, "某公司", "sold personal data", "网信办", today - dt.timedelta(days=9), today
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def listing(hall: Hall) -> ListingState:
    return hall.product().listing


def reason(hall: Hall) -> str:
    with hall.floor.read() as work:
        found = next(work.chain.store.of_kind(f"product/{hall.number}", "listing.suspended"))
    return str(found.facts["reason"])


def licence(hall: Hall, handle: str) -> str:
    with hall.floor.read() as work:
        return licences_held(hall.participant(handle).id, work, hall.floor)[0].entry


# Identity.


def test_nobody_is_admitted_before_its_identity_was_verified(hall: Hall) -> None:
    applicant = newcomer(hall)
    with pytest.raises(Refused, match="its identity was not verified") as caught:
        hall.house.admit(applicant, [Role.BUYER])
    assert caught.value.rules == ("P-01", "P-02")
    admitted = hall.house.admit(verified(hall, applicant), [Role.BUYER])
    assert (admitted.standing, admitted.verified(hall.today)) == (Standing.ADMITTED, True)


def test_an_identity_rests_on_documents_that_the_exchange_keeps(hall: Hall) -> None:
    applicant = newcomer(hall)
    with pytest.raises(BadField, match="at least one document"):
        hall.house.verify(applicant, [], signatory="李四", until=hall.today)
    with pytest.raises(BadField, match="that day has passed"):
        verified(hall, applicant, days=-1)
    signed, openings = hall.commit(
        "house",
        "identity.verified",
        f"participant/{applicant.id}",
        {"method": "seen", "documents": ["0" * 64], "until": str(hall.today)},
        {"signatory": "李四"},
    )
    with pytest.raises(DataDiffer, match="not the digests of the documents given"):
        verify_identity(signed, openings, documents=[PAPER], floor=hall.floor)


def test_only_the_operator_verifies_and_licenses(hall: Hall) -> None:
    with pytest.raises(Forbidden):
        hall.supplier.verify(hall.participant("buyer"), [PAPER], signatory="x", until=hall.today)


def test_no_name_of_a_person_stands_on_the_chain(hall: Hall) -> None:
    with hall.floor.read() as work:
        bodies = [entry.data.decode() for entry in work.chain.store.entries()]
    assert not any("李四" in body or "37-2026-0001" in body for body in bodies)


def test_a_buyer_whose_identity_has_ended_orders_nothing(listed: Hall) -> None:
    verified(listed, listed.participant("buyer"), days=0)
    listed.scenario()
    listed.advance(days=1)
    with pytest.raises(NoScenario) as caught:
        listed.scenario()
    assert caught.value.rules == ("P-02",)


def test_papers_that_ended_are_named_until_they_are_renewed(hall: Hall) -> None:
    assert papers_ended(floor=hall.floor) == []
    verified(hall, hall.participant("buyer"), days=1)
    hall.advance(days=2)
    (ended,) = papers_ended(floor=hall.floor)
    assert (ended.handle, ended.paper, ended.until) == ("buyer", "identity", "2026-01-06")
    hall.house.suspend(hall.participant("buyer"), "bills")
    assert papers_ended(floor=hall.floor) == []  # who may not act needs no letter
    hall.advance(days=800)
    papers = {(each.handle, each.paper) for each in papers_ended(floor=hall.floor)}
    assert ("expert", "expert-appointment") in papers


def test_a_listing_ends_with_the_identity_of_its_supplier(hall: Hall) -> None:
    verified(hall, hall.participant("supplier"), days=30)
    hall.list()
    assert hall.product().valid_until == str(hall.today + dt.timedelta(days=30))
    hall.advance(days=31)
    assert [product.number for product in lapse_listings(floor=hall.floor).suspended] == [
        hall.number
    ]


# Licences.


def test_an_assessor_without_a_licence_that_runs_attests_nothing(hall: Hall) -> None:
    welcome(hall.house, newcomer(hall), [Role.BUYER])
    hall.house.suspend(hall.participant("newcomer"), "to be readmitted")
    hall.house.admit(hall.participant("newcomer"), [Role.COMPLIANCE_ASSESSOR])
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    until = hall.today + dt.timedelta(days=9)
    with pytest.raises(Forbidden, match="no licence that runs as compliance-assessor") as caught:
        hall.desk("newcomer").attest(number, ["C-03"], report=b"x", until=until, passed=True)
    assert caught.value.rules == ("T-05",)
    assert "compliance.attested" not in hall.kinds(f"product/{number}")


def test_a_licence_of_another_class_does_not_do(hall: Hall) -> None:
    hall.house.withdraw_licence(hall.participant("expert"), licence(hall, "expert"), "wrong one")
    hall.house.license(
        hall.participant("expert"),
        LicenceClass.SURVEYING,
        number="7",
        issuer="省自然资源厅",
        until=hall.today,
        document=b"x",
    )
    with pytest.raises(Forbidden, match="no licence that runs as quality-expert"):
        hall.prepare()


def test_what_was_signed_while_the_licence_ran_still_counts_when_it_has_ended(hall: Hall) -> None:
    for handle in ("assessor", "expert"):
        hall.house.withdraw_licence(hall.participant(handle), licence(hall, handle), "renewed")
        hall.house.license(
            hall.participant(handle),
            LicenceClass.LEGAL_PRACTICE if handle == "assessor" else LicenceClass.EXPERT,
            number="7",
            issuer="司法厅",
            until=hall.today,
            document=b"x",
        )
    number = hall.prepare()
    hall.advance(days=1)
    hall.supplier.list(number)
    with pytest.raises(Forbidden, match="no licence that runs"):
        hall.attest(number)


def test_listings_that_rest_on_a_withdrawn_licence_leave_the_board(listed: Hall) -> None:
    assessor = listed.participant("assessor")
    listed.house.withdraw_licence(assessor, licence(listed, "assessor"), "forged")
    assert listing(listed) is ListingState.SUSPENDED
    assert reason(listed) == f"a licence of {assessor.id} was withdrawn"
    with pytest.raises(NotCompliant, match="signed under a licence that was withdrawn") as caught:
        listed.supplier.list(listed.number)
    assert "T-05" in caught.value.rules


def inbox(hall: Hall, handle: str) -> dict[Duty, Task]:
    with hall.floor.read() as work:
        tasks = read_inbox(work.participants.get(handle), work=work, floor=hall.floor)
    return {task.duty: task for task in tasks if task.subject == f"product/{hall.number}"}


def findings(hall: Hall) -> dict[str, str]:
    with hall.floor.read() as work:
        told = explain_product(hall.product(), work=work, floor=hall.floor)
    assert told.obstacles == ()
    return {found.rule: found.message for found in told.review.blocking}


def test_who_may_attest_hears_that_a_licence_was_withdrawn_and_the_supplier_asks_nothing(
    hall: Hall,
) -> None:
    hall.number = hall.prepare()
    assert findings(hall) == {}
    assert set(inbox(hall, "supplier")) == {Duty.REQUEST_LISTING}
    assert not inbox(hall, "counsel")
    hall.advance(days=1)
    hall.house.withdraw_licence(hall.participant("assessor"), licence(hall, "assessor"), "forged")
    withdrawn = format_time(hall.floor.clock())
    another_licence(hall, b"another")
    hall.advance(days=1)
    told = findings(hall)
    assert "chain version 6: signed under a licence that was withdrawn" in told["T-05"]
    assert Duty.REQUEST_LISTING not in inbox(hall, "supplier")
    for handle in ("assessor", "counsel"):
        task = inbox(hall, handle)[Duty.ATTEST]
        assert "T-05" in task.items
        assert task.since == withdrawn
    hall.attest(hall.number)
    assert findings(hall) == {}
    assert not inbox(hall, "counsel")
    hall.supplier.list(hall.number)


def test_who_may_score_hears_that_the_licence_of_an_expert_was_withdrawn(hall: Hall) -> None:
    hall.number = hall.prepare()
    hall.advance(days=1)
    hall.house.withdraw_licence(hall.participant("expert"), licence(hall, "expert"), "forged")
    withdrawn = format_time(hall.floor.clock())
    hall.advance(days=1)
    assert set(findings(hall)) == {"Q-10", "Q-11"}
    assert inbox(hall, "expert")[Duty.SCORE].since == withdrawn
    assert Duty.REQUEST_LISTING not in inbox(hall, "supplier")
    with pytest.raises(NotCompliant, match="Q-10: no independent quality expert"):
        hall.supplier.list(hall.number)


def test_another_assessors_word_carries_a_listing_when_a_newer_one_counts_no_longer(
    hall: Hall,
) -> None:
    number = hall.number = hall.prepare()
    until = hall.today + dt.timedelta(days=300)
    hall.desk("counsel").attest(number, ATTESTED, report=b"so too", until=until, passed=True)
    hall.attest(number)  # the newest of the three
    hall.supplier.list(number)
    hall.house.withdraw_licence(hall.participant("assessor"), licence(hall, "assessor"), "forged")
    assert listing(hall) is ListingState.SUSPENDED  # what rests on the word is looked at again
    assert findings(hall) == {}
    assert set(inbox(hall, "supplier")) == {Duty.REQUEST_LISTING}
    hall.supplier.list(number)
    assert listing(hall) is ListingState.LISTED


def test_a_refusal_under_a_withdrawn_licence_counts_no_more_than_a_pass(hall: Hall) -> None:
    number = hall.number = hall.prepare()
    until = hall.today + dt.timedelta(days=300)
    hall.attest(number, passed=False)
    hall.desk("counsel").attest(number, ATTESTED, report=b"sound", until=until, passed=True)
    assert "an assessor refused the product" in findings(hall)["T-05"]
    hall.house.withdraw_licence(hall.participant("assessor"), licence(hall, "assessor"), "forged")
    assert findings(hall) == {}
    hall.supplier.list(number)
    assert listing(hall) is ListingState.LISTED


def test_a_verdict_is_reached_again_though_a_licence_behind_it_was_withdrawn(listed: Hall) -> None:
    listed.house.withdraw_licence(listed.participant("assessor"), licence(listed, "assessor"), "x")
    with pytest.raises(NotCompliant):
        listed.supplier.list(listed.number)
    packs = {listed.floor.pack.digest: listed.floor.pack}
    found = replay_verdicts(listed.number, packs=packs, floor=listed.floor)
    assert [each.outcome for each in found] == [Replayed.IDENTICAL] * 2


# Whose identity has ended.


def test_nobody_assesses_or_vets_whose_identity_has_ended(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    words: dict[str, tuple[str, Callable[[str], object]]] = {
        "assessor": ("T-05", hall.attest),
        "expert": ("Q-10", lambda each: hall.expert.review(each, "0.95", b"sound")),
        "reviewer": ("V-01", hall.vet),
    }
    for handle in words:
        verified(hall, hall.participant(handle), days=1)
    hall.advance(days=2)
    for handle, (rule, say) in words.items():
        with pytest.raises(Forbidden, match=f"the identity of {handle} ended on 2026-01-06") as no:
            say(number)
        assert no.value.rules == (rule,)
        verified(hall, hall.participant(handle))
        say(number)


def test_no_supplier_undertakes_whose_identity_has_ended(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    verified(hall, hall.participant("supplier"), days=1)
    hall.advance(days=2)
    with pytest.raises(Forbidden, match="the identity of supplier ended on 2026-01-06") as no:
        hall.supplier.undertake(number)
    assert no.value.rules == ("P-01",)
    # Evidence says what it says whoever hands it in.
    proof = hall.supplier.attach(number, DocumentKind.SOURCE_PROOF, b"a log", name="log.txt")
    with hall.floor.read() as work:
        assert documents_of(hall.product(number), work) == (proof,)
    verified(hall, hall.participant("supplier"))
    assert hall.supplier.undertake(number).kind is DocumentKind.LEGAL_UNDERTAKING


def test_no_supplier_signs_a_sheet_whose_identity_has_ended(hall: Hall) -> None:
    number = hall.register().number
    verified(hall, hall.participant("supplier"), days=1)
    hall.advance(days=2)
    size = hall.size
    with pytest.raises(Forbidden, match="the identity of supplier ended on 2026-01-06") as no:
        hall.supplier.submit_sheet(number, sheet())
    assert no.value.rules == ("P-01",)
    assert hall.size == size
    verified(hall, hall.participant("supplier"))
    assert hall.supplier.submit_sheet(number, sheet()).sheet == sheet().digest


def test_an_identity_that_ends_while_the_file_is_read_signs_no_sheet(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hall.register().number
    verified(hall, hall.participant("supplier"), days=0)
    hall.advance(hours=14, minutes=59)  # to the last minute of the day

    def slowly(*asked: Any, **given: Any) -> Any:
        hall.advance(minutes=2)
        return counted(*asked, **given)

    counted = measure_quality.count_expected
    monkeypatch.setattr("exchange.services.submit_sheet.count_expected", slowly)
    with pytest.raises(Forbidden, match="the identity of supplier ended on 2026-01-05"):
        hall.supplier.submit_sheet(number, sheet())


def test_who_was_admitted_without_a_verified_identity_has_none_that_could_end(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    with hall.floor.write() as work:
        known = work.participants.get("assessor")
        work.participants.put(replace(known, verified_until=None))
    assert hall.attest(number).number == number


def test_a_refusal_stands_when_the_identity_of_who_refused_has_ended(hall: Hall) -> None:
    number = hall.number = hall.prepare()
    until = hall.today + dt.timedelta(days=300)
    hall.attest(number, passed=False)
    hall.desk("counsel").attest(number, ATTESTED, report=b"sound", until=until, passed=True)
    verified(hall, hall.participant("assessor"), days=1)
    hall.advance(days=2)
    assert "an assessor refused the product" in findings(hall)["T-05"]
    with pytest.raises(NotCompliant, match="T-05: an assessor refused the product"):
        hall.supplier.list(number)


def test_words_of_whose_identity_has_ended_do_not_count_until_it_is_verified_anew(
    hall: Hall,
) -> None:
    hall.number = hall.prepare()
    for handle in ("assessor", "supplier"):
        verified(hall, hall.participant(handle), days=1)
    hall.advance(days=2)
    told = findings(hall)
    assert "signed by a participant whose identity has ended" in told["T-05"]
    assert told["P-01"] == "the supplier's identity has ended"
    for handle in ("assessor", "supplier"):
        verified(hall, hall.participant(handle))
    assert findings(hall) == {}


def another_licence(hall: Hall, paper: bytes) -> Participant:
    """Record a second licence of the assessor's."""
    return hall.house.license(
        hall.participant("assessor"),
        LICENSED[Role.COMPLIANCE_ASSESSOR],
        number="37-2026-0002",
        issuer="x",
        until=hall.today + dt.timedelta(days=300),
        document=paper,
    )


def test_a_licence_that_is_recorded_later_bears_out_nothing_that_was_said_before(
    listed: Hall,
) -> None:
    assessor = listed.participant("assessor")
    listed.advance(days=1)
    listed.house.withdraw_licence(assessor, licence(listed, "assessor"), "forged")
    listed.advance(days=1)
    another_licence(listed, b"another")
    listed.advance(days=1)
    with pytest.raises(NotCompliant, match="signed under a licence that was withdrawn"):
        listed.supplier.list(listed.number)
    listed.attest(listed.number)  # said anew, under the licence that stands
    listed.supplier.list(listed.number)
    assert listing(listed) is ListingState.LISTED


def test_a_listing_stands_while_another_licence_covers_the_word_behind_it(hall: Hall) -> None:
    assessor, first = hall.participant("assessor"), licence(hall, "assessor")
    paper = b"another licence"
    licensed = another_licence(hall, paper)
    assert licensed == hall.participant("assessor")
    hall.list(sheet())
    former = hall.house.withdraw_licence(assessor, first, "lost")
    assert former == hall.participant("assessor")
    assert listing(hall) is ListingState.LISTED
    digest = hashlib.sha256(paper).hexdigest()
    shown = paper_bytes(digest, "assessor", to=hall.participant("assessor"), floor=hall.floor)
    assert shown == paper
    with hall.floor.read() as work, pytest.raises(NotFound):
        work.records.get(digest)  # what a bundle may come to hold is another thing


def test_a_licence_of_somebody_who_did_not_speak_takes_nothing_down(listed: Hall) -> None:
    listed.house.withdraw_licence(listed.participant("counsel"), licence(listed, "counsel"), "x")
    assert listing(listed) is ListingState.LISTED


def test_a_licence_runs_on_its_last_day(hall: Hall) -> None:
    expert = hall.participant("expert").id
    for days, runs in ((2 * 365, True), (1, False)):
        hall.advance(days=days)
        with hall.floor.read() as work:
            (held,) = licences_held(expert, work, hall.floor)
        assert held.runs is runs


def test_a_licence_is_withdrawn_once_and_by_its_entry(hall: Hall) -> None:
    expert, leaf = hall.participant("expert"), licence(hall, "expert")
    hall.house.withdraw_licence(expert, leaf, "struck off")
    with pytest.raises(Refused, match="was withdrawn already"):
        hall.house.withdraw_licence(expert, leaf, "struck off")
    with pytest.raises(NotFound, match="has no licence"):
        hall.house.withdraw_licence(hall.participant("assessor"), leaf, "x")


def test_a_house_that_asks_for_no_licences_says_so_on_the_chain(hall: Hall) -> None:
    hall.house.withdraw_licence(hall.participant("expert"), licence(hall, "expert"), "lost")
    floor = replace(hall.floor, house=replace(hall.floor.house, licences=()))
    assert adopt_licences(floor=floor)
    assert not adopt_licences(floor=floor)
    hall.prepare()


def test_the_requirement_is_declared_before_anybody_acts(hall: Hall) -> None:
    with hall.floor.read() as work:
        third = list(work.chain.store.entries())[2]
    assert third.kind == "licence.required"
    assert "valuer: asset-valuation" in third.facts["licences"]


# Suspension.


@pytest.mark.parametrize("handle", ["assessor", "expert"])
def test_a_listing_falls_with_whoever_spoke_for_it(listed: Hall, handle: str) -> None:
    spoke = listed.participant(handle)
    listed.house.suspend(spoke, "bribed")
    assert listing(listed) is ListingState.SUSPENDED
    assert reason(listed) == f"{spoke.id}, on whose word it rests, is suspended"


def test_a_listing_stands_when_somebody_else_is_suspended(listed: Hall) -> None:
    for handle in ("insider", "rival", "contributor"):
        listed.house.suspend(listed.participant(handle), "bills")
    assert listing(listed) is ListingState.LISTED


def test_a_suspended_supplier_takes_its_products_and_not_what_was_derived(listed: Hall) -> None:
    """The grant to process stands, and with it what its holder made of the data."""
    listed.grant()
    derived = listed.derive()
    listed.contributor.list(derived)
    listed.house.suspend(listed.participant("supplier"), "bills")
    assert listing(listed) is ListingState.SUSPENDED
    assert listed.product(derived).listing is ListingState.LISTED


def test_a_listing_falls_with_the_older_of_two_words(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    until = hall.today + dt.timedelta(days=365)
    for handle, rules in (("counsel", ATTESTED[:3]), ("assessor", ATTESTED[3:])):
        hall.desk(handle).attest(number, rules, report=PAPER, until=until, passed=True)
    hall.review(number)
    hall.advance(seconds=NOTICE)
    hall.supplier.list(number)
    hall.house.withdraw_licence(hall.participant("counsel"), licence(hall, "counsel"), "forged")
    assert hall.product(number).listing is ListingState.SUSPENDED


def test_a_supplier_is_suspended_beside_what_it_has_not_listed(listed: Hall) -> None:
    number = listed.register("other.csv", "a,b\n1,2\n").number
    listed.house.suspend(listed.participant("supplier"), "bills")
    assert listed.product(number).listing is ListingState.REGISTERED
    assert listing(listed) is ListingState.SUSPENDED


# The negative list.


def test_an_organisation_on_the_list_is_not_admitted(hall: Hall) -> None:
    (barred,) = hall.house.bar([notice(hall, credit_code(99))])
    with pytest.raises(Refused, match=f"until .* \\({barred.id}: sold personal data") as caught:
        welcome(hall.house, newcomer(hall), [Role.BUYER])
    assert caught.value.rules == ("P-04",)
    hall.house.clear(barred.id, "an appeal succeeded")
    assert welcome_again(hall).standing is Standing.ADMITTED
    with pytest.raises(Conflict, match="was taken off"):
        hall.house.clear(barred.id, "again")


def welcome_again(hall: Hall) -> Participant:
    return hall.house.admit(hall.participant("newcomer"), [Role.BUYER])


LEI = "529900T8BM49AURSDO55"


def test_an_organisation_of_europe_is_admitted_under_its_lei_and_told_apart_by_it(
    hall: Hall,
) -> None:
    joined = welcome(hall.house, newcomer(hall, LEI), (Role.SUPPLIER,))
    assert (joined.standing, joined.credit_code) == (Standing.ADMITTED, LEI)
    keys = hall.venue.keyring.create("branch", PASSPHRASE)
    branch = desks.apply_to_join(
        keys, handle="branch", name="Zweigstelle", credit_code=LEI, floor=hall.floor
    )
    assert joined.same_organisation(branch)
    assert not joined.same_organisation(hall.participant("supplier"))
    with pytest.raises(BadField, match=r"nor an LEI \(ISO 17442\)"):
        desks.apply_to_join(
            keys, handle="slip", name="Werft", credit_code=LEI[:-1] + "6", floor=hall.floor
        )
    hall.house.bar([notice(hall, LEI)])
    assert hall.participant("newcomer").standing is Standing.SUSPENDED


def test_a_supplier_under_its_lei_lists(hall: Hall) -> None:
    """P-01 and M-01 of both packs take either code."""
    keys = dict(hall.keys)
    keys["supplier"] = hall.venue.keyring.create("werft", PASSPHRASE)
    applicant = desks.apply_to_join(
        keys["supplier"], handle="werft", name="Werft GmbH", credit_code=LEI, floor=hall.floor
    )
    joined = welcome(hall.house, applicant, (Role.SUPPLIER,))
    desk = Desk(joined, keys["supplier"], hall.floor)
    number = desk.register(hall.file(), sheet(), [EVIDENCE]).number
    desk.submit_sheet(number, sheet())
    hall.attest(number)
    hall.review(number)
    hall.advance(seconds=NOTICE)
    assert desk.list(number)[0].listing is ListingState.LISTED


def test_an_applicant_stays_one_when_its_organisation_is_listed(hall: Hall) -> None:
    applicant = newcomer(hall)
    hall.house.bar([notice(hall, applicant.credit_code)])
    assert hall.participant("newcomer").standing is Standing.APPLIED


def test_an_organisation_is_listed_for_each_of_its_reasons(hall: Hall) -> None:
    code = credit_code(98)
    hall.house.bar([notice(hall, code), notice(hall, code, reason="bribes")])
    with hall.floor.read() as work:
        reasons = {barred.reason for barred in work.negative_list.of_code(code)}
    assert reasons == {"sold personal data", "bribes"}


def test_a_violation_counts_as_long_as_the_house_looks_back(hall: Hall) -> None:
    days = hall.floor.house.lookback_days
    (barred,) = hall.house.bar([notice(hall, credit_code(99))])
    first = barred.since
    assert barred.bars(first, days)
    assert not barred.bars(first - dt.timedelta(days=1), days)
    assert barred.bars(first + dt.timedelta(days=days), days)
    assert not barred.bars(first + dt.timedelta(days=days + 1), days)
    assert barred.last_day(0) == barred.until


def test_a_participant_on_the_list_is_suspended_with_its_listings(ordered: Hall) -> None:
    hall = ordered
    hall.house.bar([notice(hall, CAST[0][2]), notice(hall, CAST[2][2])])
    assert hall.participant("supplier").standing is Standing.SUSPENDED
    assert listing(hall) is ListingState.SUSPENDED
    assert hall.participant("insider").standing is Standing.SUSPENDED  # the same organisation
    with pytest.raises(Forbidden, match="supplier is suspended and may not act"):
        hall.supplier.accept(hall.made)
    assert hall.balance("buyer") == 1_000_000


def test_the_order_of_a_buyer_on_the_list_is_not_contracted(ordered: Hall) -> None:
    ordered.house.bar([notice(ordered, CAST[2][2])])
    with pytest.raises(NoScenario) as caught:
        ordered.supplier.accept(ordered.made)
    assert caught.value.rules == ("P-02",)


@pytest.mark.parametrize("delisted", [False, True])
def test_a_suspended_buyer_gets_no_delivery(contracted: Hall, *, delisted: bool) -> None:
    if delisted:
        contracted.supplier.delist(contracted.number, "sold out")
    contracted.house.suspend(contracted.participant("buyer"), "bills")
    with pytest.raises((NoScenario, Forbidden)):
        contracted.supplier.deliver(contracted.made, contracted.folder.parent)


def test_a_list_is_taken_in_whole_or_not_at_all(hall: Hall) -> None:
    size = hall.size
    with pytest.raises(Refused, match="does not list its own operator"):
        hall.house.bar([notice(hall, credit_code(98)), notice(hall, credit_code(0))])
    with pytest.raises(Conflict, match="for that already"):
        hall.house.bar([notice(hall, credit_code(98)), notice(hall, credit_code(98))])
    later = hall.today + dt.timedelta(days=1)
    with pytest.raises(BadField, match="not after today"):
        hall.house.bar([notice(hall, credit_code(98), since=later, until=later)])
    with hall.floor.read() as work:
        assert (hall.size, list(work.negative_list.all())) == (size, [])


def test_an_organisation_is_listed_for_one_day_and_once_for_a_reason_of_a_day(hall: Hall) -> None:
    """Another day, or another reason, is another listing."""
    day = hall.today - dt.timedelta(days=1)
    plain = notice(hall, credit_code(98), since=day, until=day)
    others = [replace(plain, reason="bribes"), replace(plain, since=hall.today, until=hall.today)]
    hall.house.bar([plain, *others])
    for known in (plain, *others):
        with pytest.raises(Conflict, match="for that already"):
            hall.house.bar([known])
    with pytest.raises(BadField, match="nor after until"):
        hall.house.bar([replace(plain, reason="theft", until=day - dt.timedelta(days=1))])


def test_what_was_taken_off_the_list_can_be_listed_again(hall: Hall) -> None:
    (first,) = hall.house.bar([notice(hall, credit_code(98))])
    hall.house.clear(first.id, "it was a mistake")
    (second,) = hall.house.bar([notice(hall, credit_code(98))])
    assert (second.reason, second.cleared) == (first.reason, None)


def test_the_chain_commits_to_the_organisation_and_says_no_code(hall: Hall) -> None:
    hall.house.bar([notice(hall, credit_code(98))])
    with hall.floor.read() as work:
        entries = list(work.chain.store.entries())
        (kept,) = work.negative_list.of_code(credit_code(98))
    assert entries[-1].kind == "negative.listed"
    assert credit_code(98).encode() not in entries[-1].data
    assert kept.head == entries[-1].leaf.hex()


def test_the_audit_of_a_house_with_licences_and_a_list_passes(listed: Hall, tmp_path: Path) -> None:
    listed.house.bar([notice(listed, CAST[3][2])])
    listed.house.withdraw_licence(
        listed.participant("assessor"), licence(listed, "assessor"), "forged"
    )
    export_bundle(tmp_path / "bundle", floor=listed.floor)
    report = audit(tmp_path / "bundle", key=listed.floor.log_key)
    assert report.passed, report.findings


def test_what_is_known_of_merchants_survives_reopening(hall: Hall) -> None:
    hall.house.bar([notice(hall, credit_code(98))])
    hall.venue.close()
    with Venue.open(hall.folder) as venue, venue.floor.read() as work:
        assert work.participants.get("supplier").verified_until
        assert len(work.negative_list.all()) == 1
        assert licences_held(work.participants.get("expert").id, work, venue.floor)[0].runs


def test_who_is_admitted_again_is_believed_again_without_repeating_its_words(
    listed: Hall,
) -> None:
    assessor = listed.participant("assessor")
    listed.house.suspend(assessor, "under investigation")
    assert listed.product().listing is ListingState.SUSPENDED
    with pytest.raises(NotCompliant):
        listed.supplier.list(listed.number)
    attested = listed.kinds(f"product/{listed.number}").count("compliance.attested")
    listed.house.admit(listed.participant("assessor"), [Role.COMPLIANCE_ASSESSOR])
    listed.supplier.list(listed.number)
    assert listed.product().listing is ListingState.LISTED
    assert listed.kinds(f"product/{listed.number}").count("compliance.attested") == attested
