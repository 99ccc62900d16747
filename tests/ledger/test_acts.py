from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.acts import (
    DOMAIN,
    Act,
    SignedAct,
    format_time,
    key_id,
    opened_subject,
    parse_time,
)
from ledger.canonical import encode
from ledger.errors import BadAct, LedgerError, NotCanonical
from ledger.keys import verifies
from tests.ledger.floor import Floor, pair, resigned

FLOOR = Floor().ready("product.registered")
SIGNED = FLOOR.sign("product.registered")
ACT = SIGNED.act
OWN = pair("supplier").public_key


def test_a_signed_act_verifies_and_is_read_back() -> None:
    SIGNED.verify(OWN)
    read = SignedAct.from_record(ACT.to_record(), SIGNED.signature_text)
    assert read.act.message == ACT.message == DOMAIN + encode(ACT.to_record())
    assert read.act.digest == ACT.digest
    read.verify(OWN)


@pytest.mark.parametrize(
    "changes",
    [
        {"log": "other.example/ledger"},
        {"kind": "sheet.submitted"},
        {"subject": "product/GP-AAAA-AAAA-AAAA"},
        {"actor": "PT-AAAA-AAAA-AAAA"},
        {"time": "2026-01-05T09:00:01Z"},
        {"nonce": "f" * 32},
        {"facts": {**ACT.facts, "bytes": 12_346}},
    ],
)
def test_changing_any_field_breaks_the_signature(changes: dict[str, Any]) -> None:
    changed = replace(ACT, **changes)
    assert changed.digest != ACT.digest
    with pytest.raises(BadAct, match="the signature does not cover the act"):
        SignedAct(changed, SIGNED.signature).verify(OWN)


def test_an_act_is_signed_by_the_key_it_names() -> None:
    with pytest.raises(BadAct, match="the signer holds another"):
        ACT.signed(pair("thief"))
    with pytest.raises(BadAct, match="is not the key of its actor"):
        SIGNED.verify(pair("thief").public_key)
    named = resigned(SIGNED, "thief", key=key_id(pair("thief").public_key))
    with pytest.raises(BadAct, match="is not the key of its actor"):
        named.verify(OWN)


def test_the_signature_means_nothing_without_its_domain() -> None:
    assert not verifies(OWN, SIGNED.signature, encode(ACT.to_record()))
    assert DOMAIN.endswith(b"\n")
    assert not DOMAIN.startswith(b"{")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("log", 7, "act.log: must be text"),
        ("kind", None, "act.kind: must be text"),
        ("key", 7, "act.key: must be text"),
        ("time", 7, "act.time: must be text"),
        ("nonce", 7, "act.nonce: must be text"),
        ("actor", 7, "act.actor: must be text or null"),
        ("subject", [], "act.subject: must be text or null"),
        ("facts", [], "act.facts: must be an object"),
        ("nonce", "0" * 31, "act.nonce: must be 32 hex digits"),
        ("nonce", "F" * 32, "act.nonce: must be 32 hex digits"),
        ("nonce", "0" * 32 + "\n", "act.nonce: must be 32 hex digits"),
        ("time", "2026-01-05", "act.time: '2026-01-05' is not a time"),
    ],
)
def test_a_field_of_another_type_is_refused(field: str, value: Any, words: str) -> None:
    with pytest.raises(BadAct, match=words):
        Act.from_record(ACT.to_record() | {field: value})


def test_fields_missing_or_unknown_are_named() -> None:
    record = ACT.to_record()
    with pytest.raises(BadAct, match="fields missing or unknown: more"):
        Act.from_record(record | {"more": 1})
    del record["nonce"]
    with pytest.raises(BadAct, match="fields missing or unknown: nonce"):
        Act.from_record(record)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "é",
        "AAAA",
        SIGNED.signature_text[:-1],
        SIGNED.signature_text + "\n",
        SIGNED.signature_text[:-3] + "B==",
        f" {SIGNED.signature_text}",
    ],
)
def test_a_signature_has_one_text(text: str) -> None:
    with pytest.raises(BadAct, match="signature: not"):
        SignedAct.from_record(ACT.to_record(), text)


def test_facts_outside_the_profile_cannot_be_signed() -> None:
    with pytest.raises(NotCanonical):
        _ = replace(ACT, facts={"price": 1.5}).message


def test_an_opened_subject_is_named_by_its_act() -> None:
    name = opened_subject("product", ACT)
    assert name.startswith("product/GP-")
    assert len(name) == len("product/GP-XXXX-XXXX-XXXX")
    assert not set("ILOU") & set(name.partition("-")[2])
    assert name != opened_subject("product", replace(ACT, nonce="f" * 32))
    bits = int(ACT.digest, 16) >> 196
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    for letter in name.partition("-")[2].replace("-", ""):
        number = number * 32 + alphabet.index(letter)
    assert number == bits


def test_a_trade_bears_the_number_of_its_quote() -> None:
    order = replace(ACT, facts={"quote": "QT-01AB-CDEF-ZZZZ"})
    assert opened_subject("trade", order) == "trade/TR-01AB-CDEF-ZZZZ"
    assert opened_subject("quote", order) != "quote/QT-01AB-CDEF-ZZZZ"
    for quote in ("QT-01AB-CDEF-ZZZI", "QT-01AB-CDEF-ZZZZ\n", "GP-01AB-CDEF-ZZZZ", "", 7, None):
        odd = opened_subject("trade", replace(ACT, facts={"quote": quote}))
        assert odd != "trade/TR-01AB-CDEF-ZZZZ"
        assert len(odd) == len("trade/TR-01AB-CDEF-ZZZZ")


@given(st.datetimes(timezones=st.timezones()))
def test_times_are_whole_seconds_of_utc(moment: dt.datetime) -> None:
    try:
        text = format_time(moment)
    except OverflowError:
        return  # the edge of the calendar, seen from another zone
    read = parse_time(text, "x")
    assert read.tzinfo is dt.UTC
    assert dt.timedelta(0) <= moment - read < dt.timedelta(seconds=1)
    assert format_time(read) == text
    assert len(text) == 20


def test_a_time_without_a_zone_is_no_instant() -> None:
    with pytest.raises(BadAct, match="no instant"):
        format_time(dt.datetime(2026, 1, 5))  # noqa: DTZ001 - what is tested


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T24:00:00Z",
        "2026-01-05T09:00:60Z",
        "2026-02-30T09:00:00Z",
        "0000-01-05T09:00:00Z",
        "2026-01-05T09:00:00z",
        "2026-01-05 09:00:00Z",
        "2026-01-05T09:00:00.0Z",
        "2026-01-05T09:00Z",
        "2026-01-05T09:00:00Z\n",
        "２026-01-05T09:00:00Z",
    ],
)
def test_an_instant_has_one_form(text: str) -> None:
    with pytest.raises(BadAct, match=r"x: .* is not a time"):
        parse_time(text, "x")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(ACT.to_record())), json_values)
def test_reading_an_act_raises_ledger_errors_alone(field: str, value: Any) -> None:
    record = json.loads(encode(ACT.to_record())) | {field: value}
    try:
        act = SignedAct.from_record(record, SIGNED.signature_text).act
        assert act.message
    except LedgerError:
        return
    assert value is None or isinstance(value, str | dict)
