"""Values of constraints: typed as left operands are, read from and written as XSD literals."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from exchange.errors import BadField
from exchange.policy.vocabulary import Datatype


class Iri(str):
    """A text that names a resource; it equals the same text that does not."""

    __slots__ = ()


Value: TypeAlias = str | int | Decimal | dt.datetime | dt.date | dt.timedelta

INTEGER_MAX: Final = 2**53 - 1  # what a JSON number and an entry of the ledger hold
TEXT_MAX: Final = 2_000  # characters of one value
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS: Final = frozenset(
    {
        "byte",
        "int",
        "integer",
        "long",
        "negativeInteger",
        "nonNegativeInteger",
        "nonPositiveInteger",
        "positiveInteger",
        "short",
        "unsignedByte",
        "unsignedInt",
        "unsignedLong",
        "unsignedShort",
    }
)
# Which XSD types may stand for which sort of value.
_ACCEPTED: Final[Mapping[Datatype, frozenset[str]]] = MappingProxyType(
    {
        Datatype.TEXT: frozenset({"string", "anyURI"}),
        Datatype.PLACE: frozenset({"string", "anyURI"}),
        Datatype.INTEGER: _INTEGERS,
        Datatype.DECIMAL: _INTEGERS | {"decimal"},
        Datatype.INSTANT: frozenset({"dateTime", "dateTimeStamp", "date"}),
        Datatype.DURATION: frozenset({"duration", "dayTimeDuration"}),
    }
)
_WANTED: Final[Mapping[Datatype, str]] = MappingProxyType(
    {
        Datatype.TEXT: "a text or an IRI",
        Datatype.PLACE: "a text or an IRI",
        Datatype.INTEGER: "an xsd:integer",
        Datatype.DECIMAL: "an xsd:decimal",
        Datatype.INSTANT: "an xsd:dateTime with its time zone, or an xsd:date",
        Datatype.DURATION: "an xsd:duration of days, hours, minutes and seconds",
    }
)
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,16}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_DURATION: Final = re.compile(
    r"P(?=[0-9T])(?:([0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:\.([0-9]{1,6}))?S)?)?",
    re.ASCII,
)


def read_value(literal: Any, datatype: Datatype, where: str) -> Value:  # noqa: ANN401 - JSON
    """Return the value of a literal of a record, or raise `BadField` for another datatype.

    A literal is a text, an object of `@value` and `@type`, or one of `@id`.
    """
    text, name = _parts(literal, where)
    if name not in _ACCEPTED[datatype] and not (name == "@id" and "string" in _ACCEPTED[datatype]):
        raise BadField(where, f"must be {_WANTED[datatype]}")
    try:
        value = _value(text, name, datatype)
    except (ValueError, OverflowError, InvalidOperation):
        value = None
    if value is None:
        raise BadField(where, f"must be {_WANTED[datatype]}")
    return value


def _parts(literal: Any, where: str) -> tuple[str, str]:  # noqa: ANN401 - JSON
    if isinstance(literal, str):
        return literal, "string"
    if isinstance(literal, Mapping):
        if set(literal) == {"@id"} and isinstance(literal["@id"], str):
            return literal["@id"], "@id"
        if set(literal) == {"@value", "@type"} and all(
            isinstance(v, str) for v in literal.values()
        ):
            return literal["@value"], literal["@type"].removeprefix("xsd:").removeprefix(XSD)
    raise BadField(where, "must be a text, or an object of @value and @type, or of @id")


def _value(text: str, name: str, datatype: Datatype) -> Value | None:
    match datatype:
        case Datatype.INTEGER:
            number = int(text) if _INTEGER.fullmatch(text) else INTEGER_MAX + 1
            return number if abs(number) <= INTEGER_MAX else None
        case Datatype.DECIMAL:
            return Decimal(text) if _DECIMAL.fullmatch(text) else None
        case Datatype.INSTANT:
            return _day(text) if name == "date" else _instant(text)
        case Datatype.DURATION:
            return _duration(text)
        case _:
            named = Iri(text) if name in {"@id", "anyURI"} else text
            return named if 0 < len(text) <= TEXT_MAX else None


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None


def _instant(text: str) -> dt.datetime | None:
    found = dt.datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    return found.astimezone(dt.UTC) if found else None


def _duration(text: str) -> dt.timedelta | None:
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    days, hours, minutes, seconds, part = (each or "0" for each in found.groups())
    return dt.timedelta(
        days=int(days),
        hours=int(hours),
        minutes=int(minutes),
        seconds=int(seconds),
        microseconds=int(part.ljust(6, "0")),
    )


def write_value(value: Value) -> str | dict[str, str]:
    """Return the literal of a value, as a record has it."""
    if isinstance(value, Iri):
        return {"@id": str(value)}
    if isinstance(value, str):
        return value
    return {"@type": f"xsd:{xsd_name(value)}", "@value": lexical(value)}


def xsd_name(value: Value) -> str:
    """Return the XSD type that a value that is no text is written with."""
    match value:
        case dt.datetime():
            return "dateTime"
        case dt.date():
            return "date"
        case dt.timedelta():
            return "duration"
        case Decimal():
            return "decimal"
        case _:
            return "integer"


def lexical(value: Value) -> str:
    """Return a value in the one form in which it is written; instants in UTC."""
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case dt.date():
            return value.isoformat()
        case dt.timedelta():
            return _iso_duration(value)
        case Decimal():
            return _plain(value)
        case _:
            return str(value)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _iso_duration(value: dt.timedelta) -> str:
    if not value.seconds and not value.microseconds:
        return f"P{value.days}D"
    days = f"{value.days}D" if value.days else ""
    part = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    return f"P{days}T{value.seconds}{part}S"
