"""The same counts on Spark: run by `make test-spark`, skipped where Spark or Java is not there."""

from __future__ import annotations

import importlib.util
import random
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from exchange.errors import ExchangeError
from exchange.inspection.counting import count
from exchange.inspection.engine import Frame
from exchange.inspection.reader import Column
from exchange.profile import ColumnType
from tests.exchange.inspection.tables import (
    COLUMNS,
    COUNTED,
    FAULTS,
    FLAGGED,
    ROWS,
    WRITTEN,
    WRITTEN_COLUMNS,
    WRITTEN_COUNTED,
    Row,
    after,
    expected,
    on_duckdb,
    on_polars,
)

_WITHOUT = [name for name in ("pyspark",) if importlib.util.find_spec(name) is None]
_WITHOUT += [name for name in ("java",) if shutil.which(name) is None]
pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(bool(_WITHOUT), reason=f"{' and '.join(_WITHOUT)} not installed"),
    # What Spark's own client leaves open or calls by old names is not ours to mend.
    pytest.mark.filterwarnings("ignore"),
]
TYPES = {
    ColumnType.INTEGER: "bigint",
    ColumnType.TEXT: "string",
    ColumnType.TIMESTAMP: "timestamp_ntz",
    ColumnType.DECIMAL: "double",
    ColumnType.BOOLEAN: "boolean",
}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def on_spark(
    spark: Any, rows: Sequence[tuple[Any, ...]], columns: Sequence[Column] = COLUMNS
) -> Frame:
    schema = ", ".join(f"c{i} {TYPES[each.type]}" for i, each in enumerate(columns))
    return Frame(spark.createDataFrame(list(rows), schema), columns)


def test_spark_counts_what_a_person_counts(spark: Any) -> None:
    told = expected(*(told for told, _ in (*COUNTED, *FLAGGED, *FAULTS)))
    found = count(on_spark(spark, ROWS), told)
    counted = [counts for _, counts in COUNTED]
    assert [(each.numerator, each.denominator) for each in found[: len(counted)]] == counted
    assert [each.flags for each in found if each.flags] == [flags for _, flags in FLAGGED]
    assert found == count(on_polars(ROWS), told)


def test_spark_counts_numbers_as_they_are_written(spark: Any) -> None:
    found = count(
        on_spark(spark, WRITTEN, WRITTEN_COLUMNS), expected(*(told for told, _ in WRITTEN_COUNTED))
    )
    counted = [(each.numerator, each.denominator) for each in found]
    assert counted == [counts for _, counts in WRITTEN_COUNTED]


def test_spark_duckdb_and_polars_count_alike(spark: Any) -> None:
    chance = random.Random(20260105)  # noqa: S311 - rows, not secrets
    texts = [None, "", "x\n", "站", "4111111111111111", "91370200MA00000015", "2024-02-29", "-1"]
    numbers = [None, 0.0, -0.0, 2.5, float("nan"), float("inf"), 1e18, 0.1 + 0.2]
    rows: list[Row] = [
        (
            chance.choice([None, 0, 1, 2, 9074729, 366053209, 2**62, -(2**62)]),
            chance.choice([*texts, str(chance.randrange(10**18))]),
            chance.choice([None, after(chance.randrange(24)), after(chance.random() * 24)]),
            chance.choice([*numbers, chance.uniform(-100, 100)]),
            chance.choice([None, "a", "b", "c"]),
            chance.choice([None, True, False]),
        )
        for _ in range(500)
    ]
    told = expected(*(told for told, _ in (*COUNTED, *FLAGGED, *FAULTS)))
    on_one_machine = count(on_polars(rows), told)
    with on_duckdb(rows) as frame:
        assert count(frame, told) == on_one_machine
    assert count(on_spark(spark, rows), told) == on_one_machine


def test_a_session_in_another_zone_is_refused(spark: Any) -> None:
    zone = "spark.sql.session.timeZone"
    spark.conf.set(zone, "Asia/Shanghai")
    try:
        with pytest.raises(ExchangeError, match="Asia/Shanghai: instants are counted in UTC"):
            on_spark(spark, ROWS)
    finally:
        spark.conf.set(zone, "UTC")
