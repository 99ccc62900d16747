"""One seam for three engines: the same narwhals expressions over DuckDB, Polars and Spark.

A `Frame` has columns `c0`, `c1`, … of five types alone, in which the engines agree: 64-bit whole
numbers, doubles, text, booleans, and instants as whole microseconds since 1970 (UTC), because
each engine has its own idea of a time zone.  A missing cell is null, never NaN and never
infinite.  What differs between the engines stands in this module and nowhere else: how instants
become numbers, and how one row of counts is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import narwhals as nw

from exchange.errors import ExchangeError
from exchange.inspection.reader import Column
from exchange.profile import ColumnType

DUCKDB: Final = nw.Implementation.DUCKDB
POLARS: Final = nw.Implementation.POLARS
SPARK: Final = (nw.Implementation.PYSPARK, nw.Implementation.PYSPARK_CONNECT)


class Frame:
    """The rows of one table on one engine; `columns` say what `c0`, `c1`, … are."""

    def __init__(self, native: object, columns: Sequence[Column]) -> None:
        """Take a DuckDB relation, a Polars (lazy) frame or a Spark frame with these columns.

        Raises `ExchangeError` for anything else, and for a Spark session that is not in UTC.
        """
        frame = nw.from_native(native, pass_through=True)
        implementation = getattr(frame, "implementation", None)
        if implementation not in {DUCKDB, POLARS, *SPARK}:
            raise ExchangeError(f"{type(native).__name__} is no frame of DuckDB, Polars or Spark")
        self.columns = tuple(columns)
        self.engine = str(implementation)
        self._fetch = _FETCH[implementation]
        with_numbers = nw.from_native(_instants_as_numbers(native, columns, implementation)).lazy()
        self.rows: nw.LazyFrame[Any] = with_numbers.select(
            *(_agreed(i, column).alias(f"c{i}") for i, column in enumerate(columns))
        )

    def one(self, frame: nw.LazyFrame[Any]) -> tuple[int, ...]:
        """Carry out a query that has one row of counts; what has nothing to sum counts 0."""
        return tuple(int(value or 0) for value in self._fetch(frame.to_native()))


def _agreed(i: int, column: Column) -> nw.Expr:
    cell = nw.col(f"c{i}")
    if column.type is ColumnType.DECIMAL:
        number = cell.cast(nw.Float64)
        return nw.when(number.is_finite()).then(number)
    if column.type in {ColumnType.INTEGER, ColumnType.TIMESTAMP}:
        return cell.cast(nw.Int64)
    return cell


def _instants_as_numbers(
    native: Any,  # noqa: ANN401 - of one of the three engines
    columns: Sequence[Column],
    implementation: nw.Implementation,
) -> Any:  # noqa: ANN401 - the same
    instants = [i for i, column in enumerate(columns) if column.type is ColumnType.TIMESTAMP]
    names = [f"c{i}" for i in range(len(columns))]
    if not instants:
        return native
    if implementation is DUCKDB:
        number = "epoch_us({}) AS {}"
        return native.project(_listed(names, instants, number))
    if implementation is POLARS:
        frame = nw.from_native(native)
        turned = (nw.col(f"c{i}").dt.timestamp("us") for i in instants)
        return frame.with_columns(*turned).to_native()
    zone = native.sparkSession.conf.get("spark.sql.session.timeZone")
    if zone != "UTC":
        raise ExchangeError(f"spark.sql.session.timeZone is {zone}: instants are counted in UTC")
    number = "unix_micros(CAST({} AS TIMESTAMP)) AS {}"
    return native.selectExpr(*_listed(names, instants, number).split(", "))


def _listed(names: Sequence[str], instants: Sequence[int], number: str) -> str:
    return ", ".join(
        number.format(name, name) if i in instants else name for i, name in enumerate(names)
    )


_FETCH: Final[dict[nw.Implementation, Any]] = {
    DUCKDB: lambda relation: relation.fetchall()[0],
    POLARS: lambda frame: frame.collect().row(0),
    **dict.fromkeys(SPARK, lambda frame: frame.collect()[0]),
}
