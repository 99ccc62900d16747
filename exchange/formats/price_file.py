"""Price files: what a price is asked for, as a person writes it down, in TOML or JSON.

The fields are those of the value that a plug-in is asked about, such as `pricing.evidence.Evidence`
in its wire form, said as people say it: an amount is "12000.00 CNY", a figure is a number and
means the digits that stand there, never a binary float, a moment is a date with time and offset.
The table `plugins` has the parameters of plug-ins by their names.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import datetime as dt
import json
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeVar

from exchange.errors import BadField, NotFound, Unreadable
from pricing.billing import Outcome, UsageEvent
from pricing.errors import BadAmount, BadInput, UnknownPlugin
from pricing.money import Money, decimal_text
from pricing.plan import Plan
from pricing.registry import names, registered
from pricing.sharing import SharingCase
from pricing.wire import from_wire

FILE_MAX: Final = 64 << 20  # bytes: a million values of a game, or as many events
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

T = TypeVar("T")


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn what pricing says of an input into a `BadField` that names the file as well."""
    try:
        yield
    except (BadInput, BadAmount, UnknownPlugin) as error:
        field, colon, rule = str(error).partition(": ")
        raise BadField(
            path.name if not colon else f"{path.name}: {field}", rule or field
        ) from error


@dataclass(frozen=True, slots=True)
class PriceFile:
    """One file: what is asked about, and the parameters of whoever is asked."""

    path: Path
    content: Mapping[str, Any]
    plugins: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, path: Path) -> PriceFile:
        """Read a file: `NotFound`, or `Unreadable` for what is neither TOML nor JSON."""
        data = _bounded(path)
        try:
            content = (
                json.loads(data, parse_float=Decimal)
                if path.suffix == ".json"
                else tomllib.loads(data.decode(), parse_float=Decimal)
            )
        except (ValueError, RecursionError, ArithmeticError) as error:
            form = "JSON" if path.suffix == ".json" else "TOML"
            raise Unreadable(f"{path.name}: not {form}: {error}") from error
        if not isinstance(content, dict):
            raise Unreadable(f"{path.name}: not an object")
        plugins = content.pop("plugins", {})
        if not isinstance(plugins, dict) or not all(isinstance(p, dict) for p in plugins.values()):
            raise BadField(f"{path.name}: plugins", "a table of parameters for each plug-in")
        return cls(path, content, plugins)

    def named(self, kind: str) -> tuple[str, ...]:
        """Name the plug-ins of a kind that the file has parameters for, in its order."""
        return tuple(name for name in self.plugins if name in names(kind))

    def plugin(self, kind: str, name: str) -> Any:  # noqa: ANN401 - a plug-in of that kind
        """Build a plug-in with the parameters that the file has for it, if any.

        Raises `BadField` naming the parameter that breaks its rule, or the plug-in that is not
        installed.
        """
        with naming(self.path):
            plugin = registered(kind, name).plugin
            parameters = said(plugin, self.plugins.get(name, {}), f"plugins.{name}")
            return from_wire(plugin, parameters, f"plugins.{name}")

    def subject(self, kind: type[T]) -> T:
        """Read what is asked about, or raise `BadField` naming the field that breaks its rule."""
        with naming(self.path):
            return from_wire(kind, said(kind, self.content))

    def replaced(self, **fields: object) -> PriceFile:
        """Return the file with these fields, in their wire form, instead; None takes one away."""
        content = {**self.content, **fields}
        held = {name: each for name, each in content.items() if each is not None}
        return dataclasses.replace(self, content=held)

    def part(self, name: str) -> PriceFile:
        """Return a table of the file as a file of its own, with the same plug-ins."""
        held = self.content.get(name)
        if not isinstance(held, Mapping):
            raise BadField(f"{self.path.name}: {name}", "a table of that name is needed")
        return dataclasses.replace(self, content=held)


def said(kind: Any, value: Any, where: str = "") -> Any:  # noqa: ANN401 - a type, what a file has
    """Return the wire form of what a file says of a value of `kind`; what is no such value stays.

    Raises `BadInput` for a figure or a moment that has no exact meaning.
    """
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        (kind,) = (each for each in typing.get_args(kind) if each is not types.NoneType)
        return said(kind, value, where)
    if origin is tuple and isinstance(value, list):
        hints = typing.get_args(kind)
        hints = hints[:1] * len(value) if hints[-1] is Ellipsis else hints
        kinds = [*hints, *[object] * (len(value) - len(hints))]
        pairs = enumerate(zip(kinds, value, strict=False))
        return [said(*each, f"{where}[{i}]") for i, each in pairs]
    if kind is Money and isinstance(value, str):
        return _amount(value, where)
    if isinstance(value, Mapping) and _has_fields(kind):
        return _object(kind, value, where)
    if isinstance(value, dt.datetime):
        return _milliseconds(value, where)
    try:
        return _figure(kind, value)
    except (BadInput, ValueError, OverflowError) as error:  # a fraction of inf or nan
        raise BadInput(f"{where}: {error}") from error


def _figure(kind: Any, value: Any) -> Any:  # noqa: ANN401 - as `said`
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        if kind is Fraction:
            return str(Fraction(value))
        if kind in {Decimal, float} or isinstance(value, Decimal):
            return decimal_text(Decimal(value))
    return value


def _has_fields(kind: Any) -> bool:  # noqa: ANN401 - as `said`
    return isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind is not Money


def _amount(text: str, where: str) -> dict[str, Any]:
    try:
        return Money.parse(text).to_record()
    except BadAmount as error:
        raise BadInput(f"{where}: {error}") from error


def _object(kind: Any, value: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401 - as `said`
    if kind is Plan and isinstance(value.get("tariff"), str):
        tariff = registered("tariffs", value["tariff"]).plugin
        return {**value, "parameters": said(tariff, value.get("parameters", {}), where)}
    if kind is SharingCase:
        value = _game(value)
    hints = typing.get_type_hints(kind)
    within = f"{where}." if where else ""
    return {name: said(hints.get(name), held, within + name) for name, held in value.items()}


def _game(value: Mapping[str, Any]) -> dict[str, Any]:
    """Say what coalitions are worth as the wire does: by mask, or as a plug-in of utilities."""
    held = dict(value)
    game = held.get("game")
    if isinstance(game, Mapping) and isinstance(game.get("plugin"), str):
        utility = registered("utilities", game["plugin"]).plugin
        parameters = said(utility, game.get("parameters", {}), "game.parameters")
        held["game"] = {**game, "parameters": parameters}
    if "coalitions" in held:
        held["values"] = _values(held.pop("coalitions"), held.get("owners"))
    if isinstance(held.get("values"), list):
        held["values"] = [said(Fraction, each, "values") for each in held["values"]]
    return held


def _values(coalitions: object, owners: object) -> list[Any]:
    """Order the worths of coalitions by mask; one that is left out, of nobody alone, is zero."""
    if not isinstance(coalitions, list) or not isinstance(owners, list):
        raise BadInput("coalitions: a list of tables with `of` and `worth`, beside `owners`")
    ids = [owner.get("id") if isinstance(owner, Mapping) else None for owner in owners]
    worths: dict[int, Any] = {0: 0}
    for coalition in coalitions:
        if not isinstance(coalition, Mapping) or set(coalition) != {"of", "worth"}:
            raise BadInput("coalitions: each has `of`, a list of owners, and `worth`")
        members = coalition["of"]
        if not isinstance(members, list) or not all(
            isinstance(each, str) and each in ids for each in members
        ):
            raise BadInput(f"coalitions: {members!r} are not owners")
        worths[sum(1 << ids.index(each) for each in set(members))] = coalition["worth"]
    for mask in range(1 << len(ids)):
        if mask not in worths:
            absent = " and ".join(str(each) for i, each in enumerate(ids) if mask >> i & 1)
            raise BadInput(f"coalitions: nothing is said of {absent}")
    return [worths[mask] for mask in range(1 << len(ids))]


def read_events(path: Path) -> tuple[UsageEvent, ...]:
    """Read events of usage from a CSV with the columns id, at and, if need be, quantity, outcome.

    `at` is a moment with its offset, such as 2026-03-01T08:00:00+08:00.  Raises `BadField` naming
    the line that breaks a rule.
    """
    text = _decoded(path)
    lines = csv.DictReader(text.splitlines(), strict=True)
    columns = {"id", "at", "quantity", "outcome"}
    if not {"id", "at"} <= set(lines.fieldnames or ()) <= columns:
        raise BadField(path.name, "the columns are id and at, and maybe quantity and outcome")
    events = []
    try:
        for row in lines:
            where = f"{path.name}: line {lines.line_num}"
            with naming(Path(where)):
                events.append(_event(row))
    except csv.Error as error:
        raise Unreadable(f"{path.name}: line {lines.line_num}: {error}") from error
    return tuple(events)


def _event(row: Mapping[str, str | None]) -> UsageEvent:
    if None in row.values() or None in row:
        raise BadInput("as many cells as there are columns")
    try:
        at = dt.datetime.fromisoformat(row["at"] or "")
        quantity = int(row.get("quantity") or 1)
    except ValueError as error:
        raise BadInput(f"at, quantity: {error}") from error
    outcome = row.get("outcome") or Outcome.FOUND
    if outcome not in set(Outcome):
        raise BadInput(f"outcome: {outcome!r} is none of {', '.join(Outcome)}")
    return UsageEvent(row["id"] or "", _milliseconds(at, "at"), quantity, Outcome(outcome))


def _milliseconds(moment: dt.datetime, where: str) -> int:
    if moment.tzinfo is None:
        raise BadInput(f"{where}: {moment} has no offset from UTC, such as +08:00")
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def _bounded(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_MAX:
            raise Unreadable(f"{path.name}: over {FILE_MAX} bytes")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"{path}: no such file") from error
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error


def _decoded(path: Path) -> str:
    try:
        return _bounded(path).decode("utf-8-sig")  # spreadsheets write a mark of order
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path.name}: not UTF-8") from error
