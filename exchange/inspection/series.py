"""Checks of one row beside its neighbours in time: the tests of QARTOD, and gaps.

A series is all rows that share the values of some columns, in the order of their instants; rows
without a value, an instant or a series are left out, so that the neighbour of a value is the
next value there is.  Rows of one instant are put in the order of their values, which makes the
counts the same on every engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw

from exchange.expectations import NoFlatLine, NoGap, NoSpike, Series, SlowChange
from exchange.inspection.criteria import all_there, allowance, no_further
from exchange.quality.measured import Flags

_SECOND = 1_000_000  # microseconds, in which instants are counted
_HOUR = 3600 * _SECOND


def neighbours(
    rows: nw.LazyFrame[Any], value: str, time: str, series: Sequence[str], checks: Sequence[Series]
) -> nw.LazyFrame[Any]:
    """Return the query of one row that counts what `checks` say of one variable.

    For each check: values suspect, failed and not evaluated; then, once, the values.
    """
    cell = nw.col(value).cast(nw.Float64)
    ordered = rows.filter(all_there([nw.col(name) for name in (value, time, *series)])).select(
        cell.alias("value"),
        nw.col(time).alias("time"),
        *(nw.col(name).alias(f"s{i}") for i, name in enumerate(series)),
    )
    partition = [f"s{i}" for i in range(len(series))]
    back = max((each.fail_repeats for each in checks if isinstance(each, NoFlatLine)), default=1)
    shifted = [_shifted("value", n, partition).alias(f"back{n}") for n in range(1, back + 1)]
    seen = ordered.with_columns(
        *shifted,
        _shifted("value", -1, partition).alias("next1"),
        _shifted("time", 1, partition).alias("before"),
    )
    counts = [
        _count(flag).alias(f"n{i}_{j}")
        for i, check in enumerate(checks)
        for j, flag in enumerate(_judged(check))
    ]
    return seen.select(*counts, nw.len().alias("values"))


def gaps(
    rows: nw.LazyFrame[Any], time: str, series: Sequence[str], check: NoGap
) -> nw.LazyFrame[Any]:
    """Return the query of one row that counts distances: suspect, failed, first of a series, all.

    An instant that stands in several rows of a series counts once.
    """
    names = (time, *series)
    instants = (
        rows.filter(all_there([nw.col(name) for name in names]))
        .group_by(*names)
        .agg(nw.len().alias("rows"))
        .select(
            nw.col(time).alias("time"),
            *(nw.col(name).alias(f"s{i}") for i, name in enumerate(series)),
        )
    )
    before = instants.with_columns(
        _before("time", [f"s{i}" for i in range(len(series))]).alias("before")
    )
    distance = nw.col("time") - nw.col("before")
    fails = distance > check.seconds * _SECOND
    late = distance > (check.suspect_seconds or check.seconds) * _SECOND
    return before.select(
        _count(late & ~fails).alias("suspect"),
        _count(fails).alias("failed"),
        _count(nw.col("before").is_null()).alias("first"),
        nw.len().alias("instants"),
    )


def flags(counted: Sequence[int], values: int, rows: int) -> Flags:
    """Return the histogram of one test from what `neighbours` or `gaps` counted of it."""
    suspect, failed, not_evaluated = counted
    return Flags(
        passed=values - suspect - failed - not_evaluated,
        not_evaluated=not_evaluated,
        suspect=suspect,
        failed=failed,
        missing=rows - values,
    )


def _judged(check: Series) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """Return when a value is suspect, when it fails and when nobody can say."""
    value, last, following = nw.col("value"), nw.col("back1"), nw.col("next1")
    match check:
        case NoSpike():
            far, among = (value - (last + following) / 2).abs(), (value, last, following)
            fails = ~no_further(far, float(check.fail), among)
            alone = last.is_null() | following.is_null()
            return ~no_further(far, float(check.suspect), among) & ~fails, fails, alone
        case SlowChange():
            passed = (nw.col("time") - nw.col("before")).cast(nw.Float64) / float(_HOUR)
            change, limit = (value - last).abs(), passed * float(check.per_hour)
            fast = change > limit + allowance((value, last, limit))
            # A change is never more than suspect; no value is missing here.
            return fast, value.is_null(), last.is_null()
        case NoFlatLine():
            fails = _stuck(check.fail_repeats, check)
            suspect = _stuck(check.suspect_repeats, check) & ~fails
            return suspect, fails, nw.col(f"back{check.suspect_repeats}").is_null()


def _stuck(repeats: int, check: NoFlatLine) -> nw.Expr:
    value, tolerance = nw.col("value"), float(check.tolerance)
    earlier = [nw.col(f"back{n}") for n in range(1, repeats + 1)]
    if not tolerance:  # what is written alike is one double
        alike = [value == before for before in earlier]
    else:
        alike = [
            no_further((value - before).abs(), tolerance, (value, before)) for before in earlier
        ]
    # Too near the beginning to have so many before it, a value is not stuck.
    return reduce(and_, alike) & ~nw.col(f"back{repeats}").is_null()


def _shifted(name: str, by: int, partition: Sequence[str]) -> nw.Expr:
    return nw.col(name).shift(by).over(*partition, order_by=["time", "value"])


def _before(name: str, partition: Sequence[str]) -> nw.Expr:
    return nw.col(name).shift(1).over(*partition, order_by=["time"])


def _count(condition: nw.Expr) -> nw.Expr:
    return condition.cast(nw.Int64).sum()
