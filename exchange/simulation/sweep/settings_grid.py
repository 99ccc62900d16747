"""What a sweep varies: fields of a market by their dotted paths, and seeds.

house.fee_ppm=10000,25000       a field of a table
suppliers.stations.count=5,10   a table of a list by its name, or by its place from 0
kinds.tides.price.median=5000   down into a law
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from exchange.errors import BadField
from exchange.simulation.market import Market
from exchange.simulation.market.reading import market_from, record_of

SEEDS_MAX: Final = 10_000
SETTINGS_MAX: Final = 10_000
Value = int | float | bool | str


@dataclass(frozen=True, slots=True)
class Setting:
    """One market of a sweep: what was set, in the order of the options, and what came of it."""

    values: tuple[tuple[str, Value], ...]
    market: Market

    @property
    def name(self) -> str:
        """What was set, as the option writes it."""
        return " ".join(f"{path}={_written(value)}" for path, value in self.values) or "as written"


def settings_of(market: Market, asked: Sequence[str]) -> tuple[Setting, ...]:
    """Return the market under every combination of the values asked for, the last fastest.

    Raises `BadField` that names the option and the field for what no market has or may be.
    """
    axes = [_axis(text) for text in asked]
    paths = [path for path, _ in axes]
    for path in paths:
        if paths.count(path) > 1:
            raise BadField(f"--set {path}", "is given twice")
    count = 1
    for _, values in axes:
        count *= len(values)
    if count > SETTINGS_MAX:
        raise BadField("--set", f"{count:,} combinations are more than {SETTINGS_MAX:,}")
    record = record_of(market)
    return tuple(
        _setting(record, tuple(zip(paths, values, strict=True)))
        for values in itertools.product(*(values for _, values in axes))
    )


def seeds_of(text: str) -> tuple[int, ...]:
    """Return seeds of "1-20,33" in rising order, each once; raise `BadField` for anything else."""
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise BadField("--seeds", f"{part.strip()!r} is no seed and no range such as 1-20")
        low, high = int(first), int(last or first)
        if high < low or high - low >= SEEDS_MAX:
            raise BadField("--seeds", f"{part.strip()} runs backwards, or over {SEEDS_MAX:,} seeds")
        found.update(range(low, high + 1))
    if len(found) > SEEDS_MAX:
        raise BadField("--seeds", f"more than {SEEDS_MAX:,} seeds")
    return tuple(sorted(found))


def _axis(text: str) -> tuple[str, tuple[Value, ...]]:
    path, equals, values = text.partition("=")
    if not equals or not path or not values:
        raise BadField("--set", f"{text!r} is not FIELD=VALUE,VALUE")
    if path == "seed":
        raise BadField("--set seed", "seeds are given by --seeds")
    return path, tuple(_value(each.strip()) for each in values.split(","))


def _value(text: str) -> Value:
    """Read a value as TOML would, and what TOML cannot read as a text."""
    try:
        found = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return found if isinstance(found, int | float | str) else text


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _setting(record: Mapping[str, Any], values: tuple[tuple[str, Value], ...]) -> Setting:
    changed = deepcopy(dict(record))
    for path, value in values:
        _put(changed, path, value)
    try:
        return Setting(values, market_from(changed))
    except BadField as error:
        named = Setting(values, _NOTHING).name
        raise BadField(f"--set {named}: {error.field}", error.rule) from error


def _put(record: dict[str, Any], path: str, value: Value) -> None:
    """Set a field that is there, or raise `BadField` for the part of the path that is not."""
    *way, last = path.split(".")
    here: Any = record
    for depth, part in enumerate(way):
        here = here[_place(here, part, path, ".".join(way[:depth]))]
    place = _place(here, last, path, ".".join(way))
    if isinstance(here[place], dict | list):
        raise BadField(f"--set {path}", f"is a table: name a field of it, {_known(here[place])}")
    here[place] = value


def _place(here: Any, part: str, path: str, above: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(here, dict) and part in here:
        return part
    if isinstance(here, list):
        named = [n for n, each in enumerate(here) if _name(each) == part]
        if named:
            return named[0]
        if part.isdecimal() and int(part) < len(here):
            return int(part)
    where = above or "the market"
    if not isinstance(here, dict | list):
        raise BadField(f"--set {path}", f"{where} has no fields")
    raise BadField(f"--set {path}", f"{where} has no {part}; known are {_known(here)}")


def _known(here: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(here, list):
        return ", ".join(_name(each) or str(n) for n, each in enumerate(here)) or "none"
    return ", ".join(here) or "none"


def _name(each: Any) -> str:  # noqa: ANN401 - JSON
    return str(each.get("name", "")) if isinstance(each, dict) else str(each)


_NOTHING: Final = Market("", {}, {}, (), (), ())
