"""Usage policies: of a trade, of a product on offer, and judging a use by any policy."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, request

from exchange.formats import odrl, odrl_report
from exchange.policy.asking import Question
from exchange.policy.policy import Policy
from exchange.records import read_record
from exchange.services.ask_policy import ask_policy
from exchange.services.execute_trade import terms_of
from exchange.services.judge_use import offered_policy, policy_of
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Strict
from exchange.web.api.trades import own_trade
from exchange.web.gate import caller, floor

policies = Noun("policies")


class EvaluationShape(Strict):
    """A policy as JSON-LD, and what is asked of it (docs/policy.md)."""

    policy = ma.fields.Dict(keys=ma.fields.String(), required=True)
    question = ma.fields.Dict(keys=ma.fields.String(), required=True)


@policies.read("/trades/<trade_id>/policy")
@policies.gives(None, media_type=odrl.JSON_LD)
def get(trade_id: str) -> Response:
    """Return the usage policy of a trade to its parties: JSON-LD, or Turtle by Accept."""
    trade = own_trade(trade_id)
    with floor().read() as work:
        found = policy_of(terms_of(trade.terms, work), work.scenarios.get(trade.scenario), work)
    return _as_accepted(found)


@policies.read("/products/<number>/policy")
@policies.gives(None, media_type=odrl.JSON_LD)
def offered(number: str) -> Response:
    """Return what a product is offered on: JSON-LD, or Turtle by Accept."""
    return _as_accepted(_offered(number))


@policies.read("/products/<number>/policy.ttl")
@policies.gives(None, media_type=odrl.TURTLE)
def offered_turtle(number: str) -> Response:
    """Return the same as Turtle, for a link that cannot say what it accepts."""
    return Response(odrl.write_turtle(_offered(number)), mimetype=odrl.TURTLE)


def _offered(number: str) -> Policy:
    with floor().read() as work:
        return offered_policy(work.products.get(number), work=work, floor=floor())


def _as_accepted(policy: Policy) -> Response:
    known = (odrl.JSON_LD, odrl.TURTLE)
    if request.accept_mimetypes.best_match(known, odrl.JSON_LD) == odrl.TURTLE:
        return Response(odrl.write_turtle(policy), mimetype=odrl.TURTLE)
    return Response(odrl.write_json_ld(policy), mimetype=odrl.JSON_LD)


@policies.write("/policies/evaluation")
@policies.takes(EvaluationShape)
@policies.gives(None, media_type=odrl.JSON_LD)
def judge(body: dict[str, Any]) -> Response:
    """Judge a use by a policy: the compliance report, as JSON-LD; nothing is recorded.

    Whom the policy names by the IRI of a scenario is known to whoever may read that scenario.
    """
    found = odrl.read_document(body["policy"])
    question = read_record(Question, body["question"], within="question")
    report = ask_policy(found, question, reader=caller(), floor=floor())
    return Response(odrl_report.write_report(report), mimetype=odrl.JSON_LD)
