"""An expectation in a line of words, as tables and reports show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from exchange.expectations import (
    Compares,
    Expectation,
    Fresh,
    GrossRange,
    HasLength,
    InCodeTable,
    InRange,
    InReference,
    InUnit,
    Matches,
    NoGap,
    OfType,
    PassesChecksum,
    SlowChange,
    columns_of,
)


def in_words(expectation: Expectation) -> str:
    """Say what is expected of which columns, such as "range of depth: 0 to 90"."""
    between = f" {expectation.operator} " if isinstance(expectation, Compares) else ", "
    said = f"{expectation.check} of {between.join(columns_of(expectation))}"
    told = _TOLD.get(type(expectation))
    return f"{said}: {told(expectation)}" if told else said


def _span(low: Decimal | None, high: Decimal | None) -> str:
    return f"{'any' if low is None else low} to {'any' if high is None else high}"


_TOLD: Final[Mapping[type, Callable[[Any], str]]] = {
    OfType: lambda each: str(each.type),
    Matches: lambda each: str(each.pattern),
    InCodeTable: lambda each: f"{len(each.values)} codes",
    InReference: lambda each: f"{len(each.values)} values",
    HasLength: lambda each: f"{each.minimum} to {each.maximum} characters",
    InRange: lambda each: _span(each.minimum, each.maximum),
    GrossRange: lambda each: _span(each.fail_minimum, each.fail_maximum),
    PassesChecksum: lambda each: str(each.scheme),
    InUnit: lambda each: str(each.unit),
    Fresh: lambda each: f"{each.seconds} s",
    NoGap: lambda each: f"{each.seconds} s",
    SlowChange: lambda each: f"{each.per_hour} an hour",
}
