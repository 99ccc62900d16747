"""The report of a run: one HTML file that tells what happened, in Chinese, English or both.

Made of the trace and its measures alone, and the market's own words where they are at hand, so
the same run gives the same bytes.  Every chart has its numbers in a table behind it; what a run
had nothing of says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from exchange.simulation import drawing
from exchange.simulation.drawing import Labels, Row, Series
from exchange.simulation.headline import FIGURES, KIND_FIGURES, Unit, shown
from exchange.simulation.market import Market
from exchange.simulation.measures import KindMeasures, Measures, measure
from exchange.simulation.report_page import (
    command,
    facts,
    figure,
    grid,
    page,
    pairs,
    section,
    table,
    words,
)
from exchange.simulation.report_words import LANGUAGES, said
from exchange.simulation.trace import TABLES, Trace
from exchange.simulation.trace_files import contents_digest

DRAWN: Final = drawing.COLOURS  # kinds in one chart
BARS: Final = 92  # bars that can be told apart; of longer runs several days make one
ROWS: Final = 12  # lying bars of one chart
LEVELS: Final = (
    1_000.0,
    1_800.0,
)  # US Merger Guidelines (2023), 2.1, and where unconcentrated ends


@dataclass(frozen=True, slots=True)
class Run:
    """One run: how it is called, its trace, and its market where that was kept."""

    name: str
    trace: Trace
    market: Market | None = None


def write_report(run: Run, languages: Sequence[str] = LANGUAGES) -> bytes:
    """Return the report of a run as HTML; every text in it is escaped."""
    measures = measure(run.trace)
    tellers = {language: _Teller(run, measures, language) for language in languages}
    return page(
        {language: teller.title for language, teller in tellers.items()},
        {language: teller.told() for language, teller in tellers.items()},
    )


def repeating(run: Run) -> str:
    """Return the command that plays the same run again."""
    trace = run.trace
    parts = [f"guapai simulate run {run.trace.market}.toml", f"--seed {trace.seed}"]
    return " ".join([*parts, f"--days {trace.days}", f"--depth {trace.depth}", "--out again"])


class _Teller:
    """Tells one run in one language."""

    def __init__(self, run: Run, measures: Measures, language: str) -> None:
        self.run, self.measures, self.language = run, measures, language
        self.title = f"{self._market()} · {self.say('report')}"
        self._largest = sorted(measures.by_kind, key=lambda each: (-each.total.amount, each.kind))
        self._every = -(-measures.days // BARS)

    def say(self, key: str, **given: object) -> str:
        """Return words in the language of the report."""
        return said(key, self.language, **given)

    def told(self) -> Iterator[str]:
        """Yield the parts of the report in their order."""
        yield f"<h1>{words(self.title)[3:-4]}</h1>"
        if self.run.market:
            yield words(self.run.market.about[self.language])
        traded = self.measures.total.trades > 0
        if not traded:
            nothing = f"<strong>{self.say('nothing')}</strong>"
            yield f'<div class="note">{nothing}{words(self.say("nothing.note"))}</div>'
        yield grid(self._glance(), *(self._charts() if traded else ()), *self._always())
        yield grid(*([self._kinds()] if self._largest else []), self._facts())

    def _charts(self) -> Iterator[str]:
        yield self._volume()
        yield self._prices()
        yield self._welfare()
        yield self._match()
        yield self._lorenz()
        yield self._concentration()
        yield self._quality()

    def _always(self) -> Iterator[str]:
        yield self._first_sale()
        yield self._endings()
        yield self._refusals()
        yield self._sharing()

    def _glance(self) -> str:
        items = [
            (self.say(each.key), self.shown(each.of(self.measures), each.unit)) for each in FIGURES
        ]
        sham = self.measures.total.sham_trades > 0
        note = words(self.say("sham.note"), "quiet") if sham else ""
        return section(self.say("at_a_glance"), facts(items), note, full=True)

    def shown(self, value: float | None, unit: Unit) -> str:
        """Write a figure."""
        return shown(value, unit, self.language)

    def _labels(self, key: str, sentence: str, x: str, y: str) -> Labels:
        return Labels(f"{self.language}-{key}", self.say(key), sentence, x, y)

    # Over time.

    def _volume(self) -> str:
        days, sham = self.measures.by_day, self.measures.total.sham_amount > 0
        real = [each.amount - each.sham_amount for each in days]
        stacks = [
            (
                sum(real[at : at + self._every]),
                sum(x.sham_amount for x in days[at : at + self._every]),
            )
            for at in range(0, len(days), self._every)
        ]
        scale, unit = self._scale(max(sum(stack) for stack in stacks))
        top = max(range(len(days)), key=lambda day: (days[day].amount, -day))
        total = self.measures.total
        sentence = self.say(
            "volume.said",
            trades=f"{total.trades:,}",
            amount=self.shown(total.amount, Unit.MONEY),
            day=top,
        )
        y = self.say("volume.y", unit=unit)
        if self._every > 1:
            y = f"{y} · {self.say('every', n=self._every)}"
        chart = drawing.bars(
            self._labels("volume", sentence, self.say("day"), y),
            [tuple(part / scale for part in stack) for stack in stacks],
            every=self._every,
        )
        legend = [self.say("volume.real"), self.say("volume.sham")] if sham else []
        return section(
            self.say("volume"),
            words(sentence, "quiet"),
            figure(chart, legend, self._by_day("volume"), filled=True),
        )

    def _by_day(self, key: str) -> str:
        def row(day: int, on: Activity) -> list[str]:
            counts = f"{on.trades:,}", f"{on.sham_trades:,}", f"{on.arrivals:,}", f"{on.wishes:,}"
            shares = self.shown(on.match_rate, Unit.SHARE), self.shown(on.success, Unit.SHARE)
            return [f"{day}", self.shown(on.amount, Unit.MONEY), *counts, *shares]

        columns = ("amount", "trades", "sham_trades", "arrivals", "wishes", "match_rate", "success")
        return self._table(
            key,
            [self.say("day"), *(f">{self.say(each)}" for each in columns)],
            [row(day, on) for day, on in enumerate(self.measures.by_day)],
        )

    def _table(self, key: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        """Return the numbers behind a chart."""
        title = self.say("table")
        return table(columns, rows, title=title, label=f"{self.say(key)}: {title}")

    def _over_days(
        self, key: str, series: Sequence[tuple[str, Sequence[float | None]]], *, factor: float = 1.0
    ) -> tuple[str, list[str]]:
        """Return the chart of values by day, and the names of its lines."""
        drawn = [
            Series(name, tuple((day, v * factor) for day, v in enumerate(values) if v is not None))
            for name, values in series
        ]
        drawn = [each for each in drawn if each.points]
        if not drawn:
            return words(self.say("none"), "quiet"), []
        labels = self._labels(key, self.say(f"{key}.said"), self.say("day"), self.say(f"{key}.y"))
        highest = max(height for each in drawn for _, height in each.points)
        lowest = min(height for each in drawn for _, height in each.points)
        y = (0.0, highest) if factor > 1 else (lowest, highest)
        chart = drawing.lines(labels, drawn, x=(0, max(1, self.measures.days - 1)), y=y)
        return chart, [each.name for each in drawn]

    def _prices(self) -> str:
        kinds = [each for each in self._largest if any(each.price_index)]
        chart, legend = self._over_days(
            "prices", [(self._kind(each), each.price_index) for each in kinds[:DRAWN]]
        )
        data = self._table(
            "prices",
            [self.say("day"), *(f">{self._kind(each)}" for each in kinds)],
            [
                (f"{day}", *(self.shown(each.price_index[day], Unit.INDEX) for each in kinds))
                for day in range(self.measures.days)
            ],
        )
        return section(
            self.say("prices"),
            words(self.say("prices.said"), "quiet"),
            self._more(kinds),
            figure(chart, legend, data),
        )

    def _more(self, kinds: Sequence[KindMeasures]) -> str:
        return words(self.say("and_more", n=DRAWN), "quiet") if len(kinds) > DRAWN else ""

    def _match(self) -> str:
        days = self.measures.by_day
        chart, legend = self._over_days(
            "match",
            [
                (self.say("match_rate"), [each.match_rate for each in days]),
                (self.say("success"), [each.success for each in days]),
            ],
            factor=100,
        )
        return section(
            self.say("match"),
            words(self.say("match.said"), "quiet"),
            figure(chart, legend, self._by_day("match")),
        )

    def _quality(self) -> str:
        traded = [each.quality for each in self.measures.by_day]
        listed = self._listed_quality()
        chart, legend = self._over_days(
            "quality", [(self.say("quality.listed"), listed), (self.say("quality.traded"), traded)]
        )
        data = self._table(
            "quality",
            [self.say("day"), f">{self.say('quality.listed')}", f">{self.say('quality.traded')}"],
            [
                (f"{day}", self.shown(one, Unit.INDEX), self.shown(other, Unit.INDEX))
                for day, (one, other) in enumerate(zip(listed, traded, strict=True))
            ],
        )
        return section(
            self.say("quality"),
            words(self.say("quality.said"), "quiet"),
            figure(chart, legend, data),
        )

    def _listed_quality(self) -> list[float | None]:
        products, days = self.run.trace["products"], self.measures.days
        sums, counts = [0.0] * days, [0] * days
        for day, quality in zip(
            products["listed"].tolist(), products["quality"].tolist(), strict=True
        ):
            if 0 <= day < days:
                sums[day] += quality
                counts[day] += 1
        found: list[float | None] = []
        total, count = 0.0, 0
        for day in range(days):
            total, count = total + sums[day], count + counts[day]
            found.append(total / count if count else None)
        return found

    # In all.

    def _welfare(self) -> str:
        split = self.measures.total.welfare
        parts = [
            ("w.buyers", split.buyers, 0),
            ("w.suppliers", split.suppliers, 2),
            ("w.exchange", split.exchange, 1),
            ("w.contributors", split.contributors, 3),
            ("w.missed", split.missed, 4),
        ]
        items = [
            Row(self.say(key), amount, self.shown(amount, Unit.MONEY), colour)
            for key, amount, colour in parts
        ]
        sentence = self.say(
            "welfare.said",
            gains=self.shown(split.gains, Unit.MONEY),
            efficiency=self.shown(split.efficiency, Unit.SHARE),
        )
        whole = split.gains + split.missed
        data = self._table(
            "welfare",
            [self.say("welfare"), f">{self.say('amount')}", f">{self.say('share')}"],
            [(each.name, each.shown, self._part(each.length, whole)) for each in items],
        )
        chart = drawing.rows(self._labels("welfare", sentence, "", ""), items)
        return section(self.say("welfare"), words(sentence, "quiet"), figure(chart, (), data))

    def _part(self, part: float, whole: float) -> str:
        return self.shown(part / whole if whole > 0 else None, Unit.SHARE)

    def _lorenz(self) -> str:
        measures = self.measures
        curves = [
            (self.say("lorenz.suppliers"), measures.suppliers_lorenz),
            (self.say("lorenz.buyers"), measures.buyers_lorenz),
        ]
        series = [
            Series(name, tuple((100 * n / (len(curve) - 1), 100 * v) for n, v in enumerate(curve)))
            for name, curve in curves
            if curve
        ]
        equal = Series(self.say("lorenz.equal"), ((0, 0), (100, 100)))
        sentence = self.say(
            "lorenz.said",
            suppliers=self.shown(measures.suppliers_gini, Unit.INDEX),
            buyers=self.shown(measures.buyers_gini, Unit.INDEX),
        )
        labels = self._labels("lorenz", sentence, self.say("lorenz.x"), self.say("lorenz.y"))
        chart = drawing.lines(labels, [*series, equal], x=(0, 100), y=(0, 100))
        data = self._table(
            "lorenz",
            [self.say("lorenz.x"), *(f">{each.name} (%)" for each in series)],
            [
                (f"{place[0][0]:.0f}", *(f"{height:.1f}" for _, height in place))
                for place in zip(*(each.points for each in series), strict=True)
            ],
        )
        legend = [each.name for each in (*series, equal)]
        return section(self.say("lorenz"), words(sentence, "quiet"), figure(chart, legend, data))

    def _concentration(self) -> str:
        kinds = [each for each in self._largest if each.concentration is not None]
        items = [
            Row(
                self._kind(each),
                each.concentration or 0,
                self.shown(each.concentration, Unit.POINTS),
            )
            for each in kinds
        ]
        sentence = self.say("hhi.said")
        chart = drawing.rows(self._labels("hhi", sentence, "", ""), items[:ROWS], LEVELS)
        data = self._table(
            "hhi",
            [self.say("kind"), f">{self.say('hhi')}"],
            [(each.name, each.shown) for each in items],
        )
        return section(self.say("hhi"), words(sentence, "quiet"), figure(chart, (), data))

    def _first_sale(self) -> str:
        sale = self.measures.first_sale
        title = self.say("first_sale")
        if not sale.listed:
            return section(title, words(self.say("empty.quality"), "quiet"))
        sentence = self.say(
            "first_sale.said",
            listed=f"{sale.listed:,}",
            sold=f"{sale.sold:,}",
            median=self.shown(sale.waiting.median, Unit.DAYS),
        )
        curve = sale.waiting.curve
        days = max(1, self.measures.days - 1)
        ends = 100 * curve[-1][1] if curve else 100.0
        points = ((0.0, 100.0), *((day, 100 * lasting) for day, lasting in curve), (days, ends))
        labels = self._labels(
            "first_sale", sentence, self.say("first_sale.x"), self.say("first_sale.y")
        )
        chart = drawing.lines(labels, [Series("", points)], x=(0, days), y=(0, 100), stepped=True)
        data = self._table(
            "first_sale",
            [self.say("first_sale.x"), f">{self.say('first_sale.y')}"],
            [(f"{day:.0f}", f"{lasting:.1f}") for day, lasting in points[:-1]],
        )
        return section(title, words(sentence, "quiet"), figure(chart, (), data))

    def _endings(self) -> str:
        counted = self.measures.endings
        title, whole = self.say("endings"), sum(count for _, count in counted)
        if not counted:
            return section(title, words(self.say("empty.wishes"), "quiet"))
        sentence = self.say("endings.said", n=f"{whole:,}")
        items = [
            Row(self.say(f"e.{ending}"), count, f"{count:,} · {self._part(count, whole)}")
            for ending, count in counted
        ]
        data = self._counts("endings", [(each.name, "", int(each.length)) for each in items], whole)
        chart = drawing.rows(self._labels("endings", sentence, "", ""), items)
        return section(title, words(sentence, "quiet"), figure(chart, (), data))

    def _refusals(self) -> str:
        gate, trade = self.measures.gate_refusals, self.measures.trade_refusals
        title = self.say("refusals")
        if not gate and not trade:
            return section(title, words(self.say("empty.refusals"), "quiet"))
        counted = sorted(
            [(rule, "gate", count) for rule, count in gate]
            + [(rule, "trade", count) for rule, count in trade],
            key=lambda each: (-each[2], each[0], each[1]),
        )
        items = [
            Row(rule, count, f"{count:,}", ("gate", "trade").index(where))
            for rule, where, count in counted
        ]
        sentence = self.say("refusals.said")
        chart = drawing.rows(self._labels("refusals", sentence, "", ""), items[:ROWS])
        whole = sum(count for *_, count in counted)
        data = self._counts(
            "refusals", [(rule, self.say(where), count) for rule, where, count in counted], whole
        )
        legend = [self.say("gate"), self.say("trade")]
        return section(title, words(sentence, "quiet"), figure(chart, legend, data, filled=True))

    def _counts(self, key: str, rows: Sequence[tuple[str, str, int]], whole: int) -> str:
        """Return the table of what was counted; where nothing says where, that column is left."""
        places = any(where for _, where, _ in rows)
        columns = [self.say("rule" if places else key), *([self.say("where")] if places else [])]
        return self._table(
            key,
            [*columns, f">{self.say('count')}", f">{self.say('share')}"],
            [
                (name, *([where] if places else []), f"{count:,}", self._part(count, whole))
                for name, where, count in rows
            ],
        )

    def _sharing(self) -> str:
        fair = self.measures.fairness
        title = self.say("sharing")
        if not fair.products:
            return section(title, words(self.say("empty.sharing"), "quiet"), full=True)
        sentence = self.say(
            "sharing.said",
            products=f"{fair.products:,}",
            contributors=f"{fair.contributors:,}",
            shared=self.shown(fair.shared, Unit.MONEY),
            misplaced=self.shown(fair.misplaced_share, Unit.SHARE),
        )
        return section(title, words(sentence), full=True)

    def _kinds(self) -> str:
        columns = [
            self.say("kind"),
            *(f">{self.say(each.key)}" for each in KIND_FIGURES),
        ]
        rows = [
            (self._kind(kind), *(self.shown(each.of(kind), each.unit) for each in KIND_FIGURES))
            for kind in self._largest
        ]
        return section(self.say("kinds"), table(columns, rows, label=self.say("kinds")), full=True)

    def _facts(self) -> str:
        trace = self.run.trace
        depth = self.say(f"depth.{trace.depth}") if trace.depth in {"full", "fast"} else trace.depth
        digests = [
            (name, f"{len(next(iter(trace[name].values()))):,}", (contents_digest(name, trace[name]), "mono"))
            for name in TABLES
        ]
        rows = pairs(
            [
                (self.say("market"), self._market()),
                (self.say("seed"), f"{trace.seed}"),
                (self.say("days"), f"{trace.days:,}"),
                (self.say("depth"), depth),
                (self.say("digest"), (trace.digest, "mono")),
                (self.say("size"), f"{trace.size:,}"),
                (self.say("root"), (trace.root, "mono")),
                (self.say("audit"), trace.audit or self.say("audit.none")),
            ]
        )
        return section(
            self.say("run"),
            rows,
            table(
                [self.say("tables.name"), f">{self.say('tables.rows')}", "SHA-256"],
                digests,
                title=self.say("tables"),
            ),
            f"<h3>{self.say('again')}</h3>",
            command(repeating(self.run)),
            words(self.say("again.note"), "quiet"),
            full=True,
        )

    # Names and scales.

    def _market(self) -> str:
        if self.run.market:
            return self.run.market.title[self.language]
        return self.run.trace.market

    def _kind(self, kind: KindMeasures) -> str:
        if self.run.market:
            for each in self.run.market.kinds:
                if each.name == kind.kind:
                    return each.title[self.language]
        return kind.kind

    def _scale(self, largest: float) -> tuple[float, str]:
        """Return what to divide minor units by, and what the result counts."""
        powers = (8, 4) if self.language == "zh" else (9, 6, 3)
        for power in powers:
            if largest >= 100 * 10 ** (power + 1):
                return 100.0 * 10**power, self.say(f"scale.{power}")
        return 100.0, self.say("scale.1")
