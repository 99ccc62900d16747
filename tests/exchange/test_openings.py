"""What opens commitments: documents as values, salts, and what an error may show."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.errors import BadField
from exchange.openings import (
    Opening,
    committed_fields,
    document_value,
    open_with,
    read_opening,
    require_document,
)
from ledger.canonical import encode

SALT = bytes(range(32))


def salts() -> Iterator[bytes]:
    return (number.to_bytes(32) for number in itertools.count())


@given(st.binary(max_size=200))
def test_a_document_comes_back_as_it_was(data: bytes) -> None:
    value = document_value(data)
    encode(value)
    assert require_document({"report": value}, "report") == data


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("已评估\n".encode(), "已评估\n"),
        (b"\xff\xd8", {"base64": "/9g="}),
        (b"", {"base64": ""}),
        ("e\u0301".encode(), {"base64": base64.b64encode("e\u0301".encode()).decode()}),
    ],
    ids=["text", "bytes that are no text", "nothing", "text that is not in form NFC"],
)
def test_a_document_is_its_text_where_that_has_a_canonical_form(data: bytes, value: object) -> None:
    assert document_value(data) == value


def test_each_value_has_a_salt_of_its_own() -> None:
    drawn = salts()
    made = open_with(lambda _: next(drawn), {"report": "same", "comments": "same"})
    assert len({opening.salt for opening in made}) == 2
    assert made[0].commitment != made[1].commitment


def test_an_opening_is_read_as_it_was_written() -> None:
    made = Opening("grounds", SALT, {"a": [1, "二"]})
    assert read_opening(made.to_record()) == made


@pytest.mark.parametrize("salt", ["", "AAAA", "not base 64", f"{'A' * 42}B=", 7])
def test_a_salt_that_is_none_is_named(salt: object) -> None:
    record = Opening("grounds", SALT, "x").to_record() | {"salt": salt}
    if salt in {"", "AAAA"}:  # base 64 of too few bytes: found where the act is at hand
        assert len(read_opening(record).salt) < 32
        return
    with pytest.raises(BadField, match=r"openings\.grounds\.salt: 32 bytes, in base 64"):
        read_opening(record)


def test_what_cannot_be_canonical_is_refused_before_it_is_signed() -> None:
    with pytest.raises(BadField, match="grounds: value: text is not in Unicode form NFC"):
        open_with(bytes, {"grounds": "e\u0301"})


def test_neither_value_nor_salt_is_shown_by_accident() -> None:
    assert repr(Opening("grounds", SALT, "a secret")) == "Opening(grounds)"


def test_the_committed_fields_are_those_of_the_kind() -> None:
    assert committed_fields("compliance.attested") == {"report"}
    assert committed_fields("trade.ordered") == committed_fields("no.such.kind") == frozenset()
