from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from exchange.policy.evaluator import evaluate
from exchange.policy.policy import Policy
from exchange.policy.report import (
    Activation,
    Deontic,
    RuleReport,
    Satisfaction,
    deontic_state,
)
from exchange.policy.request import Performance, Request, State
from exchange.policy.vocabulary import Operand, RuleKind
from tests.exchange.policy.said import (
    ALICE,
    ASSET,
    BOB,
    NOW,
    POLICY,
    WORLD,
    asked,
    constraint,
    policies,
    policy,
    record,
    requests,
    rule,
    states,
    typed,
    unhurried,
)

DAY = dt.timedelta(days=1)


def permits(found: Policy, request: Request, state: State = WORLD) -> bool:
    return evaluate(found, request, state).permitted


def limited(*constraints: dict[str, Any]) -> Policy:
    return policy(rule(constraint=list(constraints)))


def test_what_a_permission_covers_is_permitted_and_says_nothing() -> None:
    report = evaluate(policy(rule(assignee=ALICE)), asked(), WORLD)
    assert report.permitted
    assert report.reasons == ()


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (asked("transfer"), "the action is transfer, the rule is for use"),
        (
            replace(asked(), target="urn:example:other"),
            f"the asset is urn:example:other, the rule is for {ASSET}",
        ),
        (replace(asked(), assignee=BOB), f"the party is {BOB}, the rule is for {ALICE}"),
    ],
)
def test_what_no_permission_covers_is_refused_in_words(request_: Request, words: str) -> None:
    report = evaluate(policy(rule(assignee=ALICE)), request_, WORLD)
    assert not report.permitted
    assert [reason.words for reason in report.reasons] == [words]


def test_a_policy_that_permits_nothing_says_so() -> None:
    duties = policy(obligation=[rule("delete")])
    (reason,) = evaluate(duties, asked(), WORLD).reasons
    assert str(reason) == f"{POLICY}: nothing permits to use"


def test_an_action_is_covered_by_the_actions_that_include_it() -> None:
    assert permits(policy(rule("use")), asked("read"))
    assert permits(policy(rule("use")), asked("display"))  # in play, which is in use
    assert permits(policy(rule("transfer")), asked("sell"))
    assert not permits(policy(rule("read")), asked("use"))
    assert not permits(policy(rule("use")), asked("nonsense"))


def test_a_prohibition_wins_and_is_named() -> None:
    found = policy(rule(), prohibition=[rule("distribute", uid=f"{POLICY}#conditions.transfer")])
    assert permits(found, asked("use"))
    (reason,) = evaluate(found, asked("distribute"), WORLD).reasons
    assert str(reason) == "conditions.transfer: distribute is prohibited"


def test_a_prohibition_says_under_which_constraints_it_holds() -> None:
    banned = constraint("purpose", "isAnyOf", ["resale"])
    found = policy(rule(), prohibition=[rule(constraint=[banned])])
    assert permits(found, asked(purpose="research"))
    (reason,) = evaluate(found, asked(purpose="resale"), WORLD).reasons
    assert reason.words == "use is prohibited where purpose is resale, wanted is one of resale"


def test_a_prohibition_lets_pass_only_what_is_certainly_outside_it() -> None:
    banned = constraint("purpose", "isAnyOf", ["resale"])
    found = policy(rule(), prohibition=[rule(constraint=[banned])])
    assert not permits(found, asked())  # for which purpose is not said
    assert not permits(found, asked(purpose=("research", "resale")))


def test_without_a_word_on_conflict_rules_that_meet_undo_the_policy() -> None:
    banned = [rule("print")]
    (void,) = evaluate(
        policy(rule(), prohibition=banned, conflict="invalid"), asked(), WORLD
    ).reasons
    assert void.words == "a permission and a prohibition meet, which undoes the policy"
    apart = policy(rule(), prohibition=[rule("print", target="urn:example:other")])
    assert permits(replace(apart, conflict=apart.conflict), asked())
    others = policy(
        rule(assignee=ALICE), prohibition=[rule("print", assignee=BOB)], conflict="invalid"
    )
    assert permits(others, asked())


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "holds"),
    [
        ("eq", "research", "research", True),
        ("eq", "research", "Research", False),
        ("neq", "research", "resale", True),
        ("neq", "research", "research", False),
        ("isAnyOf", ["research", "navigation"], "navigation", True),
        ("isAnyOf", ["research", "navigation"], "resale", False),
        ("isNoneOf", ["resale"], "research", True),
        ("isNoneOf", ["resale"], "resale", False),
        ("isAllOf", ["research", "navigation"], ("navigation", "research"), True),
        ("isAllOf", ["research", "navigation"], "research", False),
        ("isAnyOf", ["research"], ("research", "resale"), False),
        ("isNoneOf", ["resale"], ("research", "resale"), False),
    ],
)
def test_texts_are_compared_as_they_stand(
    operator: str, wanted: Any, found: Any, *, holds: bool
) -> None:
    said = limited(constraint("purpose", operator, wanted))
    assert permits(said, asked(purpose=found)) is holds


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "holds"),
    [
        ("isPartOf", ["CN", "SG"], "CN", True),
        ("isPartOf", ["CN"], "CN-SH", True),
        ("isPartOf", ["CN"], "CN-HK", False),
        ("isPartOf", ["EU"], "DE-HH", True),
        ("isPartOf", ["CN-SH"], "CN", False),
        ("isPartOf", ["Shanghai"], "Pudong", False),
        ("isPartOf", ["C"], "CN-SH", False),
        ("isPartOf", ["CN"], "CNX", False),
        ("isPartOf", ["CN"], "CN-sh", False),
        ("eq", "CN", "CN-SH", False),
        ("isNoneOf", ["CN"], "SG", True),
        ("isNoneOf", ["CN"], "CN-SH", False),
        ("isNoneOf", ["CN-SH"], "CN", False),  # a part of it is there
        ("isAllOf", ["CN", "SG"], ("SG", "CN-SH"), False),
        ("isAllOf", ["CN", "SG"], ("SG", "CN"), True),
    ],
)
def test_what_is_said_of_the_whole_holds_of_its_parts_and_never_the_other_way_round(
    operator: str, wanted: Any, found: Any, *, holds: bool
) -> None:
    said = limited(constraint("spatial", operator, wanted))
    assert permits(said, asked(spatial=found)) is holds


def test_a_prohibition_of_a_part_or_of_the_whole_stands_for_the_other() -> None:
    found = policy(
        rule(), prohibition=[rule(constraint=[constraint("spatial", "isPartOf", ["CN-SH"])])]
    )
    assert permits(found, asked(spatial="CN-BJ"))
    assert not permits(found, asked(spatial="CN-SH"))
    assert not permits(found, asked(spatial="CN"))
    whole = [rule(constraint=[constraint("spatial", "isPartOf", ["CN"])])]
    assert not permits(policy(rule(), prohibition=whole), asked(spatial="CN-HK"))
    assert permits(policy(rule(), prohibition=whole), asked(spatial="SG"))


@pytest.mark.parametrize(("done", "holds"), [(0, True), (2, True), (3, False), (9, False)])
def test_a_count_holds_the_time_that_is_asked_for(done: int, *, holds: bool) -> None:
    said = limited(constraint("count", "lteq", typed(3, "integer")))
    assert permits(said, asked(), replace(WORLD, count=done)) is holds


@pytest.mark.parametrize(
    ("operator", "wanted", "holds"),
    [
        ("lteq", typed("2026-11-27T12:00:00Z", "dateTime"), True),
        ("lt", typed("2026-11-27T12:00:00Z", "dateTime"), False),
        ("lteq", typed("2026-11-27T20:00:00+08:00", "dateTime"), True),
        ("lteq", typed("2026-11-27T11:59:59.999999Z", "dateTime"), False),
        ("gteq", typed("2026-11-27T12:00:00Z", "dateTime"), True),
        ("gt", typed("2026-11-27T12:00:00Z", "dateTime"), False),
        ("lteq", typed("2026-11-27", "date"), True),
        ("lt", typed("2026-11-27", "date"), False),
        ("eq", typed("2026-11-27", "date"), True),
        ("neq", typed("2026-11-27", "date"), False),
        ("gt", typed("2026-11-26", "date"), True),
    ],
)
def test_a_day_is_compared_with_days_and_an_instant_with_instants(
    operator: str, wanted: Any, *, holds: bool
) -> None:
    assert permits(limited(constraint("dateTime", operator, wanted)), asked()) is holds


def test_time_runs_from_when_the_use_began_and_for_as_long_as_it_is_wanted() -> None:
    said = limited(constraint("elapsedTime", "lteq", typed("P30D", "duration")))
    assert permits(said, asked())
    assert permits(said, asked(), replace(WORLD, since=NOW - 30 * DAY))
    assert not permits(
        said, asked(), replace(WORLD, since=NOW - 30 * DAY - dt.timedelta(seconds=1))
    )
    assert permits(said, asked(elapsedTime=30 * DAY))
    assert not permits(said, asked(elapsedTime=31 * DAY))
    assert permits(said, asked(), replace(WORLD, since=NOW + DAY))  # clocks differ


def test_a_unit_must_be_the_unit_that_is_found() -> None:
    euro = "http://dbpedia.org/resource/Euro"
    said = limited(constraint("payAmount", "gteq", typed("5.00", "decimal"), unit=euro))
    from decimal import Decimal  # noqa: PLC0415

    paid = asked(payAmount=Decimal(6))
    assert not permits(said, paid)
    assert permits(said, replace(paid, units={Operand.PAY_AMOUNT: euro}))
    assert not permits(said, replace(paid, units={Operand.PAY_AMOUNT: "urn:example:yen"}))


def test_what_a_reference_names_is_known_to_the_world_or_to_nobody() -> None:
    named = {
        "leftOperand": "recipient",
        "operator": "isAnyOf",
        "rightOperandReference": "urn:example:recipients",
    }
    said = limited(named)
    assert not permits(said, asked(recipient=BOB))
    world = replace(WORLD, references={"urn:example:recipients": frozenset({BOB})})
    assert permits(said, asked(recipient=BOB), world)
    assert not permits(said, asked(recipient=(BOB, "urn:example:carol")), world)
    assert not permits(said, asked(), world)


RESEARCH = constraint("purpose", "eq", "research")
CHINA = constraint("spatial", "isPartOf", ["CN"])


@pytest.mark.parametrize(
    ("connective", "states"),
    [("and", "yes no no no"), ("or", "yes yes yes no"), ("xone", "no yes yes no")],
)
def test_constraints_are_joined(connective: str, states: str) -> None:
    said = limited({connective: {"@list": [RESEARCH, CHINA]}})
    found = [
        permits(said, asked(purpose=purpose, spatial=region))
        for purpose in ("research", "resale")
        for region in ("CN", "US")
    ]
    assert found == [state == "yes" for state in states.split()]


@pytest.mark.parametrize(
    ("connective", "said", "state"),
    [
        ("and", {"purpose": "research"}, Satisfaction.UNDETERMINED),
        ("and", {"purpose": "resale"}, Satisfaction.UNSATISFIED),
        ("or", {"purpose": "research"}, Satisfaction.SATISFIED),
        ("or", {"purpose": "resale"}, Satisfaction.UNDETERMINED),
        ("xone", {"purpose": "research"}, Satisfaction.UNDETERMINED),
        ("xone", {"purpose": "resale"}, Satisfaction.UNDETERMINED),
    ],
)
def test_what_is_not_known_stays_unknown_through_connectives(
    connective: str, said: dict[str, str], state: Satisfaction
) -> None:
    found = limited({connective: {"@list": [RESEARCH, CHINA]}})
    (report,) = evaluate(found, asked(**said), WORLD).rules
    assert report.premises[-1].state is state


def test_a_refined_action_asks_for_what_is_said_of_it() -> None:
    fine = constraint("resolution", "lteq", typed(1200, "integer"))
    printed = policy(rule([{"rdf:value": {"@id": "odrl:print"}, "refinement": [fine]}]))  # type: ignore[arg-type]
    assert not permits(printed, asked("print"))
    assert permits(printed, asked("print", resolution=600))
    assert not permits(printed, asked("print", resolution=2400))


def test_a_collection_is_its_members_as_refined() -> None:
    adults = {
        "@type": "PartyCollection",
        "source": "urn:example:team",
        "refinement": [constraint("industry", "eq", "shipping")],
    }
    found = policy(rule(assignee=adults))
    team = replace(WORLD, members={"urn:example:team": frozenset({ALICE})})
    assert not permits(found, asked(), team)
    shipping = replace(asked(), of_assignee={Operand.INDUSTRY: ("shipping",)})
    assert permits(found, shipping, team)
    assert not permits(found, shipping)
    assert not permits(found, replace(shipping, assignee=BOB), team)


def test_an_asset_of_a_collection_is_covered() -> None:
    archive = {"@type": "AssetCollection", "uid": "urn:example:archive"}
    found = policy(rule(target=archive))
    assert not permits(found, asked())
    assert permits(
        found, asked(), replace(WORLD, members={"urn:example:archive": frozenset({ASSET})})
    )


def test_a_permission_waits_for_its_duties() -> None:
    duty = f"{POLICY}#pay"
    found = policy(rule(duty=[{"uid": duty, "action": "compensate"}]))
    (reason,) = evaluate(found, asked(), WORLD).reasons
    assert reason.words == "the duty to compensate is not fulfilled"
    assert reason.premise == duty
    assert permits(found, asked(), replace(WORLD, duties={duty: Performance.PERFORMED}))
    assert not permits(found, asked(), replace(WORLD, duties={duty: Performance.UNPERFORMED}))


def test_a_duty_that_was_not_done_is_made_good_by_its_consequences() -> None:
    duty, other = f"{POLICY}#delete", f"{POLICY}#pay"
    found = policy(
        obligation=[rule("delete", uid=duty, consequence=[rule("compensate", uid=other)])]
    )

    def state(**said: Performance) -> Deontic:
        duties = {f"{POLICY}#{name}": each for name, each in said.items()}
        (report,) = evaluate(found, asked(), replace(WORLD, duties=duties)).rules
        return report.deontic

    undone = Performance.UNPERFORMED
    assert state() is Deontic.NON_SET
    assert state(delete=Performance.PERFORMED) is Deontic.FULFILLED
    assert state(delete=undone) is Deontic.VIOLATED
    assert state(delete=undone, pay=Performance.PERFORMED) is Deontic.FULFILLED


def test_a_duty_looks_at_the_time_that_has_passed_and_not_at_what_is_wanted() -> None:
    due = constraint("elapsedTime", "gteq", typed("P30D", "duration"))
    found = policy(rule(), obligation=[rule("delete", constraint=[due])])
    wanted = asked(elapsedTime=30 * DAY)
    assert not evaluate(found, wanted, WORLD).rules[-1].active
    assert evaluate(found, asked(), replace(WORLD, since=NOW - 31 * DAY)).rules[-1].active


def test_what_was_performed_fulfils_or_violates() -> None:
    done = replace(asked(), performance=Performance.PERFORMED)
    (allowed,) = evaluate(policy(rule()), done, WORLD).rules
    (against,) = evaluate(policy(rule(assignee=BOB)), done, WORLD).rules
    *_, banned = evaluate(policy(rule(), prohibition=[rule()]), done, WORLD).rules
    assert [allowed.deontic, against.deontic, banned.deontic] == [
        Deontic.FULFILLED,
        Deontic.VIOLATED,
        Deontic.VIOLATED,
    ]


def test_a_time_without_a_zone_is_no_time() -> None:
    with pytest.raises(ValueError, match="time zone"):
        State(at=dt.datetime(2026, 11, 27))  # noqa: DTZ001 - that is the point


def consistent(report: RuleReport) -> bool:
    states = {premise.state for premise in report.premises}
    conditions = {each.deontic for each in report.conditions}
    activation = {
        RuleKind.PERMISSION: states == {Satisfaction.SATISFIED}
        and conditions <= {Deontic.FULFILLED},
        RuleKind.PROHIBITION: Satisfaction.UNSATISFIED not in states,
        RuleKind.DUTY: states <= {Satisfaction.SATISFIED},
    }
    wanted = Activation.ACTIVE if activation[report.rule.kind] else Activation.INACTIVE
    deontic = deontic_state(report.rule.kind, report.activation, report.performance)
    inner = all(consistent(each) for each in report.conditions)
    return report.activation is wanted and report.deontic is deontic and inner


@unhurried
@given(policies, requests, states)
def test_an_evaluation_is_total_repeats_and_its_report_tells_its_decision(
    found: Policy, request: Request, state: State
) -> None:
    report = evaluate(found, request, state)
    assert report == evaluate(found, request, state)
    active = {each.rule.kind for each in report.rules if each.active}
    permitted = RuleKind.PERMISSION in active and RuleKind.PROHIBITION not in active
    assert report.permitted == (permitted and not found.void)
    assert bool(report.reasons) != report.permitted
    assert all(reason.words for reason in report.reasons)
    assert all(consistent(each) for each in report.rules)


@unhurried
@given(policies, policies, requests, states)
def test_a_rule_more_never_lifts_a_prohibition(
    one: Policy, other: Policy, request: Request, state: State
) -> None:
    more = replace(one, prohibitions=one.prohibitions + other.prohibitions)
    if evaluate(more, request, state).permitted:
        assert evaluate(one, request, state).permitted


def test_the_record_of_a_policy_is_what_was_read() -> None:
    assert policy(rule()).to_record()["permission"][0]["action"] == "use"
    assert record(rule())["conflict"] == "prohibit"
