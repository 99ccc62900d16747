"""What a constraint comes to: satisfied, unsatisfied, or not to be told from what is known.

The logic is Kleene's of three values, so that a permission asks for what is certain and a
prohibition lets pass only what is certainly outside it, however constraints are joined.  Where a
left operand has several values, all of them are meant: if they differ in the answer, there is none.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from exchange.policy.policy import Constraint, Logical, Premise
from exchange.policy.report import PremiseKind, PremiseReport, Satisfaction
from exchange.policy.values import Value
from exchange.policy.vocabulary import DATATYPE, Connective, Datatype, Operand, Operator
from ledger.places import lies_within, places_meet

_SATISFIED: Final = Satisfaction.SATISFIED
_UNSATISFIED: Final = Satisfaction.UNSATISFIED
_UNDETERMINED: Final = Satisfaction.UNDETERMINED
_ORDER: Final[Mapping[Operator, Callable[[Any, Any], bool]]] = {
    Operator.EQ: operator.eq,
    Operator.NEQ: operator.ne,
    Operator.LT: operator.lt,
    Operator.LTEQ: operator.le,
    Operator.GT: operator.gt,
    Operator.GTEQ: operator.ge,
}
_DENYING: Final = frozenset({Operator.NEQ, Operator.IS_NONE_OF})


@dataclass(frozen=True, slots=True)
class Known:
    """What is found for left operands, in which unit, and what references name."""

    values: Mapping[Operand, tuple[Value, ...]]
    units: Mapping[Operand, str]
    references: Mapping[str, frozenset[str]]


def judge(premise: Premise, known: Known) -> PremiseReport:
    """Return the report on a constraint, or on constraints that are joined."""
    if isinstance(premise, Logical):
        inner = tuple(judge(each, known) for each in premise.of)
        state = _joined(premise.connective, [each.state for each in inner])
        return PremiseReport(PremiseKind.CONSTRAINT, state, (), premise, "", inner)
    found = known.values.get(premise.operand, ())
    state = _UNDETERMINED
    if found and premise.unit == known.units.get(premise.operand, ""):
        wanted: Collection[Value] = premise.values
        if premise.reference:
            wanted = known.references.get(premise.reference, ())
        if wanted:
            state = _compared(premise, found, wanted)
    return PremiseReport(PremiseKind.CONSTRAINT, state, found, premise)


def _joined(connective: Connective, states: Sequence[Satisfaction]) -> Satisfaction:
    if connective is Connective.AND:
        return _all(states)
    if connective is Connective.OR:
        return _any(states)
    satisfied, unknown = states.count(_SATISFIED), states.count(_UNDETERMINED)
    if satisfied > 1:
        return _UNSATISFIED
    if unknown:
        return _UNDETERMINED
    return _SATISFIED if satisfied == 1 else _UNSATISFIED


def _all(states: Collection[Satisfaction]) -> Satisfaction:
    if _UNSATISFIED in states:
        return _UNSATISFIED
    return _UNDETERMINED if _UNDETERMINED in states else _SATISFIED


def _any(states: Collection[Satisfaction]) -> Satisfaction:
    if _SATISFIED in states:
        return _SATISFIED
    return _UNDETERMINED if _UNDETERMINED in states else _UNSATISFIED


def _compared(
    constraint: Constraint, found: tuple[Value, ...], wanted: Collection[Value]
) -> Satisfaction:
    datatype = DATATYPE[constraint.operand]
    if datatype is Datatype.TEXT:
        return _chosen(constraint.operator, found, wanted)
    if datatype is Datatype.PLACE:
        return _placed(constraint.operator, found, wanted)
    return _ordered(constraint.operator, found, next(iter(wanted)), datatype)


def _agreed(answers: set[bool]) -> Satisfaction:
    if len(answers) > 1:
        return _UNDETERMINED
    return _SATISFIED if True in answers else _UNSATISFIED


def _chosen(how: Operator, found: tuple[Value, ...], wanted: Collection[Value]) -> Satisfaction:
    if how is Operator.IS_ALL_OF:
        return _SATISFIED if set(wanted) <= set(found) else _UNSATISFIED
    denying = how in _DENYING
    if len(found) == 1:
        return _SATISFIED if (found[0] in wanted) is not denying else _UNSATISFIED
    return _agreed({(value in wanted) is not denying for value in found})


def _placed(how: Operator, found: tuple[Value, ...], wanted: Collection[Value]) -> Satisfaction:
    if how is Operator.IS_ALL_OF:
        return _all([_any([_is(here, place) for here in found]) for place in wanted])
    within = _within if how is Operator.IS_PART_OF else _is
    states = {_any([within(here, place) for place in wanted]) for here in found}
    if len(states) > 1:
        return _UNDETERMINED
    (state,) = states
    if how not in _DENYING or state is _UNDETERMINED:
        return state
    return _UNSATISFIED if state is _SATISFIED else _SATISFIED


def _within(here: Value, place: Value) -> Satisfaction:
    if isinstance(here, str) and isinstance(place, str) and lies_within(here, place):
        return _SATISFIED
    return _is(here, place)


def _is(here: Value, place: Value) -> Satisfaction:
    if not isinstance(here, str) or not isinstance(place, str):
        return _UNDETERMINED
    if here == place:
        return _SATISFIED
    # Who is in the whole may be in the part, and what lies in the whole may be set apart from it.
    # So neither is the other, and a prohibition of either stands.
    return _UNDETERMINED if places_meet([here], [place]) else _UNSATISFIED


def _ordered(
    how: Operator, found: tuple[Value, ...], wanted: Value, datatype: Datatype
) -> Satisfaction:
    compare = _ORDER.get(how)
    answers: set[bool] = set()
    for value in found:
        comparable = _comparable(value, wanted, datatype)
        if compare is None or comparable is None:
            return _UNDETERMINED
        answers.add(compare(*comparable))
    return _agreed(answers)


def _comparable(value: Value, wanted: Value, datatype: Datatype) -> tuple[Any, Any] | None:
    if datatype is Datatype.INSTANT:
        if not isinstance(value, dt.datetime) or not isinstance(wanted, dt.date):
            return None
        if isinstance(wanted, dt.datetime):
            return (value, wanted)
        return (value.astimezone(dt.UTC).date(), wanted)  # a day is compared with days
    if datatype is Datatype.DURATION:
        fit = isinstance(value, dt.timedelta) and isinstance(wanted, dt.timedelta)
        return (value, wanted) if fit else None
    strange = (str, dt.date, dt.timedelta)
    if isinstance(value, strange) or isinstance(wanted, strange):
        return None
    return (value, wanted)
