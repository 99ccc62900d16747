"""Policies, requests and states for the tests: small ones by name, and arbitrary ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from exchange.policy.policy import Policy
from exchange.policy.reading import read_policy
from exchange.policy.request import Performance, Request, State
from exchange.policy.values import Iri, Value, write_value
from exchange.policy.vocabulary import (
    DATATYPE,
    OPERATORS,
    SEVERAL,
    Datatype,
    Operand,
)

NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
POLICY = "urn:example:policy"
ASSET = "urn:example:asset"
ALICE, BOB = "urn:example:alice", "urn:example:bob"


def rule(action: str = "use", **fields: Any) -> dict[str, Any]:
    """Return the record of a rule on the asset."""
    return {"action": action, "target": ASSET} | fields


def constraint(operand: str, operator: str, value: Any, **fields: Any) -> dict[str, Any]:
    """Return the record of a constraint."""
    return {"leftOperand": operand, "operator": operator, "rightOperand": value} | fields


def typed(value: Any, name: str) -> dict[str, str]:
    """Return a literal of an XSD type."""
    return {"@value": str(value), "@type": f"xsd:{name}"}


def record(*permission: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return the record of a set of permissions; a prohibition wins unless it says otherwise."""
    permitted = {"permission": list(permission)} if permission else {}
    return {"@type": "Set", "uid": POLICY, "conflict": "prohibit"} | permitted | fields


def policy(*permission: dict[str, Any], **fields: Any) -> Policy:
    """Return a set of permissions."""
    return read_policy(record(*permission, **fields))


def asked(action: str = "use", **context: Any) -> Request:
    """Return what Alice asks for."""
    values = {
        Operand(name): value if isinstance(value, tuple) else (value,)
        for name, value in context.items()
    }
    return Request(action, ASSET, ALICE, values)


WORLD = State(at=NOW)

# A property over whole policies draws much, and the machine is shared.
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Arbitrary ones, over few names so that rules and requests meet.

_WORDS = st.sampled_from(["research", "navigation", "resale"])
_PLACES = st.sampled_from(["CN", "CN-SH", "SG", "Pudong"])
_NAMES = st.sampled_from([ALICE, BOB])
_ASSETS = st.sampled_from([ASSET, "urn:example:other"])
_ACTIONS = st.sampled_from(["use", "use", "read", "play", "transfer", "cc:Sharing", "delete"])
_INSTANTS = st.datetimes(
    dt.datetime(2026, 11, 1),  # noqa: DTZ001 - the zone is added
    dt.datetime(2026, 12, 31),  # noqa: DTZ001 - the same
    timezones=st.just(dt.UTC),
)
_VALUES: dict[Datatype, st.SearchStrategy[Value]] = {
    Datatype.TEXT: _WORDS | _NAMES.map(Iri),
    Datatype.PLACE: _PLACES,
    Datatype.INTEGER: st.integers(0, 5),
    Datatype.DECIMAL: st.decimals(0, 9, places=2).map(lambda found: Decimal(found).normalize()),
    Datatype.INSTANT: _INSTANTS | st.dates(dt.date(2026, 11, 1), dt.date(2026, 12, 31)),
    Datatype.DURATION: st.timedeltas(dt.timedelta(0), dt.timedelta(days=60)),
}


_POOL: dict[Operand, tuple[Value, ...]] = {
    Operand.PURPOSE: ("research", "resale"),
    Operand.SPATIAL: ("CN", "CN-SH"),
    Operand.RECIPIENT: (Iri(ALICE), Iri(BOB)),
    Operand.COUNT: (1, 3),
    Operand.DATE_TIME: (NOW, dt.date(2026, 12, 1)),
    Operand.ELAPSED_TIME: (dt.timedelta(days=3), dt.timedelta(hours=5, microseconds=1)),
    Operand.PAY_AMOUNT: (Decimal(5), Decimal("2.5")),
}


def _every_constraint() -> list[dict[str, Any]]:
    return [
        constraint(str(operand), str(operator), [write_value(value) for value in values])
        for operand, pool in _POOL.items()
        for operator in sorted(OPERATORS[DATATYPE[operand]])
        for values in ([(pool[0],), pool] if operator in SEVERAL else [(each,) for each in pool])
    ]


# Constraints are chosen, not drawn value by value: drawing whole policies took a second each.
_CONSTRAINTS = st.sampled_from(_every_constraint())
premises = _CONSTRAINTS | st.builds(
    lambda name, of: {name: {"@list": of}},
    st.sampled_from(["and", "or", "xone"]),
    st.lists(
        _CONSTRAINTS
        | st.builds(lambda one, other: {"or": {"@list": [one, other]}}, _CONSTRAINTS, _CONSTRAINTS),
        min_size=1,
        max_size=3,
    ),
)
_TEAM = {"@type": "PartyCollection", "source": "urn:example:team"}
_ASSIGNEES = st.sampled_from([None, ALICE, BOB, _TEAM]) | _CONSTRAINTS.map(
    lambda refined: {**_TEAM, "refinement": [refined]}
)


def _rules(name: str, duty: str | None) -> st.SearchStrategy[list[dict[str, Any]]]:
    def build(
        action: str,
        target: str,
        assignee: Any,
        constraints: list[Any],
        refined: list[Any],
        inner: list[Any],
    ) -> dict[str, Any]:
        value = action if ":" in action else f"odrl:{action}"
        said = [{"rdf:value": {"@id": value}, "refinement": refined}] if refined else action
        found = {"action": said, "target": target, "assignee": assignee, "constraint": constraints}
        if duty:
            found[duty] = inner
        return {key: each for key, each in found.items() if each}

    inner = _rules(str(duty), None) if duty else st.just([])
    one = st.builds(
        build,
        _ACTIONS,
        _ASSETS,
        _ASSIGNEES,
        st.lists(premises, max_size=2),
        st.lists(_CONSTRAINTS, max_size=1),
        inner,
    )
    return st.lists(one, max_size=2).map(lambda found: _called(found, f"{POLICY}#{name}", duty))


def _called(rules: list[dict[str, Any]], uid: str, duty: str | None) -> list[dict[str, Any]]:
    """Give each rule a name of its own: in a graph, what has one name is one thing."""
    return [
        {**each, "uid": f"{uid}-{n}"}
        | ({duty: _called(each[duty], f"{uid}-{n}-{duty}", None)} if duty and duty in each else {})
        for n, each in enumerate(rules)
    ]


def _policy(kind: str, conflict: str, *rules: list[dict[str, Any]]) -> Policy:
    names = ("permission", "prohibition", "obligation")
    found = {name: each for name, each in zip(names, rules, strict=True) if each}
    return read_policy(
        {"@type": kind, "uid": POLICY, "conflict": conflict}
        | (found or {"permission": [rule(uid=f"{POLICY}#permission")]})
    )


policies = st.builds(
    _policy,
    st.sampled_from(["Set", "Offer"]),
    st.sampled_from(["prohibit", "invalid"]),
    _rules("permission", "duty"),
    _rules("prohibition", "remedy"),
    _rules("obligation", "consequence"),
)


def _request(action: str, target: str, assignee: str, said: Any, done: Performance) -> Request:
    return Request(action, target, assignee, said, performance=done)


requests = st.builds(
    _request,
    st.sampled_from(["use", "use", "read", "display", "sell", "distribute"]),
    _ASSETS,
    _NAMES,
    st.fixed_dictionaries(
        {},
        optional={
            operand: st.lists(_VALUES[DATATYPE[operand]], max_size=2).map(tuple)
            for operand in _POOL
        },
    ),
    st.sampled_from(list(Performance)),
)
states = st.builds(
    State,
    at=_INSTANTS,
    count=st.integers(0, 5),
    since=st.none() | _INSTANTS,
    members=st.sampled_from([{}, {"urn:example:team": frozenset({ALICE})}]),
)
