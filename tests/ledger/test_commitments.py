"""Commitments hide, bind, and can be opened while the salt lives."""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.commitments import Disclosure, Standing, commit, commitment, standings
from ledger.errors import BadProof, NotCanonical

SALT = b"\x05" * 32
VALUES: dict[str, Any] = {
    "contact": {"name": "王芳", "desk": 7},
    "reason": "illness",
    "iban": "DE00",
}
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text("abc鱼 ", max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=5,
)


def draws() -> partial[bytes]:
    return partial(secrets.token_bytes, 32)


def test_a_commitment_is_the_hmac_that_the_format_says() -> None:
    # HMAC as RFC 2104 states it, without the library.
    message = b"reason" + b"\x00" + b'"illness"'
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in SALT.ljust(64, b"\x00")) + message).digest()
    outer = hashlib.sha256(bytes(b ^ 0x5C for b in SALT.ljust(64, b"\x00")) + inner).digest()
    assert commitment("reason", "illness", SALT) == base64.b64encode(outer).decode()


@given(json_values, st.binary(min_size=32, max_size=32))
def test_what_is_committed_to_can_be_disclosed(value: Any, salt: bytes) -> None:
    disclosure = Disclosure(5, "field", salt, value)
    read = Disclosure.parse(disclosure.to_line())
    assert read == disclosure
    read.verify({"field": commitment("field", value, salt)})


@given(json_values, json_values)
def test_another_value_is_not_what_was_committed_to(one: Any, other: Any) -> None:
    made = {"field": commitment("field", one, SALT)}
    if commitment("field", other, SALT) != made["field"]:
        with pytest.raises(BadProof, match="entry 5: field is not what was committed to"):
            Disclosure(5, "field", SALT, other).verify(made)
    else:
        assert one == other


def test_field_salt_and_value_are_all_bound() -> None:
    made, kept = commit(5, VALUES, draws())
    assert set(made) == set(VALUES)
    for disclosure in kept:
        disclosure.verify(made)
        for other in (
            replace(disclosure, salt=SALT),
            replace(disclosure, value="something else"),
            replace(disclosure, field=next(name for name in VALUES if name != disclosure.field)),
        ):
            with pytest.raises(BadProof, match="is not what was committed to"):
                other.verify(made)
    with pytest.raises(BadProof, match="entry 5 has no commitment to name"):
        Disclosure(5, "name", SALT, "x").verify(made)


def test_field_and_value_cannot_change_their_border() -> None:
    assert commitment("ab", "c", SALT) != commitment("a", "bc", SALT)
    assert commitment("a", "1", SALT) != commitment("a", 1, SALT)
    assert commitment("a", True, SALT) != commitment("a", 1, SALT)


def test_equal_values_are_not_seen_to_be_equal() -> None:
    made, _ = commit(5, {"a": "yes", "b": "yes"}, draws())
    again, _ = commit(6, {"a": "yes"}, draws())
    assert len({made["a"], made["b"], again["a"]}) == 3


def test_a_source_that_repeats_itself_is_refused() -> None:
    with pytest.raises(BadProof, match="two fields were given one salt"):
        commit(5, {"a": 1, "b": 1}, lambda: SALT)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(BadProof, match="a salt has 32 bytes"):
        commit(5, {"a": 1}, lambda: bytes(length))


@pytest.mark.parametrize("field", ["", "a\x00b", "a b", "né", "x" * 101, "a\n"])
def test_a_name_that_is_none_is_refused(field: str) -> None:
    with pytest.raises(BadProof, match="is not the name of a field"):
        commitment(field, 1, SALT)


@pytest.mark.parametrize("value", [1.5, 2**53, "e\u0301", {"é": 1}, b"bytes"])
def test_a_value_outside_the_profile_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        commitment("field", value, SALT)


LINE = Disclosure(5, "reason", SALT, "illness").to_line()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        LINE + b"\n",
        LINE.replace(b":5", b":-5"),
        LINE.replace(b":5", b":true"),
        LINE.replace(b":5", b':"5"'),
        LINE.replace(b":5", b": 5"),
        LINE.replace(b'"reason"', b"7"),
        LINE.replace(b'"reason"', b'""'),
        LINE.replace(b"BQUF", b"BQU"),
        LINE.replace(b"BQUF", b"", 1),
        LINE.replace(b"BQU=", b"BQV="),
        LINE.replace(b'"value"', b'"worth"'),
        LINE.replace(b'"illness"', b"1.5"),
    ],
)
def test_a_malformed_line_is_refused(line: bytes) -> None:
    with pytest.raises((BadProof, NotCanonical)):
        Disclosure.parse(line)


def test_the_value_stays_out_of_messages() -> None:
    disclosure = Disclosure.parse(LINE)
    assert repr(disclosure) == "Disclosure(entry 5, reason)"
    with pytest.raises(BadProof) as caught:
        disclosure.verify({"reason": "x"})
    assert "illness" not in str(caught.value)


def test_erased_is_said_and_is_not_missing() -> None:
    made, kept = commit(5, VALUES, draws())
    by_field = {each.field: each for each in kept}
    found = standings(5, made, [by_field["contact"]], [made["reason"]])
    assert found == {
        "contact": Standing.DISCLOSED,
        "iban": Standing.WITHHELD,
        "reason": Standing.ERASED,
    }
    # Who has kept a copy can still show it: erasure is not calling back.
    assert standings(5, made, kept, made.values()) == dict.fromkeys(made, Standing.DISCLOSED)


def test_disclosures_of_other_entries_do_not_count_and_false_ones_do_harm() -> None:
    made, kept = commit(5, VALUES, draws())
    elsewhere = [replace(each, index=6) for each in kept]
    assert set(standings(5, made, elsewhere, ()).values()) == {Standing.WITHHELD}
    for false in ([replace(kept[0], value=0)], [replace(kept[0], field="name")]):
        with pytest.raises(BadProof):
            standings(5, made, false, ())


def test_a_small_set_of_values_cannot_be_searched_without_the_salt() -> None:
    made, kept = commit(5, {"answer": "no"}, draws())
    guesses = itertools.product(("yes", "no"), (bytes(32), SALT))
    assert made["answer"] not in {commitment("answer", value, salt) for value, salt in guesses}
    assert kept[0].commitment == made["answer"]
