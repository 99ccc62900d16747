"""Scenarios: no scenario, no trade."""

from __future__ import annotations

from typing import Any

from exchange.errors import Forbidden
from exchange.scenarios import Scenario
from exchange.services import end_scenario, file_scenario
from exchange.web.acts import openings_of, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
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
    """File a scenario; the trade rules decide on it at once."""
    signed = signed_act(body, None)
    return file_scenario.file_scenario(signed, openings_of(body), floor=floor())[0]


@scenarios.read("")
@scenarios.gives(ScenarioShape(many=True))
def list_own() -> list[Scenario]:
    """List the caller's own scenarios; all of them to the operator."""
    with floor().read() as work:
        return [scenario for scenario in work.scenarios.all() if _may_read(scenario)]


@scenarios.read("/<scenario_id>")
@scenarios.gives(ScenarioShape)
def get(scenario_id: str) -> Scenario:
    """Return one scenario, to its buyer and to the operator."""
    with floor().read() as work:
        scenario = work.scenarios.get(scenario_id)
    if not _may_read(scenario):
        raise Forbidden(f"scenario {scenario_id} is open to its buyer and to the operator")
    return scenario


@scenarios.write("/<scenario_id>/withdrawal")
@scenarios.takes(Signed)
@scenarios.gives(ScenarioShape)
def withdraw(body: dict[str, Any], scenario_id: str) -> Scenario:
    """Withdraw a scenario."""
    signed = signed_act(body, f"scenario/{scenario_id}")
    return end_scenario.withdraw_scenario(signed, floor=floor())


def _may_read(scenario: Scenario) -> bool:
    return caller().id in {scenario.buyer, floor().house.operator}
