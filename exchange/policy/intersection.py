"""One agreement from its parts: scenario, conditions of use, rights and parents' terms.

Each part says on which constraints it permits a use, and what it prohibits; the agreement asks for
all constraints of all parts and keeps every prohibition, and a prohibition wins.  So it permits
exactly what every part permits, and each refusal names the part that speaks, since a constraint is
named for the part and the field that it comes from.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, unquote

from exchange.policy.policy import Asset, Constraint, Logical, Party, Policy, Premise, Rule
from exchange.policy.reading import read_policy
from exchange.policy.request import Request
from exchange.policy.values import Value
from exchange.policy.vocabulary import (
    DELETE,
    DISTRIBUTE,
    PROFILE,
    PUBLISH,
    USE,
    Conflict,
    Connective,
    Operand,
    Operator,
    PolicyType,
    RuleKind,
)
from exchange.scenarios import Scenario
from exchange.specsheet import Conditions, TimeLimit
from ledger.acts import parse_time
from ledger.places import all_within
from ledger.rights import ANY, Holding

_URN: Final = "urn:guapai:"


def participant(identity: str) -> str:
    """Return the IRI of a participant."""
    return f"{_URN}participant:{quote(identity, safe='')}"


def product(number: str) -> str:
    """Return the IRI of a product."""
    return f"{_URN}product:{quote(number, safe='')}"


def recipients(scenario: str) -> str:
    """Return the IRI that stands for the recipients of a scenario.

    Their names are confidential and can be erased, so that no policy has them; who evaluates one
    says in the state of the world whom the IRI names.
    """
    return f"{_URN}scenario:{quote(scenario, safe='')}:recipients"


def scenario_behind(reference: str) -> str:
    """Return the scenario whose recipients an IRI stands for; empty for any other IRI."""
    named = unquote(reference.removeprefix(f"{_URN}scenario:").removesuffix(":recipients"))
    return named if recipients(named) == reference else ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part makes of a use: on which premises it is permitted, and what is prohibited.

    A prohibition is a name, an action, and the premises under which it holds.
    """

    premises: tuple[Premise, ...] = ()
    prohibitions: tuple[tuple[str, str, tuple[Premise, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Parent:
    """What a product that `child` was derived from says of its use.

    `processing` are the rights under which `processor`, who derived `child`, may process it.  A
    parent of several children says its conditions once.
    """

    number: str
    child: str
    conditions: Conditions | None
    processor: str
    processing: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """What is supplied by whom: conditions of use, rights of the supplier, and every ancestor.

    `uses` are how often at most, None where the terms do not say.
    """

    product: str
    supplier: str
    conditions: Conditions
    operating: tuple[Holding, ...]
    parents: tuple[Parent, ...] = ()
    uses: int | None = None

    @property
    def term_days(self) -> int | None:
        """How many days at most its own conditions and those of every ancestor allow."""
        said = [self.conditions, *(each.conditions for each in self.parents if each.conditions)]
        return min((each.term_days for each in said if each.term_days is not None), default=None)

    def parts(self) -> Iterator[Part]:
        """Yield the part of the conditions, of the rights, of every parent, and of the terms."""
        yield part_of_conditions(self.conditions)
        yield part_of_rights(self.operating, self.supplier, "operating", "rights.operating")
        for parent in self.parents:
            yield from parts_of_parent(parent)
        if self.uses is not None:
            yield Part((_at_most(Operand.COUNT, self.uses, "terms.uses"),))


def agreement(scenario: Scenario, supply: Supply) -> Policy:
    """Return the policy under which a scenario may be traded: an Agreement of its two parties."""
    supply = _with_parts_of_region(supply, scenario)
    parts = [part_of_scenario(scenario), *supply.parts()]
    term = min(days for days in (scenario.term_days, supply.term_days) if days is not None)
    return composed(PolicyType.AGREEMENT, parts, supply, scenario.buyer, term)


def _with_parts_of_region(supply: Supply, scenario: Scenario) -> Supply:
    """Let conditions that allow the region asked allow the parts that it was limited to.

    An assessor has said that they are parts of it, which no code need say.
    """
    if scenario.limits is None:
        return supply
    parts, whole = scenario.limits.regions, scenario.region

    def wider(conditions: Conditions) -> Conditions:
        if not all_within([whole], conditions.regions):
            return conditions
        return replace(conditions, regions=(*conditions.regions, *parts))

    parents = tuple(
        replace(each, conditions=wider(each.conditions)) if each.conditions else each
        for each in supply.parents
    )
    return replace(supply, conditions=wider(supply.conditions), parents=parents)


def offer(supply: Supply) -> Policy:
    """Return what a product is offered on, to whoever brings a scenario: an Offer."""
    return composed(PolicyType.OFFER, supply.parts(), supply, None, supply.term_days)


@functools.lru_cache(maxsize=1_024)  # a sheet's conditions are asked about at every filing
def conditions_alone(
    conditions: Conditions,
    number: str,
    buyer: str,
    ancestors: tuple[tuple[str, Conditions], ...] = (),
) -> Policy:
    """Return what the conditions of use, and those of every ancestor, by themselves say to a buyer.

    An ancestor is a number and the conditions of its sheet.
    """
    supply = Supply(number, "supplier", conditions, ())
    parts = [part_of_conditions(conditions)]
    parts += [part_of_ancestor(each, inherited) for each, inherited in ancestors]
    return composed(PolicyType.SET, parts, supply, buyer, conditions.term_days)


def composed(
    kind: PolicyType, parts: Iterable[Part], supply: Supply, buyer: str | None, term: int | None
) -> Policy:
    """Return one policy of all parts; its uid is the digest of what it says."""
    found = list(parts)
    asset = Asset(product(supply.product))
    assigner = Party(participant(supply.supplier))
    assignee = Party(participant(buyer)) if buyer else None

    def rule(kind: RuleKind, uid: str, action: str, premises: Iterable[Premise]) -> Rule:
        ordered = tuple(sorted(premises, key=lambda each: each.uid))
        return Rule(kind, f"#{uid}", action, asset, assigner, assignee, ordered)

    permission = rule(RuleKind.PERMISSION, "use", USE, (p for part in found for p in part.premises))
    prohibitions = {
        uid: rule(RuleKind.PROHIBITION, uid, action, premises)
        for part in found
        for uid, action, premises in part.prohibitions
    }
    obligations = [
        rule(RuleKind.DUTY, uid, DELETE, premises) for uid, premises in _erasures(supply, term)
    ]
    policy = Policy(
        uid=f"{_URN}policy",
        type=kind,
        permissions=(permission,),
        prohibitions=tuple(prohibitions[uid] for uid in sorted(prohibitions)),
        obligations=tuple(obligations),
        conflict=Conflict.PROHIBIT,
        profiles=(PROFILE,),
    )
    return read_policy(_named(policy).to_record())


def _named(policy: Policy) -> Policy:
    uid = f"{policy.uid}:{hashlib.sha256(policy.record).hexdigest()}"
    return replace(
        policy,
        uid=uid,
        permissions=tuple(_rule_within(rule, uid) for rule in policy.permissions),
        prohibitions=tuple(_rule_within(rule, uid) for rule in policy.prohibitions),
        obligations=tuple(_rule_within(rule, uid) for rule in policy.obligations),
    )


def _rule_within(rule: Rule, policy: str) -> Rule:
    premises = tuple(_premise_within(each, policy) for each in rule.constraints)
    return replace(rule, uid=policy + rule.uid, constraints=premises)


def _premise_within(premise: Premise, policy: str) -> Premise:
    uid = policy + premise.uid if premise.uid else ""
    if isinstance(premise, Logical):
        inner = tuple(_premise_within(each, policy) for each in premise.of)
        return replace(premise, uid=uid, of=inner)
    return replace(premise, uid=uid)


# The parts.


def part_of_scenario(scenario: Scenario) -> Part:
    """Return what a scenario asks for, and nothing beyond it."""
    premises = (
        Constraint(Operand.PURPOSE, Operator.EQ, (scenario.purpose,), uid="#scenario.purpose"),
        Constraint(Operand.SPATIAL, Operator.IS_PART_OF, scenario.where, uid="#scenario.region"),
        Constraint(
            Operand.RECIPIENT,
            Operator.IS_ANY_OF,
            reference=recipients(scenario.id),
            uid="#scenario.recipients",
        ),
        _at_most(Operand.ELAPSED_TIME, _days(scenario.term_days), "scenario.term_days"),
    )
    closed = _closed("scenario", transfer=scenario.onward_transfer, release=scenario.public_release)
    return Part(premises, tuple(closed))


def part_of_conditions(conditions: Conditions) -> Part:
    """Return the conditions of use of a spec sheet."""
    premises = [
        _any_of(Operand.PURPOSE, conditions.purposes, "conditions.purposes"),
        _any_of(Operand.SPATIAL, conditions.regions, "conditions.regions"),
    ]
    prohibitions = list(
        _closed("conditions", transfer=conditions.transfer, release=conditions.public_release)
    )
    if conditions.prohibited:
        named = _any_of(Operand.PURPOSE, conditions.prohibited, "")
        prohibitions.append(("conditions.prohibited", USE, (named,)))
    if conditions.term_days is not None:
        limit = _at_most(Operand.ELAPSED_TIME, _days(conditions.term_days), "conditions.term_days")
        premises.append(limit)
    elif conditions.time_limit is TimeLimit.TERM_THEN_ERASED:
        prohibitions.append(("conditions.term_days", USE, ()))  # limited, and not said to what
    units = _units(conditions)
    if units is not None:
        premises.append(_at_most(Operand.COUNT, units, "conditions.units"))
    elif conditions.time_limit is TimeLimit.UNITS_THEN_ERASED:
        prohibitions.append(("conditions.units", USE, ()))
    return Part(tuple(premises), tuple(prohibitions))


def part_of_rights(holdings: Sequence[Holding], holder: str, right: str, uid: str) -> Part:
    """Return within what a holder may let others use a product, by any one of its rights."""
    own = [each for each in holdings if (each.participant, each.right) == (holder, right)]
    if not own:
        return Part(prohibitions=((uid, USE, ()),))
    ways = [tuple(_limits(each)) for each in own]
    if not all(ways):
        return Part()  # one of them has no limit
    joined = tuple(
        way[0] if len(way) == 1 else Logical(Connective.AND, way) for way in dict.fromkeys(ways)
    )
    if len(joined) == 1:
        return Part((replace(joined[0], uid=f"#{uid}"),))
    return Part((Logical(Connective.OR, joined, f"#{uid}"),))


def part_of_ancestor(number: str, conditions: Conditions) -> Part:
    """Return what the sheet of an ancestor says of whatever is derived from it.

    Its units are not counted here: a use of what is derived is no use of the ancestor.
    """
    name = _of_parent(number)
    premises = [
        _any_of(Operand.PURPOSE, conditions.purposes, f"{name}.purposes"),
        _any_of(Operand.SPATIAL, conditions.regions, f"{name}.regions"),
    ]
    if conditions.term_days is not None:
        limit = _at_most(Operand.ELAPSED_TIME, _days(conditions.term_days), f"{name}.term_days")
        premises.append(limit)
    closed = _closed(name, transfer=conditions.transfer, release=conditions.public_release)
    prohibitions = list(closed)
    if conditions.prohibited:
        named = _any_of(Operand.PURPOSE, conditions.prohibited, "")
        prohibitions.append((f"{name}.prohibited", USE, (named,)))
    return Part(tuple(premises), tuple(prohibitions))


def parts_of_parent(parent: Parent) -> Iterator[Part]:
    """Yield the conditions of an ancestor, and the rights under which it is processed.

    A right to process is granted for purposes, regions and a time.  It says nothing of passing on
    or publishing what is made of it, so that the ancestor's own conditions stand.
    """
    if parent.conditions is not None:
        yield part_of_ancestor(parent.number, parent.conditions)
    processing = f"{_of_parent(parent.number)}.processing.{quote(parent.child, safe='')}"
    yield part_of_rights(parent.processing, parent.processor, "processing", processing)


def _of_parent(number: str) -> str:
    return f"parents.{quote(number, safe='')}"


def _limits(held: Holding) -> Iterator[Premise]:
    if ANY not in held.purposes:
        yield _any_of(Operand.PURPOSE, held.purposes, "")
    if ANY not in held.regions:
        yield _any_of(Operand.SPATIAL, held.regions, "")
    if held.until is not None:
        last = parse_time(held.until, "until")
        yield Constraint(Operand.DATE_TIME, Operator.LTEQ, (last,))


def _any_of(operand: Operand, names: Iterable[str], uid: str) -> Constraint:
    operator = Operator.IS_PART_OF if operand is Operand.SPATIAL else Operator.IS_ANY_OF
    return Constraint(operand, operator, tuple(sorted(set(names))), uid=f"#{uid}" if uid else "")


def _at_most(operand: Operand, limit: int | dt.timedelta, uid: str) -> Constraint:
    return Constraint(operand, Operator.LTEQ, (limit,), uid=f"#{uid}")


def _days(days: int) -> dt.timedelta:
    return dt.timedelta(days=days)


def _closed(
    part: str, *, transfer: bool, release: bool
) -> Iterator[tuple[str, str, tuple[Premise, ...]]]:
    if not transfer:
        yield f"{part}.transfer", DISTRIBUTE, ()
    if not release:
        yield f"{part}.public_release", PUBLISH, ()


def _units(conditions: Conditions) -> int | None:
    if conditions.time_limit is TimeLimit.THIS_CALL:
        return 1
    return conditions.units


def _erasures(supply: Supply, term: int | None) -> Iterator[tuple[str, tuple[Premise, ...]]]:
    """Yield when the data is to be erased by its own sheet, and by an ancestor's after a term."""
    yield from _erasure(supply.conditions, term)
    for parent in supply.parents:
        said = parent.conditions
        if said and said.time_limit is TimeLimit.TERM_THEN_ERASED and said.term_days is not None:
            days = said.term_days if term is None else min(term, said.term_days)
            over = Constraint(Operand.ELAPSED_TIME, Operator.GTEQ, (_days(days),))
            yield f"{_of_parent(parent.number)}.erase", (over,)


def _erasure(conditions: Conditions, term: int | None) -> Iterator[tuple[str, tuple[Premise, ...]]]:
    """Yield when the data is to be erased: after its term, after its units, or after its call."""
    limit, units = conditions.time_limit, _units(conditions)
    if limit is TimeLimit.TERM_THEN_ERASED and term is not None:
        yield "erase", (Constraint(Operand.ELAPSED_TIME, Operator.GTEQ, (_days(term),)),)
    elif limit in {TimeLimit.THIS_CALL, TimeLimit.UNITS_THEN_ERASED} and units is not None:
        yield "erase", (Constraint(Operand.COUNT, Operator.GT, (units,)),)


# What is asked.


def requests_of(scenario: Scenario, number: str) -> tuple[Request, ...]:
    """Return what a scenario asks for: the use, and the passing on and publishing it names."""
    context: dict[Operand, tuple[Value, ...]] = {
        Operand.PURPOSE: (scenario.purpose,),
        Operand.SPATIAL: scenario.where,
        Operand.RECIPIENT: scenario.recipients,
        Operand.ELAPSED_TIME: (_days(scenario.term_days),),
    }
    actions = [USE]
    if scenario.onward_transfer:
        actions.append(DISTRIBUTE)
    if scenario.public_release:
        actions.append(PUBLISH)
    return tuple(
        Request(action, product(number), participant(scenario.buyer), context) for action in actions
    )
