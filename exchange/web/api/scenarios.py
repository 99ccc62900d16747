"""Scenarios: no scenario, no trade."""

from __future__ import annotations

from typing import Any

from exchange.errors import Forbidden
from exchange.ports import UnitOfWork
from exchange.scenarios import Scenario
from exchange.services import assess_scenario, end_scenario, file_scenario
from exchange.web.acts import openings_of, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    FilingShape,
    ScenarioShape,
)
from exchange.web.api.requests import (
    Committed,
    Signed,
)
from exchange.web.gate import caller, floor

scenarios = Noun("scenarios", path="/scenarios")


@scenarios.write("")
@scenarios.takes(Committed)
@scenarios.gives(ScenarioShape, 201)
def file(body: dict[str, Any]) -> Scenario:
    """File a scenario; the trade rules decide on it at once, or refer it to an assessor."""
    signed = signed_act(body, None)
    return file_scenario.file_scenario(signed, openings_of(body), floor=floor())[0]


@scenarios.read("")
@scenarios.gives(ScenarioShape(many=True))
def list_own() -> list[Scenario]:
    """List the caller's own scenarios, and those that it may assess; all to the operator."""
    with floor().read() as work:
        return [each for each in work.scenarios.all() if _may_read(each, work)]


@scenarios.read("/<scenario_id>")
@scenarios.gives(ScenarioShape)
def get(scenario_id: str) -> Scenario:
    """Return one scenario, to its buyer, to the operator and to who assesses it."""
    with floor().read() as work:
        scenario = work.scenarios.get(scenario_id)
        if not _may_read(scenario, work):
            raise Forbidden(f"scenario {scenario_id} is open to its buyer and to the operator")
    return scenario


@scenarios.read("/<scenario_id>/filing")
@scenarios.gives(FilingShape)
def filing(scenario_id: str) -> dict[str, Any]:
    """Return everything that was filed, to whoever may read the scenario."""
    scenario, filed = assess_scenario.read_filing(scenario_id, reader=caller(), floor=floor())
    return {"scenario": scenario, "filing": filed}


@scenarios.write("/<scenario_id>/review")
@scenarios.takes(Committed)
@scenarios.gives(ScenarioShape)
def assess(body: dict[str, Any], scenario_id: str) -> Scenario:
    """Approve, limit or refuse a scenario that waits, as a compliance assessor."""
    signed = signed_act(body, f"scenario/{scenario_id}")
    return assess_scenario.assess_scenario(signed, openings_of(body), floor=floor())


@scenarios.write("/<scenario_id>/withdrawal")
@scenarios.takes(Signed)
@scenarios.gives(ScenarioShape)
def withdraw(body: dict[str, Any], scenario_id: str) -> Scenario:
    """Withdraw a scenario."""
    signed = signed_act(body, f"scenario/{scenario_id}")
    return end_scenario.withdraw_scenario(signed, floor=floor())


@scenarios.write("/<scenario_id>/revocation")
@scenarios.takes(Signed)
@scenarios.gives(ScenarioShape)
def revoke(body: dict[str, Any], scenario_id: str) -> Scenario:
    """Take an approval back, as the operator or the assessor who reviewed it."""
    signed = signed_act(body, f"scenario/{scenario_id}")
    return end_scenario.revoke_scenario(signed, floor=floor())


def _may_read(scenario: Scenario, work: UnitOfWork) -> bool:
    return assess_scenario.may_read(caller(), scenario, work=work, floor=floor())
