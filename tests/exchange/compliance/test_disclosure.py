"""The fields of the sheet before the gate: which are asked, and that the rule names the empty."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.completeness import BEFORE_LISTING, BY_CODE, FIELDS, Due, Wanted
from exchange.compliance import Finding, ListingCase, Outcome, review_listing
from exchange.compliance.catalogue.disclosure import disclosed
from exchange.compliance.china import PACK
from exchange.compliance.european import PACK as EU
from tests.exchange.compliance.cases import SUPPLIER, listing
from tests.exchange.compliance.examples.disclosure import BESIDE, EMPTIED, WHOLE

_ORDER = (Outcome.CLEAR, Outcome.NOT_EVALUATED, Outcome.FIRED)  # the worst last
ANY = st.sets(st.sampled_from(sorted(EMPTIED)))


def said(case: ListingCase) -> Finding | None:
    """Return what the rule says of a case if it is not clear."""
    found = (each for each in review_listing(case, PACK).findings if each.rule == "M-01")
    return next(found, None)


def without(emptied: Collection[str]) -> ListingCase:
    """Return the whole case with these fields emptied."""
    case = WHOLE
    for code in sorted(emptied):
        case = EMPTIED[code].bent(case)
    return case


def named(finding: Finding | None) -> list[str]:
    """Name the fields that a finding points to."""
    assert finding is not None
    return finding.evidence.removeprefix("sheet: ").split(", ")


def test_everything_is_asked_but_what_follows_from_the_listing_or_is_so_by_registration() -> None:
    """The two signatures, what others verify one by one, the listing's own time, the number."""
    asked = {each.code for _, _, each in BEFORE_LISTING}
    counted = {each.code for each in FIELDS if each.wanted is not Wanted.OPTIONAL}
    later = {each.code for each in FIELDS if each.due is Due.ISSUE}
    assert later == {"L3", "C7", "C8", "Q4", "Q5", "P2", "X2"}
    assert {each.code for each in FIELDS if each.due is Due.REGISTRATION} == {"H1", "H3"}
    assert asked == counted - later - {"H1", "H3"}
    assert asked == set(EMPTIED)


@pytest.mark.parametrize("code", sorted(EMPTIED))
def test_an_empty_field_is_named_with_what_fills_it(code: str) -> None:
    finding = said(without({code}))
    assert finding is not None
    assert finding.blocks
    assert finding.outcome is Outcome.FIRED
    field = BY_CODE[code]
    assert f"{code} {field.zh} {field.en} ({field.how})" in finding.message
    order = [each.code for each in FIELDS]
    assert named(finding) == sorted({code, *EMPTIED[code].also}, key=order.index)


def test_a_whole_sheet_is_told_by_how_much_was_asked() -> None:
    bound = replace(WHOLE, pack_digest=PACK.digest)
    assert disclosed(bound).message == f"{len(BEFORE_LISTING)} fields of the sheet are filled"
    plain = replace(listing(), pack_digest=PACK.digest)
    assert disclosed(plain).message == "30 fields of the sheet are filled"


def test_a_verdict_under_no_pack_leaves_the_digests_short() -> None:
    assert disclosed(WHOLE).evidence == "sheet: H2"


def test_what_nobody_has_looked_at_is_told_each_once() -> None:
    finding = said(replace(WHOLE, profile=None, supplier=None, sampled=None, parents=None))
    assert finding is not None
    assert finding.outcome is Outcome.NOT_EVALUATED
    assert finding.message == (
        "the data was not inspected; the supplier is not known; "
        "whether a sample was drawn is not known; what it is derived from is not known"
    )


@given(emptied=ANY)
def test_the_finding_names_all_empty_fields_and_no_other(emptied: set[str]) -> None:
    finding = said(without(emptied))
    assert (finding is None) is (not emptied)
    if emptied:
        empty = emptied | {code for each in emptied for code in EMPTIED[each].also}
        beside = {code for each in emptied for code in BESIDE.get(each, ())}
        assert set(named(finding)) == empty - beside


@given(emptied=ANY, filled=st.sampled_from(sorted(EMPTIED)))
def test_filling_a_field_never_makes_the_verdict_worse_and_emptying_one_blocks(
    emptied: set[str], filled: str
) -> None:
    worse, better = said(without(emptied | {filled})), said(without(emptied - {filled}))
    assert worse is not None
    assert worse.blocks
    left = better.outcome if better else Outcome.CLEAR
    assert _ORDER.index(left) <= _ORDER.index(worse.outcome)


def test_in_the_union_a_supplier_needs_a_name_and_no_chinese_code() -> None:
    uncoded, nameless = replace(SUPPLIER, credit_code="X"), replace(SUPPLIER, name="")
    for supplier, stops in ((SUPPLIER, False), (uncoded, False), (nameless, True)):
        found = review_listing(listing(supplier=supplier), EU).findings
        assert ("M-01" in {each.rule for each in found}) is stops
