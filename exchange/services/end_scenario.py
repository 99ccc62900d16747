"""The end of a scenario: withdrawn by its buyer, revoked, or expired.

Nothing more is quoted, ordered, contracted, renewed or delivered under a scenario that has ended,
and no use of a later time is metered; what was used before is metered, billed and closed.
Time ends one at every access (`Scenario.runs`); the entry that says so follows when the scheduled
job comes by.
"""

from __future__ import annotations

from exchange.errors import BadField, Forbidden
from exchange.participants import Role
from exchange.ports import Floor
from exchange.scenarios import Scenario, ScenarioState
from exchange.services.acting import (
    admit_act,
    fact,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.assess_scenario import reviewer_of
from ledger.acts import SignedAct


def withdraw_scenario(signed: SignedAct, *, floor: Floor) -> Scenario:
    """Withdraw a scenario by its buyer, with a reason; no order can lean on it from then on."""
    with floor.write() as work:
        buyer = admit_act(signed, "scenario.withdrawn", Role.BUYER, work=work, floor=floor)
        scenario = work.scenarios.get(subject_id(signed, "scenario"))
        if unchanged(work.chain.recorded(signed), signed):
            return scenario
        if scenario.buyer != buyer.id:
            raise Forbidden(f"scenario {scenario.id} is not one of {buyer.handle}")
        if not fact(signed, "reason"):
            raise BadField("act.facts.reason", "a reason is wanted")
        scenario.step(ScenarioState.WITHDRAWN)
        today = floor.clock().date()
        entry = record(signed, work=work, floor=floor)
        withdrawn = scenario.moved(ScenarioState.WITHDRAWN, entry, on=today)
        work.scenarios.put(withdrawn)
        return withdrawn


def revoke_scenario(signed: SignedAct, *, floor: Floor) -> Scenario:
    """Take an approval back, by the operator or the assessor who reviewed it, with a reason.

    Raises `Forbidden` for anybody else and `IllegalTransition` for a scenario not approved.
    """
    with floor.write() as work:
        roles = (Role.OPERATOR, Role.COMPLIANCE_ASSESSOR)
        actor = admit_act(signed, "scenario.revoked", *roles, work=work, floor=floor)
        scenario = work.scenarios.get(subject_id(signed, "scenario"))
        if unchanged(work.chain.recorded(signed), signed):
            return scenario
        if actor.id not in {floor.house.operator, reviewer_of(scenario, work)}:
            raise Forbidden(f"{actor.handle} did not review scenario {scenario.id}")
        if not fact(signed, "reason"):
            raise BadField("act.facts.reason", "a reason is wanted")
        today = floor.clock().date()
        scenario.step(ScenarioState.REVOKED)
        entry = record(signed, work=work, floor=floor)
        revoked = scenario.moved(ScenarioState.REVOKED, entry, on=today)
        work.scenarios.put(revoked)
        return revoked


def expire_scenarios(*, floor: Floor) -> tuple[Scenario, ...]:
    """Record the end of every approval whose last day has passed; the scheduled job."""
    with floor.write() as work:
        today, expired = floor.clock().date(), []
        for scenario in work.scenarios.over(today):
            subject = f"scenario/{scenario.id}"
            entry = record_for_house("scenario.expired", subject, {}, work=work, floor=floor)
            moved = scenario.moved(ScenarioState.EXPIRED, entry, on=today)
            work.scenarios.put(moved)
            expired.append(moved)
        return tuple(expired)
