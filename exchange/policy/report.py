"""The compliance report: what an evaluation says of a policy, of each rule and of each premise.

The model is the Compliance Report Model of the W3C ODRL Community Group's work (version 0.9.0,
https://w3id.org/force/compliance-report): its classes and states have its names here.  It knows
premises that are satisfied or unsatisfied; a third state of our own, undetermined, says that what
is known does not tell.  An undetermined premise never helps: it keeps a permission inactive and
leaves a prohibition active.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from exchange.policy.policy import Policy, Premise, Rule
from exchange.policy.request import Performance, Request
from exchange.policy.values import Value, lexical
from exchange.policy.vocabulary import RuleKind, Term


class Satisfaction(Term):
    """What a premise comes to."""

    SATISFIED = "Satisfied"
    UNSATISFIED = "Unsatisfied"
    UNDETERMINED = "Undetermined"


class Activation(Term):
    """Whether a rule is in effect."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"


class Attempt(Term):
    """Whether a request attempts the action of a rule."""

    ATTEMPTED = "Attempted"
    NOT_ATTEMPTED = "NotAttempted"


class Deontic(Term):
    """What activation and performance come to together."""

    FULFILLED = "Fulfilled"
    VIOLATED = "Violated"
    NON_SET = "NonSet"


# What an action that was performed (or no longer can be) makes of a rule; every other
# combination leaves it unset.  The table is that of the Community Group's evaluator.
_DEONTIC = {
    (RuleKind.PERMISSION, Activation.ACTIVE, Performance.PERFORMED): Deontic.FULFILLED,
    (RuleKind.PERMISSION, Activation.INACTIVE, Performance.PERFORMED): Deontic.VIOLATED,
    (RuleKind.PROHIBITION, Activation.ACTIVE, Performance.PERFORMED): Deontic.VIOLATED,
    (RuleKind.PROHIBITION, Activation.ACTIVE, Performance.UNPERFORMED): Deontic.FULFILLED,
    (RuleKind.DUTY, Activation.ACTIVE, Performance.PERFORMED): Deontic.FULFILLED,
    (RuleKind.DUTY, Activation.ACTIVE, Performance.UNPERFORMED): Deontic.VIOLATED,
}


def deontic_state(kind: RuleKind, activation: Activation, performance: Performance) -> Deontic:
    """Return the deontic state of a rule."""
    return _DEONTIC.get((kind, activation, performance), Deontic.NON_SET)


class PremiseKind(Term):
    """What a premise is about."""

    CONSTRAINT = "ConstraintReport"
    PARTY = "PartyReport"
    TARGET = "TargetReport"
    ACTION = "ActionReport"


@dataclass(frozen=True, slots=True)
class PremiseReport:
    """What one premise came to, what was wanted, and what was found.

    `premise` is the constraint, None where the rule names its action, a party or an asset; then
    `wanted` is what it names.
    """

    kind: PremiseKind
    state: Satisfaction
    found: tuple[Value, ...]
    premise: Premise | None = None
    wanted: str = ""
    premises: tuple[PremiseReport, ...] = ()

    @property
    def words(self) -> str:
        """Say what was found and what was wanted."""
        if self.premises:
            joined = f" {getattr(self.premise, 'connective', 'and')} "
            return joined.join(f"({each.words})" for each in self.premises)
        found = ", ".join(map(_word, self.found)) or "not stated"
        if self.premise is None:
            return f"{_SUBJECT[self.kind]} is {found}, the rule is for {self.wanted}"
        operand = getattr(self.premise, "operand", "")
        unit = getattr(self.premise, "unit", "")
        return f"{operand} is {found}, wanted is {wanted_words(self.premise)}" + (
            f" ({unit})" if unit else ""
        )


_SUBJECT = {
    PremiseKind.PARTY: "the party",
    PremiseKind.TARGET: "the asset",
    PremiseKind.ACTION: "the action",
}
_OPERATOR_WORDS = {
    "eq": "",
    "neq": "other than ",
    "lt": "less than ",
    "lteq": "at most ",
    "gt": "more than ",
    "gteq": "at least ",
    "isAnyOf": "one of ",
    "isNoneOf": "none of ",
    "isAllOf": "all of ",
    "isPartOf": "within ",
}


def wanted_words(premise: Premise) -> str:
    """Say what a constraint wants of the value of its left operand."""
    values = getattr(premise, "values", ())
    named = ", ".join(map(_word, values)) or f"what {getattr(premise, 'reference', '')} names"
    return _OPERATOR_WORDS[getattr(premise, "operator", "eq")] + named


def _word(value: Value) -> str:
    return value if isinstance(value, str) else lexical(value)


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What one rule came to; `conditions` are the reports of its duties."""

    rule: Rule
    activation: Activation
    attempt: Attempt
    performance: Performance
    premises: tuple[PremiseReport, ...]
    conditions: tuple[RuleReport, ...] = ()

    @property
    def deontic(self) -> Deontic:
        """The deontic state of the rule."""
        return deontic_state(self.rule.kind, self.activation, self.performance)

    @property
    def active(self) -> bool:
        """Whether the rule is in effect."""
        return self.activation is Activation.ACTIVE


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request is refused: the rule or the constraint that says so, and in which words."""

    rule: str
    premise: str
    words: str

    @property
    def part(self) -> str:
        """The part of the policy that speaks, by the fragment of its name."""
        return (self.premise or self.rule).partition("#")[2]

    def __str__(self) -> str:
        return f"{self.part or self.premise or self.rule}: {self.words}"


@dataclass(frozen=True, slots=True)
class Report:
    """The report on a policy and a request at a time; `permitted` is the decision."""

    policy: Policy
    request: Request
    at: dt.datetime
    permitted: bool
    rules: tuple[RuleReport, ...]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why not; empty where the request is permitted."""
        return () if self.permitted else tuple(self._reasons())

    def _reasons(self) -> Iterator[Reason]:
        if self.policy.void:
            words = "a permission and a prohibition meet, which undoes the policy"
            yield Reason(self.policy.uid, "", words)
        for report in self.rules:
            if report.rule.kind is RuleKind.PROHIBITION and report.active:
                yield Reason(report.rule.uid, "", _prohibited(report))
        permissions = [each for each in self.rules if each.rule.kind is RuleKind.PERMISSION]
        if any(report.active for report in permissions):
            return
        for report in permissions:
            yield from _missing(report)
        if not permissions:
            yield Reason(self.policy.uid, "", f"nothing permits to {self.request.action}")


def _prohibited(report: RuleReport) -> str:
    constrained = [each for each in report.premises if each.kind is PremiseKind.CONSTRAINT]
    because = " and ".join(each.words for each in constrained)
    return f"{report.rule.action} is prohibited" + (f" where {because}" if because else "")


def _missing(report: RuleReport) -> Iterator[Reason]:
    for each in report.premises:
        if each.state is not Satisfaction.SATISFIED:
            uid = each.premise.uid if each.premise else ""
            yield Reason(report.rule.uid, uid, each.words)
    for condition in report.conditions:
        if condition.deontic is not Deontic.FULFILLED:
            words = f"the duty to {condition.rule.action} is not fulfilled"
            yield Reason(report.rule.uid, condition.rule.uid, words)
