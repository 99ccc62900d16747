"""Whose word counts, and how long: of who has an interest, was overruled, or lost its licence."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from exchange import desk as desks
from exchange.compliance import Rule, RulePack, Severity, fired
from exchange.compliance.china import PACK
from exchange.documents import Document, DocumentKind
from exchange.errors import Forbidden, NotCompliant
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.services.adopt_pack import adopt_pack
from exchange.services.compile_dossier import compile_dossier
from exchange.services.lapse_listings import Lapsed, lapse_listings
from exchange.services.read_inbox import Duty, read_inbox
from exchange.services.read_papers import licences_held
from exchange.vetting import CHECKLIST
from ledger.acts import format_time
from ledger.view import newest
from tests.exchange.floor import (
    ATTESTED,
    EVIDENCE,
    NOTICE,
    PASSPHRASE,
    REPORT,
    SHEET,
    Hall,
    credit_code,
    sheet,
    welcome,
)

DUAL = (Role.SUPPLIER, Role.COMPLIANCE_ASSESSOR, Role.QUALITY_EXPERT, Role.REVIEWER)
TICKED = dict.fromkeys(CHECKLIST, "yes")
REST = [rule for rule in ATTESTED if rule != "S-02"]
UNSEEN = "S-02: nobody has verified the evidence of every source"


def proof(
    hall: Hall, kind: DocumentKind = DocumentKind.SOURCE_PROOF, until: dt.date | None = None
) -> Document:
    return hall.supplier.attach(hall.number, kind, EVIDENCE, name="log.txt", until=until)


def signed(hall: Hall) -> Hall:
    """Register a product and sign its sheet, of which nobody has said anything."""
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    return hall


def spoken_for(hall: Hall, *rules: str) -> None:
    """Have everybody answer for the product, of the rules for these besides all but S-02."""
    until = hall.today + dt.timedelta(days=365)
    hall.assessor.attest(hall.number, [*REST, *rules], report=REPORT, until=until, passed=True)
    hall.review()
    hall.advance(seconds=NOTICE)


def verify_tasks(hall: Hall, handle: str) -> list[str]:
    with hall.floor.read() as work:
        found = read_inbox(hall.participant(handle), work=work, floor=hall.floor)
    return [item for task in found if task.duty is Duty.VERIFY for item in task.items]


# Words on documents that are over.


def test_evidence_is_proved_no_longer_than_its_verification_runs(hall: Hall) -> None:
    signed(hall)
    last = hall.today + dt.timedelta(days=5)
    hall.verify(proof(hall, until=last))
    proof(hall, DocumentKind.OTHER)  # the same bytes, without an end, and nobody has looked
    spoken_for(hall)
    hall.supplier.list(hall.number)
    assert hall.product().valid_until == last.isoformat()
    hall.advance(days=6)
    assert [each.number for each in lapse_listings(floor=hall.floor).suspended] == [hall.number]
    with pytest.raises(NotCompliant, match="S-02: the evidence of source 1 has ended"):
        hall.supplier.list(hall.number)
    hall.verify(hall.documents()[-1])
    hall.supplier.list(hall.number)


def test_a_verifiers_earlier_day_is_not_evaded_by_attaching_the_bytes_anew(hall: Hall) -> None:
    """An assessor who passes S-02 has not said that the verifier's day was no matter."""
    signed(hall)
    first = proof(hall)
    last = hall.today + dt.timedelta(days=5)
    hall.house.verify_document(hall.number, first.leaf, until=last)
    spoken_for(hall, "S-02")
    hall.supplier.list(hall.number)
    assert hall.product().valid_until == last.isoformat()
    hall.advance(days=6)
    proof(hall, DocumentKind.OTHER)
    with pytest.raises(NotCompliant, match="S-02: the evidence of source 1 has ended"):
        hall.supplier.list(hall.number)
    hall.supplier.withdraw_document(hall.number, first.leaf, "to attach it anew")
    anew = proof(hall)
    with pytest.raises(NotCompliant, match="was withdrawn or found not to hold"):
        hall.supplier.list(hall.number)
    hall.verify(anew)
    hall.supplier.list(hall.number)


def test_bytes_that_were_rejected_are_verified_by_nobody_who_looked_before(hall: Hall) -> None:
    signed(hall)
    first, second = proof(hall), proof(hall, DocumentKind.OTHER)
    hall.verify(first, by="counsel")
    spoken_for(hall)
    hall.supplier.list(hall.number)
    hall.house.reject_document(hall.number, second.leaf, "a forgery")
    assert hall.product().listing is ListingState.SUSPENDED
    with pytest.raises(NotCompliant, match="was withdrawn or found not to hold"):
        hall.supplier.list(hall.number)
    assert verify_tasks(hall, "counsel") == [f"source-proof {first.leaf}"]
    hall.verify(first, by="counsel")  # who has looked again
    hall.supplier.list(hall.number)
    assert verify_tasks(hall, "counsel") == []


def test_a_listed_product_waits_for_a_look_at_what_was_verified_and_then_rejected(
    hall: Hall,
) -> None:
    signed(hall)
    first = hall.supplier.attach(hall.number, DocumentKind.OTHER, b"a map", name="map.txt")
    second = hall.supplier.attach(hall.number, DocumentKind.CONSENT, b"a map", name="map.txt")
    hall.verify(first)
    spoken_for(hall, "S-02")
    hall.supplier.list(hall.number)
    hall.house.reject_document(hall.number, second.leaf, "it is no consent")
    assert hall.product().listing is ListingState.LISTED
    assert verify_tasks(hall, "counsel") == [f"other {first.leaf}"]


# Words of who has an interest.


def with_dual(hall: Hall) -> Hall:
    """Admit somebody who supplies, assesses, scores and vets."""
    keys = hall.venue.keyring.create("dual", PASSPHRASE)
    applicant = desks.apply_to_join(
        keys, handle="dual", name="供数兼评估公司", credit_code=credit_code(30), floor=hall.floor
    )
    welcome(hall.house, applicant, DUAL)
    return replace(hall, keys={**hall.keys, "dual": keys})


def test_who_comes_to_share_in_the_proceeds_has_verified_nothing(hall: Hall) -> None:
    hall.number = hall.register().number
    document = proof(hall)
    hall.verify(document, by="counsel")
    shares = {"supplier": 10, "counsel": 90}
    contributors = [
        {"participant": hall.participant(each).id, "share": share} for each, share in shares.items()
    ]
    shared = sheet(sharing={"allocator": "fixed", "contributors": contributors})
    hall.supplier.submit_sheet(hall.number, shared)
    spoken_for(hall)
    with pytest.raises(NotCompliant, match=UNSEEN):
        hall.supplier.list(hall.number)
    with pytest.raises(Forbidden, match="who shares in the proceeds cannot verify its documents"):
        hall.verify(document, by="counsel")
    until = hall.today + dt.timedelta(days=365)
    hall.assessor.attest(hall.number, ATTESTED, report=REPORT, until=until, passed=True)
    hall.supplier.list(hall.number)  # on the assessor's word, and the document waits for another's
    assert verify_tasks(hall, "assessor") == [f"source-proof {document.leaf}"]
    assert verify_tasks(hall, "counsel") == []
    hall.verify(document)
    assert verify_tasks(hall, "assessor") == []


def test_who_takes_a_product_over_has_verified_nothing_of_it(hall: Hall) -> None:
    hall = with_dual(hall)
    hall.number = hall.register().number
    hall.verify(proof(hall), by="dual")
    hall.advance(seconds=NOTICE)
    hall.supplier.offer(hall.number, hall.participant("dual"), 5)
    hall.desk("dual").take_over(hall.number)
    hall.desk("dual").submit_sheet(hall.number, sheet())
    spoken_for(hall)
    with pytest.raises(NotCompliant, match=UNSEEN):
        hall.desk("dual").list(hall.number)


def test_who_passed_a_product_on_judges_neither_it_nor_what_comes_of_it(hall: Hall) -> None:
    hall = with_dual(hall)
    former = hall.desk("dual")
    hall.number = former.register(hall.file(), sheet(), [EVIDENCE]).number
    hall.advance(seconds=NOTICE)
    former.offer(hall.number, hall.participant("supplier"), 5)
    hall.supplier.take_over(hall.number)
    hall.supplier.submit_sheet(hall.number, sheet())
    document = proof(hall)
    until = hall.today + dt.timedelta(days=365)
    acts: list[Callable[[str], object]] = [
        lambda number: former.attest(number, ATTESTED, report=REPORT, until=until, passed=True),
        lambda number: former.review(number, "0.95", b"sound"),
        lambda number: former.vet(number, "approved", reasons="x", checklist=TICKED),
    ]
    for act in acts:
        with pytest.raises(Forbidden, match=r"who supplied it before cannot"):
            act(hall.number)
    with pytest.raises(Forbidden, match=r"who supplied it before cannot"):
        former.verify_document(hall.number, document.leaf)
    spoken_for(hall, "S-02")
    hall.supplier.list(hall.number)
    hall.grant()
    child = hall.derive()
    for act in acts:
        with pytest.raises(Forbidden, match=f"who supplied {hall.number}, which it comes from, b"):
            act(child)


# One and the same who vets and assesses.


ASSESS: dict[str, Callable[[Hall], object]] = {
    "attests": lambda hall: hall.desk("dual").attest(
        hall.number, ATTESTED, report=REPORT, until=hall.today, passed=True
    ),
    "scores": lambda hall: hall.desk("dual").review(hall.number, "0.95", b"sound"),
}


def vet(hall: Hall, decision: str = "approved") -> None:
    hall.desk("dual").vet(hall.number, decision, reasons="looked through", checklist=TICKED)


def duties(hall: Hall) -> set[Duty]:
    with hall.floor.read() as work:
        found = read_inbox(hall.participant("dual"), work=work, floor=hall.floor)
    return {task.duty for task in found}


@pytest.mark.parametrize("act", ASSESS)
def test_who_assessed_a_product_vets_no_other_sheet_of_it(hall: Hall, act: str) -> None:
    hall = signed(with_dual(hall))
    ASSESS[act](hall)
    hall.supplier.submit_sheet(hall.number, sheet(contact="another@supplier.example"))
    assert Duty.VET not in duties(hall)
    with pytest.raises(Forbidden, match="who assessed the product cannot vet it"):
        vet(hall)


@pytest.mark.parametrize("act", ASSESS)
def test_who_vetted_a_product_assesses_no_other_sheet_of_it(hall: Hall, act: str) -> None:
    hall = signed(with_dual(hall))
    vet(hall, "returned")
    hall.supplier.submit_sheet(hall.number, sheet(contact="another@supplier.example"))
    assert {Duty.ATTEST, Duty.SCORE}.isdisjoint(duties(hall))
    with pytest.raises(Forbidden, match="who vetted the product cannot assess it") as refused:
        ASSESS[act](hall)
    assert refused.value.rules == ("V-01",)


def test_who_assessed_a_product_before_its_change_does_not_vet_it(hall: Hall) -> None:
    hall = signed(with_dual(hall))
    ASSESS["scores"](hall)
    hall.advance(seconds=NOTICE)
    hall.grant()  # which confirms the claim
    hall.supplier.change(hall.number, None, "another log", [b"another log"])
    hall.supplier.submit_sheet(hall.number, sheet())
    with pytest.raises(Forbidden, match="who assessed the product cannot vet it"):
        vet(hall)


# Words of who has lost its licence.


def test_a_document_verified_under_a_licence_that_is_withdrawn_takes_its_listing_down_at_once(
    hall: Hall,
) -> None:
    signed(hall)
    document = proof(hall)
    hall.verify(document, by="counsel")
    spoken_for(hall)
    hall.supplier.list(hall.number)
    counsel = hall.participant("counsel")
    with hall.floor.read() as work:
        (held,) = licences_held(counsel.id, work, hall.floor)
    hall.house.withdraw_licence(counsel, held.entry, "forged")
    assert hall.product().listing is ListingState.SUSPENDED
    with hall.floor.read() as work:
        entry = newest(work.chain.store, f"product/{hall.number}", "listing.suspended")
    assert entry is not None
    assert entry.facts["reason"] == f"a licence of {counsel.id} was withdrawn: {UNSEEN}"
    hall.verify(document)
    hall.supplier.list(hall.number)


def test_a_withdrawn_licence_leaves_what_others_have_verified_as_well(hall: Hall) -> None:
    signed(hall)
    hall.verify(proof(hall), by="counsel")
    hall.verify(proof(hall, DocumentKind.OTHER))
    spoken_for(hall)
    hall.supplier.list(hall.number)
    counsel = hall.participant("counsel")
    with hall.floor.read() as work:
        (held,) = licences_held(counsel.id, work, hall.floor)
    hall.house.withdraw_licence(counsel, held.entry, "forged")
    assert hall.product().listing is ListingState.LISTED


# Words of one organisation, and on what a sheet names.


def test_two_experts_of_one_organisation_are_no_second_expert(hall: Hall) -> None:
    signed(hall)
    keys = hall.venue.keyring.create("colleague", PASSPHRASE)
    code = hall.participant("expert").credit_code
    applicant = desks.apply_to_join(
        keys, handle="colleague", name="海洋研究所二部", credit_code=code, floor=hall.floor
    )
    welcome(hall.house, applicant, [Role.QUALITY_EXPERT])
    hall = replace(hall, keys={**hall.keys, "colleague": keys})
    hall.attest()
    hall.expert.review(hall.number, "0.2", b"it is poor")
    with hall.floor.read() as work:
        tasks = read_inbox(hall.participant("colleague"), work=work, floor=hall.floor)
    assert tasks == ()
    hall.desk("colleague").review(hall.number, "0.1", b"indeed")
    hall.vet()
    hall.advance(seconds=NOTICE)
    with pytest.raises(NotCompliant, match=r"Q-11: system and expert are 0\..* apart"):
        hall.supplier.list(hall.number)


def test_a_technical_document_that_was_rejected_leaves_its_field_empty(hall: Hall) -> None:
    text = b"the columns, one by one"
    delivery = SHEET["delivery"] | {"technical_document": hashlib.sha256(text).hexdigest()}
    hall.list(sheet(delivery=delivery))
    kind = DocumentKind.TECHNICAL_DOCUMENT
    leaf = hall.supplier.attach(hall.number, kind, text, name="columns.txt").leaf
    hall.house.reject_document(hall.number, leaf, "of another file")
    assert hall.product().listing is ListingState.SUSPENDED
    with pytest.raises(NotCompliant, match="M-01: the sheet does not fill U4"):
        hall.supplier.list(hall.number)
    with hall.floor.read() as work:
        dossier = compile_dossier(hall.product(), work=work, floor=hall.floor)
    assert "U4" in [each.code for each in dossier.completeness.missing]


# Ends that come closer.


def ordered_after(hall: Hall, days: int, words: str) -> None:
    """Have those days pass, without the job, and a buyer ask for what is listed until then."""
    hall.deposit()
    hall.scenario(description="a forecast that goes on")
    order = hall.order(description="a forecast")
    hall.advance(days=days)
    with pytest.raises(NotCompliant, match=words):
        hall.supplier.accept(order.id)
    assert hall.product().listing is ListingState.SUSPENDED


def test_a_verification_until_an_earlier_day_ends_the_listing_then(hall: Hall) -> None:
    signed(hall)
    document = proof(hall, until=hall.today + dt.timedelta(days=30))
    hall.verify(document)
    spoken_for(hall)
    hall.supplier.list(hall.number)
    verdicts = hall.kinds(f"product/{hall.number}").count("compliance.verdict")
    last = hall.today + dt.timedelta(days=1)
    hall.house.verify_document(hall.number, document.leaf, until=last)
    assert hall.product().valid_until == last.isoformat()
    assert hall.kinds(f"product/{hall.number}").count("compliance.verdict") == verdicts
    # To its end again, which the job finds.
    hall.house.verify_document(hall.number, document.leaf, until=document.valid_until)
    (renewed,) = lapse_listings(floor=hall.floor).renewed
    assert renewed.valid_until == str(document.valid_until)
    hall.house.verify_document(hall.number, document.leaf, until=hall.today)
    ordered_after(hall, 1, f"ended on {hall.product().valid_until}: the document source-proof")


@pytest.mark.parametrize("who", ["supplier", "assessor", "expert", "reviewer"])
def test_an_identity_until_an_earlier_day_ends_what_rests_on_it_then(
    listed: Hall, who: str
) -> None:
    until = listed.product().valid_until
    party = listed.participant(who)
    later = listed.today + dt.timedelta(days=5 * 365)
    listed.house.verify(party, [b"anew"], signatory="x", until=later)
    assert listed.product().valid_until == until
    listed.house.verify(party, [b"anew"], signatory="x", until=listed.today)
    assert listed.product().valid_until == listed.today.isoformat()
    words = "ended on .*" if who == "supplier" else f"the identity of {party.id}"
    ordered_after(listed, 1, words)


def test_a_rule_to_come_of_a_pack_that_is_adopted_ends_a_listing_the_day_before(
    listed: Hall,
) -> None:
    law = Rule(
        id="Z-01",
        statement="Nothing is listed",
        basis={"CN": "a law to come"},
        severity=Severity.BLOCK,
        check=lambda _: fired("it is forbidden"),
        evidence="none",
        unlock="nothing",
        effective_from=listed.today + dt.timedelta(days=3),
    )
    listed.venue.__dict__["pack"] = RulePack("cn", "CN", "to come", (*PACK.rules, law))
    listed.venue.__dict__.pop("floor", None)
    adopt_pack(floor=listed.floor)
    assert listed.product().listing is ListingState.LISTED
    assert listed.product().valid_until == (listed.today + dt.timedelta(days=2)).isoformat()
    assert lapse_listings(floor=listed.floor) == Lapsed()
    ordered_after(listed, 3, "the rule Z-01 is in force since")


def test_a_grant_that_is_taken_back_leaves_a_listing_until_the_end_of_another(
    listed: Hall,
) -> None:
    whole = listed.grant()
    last = listed.floor.clock() + dt.timedelta(days=20)
    listed.grant(until=format_time(last))
    child = listed.derive()
    listed.contributor.list(child)
    listed.supplier.revoke(listed.number, whole, "in parts from here on")
    ends = last.date() - dt.timedelta(days=1)
    assert listed.product(child).valid_until == ends.isoformat()


def test_the_job_finds_an_end_that_came_closer_by_whatever_way(listed: Hall) -> None:
    with listed.floor.write() as work:
        product = work.products.get(listed.number)
        until = dt.date.fromisoformat(product.valid_until or "")
        later = until + dt.timedelta(days=1)
        work.products.put(replace(product, valid_until=later.isoformat()))
    (shortened,) = lapse_listings(floor=listed.floor).shortened
    assert shortened == listed.product()
    assert shortened.valid_until == until.isoformat()
    assert lapse_listings(floor=listed.floor) == Lapsed()
