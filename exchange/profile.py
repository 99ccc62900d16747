"""What an inspection measured in a data file: the vocabulary between readers and the gate.

A `Profile` holds facts about the bytes, never a value that could identify a person: text
columns carry no minimum or maximum, and a `SensitiveFinding` counts cells without quoting
one.  Decimal numbers are strings in plain notation, so that a profile has one canonical form
and one digest on every platform.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field


class ColumnType(enum.StrEnum):
    """The logical types that every reader maps its own to."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"


class SensitiveKind(enum.StrEnum):
    """What a detector can recognise; the standard behind each stands in `inspection.sensitive`."""

    RESIDENT_ID = "resident_id"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"
    CREDIT_CODE = "credit_code"
    EMAIL = "email"
    PERSON_NAME = "person_name"
    ADDRESS = "address"
    HEALTH = "health"
    SECRECY_MARK = "secrecy_mark"
    CREDENTIAL = "credential"
    PASSPORT = "passport"
    PERMIT = "permit"
    NATIONAL_ID = "national_id"
    PLATE = "plate"
    COORDINATES = "coordinates"
    TRACE = "trace"
    BIOMETRIC = "biometric"
    ACCOUNT = "account"


# The others are of organisations, of states and of machines.
PERSONAL_KINDS: Final = frozenset(SensitiveKind) - {
    SensitiveKind.CREDIT_CODE,
    SensitiveKind.SECRECY_MARK,
    SensitiveKind.CREDENTIAL,
}


class Bearer(enum.StrEnum):
    """Who or what moved along a track, as far as the column that names it tells."""

    PERSON = "person"
    VEHICLE = "vehicle"
    VESSEL = "vessel"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column: its type, how full it is, and the spread of its numbers.

    `missing` counts nulls, NaN and the fill value.  `minimum`, `maximum`, `mean`,
    `deviation` (population) and `quartiles` (25, 50, 75 %) are decimal strings of the
    non-missing cells, ISO 8601 for timestamps (no mean, deviation or quartiles there), and
    None for text and booleans.  `histogram` has ten equal-width counts from minimum to
    maximum, empty for anything that is not a number.
    """

    name: str
    type: ColumnType
    rows: int
    missing: int
    distinct: int
    unit: str | None = None
    standard_name: str | None = None
    fill_value: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    mean: str | None = None
    deviation: str | None = None
    quartiles: tuple[str, ...] = ()
    histogram: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SensitiveFinding:
    """How many cells of a column look like one kind of sensitive value; never a value itself.

    `certain` is True where a checksum or a column-wide share leaves no reasonable doubt, as
    opposed to a shape that many harmless numbers share.  `column` is "(metadata)" for what
    stands in file attributes.  `embedded` of the `matched` cells hold the value within a longer
    text (free text, JSON).  `subjects` is how many different persons the matched cells are
    about, None where no column tells one person from another.
    """

    column: str
    kind: SensitiveKind
    matched: int
    tested: int
    certain: bool
    evidence: str
    embedded: int = 0
    subjects: int | None = None


@dataclass(frozen=True, slots=True)
class Anonymity:
    """How far quasi-identifiers single out rows: k-anonymity and l-diversity (GB/T 37964).

    Rows that agree in all `quasi` columns form a group; a missing cell agrees with missing
    cells alone.  `k` is the size of the smallest group, `unique` the rows that are alone in
    theirs.  `diversity` gives for each sensitive column the fewest different values within a
    group (l, distinct; a missing cell is a value).  `declared` tells columns that the supplier
    named from columns that were suggested by their names.
    """

    quasi: tuple[str, ...]
    declared: bool
    rows: int
    groups: int
    k: int
    unique: int
    diversity: tuple[tuple[str, int], ...] = ()

    @property
    def unique_share(self) -> float:
        """The share of rows that no other row hides, from 0 to 1."""
        return self.unique / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class Track:
    """Positions over time of subjects that a column tells apart.

    `subjects` counts those with two positions or more, `points` their rows.  `step_seconds` is
    the median time from one row of a subject to its next; `metres` is how finely positions are
    written (the last decimal place in use, along a meridian).
    """

    subject: str
    time: str
    position: tuple[str, ...]
    bearer: Bearer
    subjects: int
    points: int
    step_seconds: int
    metres: int


@dataclass(frozen=True, slots=True)
class TimeCoverage:
    """First and last instant (ISO 8601, UTC), the median step and the gaps over two steps."""

    column: str
    start: str
    end: str
    step_seconds: int
    gaps: int


@dataclass(frozen=True, slots=True)
class SpaceCoverage:
    """A bounding box in decimal degrees, as decimal strings."""

    west: str
    south: str
    east: str
    north: str
    columns: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything an inspection measured in one file.

    `data` is the SHA-256 of the bytes as given (compressed, if they were), in hex.
    `rows_digest` is an order-independent digest of the rows, so that a shuffled copy is
    recognised.  `attributes` are the file's own descriptive attributes, bounded and checked
    for sensitive content.  `remarks` say in words what a reader had to assume.  `anonymity` is
    there where a table of persons has quasi-identifiers, or the supplier declared some.
    `no_fill_value` are the columns of which the supplier declares every value to be one, so that
    none was assumed to stand for a missing cell.
    `youngest_born` is the latest year of birth among the persons, where the data tells, and
    `youngest_aged` the least age in years.
    """

    name: str
    reader: str
    media_type: str
    encoding: str | None
    compression: str | None
    bytes: int
    data: str
    rows: int
    rows_digest: str
    duplicate_rows: int
    columns: tuple[ColumnProfile, ...]
    time: TimeCoverage | None = None
    space: SpaceCoverage | None = None
    sensitive: tuple[SensitiveFinding, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    anonymity: Anonymity | None = None
    tracks: tuple[Track, ...] = ()
    youngest_born: int | None = None
    youngest_aged: int | None = None
    no_fill_value: Annotated[tuple[str, ...], Field(exclude_if=lambda names: not names)] = ()

    def column(self, name: str) -> ColumnProfile | None:
        """Return the column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


_LONG: Final = 10**8  # whole numbers from here on have the digits of numbers of persons
_COUNTS: Final = frozenset({"1", "count", "counts", "bytes", "个", "次", "条", "字节"})
_SPANS: Final = re.compile(
    r"(s|ms|us|ns|(milli|micro|nano)?seconds?|minutes?|hours?|days?|秒|毫秒|分钟|小时|天)"
    r"(\s+since\s.*)?",
    re.IGNORECASE,
)


_APART: Final = re.compile(r": [-.\d]+ stands apart(?= and repeats; )")


def fill_remark(column: str, value: str, cells: int, *, assumed: bool) -> str:
    """Return what is told of a number that repeats and stands apart, read as missing or not."""
    done = f"its {cells} cells are read as missing"
    if not assumed:
        done = f"the supplier declares that its {cells} cells are values"
    return f"column {column}: {value} stands apart and repeats; {done}"


def without_long_numbers(profile: Profile) -> Profile:
    """Return a profile without the spread of whole numbers of nine digits and more.

    Such numbers may be of persons whom no detector knows, and the least and the greatest are two
    of them.  A column keeps its spread where its unit or standard name says a time or a count.
    """
    columns = (_without_spread(each) if _may_name(each) else each for each in profile.columns)
    return replace(profile, columns=tuple(columns))


def without_values(profile: Profile) -> Profile:
    """Return a profile without what it quotes of cells and of the file's own attributes.

    What it counts stays, and so do the period and the box that a sheet declares as well.
    """
    columns = tuple(map(_without_spread, profile.columns))
    remarks = tuple(_APART.sub(": a value stands apart", each) for each in profile.remarks)
    return replace(profile, columns=columns, attributes=(), remarks=remarks)


def _may_name(column: ColumnProfile) -> bool:
    if column.type not in {ColumnType.INTEGER, ColumnType.DECIMAL} or column.minimum is None:
        return False
    edges = [Decimal(edge) for edge in (column.minimum, column.maximum or column.minimum)]
    long = any(abs(edge) >= _LONG for edge in edges)
    unit, standard = (column.unit or "").strip(), column.standard_name or ""
    told = unit.lower() in _COUNTS or _SPANS.fullmatch(unit) or standard.startswith("number_of_")
    whole = all(edge == edge.to_integral_value() for edge in edges)
    return long and whole and not told and standard != "time"


def _without_spread(column: ColumnProfile) -> ColumnProfile:
    nothing: tuple[str, ...] = ()
    bare = replace(column, minimum=None, maximum=None, mean=None, deviation=None)
    return replace(bare, quartiles=nothing, histogram=(), fill_value=None)
