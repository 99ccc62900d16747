"""k-anonymity and l-diversity: how many rows share their quasi-identifiers with how many others.

Samarati and Sweeney 1998; Machanavajjhala et al. 2007 (distinct l-diversity); GB/T 37964-2019
asks for such a measurement before data is called anonymous.  One GROUP BY in the engine, which
spills: memory does not grow with the rows.
"""

# ruff: noqa: S608 - queries are made of column numbers alone
from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from duckdb import DuckDBPyConnection

from exchange.errors import BadField
from exchange.inspection import lexicon
from exchange.inspection.initials import spelt_out
from exchange.inspection.reader import Column, Table
from exchange.profile import PERSONAL_KINDS, Anonymity, SensitiveFinding, SensitiveKind

RELEASE: Final = 10  # the k below which a release is not called anonymous (rule I-08)
_SENSITIVE: Final = frozenset({SensitiveKind.HEALTH, SensitiveKind.BIOMETRIC})
_DIRECT: Final = PERSONAL_KINDS - _SENSITIVE - {SensitiveKind.COORDINATES, SensitiveKind.ADDRESS}
_PLACES: Final = 2


def anonymity(
    connection: DuckDBPyConnection,
    table: Table,
    columns: Sequence[str],
    *,
    sensitive: Sequence[str] = (),
    declared: bool = True,
) -> Anonymity:
    """Measure the groups of rows that agree in `columns`, and l of each `sensitive` column.

    Raises `BadField` for a column that the table does not have.
    """
    names = [each.name for each in table.columns]
    for name in (*columns, *sensitive):
        if name not in names:
            raise BadField("quasi_identifiers", f"the data has no column {name}")
    if not columns:
        raise BadField("quasi_identifiers", "names no column")
    keys = ", ".join(f"c{names.index(name)}" for name in columns)
    others = [names.index(name) for name in sensitive]
    # A missing value is a value of its own, for whoever knows that it is missing.
    different = "".join(
        f", count(DISTINCT c{i}) + (count(c{i}) < count(*))::INT AS l{i}" for i in others
    )
    least = "".join(f", min(l{i})" for i in others)
    ((groups, rows, k, unique, *diversity),) = connection.execute(
        f"SELECT count(*), sum(n), min(n), count(*) FILTER (WHERE n = 1){least}"
        f" FROM (SELECT count(*) AS n{different} FROM cells GROUP BY {keys})"
    ).fetchall()
    return Anonymity(
        tuple(columns),
        declared,
        int(rows or 0),
        groups,
        int(k or 0),
        unique,
        tuple((name, int(least or 0)) for name, least in zip(sensitive, diversity, strict=True)),
    )


def suggested_quasi_identifiers(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the columns that may single persons out together, by their names.

    Empty where the table is not one of persons: where a column counts many to a row, or names
    animals, instruments or things, or where no two columns together speak of persons.
    """
    names = [each.name for each in columns]
    headers = spelt_out(names)
    if any(lexicon.counts_many(each) for each in headers):
        return ()
    if any(lexicon.names_other_being(each) for each in headers):
        return ()
    human = {each for each in headers if lexicon.quasi_human(each)}
    sex = {each for each in headers if lexicon.quasi_sex(each)}
    age = {each for each in headers if lexicon.quasi_age(each)}
    place = {each for each in headers if lexicon.quasi_place(each)}
    staff = lexicon.staff_known_by(headers)
    speaks = human or staff or (sex and age)
    found = human | sex | age | place | staff
    enough = sex or age or len(human | staff) >= _PLACES
    if not speaks or len(found) < _PLACES or not enough:
        return ()
    return tuple(name for name, each in zip(names, headers, strict=True) if each in found)


def measured(
    connection: DuckDBPyConnection,
    table: Table,
    found: Sequence[SensitiveFinding],
    declared: Sequence[str] = (),
) -> Anonymity | None:
    """Measure the declared quasi-identifiers, else suggested ones where nobody is named outright.

    Where direct identifiers stand in the rows, hiding in a group is out of the question.
    """
    sensitive = sorted({each.column for each in found if each.kind in _SENSITIVE and each.certain})
    if declared:
        others = [each for each in sensitive if each not in declared]
        return anonymity(connection, table, declared, sensitive=others)
    if any(each.kind in _DIRECT and each.certain for each in found):
        return None
    quasi = [each for each in suggested_quasi_identifiers(table.columns) if each not in sensitive]
    if not quasi:
        return None
    return anonymity(connection, table, quasi, sensitive=sensitive, declared=False)
