"""The meter: usage of a statement sorted into lines, in a fixed order of rules.

Each use, by time, is first looked at for a hit where only hits are billed; then the trial takes
its part, then the free units of the period.  What is left climbs the ladder, which begins again
with each period; units beyond a maximum climb it too, so that a maximum moves no other price.
Then come the maxima: of a day in units, of a day and of a period in money.  The unit that
reaches a maximum in money is charged what is left of it, and those after it nothing.

All is exact within a period: the sum of its usage is rounded to the minor unit once, and its
lines are differences of rounded sums.  So no rounding passes a maximum.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from pricing.billing import Billed, ChargeLine, ChargeType, Outcome, Statement, UsageEvent
from pricing.billing.ladder import Ladder, Tier
from pricing.billing.terms import Term, day_text
from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.money import Money

Steps = list[tuple[Tier, int]]


@dataclass(frozen=True, slots=True)
class Trial:
    """The first `units` used, within the first `term`; one of the two may be left out."""

    units: int | None = None
    term: Term | None = None

    def __post_init__(self) -> None:
        if self.units is None and self.term is None:
            raise BadInput("trial: without a cap in units or a term it would never end")
        if self.units is not None:
            require_count("trial.units", self.units, 1)


@dataclass(frozen=True, slots=True)
class Sifted:
    """Units that found nothing, units of the trial, and the rest by event, in order of time."""

    not_found: int
    sample: int
    rest: tuple[tuple[UsageEvent, int], ...]

    def lines(self, nothing: Money) -> Iterator[ChargeLine]:
        """Yield the lines of what is not billed."""
        if self.not_found:
            text = "found nothing: not billed"
            yield ChargeLine(ChargeType.NOT_FOUND, text, self.not_found, nothing)
        if self.sample:
            yield ChargeLine(ChargeType.SAMPLE, "within the trial", self.sample, nothing)


def sift(statement: Statement, billed: Billed, trial: Trial | None = None) -> Sifted:
    """Take out what found nothing, where that is not billed, and what the trial covers."""
    not_found = sample = 0
    rest = []
    for event in statement.used:
        if billed is Billed.HITS and event.outcome is Outcome.NOT_FOUND:
            not_found += event.quantity
            continue
        free = 0
        if trial and not (
            trial.term and statement.day(event.at_ms) > trial.term.last_day(statement.first_day)
        ):
            left = event.quantity if trial.units is None else trial.units - sample
            free = min(event.quantity, left)
            sample += free
        if event.quantity > free:
            rest.append((event, event.quantity - free))
    return Sifted(not_found, sample, tuple(rest))


def span_text(statement: Statement, period: Term, index: int) -> str:
    """Name a period by its first and last day."""
    first = period.first_day(statement.first_day, index)
    last = period.last_day(statement.first_day, index + 1)
    return f"{day_text(first)} to {day_text(last)}"


def by_period(statement: Statement, period: Term | None, sifted: Sifted) -> dict[int, Counter[int]]:
    """Return the units of each period by billing day; without a period all are of the first."""
    usage: dict[int, Counter[int]] = defaultdict(Counter)
    for event, units in sifted.rest:
        day = statement.day(event.at_ms)
        usage[period.index(statement.first_day, day) if period else 0][day] += units
    return dict(sorted(usage.items()))


@dataclass(frozen=True, slots=True)
class Meter:
    """What a plan says of usage; what is None is not limited.

    Ladder, free units and `period_max` count within a `period`, or since the contract began.
    """

    ladder: Ladder
    billed: Billed = Billed.EVERY
    trial: Trial | None = None
    period: Term | None = None
    free_units: int = 0
    day_units: int | None = None
    day_max: Money | None = None
    period_max: Money | None = None

    def lines(self, statement: Statement) -> Iterator[ChargeLine]:
        """Yield the lines of all usage, fees aside."""
        sifted = sift(statement, self.billed, self.trial)
        yield from sifted.lines(Money(0, self.ladder.currency))
        for index, usage in by_period(statement, self.period, sifted).items():
            name = f"{span_text(statement, self.period, index)}: " if self.period else ""
            yield from self._period(name, usage)

    def _period(self, name: str, usage: Counter[int]) -> Iterator[ChargeLine]:
        nothing = Money(0, self.ladder.currency)
        free, rest = _after_free(usage, self.free_units)
        if free:
            text = f"{name}within {self.free_units:,} free units"
            yield ChargeLine(ChargeType.GRACE, text, free, nothing)
        tally = self._tally(rest)
        exact, before = Fraction(0), nothing
        for text, units, part in tally.charged():
            exact += part
            after = Money(1, self.ladder.currency).scaled(exact)
            yield ChargeLine(ChargeType.VARIABLE, f"{name}{text}", units, after - before)
            before = after
        for text, units in tally.beyond.items():
            yield ChargeLine(ChargeType.MAX_REACHED, f"{name}{text}", units, nothing)

    def _tally(self, usage: Counter[int]) -> _Tally:
        whole, climbed = sum(usage.values()), 0
        tally = _Tally(None if self.period_max is None else Fraction(self.period_max.minor))
        for day in sorted(usage):
            steps = list(self.ladder.steps(climbed, usage[day], whole))
            climbed += usage[day]
            if self.day_units is not None:
                steps, over = _split(steps, self.day_units)
                tally.leave(f"beyond {self.day_units:,} units a day", over)
            budget, maximum = self._budget(tally.left)
            tally.charge(steps, budget, maximum, day_text(day))
        return tally

    def _budget(self, left: Fraction | None) -> tuple[Fraction | None, str]:
        whole = None if self.day_max is None else Fraction(self.day_max.minor)
        if left is not None and (whole is None or left < whole):
            return left, f"the maximum of {self.period_max}{' a period' if self.period else ''}"
        return whole, f"the maximum of {self.day_max} a day"


@dataclass(slots=True)
class _Tally:
    """Units and exact amounts of one period, by why they cost what they cost."""

    left: Fraction | None
    by_rate: dict[str, tuple[int, Fraction]] = field(default_factory=dict)
    reached: list[tuple[str, int, Fraction]] = field(default_factory=list)
    beyond: Counter[str] = field(default_factory=Counter)

    def leave(self, text: str, units: int) -> None:
        if units:
            self.beyond[text] += units

    def charge(self, steps: Steps, budget: Fraction | None, maximum: str, date: str) -> None:
        """Charge a day's units, or as many of them as its budget pays for."""
        cost = _cost(steps)
        if budget is None or cost <= budget:
            for tier, units in steps:
                held, exact = self.by_rate.get(f"at {tier.rate}", (0, Fraction(0)))
                exact += units * tier.rate.minor
                self.by_rate[f"at {tier.rate}"] = held + units, exact
        else:
            paid = _units_for(steps, budget)
            if paid:
                self.reached.append((f"{date}, {maximum} reached", paid, budget))
            self.leave(f"after {maximum}", sum(units for _, units in steps) - paid)
            cost = budget
        if self.left is not None:
            self.left -= cost

    def charged(self) -> Iterator[tuple[str, int, Fraction]]:
        """Yield what is charged; whole amounts first, which no rounding before them can move."""
        yield from sorted(self.reached, key=lambda line: line[2].denominator > 1)
        for text, (units, exact) in self.by_rate.items():
            yield text, units, exact


def _after_free(usage: Counter[int], free_units: int) -> tuple[int, Counter[int]]:
    taken, rest = 0, Counter[int]()
    for day in sorted(usage):
        free = min(usage[day], free_units - taken)
        taken += free
        if usage[day] > free:
            rest[day] = usage[day] - free
    return taken, rest


def _split(steps: Steps, first: int) -> tuple[Steps, int]:
    """Return the steps of the first units, and how many units come after them."""
    kept, over = [], 0
    for tier, units in steps:
        taken = min(units, first)
        first -= taken
        over += units - taken
        if taken:
            kept.append((tier, taken))
    return kept, over


def _cost(steps: Steps) -> Fraction:
    return sum((units * tier.rate.minor for tier, units in steps), Fraction(0))


def _units_for(steps: Steps, budget: Fraction) -> int:
    """Return the least number of units that cost the budget or more; all of them cost more."""
    paid = 0
    for tier, units in steps:
        cost = units * tier.rate.minor
        if cost >= budget:
            return paid + (math.ceil(budget / tier.rate.minor) if budget else 0)
        budget -= cost
        paid += units
    raise AssertionError("a budget was called too small and pays for all units")
