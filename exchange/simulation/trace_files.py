"""A trace as files: one a table, as Parquet or CSV, and `trace.json` that says what they are.

What is written is read back bit for bit.  `trace.json` holds the header and, of every table, how
many rows it has and the SHA-256 of its contents; the contents are hashed rather than the file, so
the digests are the same for CSV and Parquet, on every machine and with every version of DuckDB.
Whoever reads a trace holds its tables against them.  The same trace gives the same bytes.

In CSV (RFC 4180, UTF-8 with a byte-order mark) a text that a spreadsheet would take for a formula
gets an apostrophe before it (CWE-1236), and so does one that begins with an apostrophe: taking one
away on reading gives back what was there.
"""

from __future__ import annotations

import csv
import enum
import glob
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from exchange.errors import Unreadable
from exchange.formats.statement.table import guarded
from exchange.simulation.trace import TABLES, Column, Table, Trace

FORMAT: Final = "guapai-trace-2"
HEADER: Final = "trace.json"
_FACTS: Final = {
    "market": str,
    "digest": str,
    "seed": int,
    "depth": str,
    "days": int,
    "size": int,
    "root": str,
    "audit": str,
}


class Form(enum.StrEnum):
    """How tables are written; the value is the suffix of their files."""

    PARQUET = "parquet"
    CSV = "csv"


def write_trace(trace: Trace, folder: Path, form: Form = Form.PARQUET) -> Path:
    """Write a trace into a folder, which is made if it is not there, and return its header's path.

    The header comes last: a folder without one holds no trace.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HEADER).unlink(missing_ok=True)
    with _files(form) as files:
        for name in TABLES:
            files.write(name, trace[name], folder / f"{name}.{form}")
    header = {name: getattr(trace, name) for name in _FACTS}
    tables = {
        name: {"rows": _rows(trace[name]), "sha256": contents_digest(name, trace[name])}
        for name in TABLES
    }
    written = {"format": FORMAT, "form": str(form)} | header | {"tables": tables}
    path = folder / HEADER
    path.write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def read_header(folder: Path) -> dict[str, Any]:
    """Return what `trace.json` says, or raise `Unreadable` if it is no header of a trace."""
    path = folder / HEADER
    try:
        header = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Unreadable(f"{folder}: no {HEADER}: this is no folder of a run") from error
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path}: not the header of a trace") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise Unreadable(f"{path}: format: not {FORMAT}")
    for name, kind in {**_FACTS, "form": str, "tables": dict}.items():
        if not isinstance(header.get(name), kind):
            raise Unreadable(f"{path}: {name}: missing, or of another type")
    return header


def read_trace(folder: Path) -> Trace:
    """Read a trace, or raise `Unreadable` for the table that is not what the header says."""
    header = read_header(folder)
    if header["form"] not in set(Form) or set(header["tables"]) != set(TABLES):
        raise Unreadable(f"{folder / HEADER}: form, tables: not those of {FORMAT}")
    tables: dict[str, Table] = {}
    with _files(Form(header["form"])) as files:
        for name in TABLES:
            path = folder / f"{name}.{header['form']}"
            try:
                found = files.read(name, path)
            except (OSError, ValueError, KeyError, csv.Error, duckdb.Error) as error:
                raise Unreadable(f"{path}: not a table of a trace") from error
            said = {"rows": _rows(found), "sha256": contents_digest(name, found)}
            if said != header["tables"][name]:
                raise Unreadable(f"{path}: its rows are not those that {HEADER} tells of")
            tables[name] = found
    return Trace(**{name: header[name] for name in _FACTS}, tables=tables)


def contents_digest(name: str, table: Table) -> str:
    """Return the SHA-256 of a table's contents, as hex: its columns in their order.

    Of a column: its name and type, the number of rows, then numbers as little-endian bytes, or the
    lengths of the texts (64 bits each) and the texts in UTF-32, one after the other.
    """
    digest = hashlib.sha256()
    for column, declared in TABLES[name].items():
        values = table[column]
        digest.update(f"{column}\x1f{declared}\x1f{len(values)}\x1e".encode())
        if declared == "str":
            digest.update(np.char.str_len(values).astype("<i8").tobytes())
            digest.update("".join(values.tolist()).encode("utf-32-le"))
        else:
            digest.update(values.astype(np.dtype(declared).newbyteorder("<")).tobytes())
    return digest.hexdigest()


def _rows(table: Table) -> int:
    return len(next(iter(table.values())))


def _typed(name: str, cells: Mapping[str, Any]) -> Table:
    types = {column: np.str_ if kind == "str" else kind for column, kind in TABLES[name].items()}
    return {column: np.array(cells[column], dtype=types[column]) for column in TABLES[name]}


class _Delimited:
    """Tables as CSV."""

    def write(self, name: str, table: Table, path: Path) -> None:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(TABLES[name])
            cells = [_cells(table[column], kind) for column, kind in TABLES[name].items()]
            writer.writerows(zip(*cells, strict=True))

    def read(self, name: str, path: Path) -> Table:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            if next(rows, None) != list(TABLES[name]):
                raise ValueError(name)
            cells = list(zip(*rows, strict=True)) or [()] * len(TABLES[name])
        read: dict[str, Any] = {}
        for (column, kind), texts in zip(TABLES[name].items(), cells, strict=True):
            number = float if kind == "float64" else int
            read[column] = [
                text.removeprefix("'") if kind == "str" else number(text) for text in texts
            ]
        return _typed(name, read)


def _cells(column: Column, kind: str) -> list[Any]:
    if kind != "str":
        return column.tolist()  # type: ignore[no-any-return]  # a list, of one dimension
    return [f"'{text}" if text[:1] == "'" else guarded(text) for text in column.tolist()]


class _Columnar:
    """Tables as Parquet, by an engine in memory."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine

    def write(self, name: str, table: Table, path: Path) -> None:
        kinds = TABLES[name]
        # DuckDB would make an enumeration of numpy's texts, so it is handed plain objects.
        plain = {
            column: table[column].astype(object) if kind == "str" else table[column]
            for column, kind in kinds.items()
        }
        cast = ", ".join(
            f'CAST("{column}" AS VARCHAR) AS "{column}"' if kind == "str" else f'"{column}"'
            for column, kind in kinds.items()
        )
        self._engine.register("plain", plain)
        self._engine.execute(
            f"COPY (SELECT {cast} FROM plain) TO {_quoted(str(path))}"  # noqa: S608 - our own names
            " (FORMAT parquet, COMPRESSION zstd)"
        )

    def read(self, name: str, path: Path) -> Table:
        if not path.is_file():
            raise FileNotFoundError(path)
        exactly = _quoted(glob.escape(str(path)))
        query = f"SELECT * FROM read_parquet({exactly})"  # noqa: S608 - our own path
        cells = self._engine.execute(query).fetchnumpy()
        for column, values in cells.items():
            if np.ma.isMaskedArray(values):  # what is no number comes back as nothing
                if TABLES[name][column] != "float64":
                    raise ValueError(column)
                cells[column] = values.filled(np.nan)
        return _typed(name, cells)


@contextmanager
def _files(form: Form) -> Iterator[_Delimited | _Columnar]:
    if form is Form.CSV:
        yield _Delimited()
        return
    # One thread, so that row groups fall alike wherever a trace is written.
    with duckdb.connect(":memory:", config={"threads": 1}) as engine:
        yield _Columnar(engine)


def _quoted(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"
