"""Asking a policy: whether it permits a use, any policy and any use; nothing is recorded.

A policy of ours names the recipients of its scenario by an IRI, since their names are confidential.
Whoever may read the scenario gets an answer that knows them; to anybody else they are not known,
as they are where there is no such scenario, so that no answer tells one from the other.
"""

from __future__ import annotations

from exchange.errors import NotFound
from exchange.participants import Participant
from exchange.policy.asking import Question
from exchange.policy.evaluator import evaluate
from exchange.policy.intersection import scenario_behind
from exchange.policy.policy import Policy
from exchange.policy.report import Report
from exchange.ports import Floor, UnitOfWork
from exchange.services.assess_scenario import may_read


def ask_policy(
    policy: Policy, question: Question, *, reader: Participant | None, floor: Floor
) -> Report:
    """Judge the use that is asked for, at its own time or else by the exchange's clock.

    `reader` is who asks; None is whoever keeps the exchange's folder, and reads every scenario.
    """
    with floor.read() as work:
        named = {
            each: _recipients(each, reader, work=work, floor=floor) for each in policy.references()
        }
    return evaluate(policy, question.request(policy), question.state(floor.clock(), named))


def _recipients(
    reference: str, reader: Participant | None, *, work: UnitOfWork, floor: Floor
) -> frozenset[str]:
    """Return whom a reference names, as far as the reader may know; nobody is not known."""
    behind = scenario_behind(reference)
    if not behind:
        return frozenset()
    try:
        scenario = work.scenarios.get(behind)
    except NotFound:
        return frozenset()
    if reader is None or may_read(reader, scenario, work=work, floor=floor):
        return frozenset(scenario.recipients)
    return frozenset()
