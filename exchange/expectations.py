"""What a supplier expects of its own data, in a closed vocabulary of checks.

Each expectation belongs to one of the six dimensions of GB/T 36344-2018 and is measured as a
ratio of two counts over all rows.  `at_least` is the ratio that the supplier undertakes, 1
where nothing is said.  A cell that is missing is a matter of `not-missing` alone: every other
check counts the cells that hold a value.

The tests `gross-range`, `spike`, `rate-of-change`, `flat-line`, `location` and `gap` are those of
QARTOD (IOOS, Manual for Real-Time Quality Control of In-situ Temperature and Salinity Data) and
tell a histogram of flags as well: 1 pass, 2 not evaluated, 3 suspect, 4 fail, 9 missing.
"""

# long because: it is one closed vocabulary, and every check is a type of its own

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal

from annotated_types import Ge, Gt, Le, Len
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Discriminator

from exchange.patterns import check_pattern
from exchange.profile import ColumnType
from exchange.records import STRICT

EXPECTATIONS_MAX: Final = 200  # on one sheet
VALUES_MAX: Final = 1_000  # of a code table or a reference set

ColumnName = Annotated[str, Len(1, 200)]
Share = Annotated[Decimal, Ge(0), Le(1)]
# Beyond it neither a 64-bit whole number nor a float tells neighbours apart.
Figure = Annotated[Decimal, Ge(Decimal("-1e18")), Le(Decimal("1e18"))]
Distance = Annotated[Decimal, Ge(0), Le(Decimal("1e18"))]
Seconds = Annotated[int, Gt(0), Le(100 * 366 * 86_400)]
Pattern = Annotated[str, AfterValidator(check_pattern)]
Values = Annotated[tuple[Annotated[str, Len(1, 200)], ...], Len(1, VALUES_MAX)]
Columns = Annotated[tuple[ColumnName, ...], Len(1, 8)]


class Aspect(enum.StrEnum):
    """The six dimensions of GB/T 36344-2018, in the order of the standard."""

    NORMATIVITY = "normativity"
    COMPLETENESS = "completeness"
    ACCURACY = "accuracy"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    ACCESSIBILITY = "accessibility"


class Scheme(enum.StrEnum):
    """Identifiers and dates that tell by themselves whether they are whole.

    GB 32100-2015 (unified social credit code), ISO/IEC 7812-1 annex B (Luhn), IMO resolution
    A.1117(30) (ship number), ITU-R M.585 (maritime identity: no check digit, a leading part that
    says whose it is), ISO 8601 (a calendar date that exists).
    """

    CREDIT_CODE = "credit-code"
    LUHN = "luhn"
    IMO = "imo"
    MMSI = "mmsi"
    DATE = "iso-8601"


class Comparison(enum.StrEnum):
    """How the left column stands to the right."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = "=="
    AT_LEAST = ">="
    GREATER = ">"
    OTHER = "!="


@dataclass(frozen=True, slots=True)
class OfType:
    """Cells read as values of a type: `integer`, `decimal`, `text`, `timestamp` or `boolean`.

    A timestamp is one that the calendar and the clock have, a decimal one that a double holds.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.NORMATIVITY

    column: ColumnName
    type: ColumnType
    at_least: Share = Decimal(1)
    check: Literal["type"] = "type"


@dataclass(frozen=True, slots=True)
class Matches:
    """Cells are what the pattern says, from end to end; see `exchange.patterns`."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.NORMATIVITY

    column: ColumnName
    pattern: Pattern
    at_least: Share = Decimal(1)
    check: Literal["pattern"] = "pattern"


@dataclass(frozen=True, slots=True)
class InCodeTable:
    """Cells are codes of a closed table."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.NORMATIVITY

    column: ColumnName
    values: Values
    at_least: Share = Decimal(1)
    check: Literal["code-table"] = "code-table"


@dataclass(frozen=True, slots=True)
class HasLength:
    """Cells have from `minimum` to `maximum` characters."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.NORMATIVITY

    column: ColumnName
    minimum: Annotated[int, Ge(0), Le(1 << 20)] = 0
    maximum: Annotated[int, Ge(0), Le(1 << 20)] = 1 << 20
    at_least: Share = Decimal(1)
    check: Literal["length"] = "length"

    def __post_init__(self) -> None:
        _in_order(self.minimum, self.maximum)


@dataclass(frozen=True, slots=True)
class NotMissing:
    """Cells hold a value."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.COMPLETENESS

    column: ColumnName
    at_least: Share = Decimal(1)
    check: Literal["not-missing"] = "not-missing"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the steps of a period, both ends included, each has a row."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.COMPLETENESS

    column: ColumnName
    first: AwareDatetime
    last: AwareDatetime
    step_seconds: Seconds
    at_least: Share = Decimal(1)
    check: Literal["coverage"] = "coverage"

    def __post_init__(self) -> None:
        _in_order(self.first, self.last)


@dataclass(frozen=True, slots=True)
class InRange:
    """Numbers lie from `minimum` to `maximum`, both included."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCURACY

    column: ColumnName
    minimum: Figure | None = None
    maximum: Figure | None = None
    at_least: Share = Decimal(1)
    check: Literal["range"] = "range"

    def __post_init__(self) -> None:
        if self.minimum is None and self.maximum is None:
            raise ValueError("say a minimum, a maximum, or both")
        if self.minimum is not None and self.maximum is not None:
            _in_order(self.minimum, self.maximum)


@dataclass(frozen=True, slots=True)
class PassesChecksum:
    """Cells are whole by the rule of their own scheme."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCURACY

    column: ColumnName
    scheme: Scheme
    at_least: Share = Decimal(1)
    check: Literal["checksum"] = "checksum"


@dataclass(frozen=True, slots=True)
class Unique:
    """No two rows share the key; rows with a part of the key missing do not count."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCURACY

    key: Columns
    at_least: Share = Decimal(1)
    check: Literal["unique"] = "unique"

    def __post_init__(self) -> None:
        _distinct(self.key)


@dataclass(frozen=True, slots=True)
class InReference:
    """Cells are among the values of a reference, such as the stations that exist."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCURACY

    column: ColumnName
    values: Values
    at_least: Share = Decimal(1)
    check: Literal["reference"] = "reference"


@dataclass(frozen=True, slots=True)
class Compares:
    """In a row, `left` stands to `right` as the operator says.

    Both are numbers, both instants, or both texts (by code point).  With `tolerance` numbers
    count as equal that lie no further apart, decimals give or take what a double cannot hold of
    them; of instants it is in microseconds, and texts have none.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.CONSISTENCY

    left: ColumnName
    operator: Comparison
    right: ColumnName
    tolerance: Distance = Decimal(0)
    at_least: Share = Decimal(1)
    check: Literal["compare"] = "compare"

    def __post_init__(self) -> None:
        _distinct((self.left, self.right))


@dataclass(frozen=True, slots=True)
class Determines:
    """Rows that share the key share the dependent value."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.CONSISTENCY

    key: Columns
    column: ColumnName
    at_least: Share = Decimal(1)
    check: Literal["determines"] = "determines"

    def __post_init__(self) -> None:
        _distinct((*self.key, self.column))


@dataclass(frozen=True, slots=True)
class SumsTo:
    """In a row, the parts sum to the total, give or take the tolerance.

    Whole numbers do so to the last digit, decimals as they are written: 0.1 and 0.2 make 0.3.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.CONSISTENCY

    parts: Annotated[tuple[ColumnName, ...], Len(1, 50)]
    total: ColumnName
    tolerance: Distance = Decimal(0)
    at_least: Share = Decimal(1)
    check: Literal["sum"] = "sum"

    def __post_init__(self) -> None:
        _distinct((*self.parts, self.total))


@dataclass(frozen=True, slots=True)
class InUnit:
    """The file itself says that the column is in this unit."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.CONSISTENCY

    column: ColumnName
    unit: Annotated[str, Len(1, 50)]
    at_least: Share = Decimal(1)
    check: Literal["unit"] = "unit"


@dataclass(frozen=True, slots=True)
class Fresh:
    """The newest instant is no older than so many seconds, on the day that somebody looks."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.TIMELINESS

    column: ColumnName
    seconds: Seconds
    at_least: Share = Decimal(1)
    check: Literal["lag"] = "lag"


@dataclass(frozen=True, slots=True)
class NoGap:
    """From one instant to the next, within a series, it is at most so many seconds.

    A distance above `suspect_seconds` is suspect, above `seconds` it fails.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.TIMELINESS

    column: ColumnName
    seconds: Seconds
    suspect_seconds: Seconds | None = None
    series: Annotated[tuple[ColumnName, ...], Len(0, 4)] = ()
    at_least: Share = Decimal(1)
    check: Literal["gap"] = "gap"

    def __post_init__(self) -> None:
        _in_order(self.suspect_seconds or self.seconds, self.seconds)
        _distinct((self.column, *self.series))


@dataclass(frozen=True, slots=True)
class Readable:
    """A query reads the columns and finds a value in each."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCESSIBILITY

    columns: Annotated[tuple[ColumnName, ...], Len(1, 200)]
    at_least: Share = Decimal(1)
    check: Literal["readable"] = "readable"

    def __post_init__(self) -> None:
        _distinct(self.columns)


@dataclass(frozen=True, slots=True)
class GrossRange:
    """QARTOD 4: outside the suspect span a value is suspect, outside the fail span it fails."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCURACY

    column: ColumnName
    fail_minimum: Figure
    fail_maximum: Figure
    suspect_minimum: Figure | None = None
    suspect_maximum: Figure | None = None
    at_least: Share = Decimal(1)
    check: Literal["gross-range"] = "gross-range"

    def __post_init__(self) -> None:
        low = self.fail_minimum if self.suspect_minimum is None else self.suspect_minimum
        high = self.fail_maximum if self.suspect_maximum is None else self.suspect_maximum
        _in_order(self.fail_minimum, low)
        _in_order(low, high)
        _in_order(high, self.fail_maximum)


@dataclass(frozen=True, slots=True)
class NoSpike:
    """QARTOD 6: how far a value lies from the mean of its two neighbours in the series."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCURACY

    column: ColumnName
    time: ColumnName
    suspect: Distance
    fail: Distance
    series: Annotated[tuple[ColumnName, ...], Len(0, 4)] = ()
    at_least: Share = Decimal(1)
    check: Literal["spike"] = "spike"

    def __post_init__(self) -> None:
        _in_order(self.suspect, self.fail)
        _distinct((self.column, self.time, *self.series))


@dataclass(frozen=True, slots=True)
class SlowChange:
    """QARTOD 7: a value that changed faster than so much in an hour is suspect."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCURACY

    column: ColumnName
    time: ColumnName
    per_hour: Distance
    series: Annotated[tuple[ColumnName, ...], Len(0, 4)] = ()
    at_least: Share = Decimal(1)
    check: Literal["rate-of-change"] = "rate-of-change"

    def __post_init__(self) -> None:
        _distinct((self.column, self.time, *self.series))


@dataclass(frozen=True, slots=True)
class NoFlatLine:
    """QARTOD 8: a value that so many values before it equal, within a tolerance, is stuck."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCURACY

    column: ColumnName
    time: ColumnName
    tolerance: Distance
    suspect_repeats: Annotated[int, Ge(1), Le(50)] = 3
    fail_repeats: Annotated[int, Ge(1), Le(50)] = 5
    series: Annotated[tuple[ColumnName, ...], Len(0, 4)] = ()
    at_least: Share = Decimal(1)
    check: Literal["flat-line"] = "flat-line"

    def __post_init__(self) -> None:
        _in_order(self.suspect_repeats, self.fail_repeats)
        _distinct((self.column, self.time, *self.series))


@dataclass(frozen=True, slots=True)
class InPlace:
    """QARTOD 3: no degree of this earth fails, one outside the box is suspect."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    aspect: ClassVar = Aspect.ACCURACY

    longitude: ColumnName
    latitude: ColumnName
    west: Annotated[Decimal, Ge(-180), Le(360)]
    south: Annotated[Decimal, Ge(-90), Le(90)]
    east: Annotated[Decimal, Ge(-180), Le(360)]
    north: Annotated[Decimal, Ge(-90), Le(90)]
    at_least: Share = Decimal(1)
    check: Literal["location"] = "location"

    def __post_init__(self) -> None:
        _in_order(self.west, self.east)
        _in_order(self.south, self.north)
        _distinct((self.longitude, self.latitude))


Expectation = Annotated[
    OfType
    | Matches
    | InCodeTable
    | HasLength
    | NotMissing
    | Coverage
    | InRange
    | PassesChecksum
    | Unique
    | InReference
    | Compares
    | Determines
    | SumsTo
    | InUnit
    | Fresh
    | NoGap
    | Readable
    | GrossRange
    | NoSpike
    | SlowChange
    | NoFlatLine
    | InPlace,
    Discriminator("check"),
]
Expectations = Annotated[tuple[Expectation, ...], Len(0, EXPECTATIONS_MAX)]

Series = NoSpike | SlowChange | NoFlatLine
FLAGGED: Final = (GrossRange, NoSpike, SlowChange, NoFlatLine, InPlace, NoGap)
# What a profile shows by itself: the unit that the file names, and the newest instant, whose age
# is another every day.
FROM_PROFILE: Final = (InUnit, Fresh)


def columns_of(expectation: Expectation) -> tuple[str, ...]:
    """Return the columns that a check looks at, each once, in the order in which it names them."""
    match expectation:
        case Unique():
            names = expectation.key
        case Determines():
            names = (*expectation.key, expectation.column)
        case Compares():
            names = (expectation.left, expectation.right)
        case SumsTo():
            names = (*expectation.parts, expectation.total)
        case Readable():
            names = expectation.columns
        case InPlace():
            names = (expectation.longitude, expectation.latitude)
        case NoGap():
            names = (expectation.column, *expectation.series)
        case NoSpike() | SlowChange() | NoFlatLine():
            names = (expectation.column, expectation.time, *expectation.series)
        case _:
            names = (expectation.column,)
    return names


def _in_order(low: object, high: object) -> None:
    if low > high:  # type: ignore[operator]  # two of one kind: numbers or instants
        raise ValueError(f"{low} is more than {high}")


def _distinct(names: tuple[str, ...]) -> None:
    if len(set(names)) < len(names):
        raise ValueError("a column is named twice")
