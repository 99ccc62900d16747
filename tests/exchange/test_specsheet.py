"""The sheet's record: what it leaves out, so that digests signed once hold for good."""

from __future__ import annotations

from dataclasses import replace

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
