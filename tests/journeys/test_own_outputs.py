"""Nothing that the exchange writes of a file full of persons holds one of them.

The file is drawn from the labelled generators.  Whatever comes of registering, reviewing, refusing
and explaining it is gathered: replies, pages, sheets in every form, logs, the bundle for auditors,
and every text in the database.  No value of the file stands in any of it, and our own detectors,
which judge more than these very values, find nobody in it either.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from exchange.errors import NotCompliant
from exchange.formats.spec_sheet import FORMS, LANGUAGES, export_sheet
from exchange.inspection import discover_detectors, discover_readers, inspect
from exchange.profile import PERSONAL_KINDS, SensitiveKind
from exchange.records import to_record
from exchange.services.audit_provenance import export_bundle
from exchange.services.compile_dossier import compile_dossier
from exchange.services.draw_sample import draw_sample
from exchange.services.explain_listing import explain_product
from exchange.venue import DATABASE
from exchange.web import create_app
from ledger.canonical import encode
from tests.exchange.floor import NOTICE, SHEET, Hall, open_hall, sheet
from tests.exchange.inspection.labelled.draw import Draw

ROWS = 120
# What the supplier declares so that buyers may write to it.
DECLARED = (SHEET["contact"], SHEET["duties"]["complaints"], SHEET["duties"]["security_contact"])
# Of persons, as far as a number or a mailbox names one outright.
IDENTIFIERS = PERSONAL_KINDS - {
    *(SensitiveKind.PERSON_NAME, SensitiveKind.ADDRESS, SensitiveKind.COORDINATES),
    *(SensitiveKind.TRACE, SensitiveKind.HEALTH, SensitiveKind.BIOMETRIC),
}


def persons() -> dict[str, list[str]]:
    """Return columns of persons; the last hides its numbers in remarks."""
    d = Draw("own outputs", ROWS)
    columns = {
        "姓名": d.each(d.name),
        "身份证号": d.each(d.resident_id),
        "手机号": d.each(d.mobile),
        "银行卡号": d.each(d.card),
        "护照": d.each(d.passport),
        "车牌": d.each(d.plate),
        "邮箱": d.each(d.mailbox),
        "住址": d.each(d.address),
        "c9": d.each(d.resident_id),  # no name tells what it is
    }
    return columns | {
        "备注": [f"联系{d.name()}，电话{d.mobile()}，证件{d.resident_id()}。" for _ in range(ROWS)]
    }


def written(columns: Mapping[str, list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def texts_of(database: Path) -> Iterator[tuple[str, str]]:
    """Yield every text of every table, named by where it stands."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - its own names
            names = [column[0] for column in rows.description]
            for row in rows:
                for name, value in zip(names, row, strict=True):
                    text = as_text(value)
                    if text:
                        yield f"{table}.{name}", text
    finally:
        connection.close()


def as_text(value: object) -> str:
    """Return what a cell says; what is no text, as a fingerprint is none, says nothing."""
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            return ""
    return value if isinstance(value, str) and "\0" not in value else ""


def paper_text(pdf: bytes, folder: Path) -> str:
    """Return what stands in a PDF, by the reader of the system."""
    file = folder / "sheet.pdf"
    file.write_bytes(pdf)
    reader = shutil.which("pdftotext") or ""
    made = subprocess.run([reader, str(file), "-"], capture_output=True, check=True)
    return made.stdout.decode()


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return everything that was written of the file, by where it stands."""
    folder = tmp_path_factory.mktemp("outputs")
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with open_hall(folder / "exchange", store="sqlite") as hall:
            found = dict(journey(hall, folder))
        for n, (place, text) in enumerate(texts_of(folder / "exchange" / DATABASE)):
            found[f"{place} {n}"] = text
        log = folder / "exchange" / "log"
        for file in log.rglob("*") if log.is_dir() else ():
            found[str(file)] = file.read_text(errors="ignore")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return found | {"log": heard.getvalue()}


def journey(hall: Hall, folder: Path) -> Iterator[tuple[str, str]]:
    """Register the persons, have them reviewed and refused, and yield what everybody is told."""
    columns = persons()
    registered = hall.register("客户.csv", written(columns))
    number = hall.number = registered.number
    described = [{"name": name, "meaning": "客户资料"} for name in columns]
    expected = [
        {"check": "unique", "key": ["身份证号"]},
        {"check": "code-table", "column": "c9", "values": ["无"]},
    ]
    declared = sheet(
        content={"fields": described},
        personal_data={"contained": True, "legal_basis": "consent"},
        physical=SHEET["physical"] | {"rows": ROWS},
        quality=expected,
    )
    hall.supplier.submit_sheet(number, declared)
    drawn = draw_sample(number, reader=hall.participant("expert"), floor=hall.floor)
    yield "the expert's sample", encode(to_record(drawn)).decode()
    hall.attest()
    hall.review()
    hall.advance(seconds=NOTICE)
    with pytest.raises(NotCompliant) as refused:
        hall.supplier.list(number)
    yield "the refusal", str(refused.value)
    with hall.floor.read() as work:
        product = work.products.get(number)
        explained = explain_product(product, work=work, floor=hall.floor)
        dossier = compile_dossier(product, work=work, floor=hall.floor)
    yield "the explanation", repr(explained.reasons)
    yield "the review", encode(to_record(explained.review)).decode()
    for form in FORMS:
        for language in LANGUAGES if FORMS[form].spoken else LANGUAGES[:1]:
            if form == "pdf":
                if shutil.which("pdftotext"):
                    made = export_sheet(dossier, form, language)
                    yield f"pdf {language}", paper_text(made, folder)
                continue
            yield f"{form} {language}", export_sheet(dossier, form, language).decode()
    client = create_app(hall.venue).test_client()
    for page in ("", f"products/{number}", f"products/{number}/sheet", "audit", "participants"):
        for language in LANGUAGES:
            yield f"/{page} {language}", client.get(f"/{page}?lang={language}").text
    for page in ("explain", "quality"):
        yield f"/{page}", client.get(f"/products/{number}/{page}?lang=en").text
    export_bundle(folder / "bundle", floor=hall.floor, disclose=True)
    for file in (folder / "bundle").rglob("*"):
        if file.is_file():
            yield f"bundle {file.name}", file.read_text(errors="ignore")


def test_the_journey_wrote_what_it_is_about(outputs: dict[str, str]) -> None:
    places = {place.partition(" ")[0] for place in outputs}
    assert {"bundle", "html", "json", "toml", "log", "ledger_entry.body", "product.name"} <= places
    assert "身份证号" in outputs["html zh"]
    assert "•••" in outputs["html zh"]
    assert "I-03" in outputs["the refusal"]


@pytest.mark.parametrize("column", list(persons()))
def test_no_value_of_the_file_stands_in_anything_written(
    outputs: dict[str, str], column: str
) -> None:
    values = [value for value in persons()[column] if len(value) > 3]
    told = {place for place, text in outputs.items() if any(value in text for value in values)}
    assert told == set()


def test_our_own_detectors_find_nobody_in_anything_written(
    outputs: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "outputs.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for text in outputs.values():
            for mailbox in DECLARED:
                text = text.replace(mailbox, "")  # noqa: PLW2901 - the same text without it
            for line in text.replace("\0", "\n").splitlines():
                for at in range(0, len(line), 20_000):
                    if line[at : at + 20_000].strip():
                        said = f"> {line[at : at + 20_000]}"  # else a cell might be a formula
                        lines.write(json.dumps({"written": said}) + "\n")
    found = inspect(file, readers=discover_readers(), detectors=discover_detectors())
    assert [(each.kind, each.matched) for each in found.sensitive if each.kind in IDENTIFIERS] == []


def test_the_scan_would_find_one_person_among_all_of_it(
    outputs: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "outputs.jsonl"
    said = [line for line in outputs["html zh"].splitlines() if line.strip()]
    said.append(f"<td>{persons()['身份证号'][0]}</td>")
    file.write_text("\n".join(json.dumps({"written": line}) for line in said), encoding="utf-8")
    found = inspect(file, readers=discover_readers(), detectors=discover_detectors())
    assert SensitiveKind.RESIDENT_ID in {each.kind for each in found.sensitive}
