"""Scenarios: their states, their dates, and what the supplier's conditions do not cover."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.errors import BadField, IllegalTransition
from exchange.records import read_record, to_record
from exchange.scenarios import TRANSITIONS, Scenario, ScenarioState, uncovered
from exchange.specsheet import Conditions, TimeLimit
from tests.ledger.floor import Floor

ON = dt.date(2026, 11, 23)
ENTRY = next(Floor().open().log.entries())
FILED = Scenario(
    id="scenario-1",
    buyer="id-buyer",
    product="GP-1",
    purpose="research",
    region="CN",
    term_days=90,
    recipients=("the laboratory",),
    onward_transfer=False,
    public_release=False,
    description=f"{'c' * 43}=",
    state=ScenarioState.FILED,
    head="",
)
CONDITIONS = Conditions(
    purposes=("research", "navigation"),
    regions=("CN", "SG"),
    time_limit=TimeLimit.TERM_THEN_ERASED,
    term_days=90,
)


@pytest.mark.parametrize(("before", "after"), list(product(ScenarioState, repeat=2)))
def test_a_scenario_moves_as_the_table_says(before: ScenarioState, after: ScenarioState) -> None:
    scenario = replace(FILED, state=before)
    if after in TRANSITIONS[before]:
        moved = scenario.moved(after, ENTRY, on=ON)
        assert (moved.state, moved.head) == (after, ENTRY.leaf.hex())
    else:
        words = f"is {before} already" if after is before else f"is {before} and cannot become"
        with pytest.raises(IllegalTransition, match=words):
            scenario.moved(after, ENTRY, on=ON)


def test_the_table_knows_every_state() -> None:
    assert TRANSITIONS.keys() == set(ScenarioState)
    final = {state for state, following in TRANSITIONS.items() if not following}
    assert final == {
        ScenarioState.REFUSED,
        ScenarioState.WITHDRAWN,
        ScenarioState.REVOKED,
        ScenarioState.EXPIRED,
    }


def test_an_approved_scenario_runs_for_its_term() -> None:
    approved = FILED.moved(ScenarioState.APPROVED, ENTRY, on=ON)
    assert approved.approved_on == ON
    assert approved.expires_on == dt.date(2027, 2, 21)
    assert not approved.runs(ON - dt.timedelta(days=1))
    assert approved.runs(ON)
    assert approved.runs(dt.date(2027, 2, 21))
    assert not approved.runs(dt.date(2027, 2, 22))


def test_no_other_scenario_runs() -> None:
    approved = FILED.moved(ScenarioState.APPROVED, ENTRY, on=ON)
    assert not FILED.runs(ON)
    assert not replace(approved, expires_on=None).runs(ON)
    for state in TRANSITIONS[ScenarioState.APPROVED]:
        assert not approved.moved(state, ENTRY, on=ON).runs(ON)


def test_a_scenario_within_the_conditions_is_covered() -> None:
    assert uncovered(FILED, CONDITIONS) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"purpose": "resale"}, "purpose: allowed are research, navigation"),
        ({"region": "US"}, "region: allowed are CN, SG"),
        ({"region": "cn"}, "region: allowed are CN, SG"),
        ({"term_days": 91}, "term_days: allowed are at most 90"),
        ({"onward_transfer": True}, "onward_transfer: allowed is none"),
        ({"public_release": True}, "public_release: allowed is none"),
        ({"recipients": ()}, "recipients: allowed are only recipients named in the scenario"),
    ],
)
def test_each_field_that_is_not_covered_is_named_with_what_is_allowed(
    changes: dict[str, Any], said: str
) -> None:
    assert uncovered(replace(FILED, **changes), CONDITIONS) == (said,)


def test_what_the_conditions_allow_is_covered() -> None:
    wide = replace(CONDITIONS, transfer=True, public_release=True)
    assert uncovered(replace(FILED, onward_transfer=True, public_release=True), wide) == ()


def test_what_a_source_does_not_allow_is_named_with_the_source() -> None:
    wide = replace(CONDITIONS, transfer=True, public_release=True)
    asked = replace(FILED, onward_transfer=True, recipients=())
    assert uncovered(asked, wide, [("GP-0", replace(CONDITIONS, term_days=89))]) == (
        "recipients: allowed are only recipients named in the scenario",
        "term_days: of its source GP-0: allowed are at most 89",
        "onward_transfer: of its source GP-0: allowed is none",
    )


def test_a_purpose_prohibited_by_name_is_not_covered() -> None:
    conditions = replace(CONDITIONS, prohibited=("research",))
    assert uncovered(FILED, conditions) == ("purpose: the supplier prohibits it by name",)


def test_a_limited_term_of_unknown_length_covers_no_term() -> None:
    (said,) = uncovered(FILED, replace(CONDITIONS, term_days=None))
    assert said.startswith("term_days: ")
    unlimited = replace(CONDITIONS, term_days=None, time_limit=TimeLimit.NONE)
    assert uncovered(FILED, unlimited) == ()


@given(
    purpose=st.sampled_from(["research", "navigation", "resale"]),
    region=st.sampled_from(["CN", "US"]),
    term_days=st.integers(1, 200),
    onward=st.booleans(),
    release=st.booleans(),
)
def test_wider_conditions_never_cover_less(
    purpose: str, region: str, term_days: int, *, onward: bool, release: bool
) -> None:
    scenario = replace(
        FILED,
        purpose=purpose,
        region=region,
        term_days=term_days,
        onward_transfer=onward,
        public_release=release,
    )
    wider = replace(
        CONDITIONS,
        purposes=(*CONDITIONS.purposes, "resale"),
        regions=(*CONDITIONS.regions, "US"),
        term_days=200,
        transfer=True,
        public_release=True,
    )
    assert uncovered(scenario, wider) == ()
    fields = {said.split(":")[0] for said in uncovered(scenario, CONDITIONS)}
    assert fields == {
        name
        for name, beyond in {
            "purpose": purpose == "resale",
            "region": region == "US",
            "term_days": term_days > 90,
            "onward_transfer": onward,
            "public_release": release,
        }.items()
        if beyond
    }


def test_a_scenario_is_read_back_as_it_was_written() -> None:
    approved = FILED.moved(ScenarioState.APPROVED, ENTRY, on=ON)
    assert read_record(Scenario, to_record(approved)) == approved


@pytest.mark.parametrize("term_days", [0, 36_501])
def test_a_term_is_at_least_a_day_and_at_most_a_century(term_days: int) -> None:
    with pytest.raises(BadField, match="term_days"):
        read_record(Scenario, {**to_record(FILED), "term_days": term_days})
