"""Reading vocabulary values from JSON or TOML, with errors that name the field.

The checks are pydantic's, over the same frozen dataclasses that the rest of the exchange
uses, so that a stored record, a file of a supplier and a request are read by one rule.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    if _holds_truths(record):
        _require_truths(record, to_record(value), within)
    return value


def _holds_truths(given: Any) -> bool:  # noqa: ANN401 - any part of a record
    """Whether true or false stands anywhere in what was given."""
    if isinstance(given, Mapping):
        return any(map(_holds_truths, given.values()))
    if isinstance(given, list | tuple):
        return any(map(_holds_truths, given))
    return isinstance(given, bool)


def _require_truths(given: Any, kept: Any, where: str) -> None:  # noqa: ANN401 - parts of records
    """Raise `BadField` for the first true or false that was taken for a number."""
    if isinstance(given, bool) and not isinstance(kept, bool):
        raise BadField(where, "is not true or false")
    parts: Iterable[tuple[Any, Any, Any]] = ()
    if isinstance(given, Mapping) and isinstance(kept, Mapping):
        parts = ((name, given[name], kept[name]) for name in given if name in kept)
    elif isinstance(given, list | tuple) and isinstance(kept, list | tuple):
        parts = ((nth, *pair) for nth, pair in enumerate(zip(given, kept, strict=False)))
    for name, one, other in parts:
        _require_truths(one, other, f"{where}.{name}" if where else str(name))


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
        found = ".".join(str(part) for part in (where, *_path(first["loc"], value)) if part != "")
        raise BadField(found or hint.__name__, _rule(first)) from error


def _path(loc: Sequence[int | str], given: Any) -> Iterator[int | str]:  # noqa: ANN401 - a field
    """Yield a place as the record has it: pydantic names the form of what has several as well."""
    for nth, part in enumerate(loc):
        if isinstance(given, Mapping):
            if nth + 1 < len(loc) and part in given.values():
                continue  # such as `range`, which stands in the field `check`
            given = given.get(part)
        elif isinstance(given, list | tuple) and isinstance(part, int) and part < len(given):
            given = given[part]
        yield part


def _rule(told: Mapping[str, Any]) -> str:
    """Say in words of a record what pydantic says in its own."""
    match told["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return "there is no such field"
        case "union_tag_not_found" | "union_tag_invalid":
            tag = told["ctx"]["discriminator"].strip("'")
            known, given = (told["ctx"].get(name) for name in ("expected_tags", "tag"))
            return f"{tag} {given} is none of {known}" if known else f"{tag} is missing"
        case "dataclass_type" | "model_attributes_type":
            return "must be a table of fields"
    return str(told["msg"]).removeprefix("Value error, ")


def to_record(value: object) -> dict[str, Any]:
    """Return the JSON form of a vocabulary value: strings, integers, booleans, lists."""
    record: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return record
