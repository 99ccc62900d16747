"""Policies, requests and states for the tests: small ones by name, and arbitrary ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from exchange.policy.policy import Policy
from exchange.policy.reading import read_policy
from exchange.policy.request import Performance, Request, State
from exchange.policy.values import Iri, Value, write_value
from exchange.policy.vocabulary import (
    DATATYPE,
    INCLUDED_IN,
    OPERATORS,
    SEVERAL,
    Datatype,
    Operand,
    Operator,
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

# Arbitrary ones, over few names so that rules and requests meet.

_WORDS = st.sampled_from(["research", "navigation", "resale"])
_PLACES = st.sampled_from(["CN", "CN-SH", "SG", "Pudong"])
_NAMES = st.sampled_from([ALICE, BOB])
_ASSETS = st.sampled_from([ASSET, "urn:example:other"])
_ACTIONS = st.sampled_from(sorted(INCLUDED_IN))
_OPERANDS = st.sampled_from(
    [
        Operand.PURPOSE,
        Operand.SPATIAL,
        Operand.RECIPIENT,
        Operand.COUNT,
        Operand.DATE_TIME,
        Operand.ELAPSED_TIME,
        Operand.PAY_AMOUNT,
    ]
)
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


@st.composite
def constraints(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the record of a constraint that is understood."""
    operand = draw(_OPERANDS)
    datatype = DATATYPE[operand]
    operator = draw(st.sampled_from(sorted(OPERATORS[datatype])))
    most = 3 if Operator(operator) in SEVERAL else 1
    values = draw(st.lists(_VALUES[datatype], min_size=1, max_size=most, unique=True))
    return constraint(str(operand), str(operator), [write_value(value) for value in values])


premises = st.recursive(
    constraints(),
    lambda inner: st.builds(
        lambda name, of: {name: {"@list": of}},
        st.sampled_from(["and", "or", "xone"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
)


@st.composite
def rules(draw: st.DrawFn, name: str, duty: str | None) -> dict[str, Any]:
    """Draw the record of a rule, with a duty of its own now and then."""
    action = draw(_ACTIONS)
    refined = draw(st.lists(premises, max_size=1))
    found: dict[str, Any] = {"target": draw(_ASSETS)}
    found["action"] = action
    if refined:
        value = action if ":" in action else f"odrl:{action}"
        found["action"] = [{"rdf:value": {"@id": value}, "refinement": refined}]
    if draw(st.booleans()):
        found["assignee"] = draw(
            _NAMES
            | st.builds(
                lambda source, refined: {
                    "@type": "PartyCollection",
                    "source": source,
                    "refinement": refined,
                },
                st.just("urn:example:team"),
                st.lists(premises, min_size=1, max_size=1),
            )
        )
    found["constraint"] = draw(st.lists(premises, max_size=2))
    if duty and draw(st.booleans()):
        found[duty] = [draw(rules("duty", None))]
    return {key: value for key, value in found.items() if value} | {
        "uid": f"{POLICY}#{name}-{draw(st.integers(0, 10**6))}"
    }


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a policy that is understood."""
    found = {
        name: draw(st.lists(rules(name, duty), max_size=2, unique_by=lambda each: str(each["uid"])))
        for name, duty in (
            ("permission", "duty"),
            ("prohibition", "remedy"),
            ("obligation", "consequence"),
        )
    }
    if not any(found.values()):
        found["permission"] = [draw(rules("permission", "duty"))]
    kept = {name: each for name, each in found.items() if each}
    conflict = draw(st.sampled_from(["prohibit", "invalid"]))
    return read_policy(
        {"@type": draw(st.sampled_from(["Set", "Offer"])), "uid": POLICY, "conflict": conflict}
        | kept
    )


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Draw a request that says a part of what could be said."""
    context = {
        operand: tuple(draw(st.lists(_VALUES[DATATYPE[operand]], max_size=2)))
        for operand in draw(st.lists(_OPERANDS, unique=True))
    }
    performance = draw(st.sampled_from(list(Performance)))
    return Request(draw(_ACTIONS), draw(_ASSETS), draw(_NAMES), context, performance=performance)


@st.composite
def states(draw: st.DrawFn) -> State:
    """Draw a state of the world."""
    names = st.frozensets(_NAMES | _WORDS)
    return State(
        at=draw(_INSTANTS),
        count=draw(st.integers(0, 5)),
        since=draw(st.none() | _INSTANTS),
        members=draw(st.dictionaries(st.just("urn:example:team"), names)),
    )
