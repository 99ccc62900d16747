"""The figures that a run is told by, each with its unit: reports begin with them, comparisons too.

Amounts are minor units of CNY until they are written; None is written as a dash.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from exchange.simulation.measures import KindMeasures, Measures
from exchange.simulation.report.words import Language, said

Amount = float | int | None


class Unit(enum.StrEnum):
    """What a figure counts."""

    COUNT = "count"
    MONEY = "money"  # minor units
    SHARE = "share"  # of one, written as a percentage
    DAYS = "days"
    INDEX = "index"  # a plain number with four places
    POINTS = "points"  # a plain number without places


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure by its word, which says where it comes from."""

    key: str
    unit: Unit
    of: Callable[[Measures], Amount]


@dataclass(frozen=True, slots=True)
class KindFigure:
    """One figure of a kind."""

    key: str
    unit: Unit
    of: Callable[[KindMeasures], Amount]


FIGURES: Final = (
    Figure("trades", Unit.COUNT, lambda m: m.total.trades),
    Figure("amount", Unit.MONEY, lambda m: m.total.amount),
    Figure("fees", Unit.MONEY, lambda m: m.total.welfare.exchange),
    Figure("match_rate", Unit.SHARE, lambda m: m.total.match_rate),
    Figure("success", Unit.SHARE, lambda m: m.total.success),
    Figure("gains", Unit.MONEY, lambda m: m.total.welfare.gains),
    Figure("efficiency", Unit.SHARE, lambda m: m.total.welfare.efficiency),
    Figure("w.buyers", Unit.MONEY, lambda m: m.total.welfare.buyers),
    Figure("w.suppliers", Unit.MONEY, lambda m: m.total.welfare.suppliers),
    Figure("w.contributors", Unit.MONEY, lambda m: m.total.welfare.contributors),
    Figure("w.missed", Unit.MONEY, lambda m: m.total.welfare.missed),
    Figure("listed", Unit.COUNT, lambda m: m.first_sale.listed),
    Figure("median_first_sale", Unit.DAYS, lambda m: m.first_sale.waiting.median),
    Figure("never_sold", Unit.SHARE, lambda m: m.first_sale.never_sold),
    Figure("suppliers_gini", Unit.INDEX, lambda m: m.suppliers_gini),
    Figure("buyers_gini", Unit.INDEX, lambda m: m.buyers_gini),
    Figure("quality_traded", Unit.INDEX, lambda m: m.total.quality),
    Figure("sham_trades", Unit.COUNT, lambda m: m.total.sham_trades),
)
KIND_FIGURES: Final = (
    KindFigure("trades", Unit.COUNT, lambda k: k.total.trades),
    KindFigure("amount", Unit.MONEY, lambda k: k.total.amount),
    KindFigure("match_rate", Unit.SHARE, lambda k: k.total.match_rate),
    KindFigure("index_last", Unit.INDEX, lambda k: last(k.price_index)),
    KindFigure("hhi", Unit.POINTS, lambda k: k.concentration),
    KindFigure("median_first_sale", Unit.DAYS, lambda k: k.first_sale.waiting.median),
    KindFigure("quality_traded", Unit.INDEX, lambda k: k.total.quality),
)
UNITS: Final[Mapping[str, Unit]] = MappingProxyType(
    {each.key: each.unit for each in (*FIGURES, *KIND_FIGURES)}
)
_WORDS: Final = {Unit.MONEY: "unit.money", Unit.DAYS: "unit.days"}


def last(values: tuple[float | None, ...]) -> float | None:
    """Return the last value that is one."""
    return next((each for each in reversed(values) if each is not None), None)


def shown(value: Amount, unit: Unit, language: Language, *, signed: bool = False) -> str:
    """Write a figure with its unit: "1,234.50 元", "12.5%", "3 days"."""
    if value is None:
        return said("none", language)
    text = _plain(value, unit, "+" if signed else "").replace("-", "−")
    if unit is Unit.SHARE:
        return said("unit.points", language, n=text) if signed else f"{text}%"
    if unit is Unit.DAYS and abs(value) == 1:
        return said("unit.day", language, n=text)
    return said(_WORDS[unit], language, n=text) if unit in _WORDS else text


def _plain(value: float, unit: Unit, sign: str) -> str:
    match unit:
        case Unit.MONEY:
            return f"{Decimal(int(value)) / 100:{sign},.2f}"
        case Unit.SHARE:
            return f"{100 * value:{sign},.1f}"
        case Unit.INDEX:
            return f"{value:{sign},.4f}"
    return f"{value:{sign},.0f}"
