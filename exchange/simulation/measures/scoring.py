"""Alerts held against the truth that was planted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from exchange.simulation.depth import BOUGHT
from exchange.simulation.market import Conduct, Way
from exchange.simulation.trace import Trace
from exchange.surveillance import Alert, Pattern, Tape, watch
from exchange.surveillance.tape import DAY, whole

TRADED: Final = tuple(str(each) for each in BOUGHT)

LOOKED: Final = 20_000_000  # rows that looking day by day may read


@dataclass(frozen=True, slots=True)
class Case:
    """One planted misconduct: a supplier's, or that of several; the buyers in it, and its days."""

    conduct: Conduct
    suppliers: tuple[str, ...]
    buyers: tuple[str, ...]
    first_day: int = 0
    last_day: int = 0


@dataclass(frozen=True, slots=True)
class Detection:
    """How well one conduct was found.

    An alert is true where its pattern is the conduct of a case and one of its suppliers is one of
    that case; a case is found where a true alert is about it.  That an alert names the right
    buyers, or the right day, is not asked.
    """

    conduct: Conduct
    alerts: int
    true: int
    cases: int
    found: int

    @property
    def precision(self) -> float | None:
        """The share of alerts that are true; None without an alert."""
        return self.true / self.alerts if self.alerts else None

    @property
    def recall(self) -> float | None:
        """The share of cases that are found; None without a case."""
        return self.found / self.cases if self.cases else None

    def __add__(self, other: Detection) -> Detection:
        return Detection(
            self.conduct,
            self.alerts + other.alerts,
            self.true + other.true,
            self.cases + other.cases,
            self.found + other.found,
        )


def detections(alerts: Iterable[Alert], cases: Sequence[Case]) -> tuple[Detection, ...]:
    """Return how well each conduct was found; concentration is no misconduct and is left out."""
    raised = list(alerts)
    return tuple(_detection(conduct, raised, cases) for conduct in Conduct)


def _detection(conduct: Conduct, alerts: list[Alert], cases: Sequence[Case]) -> Detection:
    mine = [set(alert.suppliers) for alert in alerts if alert.pattern.value == conduct.value]
    planted = [set(case.suppliers) for case in cases if case.conduct is conduct]
    return Detection(
        conduct,
        alerts=len(mine),
        true=sum(any(named & there for there in planted) for named in mine),
        cases=len(planted),
        found=sum(any(named & there for named in mine) for there in planted),
    )


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a planted case could first be seen by whoever looked at the end of every day.

    `seen` is the first day, not before the case's own first, by whose end `watch` of everything so
    far has a true alert about it; None where no day has one.  A look may find what a later one
    misses, so a case that is seen need not be found in the whole run.
    """

    conduct: Conduct
    suppliers: tuple[str, ...]
    first_day: int
    last_day: int
    seen: int | None

    @property
    def delay(self) -> int | None:
        """How many days it went on unseen; None where it was never seen."""
        return None if self.seen is None else self.seen - self.first_day


def sightings(tape: Tape, cases: Sequence[Case], days: int) -> tuple[Sighting, ...]:
    """Return when each case could first be seen in a run of so many days.

    Looks are made for patterns of cases that are still unseen alone.  Where looking once a day
    would be to read over `LOOKED` rows, only every second, third, … day is looked at, and the last.
    """
    seen: dict[int, int] = {}
    for conduct in dict.fromkeys(case.conduct for case in cases):
        mine = {n: case for n, case in enumerate(cases) if case.conduct is conduct}
        for day in _looks(tape, min(case.first_day for case in mine.values()), days):
            open_ = {n: case for n, case in mine.items() if n not in seen}
            if not open_:
                break
            if all(case.first_day > day for case in open_.values()):
                continue
            named = [
                set(alert.suppliers)
                for alert in watch(tape.before((day + 1) * DAY), (Pattern(str(conduct)),))
            ]
            for n, case in open_.items():
                if case.first_day <= day and any(each & set(case.suppliers) for each in named):
                    seen[n] = day
    return tuple(
        Sighting(case.conduct, case.suppliers, case.first_day, case.last_day, seen.get(n))
        for n, case in enumerate(cases)
    )


def _looks(tape: Tape, first: int, days: int) -> list[int]:
    """Return the days at whose ends the tape so far is looked at."""
    rows = (len(tape.trade_at) + len(tape.offer_at)) * max(0, days - first)
    return sorted({*range(first, days, max(1, -(-rows // LOOKED))), days - 1})


def planted_cases(trace: Trace) -> tuple[Case, ...]:
    """Return the cases that a run planted."""
    planted, people = trace["planted"], trace["participants"]
    found = []
    for case in np.unique(planted["case"]).tolist():
        rows = planted["case"] == case
        members = sorted(set(planted["participant"][rows].tolist()) - {-1})
        named = [(str(people["participant"][each]), str(people["role"][each])) for each in members]
        found.append(
            Case(
                Conduct(str(planted["conduct"][rows][0])),
                tuple(name for name, role in named if role == "supplier"),
                tuple(name for name, role in named if role != "supplier"),
                int(planted["first_day"][rows][0]),
                int(planted["last_day"][rows][0]),
            )
        )
    return tuple(found)


def tape_of(trace: Trace) -> Tape:
    """Return what surveillance would have seen of a run.

    Bids are no offers, so auctions are left out of those.
    """
    wishes, products = trace["wishes"], trace["products"]
    kinds = sorted(set(products["kind"].tolist()))
    place = {kind: spot for spot, kind in enumerate(kinds)}
    at = wishes["day"].astype(np.int64) * DAY + wishes["second"]
    ways = {str(way): spot for spot, way in enumerate(Way)}
    way = whole([ways[each] for each in wishes["way"].tolist()])
    order = np.argsort(at, kind="stable")
    traded = order[np.isin(wishes["ending"], TRADED)[order]]
    priced = (wishes["offered"] > 0) & (wishes["way"] != str(Way.AUCTION))
    offered = order[priced[order]]
    return Tape(
        participants=trace["participants"]["participant"].tolist(),
        products=products["product"].tolist(),
        kinds=kinds,
        product_supplier=products["supplier"].astype(np.int64),
        product_kind=whole([place[kind] for kind in products["kind"].tolist()]),
        trade_id=wishes["trade"][traded].tolist(),
        trade_at=at[traded],
        trade_buyer=wishes["buyer"][traded].astype(np.int64),
        trade_product=wishes["product"][traded].astype(np.int64),
        trade_amount=wishes["amount"][traded],
        trade_until=wishes["until"][traded],
        offer_at=at[offered],
        offer_buyer=wishes["buyer"][offered].astype(np.int64),
        offer_product=wishes["product"][offered].astype(np.int64),
        offer_price=wishes["offered"][offered],
        offer_list=wishes["list_price"][offered],
        offer_terms=way[offered],
    )
