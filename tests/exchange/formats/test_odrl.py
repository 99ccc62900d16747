"""Policies as JSON-LD and Turtle: what is read, what is refused, and that nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF
from rdflib.plugins.parsers.jsonld import to_rdf

from exchange.errors import BadField, Unreadable
from exchange.formats import odrl, odrl_report
from exchange.policy.evaluator import evaluate
from exchange.policy.intersection import agreement, requests_of
from exchange.policy.policy import Policy
from exchange.policy.report import Report
from exchange.policy.request import Request, State
from exchange.policy.vocabulary import ODRL
from tests.exchange.policy.said import (
    NOW,
    POLICY,
    asked,
    constraint,
    policies,
    policy,
    record,
    rule,
    typed,
    unhurried,
)
from tests.exchange.policy.test_intersection import NUMBER, SCENARIO, SUPPLY, world

CONTEXT = "http://www.w3.org/ns/odrl.jsonld"
PROFILES = [f"http://example.com/odrl:profile:{n:02}" for n in range(1, 41)]
MOVIE = "http://example.com/asset:9898.movie"
ORG, BILLIE = "http://example.com/party:org:abc", "http://example.com/party:person:billie"
EURO = "http://dbpedia.org/resource/Euro"


def example(kind: str, **fields: Any) -> dict[str, Any]:
    return {"@context": CONTEXT, "@type": kind, "uid": "http://example.com/policy:1"} | fields


def compensation(amount: str) -> list[dict[str, Any]]:
    paid = constraint("payAmount", "eq", typed(amount, "decimal"), unit=EURO)
    return [{"rdf:value": {"@id": "odrl:compensate"}, "refinement": [paid]}]


def read(document: Any) -> Policy:
    return odrl.read_document(document, profiles=PROFILES)


def graph_of(report: Report) -> Graph:
    graph = Graph()
    to_rdf(odrl_report.report_record(report), graph)
    return graph


def said(found: Policy) -> dict[str, Any]:
    return {
        "permission": [each.action for each in found.permissions],
        "prohibition": [each.action for each in found.prohibitions],
        "obligation": [each.action for each in found.obligations],
    }


def rules_of(*actions: str, **more: list[str]) -> dict[str, list[str]]:
    return {"permission": list(actions), "prohibition": [], "obligation": []} | more


# The examples of the ODRL Information Model 2.2 (W3C Recommendation of 15 February 2018), by
# their numbers there.
EXAMPLES: dict[int, dict[str, Any]] = {
    1: example("Set", permission=[{"target": MOVIE, "action": "use"}]),
    2: example(
        "Offer",
        profile=PROFILES[0],
        permission=[{"target": MOVIE, "assigner": ORG, "action": "play"}],
    ),
    3: example(
        "Agreement",
        profile=PROFILES[0],
        permission=[{"target": MOVIE, "assigner": ORG, "assignee": BILLIE, "action": "play"}],
    ),
    9: {
        **example(
            "Agreement",
            permission=[
                {
                    "target": MOVIE,
                    "assigner": {
                        "@type": ["Party", "vcard:Organization"],
                        "uid": ORG,
                        "vcard:fn": "Sony Books LCC",
                    },
                    "assignee": {
                        "@type": ["PartyCollection", "vcard:Group"],
                        "uid": "http://example.com/team/A",
                        "vcard:fn": "Team A",
                    },
                    "action": "use",
                }
            ],
        ),
        "@context": [CONTEXT, {"vcard": "http://www.w3.org/2006/vcard/ns#"}],
    },
    13: example(
        "Offer",
        permission=[
            {
                "target": MOVIE,
                "assigner": ORG,
                "action": "distribute",
                "constraint": [constraint("dateTime", "lt", typed("2018-01-01", "date"))],
            }
        ],
    ),
    14: example(
        "Offer",
        permission=[
            {
                "target": MOVIE,
                "assigner": ORG,
                "action": [
                    {
                        "rdf:value": {"@id": "odrl:print"},
                        "refinement": [
                            constraint(
                                "resolution",
                                "lteq",
                                typed(1200, "integer"),
                                unit="http://dbpedia.org/resource/Dots_per_inch",
                            )
                        ],
                    }
                ],
            }
        ],
    ),
    20: example(
        "Agreement",
        obligation=[{"assigner": ORG, "assignee": BILLIE, "action": compensation("500.00")}],
    ),
    26: example(
        "Set",
        permission=[
            {"target": [MOVIE, f"{MOVIE}.2"], "assigner": ORG, "action": ["play", "stream"]}
        ],
    ),
    28: example(
        "Set",
        target=MOVIE,
        assigner=ORG,
        action="play",
        permission=[{"assignee": BILLIE}, {"assignee": f"{BILLIE}.2"}],
    ),
    30: {
        **example("Set", permission=[{"target": MOVIE, "action": "use"}]),
        "@context": [CONTEXT, {"dc": "http://purl.org/dc/terms/"}],
        "dc:creator": "Billie Enterprises LLC",
        "dc:coverage": {"@id": "https://www.iso.org/obp/ui/#iso:code:3166:AU-QLD"},
    },
}
READ: dict[int, dict[str, list[str]]] = {
    1: rules_of("use"),
    2: rules_of("play"),
    3: rules_of("play"),
    9: rules_of("use"),
    13: rules_of("distribute"),
    14: rules_of("print"),
    20: rules_of(obligation=["compensate"]),
    26: rules_of("play", "play", "stream", "stream"),
    28: rules_of("play", "play"),
    30: rules_of("use"),
}


@pytest.mark.parametrize("number", EXAMPLES)
def test_the_examples_of_the_recommendation_are_read(number: int) -> None:
    found = read(EXAMPLES[number])
    assert {name: sorted(each) for name, each in said(found).items()} == READ[number]
    assert odrl.read_json_ld(found.record, profiles=PROFILES) == found
    assert odrl.read_turtle(odrl.write_turtle(found), profiles=PROFILES) == found


def test_an_example_whose_constraints_stand_beside_it_is_read() -> None:
    """Example 15: a refinement that joins two constraints by name, exactly one of which holds."""
    refined = {"xone": {"@list": [{"@id": f"{POLICY}/C1"}, {"@id": f"{POLICY}/C2"}]}}
    action = [{"rdf:value": {"@id": "odrl:reproduce"}, "refinement": refined}]
    offered = example("Offer", permission=[{"target": MOVIE, "assigner": ORG, "action": action}])
    beside = [
        {
            "@context": CONTEXT,
            "@type": "Constraint",
            **constraint("media", "eq", typed(medium, "string"), uid=f"{POLICY}/C{n}"),
        }
        for n, medium in ((1, "online"), (2, "print"))
    ]
    found = read([offered, *beside])

    def permits(*media: str) -> bool:
        wanted = Request("reproduce", MOVIE, BILLIE, asked(media=media).context)
        return evaluate(found, wanted, State(at=NOW)).permitted

    assert permits("online")
    assert permits("print")
    assert not permits("radio")


REFUSED: list[tuple[Any, str, str]] = [
    (  # example 16
        example(
            "Offer",
            permission=[
                {
                    "assigner": ORG,
                    "target": {
                        "@type": "AssetCollection",
                        "source": "http://example.com/media-catalogue",
                        "refinement": [constraint("odrl:runningTime", "lt", typed(60, "integer"))],
                    },
                    "action": "play",
                }
            ],
        ),
        "permission.0.target.refinement.0.leftOperand",
        "runningTime is not understood here",
    ),
    (  # example 17
        {
            **example(
                "Agreement",
                permission=[
                    {
                        "target": MOVIE,
                        "assigner": ORG,
                        "assignee": BILLIE,
                        "action": {"@id": "ex:view"},
                    }
                ],
            ),
            "@context": [CONTEXT, {"ex": "http://example.com/ns#"}],
        },
        "permission.0.action",
        "http://example.com/ns#view is not an action",
    ),
    (  # example 19
        example("Set", conflict="perm", permission=[{"target": MOVIE, "action": "use"}]),
        "conflict",
        "perm is not understood here",
    ),
    (  # example 22
        example(
            "Offer",
            permission=[
                {
                    "assigner": ORG,
                    "target": MOVIE,
                    "action": "play",
                    "duty": [
                        {
                            "action": compensation("5.00"),
                            "constraint": [constraint("event", "lt", {"@id": "odrl:policyUsage"})],
                        }
                    ],
                }
            ],
        ),
        "permission.0.duty.0.constraint.0.operator",
        "lt is not understood of event",
    ),
    (  # example 23
        example(
            "Agreement",
            permission=[
                {
                    "target": MOVIE,
                    "assigner": ORG,
                    "assignee": BILLIE,
                    "action": "distribute",
                    "duty": [{"action": "attribute", "attributedParty": ORG}],
                }
            ],
        ),
        "permission.0.duty.0.attributedParty",
        "is not understood here",
    ),
    (  # example 32
        example(
            "Agreement",
            inheritFrom="http://example.com/policy:default",
            permission=[{"target": MOVIE, "action": "use"}],
        ),
        "inheritFrom",
        "is not understood here",
    ),
    (
        example("Request", permission=[{"target": MOVIE, "action": "use"}]),
        "@type",
        "Request is not understood here",
    ),
    (
        example("Set", permission=[{"target": MOVIE, "action": "use", "constrain": []}]),
        "constrain",
        "is not understood here",
    ),
    (
        {
            **example("Set", permission=[{"target": MOVIE, "action": "use", "ex:most": 3}]),
            "@context": [CONTEXT, {"ex": "http://example.com/ns#"}],
        },
        "permission.0.http://example.com/ns#most",
        "is not understood here",
    ),
    (
        example(
            "Set",
            profile="http://example.com/strange",
            permission=[{"target": MOVIE, "action": "use"}],
        ),
        "profile",
        "http://example.com/strange is not understood here, so nothing is processed",
    ),
    (
        {**EXAMPLES[1], "@context": "http://example.com/context.jsonld"},
        "@context",
        "http://example.com/context.jsonld is not known here, and nothing is fetched",
    ),
    (
        {**EXAMPLES[1], "@context": [CONTEXT, {"constraint": "http://example.com/remark"}]},
        "@context.constraint",
        "what ODRL says of a term stays",
    ),
    (
        {**EXAMPLES[1], "@context": [CONTEXT, {"x": {"@id": "x:y", "@context": {}}}]},
        "@context.x",
        "an IRI, or an object of @id and @type",
    ),
    (
        {**EXAMPLES[1], "@context": [CONTEXT, {"@import": "http://example.com/"}]},
        "@context.@import",
        "what ODRL says of a term stays",
    ),
    ([EXAMPLES[1], EXAMPLES[2]], "@type", "a policy is of one type, not of Offer, Set"),
    (
        [EXAMPLES[1], {**EXAMPLES[1], "uid": "http://example.com/policy:2"}],
        "policy",
        "one policy is read at a time, there are 2",
    ),
    ([], "policy", "one policy is read at a time, there are 0"),
    (3, "policy", "must be an object"),
    ({**EXAMPLES[1], "@reverse": {}}, "@reverse", "is not understood here"),
]


@pytest.mark.parametrize(("document", "field", "why"), REFUSED)
def test_what_is_not_understood_is_refused_with_its_field_and_rule(
    document: Any, field: str, why: str
) -> None:
    with pytest.raises(BadField) as refused:
        read(document)
    assert refused.value.field == field
    assert refused.value.rule.startswith(why)


def test_a_policy_of_another_data_space_with_an_unknown_operator_is_refused() -> None:
    strange = constraint("purpose", "http://example.com/ns#resembles", "research")
    document = example(
        "Offer", permission=[{"target": MOVIE, "action": "use", "constraint": [strange]}]
    )
    with pytest.raises(BadField) as refused:
        read(document)
    assert refused.value.field == "permission.0.constraint.0.operator"
    assert refused.value.rule.startswith("http://example.com/ns#resembles is not understood here")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'"' + b" " * 300_000 + b'"', "at most 262144 are read"),
        (b"<a> <b> ", "no Turtle"),
        (b"@prefix odrl: <http://www.w3.org/ns/odrl/2/> .\nodrl:x odrl:y \xff .", "no Turtle"),
    ],
)
def test_what_is_no_document_is_unreadable(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        odrl.read_any(data)


CIRCLE = f"""
@prefix odrl: <{ODRL}> .
<urn:x:p> a odrl:Set ; odrl:permission <urn:x:r> .
<urn:x:r> odrl:action odrl:use ; odrl:target <urn:x:t> ; odrl:constraint <urn:x:c> .
"""


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("<urn:x:c> odrl:and <urn:x:c> .", "at most 8 within one another"),
        (
            "<urn:x:c> odrl:leftOperand odrl:purpose, odrl:spatial ; odrl:operator odrl:eq .",
            "one value, there are 2",
        ),
        (
            f"<urn:x:c> odrl:or _:l . _:l <{RDF.first}> <urn:x:d> ; <{RDF.rest}> _:l .",
            "a list that does not end",
        ),
    ],
)
def test_a_graph_that_runs_in_a_circle_is_refused(more: str, why: str) -> None:
    with pytest.raises(BadField, match=why):
        odrl.read_turtle((CIRCLE + more).encode())


def test_an_agreement_of_ours_goes_out_and_comes_back() -> None:
    found = agreement(SCENARIO, SUPPLY)
    assert odrl.read_any(odrl.write_json_ld(found)) == found
    turtle = odrl.write_turtle(found)
    assert odrl.read_any(turtle) == found
    assert turtle == odrl.write_turtle(found)
    assert b"odrl:Agreement" in turtle


@unhurried
@given(policies)
def test_a_policy_is_the_same_in_json_ld_and_turtle(found: Policy) -> None:
    turtle = odrl.write_turtle(found)
    again = odrl.read_turtle(turtle)
    assert again == found
    assert again.record == found.record
    assert odrl.read_json_ld(found.record) == found
    assert turtle == odrl.write_turtle(found)


def test_a_report_is_the_same_graph_in_json_ld_and_turtle() -> None:
    report = evaluate(agreement(SCENARIO, SUPPLY), asked(), State(at=NOW))
    turtle = odrl_report.write_report_turtle(report)
    assert turtle == odrl_report.write_report_turtle(report)
    assert isomorphic(Graph().parse(data=turtle, format="turtle"), graph_of(report))


def test_a_report_speaks_the_compliance_report_model() -> None:
    found = agreement(SCENARIO, SUPPLY)
    (request,) = requests_of(SCENARIO, NUMBER)
    graph = graph_of(evaluate(found, request, world()))
    names = odrl_report.NAMESPACE
    kinds = {str(each).removeprefix(names) for each in graph.objects(None, RDF.type)}
    assert kinds == {
        "PolicyReport",
        "PermissionReport",
        "ProhibitionReport",
        "DutyReport",
        "ActionReport",
        "TargetReport",
        "PartyReport",
        "ConstraintReport",
        f"{ODRL}Request",
        f"{ODRL}Permission",
    }
    (permission,) = graph.subjects(RDF.type, URIRef(names + "PermissionReport"))
    state = {
        name: str(graph.value(permission, URIRef(names + name))).removeprefix(names)
        for name in ("activationState", "attemptState", "performanceState", "deonticState")
    }
    assert state == {
        "activationState": "Active",
        "attemptState": "Attempted",
        "performanceState": "Unknown",
        "deonticState": "NonSet",
    }
    rules = {str(each) for each in graph.objects(None, URIRef(names + "rule"))}
    assert rules == {each.uid for each in found.rules()}


def test_a_report_says_in_words_what_is_undetermined() -> None:
    found = policy(rule(constraint=[constraint("purpose", "eq", "research")]))
    written = json.loads(odrl_report.write_report(evaluate(found, asked(), State(at=NOW))))
    (ruled,) = written["report:ruleReport"]
    assert ruled["report:premiseReport"][-1] == {
        "@type": "report:ConstraintReport",
        "report:satisfactionState": {"@id": "guapai:Undetermined"},
        "dct:description": "purpose is not stated, wanted is research",
    }
    assert written["guapai:permitted"] is False
    assert record(rule())["uid"] == POLICY


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "use", "x:y", "Set"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@id", "@list", "@graph", "@set", "permission", "action", "target", "and"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@unhurried
@given(_JSON)
def test_any_other_document_is_refused_and_breaks_nothing(document: Any) -> None:
    with pytest.raises(Unreadable):
        odrl.read_document({**EXAMPLES[1], "permission": document, "uid": document})


@unhurried
@given(st.binary(max_size=60) | st.text("<>@prefix:odrl;,.[]()\"' \n", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        odrl.read_any(data)
