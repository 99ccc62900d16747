"""The spec sheet as a document: HTML, PDF, JSON and TOML of one dossier."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from exchange.documents import DocumentKind
from exchange.dossier import Dossier, Sampled
from exchange.errors import BadField, NotFound
from exchange.formats import typesetting
from exchange.formats.sheet_file import load_sheet
from exchange.formats.spec_sheet import FORMS, LANGUAGES, export_sheet, paper
from exchange.formats.spec_sheet.blocks import Pairs, Table, Words
from exchange.formats.spec_sheet.layout import lay_out, qr_text
from exchange.formats.spec_sheet.record import json_schema
from exchange.formats.spec_sheet.words import WORDS
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
