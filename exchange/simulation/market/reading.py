"""Reading a market file: TOML in, a whole `Market` out, or the first thing that is wrong with it.

Every refusal says file, line, field and rule.  The fields and their bounds are those of
`exchange.simulation.market`; what they may not be together is in its module `possible`.  A market
has one canonical form, and its digest is what a trace names.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path as File
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from exchange.errors import BadField, NotFound, Unreadable
from exchange.simulation.market import (
    Assessors,
    Brokers,
    Buyers,
    Faults,
    HouseRules,
    Kind,
    Market,
    Misconduct,
    PlugIn,
    Shock,
    Suppliers,
)
from exchange.simulation.market.laws import FORMS
from exchange.simulation.market.places import Path, Places
from exchange.simulation.market.plugged import GROUPS, wired
from exchange.simulation.market.possible import Flaw, flaws
from ledger.canonical import encode

FILE_MAX: Final = 1 << 20  # bytes: a thousand groups and kinds
_SHOWN: Final = 60  # characters of a value that a refusal repeats
_LAWS: Final = frozenset({"price", "quality", "cost", "budget", "value", "joins"})
_SECTIONS: Final[Mapping[str, type]] = {
    "kinds": Kind,
    "suppliers": Suppliers,
    "buyers": Buyers,
    "brokers": Brokers,
    "assessors": Assessors,
    "house": HouseRules,
    "misconduct": Misconduct,
    "shocks": Shock,
    "faults": Faults,
}


def read_market(path: File) -> Market:
    """Read a market file.

    Raises `NotFound`, `Unreadable` for what is no TOML or too long, and `BadField` for the first
    field that breaks its rule.
    """
    try:
        with path.open("rb") as file:
            data = file.read(FILE_MAX + 1)
    except FileNotFoundError as error:
        raise NotFound(f"{path}: no such file") from error
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path.name}: not UTF-8 at byte {error.start}") from error
    return market_of(text, path.name)


def market_of(text: str, name: str) -> Market:
    """Read the text of a market file that is called `name`; raises as `read_market` does."""
    if len(text.encode(errors="surrogatepass")) > FILE_MAX:
        raise Unreadable(f"{name}: over {FILE_MAX:,} bytes")
    try:
        # Digits of a plug-in's parameter mean what stands there, as in a price file.
        found = tomllib.loads(text, parse_float=_decimal)
        places = Places(text)
    except (ValueError, RecursionError) as error:  # an integer may have more digits than are read
        raise Unreadable(f"{name}: not TOML: {error}") from error
    try:
        return _whole(_floats(found), places.line)
    except (ValueError, ArithmeticError, RecursionError) as error:  # a figure or a depth of no use
        raise Unreadable(f"{name}: cannot be read: {error}") from error
    except _Flawed as error:
        where = f"{name}:{places.line(error.flaw.path)}"
        raise BadField(f"{where}: {error.flaw.field or name}", error.flaw.rule) from error


def market_from(record: Mapping[str, Any]) -> Market:
    """Read a market that is at hand as `record_of` writes it; raises `BadField` with the field."""
    try:
        return _whole(record, len)
    except _Flawed as error:
        raise BadField(error.flaw.field or "market", error.flaw.rule) from error


def record_of(market: Market) -> dict[str, Any]:
    """Return a market as its file would say it, every default spelled out; amounts are minor."""
    record: dict[str, Any] = _adapter().dump_python(market, mode="json")
    return record


def canonical(market: Market) -> bytes:
    """Return the one encoding of a market: that of the ledger, figures as their shortest texts."""
    return encode(_texts(record_of(market)))


def digest(market: Market) -> str:
    """Return the SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(market)).hexdigest()


@functools.cache
def _adapter() -> TypeAdapter[Market]:
    return TypeAdapter(Market)


class _Flawed(Exception):
    """A flaw on its way to whoever knows the line."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.field)
        self.flaw = flaw


def _whole(record: Mapping[str, Any], line: Callable[[Path], int]) -> Market:
    """Return the market, or raise `_Flawed` for the flaw that stands first."""
    try:
        market = _adapter().validate_python(record)
    except ValidationError as error:
        told = [_flaw(each) for each in error.errors(include_url=False)]
        # What is wrong within a list makes the list too short as well: the inner one is meant.
        raise _Flawed(max(told, key=lambda each: (len(each.path) > 1, -line(each.path)))) from error
    market = dataclasses.replace(market, kinds=tuple(map(_wired, market.kinds)))
    for flaw in flaws(market):
        raise _Flawed(flaw)
    return market


def _wired(kind: Kind) -> Kind:
    found = {field: getattr(kind, field) for field in GROUPS}
    changed: Any = {field: wired(field, each) for field, each in found.items() if each is not None}
    return dataclasses.replace(kind, **changed)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text[:_SHOWN]} is no figure that can be held") from error


def _floats(value: Any) -> Any:  # noqa: ANN401 - what TOML holds
    if isinstance(value, dict):
        return {
            name: held if name == "parameters" else _floats(held) for name, held in value.items()
        }
    if isinstance(value, list):
        return [_floats(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


def _texts(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _texts(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_texts(each) for each in value]
    return repr(value) if isinstance(value, float) else value


def _refusal(flaw: Flaw, places: Places, name: str) -> BadField:
    return BadField(f"{name}:{places.line(flaw.path)}: {flaw.field or name}", flaw.rule)


def _flaw(told: Mapping[str, Any]) -> Flaw:
    """Say in the file's words what pydantic found, at the place where the file has it."""
    loc = told["loc"]
    # The form of a law, and the mark of a key, stand in the place that pydantic tells and in no
    # file.
    path = tuple(
        part
        for nth, part in enumerate(loc)
        if part != "[key]" and not (part in FORMS and nth > 2 and loc[nth - 1] in _LAWS)
    )
    return Flaw(path, _rule(told, path))


def _rule(told: Mapping[str, Any], path: Path) -> str:
    match told["type"]:
        case "missing":
            return "missing, and it has no default"
        case "extra_forbidden" | "unexpected_keyword_argument":
            return f"unknown; known are {', '.join(_names(path[:-1]))}"
        case "too_short":
            return f"must have at least {told['ctx']['min_length']} of them"
        case "union_tag_not_found" | "union_tag_invalid":
            return f"must be a table whose law is one of {', '.join(FORMS)}"
    rule = told["msg"].removeprefix("Value error, ")
    for theirs, ours in (("Input should be", "must be"), ("String should", "must")):
        rule = rule.replace(theirs, ours)
    value = told["input"]
    shown = repr(value) if isinstance(value, str | int | float) else ""
    return f"{rule}, not {shown}" if shown and len(shown) <= _SHOWN else rule


def _names(path: Path) -> list[str]:
    """Name the fields of the table at a path."""
    parts = [part for part in path if isinstance(part, str)]
    if parts and parts[-1] in _LAWS:
        return ["law", *dict.fromkeys(name for form in FORMS.values() for name in form)]
    kind: Any = Market if not parts else PlugIn if len(parts) > 1 else _SECTIONS[parts[0]]
    return [each.name for each in dataclasses.fields(kind)]
