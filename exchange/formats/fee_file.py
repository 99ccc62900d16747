"""Fee files: a schedule of fees as its operator writes it down, in TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from exchange.clearing.fees import FeeSchedule
from exchange.errors import NotFound, Unreadable
from exchange.records import read_record

FILE_MAX: Final = 64 << 10  # bytes


def read_fees(path: Path) -> FeeSchedule:
    """Read a schedule; raises `BadField` for the first field that breaks its rule.

    Amounts are written "10.00 CNY" and times "2026-02-01T00:00:00Z".
    """
    try:
        with path.open("rb") as file:
            data = file.read(FILE_MAX + 1)
    except FileNotFoundError as error:
        raise NotFound(f"{path}: no such file") from error
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    if len(data) > FILE_MAX:
        raise Unreadable(f"{path}: over {FILE_MAX} bytes")
    try:
        found: dict[str, Any] = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"{path}: not TOML: {error}") from error
    return read_record(FeeSchedule, found)
