"""A market written down as a file that a person goes on to edit, and that reads back the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from exchange.formats.toml_text import key_text, value_text
from exchange.simulation.market import Market
from exchange.simulation.market.reading import record_of

_TABLES: Final = ("house", "assessors", "faults")


def written(market: Market, *, head: Sequence[str] = ()) -> str:
    """Return the text of a market's file, `head` as remarks above it; defaults are left out."""
    record = _told(market, record_of(market))
    plain = {name: held for name, held in record.items() if not _opens(name, held)}
    lines = [f"# {line}".rstrip() for line in head]
    lines += ["", *_lines(plain)] if lines else _lines(plain)
    for name, held in record.items():
        if _opens(name, held):
            rows = held if isinstance(held, list) else [held]
            for row in rows:
                lines += ["", f"[[{name}]]" if isinstance(held, list) else f"[{name}]"]
                lines += _lines(row)
    return "\n".join(lines) + "\n"


def _opens(name: str, held: object) -> bool:
    return name in _TABLES or (isinstance(held, list) and isinstance(held[0], dict))


def _lines(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, held in fields.items():
        # A date is no text in TOML.
        yield f"{key_text(name)} = {held if name == 'start' else value_text(held)}"


def _told(value: Any, record: Any) -> Any:  # noqa: ANN401 - a part of a market, and its record
    """Leave out of a record what stands at its default."""
    if isinstance(value, tuple):
        return [_told(*pair) for pair in zip(value, record, strict=True)]
    if not (dataclasses.is_dataclass(value) and isinstance(record, dict) and "law" not in record):
        return record
    told = {}
    for field in dataclasses.fields(value):
        made = field.default_factory
        default = field.default if made is dataclasses.MISSING else made()
        held = getattr(value, field.name)
        if held != default:
            told[field.name] = _told(held, record[field.name])
    return told
