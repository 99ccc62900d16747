"""Texts are read by quick ways that change nothing of what is found."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from unittest.mock import patch

import duckdb
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.errors import Unreadable
from exchange.inspection import inference, structure
from exchange.inspection.intake import Intake
from exchange.profile import ColumnType


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


SPELT = st.sampled_from(
    [
        *("", "null", "NULL", "NaN", "NA", "true", "True", "false", "0", "-1", "+1", " 7 ", "007"),
        *("1.5", ".5", "1e3", "1_000", "0x1F", "inf", "9223372036854775808", "1e999", "x"),
        *(
            "1,5",
            "0,125",
            "1,234",
            "1,234,567",
            "-2,50",
            "1,5e3",
            "1,5e999",
            ",5",
            "01,5",
            "1.234,5",
        ),
        *("2026-01-05", "2026-01-05 00:00:00", "2026-01-05T00:00:00Z", "2026/1/5", "12026-01-05"),
        *("2026-01-05 25:00:00", "2026-01-05 00:00:00+08:00", "0044-03-15 00:00:00 (BC)"),
        *("2026-01-05 00:00:00.5", "infinity", "12026-01-05 00:00:0", "9999-12-31 23:59:59"),
    ]
)


@settings(deadline=None)
@given(st.lists(st.tuples(SPELT, SPELT), min_size=1, max_size=6))
@example([("2026-13-05", "1e999")])
@example([("0,5", "1,5e1")] * 1_001 + [("1.5", "1e999")])
@example([("1", "2026-01-05 00:00:00")] * 1_001 + [("x", "2026-01-05T08:00:00+08:00")])
def test_quick_tests_of_cells_change_no_type_and_no_value(
    engine: DuckDBPyConnection, rows: Sequence[tuple[str, str]]
) -> None:
    engine.execute("CREATE OR REPLACE TABLE source (c0 VARCHAR, c1 VARCHAR)")
    engine.execute(
        "INSERT INTO source SELECT unnest($1), unnest($2)", list(zip(*rows, strict=True))
    )

    def read() -> list[object]:
        engine.execute("DROP TABLE IF EXISTS cells")
        typed = inference.type_cells(engine, "source", 2, comma=True)
        return [typed, *engine.execute("FROM cells").fetchall()]

    slow = [replace(rule, plain="false") for rule in inference._LADDER_WITH_COMMA]
    quick = read()
    with (
        patch.object(inference, "_LADDER", [*slow[:-2], slow[-1]]),
        patch.object(inference, "_LADDER_WITH_COMMA", slow),
        patch.object(inference, "_load_known", return_value=False),
    ):
        assert read() == quick


@pytest.mark.parametrize("rule", inference._LADDER_WITH_COMMA)
def test_no_cell_is_looked_up_in_a_table_of_what_is_missing(
    engine: DuckDBPyConnection, rule: inference._Rule
) -> None:
    """The engine joins the cells with a list of more than a few, which takes as long as a cast."""
    absent = rule.absent.replace("CELL", "c0")
    engine.execute("CREATE OR REPLACE TABLE source AS SELECT unnest(['x', '', 'N/A', NULL]) AS c0")
    asked = f"SELECT count(*) FILTER (WHERE {absent}) FROM source"  # noqa: S608 - our own rule
    ((_, plan),) = engine.execute(f"EXPLAIN {asked}").fetchall()
    assert "join" not in plan.lower()
    ((missing,),) = engine.execute(asked).fetchall()
    assert missing == (2 if rule.kind is ColumnType.TEXT else 3)


TEXTS = st.text(st.sampled_from('a",\r\n\0é'), max_size=24)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 8))
@example('"a\r\n",b\r\n', 3)
@example('a"b\n', 1)
@example('"a"b\n', 2)
def test_pieces_of_any_size_are_one_text(
    tmp_path_factory: pytest.TempPathFactory, body: str, size: int
) -> None:
    text = f"x,y\n{body}".encode()
    path = tmp_path_factory.getbasetemp() / "pieces.csv"
    path.write_bytes(text)

    def examined(pieces: Sequence[bytes]) -> structure.Structure | str:
        with Intake(path, scratch=path.parent) as intake:
            try:
                return structure.examine(pieces, intake)
            except Unreadable as error:
                return str(error)

    whole = examined([text])
    parts = examined([text[i : i + size] for i in range(0, len(text), size)])
    assert isinstance(parts, str) == isinstance(whole, str)
    if isinstance(whole, structure.Structure):
        assert parts == whole
        read = list(csv.reader(io.StringIO(text.decode(), newline=""), strict=True))
        rows = [row for row in read if row]
        assert whole.records == len(rows) - 1
        assert Counter(map(len, rows)) == Counter({2: len(rows)})
