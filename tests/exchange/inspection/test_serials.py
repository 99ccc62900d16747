"""Random numbers as long as those of persons and cards: none is taken for one, in many millions."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from stdnum.cn import ric

from exchange.inspection import discover_readers, inspect
from exchange.profile import SensitiveKind

pytestmark = pytest.mark.slow

ROWS = 1_000_000
COLUMNS = 5  # of twenty in each file, so that the files need not fit into memory together
# Two draws of 53 bits: one alone leaves the last of nineteen digits to the rounding of doubles.
SERIAL = (
    "CAST(floor(random() * 9e{high} + 1e{high}) AS BIGINT) * 1000000000"
    " + CAST(floor(random() * 1e9) AS BIGINT)"
)


@pytest.mark.parametrize("kind", ["BIGINT", "VARCHAR"])
@pytest.mark.parametrize("digits", [18, 19])
def test_no_column_of_a_million_random_serial_numbers_is_flagged(
    tmp_path: Path, digits: int, kind: str
) -> None:
    # Of nineteen digits, those that a whole number of eight bytes holds: a nine is too many.
    serial = SERIAL.format(high=digits - 10).replace("9e9", "8e9")
    columns = ", ".join(f"CAST({serial} AS {kind}) AS serial_{i}" for i in range(COLUMNS))
    path = tmp_path / "serials.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"SELECT setseed({digits / 100})").fetchall()
        connection.execute(f"COPY (SELECT {columns} FROM range({ROWS})) TO '{path}'")  # noqa: S608
    profile = inspect(path, readers=discover_readers())
    assert profile.rows == ROWS
    assert [column.distinct > 0.99 * ROWS for column in profile.columns] == [True] * COLUMNS
    assert profile.sensitive == ()


def test_one_identity_number_in_a_million_rows_is_found(tmp_path: Path) -> None:
    body = "32050519900307123"
    number = body + ric.calc_check_digit(body + "0")
    path = tmp_path / "needle.csv"
    with duckdb.connect() as connection:
        cell = f"CASE WHEN i = 617283 THEN '已核对{number}' ELSE '第' || i || '批已处理' END"
        connection.execute(f"COPY (SELECT i, {cell} AS note FROM range({ROWS}) t(i)) TO '{path}'")  # noqa: S608
    found = inspect(path, readers=discover_readers()).sensitive
    assert [(each.column, each.kind, each.matched, each.certain) for each in found] == [
        ("note", SensitiveKind.RESIDENT_ID, 1, True)
    ]
