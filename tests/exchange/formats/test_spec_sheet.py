"""The spec sheet as a document: HTML, PDF, JSON and TOML of one dossier."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from exchange.documents import DocumentKind
from exchange.dossier import Checked, Dossier, Sampled
from exchange.errors import BadField, NotFound
from exchange.expectations import GrossRange, Matches, NoGap, Unique
from exchange.formats import typesetting
from exchange.formats.sheet_file import load_sheet
from exchange.formats.spec_sheet import FORMS, LANGUAGES, export_sheet, paper
from exchange.formats.spec_sheet.blocks import Pairs, Table, Words
from exchange.formats.spec_sheet.field_terms import valid_range
from exchange.formats.spec_sheet.layout import lay_out, qr_text
from exchange.formats.spec_sheet.record import json_schema
from exchange.formats.spec_sheet.words import WORDS
from exchange.quality import measure
from exchange.quality.measured import Flags, Measured, Measurement
from exchange.quality.sampling import Sample
from exchange.services.compile_dossier import compile_dossier
from ledger.canonical import encode
from tests.exchange.floor import SHEET, Hall, open_hall, sheet

HOSTILE = '<script>alert(1)</script> #read("/etc/passwd") $x$ *b* _i_ \\ " \' & {{7*7}}'


def dossier(hall: Hall) -> Dossier:
    with hall.floor.read() as work:
        return compile_dossier(work.products.get(hall.number), work=work, floor=hall.floor)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dossier]:
    with open_hall(tmp_path_factory.mktemp("hall") / "exchange", "listed") as hall:
        for document in hall.attach_the_four():
            hall.verify(document)
        hall.supplier.attach(hall.number, DocumentKind.SOURCE_PROOF, b"x", name="a.txt")
        yield dossier(hall)


@pytest.fixture(scope="module")
def asked(issued: Dossier) -> Dossier:
    """The same, its sheet saying what fields are held to and what is asked of the data."""
    first, second, *others, last = issued.sheet.content.fields
    told = dataclasses.replace(
        last,
        valid_min=Decimal(-2),
        valid_max=Decimal(40),
        standard_name="sea_water_temperature",
        fill_value="-9999",
    )
    free = dataclasses.replace(first, required=False)
    key = dataclasses.replace(second, key=True, required=True)
    content = dataclasses.replace(issued.sheet.content, fields=(free, key, *others, told))
    quality = (
        GrossRange("temperature", Decimal(-2), Decimal(40), at_least=Decimal("0.99")),
        Matches("station", "[A-Z]{2}" * 30),
        NoGap("time", 7_200),
    )
    changed = dataclasses.replace(issued.sheet, content=content, quality=quality)
    counts = (
        Measurement(0, 4, 6, Flags(passed=4, suspect=1, failed=1)),
        Measurement(1, 6, 6),
        Measurement(2, 0, 1, fault="there is no column time"),
    )
    measured = Measured(changed.digest, issued.profile.data, 6, counts)
    report = measure(changed, issued.profile, issued.on, measured=measured)
    return dataclasses.replace(issued, sheet=changed, quality=report)


@pytest.fixture(scope="module")
def hostile(issued: Dossier) -> Dossier:
    """The same with a name, a use case and a supplier that would like to be markup."""
    basic = dataclasses.replace(issued.sheet.basic, name=HOSTILE, name_en=HOSTILE)
    changed = dataclasses.replace(issued.sheet, basic=basic, use_cases=(HOSTILE,))
    party = dataclasses.replace(issued.supplier, name=HOSTILE)
    return dataclasses.replace(issued, sheet=changed, supplier=party, sample=wide(issued, HOSTILE))


def wide(issued: Dossier, cell: str, columns: int = 1) -> Sampled:
    """Return a sample of one row, in which a cell says the same in every column."""
    assert issued.sample is not None
    assert issued.sample.drawn is not None
    shown = Sample(
        columns=tuple(f"column {n}" for n in range(columns)),
        places=(7,),
        rows=((cell,) * columns,),
        masked=(),
    )
    return dataclasses.replace(
        issued.sample, drawn=dataclasses.replace(issued.sample.drawn, sample=shown)
    )


@pytest.fixture(scope="module")
def fonts() -> None:
    """PDFs need fonts of the system; where they are missing, CI must not go on."""
    try:
        typesetting.find_fonts()
    except NotFound as error:
        if os.environ.get("GUAPAI_CI"):
            raise
        pytest.skip(str(error))


class Reader(HTMLParser):
    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data: str) -> None:
        self.text += data


# The layout.


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ten_sections_stand_in_their_order(issued: Dossier, language: str) -> None:
    layout = lay_out(issued, language)
    at = LANGUAGES.index(language)
    assert [each.title for each in layout.sections[:10]] == [
        WORDS[f"s{number}"][at] for number in range(1, 11)
    ]
    assert layout.at == issued.head_at


def cells(found: Dossier, language: str = "en") -> list[str]:
    layout = lay_out(found, language)
    seen = [cell.text for _, cell in (*layout.header, *layout.footer)]
    for section in layout.sections:
        for block in section.blocks:
            if isinstance(block, Pairs):
                seen += [cell.text for _, cell in block.rows]
            elif isinstance(block, Table):
                seen += [cell.text for row in block.rows for cell in row]
    return seen


def test_declared_measured_and_difference_stand_side_by_side(issued: Dossier) -> None:
    physical = dataclasses.replace(issued.sheet.physical, rows=900)
    found = dataclasses.replace(issued, sheet=dataclasses.replace(issued.sheet, physical=physical))
    (table,) = (b for b in lay_out(found, "en").sections[1].blocks if isinstance(b, Table))
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}
    assert rows["Rows"] == ["900", "6", "differs"]
    assert rows["Size in bytes"] == ["—", "290", "—"]
    assert rows["Compression"] == ["—", "none", "—"]
    assert rows["Gaps (all series together)"] == ["—", "0", "—"]


def titled(found: Dossier, section: int, title: str, language: str = "en") -> list[list[str]]:
    """Return the rows of a table by its title."""
    blocks = lay_out(found, language).sections[section].blocks
    (table,) = (b for b in blocks if isinstance(b, Table) and b.title == title)
    return [[cell.text for cell in row] for row in table.rows]


def test_what_completeness_counts_of_a_field_is_shown(asked: Dossier) -> None:
    """D8 and Q3 are filled by fill values and valid ranges, which no reader of paper saw."""
    rows = {row[0]: row[1:] for row in titled(asked, 2, "What each field is held to")}
    assert rows == {
        "time": ["key, required", "—", "—", "—"],
        "longitude": ["—", "—", "118 … 124", "—"],
        "latitude": ["—", "—", "33 … 39", "—"],
        "temperature": ["—", "sea_water_temperature", "-2 … 40", "-9999"],
    }
    (zh, *_) = titled(asked, 2, "各字段的约定", "zh")
    assert zh[1] == "主键、必填"
    said = [b.text for b in lay_out(asked, "en").sections[2].blocks if isinstance(b, Words)]
    assert said[0] == "Of 1 more fields nothing of this is said."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "What the inspection assumed: column t: 2 infinite cells are read as missing"),
        ("zh", "检测时的假定: 列 t：2 个无穷大的单元格按缺测读取"),
    ],
)
def test_what_the_inspection_assumed_is_told(issued: Dossier, language: str, said: str) -> None:
    told = ("column t: 2 infinite cells are read as missing",)
    found = dataclasses.replace(issued, profile=dataclasses.replace(issued.profile, remarks=told))
    blocks = lay_out(found, language).sections[2].blocks
    assert said in [block.text for block in blocks if isinstance(block, Words)]


def test_a_fill_value_that_is_not_the_files_stands_beside_it(asked: Dossier) -> None:
    columns = [dataclasses.replace(each, fill_value="999") for each in asked.profile.columns]
    profile = dataclasses.replace(asked.profile, columns=tuple(columns))
    found = dataclasses.replace(asked, profile=profile)
    rows = {row[0]: row[4] for row in titled(found, 2, "What each field is held to")}
    assert rows["temperature"] == "-9999 (measured 999)"
    assert rows["station"] == "999"


def test_a_sheet_that_holds_its_fields_to_nothing_says_so(issued: Dossier) -> None:
    fields = [
        dataclasses.replace(each, valid_min=None, valid_max=None, required=False)
        for each in issued.sheet.content.fields
    ]
    content = dataclasses.replace(issued.sheet.content, fields=tuple(fields))
    sheet = dataclasses.replace(issued.sheet, content=content)
    blocks = lay_out(dataclasses.replace(issued, sheet=sheet), "en").sections[2].blocks
    assert WORDS["no_terms"][1] in [block.text for block in blocks if isinstance(block, Words)]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(None, None, ""), ("1E+2", None, "≥ 100"), (None, "0.5", "≤ 0.5"), ("-2", "40", "-2 … 40")],
)
def test_a_range_of_one_end_is_shown_as_one(low: str | None, high: str | None, said: str) -> None:
    ends = [None if each is None else Decimal(each) for each in (low, high)]
    assert valid_range(*ends) == said


def test_every_dimension_says_what_was_counted(asked: Dossier) -> None:
    rows = {row[0]: row[1:] for row in titled(asked, 7, "Quality")}
    assert rows["Accuracy"] == ["0.6667", "4 / 6", "gross-range of temperature: -2 to 40"]
    assert rows["Consistency"][2] == "rows that repeat no other, of all rows"
    (zh,) = [row for row in titled(asked, 7, "质量", "zh") if row[0] == "准确性"]
    assert zh[3] == "总范围（temperature）：-2 至 40"


def test_what_is_asked_stands_with_its_count_undertaking_and_flags(asked: Dossier) -> None:
    rows = titled(asked, 7, "What is asked of the data, and every count")
    assert [
        "Accuracy",
        "gross-range of temperature: -2 to 40",
        "4 / 6",
        "0.6667",
        "0.99",
        "1\u00a0pass:\u00a04, 3\u00a0suspect:\u00a01, 4\u00a0fail:\u00a01",
    ] in rows
    (pattern,) = [row for row in rows if row[1].startswith("pattern")]
    assert len(pattern[1]) == 90
    assert pattern[5] == "—"
    (gap,) = [row for row in rows if row[1].startswith("gap")]
    assert gap[1:5] == ["gap of time: 7200 s (there is no column time)", "0 / 1", "0.0000", "1"]
    tones = {
        row[1].text: row[3].tone
        for block in lay_out(asked, "en").sections[7].blocks
        if isinstance(block, Table) and len(block.columns) == 6
        for row in block.rows
        if block.title.startswith("What is asked")
    }
    assert tones["gross-range of temperature: -2 to 40"] == "stop"
    assert tones["rows that repeat no other, of all rows"] == "plain"


def test_what_was_not_counted_is_not_measurable(asked: Dossier) -> None:
    """An expectation that nobody counted yet, and one without flags, which leaves their column."""
    sheet = dataclasses.replace(asked.sheet, quality=(Matches("station", "[A-Z]{2}"),))
    report = measure(sheet, asked.profile, asked.on)
    found = dataclasses.replace(asked, sheet=sheet, quality=report)
    rows = titled(found, 7, "What is asked of the data, and every count")
    assert ["Normativity", "pattern of station: [A-Z]{2}", "—", "not measurable", "1"] in rows


def test_what_no_such_data_breaks_is_told_to_be_weak(asked: Dossier) -> None:
    (first,) = [each.name for each in asked.profile.columns if each.name == "station"]
    easy = Unique((first,), Decimal("0.1"))
    sheet = dataclasses.replace(asked.sheet, quality=(easy,), content=asked.sheet.content)
    unranged = [
        dataclasses.replace(each, valid_min=None, valid_max=None) for each in sheet.content.fields
    ]
    content = dataclasses.replace(sheet.content, fields=tuple(unranged))
    sheet = dataclasses.replace(sheet, content=content)
    report = measure(sheet, asked.profile, asked.on)
    found = dataclasses.replace(asked, sheet=sheet, quality=report)
    said = "unique of station (weak: it undertakes less than 0.95)"
    assert said in [row[3] for row in titled(found, 7, "Quality")]
    assert said in [
        row[1] for row in titled(found, 7, "What is asked of the data, and every count")
    ]
    assert "唯一（station） (薄弱：承诺低于 0.95)" in [r[3] for r in titled(found, 7, "质量", "zh")]


def test_where_nothing_is_asked_no_table_of_it_is_set(issued: Dossier) -> None:
    titles = [b.title for b in lay_out(issued, "en").sections[7].blocks if isinstance(b, Table)]
    assert titles[-1] == "Quality"


def sampled(found: Dossier) -> list[Table]:
    blocks = lay_out(found, "en").sections[2].blocks
    return [b for b in blocks if isinstance(b, Table) and b.columns[0] == "Row"]


def test_the_sample_is_shown_with_the_places_of_its_rows(issued: Dossier) -> None:
    assert issued.sample is not None
    assert issued.sample.drawn is not None
    (table,) = sampled(issued)
    assert table.title == "Sample: rows drawn by the notice on the chain (6)"
    assert table.columns[1:] == ("station", "time", "longitude", "latitude", "temperature")
    assert [cell.text for cell in table.rows[0]] == [
        *("1", "QD", "2026-01-04 00:00:00", "120.31", "36.05", "6.1")
    ]
    assert dict(lay_out(issued, "en").footer)["Sample (SHA-256)"].text == issued.sample.digest


def test_a_wide_sample_stands_in_tables_that_fit_and_none_is_endless(issued: Dossier) -> None:
    found = dataclasses.replace(issued, sample=wide(issued, "x" * 100, 50))
    tables = sampled(found)
    assert [name for table in tables for name in table.columns[1:]] == [
        f"column {n}" for n in range(40)
    ]
    assert all(sum(table.widths) <= 112 for table in tables)
    assert "10 more columns: see the JSON." in [
        block.text for block in lay_out(found, "en").sections[2].blocks if isinstance(block, Words)
    ]


def test_a_version_without_a_sample_says_so(issued: Dossier) -> None:
    found = dataclasses.replace(issued, sample=None)
    assert not sampled(found)
    assert "No sample was drawn for this version" in export_sheet(found, "html", "en").decode()
    assert b"# " + issued.number.encode() in export_sheet(found, "toml", "en")


def test_the_sample_in_the_json_has_the_digest_that_stands_on_the_chain(issued: Dossier) -> None:
    told = json.loads(export_sheet(issued, "json", "en"))["dossier"]["sample"]
    assert hashlib.sha256(encode(told["drawn"])).hexdigest() == told["digest"]


def test_the_sample_in_the_toml_is_a_remark_on_one_line_a_row(hostile: Dossier) -> None:
    found = dataclasses.replace(hostile, sample=wide(hostile, 'a"\n[basic]\nname = "b"'))
    lines = export_sheet(found, "toml", "en").decode().splitlines()
    at = next(n for n, line in enumerate(lines) if "not declared: sample" in line)
    assert lines[at + 1 :] == ['# ["row", "column 0"]', json_line(8, 'a"\n[basic]\nname = "b"')]


def json_line(*cells: object) -> str:
    return f"# {json.dumps(cells, ensure_ascii=False)}"


def test_the_four_documents_and_their_verifiers_are_named(issued: Dossier) -> None:
    (table, *_) = (b for b in lay_out(issued, "en").sections[7].blocks if isinstance(b, Table))
    assert [row[0].text for row in table.rows] == [
        WORDS[str(kind)][1] for kind in DocumentKind if kind.is_one_of_the_four
    ]
    assert {row[1].text for row in table.rows} == {"verified"}
    assert all(row[3].text == "示范数据交易所" for row in table.rows)


def test_a_missing_document_is_said_to_be_missing(issued: Dossier) -> None:
    found = dataclasses.replace(issued, papers=())
    layout = lay_out(found, "zh")
    assert layout.notice.text.startswith("尚未签发，缺：合规评估、")
    assert layout.badge.tone == layout.notice.tone == "stop"
    assert cells(found, "zh").count("未提交") == 4


def test_the_code_names_product_sheet_entry_and_checkpoint(issued: Dossier) -> None:
    lines = qr_text(issued).splitlines()
    assert lines[:2] == [f"guapai:{issued.number}", f"sheet={issued.version.digest}"]
    assert lines[3] == f"entry={issued.version.leaf}"
    assert paper.picture(qr_text(issued)).startswith("<svg")


def test_the_code_is_said_to_hold_a_checkpoint_where_it_does(issued: Dossier) -> None:
    bare = dataclasses.replace(issued, checkpoint=None)
    signed = dataclasses.replace(issued, checkpoint=Checked(9, "a" * 64))
    assert lay_out(bare, "en").code_words == "Code, digest and entry"
    assert lay_out(signed, "en").code_words == "Code, digest and checkpoint"
    assert "checkpoint=9:" in qr_text(signed)


@pytest.mark.parametrize(
    ("licence", "language", "zh", "en"),
    [
        ("proprietary", "en", ["英文", "专有许可"], ["English", "proprietary"]),
        ("CC-BY-4.0", "fr", ["fr", "CC-BY-4.0"], ["fr", "CC-BY-4.0"]),
    ],
)
def test_language_and_licence_are_said_in_the_readers_words(
    issued: Dossier, licence: str, language: str, zh: list[str], en: list[str]
) -> None:
    basic = dataclasses.replace(issued.sheet.basic, language=language)
    sheet = dataclasses.replace(issued.sheet, basic=basic, licence=licence)
    for spoken, said in (("zh", zh), ("en", en)):
        layout = lay_out(dataclasses.replace(issued, sheet=sheet), spoken)
        told: dict[str, str] = {}
        for section in layout.sections:
            for block in section.blocks:
                if isinstance(block, Pairs):
                    told |= {label: cell.text for label, cell in block.rows}
        place = LANGUAGES.index(spoken)
        assert [told[WORDS[key][place]] for key in ("language", "licence")] == said


def test_in_the_middle_of_a_line_no_word_has_a_capital(issued: Dossier) -> None:
    blocks = lay_out(issued, "en").sections[7].blocks
    (acts,) = (b for b in blocks if isinstance(b, Table) and b.title.startswith("Approvals"))
    said = " ".join(row[2].text for row in acts.rows)
    assert "; until 20" in said
    assert "; rule pack " in said


def test_nothing_confidential_is_laid_out(issued: Dossier) -> None:
    """The names of files and of issuers behind evidence stay with those who may see them."""
    for form in ("html", "json"):
        assert b"a.txt" not in export_sheet(issued, form, "zh")


# HTML.


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_from_elsewhere(issued: Dossier, language: str) -> None:
    page = Reader(export_sheet(issued, "html", language))
    assert page.links == []
    assert "script" not in page.tags
    assert issued.number in page.text
    assert {"article", "h1", "h2", "table", "svg"} <= set(page.tags)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_would_be_markup_is_text_in_the_page(hostile: Dossier, language: str) -> None:
    page = Reader(export_sheet(hostile, "html", language))
    assert "script" not in page.tags
    assert page.text.count(HOSTILE) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_each_cell_says_which_column_it_is_of(issued: Dossier, language: str) -> None:
    text = export_sheet(issued, "html", language).decode()
    tables = [
        block
        for section in lay_out(issued, language).sections
        for block in section.blocks
        if isinstance(block, Table)
    ]
    stacked = re.findall(r'<div class="wide stack" tabindex="0"><table>(.*?)</table>', text)
    assert len(stacked) == len(tables) > 3
    for shown, table in zip(stacked, tables, strict=True):
        _, *rows = re.findall(r"<tr>(.*?)</tr>", shown)
        assert len(rows) == len(table.rows)
        for row in rows:
            cells = re.findall(r"<td([^>]*)>", row)
            labels = [re.findall(r'data-label="([^"]*)"', cell) for cell in cells]
            assert labels == [[], *([escape(name)] for name in table.columns[1:])]
    assert "@media screen and (max-width:40rem){.stack table{min-width:0" in text


def test_a_hostile_name_of_a_column_is_no_markup_in_a_label(issued: Dossier) -> None:
    assert issued.sample is not None
    assert issued.sample.drawn is not None
    name = '"><script>'
    shown = Sample(columns=("a", name), places=(7,), rows=(("1", "2"),), masked=())
    drawn = dataclasses.replace(issued.sample.drawn, sample=shown)
    sampled = dataclasses.replace(issued.sample, drawn=drawn)
    page = Reader(export_sheet(dataclasses.replace(issued, sample=sampled), "html", "zh"))
    assert "script" not in page.tags
    assert name in page.text


# JSON and its schema.


def test_the_record_is_what_the_schema_says(issued: Dossier) -> None:
    schema = json_schema()
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    record = json.loads(export_sheet(issued, "json", "zh"))
    validator(schema).validate(record)
    assert record["issued"] is True
    assert record["dossier"]["sheet"] == json.loads(json.dumps(record["dossier"]["sheet"]))


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.pop("dossier"),
        lambda record: record.update(surprise=1),
        lambda record: record["dossier"]["sheet"].pop("basic"),
        lambda record: record["dossier"]["sheet"]["basic"].update(surprise="x"),
        lambda record: record["dossier"]["sheet"].update(grade="harmless"),
        lambda record: record["dossier"]["sheet"]["price"].update(amount="1000.00 CNY"),
        lambda record: record["dossier"]["sheet"]["conditions"].update(term_days=0),
    ],
)
def test_the_schema_refuses_what_is_no_sheet(issued: Dossier, change: object) -> None:
    record = json.loads(export_sheet(issued, "json", "zh"))
    change(record)  # type: ignore[operator]
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(record)


# TOML.


def test_the_declared_part_read_again_is_the_same_sheet(issued: Dossier, tmp_path: Path) -> None:
    file = tmp_path / "sheet.toml"
    file.write_bytes(export_sheet(issued, "toml", "zh"))
    again, documents = load_sheet(file, identify=lambda handle: handle)
    assert (again.digest, documents) == (issued.version.digest, [])


def test_a_sheet_that_says_everything_is_read_again(issued: Dossier, tmp_path: Path) -> None:
    everything = sheet(
        basic=SHEET["basic"] | {"description": '两行\n"引号" \\ 与\x7f'},
        physical={
            "update_frequency": "daily",
            "first_collected": "2026-01-04",
            "period": {"start": "2026-01-04", "end": "2026-01-05"},
            "extent": {"west": "119.6", "south": "35", "east": "121", "north": "37"},
        },
        price={
            "mode": "one-off",
            "amount": "1000.00 CNY",
            "trial": {"units": 10, "of": "rows"},
            "plan": {
                "tariff": "usage",
                "parameters": {
                    "ladder": {"tiers": [{"above": 0, "rate": {"amount": "0.10 CNY", "per": 3}}]},
                    "period_max": {"minor": 9_000, "currency": "CNY"},
                },
            },
        },
        approvals={"海洋 approval.1": "a" * 64},
        sharing={"allocator": "fixed", "contributors": [{"participant": "PT-1", "share": 2}]},
    )
    found = dataclasses.replace(issued, sheet=everything)
    file = tmp_path / "sheet.toml"
    file.write_bytes(export_sheet(found, "toml", "zh"))
    assert load_sheet(file, identify=lambda handle: handle)[0] == everything


# PDF.


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_sheet_makes_the_same_bytes_in_every_process(
    issued: Dossier, language: str, tmp_path: Path
) -> None:
    made = export_sheet(issued, "pdf", language)
    assert made.startswith(b"%PDF-")
    assert export_sheet(issued, "pdf", language) == made
    layout = tmp_path / "layout.pickle"
    import pickle  # noqa: PLC0415 - our own value, handed to our own process

    layout.write_bytes(pickle.dumps(lay_out(issued, language)))
    code = (
        "import pathlib, pickle, sys\n"
        "from exchange.formats.spec_sheet.paper import write_pdf\n"
        f"layout = pickle.loads(pathlib.Path({str(layout)!r}).read_bytes())\n"
        "sys.stdout.buffer.write(write_pdf(layout))\n"
    )
    zone = {**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"}
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=zone)
    assert again.stdout == made


@pytest.mark.usefixtures("fonts")
def test_another_sheet_makes_other_bytes(issued: Dossier, hostile: Dossier) -> None:
    made = {
        export_sheet(found, "pdf", language)
        for found in (issued, hostile)
        for language in LANGUAGES
    }
    assert len(made) == 4


@pytest.mark.usefixtures("fonts")
def test_what_would_be_markup_is_text_on_paper(hostile: Dossier) -> None:
    """Had it been read as markup, typst would have looked for the file and failed."""
    assert export_sheet(hostile, "pdf", "en").startswith(b"%PDF-")


def test_the_template_reads_no_file_no_package_and_no_markup_of_others() -> None:
    template = Path(paper.__file__).with_name("sheet.typ").read_text(encoding="utf-8")
    code = re.sub(r"^\s*//.*$", "", template, flags=re.MULTILINE)
    assert not re.search(r"#?(import|include|eval|plugin|read)\b", code)
    assert code.count("sys.inputs") == 1


def test_the_compiler_finds_no_file_beside_it(tmp_path: Path) -> None:
    import typst  # noqa: PLC0415 - for this one

    (tmp_path / "secret.txt").write_text("secret")
    with typesetting._closed_room() as room:
        for source in (
            f'#read("{tmp_path}/secret.txt")',
            '#read("/etc/hostname")',
            '#read("../secret.txt")',
            '#import "@preview/cetz:0.3.4"',
        ):
            main = Path(room) / "main.typ"
            main.write_text(source)
            with pytest.raises(typst.TypstError):
                typst.compile(
                    str(main),
                    format="pdf",
                    root=room,
                    package_path=room,
                    package_cache_path=room,
                    ignore_system_fonts=True,
                )


def test_without_the_fonts_a_pdf_is_refused_and_the_package_named(
    issued: Dossier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(typesetting, "FOLDERS", (tmp_path,))
    with pytest.raises(NotFound, match="install the package fonts-noto-cjk"):
        export_sheet(issued, "pdf", "zh")
    assert export_sheet(issued, "html", "zh")


ORDER = """
#context [#metadata(query(selector(heading).or(table).or(par)).map(it => (
  repr(it.func()), if it.func() == heading { it.level } else { 0 }, it.location().page(),
))) <order>]
"""


def on_paper(found: Dossier, language: str) -> list[tuple[str, int, int]]:
    """Return headings, tables and paragraphs with their level and page, in their order."""
    import typst  # noqa: PLC0415 - for this one

    template = Path(paper.__file__).with_name("sheet.typ").read_bytes() + ORDER.encode()
    value = json.dumps(paper._value(lay_out(found, language)), ensure_ascii=False)
    told = json.loads(
        typst.query(
            template,
            "<order>",
            field="value",
            one=True,
            font_paths=typesetting._fonts(typesetting.find_fonts()),
            ignore_system_fonts=True,
            sys_inputs={"sheet": value},
        )
    )
    return [(sort, level, page) for sort, level, page in told]


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_ends_a_page_and_no_remark_begins_one(asked: Dossier, language: str) -> None:
    """However far down the page the use cases push what follows."""
    for lines in range(1, 42, 4):
        sheet = dataclasses.replace(asked.sheet, use_cases=("one of them",) * lines)
        order = on_paper(dataclasses.replace(asked, sheet=sheet), language)
        assert order[-1][2] > 2
        for (sort, level, page), (then, _, later) in itertools.pairwise(order):
            alone = sort == "heading" and level > 1
            remark = sort == "table" and then == "par"
            assert page == later or not (alone or remark), (lines, sort, level, page)


@pytest.mark.usefixtures("fonts")
def test_a_table_longer_than_a_page_is_set_on_several(asked: Dossier) -> None:
    """Once no table of twelve rows was torn apart, and what did not fit was lost."""
    before = on_paper(asked, "zh")[-1][2]
    fields = [
        dataclasses.replace(each, meaning="水温" * 900) for each in asked.sheet.content.fields
    ]
    content = dataclasses.replace(asked.sheet.content, fields=tuple(fields))
    told = dataclasses.replace(asked, sheet=dataclasses.replace(asked.sheet, content=content))
    assert on_paper(told, "zh")[-1][2] > before + 5


# What there is not.


def test_an_unknown_form_or_language_is_refused(issued: Dossier) -> None:
    with pytest.raises(BadField, match="format: one of html, pdf, json, toml"):
        export_sheet(issued, "docx", "zh")
    with pytest.raises(BadField, match="lang: one of zh, en"):
        export_sheet(issued, "html", "fr")
    assert set(FORMS) == {"html", "pdf", "json", "toml"}


@pytest.mark.parametrize(("form", "words"), [("html", "shown while it is listed"), ("toml", "")])
def test_a_sheet_whose_rows_are_not_shown_says_so(issued: Dossier, form: str, words: str) -> None:
    assert issued.sample is not None
    hidden = dataclasses.replace(issued, sample=dataclasses.replace(issued.sample, drawn=None))
    written = export_sheet(hidden, form, "en").decode()
    assert words in written
    assert "# Drawn and masked" not in written
    assert issued.sample.digest[:12] in written or form == "toml"
