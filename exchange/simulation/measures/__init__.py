"""What a run came to: volume, prices, welfare and who got it, matching, inequality, fairness.

Made of a `Trace` alone.  Volume is what the exchange saw, sham trades of planted rings included;
every other measure leaves those out, since nothing changed hands.  Amounts are minor units, days
count from 0, and `None` says that there was nothing to measure.  docs/measures.md has every
formula with its source and a worked example.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exchange.simulation.depth import Ending
from exchange.simulation.market import Conduct
from exchange.simulation.measures.formulas import Survival, gini, lorenz, price_levels, survival
from exchange.simulation.measures.scoring import (
    TRADED,
    Detection,
    Sighting,
    detections,
    planted_cases,
    sightings,
    tape_of,
)
from exchange.simulation.trace import Column, Table, Trace
from exchange.surveillance import Alert, watch
from exchange.surveillance.concentration import herfindahl

_DIGITS: Final = 12  # of a number in a record: what two mathematical libraries agree on

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Welfare:
    """What trades were worth to everybody, minor units: gains = the sum of the four parts.

    `gains` is what traded copies are worth to their buyers; a further copy costs nothing to make.
    A sham trade is worth nothing, and its buyer's money is its supplier's own.  `missed` is what
    wishes that came to nothing would have been worth.
    """

    gains: int
    buyers: int  # value − amount
    suppliers: int  # amount − fee − contributors' part, less what rings paid to themselves
    exchange: int  # fees
    contributors: int
    missed: int

    @property
    def efficiency(self) -> float | None:
        """Gains by what they would have been had every wish come true."""
        possible = self.gains + self.missed
        return self.gains / possible if possible > 0 else None


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened on a day, to a kind, or in all."""

    arrivals: int  # buyers that came
    looks: int  # products looked at
    wishes: int  # products wanted
    trades: int  # wishes that became a trade, deals filed among them
    amount: int  # what buyers paid, minor units
    sham_trades: int  # of the trades: those of planted rings with themselves
    sham_amount: int
    sham_fees: int  # what the rings' show cost them
    welfare: Welfare
    quality: float | None  # mean quality of what was traded, 0 to 1

    @property
    def match_rate(self) -> float | None:
        """Trades by arrivals, sham ones left out; a ring does not arrive, it is sent."""
        return _ratio(self.trades - self.sham_trades, self.arrivals)

    @property
    def success(self) -> float | None:
        """Trades by wishes, sham ones left out of both."""
        return _ratio(self.trades - self.sham_trades, self.wishes - self.sham_trades)


@dataclass(frozen=True, slots=True)
class FirstSale:
    """How long products wait for their first sale, in days from listing.

    Products never sold count for as long as they were watched, to the end of the run or until
    their supplier left (Kaplan and Meier 1958), so that the median is not that of the lucky ones.
    """

    listed: int
    sold: int
    waiting: Survival

    @property
    def never_sold(self) -> float | None:
        """The share of listed products without a sale."""
        return _ratio(self.listed - self.sold, self.listed)


@dataclass(frozen=True, slots=True)
class Fairness:
    """What contributors got against the shares that sheets declare, minor units.

    `misplaced` is what would have to change hands for all to have their declared share: half the
    sum of |got − declared part|, product by product.  `worst` is the lowest part of its due that
    a contributor got; 1 is its due.
    """

    products: int
    contributors: int
    shared: int
    misplaced: int
    worst: float | None

    @property
    def misplaced_share(self) -> float | None:
        """The misplaced part of what was shared."""
        return _ratio(self.misplaced, self.shared)


@dataclass(frozen=True, slots=True)
class KindMeasures:
    """One kind of product; every tuple has an item for each day."""

    kind: str
    total: Activity
    by_day: tuple[Activity, ...]
    price_index: tuple[float | None, ...]  # 1 on the first day with a sale
    price_index_with_sham: tuple[float | None, ...]  # over the rings' trades too, 1 on the same day
    listed_quality: tuple[float | None, ...]  # mean quality of what stood listed that day
    concentration: float | None  # HHI of suppliers' sales, 0 to 10,000
    first_sale: FirstSale

    @property
    def index_moved(self) -> float | None:
        """By what part of the index the rings' trades move it where they move it most."""
        if not self.total.sham_trades:
            return None
        apart = [
            abs(one - other) / one
            for one, other in zip(self.price_index, self.price_index_with_sham, strict=True)
            if one is not None and other is not None
        ]
        return max(apart, default=None)


@dataclass(frozen=True)
class Measures:
    """The measures of one run; `by_day` has an item for each day."""

    market: str
    digest: str
    seed: int
    days: int
    total: Activity
    by_day: tuple[Activity, ...]
    by_kind: tuple[KindMeasures, ...]
    listed_quality: tuple[float | None, ...]  # mean quality of what stood listed, day by day
    first_sale: FirstSale
    suppliers_gini: float | None  # of sales, among suppliers with a product on the board
    buyers_gini: float | None  # of spending, among all buyers
    suppliers_lorenz: tuple[float, ...]  # the parts of the poorest 0, 5, … 100 % of the same
    buyers_lorenz: tuple[float, ...]
    filed_amount: int  # of the volume: deals agreed elsewhere and filed by brokers
    endings: tuple[tuple[str, int], ...]  # wishes by what came of them
    gate_refusals: tuple[tuple[str, int], ...]  # products by the rule that refused them
    trade_refusals: tuple[tuple[str, int], ...]  # wishes by the rule that refused them
    fairness: Fairness
    surveillance: tuple[Detection, ...]  # how well planted misconduct was found, by conduct
    sightings: tuple[Sighting, ...]  # on which day each planted case could first be seen

    @property
    def filed_share(self) -> float | None:
        """The part of the volume that came as deals filed by brokers."""
        return _ratio(self.filed_amount, self.total.amount)

    @property
    def index_moved(self) -> float | None:
        """The most by which rings move the index of any kind; None where none could be moved."""
        found = [each.index_moved for each in self.by_kind]
        return max((each for each in found if each is not None), default=None)

    @cached_property
    def kinds(self) -> Mapping[str, KindMeasures]:
        """The measures of each kind by its name."""
        return {each.kind: each for each in self.by_kind}

    def to_record(self) -> dict[str, Any]:
        """Return everything as JSON's own types, numbers to twelve digits."""
        record: dict[str, Any] = _plain(self)
        return record


def measure(trace: Trace, alerts: Sequence[Alert] | None = None) -> Measures:
    """Return the measures of a run; raise `ValueError` where a trade's parts are not its price.

    `alerts` are those of `watch(tape_of(trace))`, where they are there already.
    """
    wishes, products = trace["wishes"], trace["products"]
    board = _Board(trace)
    supplied, spent = board.supplied(), board.spent()
    kinds = sorted(set(products["kind"].tolist()) | set(trace["looks"]["kind"].tolist()))
    place = {kind: spot for spot, kind in enumerate(kinds)}
    of_product = np.array([place[kind] for kind in products["kind"].tolist()], dtype=np.int64)
    of_wish = of_product[wishes["product"]] if len(wishes["product"]) else _zeros(0)
    of_look = np.array([place[kind] for kind in trace["looks"]["kind"].tolist()], dtype=np.int64)
    day, look_day = wishes["day"].astype(np.int64), trace["looks"]["day"].astype(np.int64)
    days = trace.days
    by_kind_and_day = board.activities(
        of_wish * days + day, of_look * days + look_day, days * len(kinds)
    )
    totals = board.activities(of_wish, of_look, len(kinds))
    every = np.ones(len(of_product), dtype=np.bool_)
    tape, cases = tape_of(trace), planted_cases(trace)
    return Measures(
        market=trace.market,
        digest=trace.digest,
        seed=trace.seed,
        days=days,
        total=board.activities(_zeros(len(day)), _zeros(len(look_day)), 1)[0],
        by_day=board.activities(day, look_day, days),
        by_kind=tuple(
            KindMeasures(
                kind=kind,
                total=totals[spot],
                by_day=by_kind_and_day[spot * days : (spot + 1) * days],
                price_index=board.price_index((of_wish == spot) & board.real),
                price_index_with_sham=board.price_index_with_sham(of_wish == spot),
                listed_quality=board.listed_quality(of_product == spot),
                concentration=herfindahl(board.sales(of_wish == spot).values()),
                first_sale=board.first_sale(of_product == spot),
            )
            for kind, spot in place.items()
        ),
        listed_quality=board.listed_quality(every),
        first_sale=board.first_sale(every),
        suppliers_gini=gini(supplied),
        buyers_gini=gini(spent),
        suppliers_lorenz=lorenz(supplied),
        buyers_lorenz=lorenz(spent),
        filed_amount=int(wishes["amount"][wishes["ending"] == str(Ending.FILED)].sum()),
        endings=_counted(wishes["ending"].tolist()),
        gate_refusals=_counted(
            [rule for rules in products["refused_by"].tolist() for rule in rules.split()]
        ),
        trade_refusals=_counted(
            [
                rule
                for rule, ending in zip(
                    wishes["rule"].tolist(), wishes["ending"].tolist(), strict=True
                )
                if rule and ending == Ending.REFUSED
            ]
        ),
        fairness=_fairness(trace["shares"]),
        surveillance=detections(watch(tape) if alerts is None else alerts, cases),
        sightings=sightings(tape, cases, days),
    )


class _Board:
    """The columns of a trace with what every measure asks of them."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.products, self.participants = trace["products"], trace["participants"]
        self.wishes, self.looks = trace["wishes"], trace["looks"]
        self.listed: Whole = self.products["listed"].astype(np.int64)
        left = self.products["left"].astype(np.int64)
        self.gone: Whole = np.where(left < 0, trace.days, left)  # the first day without it
        self.on_board: Flags = (self.listed >= 0) & (self.listed < self.gone)  # on a day or more
        self.traded: Flags = np.isin(self.wishes["ending"], TRADED)
        self.supplier: Whole = self.products["supplier"][self.wishes["product"]].astype(np.int64)
        self.sham: Flags = self.traded & _sham(trace, self.supplier)
        self.real: Flags = self.traded & ~self.sham
        self._require_whole()

    def _require_whole(self) -> None:
        wishes = self.wishes
        parts = wishes["fee"] + wishes["to_supplier"] + wishes["to_contributors"]
        executed = wishes["ending"] == str(Ending.EXECUTED)
        broken = np.flatnonzero(executed & (parts != wishes["amount"]))
        if len(broken):
            raise ValueError(f"wishes: the parts of wish {broken[0]} are not its amount")

    def activities(self, group: Whole, look_group: Whole, groups: int) -> tuple[Activity, ...]:
        """Return what happened to each group of wishes and looks."""
        wishes, looks = self.wishes, self.looks
        value, amount, fee = wishes["value"], wishes["amount"], wishes["fee"]
        contributed = wishes["to_contributors"]
        left = amount - fee - contributed

        def summed(what: Column, of: Flags) -> list[int]:
            totals = _zeros(groups)
            np.add.at(totals, group[of], what[of].astype(np.int64))
            return [int(total) for total in totals]

        def counted(of: Flags) -> list[int]:
            return [int(n) for n in np.bincount(group[of], minlength=groups)]

        def looked(name: str) -> list[int]:
            totals = _zeros(groups)
            np.add.at(totals, look_group, looks[name].astype(np.int64))
            return [int(total) for total in totals]

        every = np.ones(len(group), dtype=np.bool_)
        real, sham, traded = self.real, self.sham, self.traded
        quality = self.products["quality"][wishes["product"]]
        # Added in the order of wishes, whatever the grouping.
        qualities = np.bincount(group[real], weights=quality[real], minlength=groups).tolist()
        reals = counted(real)
        welfare = [
            Welfare(*parts)
            for parts in zip(
                summed(value, real),
                summed(value - amount, real),
                [a - b for a, b in zip(summed(left, traded), summed(amount, sham), strict=True)],
                summed(fee, traded),
                summed(contributed, traded),
                summed(value, ~traded & (value > 0)),
                strict=True,
            )
        ]
        return tuple(
            Activity(*row)
            for row in zip(
                looked("arrivals"),
                looked("looks"),
                counted(every),
                counted(traded),
                summed(amount, traded),
                counted(sham),
                summed(amount, sham),
                summed(fee, sham),
                welfare,
                [_ratio(total, n) for total, n in zip(qualities, reals, strict=True)],
                strict=True,
            )
        )

    def price_index(self, sold: Flags) -> tuple[float | None, ...]:
        """Return the price level of each day over some trades."""
        wishes = self.wishes
        return price_levels(
            wishes["day"][sold].astype(np.int64),
            wishes["product"][sold].astype(np.int64),
            wishes["amount"][sold].astype(np.int64),
            self.trace.days,
        )

    def price_index_with_sham(self, of: Flags) -> tuple[float | None, ...]:
        """Return the price level of each day over all trades, from the day that the real one is.

        A ring may trade before anybody else: levels from its first day would compare with nothing.
        """
        real, both = self.price_index(of & self.real), self.price_index(of & self.traded)
        first = next((day for day, level in enumerate(real) if level is not None), 0)
        begin = both[first] or 1.0
        return tuple(None if level is None else level / begin for level in both)

    def listed_quality(self, of: Flags) -> tuple[float | None, ...]:
        """Return the mean quality of the products on the board by the end of each day."""
        on = of & self.on_board
        days, quality = self.trace.days, self.products["quality"][on]

        def turned(when: Whole, weights: Column | None = None) -> Column:
            return np.bincount(np.minimum(when[on], days), weights, minlength=days + 1)[:days]

        count = np.cumsum(turned(self.listed) - turned(self.gone))
        # The count says when the board is empty: sums may not come back to nothing by a last bit.
        total = np.cumsum(turned(self.listed, quality) - turned(self.gone, quality))
        return tuple(_ratio(float(t), int(n)) for t, n in zip(total, count, strict=True))

    def sales(self, of: Flags) -> dict[int, int]:
        """Return what was paid for each supplier's products in some wishes."""
        sold = of & self.real
        totals = _zeros(len(self.participants["participant"]))
        np.add.at(totals, self.supplier[sold], self.wishes["amount"][sold])
        return {int(spot): int(totals[spot]) for spot in np.flatnonzero(totals)}

    def first_sale(self, of: Flags) -> FirstSale:
        """Return how long some products waited for their first sale."""
        days = self.trace.days
        first = np.full(len(self.listed), days, dtype=np.int64)
        np.minimum.at(
            first, self.wishes["product"][self.real], self.wishes["day"][self.real].astype(np.int64)
        )
        on = of & self.on_board
        sold = (first < days)[on]
        waited = (np.where(first < days, first, self.gone) - self.listed)[on]
        return FirstSale(
            listed=int(on.sum()),
            sold=int(sold.sum()),
            waiting=survival(waited.tolist(), sold.tolist()),
        )

    def supplied(self) -> list[int]:
        """Return the sales of each supplier with a product on the board."""
        sales = self.sales(np.ones(len(self.traded), dtype=np.bool_))
        on_board = self.products["supplier"][self.on_board]
        return [sales.get(spot, 0) for spot in sorted(set(on_board.tolist()))]

    def spent(self) -> list[int]:
        """Return the spending of each buyer, those who bought nothing too."""
        spent = _zeros(len(self.participants["participant"]))
        np.add.at(spent, self.wishes["buyer"][self.real], self.wishes["amount"][self.real])
        planted = self.trace["planted"]
        # Buyers of a ring are nobody's demand.
        ring = set(planted["participant"][planted["conduct"] == str(Conduct.WASH)].tolist())
        roles = self.participants["role"].tolist()
        return [
            int(spent[spot])
            for spot, role in enumerate(roles)
            if role == "buyer" and spot not in ring
        ]


def _sham(trace: Trace, supplier: Whole) -> Flags:
    """Return which wishes are those of a planted ring with itself."""
    planted, wishes = trace["planted"], trace["wishes"]
    sham = np.zeros(len(supplier), dtype=np.bool_)
    rings = planted["conduct"] == str(Conduct.WASH)
    for case in np.unique(planted["case"][rings]):
        members = planted["participant"][rings & (planted["case"] == case)]
        sham |= np.isin(supplier, members) & np.isin(wishes["buyer"], members)
    return sham


def _fairness(shares: Table) -> Fairness:
    due_of: dict[int, list[tuple[int, int]]] = {}
    for product, declared, got in zip(
        shares["product"].tolist(), shares["declared"].tolist(), shares["got"].tolist(), strict=True
    ):
        due_of.setdefault(product, []).append((declared, got))
    misplaced, worst = 0, None
    for rows in due_of.values():
        whole, parts = sum(got for _, got in rows), sum(declared for declared, _ in rows)
        if not whole or not parts:
            continue
        misplaced += sum(abs(got * parts - declared * whole) for declared, got in rows) // (
            2 * parts
        )
        parts_got = [got * parts / (declared * whole) for declared, got in rows if declared]
        worst = min(parts_got) if worst is None else min(worst, *parts_got)
    return Fairness(
        products=len(due_of),
        contributors=len(set(shares["contributor"].tolist())),
        shared=int(shares["got"].sum()),
        misplaced=misplaced,
        worst=worst,
    )


def _counted(words: list[str]) -> tuple[tuple[str, int], ...]:
    """Return how often each word stands there, the commonest first."""
    return tuple(sorted(Counter(words).items(), key=lambda item: (-item[1], item[0])))


def _zeros(count: int) -> Whole:
    return np.zeros(count, dtype=np.int64)


def _ratio(part: float, whole: int) -> float | None:
    return part / whole if whole > 0 else None


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field of a measure
    if is_dataclass(value) and not isinstance(value, type):
        shown = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        derived = {
            name: _plain(getattr(value, name))
            for name, held in vars(type(value)).items()
            if isinstance(held, property)
        }
        return shown | derived
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
