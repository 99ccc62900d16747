"""Usage scenarios: what a buyer wants to do with a product; no scenario, no trade (无场景不交易).

A buyer files a `Scenario`, the operator approves it for its term, and an order names it.
`uncovered` says what of a scenario the supplier's conditions do not allow; it reads words
exactly as they stand, so "Shanghai" does not cover "Pudong".
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from annotated_types import Gt, Le
from pydantic import ConfigDict

from exchange.lifecycle import step
from exchange.records import STRICT
from exchange.specsheet import Conditions, Name, TimeLimit
from ledger.entries import Entry

TERM_DAYS_MAX = 36_500  # a century, and far from the end of the calendar


class ScenarioState(enum.StrEnum):
    """Whether an order may lean on the scenario: only on an approved one."""

    FILED = "filed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


# Everything a scenario may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[ScenarioState, frozenset[ScenarioState]] = {
    ScenarioState.FILED: frozenset(
        {ScenarioState.APPROVED, ScenarioState.REFUSED, ScenarioState.WITHDRAWN}
    ),
    ScenarioState.APPROVED: frozenset({ScenarioState.WITHDRAWN, ScenarioState.EXPIRED}),
    ScenarioState.REFUSED: frozenset(),
    ScenarioState.WITHDRAWN: frozenset(),
    ScenarioState.EXPIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One use of one product by one buyer.

    `buyer` is a participant id, `product` a product number, `recipients` are those who will
    see the data, and `description` is the commitment to the record that
    was filed, which has the buyer's own account of the use.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: Name
    buyer: Name
    product: Name
    purpose: Name
    region: Name
    term_days: Annotated[int, Gt(0), Le(TERM_DAYS_MAX)]
    recipients: tuple[Name, ...]
    onward_transfer: bool
    public_release: bool
    description: Name
    state: ScenarioState
    head: str
    approved_on: dt.date | None = None
    expires_on: dt.date | None = None

    def moved(self, state: ScenarioState, entry: Entry, *, on: dt.date) -> Scenario:
        """Return the scenario in another state, or raise `IllegalTransition`.

        Approval on a day runs for `term_days` from that day, the last day included.
        """
        wanted = step(TRANSITIONS, self.state, state, f"scenario {self.id}")
        moved = replace(self, state=wanted, head=entry.leaf.hex())
        if state is ScenarioState.APPROVED:
            last = on + dt.timedelta(days=self.term_days)
            return replace(moved, approved_on=on, expires_on=last)
        return moved

    def runs(self, on: dt.date) -> bool:
        """Whether the scenario is approved and within its dates on that day."""
        if self.approved_on is None or self.expires_on is None:
            return False
        return self.state is ScenarioState.APPROVED and self.approved_on <= on <= self.expires_on


def uncovered(scenario: Scenario, conditions: Conditions) -> tuple[str, ...]:
    """Say what the conditions do not allow of the scenario: each field, and what is allowed."""
    return tuple(_uncovered(scenario, conditions))


def _uncovered(scenario: Scenario, conditions: Conditions) -> Iterator[str]:
    if scenario.purpose not in conditions.purposes:
        yield f"purpose: allowed are {', '.join(conditions.purposes)}"
    if scenario.purpose in conditions.prohibited:
        yield "purpose: the supplier prohibits it by name"
    if scenario.region not in conditions.regions:
        yield f"region: allowed are {', '.join(conditions.regions)}"
    if conditions.term_days is not None:
        if scenario.term_days > conditions.term_days:
            yield f"term_days: allowed are at most {conditions.term_days}"
    elif conditions.time_limit is TimeLimit.TERM_THEN_ERASED:
        yield "term_days: the conditions limit the term and do not say to how many days"
    if scenario.onward_transfer and not conditions.transfer:
        yield "onward_transfer: allowed is none"
    if scenario.public_release and not conditions.public_release:
        yield "public_release: allowed is none"
    if not scenario.recipients:
        yield "recipients: allowed are only recipients named in the scenario"
