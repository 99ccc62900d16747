from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.policy.evaluator import evaluate
from exchange.policy.intersection import (
    Parent,
    Part,
    Supply,
    agreement,
    composed,
    conditions_alone,
    offer,
    part_of_scenario,
    recipients,
    requests_of,
    scenario_behind,
)
from exchange.policy.policy import Asset, Constraint, Logical, Policy, Rule
from exchange.policy.request import Request, State
from exchange.policy.values import Value
from exchange.policy.vocabulary import (
    DISTRIBUTE,
    PUBLISH,
    USE,
    Connective,
    Operand,
    Operator,
    PolicyType,
    RuleKind,
)
from exchange.scenarios import Limits, Scenario, ScenarioState, uncovered
from exchange.specsheet import Conditions, TimeLimit
from ledger.rights import Holding
from tests.exchange.policy.said import unhurried

NUMBER = "GP-1"
SUPPLIER = "supplier"
NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
CONDITIONS = Conditions(
    purposes=("research", "navigation"),
    regions=("CN", "SG"),
    time_limit=TimeLimit.TERM_THEN_ERASED,
    term_days=90,
)
SCENARIO = Scenario(
    id="s-1",
    buyer="buyer",
    product=NUMBER,
    purpose="research",
    region="CN",
    term_days=90,
    recipients=("the laboratory",),
    onward_transfer=False,
    public_release=False,
    description="0" * 64,
    state=ScenarioState.APPROVED,
    head="",
)


def held(
    right: str = "operating",
    by: str = SUPPLIER,
    purposes: tuple[str, ...] = ("any",),
    regions: tuple[str, ...] = ("any",),
    until: str | None = None,
) -> Holding:
    return Holding(
        by,
        right,
        purposes,
        regions,
        until=until,
        exclusive=False,
        transferable=True,
        rests_on=(),
    )


SUPPLY = Supply(NUMBER, SUPPLIER, CONDITIONS, (held(),))


WIDE = replace(CONDITIONS, transfer=True, public_release=True)


def derived(**changes: Any) -> dict[str, Any]:
    """Return what a supply of a wide sheet says whose source has other conditions."""
    source = Parent("GP-0", NUMBER, replace(WIDE, **changes), SUPPLIER, (held("processing"),))
    return {"conditions": WIDE, "parents": (source,)}


def world(scenario: Scenario = SCENARIO, **changes: Any) -> State:
    named = {recipients(scenario.id): frozenset(scenario.recipients)}
    return replace(State(at=NOW, references=named), **changes)


def refusals(scenario: Scenario = SCENARIO, supply: Supply = SUPPLY, **changes: Any) -> list[str]:
    policy = agreement(scenario, supply)
    return [
        str(reason)
        for request in requests_of(scenario, NUMBER)
        for reason in evaluate(policy, request, world(scenario, **changes)).reasons
    ]


def test_a_scenario_within_all_parts_is_permitted() -> None:
    assert refusals() == []


@pytest.mark.parametrize(
    ("scenario", "supply", "said"),
    [
        (
            {"purpose": "resale"},
            {},
            "conditions.purposes: purpose is resale, wanted is one of navigation, research",
        ),
        (
            {"region": "US"},
            {},
            "conditions.regions: spatial is US, wanted is within CN, SG",
        ),
        (
            {"term_days": 91},
            {},
            "conditions.term_days: elapsedTime is P91D, wanted is at most P90D",
        ),
        ({"onward_transfer": True}, {}, "conditions.transfer: distribute is prohibited"),
        ({"public_release": True}, {}, "conditions.public_release: guapai:publish is prohibited"),
        (
            {"recipients": ()},
            {},
            (
                "scenario.recipients: recipient is not stated, "
                "wanted is one of what urn:guapai:scenario:s-1:recipients names"
            ),
        ),
        (
            {},
            {"conditions": replace(CONDITIONS, prohibited=("research",))},
            (
                "conditions.prohibited: use is prohibited where purpose is research, "
                "wanted is one of research"
            ),
        ),
        (
            {},
            {"conditions": replace(CONDITIONS, term_days=None)},
            "conditions.term_days: use is prohibited",
        ),
        (
            {},
            {"conditions": replace(CONDITIONS, time_limit=TimeLimit.UNITS_THEN_ERASED)},
            "conditions.units: use is prohibited",
        ),
        ({}, {"operating": ()}, "rights.operating: use is prohibited"),
        ({}, {"operating": (held(by="other"),)}, "rights.operating: use is prohibited"),
        ({}, {"operating": (held("holding"),)}, "rights.operating: use is prohibited"),
        (
            {},
            {"operating": (held(purposes=("navigation",)),)},
            "rights.operating: purpose is research, wanted is one of navigation",
        ),
        (
            {},
            {"operating": (held(until="2026-11-27T11:59:59Z"),)},
            (
                "rights.operating: dateTime is 2026-11-27T12:00:00Z, "
                "wanted is at most 2026-11-27T11:59:59Z"
            ),
        ),
        (
            {},
            {"parents": (Parent("GP-0", NUMBER, CONDITIONS, SUPPLIER, ()),)},
            "parents.GP-0.processing.GP-1: use is prohibited",
        ),
        (
            {},
            {
                "parents": (
                    Parent(
                        "GP-0",
                        NUMBER,
                        replace(CONDITIONS, purposes=("navigation",)),
                        SUPPLIER,
                        (held("processing"),),
                    ),
                )
            },
            "parents.GP-0.purposes: purpose is research, wanted is one of navigation",
        ),
        (
            {},
            {
                "parents": (
                    Parent(
                        "GP-0",
                        NUMBER,
                        replace(CONDITIONS, prohibited=("research",)),
                        SUPPLIER,
                        (held("processing"),),
                    ),
                )
            },
            (
                "parents.GP-0.prohibited: use is prohibited where purpose is research, "
                "wanted is one of research"
            ),
        ),
        (
            {},
            {
                "parents": (
                    Parent("GP-0", NUMBER, None, SUPPLIER, (held("processing", regions=("SG",)),)),
                )
            },
            "parents.GP-0.processing.GP-1: spatial is CN, wanted is within SG",
        ),
        ({}, {"uses": 0}, "terms.uses: count is 1, wanted is at most 0"),
        (
            {"onward_transfer": True},
            derived(transfer=False),
            "parents.GP-0.transfer: distribute is prohibited",
        ),
        (
            {"public_release": True},
            derived(public_release=False),
            "parents.GP-0.public_release: guapai:publish is prohibited",
        ),
        (
            {},
            derived(regions=("SG",)),
            "parents.GP-0.regions: spatial is CN, wanted is within SG",
        ),
        (
            {},
            derived(term_days=89),
            "parents.GP-0.term_days: elapsedTime is P90D, wanted is at most P89D",
        ),
    ],
)
def test_each_part_refuses_what_it_does_not_allow_and_is_named(
    scenario: dict[str, Any], supply: dict[str, Any], said: str
) -> None:
    assert refusals(replace(SCENARIO, **scenario), replace(SUPPLY, **supply)) == [said]


def test_any_one_right_of_several_is_enough() -> None:
    narrow = held(purposes=("navigation",)), held(purposes=("research",), regions=("CN",))
    assert refusals(supply=replace(SUPPLY, operating=narrow)) == []
    assert refusals(supply=replace(SUPPLY, operating=(*narrow[:1], held()))) == []
    (said,) = refusals(replace(SCENARIO, region="SG"), replace(SUPPLY, operating=narrow))
    assert said.startswith("rights.operating: ")
    assert "(purpose is research, wanted is one of navigation)" in said
    assert "(spatial is SG, wanted is within CN)" in said


@pytest.mark.parametrize(
    ("region", "regions", "covered"),
    [
        ("CN-37", ("CN",), True),
        ("DE", ("EU",), True),
        ("CN-HK", ("CN",), False),
        ("CN", ("CN-37",), False),
        ("GB", ("EU",), False),
    ],
)
def test_what_is_allowed_of_the_whole_is_allowed_of_its_parts(
    region: str, regions: tuple[str, ...], *, covered: bool
) -> None:
    scenario = replace(SCENARIO, region=region)
    conditions = replace(CONDITIONS, regions=regions)
    supply = replace(SUPPLY, conditions=conditions, operating=(held(regions=regions),))
    assert (refusals(scenario, supply) == []) is covered
    assert (uncovered(scenario, conditions) == ()) is covered
    sheet = replace(CONDITIONS, regions=(region,))
    assert ("regions" not in sheet.wider_than(conditions)) is covered


@pytest.mark.parametrize(
    ("limit", "units", "most"),
    [
        (TimeLimit.NONE, None, 99),
        (TimeLimit.NONE, 2, 2),
        (TimeLimit.THIS_CALL, None, 1),
        (TimeLimit.UNITS_THEN_ERASED, 3, 3),
    ],
)
def test_units_of_use_are_counted(limit: TimeLimit, units: int | None, most: int) -> None:
    conditions = replace(CONDITIONS, time_limit=limit, units=units)
    supply = replace(SUPPLY, conditions=conditions)
    assert refusals(supply=supply, count=most - 1) == []
    if most < 99:
        (said,) = refusals(supply=supply, count=most)
        assert said == f"conditions.units: count is {most + 1}, wanted is at most {most}"


def test_a_use_ends_with_its_term() -> None:
    term = dt.timedelta(days=90)
    assert refusals(since=NOW - term) == []
    ended = refusals(since=NOW - term - dt.timedelta(seconds=1))
    assert [each.partition(":")[0] for each in ended] == [
        "conditions.term_days",
        "scenario.term_days",
    ]


def test_data_is_to_be_erased_when_its_time_or_its_units_are_over() -> None:
    def erased(conditions: Conditions, scenario: Scenario = SCENARIO, **changes: Any) -> bool:
        policy = agreement(scenario, replace(SUPPLY, conditions=conditions))
        (request,) = requests_of(scenario, NUMBER)
        return evaluate(policy, request, world(**changes)).rules[-1].active

    short = replace(SCENARIO, term_days=10)
    days = dt.timedelta(days=10)
    assert not erased(CONDITIONS, short, since=NOW - days + dt.timedelta(seconds=1))
    assert erased(CONDITIONS, short, since=NOW - days)
    units = replace(CONDITIONS, time_limit=TimeLimit.UNITS_THEN_ERASED, units=2)
    assert not erased(units, count=1)
    assert erased(units, count=2)
    free = agreement(
        SCENARIO, replace(SUPPLY, conditions=replace(CONDITIONS, time_limit=TimeLimit.NONE))
    )
    assert free.obligations == ()


def test_what_a_source_allows_is_not_prohibited_in_what_is_derived_from_it() -> None:
    passed_on = replace(SCENARIO, onward_transfer=True, public_release=True)
    allowed, banned = (replace(SUPPLY, **derived(transfer=each)) for each in (True, False))
    assert refusals(passed_on, allowed) == []
    assert agreement(passed_on, allowed).prohibitions == ()
    (ban,) = agreement(passed_on, banned).prohibitions
    assert ban.uid.endswith("#parents.GP-0.transfer")
    assert ban.action == DISTRIBUTE


def test_units_of_a_source_do_not_count_the_uses_of_what_is_derived() -> None:
    counted = derived(time_limit=TimeLimit.UNITS_THEN_ERASED, units=1)
    assert refusals(supply=replace(SUPPLY, **counted), count=5) == []


def test_what_is_derived_is_to_be_erased_with_its_source_after_the_shortest_term() -> None:
    supply = replace(SUPPLY, **derived(term_days=30))
    free = replace(WIDE, time_limit=TimeLimit.NONE, term_days=None)
    supply = replace(supply, conditions=free)
    for policy, days in (
        (offer(supply), 30),
        (agreement(replace(SCENARIO, term_days=10), supply), 10),
    ):
        (duty,) = policy.obligations
        assert duty.uid.endswith("#parents.GP-0.erase")
        (over,) = duty.constraints
        assert isinstance(over, Constraint)
        assert over.values == (dt.timedelta(days=days),)
    own = offer(replace(SUPPLY, **derived(time_limit=TimeLimit.NONE, term_days=30)))
    (duty,) = own.obligations  # its own sheet's, and no later than the source allows
    (over,) = duty.constraints
    assert isinstance(over, Constraint)
    assert over.values == (dt.timedelta(days=30),)


def test_a_source_that_allows_a_region_allows_the_parts_that_a_scenario_was_limited_to() -> None:
    limited = replace(SCENARIO, limits=Limits(regions=("CN-SH",)))
    assert refusals(limited, replace(SUPPLY, **derived())) == []
    (said,) = refusals(limited, replace(SUPPLY, **derived(regions=("SG",))))
    assert said == "parents.GP-0.regions: spatial is CN-SH, wanted is within SG"


def test_an_agreement_is_named_by_what_it_says() -> None:
    policy = agreement(SCENARIO, SUPPLY)
    assert policy.type is PolicyType.AGREEMENT
    assert policy == agreement(SCENARIO, SUPPLY)
    assert policy.uid != agreement(replace(SCENARIO, purpose="navigation"), SUPPLY).uid
    assert all(rule.uid.startswith(f"{policy.uid}#") for rule in policy.rules())
    assert "laboratory" not in policy.record.decode()


@pytest.mark.parametrize("scenario", ["SC-0001", "a:recipients", "海 %2F"])
def test_the_iri_of_recipients_leads_back_to_their_scenario(scenario: str) -> None:
    assert scenario_behind(recipients(scenario)) == scenario


@pytest.mark.parametrize(
    "other",
    [
        *("", "urn:guapai:scenario:SC-0001", "urn:guapai:scenario::recipients", "SC-0001"),
        *("urn:guapai:scenario:SC%2D0001:recipients", "urn:x:scenario:SC-0001:recipients"),
    ],
)
def test_no_other_iri_leads_to_a_scenario(other: str) -> None:
    assert scenario_behind(other) == ""


def test_a_policy_says_every_iri_that_it_refers_by() -> None:
    def among(iri: str) -> Constraint:
        return Constraint(Operand.RECIPIENT, Operator.IS_ANY_OF, reference=iri)

    duty = Rule(RuleKind.DUTY, "#d", "delete", constraints=(among("urn:x:duty"),))
    rule = Rule(
        RuleKind.PERMISSION,
        "#p",
        "use",
        target=Asset("", True, "urn:x:all", (among("urn:x:asset"),)),
        constraints=(Logical(Connective.OR, (among("urn:x:or"), among("urn:x:or"))),),
        refinements=(among("urn:x:action"),),
        duties=(duty,),
    )
    found = Policy("urn:x:p", PolicyType.SET, (rule,)).references()
    assert found == {f"urn:x:{each}" for each in ("duty", "asset", "or", "action")}


def test_an_offer_asks_for_nobody_and_for_no_scenario() -> None:
    policy = offer(SUPPLY)
    assert policy.type is PolicyType.OFFER
    assert all(rule.assignee is None for rule in policy.rules())
    assert "scenario" not in policy.record.decode()


# What it is to be right: it permits what every part permits, and nothing else.

_PURPOSES = st.sampled_from(["research", "navigation", "resale"])
_REGIONS = st.sampled_from(["CN", "CN-SH", "CN-HK", "SG", "EU", "DE"])
_SOME = st.lists(_PURPOSES, min_size=1, max_size=3, unique=True).map(tuple)
_SOMEWHERE = st.lists(_REGIONS, min_size=1, max_size=3, unique=True).map(tuple)
_DAYS = st.integers(1, 40)
_UNTIL = st.none() | st.integers(-5, 40).map(
    lambda days: (NOW + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
)
_CONDITIONS = st.builds(
    Conditions,
    purposes=_SOME,
    regions=_SOMEWHERE,
    time_limit=st.sampled_from(TimeLimit),
    term_days=st.none() | _DAYS,
    units=st.none() | st.integers(1, 3),
    transfer=st.booleans(),
    public_release=st.booleans(),
    prohibited=st.just(()) | _SOME,
)
_HELD = st.builds(
    held,
    right=st.sampled_from(["operating", "processing"]),
    by=st.sampled_from([SUPPLIER, "other"]),
    purposes=st.just(("any",)) | _SOME,
    regions=st.just(("any",)) | _SOMEWHERE,
    until=_UNTIL,
)
_RIGHTS = st.lists(_HELD, max_size=3).map(tuple)
_PARENTS = st.lists(
    st.builds(
        Parent,
        number=st.sampled_from(["GP-0", "GP-9"]),
        child=st.just(NUMBER),
        conditions=st.none() | _CONDITIONS,
        processor=st.just(SUPPLIER),
        processing=_RIGHTS,
    ),
    max_size=2,
    unique_by=lambda parent: parent.number,
).map(tuple)
_SUPPLIES = st.builds(
    Supply,
    product=st.just(NUMBER),
    supplier=st.just(SUPPLIER),
    conditions=_CONDITIONS,
    operating=_RIGHTS,
    parents=_PARENTS,
    uses=st.none() | st.integers(0, 3),
)
_SCENARIOS = st.builds(
    replace,
    st.just(SCENARIO),
    purpose=_PURPOSES,
    region=_REGIONS,
    term_days=_DAYS,
    recipients=st.lists(st.sampled_from(["lab", "ministry"]), max_size=2, unique=True).map(tuple),
    onward_transfer=st.booleans(),
    public_release=st.booleans(),
)


@st.composite
def _requests(draw: st.DrawFn) -> Request:
    (request, *_) = requests_of(draw(_SCENARIOS), NUMBER)
    return replace(request, action=draw(st.sampled_from([USE, DISTRIBUTE, PUBLISH, "read"])))


def alone(part: Part, supply: Supply) -> Policy:
    return composed(PolicyType.SET, [part], supply, SCENARIO.buyer, None)


@unhurried
@given(_SCENARIOS, _SUPPLIES, _requests(), st.integers(0, 3), st.none() | st.integers(0, 50))
def test_an_agreement_permits_what_every_part_permits_and_nothing_else(
    scenario: Scenario, supply: Supply, request: Request, count: int, days: int | None
) -> None:
    since = None if days is None else NOW - dt.timedelta(days=days)
    state = world(scenario, count=count, since=since)
    parts = [part_of_scenario(scenario), *supply.parts()]
    whole = evaluate(agreement(scenario, supply), request, state).permitted
    each = [evaluate(alone(part, supply), request, state).permitted for part in parts]
    assert whole is all(each)


@unhurried
@given(_SCENARIOS, _CONDITIONS, st.none() | _CONDITIONS)
def test_the_conditions_allow_a_scenario_where_its_words_say_so(
    scenario: Scenario, conditions: Conditions, source: Conditions | None
) -> None:
    conditions = replace(conditions, time_limit=TimeLimit.TERM_THEN_ERASED, units=None)
    ancestors = () if source is None else (("GP-0", source),)
    parents = tuple(
        Parent(number, NUMBER, said, SUPPLIER, (held("processing"),)) for number, said in ancestors
    )
    found = refusals(scenario, replace(SUPPLY, conditions=conditions, parents=parents))
    assert (found == []) is (uncovered(scenario, conditions, ancestors) == ())
    alone = conditions_alone(conditions, NUMBER, scenario.buyer, ancestors)
    asked = requests_of(scenario, NUMBER)
    reasons = [str(r) for each in asked for r in evaluate(alone, each, world(scenario)).reasons]
    assert set(reasons) == {each for each in found if not each.startswith("scenario.")}


def test_requests_name_what_the_scenario_wants() -> None:
    wide = replace(SCENARIO, onward_transfer=True, public_release=True)
    assert [each.action for each in requests_of(wide, NUMBER)] == [USE, DISTRIBUTE, PUBLISH]
    (request,) = requests_of(SCENARIO, NUMBER)
    wanted: dict[Operand, tuple[Value, ...]] = {
        Operand.PURPOSE: ("research",),
        Operand.SPATIAL: ("CN",),
        Operand.RECIPIENT: ("the laboratory",),
        Operand.ELAPSED_TIME: (dt.timedelta(days=90),),
    }
    assert request.context == wanted
