"""No product lists, and none stays listed, whose sheet lacks a field that counts (M-01)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from exchange.compliance import RulePack
from exchange.compliance.china import PACK
from exchange.documents import Document, DocumentKind
from exchange.errors import NotCompliant
from exchange.listing import ListingState
from exchange.services.adopt_pack import adopt_pack
from exchange.services.compile_dossier import compile_dossier
from exchange.services.explain_listing import explain_product
from exchange.services.lapse_listings import lapse_listings
from exchange.specsheet import SpecSheet
from ledger.canonical import decode
from tests.exchange.floor import NOTICE, SHEET, YEAR, Hall, sheet

# What the gate did not ask for before: it knows the words alone of what it asks now.
LENIENT = replace(
    PACK, version="lenient", rules=tuple(each for each in PACK.rules if each.id != "M-01")
)
BARE = sheet(use_cases=[], conditions=SHEET["conditions"] | {"prohibited": []})
DELIVERY = {**SHEET["delivery"], "technical_document": ""}


def judged_by(hall: Hall, pack: RulePack) -> None:
    hall.venue.__dict__["pack"] = pack
    hall.venue.__dict__.pop("floor", None)
    assert adopt_pack(floor=hall.floor)


def put_up(hall: Hall, changed: SpecSheet) -> None:
    hall.supplier.submit_sheet(hall.number, changed)
    hall.attest()
    hall.review()
    hall.supplier.list(hall.number)


def test_a_sheet_with_an_empty_field_is_refused_by_its_name_and_lists_once_it_is_filled(
    hall: Hall,
) -> None:
    hall.number = hall.prepare(BARE)
    with pytest.raises(NotCompliant) as refused:
        hall.supplier.list(hall.number)
    assert refused.value.rules == ("M-01",)
    for words in (
        "U2 禁止用途与转让 Prohibited uses and transfer (conditions.prohibited)",
        "U3 使用案例 Use cases (use_cases)",
    ):
        assert words in str(refused.value)
    with hall.floor.read() as work:
        verdict = next(work.chain.store.of_kind(f"product/{hall.number}", "compliance.verdict"))
        review = decode(dict(work.records.public())[verdict.facts["review"]])
        told = explain_product(hall.product(), work=work, floor=hall.floor)
    assert verdict.facts["fired"] == ["M-01"]
    (finding,) = [each for each in review["findings"] if each["rule"] == "M-01"]
    assert finding["evidence"] == "sheet: U2, U3"
    (reason,) = [each for each in told.reasons if each.explained.finding.rule == "M-01"]
    kinds = {entry.kind for entry in reason.evidence}
    assert {"sheet.submitted", "inspection.recorded", "sample.drawn"} <= kinds
    assert "identity.verified" in kinds  # behind the supplier's name and code
    put_up(hall, sheet())
    assert hall.product().listing is ListingState.LISTED


def test_a_sheet_listed_under_a_pack_that_did_not_ask_is_suspended_by_one_that_does(
    hall: Hall,
) -> None:
    judged_by(hall, LENIENT)
    hall.list(BARE)
    assert hall.product().listing is ListingState.LISTED
    judged_by(hall, PACK)
    lapse_listings(floor=hall.floor)
    assert hall.product().listing is ListingState.SUSPENDED
    with hall.floor.read() as work:
        entry = next(work.chain.store.of_kind(f"product/{hall.number}", "listing.suspended"))
    assert "M-01" in entry.facts["reason"]


def described_in_a_document(hall: Hall, term: dt.timedelta) -> Document:
    """Sign a sheet whose technical document is attached, for so long."""
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet(delivery=DELIVERY))
    return hall.supplier.attach(
        hall.number,
        DocumentKind.TECHNICAL_DOCUMENT,
        b"what each column holds",
        name="columns.txt",
        until=hall.today + term,
    )


def test_a_sheet_whose_technical_document_is_taken_back_leaves_the_board(hall: Hall) -> None:
    document = described_in_a_document(hall, YEAR)
    hall.attest()
    hall.review()
    hall.advance(seconds=NOTICE)
    with pytest.raises(NotCompliant, match="M-01: the sheet does not fill U4 "):
        hall.supplier.list(hall.number)  # nobody has looked at the document
    hall.verify(document)
    hall.supplier.list(hall.number)
    hall.supplier.withdraw_document(hall.number, document.leaf, "out of date")
    lapse_listings(floor=hall.floor)
    assert hall.product().listing is ListingState.SUSPENDED
    with hall.floor.read() as work:
        found = compile_dossier(hall.product(), work=work, floor=hall.floor)
        reasons = [
            entry.facts["reason"]
            for entry in work.chain.store.of_kind(f"product/{hall.number}", "listing.suspended")
        ]
    assert "U4" in found.wanting
    assert reasons
    assert all("M-01" in reason for reason in reasons)


def test_a_technical_document_that_ends_takes_the_sheet_off_the_board_on_its_day(
    hall: Hall,
) -> None:
    document = described_in_a_document(hall, YEAR / 10)
    hall.verify(document)
    hall.attest()
    hall.review()
    hall.advance(seconds=NOTICE)
    hall.supplier.list(hall.number)
    assert document.valid_until is not None
    assert hall.product().valid_until == document.valid_until.isoformat()


def test_a_sheet_of_which_no_sample_was_drawn_is_to_be_signed_again(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed before samples were drawn: nothing but the supplier's signature draws one."""
    hall.number = hall.prepare()
    with monkeypatch.context() as patched:
        patched.setattr("exchange.services.build_case.drawing_of", lambda *_: None)
        with pytest.raises(NotCompliant, match="M-01: the sheet does not fill D7 "):
            hall.supplier.list(hall.number)
    hall.supplier.list(hall.number)
