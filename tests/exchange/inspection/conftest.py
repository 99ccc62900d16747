from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.inspection import inspect
from exchange.inspection.codar import CodarReader
from exchange.inspection.delimited import DelimitedReader
from exchange.inspection.netcdf import NetcdfReader
from exchange.inspection.parquet import ParquetReader
from exchange.inspection.reader import Reader
from exchange.profile import Profile

READERS: list[Reader] = [CodarReader(), DelimitedReader(), NetcdfReader(), ParquetReader()]

Inspected = Callable[..., Profile]


@pytest.fixture(scope="session")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Inspected:
    """Return a function that writes a file and inspects it."""

    def write_and_inspect(content: str | bytes, name: str = "data.csv") -> Profile:
        path: Path = tmp_path_factory.mktemp("inspected") / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return inspect(path, readers=READERS)

    return write_and_inspect
