from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from exchange.errors import Unreadable
from exchange.inspection.conformance import ReaderContract
from exchange.inspection.excel import ExcelReader
from exchange.profile import Profile
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.specimens import table, workbook


class TestExcelReader(ReaderContract):
    reader = ExcelReader()
    suffix = ".xlsx"
    document = workbook(table)
    rows, columns = 3, 4


def replaced(content: bytes, changes: dict[str, bytes]) -> bytes:
    """Return a workbook with parts replaced or added."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return made.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


def shared(strings: bytes, sheet: bytes) -> bytes:
    """Return a workbook with such a table of shared strings and such a sheet."""
    content = workbook(table)
    relation = (
        b'<Relationship Id="rId9" Target="sharedStrings.xml" Type="http://schemas.openxmlformats'
        b'.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    relations = part(content, RELATIONS).replace(b"</Relationships>", relation)
    override = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats'
        b'-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    types = part(content, TYPES).replace(b"</Types>", override)
    changes = {TYPES: types, RELATIONS: relations, SHEET: sheet, "xl/sharedStrings.xml": strings}
    return replaced(content, changes)


def by_name(profile: Profile) -> dict[str, tuple[str, int]]:
    return {column.name: (column.type.value, column.missing) for column in profile.columns}


def test_a_sheet_and_the_same_table_as_text_have_one_digest(inspected: Inspected) -> None:
    text = "time,depth (m),站点,ok\n" + "".join(
        f"2026-01-05T0{hour}:00:00,{1.5 * hour},小麦岛,true\n" for hour in range(3)
    )
    profile = inspected(workbook(table), "data.xlsx")
    assert profile.rows_digest == inspected(text).rows_digest
    assert [column.unit for column in profile.columns] == [None, "m", None, None]
    assert profile.time is not None
    assert profile.time.step_seconds == 3600


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_are_counted_from_the_day_that_the_workbook_says(
    inspected: Inspected, epoch: Any
) -> None:
    moments = [dt.datetime(1904, 2, 29), dt.datetime(2026, 1, 5, 8, 30, 15)]  # noqa: DTZ001

    def build(book: Any) -> None:
        if epoch:
            book.epoch = epoch
        book.active.append(["t"])
        for moment in moments:
            book.active.append([moment])

    column = inspected(workbook(build), "data.xlsx").columns[0]
    assert (column.minimum, column.maximum) == ("1904-02-29T00:00:00Z", "2026-01-05T08:30:15Z")


def test_a_row_of_units_is_none_of_the_data(inspected: Inspected) -> None:
    def fill(book: Any) -> None:
        for row in (("站名", "气温", "风速"), (None, "℃", "(m/s)"), ("QD", 5.5, 3), ("RZ", 6, 4)):
            book.active.append(row)

    found = inspected(workbook(fill), "data.xlsx")
    assert found.rows == 2
    assert [column.unit for column in found.columns] == [None, "℃", "m/s"]
    assert found.remarks[-1] == "the row below the header names units and is none of the data's"


def test_the_leap_day_that_1900_had_not_is_no_instant(inspected: Inspected) -> None:
    def build(book: Any) -> None:
        book.active.append(["before", "leap", "after"])
        book.active.append([59, 60, 61])
        for cell in book.active[2]:
            cell.number_format = "yyyy-mm-dd"

    columns = inspected(workbook(build), "data.xlsx").columns
    assert [column.minimum for column in columns] == [
        "1900-02-28T00:00:00Z",
        None,
        "1900-03-01T00:00:00Z",
    ]


@pytest.mark.parametrize(
    ("value", "code", "kind", "shown"),
    [
        (0.05, "0.00%", "decimal", "0.05"),
        (45000.5, '[$-804]yyyy"年"m"月"d"日"', "timestamp", "2023-03-15T12:00:00Z"),
        (45000, '"day "0', "integer", "45000"),
        (1.5, "[h]:mm", "decimal", "1.5"),
        (0.5, "hh:mm", "text", None),
        (45000, "General", "integer", "45000"),
        (5.0999999999999996, "0.0", "decimal", "5.1"),
        (1e20, "0", "decimal", "100000000000000000000"),
        (-3, "yyyy-mm-dd", "integer", "-3"),
    ],
)
def test_a_number_is_what_its_format_makes_of_it(
    inspected: Inspected, value: float, code: str, kind: str, shown: str | None
) -> None:
    def build(book: Any) -> None:
        book.active.append(["x", "y"])
        book.active.append([value, "a"])
        book.active["A2"].number_format = code

    column = inspected(workbook(build), "data.xlsx").columns[0]
    assert (column.type.value, column.minimum) == (kind, shown)


def test_a_macro_sheet_is_refused_by_its_place(inspected: Inspected) -> None:
    def build(book: Any) -> None:
        table(book)
        book.create_sheet("李雷")["A1"] = 1

    content = workbook(build)
    place = part(content, RELATIONS).index(b'worksheet" Target="/xl/worksheets/sheet2.xml"')
    macro = part(content, RELATIONS)
    macro = macro[:place] + macro[place:].replace(b'worksheet"', b'xlMacrosheet"', 1)
    with pytest.raises(Unreadable, match="sheet 2 is a macro sheet") as refused:
        inspected(replaced(content, {RELATIONS: macro}), "data.xlsx")
    assert "李雷" not in str(refused.value)
    assert refused.value.rules == ("F-04",)


def test_no_profile_says_what_a_sheet_is_called(inspected: Inspected) -> None:
    def build(book: Any) -> None:
        table(book)
        book.active.title = "李雷"

    profile = inspected(workbook(build), "data.xlsx")
    assert "sheet 1" in profile.remarks
    assert "李雷" not in repr(profile)


def test_what_excel_hides_or_marks_is_read_and_said(inspected: Inspected) -> None:
    def build(book: Any) -> None:
        sheet = book.active
        sheet.append(["n", "share", "state"])
        for i in range(4):
            sheet.append([i, i / 10, "#N/A" if i == 2 else "open"])
            sheet.cell(i + 2, 2).number_format = "0%"
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet["C2"].hyperlink = "https://example.org/station"
        book.create_sheet("empty")

    profile = inspected(workbook(build), "data.xlsx")
    assert profile.rows == 4
    assert by_name(profile)["state"] == ("text", 1)
    said = " ".join(profile.remarks)
    for words in ("1 hidden rows and 1 hidden ranges", "1 error values", "share: percentages"):
        assert words in said
    assert ("link", "https://example.org/station") in profile.attributes


def test_a_hidden_sheet_with_the_only_data_is_read_and_said(inspected: Inspected) -> None:
    def build(book: Any) -> None:
        table(book)
        book.create_sheet("front", 0)
        book.active = 0
        book["Sheet"].sheet_state = "veryHidden"

    profile = inspected(workbook(build), "data.xlsx")
    assert any("the sheet is hidden" in remark for remark in profile.remarks)


def two_sheets(book: Any) -> None:
    table(book)
    book.create_sheet("prices")["A1"] = 3
    book["prices"].sheet_state = "hidden"


def formula(book: Any) -> None:
    table(book)
    book.active["B3"] = "=1+1"


def dde(book: Any) -> None:
    table(book)
    book.active["B3"] = "=cmd|'/c calc'!A0"


def formula_as_text(book: Any) -> None:
    table(book)
    book.active["C3"].value = "=HYPERLINK(x)"
    book.active["C3"].data_type = "s"


def merged(book: Any) -> None:
    table(book)
    book.active.merge_cells("A9:B9")


def note(book: Any) -> None:
    table(book)
    book.active["B2"].comment = Comment("private", "someone")


def beyond(book: Any) -> None:
    table(book)
    book.active["F3"] = "x"


def gap(book: Any) -> None:
    table(book)
    book.active["A7"] = "x"


def low(book: Any) -> None:
    book.active["A2"] = "x"


def twice(book: Any) -> None:
    book.active.append(["a", "a"])


def unnamed(book: Any) -> None:
    book.active.append(["a", None, "b"])


def header_only(book: Any) -> None:
    book.active.append(["a", "b"])


@pytest.mark.parametrize(
    ("build", "rule", "message"),
    [
        (two_sheets, "F-06", "data in several sheets: 1, 2 (hidden);"),
        (formula, "F-04", "sheet 1, row 3: a formula in column B"),
        (dde, "F-04", "sheet 1, row 3: a formula in column B"),
        (formula_as_text, "F-04", "row 2: column 站点: a cell is a formula"),
        (merged, "F-06", "cells A9:B9 are merged"),
        (note, "F-06", "holds notes"),
        (beyond, "F-06", "row 3: a cell in column F, which has no name"),
        (gap, "F-06", "row 7: a blank row stands before it"),
        (low, "F-06", "row 2: the first cell stands here"),
        (twice, "F-06", "two columns are called 'a'"),
        (unnamed, "F-06", "column 2 has no name"),
        (header_only, "F-06", "not a single row"),
        (lambda _: None, "F-06", "has no cell in any sheet"),
    ],
)
def test_a_workbook_that_is_no_table_is_refused(
    inspected: Inspected, build: Any, rule: str, message: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        inspected(workbook(build), "data.xlsx")
    assert message in str(refused.value)
    assert refused.value.rules == (rule,)


@pytest.mark.parametrize(
    "build", [two_sheets, formula, dde, merged, beyond, gap, low, twice, unnamed, header_only]
)
def test_no_refusal_quotes_what_a_sheet_is_called(inspected: Inspected, build: Any) -> None:
    def called(book: Any) -> None:
        build(book)
        for place, sheet in enumerate(book.worksheets):
            sheet.title = f"李雷{place} 13812345678"

    with pytest.raises(Unreadable) as refused:
        inspected(workbook(called), "data.xlsx")
    assert "李雷" not in str(refused.value)
    assert "13812345678" not in str(refused.value)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si></sst>"""
OUTSIDE = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://x/oleObject" Target="file:///etc/passwd" TargetMode="External"
/></Relationships>"""


@pytest.mark.parametrize(
    ("name", "content", "rule", "message"),
    [
        ("xl/vbaProject.bin", b"x", "F-04", "holds macros"),
        ("xl/macrosheets/sheet1.xml", b"x", "F-04", "holds macros"),
        ("xl/externalLinks/externalLink1.xml", b"x", "F-04", "links to other workbooks"),
        ("xl/connections.xml", b"x", "F-04", "data connections"),
        ("xl/embeddings/oleObject1.bin", b"x", "F-04", "embedded objects"),
        ("xl/activeX/activeX1.xml", b"x", "F-04", "controls"),
        ("xl/pivotCache/records1.xml", b"x", "F-06", "a copy of data that nobody sees"),
        ("xl/media/image1.png", b"x", "F-06", "pictures"),
        ("customXml/item1.xml", b"x", "F-06", "which no inspection would read"),
        ("xl/styles.xml", BOMB, "F-04", "declares a document type"),
        ("xl/worksheets/_rels/sheet1.xml.rels", OUTSIDE, "F-04", "refers to something outside"),
        ("xl/workbook.xml", b"<workbook/>", "F-01", "has no worksheet"),
        ("xl/workbook.xml", b"<workbook", "F-01", "is not whole XML"),
        (SHEET, b"<worksheet>" + b"<a>" * 99, "F-02", "nested more than 64"),
        (SHEET, b"<worksheet a='" + b"x" * (5 << 20), "F-02", "expands to more than 100 times"),
        ("../evil.xml", b"x", "F-03", "leads out of its folder"),
        ("xl/inner.zip", b"x", "F-02", "is an archive itself"),
    ],
)
def test_a_part_that_nobody_should_run_or_follow_is_refused(
    inspected: Inspected, name: str, content: bytes, rule: str, message: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        inspected(replaced(workbook(table), {name: content}), "data.xlsx")
    assert message in str(refused.value)
    assert refused.value.rules == (rule,)


def test_macros_are_refused_whatever_the_file_is_called(inspected: Inspected) -> None:
    types = part(workbook(table), TYPES).replace(
        b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )
    with pytest.raises(Unreadable, match="with macros") as refused:
        inspected(replaced(workbook(table), {TYPES: types}), "data.xlsx")
    assert refused.value.rules == ("F-04",)


@pytest.mark.parametrize(
    ("name", "rule", "message"),
    [
        ("data.xls", "F-01", "save it as .xlsx"),
        ("data.xlsx", "F-01", "an OLE file"),
        ("data.xlsm", "F-04", "a workbook with macros is a program"),
    ],
)
def test_old_and_locked_workbooks_are_refused_with_what_helps(
    inspected: Inspected, name: str, rule: str, message: str
) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    with pytest.raises(Unreadable) as refused:
        inspected(ole, name)
    assert message in str(refused.value)
    assert refused.value.rules == (rule,)


@pytest.mark.parametrize(
    ("old", "new", "rule", "message"),
    [
        (b'<row r="3"', b'<row r="2"', "F-06", "rows are not numbered upwards"),
        (b'r="B3"', b'r="A3"', "F-06", "cells are not numbered upwards"),
        (b'r="B3"', b'r="B4"', "F-06", "cells are not numbered upwards"),
        (b"<v>1.5</v>", b"<v>1_5</v>", "F-01", "called a number is none"),
        (b't="inlineStr"', b't="z"', "F-01", "unknown type 'z'"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(
    inspected: Inspected, old: bytes, new: bytes, rule: str, message: str
) -> None:
    content = workbook(table)
    sheet = part(content, SHEET)
    assert old in sheet
    with pytest.raises(Unreadable) as refused:
        inspected(replaced(content, {SHEET: sheet.replace(old, new, 1)}), "data.xlsx")
    assert message in str(refused.value)
    assert refused.value.rules == (rule,)


def test_texts_are_those_that_another_program_reads(inspected: Inspected) -> None:
    rich = b"""<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>a</t>
    </si> <si><r><t>rich </t></r><r><t>text</t></r><rPh sb="0" eb="1"><t>aid</t></rPh></si></sst>"""
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>b</t></is></c></row>
    <row><c t="s"><v>1</v></c><c t="b"><v>1</v></c></row></sheetData></worksheet>"""
    content = shared(rich, sheet)
    profile = inspected(content, "data.xlsx")
    oracle = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    rows = [[cell.value for cell in row] for row in oracle]
    assert rows == [["a", "b"], ["rich text", True]]
    assert profile.rows_digest == inspected("a,b\nrich text,true\n").rows_digest


INDEXED = b"""<worksheet><sheetData><row><c t="s"><v>0</v></c></row>
<row><c t="s"><v>%d</v></c></row></sheetData></worksheet>"""


@pytest.mark.parametrize(
    ("strings", "index", "rule", "message"),
    [
        (BOMB, 0, "F-04", "declares a document type"),
        (b"<sst><si><t>a</t></si></sst>", 1, "F-01", "refers to a text that there is not"),
        (b"<sst>" + b"<si/>" * 1001 + b"</sst>", 0, "F-02", "more than 1000 different texts"),
        (b"<sst><si><t>" + b"x" * (2 << 20), 0, "F-02", "100 times its size"),
    ],
)
def test_a_bomb_of_shared_strings_is_refused(
    inspected: Inspected,
    monkeypatch: pytest.MonkeyPatch,
    strings: bytes,
    index: int,
    rule: str,
    message: str,
) -> None:
    monkeypatch.setattr("exchange.inspection.workbook._STRINGS_MAX", 1000)
    with pytest.raises(Unreadable) as refused:
        inspected(shared(strings, INDEXED % index), "data.xlsx")
    assert message in str(refused.value)
    assert refused.value.rules == (rule,)
