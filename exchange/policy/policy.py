"""Policies as values: rules of permission, prohibition and duty, with constraints (ODRL 2.2).

A `Policy` is what the Information Model calls atomic: each rule has one action, one target, and at
most one assigner and one assignee; what holds for the whole policy is written into each rule.  It
is whole when it is read (`exchange.policy.reading`) or built (`exchange.policy.intersection`), and
its canonical record is JSON-LD.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from exchange.policy.values import Value, write_value
from exchange.policy.vocabulary import (
    CONTEXT,
    INCLUDING,
    OWN,
    SEVERAL,
    Conflict,
    Connective,
    Operand,
    Operator,
    PolicyType,
    RuleKind,
)
from ledger.canonical import encode


@dataclass(frozen=True, slots=True)
class Constraint:
    """One comparison: what is found for `operand` against `values`, or what a reference names.

    `reference` is an IRI that the state of the world knows the values of; then `values` is empty.
    """

    operand: Operand
    operator: Operator
    values: tuple[Value, ...] = ()
    unit: str = ""
    reference: str = ""
    uid: str = ""

    def to_record(self) -> dict[str, Any]:
        """Return it as JSON-LD."""
        operator = "odrl:neq" if self.operator is Operator.NEQ else str(self.operator)
        record: dict[str, Any] = {"leftOperand": str(self.operand), "operator": operator}
        if self.reference:
            record["rightOperandReference"] = {"@id": self.reference}
        else:
            written = [write_value(value) for value in self.values]
            record["rightOperand"] = written if self.operator in SEVERAL else written[0]
        if self.unit:
            record["unit"] = {"@id": self.unit}
        return record | ({"uid": self.uid} if self.uid else {})


@dataclass(frozen=True, slots=True)
class Logical:
    """Constraints joined by and, or, xone."""

    connective: Connective
    of: tuple[Premise, ...]
    uid: str = ""

    def to_record(self) -> dict[str, Any]:
        """Return it as JSON-LD."""
        joined = {str(self.connective): {"@list": [each.to_record() for each in self.of]}}
        return joined | ({"uid": self.uid} if self.uid else {})


Premise: TypeAlias = Constraint | Logical


@dataclass(frozen=True, slots=True)
class Party:
    """A party, or a collection of parties: `refinements` say which of those in `source`."""

    uid: str = ""
    collection: bool = False
    source: str = ""
    refinements: tuple[Premise, ...] = ()

    def to_record(self) -> str | dict[str, Any]:
        """Return it as JSON-LD."""
        return _named(self, "PartyCollection")


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset, or a collection of assets: `refinements` say which of those in `source`."""

    uid: str = ""
    collection: bool = False
    source: str = ""
    refinements: tuple[Premise, ...] = ()

    def to_record(self) -> str | dict[str, Any]:
        """Return it as JSON-LD."""
        return _named(self, "AssetCollection")


def _named(what: Party | Asset, collection: str) -> str | dict[str, Any]:
    if not what.collection:
        return what.uid
    record: dict[str, Any] = {"@type": collection}
    if what.uid:
        record["uid"] = what.uid
    if what.source:
        record["source"] = what.source
    if what.refinements:
        record["refinement"] = [each.to_record() for each in what.refinements]
    return record


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    `duties` are what a permission is conditioned on, what remedies a prohibition that was broken,
    or what follows where a duty was not done.  `target` is None for a duty on no asset.
    """

    kind: RuleKind
    uid: str
    action: str
    target: Asset | None = None
    assigner: Party | None = None
    assignee: Party | None = None
    constraints: tuple[Premise, ...] = ()
    refinements: tuple[Premise, ...] = ()
    duties: tuple[Rule, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """Return it as JSON-LD."""
        record: dict[str, Any] = {"uid": self.uid, "action": self.action}
        if self.refinements:
            value = self.action if ":" in self.action else f"odrl:{self.action}"
            refined = [each.to_record() for each in self.refinements]
            record["action"] = [{"rdf:value": {"@id": value}, "refinement": refined}]
        for name in ("target", "assigner", "assignee"):
            named = getattr(self, name)
            if named is not None:
                record[name] = named.to_record()
        if self.constraints:
            record["constraint"] = [each.to_record() for each in self.constraints]
        if self.duties:
            record[DUTIES[self.kind]] = [each.to_record() for each in self.duties]
        return record


# Under which name a rule carries its duties.
DUTIES = {
    RuleKind.PERMISSION: "duty",
    RuleKind.PROHIBITION: "remedy",
    RuleKind.DUTY: "consequence",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy; `void` tells that its own rules meet, where it says that this undoes it."""

    uid: str
    type: PolicyType
    permissions: tuple[Rule, ...] = ()
    prohibitions: tuple[Rule, ...] = ()
    obligations: tuple[Rule, ...] = ()
    conflict: Conflict = Conflict.INVALID
    profiles: tuple[str, ...] = ()
    void: bool = field(init=False, compare=False, default=False)

    def __post_init__(self) -> None:
        met = self.conflict is Conflict.INVALID and _meet(self.permissions, self.prohibitions)
        object.__setattr__(self, "void", met)

    def to_record(self) -> dict[str, Any]:
        """Return the policy as JSON-LD, in the one form in which it is stored."""
        record: dict[str, Any] = {
            "@context": [CONTEXT, {"guapai": OWN}],
            "@type": str(self.type),
            "uid": self.uid,
            "conflict": str(self.conflict),
        }
        if self.profiles:
            record["profile"] = list(self.profiles)
        for name in ("permission", "prohibition", "obligation"):
            rules = getattr(self, f"{name}s")
            if rules:
                record[name] = [rule.to_record() for rule in rules]
        return record

    @property
    def record(self) -> bytes:
        """The canonical bytes that are stored."""
        return encode(self.to_record())

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, in hex."""
        return hashlib.sha256(self.record).hexdigest()

    def rules(self) -> Iterator[Rule]:
        """Yield permissions, prohibitions and obligations."""
        yield from self.permissions
        yield from self.prohibitions
        yield from self.obligations

    def references(self) -> frozenset[str]:
        """Return every IRI whose values the state of the world has to say."""
        return frozenset(each for rule in self.rules() for each in _references_of(rule))


def _references_of(rule: Rule) -> Iterator[str]:
    collections = [each for each in (rule.target, rule.assigner, rule.assignee) if each]
    yield from _referred(rule.constraints + rule.refinements)
    for named in collections:
        yield from _referred(named.refinements)
    for duty in rule.duties:
        yield from _references_of(duty)


def _referred(premises: Sequence[Premise]) -> Iterator[str]:
    for each in premises:
        if isinstance(each, Logical):
            yield from _referred(each.of)
        elif each.reference:
            yield each.reference


def _meet(permissions: Sequence[Rule], prohibitions: Sequence[Rule]) -> bool:
    # Constraints are not looked at: whether two of them can hold at once is not decided here, so
    # a policy that is undone by a conflict is taken to be undone sooner rather than later.
    return any(
        _one_includes_other(permission.action, prohibition.action)
        and _may_be_same(permission.target, prohibition.target)
        and _may_be_same(permission.assignee, prohibition.assignee)
        for permission in permissions
        for prohibition in prohibitions
    )


def _one_includes_other(one: str, other: str) -> bool:
    return one in INCLUDING[other] or other in INCLUDING[one]


def _may_be_same(one: Party | Asset | None, other: Party | Asset | None) -> bool:
    if one is None or other is None or one.collection or other.collection:
        return True
    return one.uid == other.uid
