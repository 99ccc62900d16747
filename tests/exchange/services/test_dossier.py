"""What a spec sheet shows: issued or not and why, its versions, and how complete it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.comparison import changes
from exchange.completeness import FIELDS, Completeness, Standing, Wanted
from exchange.documents import THE_FOUR
from exchange.dossier import Dossier
from exchange.errors import BadField, Forbidden, NotFound
from exchange.records import to_record
from exchange.registration import RegistrationState
from exchange.services.compile_dossier import compile_dossier
from exchange.services.save_draft import draft_fault, draft_of, hold_draft, save_draft
from exchange.specsheet import SpecSheet
from tests.exchange.floor import ATTESTED, SHEET, Hall, sheet

ANOTHER = {"contact": "another@supplier.example"}


def dossier(hall: Hall, version: int | None = None) -> Dossier:
    with hall.floor.read() as work:
        product = work.products.get(hall.number)
        return compile_dossier(product, work=work, floor=hall.floor, version=version)


def issue(hall: Hall) -> None:
    """Let all four documents of the present sheet be attached and verified."""
    for document in hall.attach_the_four():
        hall.verify(document)


def relist(hall: Hall, changed: SpecSheet) -> None:
    hall.supplier.submit_sheet(hall.number, changed)
    hall.attest()
    hall.review()
    hall.supplier.list(hall.number)


def missing(found: Completeness) -> set[str]:
    return {each.code for each in found.missing}


# Issued or not.


def test_a_listed_product_without_its_documents_has_a_pending_sheet(listed: Hall) -> None:
    found = dossier(listed)
    assert not found.issued
    assert found.version.state == "pending"
    assert found.wanting == tuple(str(kind) for kind in THE_FOUR)


def test_the_sheet_is_issued_once_the_last_of_the_four_verifies(listed: Hall) -> None:
    made = listed.attach_the_four()
    for count, document in enumerate(made, 1):
        listed.verify(document)
        found = dossier(listed)
        assert len(found.wanting) == len(THE_FOUR) - count
        assert (found.version.state == "issued") == found.issued == (count == len(THE_FOUR))


def test_documents_without_the_listing_issue_nothing(hall: Hall) -> None:
    hall.number = hall.prepare()
    issue(hall)
    assert dossier(hall).wanting == ("listing",)
    hall.supplier.list(hall.number)
    assert dossier(hall).issued


def test_a_sheet_is_issued_no_longer_when_a_document_ends_or_the_listing_does(
    listed: Hall,
) -> None:
    issue(listed)
    document = next(each for each in listed.documents() if each.kind == "asset-valuation")
    listed.desk("valuer").withdraw_document(listed.number, document.leaf, "a mistake")
    assert dossier(listed).wanting == ("asset-valuation",)
    listed.house.suspend_listing(listed.number, "a complaint")
    found = dossier(listed)
    assert found.wanting == ("asset-valuation", "listing")
    assert found.version.state == "suspended"


def test_every_approval_names_its_signer_its_rule_and_its_evidence(listed: Hall) -> None:
    """GFDRR geonode#230: "approved", and nobody can tell by whom."""
    issue(listed)
    found = {each.kind: each for each in dossier(listed).approvals}
    attested = found["compliance.attested"]
    assert attested.by.name == listed.participant("assessor").name
    assert (attested.outcome, attested.rules) == ("passed", tuple(ATTESTED))
    assert found["quality.reviewed"].by.name == listed.participant("expert").name
    assert found["compliance.verdict"].by.name == listed.participant("house").name
    assert found["compliance.verdict"].pack == listed.floor.pack.digest
    for approval in found.values():
        assert approval.place is not None
        with listed.floor.read() as work:
            assert work.chain.store.by_leaf(approval.leaf) is not None
    for paper in dossier(listed).papers:
        assert paper.decided_by is not None
        assert paper.decided_by != paper.attached_by


# Versions.


def test_a_new_version_stands_pending_beside_the_published_one(listed: Hall) -> None:
    """ckan/ideas#108, ckan#3959: an edit replaces what is public; no version is pending."""
    issue(listed)
    listed.supplier.submit_sheet(listed.number, sheet(**ANOTHER))
    pending, published = dossier(listed).versions
    assert (pending.number, pending.state, pending.published_at) == (2, "pending", None)
    assert (published.number, published.state) == (1, "suspended")
    assert published.published_at is not None
    first, second = dossier(listed, 1), dossier(listed, 2)
    assert (first.sheet, second.sheet) == (sheet(), sheet(**ANOTHER))
    assert [each.field for each in changes(first.sheet, second.sheet)] == ["contact"]
    assert not second.issued
    assert not second.expert_scores  # nobody has reviewed it yet


def test_the_reviewed_version_takes_the_place_of_the_one_before(listed: Hall) -> None:
    issue(listed)
    relist(listed, sheet(**ANOTHER))
    assert [each.state for each in dossier(listed).versions] == ["pending", "superseded"]
    issue(listed)
    assert [each.state for each in dossier(listed).versions] == ["issued", "superseded"]


def test_the_sheet_of_before_signed_again_is_a_version_of_its_own(listed: Hall) -> None:
    listed.supplier.submit_sheet(listed.number, sheet(**ANOTHER))
    listed.supplier.submit_sheet(listed.number, sheet())
    found = dossier(listed).versions
    assert [(each.number, each.state) for each in found] == [
        (3, "suspended"),
        (2, "superseded"),
        (1, "superseded"),
    ]
    assert found[0].digest == found[2].digest


def test_each_version_has_its_entry_on_the_chain(listed: Hall) -> None:
    listed.supplier.submit_sheet(listed.number, sheet(**ANOTHER))
    for version in dossier(listed).versions:
        with listed.floor.read() as work:
            entry = work.chain.store.by_leaf(version.leaf)
        assert entry is not None
        assert (entry.kind, entry.facts["sheet"]) == ("sheet.submitted", version.digest)


def test_a_version_that_is_not_there_is_not_found(listed: Hall) -> None:
    with pytest.raises(NotFound, match="no version 7 of its sheet"):
        dossier(listed, 7)


# Drafts.


def test_a_draft_is_saved_whole_or_not_and_goes_when_a_sheet_is_signed(listed: Hall) -> None:
    supplier, floor = listed.participant("supplier"), listed.floor
    size = listed.size
    save_draft(listed.number, {"basic": {"name": "水温"}}, by=supplier, floor=floor)
    draft = draft_of(listed.number, to=supplier, floor=floor)
    assert draft_fault(draft) == "basic.sector: Field required"
    save_draft(listed.number, to_record(sheet(**ANOTHER)), by=supplier, floor=floor)
    assert draft_fault(draft_of(listed.number, to=supplier, floor=floor)) == ""
    assert listed.size == size  # nothing was said by it
    assert dossier(listed).sheet == sheet()
    listed.supplier.submit_sheet(listed.number, sheet(**ANOTHER))
    with pytest.raises(NotFound, match="no draft is saved"):
        draft_of(listed.number, to=supplier, floor=floor)


def test_a_draft_is_held_against_what_stands_and_what_was_measured(hall: Hall) -> None:
    product = hall.supplier.register(hall.file())
    supplier = hall.participant("supplier")
    held = []
    physical = SHEET["physical"]
    for content in (
        {"basic": {"name": "水温"}},
        to_record(sheet()),
        to_record(sheet(physical=physical | {"rows": 9_999})),
        to_record(sheet(physical=physical | {"rows": 9_999, "columns": 9})),
    ):
        draft = save_draft(product.number, content, by=supplier, floor=hall.floor)
        with hall.floor.read() as work:
            held.append(hold_draft(draft, work=work))
    part, whole, one, two = held
    assert part.words == "not ready: basic.sector: Field required"
    assert [(each.field, each.before, each.after) for each in part.changes] == [
        ("basic.name", None, "水温")  # nothing is signed yet
    ]
    assert part.differences == whole.differences == ()
    assert whole.words == "ready to sign"
    assert "1 figure in it is not as measured" in one.words
    assert [each.field for each in one.differences] == ["physical.rows"]
    assert "2 figures in it are not as measured" in two.words


def test_a_draft_is_its_suppliers_alone(listed: Hall) -> None:
    supplier, floor = listed.participant("supplier"), listed.floor
    save_draft(listed.number, {}, by=supplier, floor=floor)
    for handle in ("contributor", "buyer", "house"):
        other = listed.participant(handle)
        with pytest.raises(Forbidden):
            draft_of(listed.number, to=other, floor=floor)
        with pytest.raises(Forbidden):
            save_draft(listed.number, {}, by=other, floor=floor)


def test_a_draft_that_nothing_could_keep_is_refused(listed: Hall) -> None:
    supplier, floor = listed.participant("supplier"), listed.floor
    with pytest.raises(BadField, match="draft: over 1048576 bytes"):
        save_draft(listed.number, {"x": "y" * (1 << 20)}, by=supplier, floor=floor)
    with pytest.raises(BadField, match="draft: "):
        save_draft(listed.number, {"x": 1.5}, by=supplier, floor=floor)


# Completeness.


def test_the_fields_are_the_45_of_the_unified_sheet() -> None:
    assert len({each.code for each in FIELDS}) == len(FIELDS) == 45
    wanted = [each.wanted for each in FIELDS]
    counts = [wanted.count(each) for each in Wanted]
    assert counts == [35, 8, 2]


# A sheet that leaves three fields empty, of which the gate asks each.
BARE = {
    "conditions": {k: v for k, v in SHEET["conditions"].items() if k != "prohibited"},
    "delivery": {"trade_level": "S1", "ways": ["sealed-file"]},
}


def test_what_is_missing_is_named_with_what_would_fill_it(listed: Hall) -> None:
    listed.supplier.submit_sheet(listed.number, sheet(**BARE))
    found = dossier(listed).completeness
    how = {each.code: each.how for each in found.missing}
    assert how["U2"] == "conditions.prohibited"
    assert how["U5"] == "delivery.service"
    assert how["C7"] == "a compliance-assessment, attached by the assessor and verified"
    assert {each.code for each in found.fields if each.standing is Standing.NOT_APPLICABLE} == {
        *("D8", "L5", "C3", "C4", "C6", "Q3")
    }
    assert found.percent < 100


def test_filling_a_field_raises_the_percentage_and_takes_it_off_the_list(listed: Hall) -> None:
    listed.supplier.submit_sheet(listed.number, sheet(**BARE))
    before = dossier(listed).completeness
    relist(listed, sheet())
    after = dossier(listed).completeness
    # The sheet fills three, the expert two, and the listing the last.
    assert missing(before) - missing(after) == {"U2", "U4", "U5", "Q4", "Q5", "X2"}
    assert missing(after) == {"C7", "C8"}
    assert after.percent > before.percent
    issue(listed)
    assert missing(after) - missing(dossier(listed).completeness) == {"C7", "C8"}


def test_a_sheet_that_says_everything_is_complete(listed: Hall) -> None:
    issue(listed)
    found = dossier(listed).completeness
    assert not missing(found)
    assert found.percent == 100
    assert len(found.counted) == 35 + len(("D5", "D6"))  # times and places, and no other condition
    unsampled = replace(dossier(listed), sample=None)
    assert missing(unsampled.completeness) == {"D7"}
    assert unsampled.completeness.percent < 100


def test_no_sheet_is_issued_before_every_field_that_counts_is_filled(listed: Hall) -> None:
    issue(listed)
    whole = dossier(listed)
    assert whole.issued
    lacking = {
        "D7": replace(whole, sample=None),
        "B3": replace(whole, supplier_identified=False),
        "L3": replace(whole, registration=RegistrationState.DISPUTED),
        "U2": replace(whole, sheet=sheet(conditions=BARE["conditions"])),
    }
    for code, short in lacking.items():
        assert short.wanting == (code,)
        assert not short.issued
    assert replace(whole, expert_scores=()).wanting == ("Q4", "Q5")
    assert replace(whole, quality=None).wanting == ("Q5",)
    assert replace(whole, number="").wanting == ("H1", "H3")
    # What a document or the listing fills is told by that, and once.
    assert replace(whole, papers=(), listed_at=None).wanting == (*THE_FOUR, "listing")


def test_persons_in_the_data_bring_fields_of_their_own(listed: Hall) -> None:
    persons = {"contained": True, "legal_basis": "consent"}
    listed.supplier.submit_sheet(listed.number, sheet(personal_data=persons))
    found = {each.code: each.standing for each in dossier(listed).completeness.fields}
    assert {code: str(found[code]) for code in ("C2", "C3", "C4")} == dict.fromkeys(
        ("C2", "C3", "C4"), "missing"
    )


def test_a_valuation_is_shown_and_not_counted(listed: Hall) -> None:
    found = dossier(listed).completeness
    assert "P2" not in {each.code for each in found.counted}
    assert "P2" in {each.code for each in found.fields}
