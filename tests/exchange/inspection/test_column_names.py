"""Names of columns that are one to who reads them are refused in every format (F-06)."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import duckdb
import netCDF4
import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exchange.errors import Unreadable
from exchange.inspection.intake import Intake
from exchange.inspection.names import read_name, require_columns
from tests.exchange.inspection.conftest import Inspected

ALIKE = [
    ("Temp", "temp"),
    ("ａ", "a"),
    ("温度（C）", "温度(C)"),
    ("straße", "STRASSE"),
    ("µmol", "μmol"),
    ("area m²", "area m2"),
    ("ｔｅｍｐ", "TEMP"),
]


def delimited(first: str, second: str, folder: Path) -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[first, second], [1, 2], [3, 4]])
    return written(folder / "data.csv", text.getvalue())


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def lines(first: str, second: str, folder: Path) -> Path:
    rows = [json.dumps({first: i, second: i + 1}) for i in range(2)]
    return written(folder / "data.jsonl", "\n".join(rows) + "\n")


def workbook(first: str, second: str, folder: Path) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in ([first, second], [1, 2], [3, 4]):
        book.active.append(row)
    path = folder / "data.xlsx"
    book.save(path)
    return path


def grid(first: str, second: str, folder: Path) -> Path:
    path = folder / "data.nc"
    with netCDF4.Dataset(path, "w") as dataset:
        dataset.createDimension("row", 2)
        for place, name in enumerate((first, second)):
            dataset.createVariable(name, "f8", ("row",))[:] = [place, place + 1]
    return path


@pytest.mark.parametrize("form", [delimited, lines, workbook, grid])
@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_names_that_read_alike_are_refused_naming_both(
    first: str,
    second: str,
    form: object,
    inspected: Inspected,
    tmp_path: Path,
) -> None:
    assert callable(form)
    path = form(first, second, tmp_path)
    with pytest.raises(Unreadable, match="differ in capitals, width or form") as refused:
        inspected(path.read_bytes(), path.name)
    assert refused.value.rules == ("F-06",)
    for name in (first, second):  # a format may hold only what is normal
        assert repr(unicodedata.normalize("NFC", name)) in str(refused.value)


def test_a_schema_that_tells_names_by_their_capitals_is_refused(
    inspected: Inspected, tmp_path: Path
) -> None:
    path = tmp_path / "data.parquet"
    with duckdb.connect() as connection:  # which takes them for one, so that the bytes are turned
        connection.execute(f"COPY (SELECT 1 AS temp, 2 AS temq) TO '{path}' (FORMAT parquet)")
    data = path.read_bytes().replace(b"temq", b"Temp")
    with pytest.raises(Unreadable, match="'temp' and 'Temp' differ in capitals"):
        inspected(data, "data.parquet")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("temp", "temp_2"),
        ("a b", "ab"),
        ("温度", "溫度"),
        ("e", "é"),
        ("0", "O"),
        ("wind u", "wind v"),
    ],
)
@pytest.mark.parametrize("form", [delimited, lines, workbook, grid])
def test_names_that_read_otherwise_stay(
    first: str, second: str, form: object, inspected: Inspected, tmp_path: Path
) -> None:
    assert callable(form)
    path = form(first, second, tmp_path)
    names = [column.name for column in inspected(path.read_bytes(), path.name).columns]
    assert names == [first, second]


names = st.text(
    st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn"]), min_size=1, max_size=6
).filter(str.strip)


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    folder = tmp_path_factory.mktemp("names")
    return Intake(written(folder / "data.csv", "a\n1\n"), scratch=folder)


@given(st.lists(names, min_size=1, max_size=6))
@example(["Σ", "ς"])
@example(["ﬀ", "FF"])
@example(["İ", "i̇"])
def test_names_stay_just_where_no_two_read_alike(intake: Intake, given_names: list[str]) -> None:
    if len({read_name(name) for name in given_names}) < len(given_names):
        with pytest.raises(Unreadable) as refused:
            require_columns(given_names, intake)
        assert refused.value.rules == ("F-06",)
        return
    kept = require_columns(given_names, intake)
    assert len({name.casefold() for name in kept}) == len(given_names)


@given(names)
def test_a_name_reads_like_its_every_form(name: str) -> None:
    read = read_name(name)
    assert read_name(read) == read
    for other in (name.upper(), name.lower(), f" {name} ", unicodedata.normalize("NFKC", name)):
        if other.casefold() == name.casefold() or other.strip() == name.strip():
            assert read_name(other) == read
    assert read_name(unicodedata.normalize("NFKC", name)) == read
    assert read_name(unicodedata.normalize("NFD", name)) == read
