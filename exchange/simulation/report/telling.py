"""One run, told in one language: its words, its figures as they are written, its names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from exchange.simulation.measures import KindMeasures, Measures
from exchange.simulation.report.drawing import Labels
from exchange.simulation.report.headline import Unit, shown
from exchange.simulation.report.page import table
from exchange.simulation.report.words import Language, said
from exchange.simulation.run_folder import Played

BARS: Final = 92  # bars that can be told apart; of longer runs several days make one


class Telling:
    """What every part of a report asks of its run."""

    def __init__(self, run: Played, measures: Measures, language: Language) -> None:
        self.run, self.measures, self.language = run, measures, language
        self.largest = sorted(measures.by_kind, key=lambda each: (-each.total.amount, each.kind))
        self.every = -(-measures.days // BARS)

    def say(self, key: str, **given: object) -> str:
        """Return words in the language of the report."""
        return said(key, self.language, **given)

    def shown(self, value: float | None, unit: Unit) -> str:
        """Write a figure."""
        return shown(value, unit, self.language)

    def labels(self, key: str, sentence: str, x: str, y: str) -> Labels:
        """Return what a chart says of itself; its title is that of the part it stands in."""
        return Labels(f"{self.language}-{key}", self.say(key), sentence, x, y)

    def table(self, key: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        """Return the numbers behind a chart."""
        title = self.say("table")
        return table(columns, rows, title=title, label=f"{self.say(key)}: {title}")

    def part(self, part: float, whole: float) -> str:
        """Write a part as a percentage of the whole."""
        return self.shown(part / whole if whole > 0 else None, Unit.SHARE)

    def market_title(self) -> str:
        """Return the market's title, else its name."""
        if self.run.market:
            return self.run.market.title[self.language]
        return self.run.trace.market

    def kind_title(self, kind: KindMeasures) -> str:
        """Return a kind's title, else its name."""
        if self.run.market:
            for each in self.run.market.kinds:
                if each.name == kind.kind:
                    return each.title[self.language]
        return kind.kind

    def scale(self, largest: float) -> tuple[float, str]:
        """Return what to divide minor units by, and what the result counts."""
        powers = (8, 4) if self.language == "zh" else (9, 6, 3)
        for power in powers:
            if largest >= 100 * 10 ** (power + 1):
                return 100.0 * 10**power, self.say(f"scale.{power}")
        return 100.0, self.say("scale.1")
