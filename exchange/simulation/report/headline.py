"""The figures that a run is told by, each with its unit: reports begin with them, comparisons too.

Amounts are minor units of CNY until they are written; None is written as a dash.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from exchange.simulation.depth import Ending
from exchange.simulation.market import Conduct
from exchange.simulation.measures import KindMeasures, Measures
from exchange.simulation.measures.scoring import Detection
from exchange.simulation.report.words import WORDS, Language, said

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
    """One figure by its word, which says where it comes from; by all of `words` if it has some."""

    key: str
    unit: Unit
    of: Callable[[Measures], Amount]
    words: tuple[str, ...] = ()


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
    Figure("filed_share", Unit.SHARE, lambda m: m.filed_share),
    Figure("sham_trades", Unit.COUNT, lambda m: m.total.sham_trades),
    Figure("sham_fees", Unit.MONEY, lambda m: m.total.sham_fees),
)


def _ending(ending: Ending) -> Figure:
    """Return how many wishes came to an end."""
    name = str(ending)
    return Figure(
        f"endings.{name}",
        Unit.COUNT,
        lambda m: dict(m.endings).get(name, 0),
        ("endings", f"e.{name}"),
    )


def _watched(conduct: Conduct) -> Iterator[Figure]:
    """Yield how well surveillance found a conduct."""

    def delay(measures: Measures) -> Amount:
        found = [s.delay for s in measures.sightings if s.conduct is conduct and s.seen is not None]
        return sum(each for each in found if each is not None) / len(found) if found else None

    def detected(name: str, unit: Unit, of: Callable[[Detection], Amount], word: str) -> Figure:
        return Figure(
            f"surveillance.{conduct}.{name}",
            unit,
            lambda m: next((of(each) for each in m.surveillance if each.conduct is conduct), None),
            (f"conduct.{conduct}", word),
        )

    yield detected("alerts", Unit.COUNT, lambda found: found.alerts, "raised")
    yield detected("precision", Unit.SHARE, lambda found: found.precision, "precision")
    yield detected("recall", Unit.SHARE, lambda found: found.recall, "recall")
    yield Figure(
        f"surveillance.{conduct}.delay",
        Unit.DAYS,
        delay,
        (f"conduct.{conduct}", "sightings", "sightings.delay"),
    )


# What comparisons and sweeps tell beside them; a report has it in parts of its own.
MORE: Final[tuple[Figure, ...]] = (
    *map(_ending, Ending),
    Figure("shared", Unit.MONEY, lambda m: m.fairness.shared),
    Figure("misplaced_share", Unit.SHARE, lambda m: m.fairness.misplaced_share),
    Figure("worst_share", Unit.SHARE, lambda m: m.fairness.worst),
    Figure("sham_amount", Unit.MONEY, lambda m: m.total.sham_amount),
    Figure("index_moved", Unit.SHARE, lambda m: m.index_moved),
    *(figure for conduct in Conduct for figure in _watched(conduct)),
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
    {each.key: each.unit for each in (*FIGURES, *MORE)}
    | {each.key: each.unit for each in KIND_FIGURES}
)
REFUSALS: Final = "refusals"
_WORDS: Final = {Unit.MONEY: "unit.money", Unit.DAYS: "unit.days"}


def told(measures: Measures) -> Iterator[tuple[Figure, Amount]]:
    """Yield every figure of a run as a whole: the headlines, `MORE`, and refusals rule by rule.

    Of `MORE` those are left out that there is nothing of, except of a conduct that was planted,
    and of rules those that refused nothing: where another run has them, that is none here.
    """
    planted = tuple(f"surveillance.{each.conduct}." for each in measures.surveillance if each.cases)
    for figure in FIGURES:
        yield figure, figure.of(measures)
    for figure in MORE:
        value = figure.of(measures)
        if value is not None or figure.key.startswith(planted):
            yield figure, value
    for place, counts in (("gate", measures.gate_refusals), ("trade", measures.trade_refusals)):
        for rule, count in sorted(counts):
            yield refused(place, rule), count


def refused(place: str, rule: str) -> Figure:
    """Return how often a rule said no at a place, "gate" or "trade"."""

    def of(measures: Measures) -> Amount:
        counts = measures.gate_refusals if place == "gate" else measures.trade_refusals
        return dict(counts).get(rule, 0)

    return Figure(f"{REFUSALS}.{place}.{rule}", Unit.COUNT, of, ("refusals", place, rule))


def label(words: Sequence[str], language: Language) -> str:
    """Name a figure by its words; what is no word of a report, as a rule, names itself."""
    return " · ".join(said(each, language) if each in WORDS else each for each in words)


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
