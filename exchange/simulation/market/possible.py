"""What a market cannot be, beyond the bounds of its single fields.

Nobody can want what no one sells; no group can hold more money than an account; no product can
derive from itself.  Every flaw names the place of the field and the rule, so that whoever read the
market from a file can say the line, and whoever made it in a program can say the field.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from exchange.compliance.rule import discover_packs
from exchange.errors import BadField
from exchange.simulation.market import (
    Blow,
    Conduct,
    Kind,
    Market,
    Misconduct,
    PlugIn,
    Shock,
    Suppliers,
    Way,
)
from exchange.simulation.market.laws import reach
from exchange.simulation.market.places import Path
from exchange.simulation.market.plugged import GROUPS, built
from exchange.simulation.market.rings import RING, deposit_of
from exchange.simulation.streams import Distribution
from pricing.errors import PricingError, UnknownPlugin
from pricing.money import MINOR_MAX

PRODUCTS_MAX: Final = 1_000_000
LOOKS_MAX: Final = 1_000_000_000  # over the whole run


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that cannot be: the place of the field, and the rule that it breaks."""

    path: Path
    rule: str

    @property
    def field(self) -> str:
        """The field as people write it, such as kinds[1].price."""
        return dotted(self.path)


def dotted(path: Path) -> str:
    """Write a path as people do, such as kinds[1].price."""
    said = ""
    for part in path:
        said += f"[{part}]" if isinstance(part, int) else f".{part}" if said else part
    return said


def flaws(market: Market) -> Iterator[Flaw]:
    """Yield everything that this market cannot be."""
    yield from _names(market)
    yield from _house(market)
    for nth, kind in enumerate(market.kinds):
        yield from _kind(("kinds", nth), kind, market)
    yield from _lineage(market)
    yield from _suppliers(market)
    yield from _buyers(market)
    yield from _brokers(market)
    yield from _misconduct(market)
    for nth, shock in enumerate(market.shocks):
        yield from _shock(("shocks", nth), shock, market)
    yield from _entries(market)


def require_possible(market: Market) -> Market:
    """Return the market, or raise `BadField` for the first thing that it cannot be."""
    for flaw in flaws(market):
        raise BadField(flaw.field, flaw.rule)
    return market


def _known(name: str, names: Sequence[str], what: str) -> str:
    """Return the rule that an unknown name breaks, or nothing."""
    return "" if name in names else f"{name!r} is no {what}: {', '.join(names) or 'there is none'}"


def _kinds(market: Market) -> list[str]:
    return [kind.name for kind in market.kinds]


def _sold(market: Market) -> set[str]:
    """Return the kinds that some supplier offers."""
    offers = (group.offers for group in market.suppliers if group.count)
    return {name for each in offers for name, count in each.items() if count}


def _names(market: Market) -> Iterator[Flaw]:
    sections = (("kinds",), ("suppliers", "buyers", "brokers"))
    for section in sections:
        places: dict[str, str] = {}
        for part in section:
            for nth, group in enumerate(getattr(market, part)):
                if group.name in places:
                    yield Flaw(
                        (part, nth, "name"), f"{group.name!r} is {places[group.name]} already"
                    )
                places.setdefault(group.name, dotted((part, nth)))


def _house(market: Market) -> Iterator[Flaw]:
    packs = sorted(discover_packs())
    if rule := _known(market.house.rule_pack, packs, "installed rule pack"):
        yield Flaw(("house", "rule_pack"), rule)
    if market.house.netting_days > market.days:
        yield Flaw(("house", "netting_days"), f"no cycle within the run of {market.days} days")
    failing = market.faults.delivery_fails + market.faults.payment_late
    if failing > 1:
        yield Flaw(("faults",), f"shares of trades sum to 1 at most, not {failing:.6g}")


def _kind(path: Path, kind: Kind, market: Market) -> Iterator[Flaw]:
    for field in GROUPS:
        yield from _plug_in(path, field, getattr(kind, field))
    if (kind.way is Way.AUCTION) is (kind.mechanism is None):
        rule = "needed by a kind that is auctioned" if kind.mechanism is None else "of auctions"
        yield Flaw((*path, "mechanism"), f"{rule}, and the way is {kind.way}")
    if kind.learner is not None and kind.way is not Way.NEGOTIATED:
        yield Flaw((*path, "learner"), f"moves negotiated offers, and the way is {kind.way}")
    if kind.way is Way.AUCTION and kind.auction_days > market.days:
        yield Flaw((*path, "auction_days"), f"no auction within the run of {market.days} days")
    if kind.way is Way.DEAL and not any(kind.name in each.kinds for each in market.brokers):
        yield Flaw((*path, "way"), "no broker brings deals of this kind")
    if (kind.allocator is None) is not (kind.contributors == 0):
        rule = "contributors and an allocator that shares among them go together"
        yield Flaw((*path, "contributors" if kind.contributors else "allocator"), rule)
    faulty = math.fsum(kind.defects.values())
    if faulty > 1:
        yield Flaw((*path, "defects"), f"shares of products sum to 1 at most, not {faulty:.6g}")


def _plug_in(path: Path, field: str, plug_in: PlugIn | None) -> Iterator[Flaw]:
    if plug_in is not None:
        try:
            built(field, plug_in, seed=0)
        except UnknownPlugin as error:
            yield Flaw((*path, field, "name"), str(error))
        except PricingError as error:
            yield _parameter((*path, field, "parameters"), str(error))


def _parameter(path: Path, words: str) -> Flaw:
    """Find the parameter that pricing complains of: it says "grid.steps: 0 is ..."."""
    named, colon, rule = words.partition(": ")
    if colon and re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", named):
        return Flaw((*path, *named.split(".")), rule)
    return Flaw(path, words)


def _lineage(market: Market) -> Iterator[Flaw]:
    names, sold = _kinds(market), _sold(market)
    for nth, kind in enumerate(market.kinds):
        for place, parent in enumerate(kind.parents):
            path = ("kinds", nth, "parents", place)
            if rule := _known(parent, names, "kind"):
                yield Flaw(path, rule)
            elif parent not in sold:
                yield Flaw(path, f"nobody offers {parent}, which this derives from")
    try:
        TopologicalSorter({kind.name: kind.parents for kind in market.kinds}).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        yield Flaw(
            ("kinds", names.index(circle[0]), "parents"),
            f"nothing derives from itself: {' from '.join(circle)}",
        )


def _suppliers(market: Market) -> Iterator[Flaw]:
    names = _kinds(market)
    if not any(group.count for group in market.suppliers):
        yield Flaw(("suppliers",), "there must be at least one supplier")
    products = 0
    for nth, group in enumerate(market.suppliers):
        path = ("suppliers", nth)
        for name in group.offers:
            if rule := _known(name, names, "kind"):
                yield Flaw((*path, "offers", name), rule)
        if not any(group.offers.values()):
            yield Flaw((*path, "offers"), "at least one product of one kind")
        yield from _joins(path, group.joins, market)
        products += group.count * sum(group.offers.values())
        if products > PRODUCTS_MAX:
            yield Flaw((*path, "count"), f"{products:,} products: {PRODUCTS_MAX:,} at most")
            break


def _buyers(market: Market) -> Iterator[Flaw]:
    names, sold, held, looks = _kinds(market), _sold(market), 0.0, 0.0
    if not any(group.count for group in market.buyers):
        yield Flaw(("buyers",), "there must be at least one buyer")
    for nth, group in enumerate(market.buyers):
        path = ("buyers", nth)
        for name, weight in group.wants.items():
            if rule := _known(name, names, "kind"):
                yield Flaw((*path, "wants", name), rule)
            elif weight and name not in sold:
                yield Flaw((*path, "wants", name), f"nobody offers {name}")
        if not any(group.wants.values()):
            yield Flaw((*path, "wants"), "at least one weight above 0")
        yield from _joins(path, group.joins, market)
        held += group.count * reach(group.budget)[1]
        if held > MINOR_MAX:
            rule = f"may come to {held:,.0f} minor units with all buyers: 2^53 - 1 at most"
            yield Flaw((*path, "budget"), rule)
            break
        raised = math.prod(s.factor for s in market.shocks if s.blow is Blow.VALUE and s.factor > 1)
        dearest = reach(group.value)[1] * (1 + group.taste) * raised
        if dearest > MINOR_MAX:
            rule = f"may come to {dearest:,.0f} minor units with taste and shocks: 2^53 - 1 at most"
            yield Flaw((*path, "value"), rule)
        looks += group.count * group.arrivals * group.looks * market.days
        if looks > LOOKS_MAX:
            yield Flaw((*path, "arrivals"), f"{looks:,.0f} looks in all: {LOOKS_MAX:,} at most")
            break


def _joins(path: Path, joins: Distribution | None, market: Market) -> Iterator[Flaw]:
    if joins is not None and reach(joins)[1] > market.days - 1:
        last = reach(joins)[1]
        yield Flaw((*path, "joins"), f"days 0 to {market.days - 1} of the run, not {last:,.6g}")


def _brokers(market: Market) -> Iterator[Flaw]:
    names, sold = _kinds(market), _sold(market)
    for nth, group in enumerate(market.brokers):
        for place, name in enumerate(group.kinds):
            path = ("brokers", nth, "kinds", place)
            if rule := _known(name, names, "kind"):
                yield Flaw(path, rule)
            elif name not in sold:
                yield Flaw(path, f"nobody offers {name}")
        if group.count and not market.house.netting_days:
            yield Flaw(("brokers", nth), "deals are netted, and house.netting_days is 0")


def _misconduct(market: Market) -> Iterator[Flaw]:
    groups = {group.name: group for group in market.suppliers}
    held = math.fsum(group.count * reach(group.budget)[1] for group in market.buyers)
    planted: Counter[tuple[Conduct, str]] = Counter()
    for nth, case in enumerate(market.misconduct):
        path = ("misconduct", nth)
        yield from _when(path, case, market)
        if rule := _known(case.suppliers, list(groups), "group of suppliers"):
            yield Flaw((*path, "suppliers"), rule)
            continue
        group = groups[case.suppliers]
        planted[case.conduct, case.suppliers] += case.count
        if planted[case.conduct, case.suppliers] > group.count:
            rule = f"{planted[case.conduct, case.suppliers]:,} of the {group.count:,} suppliers"
            yield Flaw((*path, "count"), f"{rule} of {group.name}")
        if case.conduct is Conduct.EXCLUSIVITY and case.strength > 1:
            yield Flaw((*path, "strength"), "a share of buyers is 0 to 1")
        brought = [kind for kind in market.kinds if group.offers.get(kind.name)]
        if case.conduct is Conduct.DISCRIMINATION:
            yield from _dearer(path, case, group, brought)
        if case.conduct is Conduct.WASH:
            if not any(kind.way in {Way.POSTED, Way.NEGOTIATED} for kind in brought):
                rule = "a ring buys what is posted or negotiated"
                yield Flaw((*path, "conduct"), f"{rule}: {group.name} offers no such kind")
            dearest = math.ceil(max([1.0, *(reach(kind.price)[1] for kind in brought)]))
            held += case.count * RING * deposit_of(case, market, dearest)
            if held > MINOR_MAX:
                rule = f"may come to {held:,.0f} minor units with all buyers and rings"
                yield Flaw((*path, "strength"), f"{rule}: 2^53 - 1 at most")


def _dearer(
    path: Path, case: Misconduct, group: Suppliers, brought: Sequence[Kind]
) -> Iterator[Flaw]:
    """Yield why the loyal cannot be made to pay so much more."""
    dearest = [_dearest(kind) for kind in brought if kind.way is Way.NEGOTIATED]
    if not dearest:
        rule = "only a negotiated price can differ from buyer to buyer"
        yield Flaw((*path, "conduct"), f"{rule}: {group.name} offers no negotiated kind")
    elif (raised := max(dearest) * (1 + case.strength)) > MINOR_MAX:
        rule = f"an offer may come to {raised:,.0f} minor units: 2^53 - 1 at most"
        yield Flaw((*path, "strength"), rule)


def _dearest(kind: Kind) -> float:
    """Return the highest price that a supplier offers of a negotiated kind, in minor units."""
    if kind.learner is None:
        return reach(kind.price)[1]
    try:
        return float(built("learner", kind.learner, seed=0).prices[-1].minor)
    except PricingError:  # of which the kind tells
        return 0.0


def _when(path: Path, case: Misconduct, market: Market) -> Iterator[Flaw]:
    if case.first_day >= market.days:
        yield Flaw((*path, "first_day"), f"days 0 to {market.days - 1} of the run")
    if case.last_day is not None and not case.first_day <= case.last_day < market.days:
        yield Flaw((*path, "last_day"), f"from first_day on, and {market.days - 1} at most")


def _shock(path: Path, shock: Shock, market: Market) -> Iterator[Flaw]:
    if shock.day >= market.days:
        yield Flaw((*path, "day"), f"days 0 to {market.days - 1} of the run")
    targets: Any = {
        Blow.DEMAND: ([group.name for group in market.buyers], "group of buyers"),
        Blow.VALUE: (_kinds(market), "kind"),
        Blow.EXIT: ([group.name for group in market.suppliers], "group of suppliers"),
        Blow.ENTRY: ([group.name for group in market.suppliers], "group of suppliers"),
    }
    if shock.blow is Blow.FEE:
        if shock.target:
            yield Flaw((*path, "target"), "a fee is everybody's")
        if shock.amount > 1_000_000:
            yield Flaw((*path, "amount"), "parts per million of a price, 1,000,000 at most")
    else:
        if rule := _known(shock.target, *targets[shock.blow]):
            yield Flaw((*path, "target"), rule)
        if shock.amount:
            yield Flaw((*path, "amount"), f"of a fee, and the blow is {shock.blow}")
    if shock.blow in {Blow.FEE, Blow.ENTRY} and shock.factor != 1:
        yield Flaw((*path, "factor"), f"nothing that a blow of {shock.blow} is multiplied by")
    if shock.blow is Blow.EXIT and shock.factor > 1:
        yield Flaw((*path, "factor"), "a share of the suppliers is 0 to 1")


def _entries(market: Market) -> Iterator[Flaw]:
    joins = {group.name: group.joins for group in market.suppliers}
    entries = [(nth, shock) for nth, shock in enumerate(market.shocks) if shock.blow is Blow.ENTRY]
    for nth, shock in entries:
        if joins.get(shock.target) is not None:
            yield Flaw(("shocks", nth, "target"), f"{shock.target} has days of its own in joins")
    for (_, first), (nth, second) in itertools.combinations(entries, 2):
        if first.target == second.target:
            yield Flaw(("shocks", nth, "target"), f"{second.target} enters once")
