"""Alerts held against the truth that was planted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from exchange.simulation.depth import BOUGHT
from exchange.simulation.market import Conduct, Way
from exchange.simulation.trace import Trace
from exchange.surveillance import Alert, Tape
from exchange.surveillance.tape import DAY, whole

TRADED: Final = tuple(str(each) for each in BOUGHT)


@dataclass(frozen=True, slots=True)
class Case:
    """One planted misconduct: a supplier's, or that of several; and the buyers in it."""

    conduct: Conduct
    suppliers: tuple[str, ...]
    buyers: tuple[str, ...]


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
