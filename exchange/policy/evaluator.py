"""The one evaluator: a policy, a request and what is known of the world, to a compliance report.

A request is permitted if a permission is active and no prohibition is; nothing else permits it.
A permission is active if all of it is satisfied and all its duties are fulfilled (ODRL Information
Model 2.2, 2.6.2), a prohibition unless something of it is unsatisfied.  The evaluation is total
and looks at nothing but its arguments.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from exchange.policy.constraints import Known, judge
from exchange.policy.policy import Asset, Party, Policy, Premise, Rule
from exchange.policy.report import (
    Activation,
    Attempt,
    Deontic,
    PremiseKind,
    PremiseReport,
    Report,
    RuleReport,
    Satisfaction,
    deontic_state,
)
from exchange.policy.request import Performance, Request, State
from exchange.policy.values import Value
from exchange.policy.vocabulary import INCLUDING, Operand

_SATISFIED: Final = Satisfaction.SATISFIED
_UNSATISFIED: Final = Satisfaction.UNSATISFIED
_ACTIVE: Final = Activation.ACTIVE
_INACTIVE: Final = Activation.INACTIVE


def evaluate(policy: Policy, request: Request, state: State) -> Report:
    """Return the compliance report on a request; it never raises."""
    judged = _Judging.of(request, state)
    reports = [judged.permission(rule) for rule in policy.permissions]
    permitted = any(each.activation is _ACTIVE for each in reports)
    for rule in policy.prohibitions:
        report = judged.prohibition(rule)
        permitted = permitted and report.activation is _INACTIVE
        reports.append(report)
    reports.extend([judged.duty(rule) for rule in policy.obligations])
    return Report(policy, request, state.at, permitted and not policy.void, tuple(reports))


@dataclass(slots=True)
class _Judging:
    """One evaluation: what is known to rules and what to duties, and what was judged already.

    Rules of one policy mostly name one asset and the same parties, which are judged once.
    """

    request: Request
    state: State
    known: Known
    done: Known
    including: frozenset[str]
    actions: dict[str, PremiseReport] = field(default_factory=dict)
    targets: dict[str, PremiseReport] = field(default_factory=dict)
    parties: dict[str, PremiseReport] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request, state: State) -> _Judging:
        """Return the evaluation of a request; a duty looks at the time that has passed alone."""
        passed = state.at - (state.since or state.at)
        if passed.days < 0:
            passed = dt.timedelta(0)
        longest = passed
        for wanted in request.context.get(Operand.ELAPSED_TIME, ()):
            if isinstance(wanted, dt.timedelta) and wanted > longest:
                longest = wanted
        done: dict[Operand, tuple[Value, ...]] = {
            **request.context,
            Operand.COUNT: (state.count + 1,),  # the time that is asked for is counted
            Operand.DATE_TIME: (state.at,),
            Operand.ELAPSED_TIME: (passed,),
        }
        known = done if longest is passed else {**done, Operand.ELAPSED_TIME: (longest,)}
        return cls(
            request,
            state,
            Known(known, request.units, state.references),
            Known(done, request.units, state.references),
            INCLUDING.get(request.action, frozenset()),
        )

    def permission(self, rule: Rule) -> RuleReport:
        """Judge a permission: it asks for what is certain."""
        premises = self._premises(rule)
        conditions = tuple([self.duty(duty) for duty in rule.duties])
        active = _ACTIVE
        for premise in premises:
            if premise.state is not _SATISFIED:
                active = _INACTIVE
        for condition in conditions:
            if condition.deontic is not Deontic.FULFILLED:
                active = _INACTIVE
        return self._report(rule, active, premises, conditions)

    def prohibition(self, rule: Rule) -> RuleReport:
        """Judge a prohibition: it lets pass only what is certainly outside it."""
        premises = self._premises(rule)
        active = _ACTIVE
        for premise in premises:
            if premise.state is _UNSATISFIED:
                active = _INACTIVE
        remedies = tuple([self.duty(duty) for duty in rule.duties])
        return self._report(rule, active, premises, remedies)

    def duty(self, rule: Rule) -> RuleReport:
        """Judge a duty: active when its constraints are satisfied, whoever asks for what.

        One that was not done is made good by its consequences, once all of them are fulfilled.
        """
        premises = tuple([judge(each, self.done) for each in rule.constraints + rule.refinements])
        activation = _ACTIVE
        for premise in premises:
            if premise.state is not _SATISFIED:
                activation = _INACTIVE
        performance = self.state.duties.get(rule.uid, Performance.UNKNOWN)
        consequences = tuple([self.duty(duty) for duty in rule.duties])
        violated = deontic_state(rule.kind, activation, performance) is Deontic.VIOLATED
        made_good = all(each.deontic is Deontic.FULFILLED for each in consequences)
        if violated and consequences and made_good:
            performance = Performance.PERFORMED
        return RuleReport(
            rule, activation, Attempt.NOT_ATTEMPTED, performance, premises, consequences
        )

    def _report(
        self,
        rule: Rule,
        activation: Activation,
        premises: tuple[PremiseReport, ...],
        conditions: tuple[RuleReport, ...],
    ) -> RuleReport:
        performance = self.request.performance
        return RuleReport(rule, activation, Attempt.ATTEMPTED, performance, premises, conditions)

    def _premises(self, rule: Rule) -> tuple[PremiseReport, ...]:
        found = [self.actions.get(rule.action) or self._action(rule.action)]
        if rule.target is not None:
            found.append(self.targets.get(rule.target.uid) or self._target(rule.target))
        if rule.assignee is not None:
            found.append(self.parties.get(rule.assignee.uid) or self._assignee(rule.assignee))
        known = self.known
        for premise in rule.refinements:
            found.append(judge(premise, known))  # noqa: PERF401 - a third faster than extending
        for premise in rule.constraints:
            found.append(judge(premise, known))  # noqa: PERF401 - the same
        return tuple(found)

    def _action(self, action: str) -> PremiseReport:
        state = _SATISFIED if action in self.including else _UNSATISFIED
        report = PremiseReport(PremiseKind.ACTION, state, (self.request.action,), None, action)
        self.actions[action] = report
        return report

    def _target(self, asset: Asset) -> PremiseReport:
        asked, said = self.request.target, self.request.of_target
        report = self._member(PremiseKind.TARGET, asset, asked, said)
        if not asset.collection:
            self.targets[asset.uid] = report
        return report

    def _assignee(self, party: Party) -> PremiseReport:
        asked, said = self.request.assignee, self.request.of_assignee
        report = self._member(PremiseKind.PARTY, party, asked, said)
        if not party.collection:
            self.parties[party.uid] = report
        return report

    def _member(
        self,
        kind: PremiseKind,
        named: Party | Asset,
        asked: str,
        said: Mapping[Operand, tuple[Value, ...]],
    ) -> PremiseReport:
        wanted = named.uid or named.source
        state = _SATISFIED if asked == named.uid else _UNSATISFIED
        if named.collection:
            state = self._inside(named, asked, said)
        return PremiseReport(kind, state, (asked,), None, wanted)

    def _inside(
        self, named: Party | Asset, asked: str, said: Mapping[Operand, tuple[Value, ...]]
    ) -> Satisfaction:
        names = [name for name in (named.uid, named.source) if name]
        members = self.state.members
        if asked not in names and not any(asked in members.get(name, ()) for name in names):
            return _UNSATISFIED
        return _refined(named.refinements, Known(said, {}, self.state.references))


def _refined(refinements: tuple[Premise, ...], known: Known) -> Satisfaction:
    states = {judge(each, known).state for each in refinements}
    for worst in (Satisfaction.UNSATISFIED, Satisfaction.UNDETERMINED):
        if worst in states:
            return worst
    return _SATISFIED
