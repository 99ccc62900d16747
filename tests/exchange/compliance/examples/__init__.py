"""For every rule an example that fires, one that is clear, and one that cannot be decided."""

from __future__ import annotations

from tests.exchange.compliance.examples import (
    borders_and_trades,
    disclosure,
    edges,
    exchange_and_parties,
    grades_and_places,
    merits,
    persons,
    sources,
    vetting,
)

EXAMPLES = [
    *exchange_and_parties.EXAMPLES,
    *sources.EXAMPLES,
    *persons.EXAMPLES,
    *grades_and_places.EXAMPLES,
    *borders_and_trades.EXAMPLES,
    *merits.EXAMPLES,
    *disclosure.EXAMPLES,
    *vetting.EXAMPLES,
    *edges.EXAMPLES,
]
