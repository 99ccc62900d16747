"""The parts of a report that go from day to day: volume, prices, matching, quality."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from exchange.simulation.measures import Activity
from exchange.simulation.report import drawing
from exchange.simulation.report.drawing import Series
from exchange.simulation.report.headline import Unit
from exchange.simulation.report.page import figure, section, words
from exchange.simulation.report.telling import Telling

KINDS = drawing.COLOURS  # in one chart
_SPLIT = ("w.buyers", "w.suppliers", "w.contributors")


def volume(told: Telling) -> str:
    """Draw what was traded each day, sham trades upon the real ones."""
    days, sham = told.measures.by_day, told.measures.total.sham_amount > 0
    real = [each.amount - each.sham_amount for each in days]
    stacks = [
        (
            sum(real[at : at + told.every]),
            sum(x.sham_amount for x in days[at : at + told.every]),
        )
        for at in range(0, len(days), told.every)
    ]
    scale, unit = told.scale(max(sum(stack) for stack in stacks))
    top = max(range(len(days)), key=lambda day: (days[day].amount, -day))
    total = told.measures.total
    sentence = told.say(
        "volume.said",
        trades=f"{total.trades:,}",
        amount=told.shown(total.amount, Unit.MONEY),
        day=top,
    )
    y = told.say("volume.y", unit=unit)
    if told.every > 1:
        y = f"{y} · {told.say('every', n=told.every)}"
    chart = drawing.bars(
        told.labels("volume", sentence, told.say("day"), y),
        [tuple(part / scale for part in stack) for stack in stacks],
        every=told.every,
    )
    legend = [told.say("volume.real"), told.say("volume.sham")] if sham else []
    return section(
        told.say("volume"),
        words(sentence, "quiet"),
        figure(chart, legend, _gains_by_day(told), filled=True),
    )


def prices(told: Telling) -> str:
    """Draw the price level of each kind, and that with the trades of rings where there are any."""
    kinds = [each for each in told.largest if any(each.price_index)]
    levels: list[tuple[str, Sequence[float | None]]] = []
    for each in kinds:
        name = told.kind_title(each)
        levels.append((name, each.price_index))
        if each.total.sham_trades:
            levels.append((told.say("prices.with_sham", kind=name), each.price_index_with_sham))
    chart, legend = _over_days(told, "prices", levels[:KINDS])
    data = told.table(
        "prices",
        [told.say("day"), *(f">{name}" for name, _ in levels)],
        [
            (f"{day}", *(told.shown(level[day], Unit.INDEX) for _, level in levels))
            for day in range(told.measures.days)
        ],
    )
    moved = told.say("prices.moved", most=told.shown(told.measures.index_moved, Unit.SHARE))
    return section(
        told.say("prices"),
        words(told.say("prices.said"), "quiet"),
        words(moved, "quiet") if len(levels) > len(kinds) else "",
        words(told.say("and_more", n=KINDS), "quiet") if len(levels) > KINDS else "",
        figure(chart, legend, data),
    )


def match(told: Telling) -> str:
    """Draw how many came, and how many got what they wanted."""
    days = told.measures.by_day
    chart, legend = _over_days(
        told,
        "match",
        [
            (told.say("match_rate"), [each.match_rate for each in days]),
            (told.say("success"), [each.success for each in days]),
        ],
        factor=100,
    )
    return section(
        told.say("match"),
        words(told.say("match.said"), "quiet"),
        figure(chart, legend, _matches_by_day(told)),
    )


def quality(told: Telling) -> str:
    """Draw what stood on the board, and what was traded."""
    traded = [each.quality for each in told.measures.by_day]
    listed = told.measures.listed_quality
    chart, legend = _over_days(
        told,
        "quality",
        [(told.say("quality.listed"), listed), (told.say("quality.traded"), traded)],
    )
    data = told.table(
        "quality",
        [told.say("day"), f">{told.say('quality.listed')}", f">{told.say('quality.traded')}"],
        [
            (f"{day}", told.shown(one, Unit.INDEX), told.shown(other, Unit.INDEX))
            for day, (one, other) in enumerate(zip(listed, traded, strict=True))
        ],
    )
    return section(
        told.say("quality"),
        words(told.say("quality.said"), "quiet"),
        figure(chart, legend, data),
    )


def _gains_by_day(told: Telling) -> str:
    """Say what was traded each day, what the exchange earned by it, and who got the gains."""

    def row(on: Activity) -> list[str]:
        split = on.welfare
        parts = split.exchange, split.gains, split.buyers, split.suppliers, split.contributors
        counts = f"{on.trades:,}", f"{on.sham_trades:,}"
        shown = [told.shown(each, Unit.MONEY) for each in (on.amount, *parts)]
        return [shown[0], *counts, *shown[1:]]

    columns = ("amount", "trades", "sham_trades", "fees", "gains", *_SPLIT)
    return _each_day(told, "volume", columns, row)


def _matches_by_day(told: Telling) -> str:
    def row(on: Activity) -> list[str]:
        shares = told.shown(on.match_rate, Unit.SHARE), told.shown(on.success, Unit.SHARE)
        return [f"{on.arrivals:,}", f"{on.wishes:,}", f"{on.trades:,}", *shares]

    columns = ("arrivals", "wishes", "trades", "match_rate", "success")
    return _each_day(told, "match", columns, row)


def _each_day(
    told: Telling, key: str, columns: Sequence[str], row: Callable[[Activity], list[str]]
) -> str:
    return told.table(
        key,
        [told.say("day"), *(f">{told.say(each)}" for each in columns)],
        [[f"{day}", *row(on)] for day, on in enumerate(told.measures.by_day)],
    )


def _over_days(
    told: Telling,
    key: str,
    series: Sequence[tuple[str, Sequence[float | None]]],
    *,
    factor: float = 1.0,
) -> tuple[str, list[str]]:
    """Return the chart of values by day, and the names of its lines."""
    drawn = [
        Series(name, tuple((day, v * factor) for day, v in enumerate(values) if v is not None))
        for name, values in series
    ]
    drawn = [each for each in drawn if each.points]
    if not drawn:
        return words(told.say("none"), "quiet"), []
    labels = told.labels(key, told.say(f"{key}.said"), told.say("day"), told.say(f"{key}.y"))
    highest = max(height for each in drawn for _, height in each.points)
    lowest = min(height for each in drawn for _, height in each.points)
    y = (0.0, highest) if factor > 1 else (lowest, highest)
    chart = drawing.lines(labels, drawn, x=(0, max(1, told.measures.days - 1)), y=y)
    return chart, [each.name for each in drawn]
