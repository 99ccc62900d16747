"""One seam for three engines: the same narwhals expressions over DuckDB, Polars and Spark.

A `Frame` has columns `c0`, `c1`, … of five types alone, in which the engines agree: 64-bit whole
numbers, doubles, text, booleans, and instants as whole microseconds since 1970 (UTC), because
each engine has its own idea of a time zone.  A missing cell is null, never NaN and never
infinite.  What differs between the engines stands in this module and nowhere else: how
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import narwhals as nw

from exchange.errors import ExchangeError
from exchange.inspection import criteria
from exchange.inspection.reader import Column
from exchange.patterns import digits_alone
from exchange.profile import ColumnType

DUCKDB: Final = nw.Implementation.DUCKDB
POLARS: Final = nw.Implementation.POLARS
# Keys told apart by a bit each: that costs less than to hash them, and takes 32 MB at most.
_BITS_OF_A_ROW: Final = 8
_BITS_MAX: Final = 2**28
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
        self._implementation = implementation
        self._kinds = {f"c{i}": column.type for i, column in enumerate(columns)}
        self._fetch = _FETCH[implementation]
        with_numbers = nw.from_native(_instants_as_numbers(native, columns, implementation)).lazy()
        self.rows: nw.LazyFrame[Any] = with_numbers.select(
            *(_agreed(i, column).alias(f"c{i}") for i, column in enumerate(columns))
        )

    def how_many(self, condition: nw.Expr) -> nw.Expr:
        """Ask how many rows keep a condition."""
        # Polars counts the bits of a condition; Spark adds no conditions up.
        return (condition if self._implementation is POLARS else condition.cast(nw.Int64)).sum()

    def matching(self, name: str, pattern: str) -> nw.Expr:
        """Return whether a text, or a number as it is spelt, is all of a pattern.

        In Polars, so many digits and nothing else are read as a number, which takes a third of the
        time: no other text is one but digits behind a plus.
        """
        digits = digits_alone(pattern)
        if self._kinds[name] is ColumnType.TEXT and self._implementation is POLARS and digits:
            return self._of_digits(name, digits)
        return criteria.matches(criteria.text_of(nw.col(name), self._kinds[name]), pattern)

    def _of_digits(self, name: str, count: int) -> nw.Expr:
        import polars as pl  # noqa: PLC0415 - an extra, there where a frame of it is

        text, asked = pl.col(name), f"{name}_of_{count}_digits"
        number = text.cast(pl.UInt64, strict=False)
        # A plus sorts before the digits, and to compare takes a quarter of looking for it.
        told = (text.str.len_bytes() == count) & number.is_not_null() & (text >= "0")
        return self._beside(told, asked)

    def rising(self, name: str) -> nw.Expr | None:
        """Return whether a key is greater than the one before it, as those of a log are.

        None where the engine has no order of rows.  Keys of which all but the first are so, none
        missing, all differ, and need not be hashed.
        """
        if self._implementation is not POLARS or self._kinds[name] is ColumnType.BOOLEAN:
            return None
        import polars as pl  # noqa: PLC0415 - an extra, there where a frame of it is

        key = pl.col(name)
        return self._beside(key > key.shift(1), f"{name}_rises")

    def _beside(self, told: Any, name: str) -> nw.Expr:  # noqa: ANN401 - an expression of Polars
        """Have a column more, which Polars works out and narwhals has no word for."""
        self.rows = nw.from_native(self.rows.to_native().with_columns(told.alias(name)))
        return nw.col(name)

    def keys(self, names: Sequence[str]) -> tuple[int, int]:
        """Count the different keys that these columns hold, and the rows that hold a whole one.

        The counts are exact; where DuckDB can tell keys apart in one pass, it hashes none.
        """
        there = self.rows.filter(*(~nw.col(name).is_null() for name in names))
        if self._implementation is DUCKDB and len(names) == 1:
            found = _as_bits(there.to_native(), names[0], self._kinds[names[0]])
            if found is not None:
                return found
        each = there.group_by(*names).agg(nw.len().alias("rows"))
        keys, rows = self.one(
            each.select(nw.len().alias("keys"), nw.col("rows").sum().alias("all"))
        )
        return keys, rows

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


def _as_bits(relation: Any, name: str, kind: ColumnType) -> tuple[int, int] | None:  # noqa: ANN401 - of DuckDB
    """Set a bit for every whole number that is there, and count the bits: nothing is hashed.

    None where there would be more bits than pay.
    """
    if kind is not ColumnType.INTEGER:
        return None
    low, high, rows = relation.aggregate(f"min({name}), max({name}), count({name})").fetchall()[0]
    if not rows:
        return 0, 0
    if high - low >= min(_BITS_OF_A_ROW * rows, _BITS_MAX):
        return None
    bits = f"bit_count(bitstring_agg({name}, ({low})::BIGINT, ({high})::BIGINT))"
    return relation.aggregate(bits).fetchall()[0][0], rows


_FETCH: Final[dict[nw.Implementation, Any]] = {
    DUCKDB: lambda relation: relation.fetchall()[0],
    POLARS: lambda frame: frame.collect().row(0),
    **dict.fromkeys(SPARK, lambda frame: frame.collect()[0]),
}
