from __future__ import annotations

import enum
import math
import struct
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import encode
from pricing.errors import BadInput
from pricing.money import MINOR_MAX, Currency, Money
from pricing.wire import canonical, digest, from_wire, to_wire

FREE = Money(0)


class Tide(enum.StrEnum):
    EBB = "ebb"
    FLOOD = "flood"


@dataclass(frozen=True)
class Sounding:
    depth: Decimal
    at: Tide
    place: tuple[str, int] = ("潮", 1)
    error: Fraction | None = None
    fee: Money = FREE


WIRE = {
    "depth": "12.5",
    "at": "ebb",
    "place": ["青岛", 3],
    "error": "1/3",
    "fee": {"minor": 5, "currency": "USD"},
}
SOUNDING = Sounding(Decimal("12.50"), Tide.EBB, ("青岛", 3), Fraction(1, 3), Money(5, Currency.USD))


def test_wire_form_by_example() -> None:
    assert to_wire(SOUNDING) == WIRE
    assert from_wire(Sounding, WIRE) == SOUNDING


def test_fields_left_out_take_their_defaults_and_none_is_left_out() -> None:
    read = from_wire(Sounding, {"depth": "1", "at": "flood"})
    assert read == Sounding(Decimal(1), Tide.FLOOD)
    assert "error" not in to_wire(read)


soundings = st.builds(
    Sounding,
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(Tide),
    st.tuples(st.just("x"), st.integers(-MINOR_MAX, MINOR_MAX)),
    st.none() | st.fractions(),
    st.builds(Money, st.integers(-MINOR_MAX, MINOR_MAX), st.sampled_from(Currency)),
)


@given(soundings)
def test_nothing_is_lost_on_the_wire(sounding: Sounding) -> None:
    assert from_wire(Sounding, to_wire(sounding)) == sounding


@given(soundings)
def test_bytes_are_those_that_the_ledger_would_hold(sounding: Sounding) -> None:
    wire = to_wire(sounding)
    assert canonical(wire) == encode(wire)


def test_digest_by_example() -> None:
    # printf '{"minor":1,"currency":"CNY"}' with its keys in order | sha256sum
    assert canonical(Money(1).to_record()) == b'{"currency":"CNY","minor":1}'
    assert digest(Money(1).to_record()) == DIGEST_OF_ONE_FEN


DIGEST_OF_ONE_FEN = "729c644b8e1aa6e5085e384f057414af8bec0f9514a8296ef36563fbf0189c35"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"depth": 12.5}, "depth"),
        ({"depth": 12}, "depth"),
        ({"depth": "1e3"}, "depth"),
        ({"depth": "NaN"}, "depth"),
        ({"depth": "٣"}, "depth"),
        ({"depth": "1" * 10_000}, "depth"),
        ({"at": "slack"}, "at"),
        ({"place": ["x"]}, "place"),
        ({"place": "xy"}, "place"),
        ({"place": ["x", True]}, r"place\[1\]"),
        ({"place": ["x", 1.0]}, r"place\[1\]"),
        ({"place": [3, 3]}, r"place\[0\]"),
        ({"error": "1/0"}, "error"),
        ({"error": "0.5"}, "error"),
        ({"fee": 5}, "fee"),
        ({"fee": {"minor": 5, "currency": "GBP"}}, "fee"),
        ({"salinity": "35"}, "salinity"),
    ],
)
def test_reading_names_the_field_that_breaks_its_rule(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        from_wire(Sounding, WIRE | change)


def test_reading_names_the_field_that_is_missing() -> None:
    with pytest.raises(BadInput, match="depth is missing"):
        from_wire(Sounding, {"at": "ebb"})
    with pytest.raises(BadInput, match="not an object"):
        from_wire(Sounding, [])


UNTOLD: list[object] = [math.inf, True, None, {"a": 1}, [1], object(), MINOR_MAX + 1, Sounding]
UNTOLD += [Decimal("Infinity"), "\ud800", "e\u0301", Fraction(1, 10**5_000), (1, math.nan)]


@pytest.mark.parametrize("value", UNTOLD)
def test_what_has_no_exact_wire_form_is_refused(value: object) -> None:
    with pytest.raises(BadInput):
        to_wire(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_keeps_every_bit(value: float) -> None:
    read = from_wire(float, to_wire(value))
    assert struct.pack("d", read) == struct.pack("d", value)


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "1_0.0", " 1.0", "0x1p3", 1.5, True])
def test_what_is_no_finite_float_is_refused(text: object) -> None:
    with pytest.raises(BadInput, match="rate"):
        from_wire(float, text, "rate")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_float_without_a_value_has_no_wire_form(value: float) -> None:
    with pytest.raises(BadInput):
        to_wire(value)


def test_a_float_of_numpy_is_written_as_any_other() -> None:
    assert to_wire(np.float64(0.1)) == "0.1"
