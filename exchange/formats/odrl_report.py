"""Compliance reports as JSON-LD and Turtle, in the Compliance Report Model.

Its classes and properties are those of version 0.9.0; what is ours is the decision, the words, and
the state of a premise that is undetermined (docs/policy.md).
"""

from __future__ import annotations

from typing import Any, Final

from exchange.formats.odrl import turtle_of
from exchange.formats.odrl_context import ODRL_CONTEXT
from exchange.policy.policy import Logical
from exchange.policy.report import PremiseReport, Report, RuleReport, Satisfaction
from exchange.policy.request import Request
from exchange.policy.values import lexical
from exchange.policy.vocabulary import OWN, RuleKind
from ledger.canonical import encode

NAMESPACE: Final = "https://w3id.org/force/compliance-report#"
_CONTEXT: Final[dict[str, Any]] = {
    "report": NAMESPACE,
    **{name: ODRL_CONTEXT[name] for name in ("odrl", "cc", "dct", "xsd")},
    "guapai": OWN,
}
_KINDS: Final = {
    RuleKind.PERMISSION: "report:PermissionReport",
    RuleKind.PROHIBITION: "report:ProhibitionReport",
    RuleKind.DUTY: "report:DutyReport",
}
_REQUEST: Final = "_:request"
_ASKED: Final = "_:asked"


def report_record(report: Report) -> dict[str, Any]:
    """Return a report as JSON-LD: one `report:PolicyReport` with the reports of its rules."""
    return {
        "@context": _CONTEXT,
        "@type": "report:PolicyReport",
        "dct:created": {"@type": "xsd:dateTime", "@value": lexical(report.at)},
        "report:policy": {"@id": report.policy.uid},
        "report:policyRequest": _request(report.request),
        "report:ruleReport": [_rule(each) for each in report.rules],
        "guapai:permitted": report.permitted,
        "guapai:reason": [str(reason) for reason in report.reasons],
    }


def write_report(report: Report) -> bytes:
    """Return a report as canonical JSON-LD."""
    return encode(report_record(report))


def write_report_turtle(report: Report) -> bytes:
    """Return a report as Turtle, the same bytes each time."""
    return turtle_of(report_record(report))


def _request(request: Request) -> dict[str, Any]:
    asked = {
        "@id": _ASKED,
        "@type": "odrl:Permission",
        "odrl:action": {"@id": _action(request.action)},
        "odrl:target": {"@id": request.target},
        "odrl:assignee": {"@id": request.assignee},
    }
    return {"@id": _REQUEST, "@type": "odrl:Request", "odrl:permission": asked}


def _action(action: str) -> str:
    return action if ":" in action else f"odrl:{action}"


def _rule(report: RuleReport) -> dict[str, Any]:
    record: dict[str, Any] = {
        "@type": _KINDS[report.rule.kind],
        "report:rule": {"@id": report.rule.uid},
        "report:activationState": _state(report.activation),
        "report:performanceState": _state(report.performance),
        "report:deonticState": _state(report.deontic),
        "report:premiseReport": [_premise(each) for each in report.premises],
    }
    if report.rule.kind is not RuleKind.DUTY:
        record["report:attemptState"] = _state(report.attempt)
        record["report:ruleRequest"] = {"@id": _ASKED}
    if report.conditions:
        record["report:conditionReport"] = [_rule(each) for each in report.conditions]
    return record


def _premise(report: PremiseReport) -> dict[str, Any]:
    state = f"report:{report.state}"
    if report.state is Satisfaction.UNDETERMINED:
        state = f"guapai:{report.state}"
    record: dict[str, Any] = {
        "@type": f"report:{report.kind}",
        "report:satisfactionState": {"@id": state},
        "dct:description": report.words,
    }
    if report.premise is not None and report.premise.uid:
        record["report:constraint"] = {"@id": report.premise.uid}
    if isinstance(report.premise, Logical):
        record["report:constraintLogicalOperand"] = {"@id": f"odrl:{report.premise.connective}"}
        record["report:premiseReport"] = [_premise(each) for each in report.premises]
    return record


def _state(state: str) -> dict[str, str]:
    return {"@id": f"report:{state}"}
