"""The sheet's record: what it leaves out, so that digests signed once hold for good."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from exchange.errors import BadField
from exchange.records import read_record, to_record
from exchange.specsheet import Duties, ExportRoute, PersonalClass, PersonalData, SpecSheet
from tests.exchange.compliance.cases import SHEET

DUTIES = Duties("who answers", "security@supplier.example", "complaints@supplier.example")
PERSONS = PersonalData(
    contained=True,
    classes=(PersonalClass.HEALTH,),
    subjects=12,
    minors=False,
    retention_days=30,
    rights_channel="rights@supplier.example",
)


def test_a_sheet_that_says_nothing_of_duties_keeps_the_digest_it_was_signed_under() -> None:
    said = replace(SHEET, duties=None, use_cases=())
    plain = replace(
        said,
        physical=replace(said.physical, first_collected=None, increment_rows=None),
        content=replace(
            said.content,
            fields=tuple(replace(note, fill_value="") for note in said.content.fields),
        ),
        conditions=replace(said.conditions, prohibited=()),
        delivery=replace(said.delivery, technical_document="", service=None),
    )
    assert plain.digest == "7fd533b69ded24caf53a8b11a71574cc42bbb98618b166691fd04902ed107caa"
    assert "duties" not in to_record(plain)
    assert to_record(plain)["personal_data"] == {
        "contained": False,
        "legal_basis": "",
        "consent_evidence": "",
        "impact_assessment": "",
    }


def test_what_is_said_is_kept_though_it_says_no() -> None:
    sheet = replace(SHEET, personal_data=PERSONS, duties=replace(DUTIES, export=ExportRoute.NONE))
    record = to_record(sheet)
    assert record["personal_data"]["minors"] is False
    assert record["duties"]["export"] == "none"
    assert read_record(SpecSheet, record) == sheet


RANGE = {"check": "range", "column": "depth", "minimum": "0"}


@pytest.mark.parametrize(
    ("part", "said", "words"),
    [
        ("quality", [{"low": "1"}], "quality.0: check is missing"),
        (
            "quality",
            [RANGE, {**RANGE, "check": "nope"}],
            "quality.1: check nope is none of 'type',",
        ),
        ("quality", [{**RANGE, "step": "1"}], "quality.0.step: there is no such field"),
        ("quality", [{**RANGE, "range": {"low": 1}}], "quality.0.range: there is no such field"),
        ("quality", [{**RANGE, "minimum": "x"}], "quality.0.minimum: "),
        ("quality", ["range"], "quality.0: must be a table of fields"),
        ("nonsense", 1, "nonsense: there is no such field"),
        ("basic", "a name", "basic: must be a table of fields"),
        ("physical.rows", True, "physical.rows: is not true or false"),
        ("physical.columns", True, "physical.columns: is not true or false"),
        ("conditions.term_days", True, "conditions.term_days: is not true or false"),
        ("price.expected_buyers", True, "price.expected_buyers: is not true or false"),
        ("rights", [True], "rights.0: "),
    ],
)
def test_what_is_wrong_with_a_sheet_is_told_in_its_own_words(
    part: str, said: Any, words: str
) -> None:
    record = to_record(SHEET)
    *tables, name = part.split(".")
    table = record
    for each in tables:
        table = table[each]
    assert read_record(SpecSheet, record) == SHEET
    table[name] = said
    with pytest.raises(BadField) as refused:
        read_record(SpecSheet, record)
    assert str(refused.value).startswith(words)
    for foreign in ("discriminator", "keyword argument", "dictionary", "quality.0.range.range"):
        assert foreign not in str(refused.value)
