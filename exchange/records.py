"""Reading vocabulary values from JSON or TOML, with errors that name the field.

The checks are pydantic's, over the same frozen dataclasses that the rest of the exchange
uses, so that a stored record, a file of a supplier and a request are read by one rule.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Final, TypeVar

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from exchange.errors import BadField
from ledger.canonical import decode
from pricing.errors import PricingError
from pricing.money import Money

STRICT: Final = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=20_000)

T = TypeVar("T")

_LONG: Final = 65_536  # bytes of a record that is not kept in memory


def printable(text: str) -> str:
    """Return text fit for a record and for a terminal: NFC, one line, nothing unprintable."""
    decoded = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    normal = unicodedata.normalize("NFC", decoded)
    return "".join(each if each.isprintable() else "\ufffd" for each in normal)


def _money(value: Any) -> Money:  # noqa: ANN401 - what stood in the file
    try:
        return Money.read(value)
    except PricingError as error:
        raise ValueError(str(error)) from error


Amount = Annotated[
    Money,
    BeforeValidator(_money),
    PlainSerializer(Money.to_record, return_type=dict[str, Any]),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"minor": {"type": "integer"}, "currency": {"type": "string"}},
            "required": ["minor", "currency"],
        },
        mode="serialization",
    ),
]


# True as a rule, and left out of a record then: one kept before there was such a field still reads.
Usually = Annotated[bool, Field(exclude_if=lambda value: value is True)]

_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}  # building one costs milliseconds


def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a type, or one with its bounds
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def read_record(kind: type[T], record: Mapping[str, Any], *, within: str = "") -> T:
    """Build a value of `kind`, or raise `BadField` for the first field that breaks its rule.

    Unknown fields are errors.  `within` is put before the field's dotted name.
    """
    value: T = read_field(kind, record, within)
    return value


def read_stored(kind: type[T], data: bytes) -> T:
    """Build a value of `kind` from the canonical bytes of its record, as `read_record` does.

    The same bytes are read once in a process, unless they are long: every order asks for the same
    few sheets, terms and profiles.
    """
    reading: Callable[[type[T], bytes], T] = _read if len(data) > _LONG else _read_once
    return reading(kind, data)


def _read(kind: type[T], data: bytes) -> T:
    return read_record(kind, decode(data))


_read_once: Any = lru_cache(maxsize=128)(_read)


def read_field(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - a field of any type
    """Build the value of one field from its type hint, bounds included, or raise `BadField`."""
    try:
        return _adapter(hint).validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        found = ".".join(str(part) for part in (where, *first["loc"]) if part != "")
        rule = first["msg"].removeprefix("Value error, ")
        raise BadField(found or hint.__name__, rule) from error


def to_record(value: object) -> dict[str, Any]:
    """Return the JSON form of a vocabulary value: strings, integers, booleans, lists."""
    record: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return record
