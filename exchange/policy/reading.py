"""Reading a policy from its record (JSON-LD as `Policy.to_record` writes it), or refusing it.

What is not understood is refused with the field and the rule, never left out: a policy whose
unknown constraint was dropped would permit what it forbids.  A document of another shape goes
through `exchange.formats.odrl` first, which brings it into this one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from exchange.errors import BadField
from exchange.policy.policy import (
    DUTIES,
    Asset,
    Constraint,
    Logical,
    Party,
    Policy,
    Premise,
    Rule,
)
from exchange.policy.values import Iri, Value, read_value
from exchange.policy.vocabulary import (
    DATATYPE,
    INCLUDING,
    OPERATORS,
    PROFILE,
    SEVERAL,
    Conflict,
    Connective,
    Operand,
    Operator,
    PolicyType,
    RuleKind,
)
from ledger.canonical import encode

DEPTH_MAX: Final = 8  # constraints within constraints, and duties within duties
RULES_MAX: Final = 1_000  # rules of one policy, the targets and actions of each multiplied out
PREMISES_MAX: Final = 1_000  # constraints of one rule, or values of one constraint
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]{1,1000}")
_POLICY_FIELDS: Final = frozenset(
    {"@context", "@type", "uid", "profile", "conflict", "permission", "prohibition", "obligation"}
)
_RULE_FIELDS: Final = frozenset({"uid", "action", "target", "assigner", "assignee", "constraint"})
_CONSTRAINT_FIELDS: Final = frozenset(
    {"uid", "leftOperand", "operator", "rightOperand", "rightOperandReference", "unit"}
)
_NAMED = TypeVar("_NAMED", Party, Asset)
_ENUM = TypeVar("_ENUM", PolicyType, Conflict, Operand, Operator)


def read_policy(record: Mapping[str, Any], *, profiles: Collection[str] = ()) -> Policy:
    """Return the policy of a record, or raise `BadField` with the field and its rule.

    `profiles` are those that are understood besides the exchange's own: a policy of any other
    profile is not processed (ODRL Information Model 2.2, 4.1).
    """
    fields = _object(record, "", _POLICY_FIELDS)
    uid = _iri(fields.get("uid"), "uid")
    kind = _member(PolicyType, fields.get("@type"), "@type")
    conflict = _member(Conflict, fields.get("conflict", "invalid"), "conflict")
    named = tuple(_texts(fields.get("profile", []), "profile"))
    for profile in named:
        if profile != PROFILE and profile not in profiles:
            raise BadField("profile", f"{profile} is not understood here, so nothing is processed")
    rules = {
        rule: _rules(fields.get(name, []), name, rule, uid)
        for name, rule in (
            ("permission", RuleKind.PERMISSION),
            ("prohibition", RuleKind.PROHIBITION),
            ("obligation", RuleKind.DUTY),
        )
    }
    if not any(rules.values()):
        raise BadField("permission", "a policy has at least one rule")
    policy = Policy(
        uid=uid,
        type=kind,
        permissions=rules[RuleKind.PERMISSION],
        prohibitions=rules[RuleKind.PROHIBITION],
        obligations=rules[RuleKind.DUTY],
        conflict=conflict,
        profiles=tuple(sorted(named)),
    )
    if kind is PolicyType.AGREEMENT:
        _require_parties(policy)
    return policy


def _require_parties(policy: Policy) -> None:
    for name in ("permission", "prohibition"):
        for index, rule in enumerate(getattr(policy, f"{name}s")):
            for party in ("assigner", "assignee"):
                if getattr(rule, party) is None:
                    raise BadField(f"{name}.{index}.{party}", "an agreement names both parties")


def _object(value: Any, where: str, allowed: Collection[str]) -> Mapping[str, Any]:  # noqa: ANN401
    if not isinstance(value, Mapping):
        raise BadField(where or "policy", "must be an object")
    for name in value:
        if name not in allowed:
            raise BadField(_join(where, str(name)), "is not understood here")
    return value


def _join(where: str, name: str | int) -> str:
    return f"{where}.{name}" if where else str(name)


def _list(value: Any, where: str, longest: int) -> Sequence[Any]:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping) and set(value) == {"@list"}:
        value = value["@list"]
    found = value if isinstance(value, list | tuple) else [value]
    if len(found) > longest:
        raise BadField(where, f"at most {longest}")
    return found


def _texts(value: Any, where: str) -> Sequence[str]:  # noqa: ANN401 - JSON
    return [_iri(each, where) for each in _list(value, where, PREMISES_MAX)]


def _iri(value: Any, where: str) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping) and set(value) == {"@id"}:
        value = value["@id"]
    if not isinstance(value, str) or not _IRI.fullmatch(value):
        raise BadField(where, "must be an IRI")
    return value


def _member(kind: type[_ENUM], value: Any, where: str) -> _ENUM:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        name = value.removeprefix("odrl:")
        for member in kind:
            if member.value == name:
                return member
    known = ", ".join(kind)
    raise BadField(where, f"{str(value)[:200]} is not understood here; known are {known}")


def _rules(value: Any, where: str, kind: RuleKind, policy: str) -> tuple[Rule, ...]:  # noqa: ANN401
    found = [
        _rule(each, _join(where, index), kind, policy, 0)
        for index, each in enumerate(_list(value, where, RULES_MAX))
    ]
    return _apart(found, where)


def _apart(rules: Sequence[Rule], where: str) -> tuple[Rule, ...]:
    if len({rule.uid for rule in rules}) < len(rules):
        raise BadField(where, "two rules have one uid")
    return tuple(sorted(rules, key=lambda rule: rule.uid))


def _rule(value: Any, where: str, kind: RuleKind, policy: str, depth: int) -> Rule:  # noqa: ANN401
    if depth >= DEPTH_MAX:
        raise BadField(where, f"at most {DEPTH_MAX} within one another")
    name = DUTIES[kind]
    fields = _object(value, where, _RULE_FIELDS | {name})
    action, refinements = _action(fields.get("action"), _join(where, "action"))
    target = fields.get("target")
    if target is None and kind is not RuleKind.DUTY:
        raise BadField(_join(where, "target"), f"a {kind} is on one asset")
    duties = [
        _rule(each, f"{where}.{name}.{index}", RuleKind.DUTY, policy, depth + 1)
        for index, each in enumerate(_list(fields.get(name, []), where, PREMISES_MAX))
    ]
    rule = Rule(
        kind=kind,
        uid="",
        action=action,
        target=None if target is None else _asset(target, _join(where, "target")),
        assigner=_party(fields, "assigner", where),
        assignee=_party(fields, "assignee", where),
        constraints=_premises(fields.get("constraint", []), _join(where, "constraint"), 0),
        refinements=refinements,
        duties=_apart(duties, _join(where, name)),
    )
    return _called(rule, fields, policy, where)


def _called(rule: Rule, fields: Mapping[str, Any], policy: str, where: str) -> Rule:
    if "uid" in fields:
        return replace(rule, uid=_iri(fields["uid"], _join(where, "uid")))
    content = hashlib.sha256(encode(rule.to_record())).hexdigest()
    return replace(rule, uid=f"{policy.partition('#')[0]}#{rule.kind}-{content[:16]}")


def _action(value: Any, where: str) -> tuple[str, tuple[Premise, ...]]:  # noqa: ANN401 - JSON
    if isinstance(value, list | tuple):
        if len(value) != 1:
            raise BadField(where, "a rule has one action")
        value = value[0]
    refinements: tuple[Premise, ...] = ()
    if isinstance(value, Mapping) and set(value) != {"@id"}:
        fields = _object(value, where, {"rdf:value", "refinement"})
        value = fields.get("rdf:value")
        refinements = _premises(fields.get("refinement", []), _join(where, "refinement"), 0)
    if isinstance(value, Mapping):
        value = value.get("@id")
    if not isinstance(value, str):
        raise BadField(where, "a rule has one action")
    name = value.removeprefix("odrl:")
    if name not in INCLUDING:
        raise BadField(where, f"{name[:200]} is not an action that is understood here")
    return name, refinements


def _party(fields: Mapping[str, Any], name: str, where: str) -> Party | None:
    value = fields.get(name)
    if value is None:
        return None
    return _collected(Party, value, _join(where, name), "PartyCollection")


def _asset(value: Any, where: str) -> Asset:  # noqa: ANN401 - JSON
    return _collected(Asset, value, where, "AssetCollection")


def _collected(kind: type[_NAMED], value: Any, where: str, collection: str) -> _NAMED:  # noqa: ANN401
    if isinstance(value, str) or (isinstance(value, Mapping) and set(value) == {"@id"}):
        return kind(uid=_iri(value, where))
    fields = _object(value, where, {"@type", "uid", "source", "refinement"})
    if fields.get("@type") != collection:
        raise BadField(_join(where, "@type"), f"must be {collection}")
    names = {
        name: _iri(fields[name], _join(where, name)) for name in ("uid", "source") if name in fields
    }
    if not names:
        raise BadField(where, "a collection has a uid or a source")
    refined = _premises(fields.get("refinement", []), _join(where, "refinement"), 0)
    if refined and "source" not in names:
        raise BadField(_join(where, "source"), "a collection that is refined has a source")
    return kind(
        uid=names.get("uid", ""),
        collection=True,
        source=names.get("source", ""),
        refinements=refined,
    )


def _premises(value: Any, where: str, depth: int) -> tuple[Premise, ...]:  # noqa: ANN401 - JSON
    if depth >= DEPTH_MAX:
        raise BadField(where, f"at most {DEPTH_MAX} within one another")
    found = [
        _premise(each, _join(where, index), depth)
        for index, each in enumerate(_list(value, where, PREMISES_MAX))
    ]
    return tuple(sorted(found, key=lambda each: (each.uid, encode(each.to_record()))))


def _premise(value: Any, where: str, depth: int) -> Premise:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        joined = [name for name in value if name in set(Connective)]
        if joined:
            name = joined[0]
            fields = _object(value, where, {name, "uid"})
            inner = _premises(fields[name], _join(where, name), depth + 1)
            if not inner:
                raise BadField(_join(where, name), "at least one constraint")
            return Logical(Connective(name), inner, _optional(fields, "uid", where))
    fields = _object(value, where, _CONSTRAINT_FIELDS)
    operand = _member(Operand, fields.get("leftOperand"), _join(where, "leftOperand"))
    operator = _member(Operator, fields.get("operator"), _join(where, "operator"))
    datatype = DATATYPE[operand]
    if operator not in OPERATORS[datatype]:
        known = ", ".join(each for each in Operator if each in OPERATORS[datatype])
        rule = f"{operator} is not understood of {operand}; known are {known}"
        raise BadField(_join(where, "operator"), rule)
    reference = _optional(fields, "rightOperandReference", where)
    if reference and (operator not in SEVERAL or "rightOperand" in fields):
        rule = "stands alone, and with an operator over several values"
        raise BadField(_join(where, "rightOperandReference"), rule)
    return Constraint(
        operand=operand,
        operator=operator,
        values=() if reference else _values(fields, operator, operand, where),
        unit=_optional(fields, "unit", where),
        reference=reference,
        uid=_optional(fields, "uid", where),
    )


def _optional(fields: Mapping[str, Any], name: str, where: str) -> str:
    return _iri(fields[name], _join(where, name)) if name in fields else ""


def _values(
    fields: Mapping[str, Any], operator: Operator, operand: Operand, where: str
) -> tuple[Value, ...]:
    where = _join(where, "rightOperand")
    literals = _list(fields.get("rightOperand", []), where, PREMISES_MAX)
    values = {read_value(each, DATATYPE[operand], where) for each in literals}
    if not values:
        raise BadField(where, "a value, or a reference to one")
    if operator not in SEVERAL and len(values) > 1:
        raise BadField(where, f"{operator} takes one value")
    return tuple(sorted(values, key=lambda value: (isinstance(value, Iri), str(value))))
