from __future__ import annotations

import enum
import unicodedata
from types import MappingProxyType
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import DEPTH_MAX, INTEGER_MAX, decode, encode
from ledger.errors import NotCanonical

keys = st.text(st.characters(max_codepoint=0x7F), max_size=8)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
scalars = st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4)
)
objects = st.dictionaries(keys, values, max_size=5)


class Colour(enum.StrEnum):
    RED = "red"


@given(values)
def test_on_the_profile_the_encoding_is_that_of_rfc_8785(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(objects)
def test_what_is_encoded_is_read_back(value: dict[str, Any]) -> None:
    assert decode(encode(value)) == value


@given(st.binary(max_size=60))
def test_bytes_are_the_one_encoding_of_an_object_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except NotCanonical:
        return
    assert encode(value) == data


@given(objects, st.integers(0, 2_000), st.sampled_from([b" ", b"\n", b"\t", b"0", b",", b"\x00"]))
def test_one_byte_more_is_another_object_or_refused(
    value: dict[str, Any], place: int, more: bytes
) -> None:
    data = encode(value)
    place %= len(data) + 1
    longer = data[:place] + more + data[place:]
    try:
        assert decode(longer) != value
    except NotCanonical:
        return


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({}, b"{}"),
        ({"b": 1, "a": [True, False, None]}, b'{"a":[true,false,null],"b":1}'),
        ({"B": 1, "a": 2, "": 3, "A1": 4}, b'{"":3,"A1":4,"B":1,"a":2}'),
        (
            {"t": '鱼\u2028\x7f\x00\x1f"\\/\n'},
            '{"t":"鱼\u2028\x7f\\u0000\\u001f\\"\\\\/\\n"}'.encode(),
        ),
        ({"n": INTEGER_MAX, "m": -INTEGER_MAX}, b'{"m":-9007199254740991,"n":9007199254740991}'),
    ],
)
def test_the_encoding_of(value: dict[str, Any], data: bytes) -> None:
    assert encode(value) == data == rfc8785.dumps(value)
    assert decode(data) == value


def test_tuples_enums_and_read_only_mappings_are_encoded_as_what_they_hold() -> None:
    value = MappingProxyType({"a": (1, MappingProxyType({"c": Colour.RED}))})
    assert encode(value) == b'{"a":[1,{"c":"red"}]}'


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.0, "float is outside"),
        (float("nan"), "float"),
        (-0.0, "float"),
        (2**53, "beyond 2"),
        (-(2**53), "beyond 2"),
        ("\ud800", "lone surrogate"),
        ("e\u0301", "NFC"),
        ("\u212b", "NFC"),
        (b"x", "bytes is outside"),
        ({1, 2}, "set is outside"),
        ({"é": 1}, "not ASCII"),
        ({1: 1}, "not ASCII"),
        ({None: 1}, "not ASCII"),
        (object(), "object is outside"),
    ],
)
def test_outside_the_profile(value: Any, words: str) -> None:
    with pytest.raises(NotCanonical, match=words):
        encode(value)
    with pytest.raises(NotCanonical, match=rf"^a\.b\[1\]: .*{words}|^a\.b\[1\].*{words}"):
        encode({"a": {"b": [0, value]}})


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_nesting_has_a_limit() -> None:
    encode(nested(DEPTH_MAX))
    with pytest.raises(NotCanonical, match="nested more than"):
        encode(nested(DEPTH_MAX + 1))
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotCanonical, match="nested more than"):
        encode(endless)
    for deep in (b'{"a":' + b"[" * 100_000, b'{"a":' + b"[" * 50 + b"]" * 50 + b"}"):
        with pytest.raises(NotCanonical):
            decode(deep)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"1",
        b'"text"',
        b"[]",
        b"null",
        b"{",
        b"{} ",
        b" {}",
        b"{}\n",
        b'{"a": 1}',
        b'{"a":1 }',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"b":1,"a":2}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5_000 + b"}",
        b'{"a":"\\u00e9"}',
        b'{"a":"\\/"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\u001F"}',
        b'{"a":"\\u000a"}',
        b'{"a":"\xff"}',
        b'{"a":"e\xcc\x81"}',
        b'{"a":"\xed\xa0\x80"}',
        '{"é":1}'.encode(),
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-32-le"),
        b'{"a":1}{"a":1}',
        b"{'a':1}",
        b'{"a":1,}',
        b'{"a":"\n"}',
    ],
)
def test_bytes_that_are_not_the_one_encoding(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(data)
