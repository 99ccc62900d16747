"""Ways past the gate: each was open once, or is the first that an attacker would try."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.compliance import Paper
from exchange.documents import DocumentKind
from exchange.errors import (
    BadField,
    DataDiffer,
    ExchangeError,
    Forbidden,
    NoScenario,
    NotCompliant,
    Refused,
)
from exchange.grading import Grade
from exchange.listing import ListingState
from exchange.negative import Notice
from exchange.participants import LicenceClass, Role
from exchange.services.access_delivery import access_delivery
from exchange.services.acting import record_for_house
from exchange.services.assess_product import attestations_of, reviews_of
from exchange.services.audit_provenance import export_bundle
from exchange.services.build_case import papers_of
from exchange.services.compile_dossier import compile_dossier
from exchange.services.deliver_product import open_delivery
from exchange.services.dispute_registration import disputes_over
from exchange.services.execute_trade import terms_of
from exchange.services.lapse_listings import lapse_listings
from exchange.services.read_papers import licences_held
from exchange.services.register_product import profile_of
from exchange.services.verify_document import document_bytes
from exchange.services.vet_listing import vettings_of
from exchange.specsheet import SpecSheet
from exchange.trading import Trade
from exchange.web.api.replies import ProductShape
from ledger.access import GRANTED, access_subject
from ledger.audit import audit
from pricing.money import Money
from tests.exchange.floor import (
    ATTESTED,
    DATA,
    DERIVATION,
    EVIDENCE,
    LICENSED,
    NOTICE,
    PRICE,
    REPORT,
    SHEET,
    Hall,
    shared,
    sheet,
)

# Data of its own: no row stands in the product's.
OWN = DATA.splitlines()[0] + "".join(
    f"\nYT,2026-01-05T{hour:02}:00:00Z,121.{40 + hour},37.{50 + hour},3.{hour}" for hour in range(6)
)


def of_parent(**changes: object) -> SpecSheet:
    return sheet(sources=[DERIVATION], **changes)


def own(hall: Hall) -> str:
    """List a product of the contributor that comes from nothing registered."""
    file = hall.file("own.csv", OWN + "\n")
    number = hall.contributor.register(file, sheet(), [EVIDENCE]).number
    hall.contributor.submit_sheet(number, sheet())
    hall.attest(number)
    hall.review(number)
    hall.advance(seconds=NOTICE)
    hall.contributor.list(number)
    return number


def changed(hall: Hall, number: str, parent: str) -> None:
    """Say afterwards that the product comes from another, and wait for the notice to run."""
    hall.contributor.change(
        number, None, "it was derived", [EVIDENCE], sources=("derived",), parents=[parent]
    )
    hall.advance(seconds=NOTICE)


# A change of what a product comes from.


def test_a_parent_that_a_change_names_is_inherited_from_as_one_of_the_claim(listed: Hall) -> None:
    listed.grant()
    child = own(listed)
    listed.house.set_grade(listed.number, Grade.GENERAL_4, "an accident", "App. J")
    changed(listed, child, listed.number)
    with pytest.raises(BadField, match=f"{listed.number}, which it comes from, is general-4"):
        listed.contributor.submit_sheet(child, of_parent())


def test_regrading_suspends_what_came_of_it_by_a_change(listed: Hall) -> None:
    listed.grant()
    child = own(listed)
    changed(listed, child, listed.number)
    listed.contributor.submit_sheet(child, of_parent())
    listed.attest(child)
    listed.review(child)
    listed.contributor.list(child)
    listed.house.set_grade(listed.number, Grade.GENERAL_4, "an accident", "App. J")
    assert listed.product(child).listing is ListingState.SUSPENDED


def test_a_stricter_sheet_of_a_parent_suspends_what_came_of_it(listed: Hall) -> None:
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    listed.supplier.submit_sheet(listed.number, sheet(grade="general-2"))
    assert listed.product(child).listing is ListingState.SUSPENDED


def test_a_sheet_of_a_parent_for_less_suspends_what_is_for_more(listed: Hall) -> None:
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    narrower = SHEET["conditions"] | {"purposes": ["research"]}
    listed.supplier.submit_sheet(listed.number, sheet(conditions=narrower))
    assert listed.product(child).listing is ListingState.SUSPENDED


def test_a_sheet_of_a_parent_that_asks_no_more_leaves_what_came_of_it(listed: Hall) -> None:
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    listed.supplier.submit_sheet(listed.number, sheet(contact="another@supplier.example"))
    assert listed.product(child).listing is ListingState.LISTED


def test_what_was_signed_before_a_change_says_nothing_of_it(listed: Hall) -> None:
    """The sheet is the same to the byte, so its digest cannot tell the two apart."""
    listed.supplier.change(listed.number, None, "other papers", [b"another proof"])
    listed.advance(seconds=NOTICE)
    listed.supplier.submit_sheet(listed.number, sheet())
    with pytest.raises(NotCompliant) as caught:
        listed.supplier.list(listed.number)
    assert {"T-05", "Q-10", "V-01"} <= set(caught.value.rules)
    listed.attest()
    listed.review()
    listed.supplier.list(listed.number)


def test_what_was_signed_for_one_supplier_says_nothing_of_the_next(listed: Hall) -> None:
    listed.supplier.offer(listed.number, listed.participant("contributor"), 30)
    listed.contributor.take_over(listed.number)
    listed.contributor.submit_sheet(listed.number, sheet())
    with pytest.raises(NotCompliant) as caught:
        listed.contributor.list(listed.number)
    assert {"T-05", "Q-10", "V-01"} <= set(caught.value.rules)


def test_a_right_to_process_that_is_taken_back_takes_the_derived_product_down(
    listed: Hall,
) -> None:
    grant = listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    listed.supplier.revoke(listed.number, grant, "it was abused")
    assert listed.product(child).listing is ListingState.SUSPENDED


def test_a_right_to_process_that_ends_takes_the_derived_product_down(listed: Hall) -> None:
    listed.grant()  # for 90 days
    child = listed.derive()
    listed.contributor.list(child)
    listed.advance(days=91)
    found = lapse_listings(floor=listed.floor)
    assert [each.number for each in found.suspended] == [child]


# Delivery of what has left the board.


def test_core_data_is_not_delivered_although_it_was_bought(listed: Hall) -> None:
    trade = listed.contract()
    listed.house.set_grade(listed.number, Grade.CORE, "a ministry says so", "notice 7")
    with pytest.raises(NotCompliant):
        listed.supplier.deliver(trade.id, listed.folder.parent)


def test_delisting_what_has_lapsed_does_not_open_its_delivery(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    hall.attest(number, days=30)
    hall.review(number)
    hall.advance(seconds=NOTICE)
    hall.supplier.list(number)
    hall.number = number
    hall.deposit()
    trade = hall.contract()
    hall.advance(days=31)
    hall.supplier.delist(number, "no longer sold")
    with pytest.raises(NotCompliant):
        hall.supplier.deliver(trade.id, hall.folder.parent)


def test_delisting_what_is_suspended_does_not_open_its_delivery(listed: Hall) -> None:
    trade = listed.contract()
    listed.house.suspend_listing(listed.number, "a complaint")
    listed.supplier.delist(listed.number, "no longer sold")
    with pytest.raises(NotCompliant):
        listed.supplier.deliver(trade.id, listed.folder.parent)


def test_what_was_delisted_and_is_disputed_since_is_not_delivered(listed: Hall) -> None:
    trade = listed.contract()
    listed.supplier.delist(listed.number, "no longer sold")
    listed.rival.dispute(listed.number, "the buoys are ours")
    with pytest.raises(ExchangeError, match="dispute"):
        listed.supplier.deliver(trade.id, listed.folder.parent)


def test_what_was_delisted_is_not_delivered_under_a_scenario_that_was_withdrawn(
    listed: Hall,
) -> None:
    trade = listed.contract()
    listed.supplier.delist(listed.number, "no longer sold")
    listed.buyer.withdraw_scenario(trade.scenario, "no need")
    with pytest.raises(NoScenario, match="is withdrawn"):
        listed.supplier.deliver(trade.id, listed.folder.parent)


def test_what_was_delisted_is_not_delivered_to_who_is_a_buyer_no_longer(listed: Hall) -> None:
    trade = listed.contract()
    listed.supplier.delist(listed.number, "no longer sold")
    listed.house.suspend(listed.participant("buyer"), "it resold what it bought")
    with pytest.raises(Forbidden, match="buyer is suspended"):
        listed.supplier.deliver(trade.id, listed.folder.parent)


def test_what_was_delisted_is_not_delivered_after_its_registration(listed: Hall) -> None:
    trade = listed.contract()
    listed.supplier.delist(listed.number, "no longer sold")
    with listed.floor.write() as work:  # the term is longer than any identity runs
        ended = replace(listed.product(), registered_until="2026-01-04T00:00:00Z")
        work.products.put(ended)
    with pytest.raises(NotCompliant, match="its registration ended on"):
        listed.supplier.deliver(trade.id, listed.folder.parent)


def test_a_buyer_whose_identity_has_ended_gets_nothing_of_what_is_listed(listed: Hall) -> None:
    trade = listed.contract()
    verified = listed.today + dt.timedelta(days=1)
    listed.house.verify(
        listed.participant("buyer"), [b"a licence"], signatory="李四", until=verified
    )
    listed.advance(days=2)
    with pytest.raises(NoScenario) as caught:
        listed.supplier.deliver(trade.id, listed.folder.parent)
    assert "P-02" in caught.value.rules


def test_what_opens_to_other_data_is_not_left_behind(listed: Hall, tmp_path: Path) -> None:
    trade = listed.deliver()
    with listed.floor.read() as work:
        terms = replace(terms_of(trade.terms, work), data="0" * 64)  # what was bought was another
    target = tmp_path / "opened.csv"
    identities = [listed.keys["buyer"].identity]
    with pytest.raises(DataDiffer, match="opens to other data"):
        open_delivery(trade, terms, identities, target, floor=listed.floor)
    assert not target.exists()


def test_a_delivery_that_fails_at_the_last_keeps_no_sealed_file(
    listed: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade = listed.contract()
    files = listed.vault()

    def full(*_: object, **__: object) -> object:
        raise OSError("no space left on device")

    monkeypatch.setattr(Trade, "at", full)
    with pytest.raises(OSError, match="no space"):
        listed.supplier.deliver(trade.id, listed.folder.parent)
    assert listed.vault() == files


def test_data_that_was_refused_after_it_was_bought_is_not_delivered(listed: Hall) -> None:
    """The product goes on with other data; what is wrong with the old data stays wrong."""
    trade = listed.contract()
    listed.attest(passed=False)
    newer = DATA + "RZ,2026-01-04T02:00:00Z,119.63,35.43,7.1\n"
    listed.supplier.change(listed.number, listed.file("newer.csv", newer), "another hour")
    listed.advance(seconds=NOTICE)
    declared = sheet(physical=SHEET["physical"] | {"rows": 7})
    listed.supplier.submit_sheet(listed.number, declared, [EVIDENCE])
    listed.attest()
    listed.review()
    listed.supplier.list(listed.number)
    with pytest.raises(ExchangeError, match="T-06"):
        listed.supplier.deliver(trade.id, listed.folder.parent)
    listed.supplier.delist(listed.number, "no longer sold")  # nor does that make it good
    with pytest.raises(NotCompliant, match="the data bought was refused since"):
        listed.supplier.deliver(trade.id, listed.folder.parent)


# Words that are taken back.


def test_a_refusal_that_has_ended_does_not_bring_an_earlier_pass_back(listed: Hall) -> None:
    listed.attest(passed=False, days=1)
    listed.advance(days=2)
    with pytest.raises(NotCompliant, match="T-05"):
        listed.supplier.list(listed.number)


def test_whoever_refused_a_measured_rule_passes_it_again_and_nobody_else(hall: Hall) -> None:
    number = hall.number = hall.prepare()
    until, rules = hall.today + dt.timedelta(days=30), [*ATTESTED, "S-01"]
    hall.assessor.attest(number, ["S-01"], report=REPORT, until=until, passed=False)
    with pytest.raises(NotCompliant, match="T-05: an assessor refused the product"):
        hall.supplier.list(number)
    counsel = hall.desk("counsel")
    with pytest.raises(BadField, match="S-01 is decided by its check, and nobody attests it"):
        counsel.attest(number, rules, report=REPORT, until=until, passed=True)
    hall.assessor.attest(number, rules, report=REPORT, until=until, passed=True)
    hall.vet(number)
    hall.supplier.list(number)
    assert hall.product().listing is ListingState.LISTED


def test_a_rejected_document_attached_once_more_is_no_evidence(listed: Hall) -> None:
    kind = DocumentKind.SOURCE_PROOF
    leaf = listed.supplier.attach(listed.number, kind, EVIDENCE, name="log.txt").leaf
    listed.house.reject_document(listed.number, leaf, "a forgery")
    assert listed.product().listing is ListingState.SUSPENDED
    listed.supplier.attach(listed.number, kind, EVIDENCE, name="log.txt")
    other = listed.supplier.attach(listed.number, DocumentKind.OTHER, EVIDENCE, name="log.txt")
    with pytest.raises(
        NotCompliant, match="S-02: the evidence of source 1 was withdrawn or found not to hold"
    ):
        listed.supplier.list(listed.number)
    listed.house.verify_document(listed.number, other.leaf)  # somebody has looked again
    listed.supplier.list(listed.number)


def test_evidence_that_is_withdrawn_takes_the_listing_with_it_at_once(listed: Hall) -> None:
    kind = DocumentKind.SOURCE_PROOF
    leaf = listed.supplier.attach(listed.number, kind, EVIDENCE, name="log.txt").leaf
    listed.supplier.withdraw_document(listed.number, leaf, "not ours")
    assert listed.product().listing is ListingState.SUSPENDED


@pytest.mark.parametrize("barred", [False, True])
def test_a_document_verified_by_an_assessor_who_is_suspended_has_not_been_seen(
    hall: Hall, *, barred: bool
) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    kind = DocumentKind.SOURCE_PROOF
    leaf = hall.supplier.attach(number, kind, EVIDENCE, name="log.txt").leaf
    hall.desk("counsel").verify_document(number, leaf)
    until = hall.today + dt.timedelta(days=365)
    rules = [rule for rule in ATTESTED if rule != "S-02"]
    hall.assessor.attest(number, rules, report=REPORT, until=until, passed=True)
    hall.review(number)
    hall.advance(seconds=NOTICE)
    hall.supplier.list(number)
    counsel = hall.participant("counsel")
    if barred:
        today = hall.today
        found = Notice(counsel.credit_code, counsel.name, "bribes", "a court", today, today)
        hall.house.bar([found])
    else:
        hall.house.suspend(counsel, "it signed for money")
    assert hall.product(number).listing is ListingState.SUSPENDED
    with pytest.raises(NotCompliant, match="S-02: nobody has verified"):
        hall.supplier.list(number)


def papers(hall: Hall, number: str) -> tuple[Paper, ...]:
    with hall.floor.read() as work:
        return papers_of(hall.product(number), work=work, floor=hall.floor)


def test_a_document_verified_under_a_licence_withdrawn_since_has_not_been_seen(hall: Hall) -> None:
    """Another licence, which had ended when the document was looked at, does not cover it."""
    number, counsel = hall.register().number, hall.participant("counsel")
    hall.supplier.submit_sheet(number, sheet())
    with hall.floor.read() as work:
        (held,) = licences_held(counsel.id, work, hall.floor)
    hall.house.license(
        counsel,
        LICENSED[Role.COMPLIANCE_ASSESSOR],
        number="37-2026-0002",
        issuer="x",
        until=hall.today + dt.timedelta(days=10),
        document=b"a short licence",
    )
    hall.advance(days=20)
    until = hall.today + dt.timedelta(days=90)
    leaf = hall.supplier.attach(
        number, DocumentKind.SOURCE_PROOF, EVIDENCE, name="log.txt", until=until
    ).leaf
    hall.desk("counsel").verify_document(number, leaf)
    (seen,) = papers(hall, number)
    assert (seen.verified, seen.valid_until) == (True, until)
    hall.house.withdraw_licence(counsel, held.entry, "forged")
    (unseen,) = papers(hall, number)
    assert unseen.verified is None


def test_a_document_verified_by_who_is_no_assessor_any_more_has_not_been_seen(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    kind = DocumentKind.SOURCE_PROOF
    leaf = hall.supplier.attach(number, kind, EVIDENCE, name="log.txt").leaf
    hall.desk("counsel").verify_document(number, leaf)
    suspended = hall.house.suspend(hall.participant("counsel"), "it changes its trade")
    hall.house.admit(suspended, [Role.BUYER])
    (paper,) = papers(hall, number)
    assert paper.verified is None


def test_a_document_withdrawn_and_attached_anew_is_one_paper(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    kind = DocumentKind.SOURCE_PROOF
    leaf = hall.supplier.attach(number, kind, EVIDENCE, name="log.txt").leaf
    hall.supplier.withdraw_document(number, leaf, "under a wrong name")
    (withdrawn,) = papers(hall, number)
    assert withdrawn.verified is False
    hall.supplier.attach(number, kind, EVIDENCE, name="proof.txt")
    (anew,) = papers(hall, number)
    assert anew.verified is None


def test_who_shares_in_the_proceeds_or_has_no_licence_verifies_no_document(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet(sharing=shared(hall, counsel="QD", supplier="RZ")))
    kind = DocumentKind.SOURCE_PROOF
    leaf = hall.supplier.attach(number, kind, EVIDENCE, name="log.txt").leaf
    with pytest.raises(Forbidden, match="who shares in the proceeds cannot"):
        hall.desk("counsel").verify_document(number, leaf)
    hall.advance(days=3 * 365)
    with pytest.raises(Forbidden, match="no licence that runs"):
        hall.assessor.verify_document(number, leaf)


# Reading.


def test_an_assessor_who_is_suspended_reads_no_documents_of_others(listed: Hall) -> None:
    kind = DocumentKind.CONSENT
    leaf = listed.supplier.attach(listed.number, kind, b"names", name="consent.pdf").leaf
    counsel = listed.participant("counsel")
    assert document_bytes(leaf, listed.number, to=counsel, floor=listed.floor) == b"names"
    listed.house.suspend(counsel, "it sold what it read")
    with pytest.raises(Forbidden):
        document_bytes(leaf, listed.number, to=listed.participant("counsel"), floor=listed.floor)


def test_a_listing_that_has_lapsed_is_shown_as_lapsed(listed: Hall) -> None:
    listed.attach_the_four()
    for document in listed.documents():
        listed.verify(document)
    with listed.floor.read() as work:
        assert compile_dossier(listed.product(), work=work, floor=listed.floor).issued
    listed.advance(days=400)
    with listed.floor.read() as work:
        found = compile_dossier(listed.product(), work=work, floor=listed.floor)
    assert found.listing is ListingState.SUSPENDED
    assert not found.issued


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("13800138000.csv", "data.csv"),
        ("zhang.13800138000.csv", "data.csv"),
        ("张三.李四.csv", "data.csv"),
        ("a.csv.gz", "data.csv.gz"),
    ],
)
def test_no_part_of_a_file_s_name_but_its_kind_is_made_public(
    hall: Hall, name: str, shown: str
) -> None:
    source = hall.file(name.removesuffix(".gz"))
    if name.endswith(".gz"):
        packed = source.with_name(name)
        packed.write_bytes(gzip.compress(source.read_bytes(), mtime=0))
        source = packed
    product = hall.supplier.register(source, sheet(), [EVIDENCE])
    with hall.floor.read() as work:
        assert profile_of(product, work).name == shown
    assert product.name == shown  # which the site shows before there is a sheet
    assert ProductShape().dump(product)["file"] == shown


# The auditor, who has the entries alone.


def test_the_auditor_passes_what_the_exchange_has_gone_through(
    listed: Hall, tmp_path: Path
) -> None:
    listed.grant()
    child = own(listed)
    changed(listed, child, listed.number)
    listed.contributor.submit_sheet(child, of_parent())
    listed.attest(child)
    listed.review(child)
    listed.contributor.list(child)
    trade = listed.contract()
    listed.house.set_grade(listed.number, Grade.CORE, "a ministry says so", "notice 7")
    with pytest.raises(ExchangeError):
        listed.supplier.deliver(trade.id, listed.folder.parent)
    export_bundle(tmp_path / "bundle", floor=listed.floor)
    report = audit(tmp_path / "bundle", key=listed.floor.log_key)
    assert report.passed, report.findings


# A document by its digest.


def test_what_another_supplier_gave_proves_nothing(listed: Hall) -> None:
    """Digests stand in sheets for all to see; whoever names one does not thereby hold it."""
    consent = b"what the supplier's own customers have signed"
    digest = hashlib.sha256(consent).hexdigest()
    listed.supplier.submit_sheet(listed.number, sheet(approvals={"consent": digest}), [consent])
    file = listed.file("own.csv", OWN + "\n")
    number = listed.contributor.register(file, sheet(), [EVIDENCE]).number
    taken = sheet(approvals={"consent": digest})
    with pytest.raises(BadField, match=r"approvals\.consent: .* never given for this product"):
        listed.contributor.submit_sheet(number, taken)
    listed.contributor.submit_sheet(number, taken, [consent])
    again = sheet(approvals={"consent": digest, "note": "no. 2"})
    assert listed.contributor.submit_sheet(number, again).sheet == again.digest


def test_a_sheet_names_what_was_attached_or_came_with_a_change(listed: Hall) -> None:
    attached, told = b"the permit", b"the reason of the change"
    number = own(listed)
    listed.contributor.attach(number, DocumentKind.OTHER, attached, name="permit.txt")
    listed.contributor.change(
        number, None, "another source", [told], sources=("produced", "public-collection")
    )
    listed.advance(seconds=NOTICE)
    digests = {name: hashlib.sha256(name).hexdigest() for name in (attached, told)}
    named = sheet(approvals={"permit": digests[attached], "reason": digests[told]})
    assert listed.contributor.submit_sheet(number, named).sheet == named.digest


def test_what_is_given_privately_is_in_no_public_record(hall: Hall) -> None:
    """A bundle holds every public record, and anybody may have it."""
    identity, held, told, attached = (name.encode() for name in ("identity", "licence", "a", "b"))
    until = hall.today + dt.timedelta(days=365)
    expert = hall.participant("expert")
    hall.house.verify(expert, [identity], signatory="李四", until=until)
    kind = LicenceClass.EXPERT
    hall.house.license(expert, kind, number="1", issuer="a court", until=until, document=held)
    number = hall.register().number
    digest = hashlib.sha256(told).hexdigest()
    hall.supplier.submit_sheet(number, sheet(approvals={"note": digest}), [told])
    hall.supplier.attach(number, DocumentKind.CONSENT, attached, name="consent.pdf")
    with hall.floor.read() as work:
        shown = {data for _, data in work.records.public()}
        for secret in (EVIDENCE, told, attached):
            assert work.records.get(hashlib.sha256(secret).hexdigest()) == secret
        assert not shown & {EVIDENCE, identity, held, told, attached}


def test_an_objection_and_a_dispute_over_a_parent_are_both_open(listed: Hall) -> None:
    listed.grant()
    file, number = listed.file("derived.csv", OWN + "\n"), listed.number
    child = listed.contributor.register(file, of_parent(), [EVIDENCE], parents=[number]).number
    listed.rival.object(child, "the buoys are ours")
    listed.rival.dispute(number, "so is what they measured")
    with listed.floor.read() as work:
        assert disputes_over(listed.product(child), work) == 2
        assert disputes_over(listed.product(number), work) == 1


def test_nothing_that_was_signed_before_a_change_is_a_word_on_the_product(listed: Hall) -> None:
    def words() -> tuple[int, int, int]:
        with listed.floor.read() as work:
            said = (attestations_of, reviews_of, vettings_of)
            attested, scored, vetted = (len(of(listed.product(), work)) for of in said)
            return attested, scored, vetted

    assert words() == (1, 1, 1)
    listed.supplier.change(
        listed.number, None, "another source", [EVIDENCE], sources=("produced", "public-collection")
    )
    assert words() == (0, 0, 0)


def test_what_had_lapsed_before_it_was_delisted_is_not_delivered(listed: Hall) -> None:
    trade = listed.contract()
    with listed.floor.write() as work:
        yesterday = listed.today - dt.timedelta(days=1)
        work.products.put(replace(listed.product(), valid_until=yesterday.isoformat()))
    listed.supplier.delist(listed.number, "no longer sold")
    with pytest.raises(NotCompliant, match="had ended when it was delisted") as refused:
        listed.supplier.deliver(trade.id, listed.folder.parent)
    assert refused.value.rules == ("T-05",)


# What was delivered is handed out while the product stands, as it is delivered.


def _fetch(hall: Hall, trade: Trade) -> int:
    return access_delivery(trade.id, by=trade.buyer, floor=hall.floor).count


def _record_access(hall: Hall, trade: Trade) -> None:
    """Have the house sign that it handed out, past the service: the ledger's own rules are left."""
    facts = {"trade": trade.id, "to": trade.buyer, "sealed": trade.sealed, "count": 1}
    with hall.floor.write() as work:
        record_for_house(GRANTED, access_subject(trade.id), facts, work=work, floor=hall.floor)


def _grade_core(hall: Hall) -> None:
    hall.house.set_grade(hall.number, Grade.CORE, "a ministry says so", "notice 7")


def _grade_core_after_delisting(hall: Hall) -> None:
    hall.supplier.delist(hall.number, "no longer sold")
    _grade_core(hall)


def _suspend_assessor(hall: Hall) -> None:
    hall.house.suspend(hall.participant("assessor"), "its licence was forged")


def _delist_what_is_suspended(hall: Hall) -> None:
    hall.house.suspend_listing(hall.number, "a complaint")
    hall.supplier.delist(hall.number, "no longer sold")


def _dispute(hall: Hall) -> None:
    hall.rival.dispute(hall.number, "the buoys are ours")


def _dispute_after_delisting(hall: Hall) -> None:
    hall.supplier.delist(hall.number, "no longer sold")
    _dispute(hall)


@pytest.mark.parametrize(
    ("happens", "why", "rules", "held"),
    [
        (_grade_core, "core data is not delivered", ("T-04",), "core data"),
        (_grade_core_after_delisting, "core data is not delivered", ("T-04",), "core data"),
        (_suspend_assessor, "is suspended, not on the board", (), "was suspended at"),
        (_delist_what_is_suspended, "was suspended when it was delisted", (), "was suspended at"),
        (_dispute, "a dispute over product/GP-.* is open", ("S-10",), "a dispute over"),
        (_dispute_after_delisting, "a dispute over product/GP-.* is open", ("S-10",), "a dispute"),
    ],
)
def test_what_was_delivered_is_not_handed_out_while_the_product_does_not_stand(
    listed: Hall,
    happens: Callable[[Hall], None],
    why: str,
    rules: tuple[str, ...],
    held: str,
) -> None:
    trade = listed.deliver()
    happens(listed)
    with pytest.raises(NotCompliant, match=why) as refused:
        _fetch(listed, trade)
    assert refused.value.rules == rules
    target = listed.folder.parent / "bought.csv"
    with pytest.raises(NotCompliant, match=why):
        listed.buyer.receive(trade.id, target)
    assert not target.exists()
    with pytest.raises(Refused, match=held):
        _record_access(listed, trade)
    assert not listed.kinds(access_subject(trade.id))


def test_what_lapsed_by_time_is_handed_out_no_more_and_the_lapse_is_recorded(listed: Hall) -> None:
    trade = listed.deliver()
    with listed.floor.write() as work:
        yesterday = listed.today - dt.timedelta(days=1)
        work.products.put(replace(listed.product(), valid_until=yesterday.isoformat()))
    with pytest.raises(NotCompliant, match="what its verdict rests on ended") as refused:
        _fetch(listed, trade)
    assert refused.value.rules == ("T-05",)
    assert listed.product().listing is ListingState.SUSPENDED
    assert listed.kinds(f"product/{listed.number}")[-1] == "listing.suspended"


def test_data_that_was_refused_after_it_was_delivered_is_handed_out_no_more(listed: Hall) -> None:
    trade = listed.deliver()
    listed.supplier.delist(listed.number, "no longer sold")
    assert _fetch(listed, trade) == 1
    listed.attest(passed=False)
    with pytest.raises(NotCompliant, match="the data bought was refused since") as refused:
        _fetch(listed, trade)
    assert refused.value.rules == ("T-06",)


def test_a_version_bought_before_a_change_is_handed_out_while_the_next_is_listed(
    listed: Hall,
) -> None:
    trade = listed.deliver()
    listed.supplier.change(
        listed.number, listed.file("next.csv", OWN), "a newer version", [EVIDENCE]
    )
    with pytest.raises(NotCompliant, match="is suspended, not on the board"):
        _fetch(listed, trade)
    listed.supplier.submit_sheet(listed.number, sheet())
    listed.attest()
    listed.review()
    listed.advance(seconds=NOTICE)
    listed.supplier.list(listed.number)
    assert _fetch(listed, trade) == 1


def test_a_version_that_was_refused_is_not_handed_out_though_the_next_is_listed(
    listed: Hall,
) -> None:
    trade = listed.deliver()
    listed.attest(passed=False)
    file = listed.file("next.csv", OWN)
    listed.supplier.change(listed.number, file, "a newer version", [EVIDENCE])
    listed.supplier.submit_sheet(listed.number, sheet())
    listed.attest()
    listed.review()
    listed.advance(seconds=NOTICE)
    listed.supplier.list(listed.number)
    with pytest.raises(NotCompliant, match="the data bought was refused since") as refused:
        _fetch(listed, trade)
    assert refused.value.rules == ("T-06",)


def test_who_may_not_fetch_what_it_bought_disputes_and_gets_its_money_back(listed: Hall) -> None:
    trade = listed.deliver()
    held = listed.balance("buyer")
    _grade_core(listed)
    listed.buyer.dispute_trade(trade.id, "nothing is handed out")
    listed.house.arbitrate(trade.id, back=PRICE, reversal=Money(0), reasons="it is core data")
    assert listed.balance("buyer") == held + PRICE.minor


def test_what_was_withheld_is_handed_out_again_with_the_next_listing(listed: Hall) -> None:
    trade = listed.deliver()
    listed.house.suspend_listing(listed.number, "a complaint")
    with pytest.raises(NotCompliant):
        _fetch(listed, trade)
    listed.supplier.list(listed.number)
    assert _fetch(listed, trade) == 1
