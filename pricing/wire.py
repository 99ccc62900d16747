"""Wire form of pricing values: JSON of strings and integers only, read back exactly.

A frozen dataclass is an object of its fields, None is a field left out, a `Decimal` is its
plain notation, a `Fraction` is "1/3", a tuple is a list.  A `float`, which a statistic or a
probability may be and an amount never is, is the shortest text that reads back as the same
64 bits.  A class may write itself otherwise by `to_record` and `from_record`.  There are no
JSON numbers but integers, and no booleans: a parameter with two settings is a `StrEnum`,
which says what each of them means.

What comes out lies within the ledger's canonical profile, so `canonical` are the very bytes
that an entry would hold.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import hashlib
import json
import math
import re
import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeVar

from pricing.errors import BadInput, PricingError
from pricing.money import DIGITS_MAX, MINOR_MAX, Money, decimal_text

_DECIMAL: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_FRACTION: Final = re.compile(r"-?\d+(/0*[1-9]\d*)?", re.ASCII)
_FLOAT: Final = re.compile(r"-?\d+(\.\d+)?(e[+-]\d{2,3})?", re.ASCII)
_LENGTH_MAX: Final = 3 * DIGITS_MAX  # a number's text, with room for sign, point and both halves

_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

T = TypeVar("T")


def to_wire(value: object) -> Any:  # noqa: ANN401, C901, PLR0911 - JSON, and one return a kind of value
    """Return the JSON form of a pricing value; a type that has none is a `BadInput`."""
    match value:
        case enum.StrEnum():
            return value.value
        case str():
            return _text(value)
        case int() if not isinstance(value, bool):
            if abs(value) > MINOR_MAX:
                raise BadInput("an integer beyond 2^53 - 1 does not fit in a record")
            return value
        case Decimal():
            return decimal_text(value)
        case float():
            return _float_text(value)
        case tuple():
            return [to_wire(item) for item in value]
    if hasattr(value, "to_record"):
        return value.to_record()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((name, getattr(value, name)) for name in _names(type(value)))
        return {name: to_wire(held) for name, held in fields if held is not None}
    if isinstance(value, Fraction):
        return _fraction_text(value)
    raise BadInput(f"{type(value).__name__}: {value!r} has no exact wire form")


def from_wire(kind: type[T], value: object, where: str = "") -> T:
    """Read a value of `kind`, or raise `BadInput` naming the first field that breaks its rule.

    Unknown fields are errors; a field left out takes its default.
    """
    result: T = _read(kind, value, where)
    return result


def canonical(wire: object) -> bytes:
    """Return the one encoding of a wire form, that of RFC 8785."""
    return _ENCODER.encode(wire).encode()


def digest(wire: object) -> str:
    """Return the SHA-256 of the canonical encoding, in hexadecimal."""
    return hashlib.sha256(canonical(wire)).hexdigest()


def _fraction_text(value: Fraction) -> str:
    # A thousand digits take 3,322 bits; Python itself writes out no more than 4,300 digits.
    if max(abs(value.numerator), value.denominator).bit_length() > 3 * DIGITS_MAX:
        raise BadInput(f"a fraction of more than {DIGITS_MAX} digits is not recorded")
    return str(value)


def _float_text(value: float) -> str:
    if not math.isfinite(value):
        raise BadInput(f"{value!r} is no finite number")
    return float.__repr__(value)  # numpy's own would be "np.float64(0.1)"


def _text(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadInput("text with a lone surrogate has no encoding") from error
    if not unicodedata.is_normalized("NFC", text):
        raise BadInput(f"{text!r} is not in Unicode form NFC")
    return text


def _read(kind: Any, value: object, where: str) -> Any:  # noqa: ANN401 - a type hint in, its value out
    reading, of = _reading(kind)
    return reading(of, value, where)


@functools.cache
def _reading(kind: Any) -> tuple[Callable[[Any, object, str], Any], Any]:  # noqa: ANN401 - a type hint
    """Return what reads a value of a type hint, and what it is to be told of it."""
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        # None is never written, so what is there is of the other type.
        (kind,) = (member for member in typing.get_args(kind) if member is not types.NoneType)
        return _reading(kind)
    if origin is tuple:
        return _read_tuple, typing.get_args(kind)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _read_object, kind
    return _read_plain, kind


def _read_tuple(hints: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise BadInput(f"{where}: {value!r} is not a list")
    if hints[-1] is Ellipsis:
        hints = hints[:1] * len(value)
    if len(hints) != len(value):
        raise BadInput(f"{where}: {len(value)} items where there should be {len(hints)}")
    pairs = zip(hints, value, strict=True)
    return tuple(_read(hint, item, f"{where}[{i}]") for i, (hint, item) in enumerate(pairs))


def _read_object(kind: Any, value: object, where: str) -> Any:  # noqa: ANN401 - as _read
    if not isinstance(value, (dict, Mapping)):  # nearly all are of the first, asked in no time
        raise BadInput(f"{where or kind.__name__}: {value!r} is not an object")
    try:
        if kind is Money:
            return Money.read(value)
        if hasattr(kind, "from_record"):
            return kind.from_record(value)
    except PricingError as error:
        raise BadInput(f"{where or kind.__name__}: {error}") from error
    hints = _hints(kind)
    unknown = value.keys() - hints.keys()
    if unknown:
        raise BadInput(f"{where or kind.__name__}: {min(map(str, unknown))} is not a field of it")
    missing = _required(kind) - value.keys()
    if missing:
        raise BadInput(f"{where or kind.__name__}: {min(missing)} is missing")
    within = f"{where}." if where else ""
    return kind(**{name: _read(hints[name], held, within + name) for name, held in value.items()})


def _read_plain(kind: Any, value: object, where: str) -> Any:  # noqa: ANN401 - as _read
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise BadInput(f"{where}: {value!r} is not a {kind.__name__}")
    if kind is Decimal and len(value) <= _LENGTH_MAX and _DECIMAL.fullmatch(value):
        return Decimal(value)
    if kind is Fraction and len(value) <= _LENGTH_MAX and _FRACTION.fullmatch(value):
        return Fraction(value)
    if kind is float and _FLOAT.fullmatch(value) and math.isfinite(float(value)):
        return float(value)
    if kind is str:
        return value
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum) and value in set(kind):
        return kind(value)
    raise BadInput(f"{where}: {value!r} is not a {kind.__name__}")


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a dataclass
    return tuple(field.name for field in dataclasses.fields(kind))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


@functools.cache
def _required(kind: type) -> frozenset[str]:
    return frozenset(
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )
