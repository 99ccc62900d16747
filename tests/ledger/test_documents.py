"""Documents on a product: what an auditor refuses from the entries alone."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.documents import ENDLESS, EVIDENCE, THE_FOUR, decision_on, undertaking
from ledger.entries import Entry
from ledger.errors import BadAct
from tests.ledger.floor import SIGNERS, Floor, digest

PARTY = {
    "compliance-assessment": "assessor",
    "quality-certificate": "expert",
    "legal-undertaking": "supplier",
    "asset-valuation": "valuer",
}


def refused(floor: Floor, words: str, kind: str, who: str | None = None, **changes: Any) -> None:
    size = floor.log.edge().size
    with pytest.raises(BadAct, match=words):
        floor.do(kind, who, **changes)
    assert floor.log.edge().size == size


def reviewed() -> Floor:
    """Play the history up to a sheet that is attested and reviewed."""
    return Floor().ready("listing.requested")


def one_of_the_four(floor: Floor, what: str, **changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"what": what, "sheets": [digest("sheet")], "until": floor.today(90)}
    if what == "legal-undertaking":
        supplier = floor.ids["supplier"]
        text = undertaking(floor.number("product"), supplier, digest("sheet"), digest("data"))
        facts["document"] = hashlib.sha256(text).hexdigest()
    return facts | changes


def attach(floor: Floor, what: str = "source-proof", who: str = "", **changes: Any) -> Entry:
    facts = one_of_the_four(floor, what, **changes) if what in THE_FOUR else {"what": what}
    return floor.do("document.attached", who or PARTY.get(what, "supplier"), **facts | changes)


def decide(floor: Floor, how: str, who: str = "operator", **changes: Any) -> Entry:
    attached = next(floor.log.of_kind(floor.subject("document.attached"), "document.attached"))
    facts: dict[str, Any] = {"document": attached.facts["document"]}
    facts |= {"until": attached.facts["until"]} if how == "verified" else {}
    return floor.do(f"document.{how}", who, **facts | changes)


@pytest.mark.parametrize("what", THE_FOUR)
def test_each_of_the_four_is_attached_by_its_party_and_verified_by_another(what: str) -> None:
    floor = reviewed()
    attached = attach(floor, what)
    assert decision_on(floor.log, attached) is None
    verified = decide(floor, "verified", "second-assessor")
    assert decision_on(floor.log, attached) == verified
    for who in {"supplier", "assessor", "expert", "valuer", "buyer"} - {PARTY[what]}:
        facts = one_of_the_four(floor, what)
        refused(floor, "it takes ", "document.attached", who, **facts)


@pytest.mark.parametrize("what", EVIDENCE)
def test_evidence_is_attached_by_the_supplier_or_an_assessor(what: str) -> None:
    floor = Floor().ready("sheet.submitted")
    attach(floor, what)
    attach(floor, what, "assessor")
    for who in ("rival", "buyer", "expert", "valuer"):
        refused(floor, "it takes ", "document.attached", who, what=what)


def test_no_kind_is_attached_that_nobody_knows() -> None:
    floor = Floor().ready("document.attached")
    refused(floor, "'reference' is not a kind", "document.attached", what="reference")


def test_a_supplier_who_may_assess_others_does_not_assess_itself() -> None:
    floor = reviewed()
    both = ["supplier", "compliance-assessor", "valuer"]
    subject = f"participant/{floor.ids['supplier']}"
    floor.do("participant.admitted", subject=subject, roles=both)
    facts = one_of_the_four(floor, "asset-valuation")
    refused(floor, "it takes the valuer", "document.attached", "supplier", **facts)
    attach(floor)
    refused(floor, "signed by another participant", "document.verified", "supplier")
    attach(floor, "asset-valuation")
    words = "supplies the product: others look at its documents"
    with pytest.raises(BadAct, match=words):
        decide(floor, "verified", "supplier")


@pytest.mark.parametrize("sheets", [[], [digest("another")], [digest("sheet")] * 2])
def test_one_of_the_four_speaks_of_the_present_sheet(sheets: list[str]) -> None:
    floor = reviewed()
    facts = one_of_the_four(floor, "asset-valuation", sheets=sheets)
    refused(floor, "speaks of the present sheet", "document.attached", "valuer", **facts)


def test_evidence_speaks_of_no_sheet() -> None:
    floor = reviewed()
    words = "a consent speaks of the product"
    refused(floor, words, "document.attached", what="consent", sheets=[digest("sheet")])


def test_the_undertaking_is_the_one_for_this_sheet_word_for_word() -> None:
    floor = reviewed()
    facts = one_of_the_four(floor, "legal-undertaking", document=digest("I promise"))
    refused(floor, "word for word", "document.attached", "supplier", **facts)


def test_an_assessment_rests_on_the_newest_word_of_its_assessor() -> None:
    floor = reviewed()
    what = "compliance-assessment"
    words = "has not passed this sheet"
    facts = one_of_the_four(floor, what)
    refused(floor, words, "document.attached", "second-assessor", **facts)
    attach(floor, what)
    floor.do("compliance.attested", outcome="refused")
    with pytest.raises(BadAct, match=words):
        decide(floor, "verified")
    refused(floor, words, "document.attached", "assessor", **facts)


def test_an_assessment_ends_no_later_than_the_attestation_it_rests_on() -> None:
    floor = reviewed()
    facts = one_of_the_four(floor, "compliance-assessment", until=floor.today(91))
    refused(floor, "the attestation it rests on ends", "document.attached", "assessor", **facts)


def test_one_of_the_four_is_not_verified_once_there_is_another_sheet() -> None:
    floor = reviewed()
    attach(floor, "asset-valuation")
    floor.do("sheet.submitted", sheet=digest("another"))
    with pytest.raises(BadAct, match="there is another sheet"):
        decide(floor, "verified")


def test_a_valuer_struck_off_stands_behind_nothing() -> None:
    floor = reviewed()
    attach(floor, "asset-valuation")
    floor.do("participant.suspended", subject=f"participant/{floor.ids['valuer']}")
    with pytest.raises(BadAct, match="no longer in the role of valuer"):
        decide(floor, "verified")


def test_a_document_is_issued_before_it_is_attached_and_has_not_ended() -> None:
    floor = Floor().ready("document.attached")
    ahead = {"issued": floor.today(2), "until": ENDLESS}
    refused(floor, "after it was attached", "document.attached", **ahead)
    for until in (floor.today(-1), "2000-01-01"):
        refused(floor, "ended on", "document.attached", until=until)
    floor.do("document.attached", issued=floor.today(1), until=floor.today(1))  # east of here


def test_a_document_is_not_verified_beyond_its_end_nor_after_it() -> None:
    floor = Floor().ready("document.verified")
    refused(floor, "the document ends on", "document.verified", until=floor.today(366))
    refused(floor, "the document ended on", "document.verified", until=floor.today(-1))
    floor.do("document.verified", until=floor.today())


def test_the_same_document_is_attached_again_once_it_was_taken_back_or_has_ended() -> None:
    floor = Floor().ready("document.verified")
    refused(floor, "stands attached at", "document.attached")
    floor.do("document.withdrawn")
    floor.do("document.attached")
    floor.do("document.verified", until=floor.today(2))
    refused(floor, "stands attached at", "document.attached")
    floor.now += dt.timedelta(days=366)
    floor.do("document.attached")


@pytest.mark.parametrize("ended", ["withdrawn", "rejected"])
@pytest.mark.parametrize("then", ["verified", "rejected", "withdrawn"])
def test_nothing_is_said_of_a_document_that_was_taken_back(ended: str, then: str) -> None:
    floor = Floor().ready("document.verified")
    floor.do(f"document.{ended}")
    refused(floor, f"document: {ended} at ", f"document.{then}")


def test_only_who_attached_a_document_takes_it_back() -> None:
    floor = Floor().ready("document.withdrawn")
    for who in ("operator", "rival", "assessor"):
        refused(floor, "signed by the same participant", "document.withdrawn", who)


def test_a_decision_names_an_attached_document_with_its_digest() -> None:
    floor = Floor().ready("document.verified")
    for how in ("verified", "rejected", "withdrawn"):
        refused(floor, "needs document.attached", f"document.{how}", document=digest("another"))
        other = floor.leaf("product.registered")
        refused(floor, "needs document.attached", f"document.{how}", attachment=other)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["verified", "rejected", "withdrawn"]), max_size=5))
def test_the_newest_word_counts_and_the_last_one_is_final(steps: list[str]) -> None:
    floor = Floor().ready("document.verified")
    attached = floor.log.by_leaf(floor.leaf("document.attached"))
    assert attached is not None
    said = "attached"
    for step in steps:
        who = SIGNERS.get(f"document.{step}", "operator")
        if said in {"rejected", "withdrawn"}:
            refused(floor, f"document: {said} at ", f"document.{step}", who)
        else:
            floor.do(f"document.{step}", who)
            said = step
    found = decision_on(floor.log, attached)
    assert (found.kind if found else "document.attached") == f"document.{said}"
