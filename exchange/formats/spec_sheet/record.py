"""A spec sheet as JSON, the JSON Schema that describes it, and its declared part as TOML.

Sheet and schema have one source: the dataclasses of the dossier and of all that it holds.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from pydantic import TypeAdapter

from exchange.comparison import Line
from exchange.completeness import Filling
from exchange.dossier import Dossier, Sampled
from exchange.formats.toml_text import key_text, value_text
from exchange.records import to_record

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID: Final = "urn:guapai:spec-sheet:1"


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A product's spec sheet as a program reads it: the dossier, and what follows from it."""

    issued: bool
    wanting: tuple[str, ...]
    percent: Decimal
    fields: tuple[Filling, ...]
    comparison: tuple[Line, ...]
    dossier: Dossier


def sheet_record(dossier: Dossier) -> SheetRecord:
    """Return a dossier with what follows from it."""
    found = dossier.completeness
    return SheetRecord(
        issued=dossier.issued,
        wanting=dossier.wanting,
        percent=found.percent,
        fields=found.fields,
        comparison=dossier.comparison,
        dossier=dossier,
    )


def write_json(dossier: Dossier) -> bytes:
    """Write a sheet as JSON that `json_schema` describes, its names in order."""
    record = {"$schema": SCHEMA_ID, **to_record(sheet_record(dossier))}
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


@functools.cache
def json_schema() -> Mapping[str, Any]:
    """Return the JSON Schema (2020-12) of what `write_json` writes; nothing else is in it."""
    made = TypeAdapter(SheetRecord).json_schema(mode="serialization")
    made["properties"] = {"$schema": {"const": SCHEMA_ID}, **made["properties"]}
    made["required"] = ["$schema", *made["required"]]
    _close(made)
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **made}


def _close(schema: Any) -> None:  # noqa: ANN401 - any part of a schema
    """Allow no property that is not named, wherever properties are named."""
    if isinstance(schema, dict):
        if "properties" in schema:
            schema["additionalProperties"] = False
        for part in schema.values():
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)


def write_toml(dossier: Dossier) -> bytes:
    """Write the declared part as a sheet file: read again it is the same sheet, to the digest."""
    record = to_record(dossier.sheet)
    plain = {name: value for name, value in record.items() if not _is_table(value)}
    tables = {name: value for name, value in record.items() if _is_table(value)}
    head = f"# {dossier.number}, version {dossier.version.number}, {dossier.version.digest}"
    said = [head, *_lines(plain), *_tables(tables, ""), *_remarks(dossier.sample)]
    return "\n".join([*said, ""]).encode()


def _remarks(sample: Sampled | None) -> Iterator[str]:
    """Yield the sample as remarks, a row a line: no part of what the supplier declares."""
    if sample is not None and sample.drawn is not None:
        shown = sample.drawn.sample
        yield ""
        yield f"# Drawn and masked by the exchange, not declared: sample {sample.digest}"
        yield f"# {value_text(['row', *shown.columns])}"
        for place, row in zip(shown.places, shown.rows, strict=True):
            cells = [cell or "" for cell in row]
            yield f"# {value_text([place + 1, *cells])}"


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
    )


def _is_money(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"minor", "currency"}


def _lines(record: Mapping[str, Any]) -> Iterator[str]:
    for name, value in record.items():
        if value is not None:
            yield f"{name} = {value_text(value)}"


def _tables(record: Mapping[str, Any], within: str) -> Iterator[str]:
    for name, value in record.items():
        path = f"{within}.{key_text(name)}" if within else key_text(name)
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            yield ""
            yield f"[[{path}]]" if isinstance(value, list) else f"[{path}]"
            inner = {key: item for key, item in row.items() if _opens(item)}
            yield from (
                f"{key_text(key)} = {value_text(item)}"
                for key, item in row.items()
                if key not in inner and item is not None
            )
            yield from _tables(inner, path)


def _opens(value: object) -> bool:
    return _is_table(value) and not _is_money(value)
