"""The policy of a trade over HTTP, and the judgement of a use; each download is counted."""

from __future__ import annotations

import json

import pytest

from exchange.formats import odrl
from exchange.web.client import Problem, Request
from tests.exchange.web.town import Town

DOCUMENT = {
    "@context": "http://www.w3.org/ns/odrl.jsonld",
    "@type": "Set",
    "uid": "urn:example:policy",
    "permission": [
        {
            "action": "use",
            "target": "urn:example:asset",
            "constraint": [
                {"leftOperand": "purpose", "operator": "eq", "rightOperand": "research"}
            ],
        }
    ],
}


def test_the_policy_of_a_trade_is_json_ld_or_turtle(market: Town) -> None:
    path = f"/trades/{market.trade}/policy"
    client = market.client("harbour")
    as_json = client.get(path)
    assert as_json.headers["Content-Type"] == odrl.JSON_LD
    found = odrl.read_json_ld(as_json.body)
    turtle = client._ask(Request("GET", client._url(path), {"Accept": odrl.TURTLE}))
    assert turtle.headers["Content-Type"].startswith(odrl.TURTLE)
    assert odrl.read_turtle(turtle.body) == found


@pytest.mark.parametrize(("purpose", "permitted"), [("research", True), ("resale", False)])
def test_a_use_is_judged_by_any_policy_that_is_understood(
    market: Town, purpose: str, *, permitted: bool
) -> None:
    body = {"policy": DOCUMENT, "question": {"purpose": purpose}}
    answer = market.client("harbour").post("/policies/evaluation", body)
    assert answer.status == 200
    assert answer.json["@type"] == "report:PolicyReport"
    assert answer.json["guapai:permitted"] is permitted


@pytest.mark.parametrize(
    ("asker", "recipient", "permitted"),
    [
        ("harbour", "the harbour's pilots", True),
        ("harbour", "the press", False),
        ("house", "the harbour's pilots", True),
        ("tide-data", "the harbour's pilots", False),  # whose names are not for the supplier
        ("shipyard", "the harbour's pilots", False),
    ],
)
def test_a_contract_is_asked_by_who_may_know_its_recipients(
    market: Town, asker: str, recipient: str, *, permitted: bool
) -> None:
    agreed = market.client("harbour").get(f"/trades/{market.trade}/policy").json
    question = {"purpose": "navigation", "region": "CN", "term_days": 365}
    body = {"policy": agreed, "question": question | {"recipients": [recipient]}}
    answer = market.client(asker).post("/policies/evaluation", body)
    assert answer.json["guapai:permitted"] is permitted
    assert ("guapai:Undetermined" in answer.body.decode()) is (asker in {"tide-data", "shipyard"})


def test_who_may_not_know_hears_the_same_of_a_scenario_that_is_not_there(market: Town) -> None:
    agreed = json.dumps(market.client("harbour").get(f"/trades/{market.trade}/policy").json)
    question = {"purpose": "navigation", "region": "CN", "term_days": 365}
    question |= {"recipients": ["the press"]}
    answers = []
    for scenario in (market.scenario, "SC-0000-0000-0000"):
        policy = json.loads(agreed.replace(market.scenario, scenario))
        body = {"policy": policy, "question": question}
        answer = market.client("shipyard").post("/policies/evaluation", body)
        answers.append(answer.body.decode().replace(scenario, market.scenario))
    assert answers[0] == answers[1]


def test_a_policy_that_is_not_understood_is_refused_with_its_field(market: Town) -> None:
    strange = {**DOCUMENT, "conflict": "perm"}
    with pytest.raises(Problem) as refused:
        market.client("harbour").post("/policies/evaluation", {"policy": strange, "question": {}})
    assert refused.value.code == "bad_field"
    assert str(refused.value).startswith("bad_field: conflict: perm is not understood here")
