"""JSON lines: one object a line, its leaves as columns.

A line is JSON as RFC 8259 has it, without what programs add (NaN, repeated keys, comments) and
without what they read in different ways: numbers keep the digits that stand in the file until
their column's type is known.  `{"place": {"lon": 120.3}}` is a cell of the column `place.lon`;
a list is a cell of text, its JSON with sorted keys and no spaces; a key that is absent, or null,
is a missing cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

from duckdb import DuckDBPyConnection

from exchange.inspection.gathering import Gathering
from exchange.inspection.intake import Intake
from exchange.inspection.lines import numbered
from exchange.inspection.names import require_columns, shown
from exchange.inspection.reader import Column, Table

DEPTH_MAX: Final = 16  # of objects and lists in one another; tables of people's making have three
_MARK: Final = b"\xef\xbb\xbf"


class _Number(str):
    """A number, as the file writes it."""

    __slots__ = ()


class _Fault(Exception):
    """What is wrong with a line, and the rule against it."""

    def __init__(self, fault: str, rule: str = "F-06") -> None:
        super().__init__(fault)
        self.rule = rule


class JsonLinesReader:
    """Newline-delimited JSON in UTF-8; every line must be an object."""

    name = "jsonl"
    media_type = "application/jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")
    text = True

    def claims(self, head: bytes, path: Path) -> bool:  # noqa: ARG002 - the first byte says it all
        """Whether the text begins with a brace."""
        return head.removeprefix(_MARK).lstrip(b" \t\r\n").startswith(b"{")

    def open(self, intake: Intake, connection: DuckDBPyConnection) -> Table:
        """Read every line, or raise `Unreadable` naming the first at fault."""
        marked = intake.head().startswith(_MARK)
        leaves = _Leaves(intake)
        gathering = Gathering(intake, connection)
        for number, line in _lines(intake):
            try:
                cells = leaves.of(_parsed(line))
            except _Fault as fault:
                raise intake.refusal(f"line {number}: {fault}", fault.rule) from fault
            gathering.widen(len(leaves.paths))
            gathering.add(cells)
        try:
            leaves.finish()
        except _Fault as fault:
            raise intake.refusal(f"a key that is always null: {fault}", fault.rule) from fault
        gathering.widen(len(leaves.paths))
        if not leaves.paths:
            raise intake.refusal("no object has a key", "F-06")
        mixed = [i for i, kinds in enumerate(leaves.kinds) if len(kinds) > 1]
        typed = gathering.typed(text=mixed)
        names = require_columns([".".join(path) for path in leaves.paths], intake, "the keys")
        columns = tuple(Column(name, kind) for name, kind in zip(names, typed.types, strict=True))
        return Table(
            columns,
            encoding="utf-8-sig" if marked else "utf-8",
            remarks=(*leaves.remarks(names), *typed.remarks(names)),
            first_line=1,
        )


class _Leaves:
    """The columns that have shown so far, each the path of keys that leads to it."""

    def __init__(self, intake: Intake) -> None:
        self.paths: list[tuple[str, ...]] = []
        self.kinds: list[set[str]] = []  # what JSON calls the cells: number, string, …
        self._intake = intake
        self._known: dict[tuple[str, ...], int] = {}
        self._names: set[str] = set()
        self._nulls: dict[tuple[str, ...], None] = {}

    def of(self, record: dict[str, Any]) -> dict[int, str]:
        """Return the cells of one object by their columns."""
        cells: dict[int, str] = {}
        self._walk(record, (), cells)
        return cells

    def _walk(self, record: dict[str, Any], above: tuple[str, ...], cells: dict[int, str]) -> None:
        for key, value in record.items():
            path = (*above, key)
            if value.__class__ is dict and value:
                if len(path) >= DEPTH_MAX:
                    raise _Fault(f"nested more than {DEPTH_MAX} deep")
                self._walk(value, path, cells)
                continue
            i = self._known.get(path)
            if value is None:
                if i is None:
                    self._null(path)
                continue
            if i is None:
                i = self._added(path)
            cells[i], kind = self._cell(value)
            self.kinds[i].add(kind)

    def _added(self, path: tuple[str, ...]) -> int:
        name = ".".join(path)
        if name in self._names:
            raise _Fault(f"two ways lead to the column {shown(name)}")
        if len(self.paths) >= self._intake.limits.columns:
            raise _Fault(f"more than {self._intake.limits.columns} columns")
        if not path[-1].strip():
            raise _Fault("a key is empty")
        self._names.add(name)
        self._known[path] = len(self.paths)
        self.paths.append(path)
        self.kinds.append(set())
        return self._known[path]

    def _null(self, path: tuple[str, ...]) -> None:
        # Where other lines have an object there, its leaves are the columns.
        if len(self._nulls) >= self._intake.limits.columns:
            raise _Fault(f"more than {self._intake.limits.columns} columns")
        self._nulls.setdefault(path)

    def finish(self) -> None:
        """Add the columns of keys that were null in every line."""
        above = {path[:i] for path in self.paths for i in range(1, len(path))}
        for path in self._nulls:
            if path not in self._known and path not in above:
                try:
                    self._added(path)
                except _Fault as fault:
                    raise self._intake.refusal(
                        f"a key that is null: {fault}", fault.rule
                    ) from fault

    def _cell(self, value: Any) -> tuple[str, str]:  # noqa: ANN401 - any JSON
        if value.__class__ is _Number:
            return str(value), "number"
        if value is True or value is False:
            return ("true" if value else "false"), "boolean"
        text, kind = (value, "string") if value.__class__ is str else (_compact(value), "list")
        if len(text) > self._intake.limits.cell:
            raise _Fault(f"a cell of more than {self._intake.limits.cell} characters")
        return text, kind

    def remarks(self, names: tuple[str, ...]) -> Iterator[str]:
        """Say which columns hold cells of several types, and which hold lists."""
        for name, kinds in zip(names, self.kinds, strict=True):
            if len(kinds) > 1:
                yield f"column {name}: {' and '.join(sorted(kinds))}, read as text"
            elif kinds == {"list"}:
                yield f"column {name}: lists read as text"


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise _Fault(f"not UTF-8 from byte {error.start} of the line", "F-05") from error
    try:
        record = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _Fault(f"not JSON: {error.msg} (character {error.pos + 1})") from error
    except RecursionError as error:
        raise _Fault(f"nested more than {DEPTH_MAX} deep") from error
    if record.__class__ is not dict:
        raise _Fault("not an object")
    if "\\u" in text:
        _require_characters(record)
    return record


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Fault(f"the key {shown(twice)} stands twice in one object")
    return record


def _constant(name: str) -> NoReturn:
    raise _Fault(f"{name} is not JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_float=_Number, parse_int=_Number, parse_constant=_constant
)


def _require_characters(value: Any) -> None:  # noqa: ANN401 - any JSON
    """Refuse what only an escape can smuggle in: half a surrogate pair, a NUL."""
    if isinstance(value, dict):
        for key, each in value.items():
            _require_characters(key)
            _require_characters(each)
    elif isinstance(value, list):
        for each in value:
            _require_characters(each)
    elif isinstance(value, str):
        if "\0" in value:
            raise _Fault("a NUL character")
        if any("\ud800" <= each <= "\udfff" for each in value):
            raise _Fault("half a surrogate pair", "F-05")


def _compact(value: Any, depth: int = 1) -> str:  # noqa: ANN401 - any JSON
    """Return a list or an object as JSON with sorted keys, no spaces, numbers as written."""
    if depth > DEPTH_MAX:
        raise _Fault(f"nested more than {DEPTH_MAX} deep")
    if value.__class__ is _Number:
        return str(value)
    if isinstance(value, list):
        return f"[{','.join(_compact(each, depth + 1) for each in value)}]"
    if isinstance(value, dict):
        pairs = (f"{_compact(key)}:{_compact(value[key], depth + 1)}" for key in sorted(value))
        return f"{{{','.join(pairs)}}}"
    return json.dumps(value, ensure_ascii=False)


def _lines(intake: Intake) -> Iterator[tuple[int, bytes]]:
    """Yield every line with its number; blank ones may stand at the end only."""
    blank = 0
    for number, whole in numbered(intake, intake.limits.record):
        line = whole.removeprefix(_MARK) if number == 1 else whole
        if not line.strip():
            blank = blank or number
            continue
        if blank:
            raise intake.refusal(f"line {blank}: a blank line between rows", "F-06")
        if b"\0" in line:
            raise intake.refusal(f"line {number}: a NUL byte", "F-06")
        yield number, line
