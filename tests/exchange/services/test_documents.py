"""Documents attached to a product: who may attach what, who verifies it, and until when."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest

from exchange.documents import THE_FOUR, Document, DocumentKind, DocumentState, standing
from exchange.errors import (
    BadField,
    Conflict,
    DataDiffer,
    Forbidden,
    IllegalTransition,
    NotCompliant,
    NotFound,
    Refused,
)
from exchange.openings import Opening
from exchange.participants import Role
from exchange.services.attach_document import NAME_MAX, attach_document, undertaking_of
from exchange.services.read_evidence import evidence_bytes
from exchange.services.submit_sheet import evidence_of
from exchange.services.verify_document import document_bytes
from ledger import documents as rules
from ledger.acts import SignedAct, format_time
from ledger.documents import ENDLESS, undertaking
from tests.exchange.floor import (
    ATTESTED,
    COMMENTS,
    DATA,
    EVIDENCE,
    OPERATOR,
    REPORT,
    YEAR,
    Hall,
    sheet,
    signed_otherwise,
)

KIND = DocumentKind
PROOF = b"the buoys are ours: purchase order 17\n"


def on_file(hall: Hall) -> str:
    """Register a product with a sheet, attested and reviewed, and not listed yet."""
    hall.number = hall.prepare()
    return hall.number


def proof(hall: Hall, **changes: object) -> str:
    """Attach a source proof and return where."""
    number = hall.number or on_file(hall)
    plain = {"name": "order.pdf", "issuer": "浮标制造厂"}
    attached = hall.supplier.attach(number, KIND.SOURCE_PROOF, PROOF, **(plain | changes))  # type: ignore[arg-type]
    return attached.leaf


def test_the_kinds_of_the_ledger_are_those_of_the_exchange() -> None:
    assert [str(kind) for kind in KIND] == list(rules.KINDS_OF_DOCUMENT)
    assert [str(kind) for kind in THE_FOUR] == list(rules.THE_FOUR)


def proof_of(
    hall: Hall, number: str, *, name: str = "order.pdf", issuer: str = "浮标制造厂", **facts: Any
) -> tuple[SignedAct, tuple[Opening, ...]]:
    """Sign what attaches the source proof, with facts of the act changed."""
    named = {
        "what": "source-proof",
        "document": hashlib.sha256(PROOF).hexdigest(),
        "sheets": [],
        "issued": hall.today.isoformat(),
        "until": ENDLESS,
    } | facts
    subject, values = f"product/{number}", {"issuer": issuer, "name": name}
    return hall.commit("supplier", "document.attached", subject, named, values)


def test_a_document_is_on_file_as_it_was_attached_and_its_bytes_are_nobodys(hall: Hall) -> None:
    hall.number = hall.register().number
    day, until = hall.today - dt.timedelta(days=3), hall.today + YEAR
    leaf = proof(hall, issued=day, until=until)
    (document,) = hall.documents()
    assert document == Document(
        kind=KIND.SOURCE_PROOF,
        digest=hashlib.sha256(PROOF).hexdigest(),
        name="order.pdf",
        issuer="浮标制造厂",
        issued_on=day,
        valid_until=until,
        attached_by=hall.participant("supplier").id,
        attached_at=format_time(hall.floor.clock()),
        leaf=leaf,
    )
    assert hall.product().head == leaf
    with hall.floor.read() as work:
        assert work.records.get(document.digest) == PROOF
        assert document.digest not in {digest for digest, _ in work.records.public()}


def test_a_document_is_told_with_the_newest_word_on_it(hall: Hall) -> None:
    hall.number = hall.register().number
    until, month = hall.today + YEAR, hall.today + dt.timedelta(days=30)
    leaf = proof(hall, until=until)
    for handle, last in ((OPERATOR[0], month), ("counsel", until)):
        hall.advance(hours=1)
        found = hall.desk(handle).verify_document(hall.number, leaf, until=last)
        assert (found.state, found.valid_until) == (DocumentState.VERIFIED, last)
        assert found.decided_by == found.verified_by == hall.participant(handle).id
        assert found.decided_at == format_time(hall.floor.clock())
        assert found.decision == hall.product().head
    rejected = hall.house.reject_document(hall.number, leaf, "an order of others")
    assert (rejected.state, rejected.valid_until) == (DocumentState.REJECTED, until)
    assert rejected.verified_by is None


def test_documents_are_told_oldest_first(hall: Hall) -> None:
    hall.number = hall.register().number
    names = ["a.txt", "b.txt", "c.txt"]
    for name in names:
        hall.supplier.attach(hall.number, KIND.OTHER, name.encode(), name=name)
    assert [document.name for document in hall.documents()] == names


def test_what_was_attached_is_attached_once_by_one_act(hall: Hall) -> None:
    hall.number = hall.register().number
    signed, openings = proof_of(hall, hall.number)
    attached = attach_document(signed, openings, PROOF, floor=hall.floor)
    verified, size = hall.house.verify_document(hall.number, attached.leaf), hall.size
    hall.advance(days=1)  # far too late for another act
    assert attach_document(signed, openings, PROOF, floor=hall.floor) == verified
    other = signed_otherwise(signed, hall.keys["supplier"])
    with pytest.raises(Conflict, match="recorded before under another signature"):
        attach_document(other, openings, PROOF, floor=hall.floor)
    assert hall.size == size


def test_a_document_is_the_one_that_was_signed_of_a_kind_that_there_is(hall: Hall) -> None:
    number = hall.register().number
    size = hall.size
    with pytest.raises(DataDiffer, match=r"act\.facts\.document: not the digest of these bytes"):
        attach_document(*proof_of(hall, number), PROOF + b"!", floor=hall.floor)
    with pytest.raises(BadField, match="kind: love-letter is not a kind of document"):
        attach_document(*proof_of(hall, number, what="love-letter"), PROOF, floor=hall.floor)
    assert hall.size == size


@pytest.mark.parametrize("field", ["name", "issuer"])
@pytest.mark.parametrize("text", ["", "x" * (NAME_MAX + 1)])
def test_a_document_and_its_issuer_have_names(hall: Hall, field: str, text: str) -> None:
    named: dict[str, Any] = {field: text}
    signed, openings = proof_of(hall, hall.register().number, **named)
    with pytest.raises(BadField, match=rf"openings\.{field}\.value: text of 1 to {NAME_MAX}"):
        attach_document(signed, openings, PROOF, floor=hall.floor)


def test_a_document_is_found_with_its_own_product_alone(hall: Hall) -> None:
    hall.number = hall.register().number
    other = hall.register("other.csv", DATA.replace("6.1", "5.9"))
    reader, leaf = hall.participant("supplier"), proof(hall)
    assert document_bytes(leaf, hall.number, to=reader, floor=hall.floor) == PROOF
    for number, at in ((other.number, leaf), (hall.number, "0" * 64), (other.number, other.head)):
        with pytest.raises(NotFound, match=f"{number} has no document attached at"):
            document_bytes(at, number, to=reader, floor=hall.floor)


def test_evidence_counts_once_another_party_has_verified_it(hall: Hall) -> None:
    leaf = proof(hall, until=hall.today + YEAR)
    (attached,) = hall.documents()
    assert (attached.state, attached.issuer, attached.sheet) == ("attached", "浮标制造厂", None)
    assert not attached.stands(hall.today)
    verified = hall.house.verify_document(hall.number, leaf)
    assert verified.verified_by == hall.participant(OPERATOR[0]).id
    assert verified.stands(hall.today + YEAR)
    assert not verified.stands(hall.today + YEAR + dt.timedelta(days=1))
    assert hall.product().head == verified.decision


def test_a_verification_can_end_before_the_document_and_be_renewed(hall: Hall) -> None:
    leaf = proof(hall)
    month = hall.today + dt.timedelta(days=30)
    assert hall.house.verify_document(hall.number, leaf, until=month).valid_until == month
    assert hall.house.verify_document(hall.number, leaf, until=hall.today + YEAR).stands(
        month + dt.timedelta(days=1)
    )


@pytest.mark.parametrize("handle", ["supplier", "insider"])
def test_whoever_supplies_the_product_does_not_verify_its_documents(
    hall: Hall, handle: str
) -> None:
    leaf = proof(hall)
    with pytest.raises(Forbidden):
        hall.desk(handle).verify_document(hall.number, leaf)


def test_whoever_attached_a_document_does_not_verify_it(hall: Hall) -> None:
    number = on_file(hall)
    until = hall.today + YEAR
    leaf = hall.assessor.attach(
        number, KIND.COMPLIANCE_ASSESSMENT, REPORT, name="report.txt", until=until
    ).leaf
    with pytest.raises(Forbidden, match="assessor attached it: another party looks"):
        hall.assessor.verify_document(number, leaf)
    assert hall.desk("counsel").verify_document(number, leaf).stands(until)


def test_a_rejected_document_is_not_verified_afterwards(hall: Hall) -> None:
    leaf = proof(hall)
    assert hall.house.reject_document(hall.number, leaf, "an order of others").state == "rejected"
    with pytest.raises(IllegalTransition, match="is rejected and cannot become verified"):
        hall.house.verify_document(hall.number, leaf)
    assert proof(hall) != leaf  # attached anew, it can be looked at anew


def test_a_rejected_document_is_no_evidence(hall: Hall) -> None:
    """Named by the sheet, attached and found false, it proves no source any more."""
    number = on_file(hall)
    leaf = hall.supplier.attach(number, KIND.SOURCE_PROOF, EVIDENCE, name="proof.txt").leaf
    hall.house.reject_document(number, leaf, "written afterwards")
    with pytest.raises(
        NotCompliant, match="S-02: the evidence of source 1 was withdrawn or found not to hold"
    ):
        hall.supplier.list(number)


def test_a_withdrawn_document_is_no_evidence_either(hall: Hall) -> None:
    number = on_file(hall)
    leaf = hall.supplier.attach(number, KIND.SOURCE_PROOF, EVIDENCE, name="proof.txt").leaf
    hall.house.verify_document(number, leaf)
    hall.supplier.withdraw_document(number, leaf, "a mistake")
    with pytest.raises(
        NotCompliant, match="S-02: the evidence of source 1 was withdrawn or found not to hold"
    ):
        hall.supplier.list(number)


@pytest.mark.parametrize("handle", ["supplier", "insider"])
def test_whoever_supplies_the_product_rejects_no_document_of_it(hall: Hall, handle: str) -> None:
    number = on_file(hall)
    until = hall.today + YEAR
    leaf = hall.assessor.attach(
        number, KIND.COMPLIANCE_ASSESSMENT, REPORT, name="report.txt", until=until
    ).leaf
    with pytest.raises(Forbidden):
        hall.desk(handle).reject_document(number, leaf, "we do not like it")
    with pytest.raises(Forbidden, match="supplies it: another party looks at the document"):
        hall.insider.verify_document(number, leaf)


def test_what_was_withdrawn_is_neither_rejected_nor_withdrawn_again(hall: Hall) -> None:
    leaf = proof(hall)
    assert hall.supplier.withdraw_document(hall.number, leaf, "a mistake").state == "withdrawn"
    with pytest.raises(IllegalTransition, match="is withdrawn and cannot become rejected"):
        hall.house.reject_document(hall.number, leaf, "and false")
    with pytest.raises(IllegalTransition, match="is withdrawn already"):
        hall.supplier.withdraw_document(hall.number, leaf, "still a mistake")


def test_a_product_stands_at_the_last_word_on_its_documents(hall: Hall) -> None:
    leaf = proof(hall)
    word = hall.house.reject_document(hall.number, leaf, "an order of others").decision
    assert hall.product().head == word
    leaf = proof(hall)
    word = hall.supplier.withdraw_document(hall.number, leaf, "a mistake").decision
    assert hall.product().head == word
    word = hall.desk("counsel").verify_document(hall.number, proof(hall)).decision
    assert hall.product().head == word


def test_an_assessment_whose_report_was_erased_is_not_verified(hall: Hall) -> None:
    """Nothing is left that it could be held against."""
    number = on_file(hall)
    until = hall.today + YEAR
    leaf = hall.assessor.attach(
        number, KIND.COMPLIANCE_ASSESSMENT, REPORT, name="report.txt", until=until
    ).leaf
    with hall.floor.read() as work:
        attested = next(work.chain.store.of_kind(f"product/{number}", "compliance.attested"))
    with hall.floor.write() as work:  # as before an assessment that may be needed was kept
        work.confidential.erase(attested.leaf.hex(), ["report"])
    with pytest.raises(Refused, match="its report was erased"):
        hall.house.verify_document(number, leaf)


def test_grounds_of_a_rejection_are_given(hall: Hall) -> None:
    leaf = proof(hall)
    with pytest.raises(BadField, match=r"openings\.grounds\.value"):
        hall.house.reject_document(hall.number, leaf, "")


def test_only_who_attached_a_document_withdraws_it(hall: Hall) -> None:
    leaf = proof(hall)
    hall.verify(hall.documents()[0])
    with pytest.raises(Forbidden, match="contributor did not attach that document"):
        hall.contributor.withdraw_document(hall.number, leaf, "mine")
    withdrawn = hall.supplier.withdraw_document(hall.number, leaf, "another follows")
    assert withdrawn.state is DocumentState.WITHDRAWN
    assert not withdrawn.stands(hall.today)


def test_the_four_are_attached_each_by_its_party_and_verified_one_by_one(hall: Hall) -> None:
    number = on_file(hall)
    made = hall.attach_the_four(number)
    digest = hall.product(number).sheet
    for document in made:
        of_kind = (hall.documents(), document.kind)
        assert standing(*of_kind, on=hall.today, sheet=digest) is None
        hall.verify(document)
        found = standing(hall.documents(), document.kind, on=hall.today, sheet=digest)
        assert found is not None
        assert found.leaf == document.leaf
    assert {document.kind for document in made} == set(THE_FOUR)


def test_the_four_of_one_sheet_say_nothing_of_the_next(hall: Hall) -> None:
    number = on_file(hall)
    made = hall.attach_the_four(number)
    hall.supplier.submit_sheet(number, sheet(contact="another@supplier.example"))
    with pytest.raises(Refused, match="there is another sheet since the document was attached"):
        hall.verify(made[0])
    digest = hall.product(number).sheet
    assert all(
        standing(hall.documents(), kind, on=hall.today, sheet=digest) is None for kind in THE_FOUR
    )


@pytest.mark.parametrize(
    ("handle", "kind"),
    [
        ("supplier", KIND.COMPLIANCE_ASSESSMENT),
        ("supplier", KIND.QUALITY_CERTIFICATE),
        ("supplier", KIND.ASSET_VALUATION),
        ("contributor", KIND.LEGAL_UNDERTAKING),
        ("contributor", KIND.SOURCE_PROOF),
        ("valuer", KIND.CONSENT),
        ("buyer", KIND.OTHER),
    ],
)
def test_a_document_of_another_partys_kind_is_refused(
    hall: Hall, handle: str, kind: DocumentKind
) -> None:
    number = on_file(hall)
    size = hall.size
    with pytest.raises(Forbidden, match=r"it takes the |is not admitted as "):
        hall.desk(handle).attach(number, kind, b"a document", name="a.txt")
    assert hall.size == size


def test_who_is_of_the_suppliers_organisation_values_nothing_of_it(hall: Hall) -> None:
    number = on_file(hall)
    with pytest.raises(Forbidden, match="a supplier cannot assess its own product"):
        hall.desk("insider").attach(number, KIND.ASSET_VALUATION, b"valued", name="a.txt")


def test_an_assessment_is_the_very_report_that_was_attested(hall: Hall) -> None:
    number = on_file(hall)
    for desk, kind, word in (
        (hall.assessor, KIND.COMPLIANCE_ASSESSMENT, "report"),
        (hall.expert, KIND.QUALITY_CERTIFICATE, "comments"),
    ):
        with pytest.raises(DataDiffer, match=f"document: not the {word} that entry"):
            desk.attach(number, kind, b"better words", name="a.txt", until=hall.today)
    assert hall.documents() == ()


def test_each_assessor_attaches_its_own_report(hall: Hall) -> None:
    number, theirs = on_file(hall), b"the report of counsel"
    until, counsel = hall.today + YEAR, hall.desk("counsel")
    counsel.attest(number, ATTESTED, report=theirs, until=until, passed=True)
    for desk, report, other in ((hall.assessor, REPORT, theirs), (counsel, theirs, REPORT)):
        with pytest.raises(DataDiffer, match="not the report that entry"):
            desk.attach(number, KIND.COMPLIANCE_ASSESSMENT, other, name="a.txt", until=until)
        desk.attach(number, KIND.COMPLIANCE_ASSESSMENT, report, name="a.txt", until=until)
    assert [document.attached_by for document in hall.documents()] == [
        hall.participant(handle).id for handle in ("assessor", "counsel")
    ]


def test_an_assessment_of_a_sheet_is_that_of_no_other_sheet(hall: Hall) -> None:
    """A supplier returns to an earlier sheet, and to what was said of that one."""
    number, later = on_file(hall), b"of the other sheet"
    until = hall.today + YEAR
    hall.supplier.submit_sheet(number, sheet(contact="another@supplier.example"))
    hall.assessor.attest(number, ATTESTED, report=later, until=until, passed=True)
    hall.supplier.submit_sheet(number, sheet())
    attach = {"name": "a.txt", "until": until}
    with pytest.raises(DataDiffer, match="not the report that entry"):
        hall.assessor.attach(number, KIND.COMPLIANCE_ASSESSMENT, later, **attach)  # type: ignore[arg-type]
    assert hall.assessor.attach(number, KIND.COMPLIANCE_ASSESSMENT, REPORT, **attach).sheet  # type: ignore[arg-type]


def test_nobody_values_its_own_product_whatever_else_it_is(hall: Hall) -> None:
    number, supplier = on_file(hall), hall.participant("supplier")
    hall.house.suspend(supplier, "to change its roles")
    hall.house.admit(supplier, [Role.SUPPLIER, Role.VALUER])
    with pytest.raises(Forbidden, match="may not attach a asset-valuation: it takes the valuer"):
        hall.supplier.attach(number, KIND.ASSET_VALUATION, b"dear", name="a.txt")


def test_there_is_no_undertaking_without_a_sheet(hall: Hall) -> None:
    product = hall.register()
    with pytest.raises(BadField, match=f"sheet: {product.number} has no spec sheet yet"):
        undertaking_of(product)


def test_an_assessment_without_an_attestation_of_this_sheet_is_refused(hall: Hall) -> None:
    number = on_file(hall)
    with pytest.raises(Refused, match="has not passed this sheet"):
        hall.desk("counsel").attach(number, KIND.COMPLIANCE_ASSESSMENT, REPORT, name="a.txt")
    hall.supplier.submit_sheet(number, sheet(contact="another@supplier.example"))
    with pytest.raises(Refused, match="has not reviewed this sheet"):
        hall.expert.attach(number, KIND.QUALITY_CERTIFICATE, COMMENTS, name="a.txt")


def test_an_assessment_ends_no_later_than_its_attestation(hall: Hall) -> None:
    number = on_file(hall)
    with pytest.raises(Refused, match="the attestation it rests on ends on"):
        hall.assessor.attach(number, KIND.COMPLIANCE_ASSESSMENT, REPORT, name="a.txt")


def test_an_assessment_that_the_assessor_takes_back_is_not_verified(hall: Hall) -> None:
    number = on_file(hall)
    attached = hall.attach_the_four(number)[0]
    hall.attest(number, passed=False)
    with pytest.raises(Refused, match="has not passed this sheet"):
        hall.verify(attached)


def test_the_undertaking_names_the_sheet_and_nothing_else_passes_for_it(hall: Hall) -> None:
    number = on_file(hall)
    product = hall.product(number)
    text = undertaking_of(product)
    assert product.sheet
    assert text == undertaking(number, product.supplier, product.sheet, product.data)
    assert f"sheet {product.sheet}\n".encode() in text
    with pytest.raises(Refused, match="not the undertaking for this sheet, word for word"):
        hall.supplier.attach(number, KIND.LEGAL_UNDERTAKING, text + b" perhaps", name="a.txt")
    assert hall.supplier.undertake(number).attached_by == product.supplier


def test_a_valuer_who_is_suspended_stands_behind_no_valuation(hall: Hall) -> None:
    number = on_file(hall)
    valuation = hall.attach_the_four(number)[2]
    hall.house.suspend(hall.participant("valuer"), "struck off")
    with pytest.raises(Refused, match="no longer in the role of valuer"):
        hall.verify(valuation)


def test_a_document_that_has_ended_is_neither_attached_nor_verified(hall: Hall) -> None:
    with pytest.raises(Refused, match="the document ended on"):
        proof(hall, issued=dt.date(2025, 1, 1), until=dt.date(2025, 12, 31))
    proof(hall, until=hall.today)
    hall.advance(days=1)
    with pytest.raises(Refused, match="the document ended on"):
        hall.verify(hall.documents()[0])


def test_a_document_is_not_issued_in_the_future(hall: Hall) -> None:
    with pytest.raises(Refused, match="after it was attached on"):
        proof(hall, issued=dt.date(2026, 3, 1))


def test_the_same_document_stands_attached_once(hall: Hall) -> None:
    proof(hall)
    with pytest.raises(Refused, match="the same document stands attached at"):
        proof(hall)


def test_an_empty_document_is_refused(hall: Hall) -> None:
    number = on_file(hall)
    with pytest.raises(BadField, match="document: it is empty"):
        hall.supplier.attach(number, KIND.OTHER, b"", name="a.txt")


def test_a_document_is_shown_to_its_parties_and_to_those_who_judge(hall: Hall) -> None:
    leaf = proof(hall)
    for handle in ("supplier", OPERATOR[0], "counsel", "reviewer"):
        who = hall.participant(handle)
        assert document_bytes(leaf, hall.number, to=who, floor=hall.floor) == PROOF
    for handle in ("buyer", "contributor", "valuer"):
        with pytest.raises(Forbidden, match="are not open to"):
            document_bytes(leaf, hall.number, to=hall.participant(handle), floor=hall.floor)
    with pytest.raises(NotFound):
        document_bytes("0" * 64, hall.number, to=hall.participant("supplier"), floor=hall.floor)


def test_the_evidence_of_claim_and_sheet_is_shown_to_those_who_judge(hall: Hall) -> None:
    number = on_file(hall)
    given = hashlib.sha256(EVIDENCE).hexdigest()
    with hall.floor.read() as work:
        named = evidence_of(hall.product(number), work)
    assert named == {given: ("product.registered", "sources.0.evidence")}
    for handle in ("supplier", OPERATOR[0], "counsel", "reviewer"):
        who = hall.participant(handle)
        assert evidence_bytes(given, number, to=who, floor=hall.floor) == EVIDENCE
    for handle in ("buyer", "contributor", "valuer"):
        with pytest.raises(Forbidden, match="is not open to"):
            evidence_bytes(given, number, to=hall.participant(handle), floor=hall.floor)
    hall.supplier.attach(number, KIND.OTHER, PROOF, name="a.txt")
    attached, counsel = hashlib.sha256(PROOF).hexdigest(), hall.participant("counsel")
    with pytest.raises(NotFound, match="names no evidence"):
        evidence_bytes(attached, number, to=counsel, floor=hall.floor)
    hall.house.suspend(hall.participant("counsel"), "licence under review")
    with pytest.raises(Forbidden):
        evidence_bytes(given, number, to=hall.participant("counsel"), floor=hall.floor)


def test_who_attached_a_document_and_the_supplier_read_it(hall: Hall) -> None:
    number = on_file(hall)
    valuation = hall.attach_the_four(number)[2]
    for handle in ("valuer", "supplier"):
        reader = hall.participant(handle)
        assert document_bytes(valuation.leaf, number, to=reader, floor=hall.floor)


def test_a_documents_names_are_erased_once_it_is_withdrawn(listed: Hall) -> None:
    leaf = proof(listed)
    request = listed.supplier.request_erasure(leaf, ["issuer", "name"], "a person is named").request
    with pytest.raises(Refused, match="is on the board and the document stands"):
        listed.house.execute_erasure(request)
    listed.supplier.withdraw_document(listed.number, leaf, "a person is named")
    listed.house.execute_erasure(request)
    (document,) = listed.documents()
    assert (document.issuer, document.name) == ("", "")
