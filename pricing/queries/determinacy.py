"""Query-based pricing: a query costs the cheapest views on sale that determine its answer.

P. Koutris, P. Upadhyaya, M. Balazinska, B. Howe, D. Suciu, Query-based data pricing, PODS 2012.
It is the only price that agrees with the views' own and has neither arbitrage nor a discount.
Views on sale are selections: all rows of a relation with a certain value in one column.  For
chain joins the cheapest set is a minimum cut; for most other queries it is NP-complete.

Views determine a full chain join on the data that there are if

  * every row that is part of an answer is in one of them, and
  * for each combination that is no answer, a pair missing from its relation would be in one.

The graph has an edge for each view, with its price; it is derived from these two conditions,
the paper's own drawing was not at hand.  A path from source to sink is a combination: it comes
in by rows alone, goes through the views of pairs that are missing, passes by rows in between,
and goes out by rows alone; the path through a row that is part of an answer is one more.  So
the views of a cut are those of a set that determines the query, and the other way round.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pricing.billing import one_currency
from pricing.errors import BadInput
from pricing.money import Currency, Money, total
from pricing.queries import Chain, PriceLine, Query, QueryCase, QueryPrice
from pricing.queries.cut import SINK, SOURCE, Node, cheapest_cut

PAIRS_MAX: Final = 100_000  # edges of the graph; seconds


class Side(enum.StrEnum):
    """Which column of a relation a view selects by."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, order=True)
class View:
    """All rows of a relation with this value in this column."""

    relation: str
    side: Side
    value: str

    def __str__(self) -> str:
        return f"{self.relation} where {self.side} is {self.value}"


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A view on sale."""

    view: View
    price: Money


@dataclass(frozen=True, slots=True)
class Determinacy:
    """Prices chain joins by the views on sale; views that earlier queries paid for are free."""

    points: tuple[PricePoint, ...]

    def __post_init__(self) -> None:
        one_currency("points", *(point.price for point in self.points))
        if len({point.view for point in self.points}) < len(self.points):
            raise BadInput("points: a view has two prices")

    def price(self, case: QueryCase) -> QueryPrice:
        """Price the query.

        Raises `BadInput` where a query is no chain, and where the views on sale do not determine
        it.
        """
        held: set[View] = set()
        for query in case.history:
            held |= self._views(query, held)
        prices = {point.view: point.price for point in self.points}
        lines = tuple(
            PriceLine(str(view), 1, prices[view]) for view in sorted(self._views(case.query, held))
        )
        currency = self.points[0].price.currency if self.points else Currency.CNY
        return QueryPrice(total((line.amount for line in lines), currency), lines)

    def _views(self, query: Query, held: set[View]) -> set[View]:
        if query.chain is None:
            raise BadInput(f"chain: {query.id} is not stated as a chain join")
        prices = {p.view: 0 if p.view in held else p.price.minor for p in self.points}
        edges = list(_edges(query.chain))
        found = cheapest_cut(edges, prices)
        if found is None:
            raise BadInput(f"points: the views on sale do not determine {query.id}")
        return found - held


def _edges(chain: Chain) -> Iterator[tuple[Node, Node, View | None]]:
    """Yield the edges of the graph; one without a view cannot be cut."""
    width = [len(domain) for domain in chain.domains]
    if sum(one * other for one, other in itertools.pairwise(width)) > PAIRS_MAX:
        raise BadInput(f"chain.domains: more than the {PAIRS_MAX:,} pairs compared")
    lead_in, lead_out = _led_to(chain)
    for i, name in enumerate(chain.relations):
        for a in chain.domains[i]:
            yield ("in", i, a), ("left", i, a), View(name, Side.LEFT, a)
            yield ("after", i, a), ("in", i, a), None
        for b in chain.domains[i + 1]:
            yield ("right", i, b), ("after", i + 1, b), View(name, Side.RIGHT, b)
        yield from _pairs(chain, i, lead_in[i], lead_out[i + 1])
    for i, values in enumerate(lead_in[:-1]):
        yield from ((SOURCE, ("in", i, a), None) for a in values)
    for i, values in enumerate(lead_out):
        yield from ((("after", i, b), SINK, None) for b in values)


def _pairs(
    chain: Chain, i: int, lead_in: set[str], lead_out: set[str]
) -> Iterator[tuple[Node, Node, None]]:
    """Yield the ways through relation i: by its views where they must tell, and by its rows."""
    rows = frozenset(chain.rows[i])
    for a, b in itertools.product(chain.domains[i], chain.domains[i + 1]):
        if (a, b) not in rows or (a in lead_in and b in lead_out):
            yield ("left", i, a), ("right", i, b), None
        if (a, b) in rows:
            yield ("after", i, a), ("after", i + 1, b), None


def _led_to(chain: Chain) -> tuple[list[set[str]], list[set[str]]]:
    """Return, for each x, the values that rows join to the left end, and those to the right."""
    lead_in, lead_out = [set(chain.domains[0])], [set(chain.domains[-1])]
    for rows in chain.rows:
        lead_in.append({b for a, b in rows if a in lead_in[-1]})
    for rows in reversed(chain.rows):
        lead_out.append({a for a, b in rows if b in lead_out[-1]})
    return lead_in, lead_out[::-1]
