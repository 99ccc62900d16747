from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.errors import BadField
from exchange.policy.policy import Policy
from exchange.policy.reading import read_policy
from exchange.policy.values import Iri
from exchange.policy.vocabulary import PROFILE
from tests.exchange.policy.said import (
    ALICE,
    ASSET,
    POLICY,
    constraint,
    policies,
    record,
    rule,
    typed,
    unhurried,
)

PURPOSE = constraint("purpose", "eq", "research")


def limited(**changes: Any) -> dict[str, Any]:
    return record(rule(constraint=[PURPOSE | changes]))


def nested(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = PURPOSE
    for _ in range(depth):
        found = {"and": {"@list": [found]}}
    return record(rule(constraint=[found]))


KNOWN_ACTION = "is not an action that is understood here"
TIME = "must be an xsd:dateTime with its time zone, or an xsd:date"


@pytest.mark.parametrize(
    ("said", "field", "why"),
    [
        (record(rule("view")), "permission.0.action", f"view {KNOWN_ACTION}"),
        (record(rule("ex:view")), "permission.0.action", f"ex:view {KNOWN_ACTION}"),
        (record(rule(["use", "read"])), "permission.0.action", "a rule has one action"),  # type: ignore[arg-type]
        (record(rule(None)), "permission.0.action", "a rule has one action"),  # type: ignore[arg-type]
        (record({"action": "use"}), "permission.0.target", "a permission is on one asset"),
        (
            record(prohibition=[{"action": "use"}]),
            "prohibition.0.target",
            "a prohibition is on one asset",
        ),
        (record(rule(target="nowhere")), "permission.0.target", "must be an IRI"),
        (record(rule(assignee="")), "permission.0.assignee", "must be an IRI"),
        (record(rule(uid="x y")), "permission.0.uid", "must be an IRI"),
        (record(rule(maxUses=3)), "permission.0.maxUses", "is not understood here"),
        (record(rule(remedy=[])), "permission.0.remedy", "is not understood here"),
        (record(rule(), inheritFrom=POLICY), "inheritFrom", "is not understood here"),
        (
            limited(leftOperand="spatialCoordinates"),
            "permission.0.constraint.0.leftOperand",
            "spatialCoordinates is not understood here",
        ),
        (
            limited(operator="hasPart"),
            "permission.0.constraint.0.operator",
            "hasPart is not understood here",
        ),
        (
            limited(operator="neg"),
            "permission.0.constraint.0.operator",
            "neg is not understood here",
        ),
        (
            limited(operator="lt"),
            "permission.0.constraint.0.operator",
            "lt is not understood of purpose; known are eq, neq, isAnyOf, isNoneOf, isAllOf",
        ),
        (
            limited(leftOperand="count", operator="isAnyOf"),
            "permission.0.constraint.0.operator",
            "isAnyOf is not understood of count; known are eq, neq, lt, lteq, gt, gteq",
        ),
        (
            limited(andSequence=[]),
            "permission.0.constraint.0.andSequence",
            "is not understood here",
        ),
        (
            record(rule(constraint=[{"or": {"@list": []}}])),
            "permission.0.constraint.0.or",
            "at least one constraint",
        ),
        (
            record(rule(constraint=[PURPOSE | {"and": [PURPOSE]}])),
            "permission.0.constraint.0.leftOperand",
            "is not understood here",
        ),
        (
            limited(rightOperand=[]),
            "permission.0.constraint.0.rightOperand",
            "a value, or a reference to one",
        ),
        (
            limited(rightOperand=["research", "resale"]),
            "permission.0.constraint.0.rightOperand",
            "eq takes one value",
        ),
        (
            limited(rightOperandReference="urn:example:list"),
            "permission.0.constraint.0.rightOperandReference",
            "stands alone, and with an operator over several values",
        ),
        (
            limited(rightOperand=typed(3, "integer")),
            "permission.0.constraint.0.rightOperand",
            "must be a text or an IRI",
        ),
        (
            limited(rightOperand=""),
            "permission.0.constraint.0.rightOperand",
            "must be a text or an IRI",
        ),
        (
            limited(rightOperand=3),
            "permission.0.constraint.0.rightOperand",
            "must be a text, or an object of @value and @type, or of @id",
        ),
        (
            limited(rightOperand={"@value": "research", "@language": "en"}),
            "permission.0.constraint.0.rightOperand",
            "must be a text, or an object of @value and @type, or of @id",
        ),
        (
            limited(unit="euro"),
            "permission.0.constraint.0.unit",
            "must be an IRI",
        ),
        (
            record(rule(target={"@type": "AssetCollection"})),
            "permission.0.target",
            "a collection has a uid or a source",
        ),
        (
            record(
                rule(target={"@type": "AssetCollection", "uid": ASSET, "refinement": [PURPOSE]})
            ),
            "permission.0.target.source",
            "a collection that is refined has a source",
        ),
        (
            record(rule(assignee={"@type": "Group", "uid": ALICE})),
            "permission.0.assignee.@type",
            "must be PartyCollection",
        ),
        (record(rule(), conflict="perm"), "conflict", "perm is not understood here"),
        (record(rule()) | {"@type": "Request"}, "@type", "Request is not understood here"),
        (record(rule()) | {"uid": "mine"}, "uid", "must be an IRI"),
        (record(), "permission", "a policy has at least one rule"),
        (
            record(rule(uid=POLICY), rule(uid=POLICY)),
            "permission",
            "two rules have one uid",
        ),
        (
            record(rule(), profile="urn:example:profile"),
            "profile",
            "urn:example:profile is not understood here, so nothing is processed",
        ),
        (
            record(rule(assignee=ALICE)) | {"@type": "Agreement"},
            "permission.0.assigner",
            "an agreement names both parties",
        ),
        (
            record(rule(assigner=ALICE)) | {"@type": "Agreement"},
            "permission.0.assignee",
            "an agreement names both parties",
        ),
        (nested(8), "and", "at most 8 within one another"),
        (record(*[rule()] * 1_001), "permission", "at most 1000"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_field_and_rule(
    said: dict[str, Any], field: str, why: str
) -> None:
    with pytest.raises(BadField) as refused:
        read_policy(said)
    assert refused.value.field.endswith(field)
    assert refused.value.rule.startswith(why)


@pytest.mark.parametrize(
    ("operand", "literal", "why"),
    [
        ("count", "3", "must be an xsd:integer"),
        ("count", typed("3.5", "integer"), "must be an xsd:integer"),
        ("count", typed(3, "decimal"), "must be an xsd:integer"),
        ("count", typed(2**53, "integer"), "must be an xsd:integer"),
        ("payAmount", typed("1e3", "double"), "must be an xsd:decimal"),
        ("payAmount", typed("NaN", "decimal"), "must be an xsd:decimal"),
        ("dateTime", "2026-11-27T00:00:00Z", TIME),
        ("dateTime", typed("2026-11-27T00:00:00", "dateTime"), TIME),
        ("dateTime", typed("2026-13-27T00:00:00Z", "dateTime"), TIME),
        ("dateTime", typed("0001-01-01T00:00:00+01:00", "dateTime"), TIME),
        ("dateTime", typed("2026-02-30", "date"), TIME),
        (
            "elapsedTime",
            typed("P1M", "duration"),
            "must be an xsd:duration of days, hours, minutes and seconds",
        ),
        (
            "elapsedTime",
            typed("-P1D", "duration"),
            "must be an xsd:duration of days, hours, minutes and seconds",
        ),
        (
            "elapsedTime",
            typed("P999999999DT99999999H", "duration"),
            "must be an xsd:duration of days, hours, minutes and seconds",
        ),
        (
            "elapsedTime",
            typed("P", "duration"),
            "must be an xsd:duration of days, hours, minutes and seconds",
        ),
    ],
)
def test_a_value_of_another_datatype_is_refused(operand: str, literal: Any, why: str) -> None:
    with pytest.raises(BadField) as refused:
        read_policy(record(rule(constraint=[constraint(operand, "lteq", literal)])))
    assert refused.value.field == "permission.0.constraint.0.rightOperand"
    assert refused.value.rule == why


def test_depth_is_allowed_up_to_its_bound() -> None:
    assert read_policy(nested(7)).permissions


def test_profiles_that_are_understood_are_processed() -> None:
    assert read_policy(record(rule(), profile=PROFILE)).profiles == (PROFILE,)
    known = read_policy(record(rule(), profile="urn:example:p"), profiles=["urn:example:p"])
    assert known.profiles == ("urn:example:p",)


def test_a_rule_without_a_name_gets_one_by_what_it_says() -> None:
    one, other = (read_policy(record(rule(action))) for action in ("use", "read"))
    assert one.permissions[0].uid.startswith(f"{POLICY}#permission-")
    assert one.permissions[0].uid != other.permissions[0].uid
    assert read_policy(record(rule())).permissions == one.permissions


def test_the_order_of_a_document_changes_nothing() -> None:
    more = constraint("spatial", "isPartOf", ["SG", "CN"])
    one = record(rule("use", constraint=[PURPOSE, more]), rule("read"))
    turned = record(rule("read"), rule("use", constraint=[more, PURPOSE]))
    assert read_policy(one) == read_policy(turned)
    assert read_policy(one).digest == read_policy(turned).digest


def test_values_are_written_in_one_form() -> None:
    said = [
        constraint("dateTime", "lteq", typed("2026-11-27T20:00:00.5+08:00", "dateTime")),
        constraint("elapsedTime", "lteq", typed("PT48H", "duration")),
        constraint("payAmount", "lteq", typed("5.00", "decimal")),
        constraint("purpose", "neq", {"@id": "urn:example:resale"}),
    ]
    found = read_policy(record(rule(constraint=said))).to_record()["permission"][0]["constraint"]
    written = {each["leftOperand"]: each["rightOperand"] for each in found}
    assert written == {
        "dateTime": {"@type": "xsd:dateTime", "@value": "2026-11-27T12:00:00.500000Z"},
        "elapsedTime": {"@type": "xsd:duration", "@value": "P2D"},
        "payAmount": {"@type": "xsd:decimal", "@value": "5"},
        "purpose": {"@id": "urn:example:resale"},
    }
    assert {each["operator"] for each in found} == {"lteq", "odrl:neq"}
    assert isinstance(Iri("urn:example:resale"), str)


@unhurried
@given(policies)
def test_a_record_reads_back_to_its_policy(found: Policy) -> None:
    again = read_policy(found.to_record())
    assert again == found
    assert again.record == found.record
    assert again.digest == found.digest


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "use", "x:y", "Set"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["action", "target", "@id", "@list", "and", "leftOperand", "uid", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@unhurried
@given(
    st.dictionaries(
        st.sampled_from(["@type", "uid", "permission", "prohibition", "profile", "conflict"]), _JSON
    )
)
def test_any_other_record_is_refused_and_breaks_nothing(said: dict[str, Any]) -> None:
    with pytest.raises(BadField):
        read_policy(said)
