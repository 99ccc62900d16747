"""Usage scenarios: what a buyer wants to do with a product; no scenario, no trade (无场景不交易).

A buyer files a `Scenario`, rules and, where much is at stake, an assessor decide on it, and an
order names it.  A scenario that was limited says what it was limited to, so whoever reads its
term, its transfer or its release reads what binds; `limits` says which of them were narrowed.
`uncovered` says what of a scenario the supplier's conditions, or those of what the product is
derived from, do not allow; it reads words exactly as they stand, so "Shanghai" does not cover
"Pudong".
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Final, Literal

from annotated_types import Gt, Le
from pydantic import ConfigDict, Field

from exchange.errors import BadField
from exchange.lifecycle import step
from exchange.records import STRICT, to_record
from exchange.specsheet import Conditions, Name, TimeLimit
from ledger.entries import Entry
from ledger.places import all_within

TERM_DAYS_MAX = 36_500  # a century, and far from the end of the calendar


class ScenarioState(enum.StrEnum):
    """Whether an order may lean on the scenario: only on an approved or limited one.

    What is filed and stays so waits for an assessor.
    """

    FILED = "filed"
    APPROVED = "approved"
    LIMITED = "limited"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"


_ENDS: Final = frozenset({ScenarioState.WITHDRAWN, ScenarioState.REVOKED, ScenarioState.EXPIRED})
# Everything a scenario may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[ScenarioState, frozenset[ScenarioState]] = {
    ScenarioState.FILED: frozenset(
        {
            ScenarioState.APPROVED,
            ScenarioState.LIMITED,
            ScenarioState.REFUSED,
            ScenarioState.WITHDRAWN,
        }
    ),
    ScenarioState.APPROVED: _ENDS,
    ScenarioState.LIMITED: _ENDS,
    ScenarioState.REFUSED: frozenset(),
    ScenarioState.WITHDRAWN: frozenset(),
    ScenarioState.REVOKED: frozenset(),
    ScenarioState.EXPIRED: frozenset(),
}
APPROVING: Final = frozenset({ScenarioState.APPROVED, ScenarioState.LIMITED})


class Ground(enum.StrEnum):
    """Why an assessor must look at a scenario (docs/scenarios.md)."""

    GRADE = "grade"
    PERSONS = "persons"
    TERM = "term"
    RECIPIENTS = "recipients"
    ONWARD = "onward-transfer"
    RELEASE = "public-release"


class Decision(enum.StrEnum):
    """What an assessor decides on a scenario."""

    APPROVED = "approved"
    LIMITED = "limited"
    REFUSED = "refused"


def _unsaid(value: object) -> bool:
    return value is None or value == ()


_LATER: Final = Field(exclude_if=_unsaid)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an assessor narrows of a scenario; None or nothing where it narrows nothing.

    `regions` are parts of the region asked, by the assessor's word, and `recipients` is how many
    may see the data.  A transfer or a release is only ever taken away.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    term_days: Annotated[Annotated[int, Gt(0), Le(TERM_DAYS_MAX)] | None, _LATER] = None
    regions: Annotated[tuple[Name, ...], _LATER] = ()
    recipients: Annotated[Annotated[int, Gt(0)] | None, _LATER] = None
    onward_transfer: Annotated[Literal[False] | None, _LATER] = None
    public_release: Annotated[Literal[False] | None, _LATER] = None

    @property
    def facts(self) -> dict[str, Any]:
        """Return the limits that are set, as facts of an entry."""
        return to_record(self)


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
    sector: str = ""
    grounds: tuple[Ground, ...] = ()
    limits: Limits | None = None

    @property
    def waits(self) -> bool:
        """Whether an assessor has to look at it."""
        return self.state is ScenarioState.FILED and bool(self.grounds)

    @property
    def where(self) -> tuple[str, ...]:
        """The regions in which the data may be used: the one asked, or its parts by the limits."""
        return self.limits.regions if self.limits and self.limits.regions else (self.region,)

    @property
    def told(self) -> str:
        """Where it stands, in words; until when, where it is approved and not taken back."""
        until = f" until {self.expires_on}" if self.state in APPROVING else ""
        return f"{self.id} is {self.state}{until}"

    def within(self, limits: Limits | None) -> Scenario:
        """Return the scenario narrowed to limits, or raise `BadField` for one that is no limit."""
        if limits is None:
            return self
        _check_narrower(self, limits)
        return replace(
            self,
            term_days=limits.term_days or self.term_days,
            onward_transfer=self.onward_transfer and limits.onward_transfer is None,
            public_release=self.public_release and limits.public_release is None,
            limits=limits,
        )

    def step(self, state: ScenarioState) -> ScenarioState:
        """Return a state that may follow, or raise `IllegalTransition`."""
        return step(TRANSITIONS, self.state, state, f"scenario {self.id}")

    def moved(self, state: ScenarioState, entry: Entry, *, on: dt.date) -> Scenario:
        """Return the scenario in another state, or raise `IllegalTransition`.

        Approval on a day runs for `term_days` from that day, the last day included.
        """
        moved = replace(self, state=self.step(state), head=entry.leaf.hex())
        if state in APPROVING:
            last = on + dt.timedelta(days=self.term_days)
            return replace(moved, approved_on=on, expires_on=last)
        return moved

    def runs(self, on: dt.date) -> bool:
        """Whether the scenario is approved and within its dates on that day."""
        if self.approved_on is None or self.expires_on is None:
            return False
        return self.state in APPROVING and self.approved_on <= on <= self.expires_on


def _check_narrower(scenario: Scenario, limits: Limits) -> None:
    asked = {"term_days": scenario.term_days, "recipients": len(scenario.recipients)}
    for name, value in asked.items():
        limit = getattr(limits, name)
        if limit is not None and limit >= value:
            raise BadField(f"limits.{name}", f"less than the {value} asked")
    for name in ("onward_transfer", "public_release"):
        if getattr(limits, name) is not None and not getattr(scenario, name):
            raise BadField(f"limits.{name}", "not asked, so there is nothing to take away")
    if all_within([scenario.region], limits.regions):
        raise BadField("limits.regions", f"parts of {scenario.region}, not the whole")
    if not limits.facts:
        raise BadField("limits", "at least one limit")


def uncovered(
    scenario: Scenario, conditions: Conditions, ancestors: Iterable[tuple[str, Conditions]] = ()
) -> tuple[str, ...]:
    """Say what the conditions do not allow of the scenario: each field, and what is allowed.

    `ancestors` are the numbers of what the product is derived from, with their conditions.
    """
    return tuple(_uncovered(scenario, conditions, ancestors))


def _uncovered(
    scenario: Scenario, conditions: Conditions, ancestors: Iterable[tuple[str, Conditions]]
) -> Iterator[str]:
    yield from _beyond(scenario, conditions)
    if conditions.term_days is None and conditions.time_limit is TimeLimit.TERM_THEN_ERASED:
        yield "term_days: the conditions limit the term and do not say to how many days"
    if not scenario.recipients:
        yield "recipients: allowed are only recipients named in the scenario"
    for number, inherited in ancestors:
        for said in _beyond(scenario, inherited):
            field, _, allowed = said.partition(": ")
            yield f"{field}: of its source {number}: {allowed}"


def _beyond(scenario: Scenario, conditions: Conditions) -> Iterator[str]:
    if scenario.purpose not in conditions.purposes:
        yield f"purpose: allowed are {', '.join(conditions.purposes)}"
    if scenario.purpose in conditions.prohibited:
        yield "purpose: the supplier prohibits it by name"
    if not all_within([scenario.region], conditions.regions):
        yield f"region: allowed are {', '.join(conditions.regions)}"
    if conditions.term_days is not None and scenario.term_days > conditions.term_days:
        yield f"term_days: allowed are at most {conditions.term_days}"
    if scenario.onward_transfer and not conditions.transfer:
        yield "onward_transfer: allowed is none"
    if scenario.public_release and not conditions.public_release:
        yield "public_release: allowed is none"
