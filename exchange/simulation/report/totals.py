"""The parts of a report that hold for the whole run: who got what, and what came to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exchange.simulation.report import drawing
from exchange.simulation.report.drawing import Row, Series
from exchange.simulation.report.headline import KIND_FIGURES, Unit
from exchange.simulation.report.page import figure, section, table, words
from exchange.simulation.report.telling import Telling

ROWS: Final = 12  # lying bars of one chart
# Moderately and highly concentrated: US Department of Justice, "Herfindahl-Hirschman Index".
LEVELS: Final = (1_000.0, 1_800.0)


def welfare(told: Telling) -> str:
    """Draw who got what of what trades were worth."""
    split = told.measures.total.welfare
    parts = [
        ("w.buyers", split.buyers, 0),
        ("w.suppliers", split.suppliers, 2),
        ("w.exchange", split.exchange, 1),
        ("w.contributors", split.contributors, 3),
        ("w.missed", split.missed, 4),
    ]
    items = [
        Row(told.say(key), amount, told.shown(amount, Unit.MONEY), colour)
        for key, amount, colour in parts
    ]
    sentence = told.say(
        "welfare.said",
        gains=told.shown(split.gains, Unit.MONEY),
        efficiency=told.shown(split.efficiency, Unit.SHARE),
    )
    whole = split.gains + split.missed
    data = told.table(
        "welfare",
        [told.say("welfare"), f">{told.say('amount')}", f">{told.say('share')}"],
        [(each.name, each.shown, told.part(each.length, whole)) for each in items],
    )
    chart = drawing.rows(told.labels("welfare", sentence, "", ""), items)
    return section(told.say("welfare"), words(sentence, "quiet"), figure(chart, (), data))


def lorenz(told: Telling) -> str:
    """Draw how unlike sales and spending are."""
    measures = told.measures
    curves = [
        (told.say("lorenz.suppliers"), measures.suppliers_lorenz),
        (told.say("lorenz.buyers"), measures.buyers_lorenz),
    ]
    series = [
        Series(name, tuple((100 * n / (len(curve) - 1), 100 * v) for n, v in enumerate(curve)))
        for name, curve in curves
        if curve
    ]
    equal = Series(told.say("lorenz.equal"), ((0, 0), (100, 100)))
    sentence = told.say(
        "lorenz.said",
        suppliers=told.shown(measures.suppliers_gini, Unit.INDEX),
        buyers=told.shown(measures.buyers_gini, Unit.INDEX),
    )
    labels = told.labels("lorenz", sentence, told.say("lorenz.x"), told.say("lorenz.y"))
    chart = drawing.lines(labels, [*series, equal], x=(0, 100), y=(0, 100))
    data = told.table(
        "lorenz",
        [told.say("lorenz.x"), *(f">{each.name} (%)" for each in series)],
        [
            (f"{place[0][0]:.0f}", *(f"{height:.1f}" for _, height in place))
            for place in zip(*(each.points for each in series), strict=True)
        ],
    )
    legend = [each.name for each in (*series, equal)]
    return section(told.say("lorenz"), words(sentence, "quiet"), figure(chart, legend, data))


def concentration(told: Telling) -> str:
    """Draw in how few hands each kind lies."""
    kinds = [each for each in told.largest if each.concentration is not None]
    items = [
        Row(
            told.kind_title(each),
            each.concentration or 0,
            told.shown(each.concentration, Unit.POINTS),
        )
        for each in kinds
    ]
    sentence = told.say("hhi.said")
    chart = drawing.rows(told.labels("hhi", sentence, "", ""), items[:ROWS], LEVELS)
    data = told.table(
        "hhi",
        [told.say("kind"), f">{told.say('hhi')}"],
        [(each.name, each.shown) for each in items],
    )
    return section(told.say("hhi"), words(sentence, "quiet"), figure(chart, (), data))


def first_sale(told: Telling) -> str:
    """Draw how long products wait for their first sale."""
    sale = told.measures.first_sale
    name = told.say("first_sale")
    if not sale.listed:
        return section(name, words(told.say("empty.quality"), "quiet"))
    sentence = told.say(
        "first_sale.said",
        listed=f"{sale.listed:,}",
        sold=f"{sale.sold:,}",
        median=told.shown(sale.waiting.median, Unit.DAYS),
    )
    curve = sale.waiting.curve
    days = max(1, told.measures.days - 1)
    ends = 100 * curve[-1][1] if curve else 100.0
    points = ((0.0, 100.0), *((day, 100 * lasting) for day, lasting in curve), (days, ends))
    labels = told.labels("first_sale", sentence, told.say("first_sale.x"), told.say("first_sale.y"))
    chart = drawing.lines(labels, [Series("", points)], x=(0, days), y=(0, 100), stepped=True)
    data = told.table(
        "first_sale",
        [told.say("first_sale.x"), f">{told.say('first_sale.y')}"],
        [(f"{day:.0f}", f"{lasting:.1f}") for day, lasting in points[:-1]],
    )
    return section(name, words(sentence, "quiet"), figure(chart, (), data))


def endings(told: Telling) -> str:
    """Draw what became of wishes."""
    counted = told.measures.endings
    name, whole = told.say("endings"), sum(count for _, count in counted)
    if not counted:
        return section(name, words(told.say("empty.wishes"), "quiet"))
    sentence = told.say("endings.said", n=f"{whole:,}")
    items = [
        Row(told.say(f"e.{ending}"), count, f"{count:,} · {told.part(count, whole)}")
        for ending, count in counted
    ]
    data = _counts(told, "endings", [(each.name, "", int(each.length)) for each in items], whole)
    chart = drawing.rows(told.labels("endings", sentence, "", ""), items)
    return section(name, words(sentence, "quiet"), figure(chart, (), data))


def refusals(told: Telling) -> str:
    """Draw which rules said no, and how often."""
    gate, trade = told.measures.gate_refusals, told.measures.trade_refusals
    name = told.say("refusals")
    if not gate and not trade:
        return section(name, words(told.say("empty.refusals"), "quiet"))
    counted = sorted(
        [(rule, "gate", count) for rule, count in gate]
        + [(rule, "trade", count) for rule, count in trade],
        key=lambda each: (-each[2], each[0], each[1]),
    )
    items = [
        Row(rule, count, f"{count:,}", ("gate", "trade").index(where))
        for rule, where, count in counted
    ]
    sentence = told.say("refusals.said")
    chart = drawing.rows(told.labels("refusals", sentence, "", ""), items[:ROWS])
    whole = sum(count for *_, count in counted)
    data = _counts(
        told, "refusals", [(rule, told.say(where), count) for rule, where, count in counted], whole
    )
    legend = [told.say("gate"), told.say("trade")]
    return section(name, words(sentence, "quiet"), figure(chart, legend, data, filled=True))


def sharing(told: Telling) -> str:
    """Say what contributors got against what was declared."""
    fair = told.measures.fairness
    name = told.say("sharing")
    if not fair.products:
        return section(name, words(told.say("empty.sharing"), "quiet"), full=True)
    if not fair.shared:
        return section(name, words(told.say("unshared"), "quiet"), full=True)
    sentence = told.say(
        "sharing.said",
        products=f"{fair.products:,}",
        contributors=f"{fair.contributors:,}",
        shared=told.shown(fair.shared, Unit.MONEY),
        misplaced=told.shown(fair.misplaced_share, Unit.SHARE),
    )
    return section(name, words(sentence), full=True)


def kinds(told: Telling) -> str:
    """Set the kinds beside one another."""
    columns = [
        told.say("kind"),
        *(f">{told.say(each.key)}" for each in KIND_FIGURES),
    ]
    rows = [
        (told.kind_title(kind), *(told.shown(each.of(kind), each.unit) for each in KIND_FIGURES))
        for kind in told.largest
    ]
    return section(told.say("kinds"), table(columns, rows, label=told.say("kinds")), full=True)


def _counts(told: Telling, key: str, rows: Sequence[tuple[str, str, int]], whole: int) -> str:
    """Return the table of what was counted; where nothing says where, that column is left."""
    places = any(where for _, where, _ in rows)
    columns = [told.say("rule" if places else key), *([told.say("where")] if places else [])]
    return told.table(
        key,
        [*columns, f">{told.say('count')}", f">{told.say('share')}"],
        [
            (name, *([where] if places else []), f"{count:,}", told.part(count, whole))
            for name, where, count in rows
        ],
    )
