from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from exchange.errors import Unreadable
from exchange.inspection import Intake, Table, database, inspect
from exchange.inspection.codar import CodarReader
from exchange.inspection.delimited import DelimitedReader
from exchange.inspection.excel import ExcelReader
from exchange.inspection.geotiff import GeotiffReader
from exchange.inspection.jsonl import JsonLinesReader
from exchange.inspection.netcdf import NetcdfReader
from exchange.inspection.parquet import ParquetReader
from exchange.inspection.reader import Reader
from exchange.inspection.recognition import choose
from exchange.inspection.seabird import SeabirdReader
from exchange.profile import Profile

READERS: list[Reader] = [
    CodarReader(),
    DelimitedReader(),
    ExcelReader(),
    GeotiffReader(),
    JsonLinesReader(),
    NetcdfReader(),
    ParquetReader(),
    SeabirdReader(),
]

Inspected = Callable[..., Profile]


@pytest.fixture(scope="session")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Inspected:
    """Return a function that writes a file and inspects it."""

    def write_and_inspect(
        content: str | bytes, name: str = "data.csv", no_fill_value: Sequence[str] = ()
    ) -> Profile:
        path: Path = tmp_path_factory.mktemp("inspected") / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return inspect(path, readers=READERS, no_fill_value=no_fill_value)

    return write_and_inspect


class Opening:
    """Files opened by their readers alone, one after the other in one scratch database.

    A tenth of the cost of an inspection, for tests that need many files.
    """

    def __init__(self, scratch: Path) -> None:
        self._path = scratch / "file"
        self._scratch = scratch / "scratch"
        self._scratch.mkdir()
        self._path.write_bytes(b"-")
        with Intake(self._path, scratch=self._scratch) as intake:
            self.connection = database.opened(self._scratch, intake)

    def __call__(self, content: bytes, name: str) -> Table:
        for table in ("cells", "gathered"):
            self.connection.execute(f"DROP TABLE IF EXISTS {table}").fetchall()
        # A new file each time: HDF5 knows one that it could not open again by its inode.
        self._path.unlink()
        self._path.write_bytes(content)
        with Intake(self._path, scratch=self._scratch, name=name) as intake:
            return choose(intake, READERS).open(intake, self.connection)

    def rows(self) -> int:
        ((rows,),) = self.connection.execute("SELECT count(*) FROM cells").fetchall()
        return int(rows)


def refusal(act: Callable[[], object]) -> Unreadable | None:
    """Return the refusal that an act ends in, None if it ends well."""
    try:
        act()
    except Unreadable as error:
        return error
    return None


@pytest.fixture(scope="session")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opening]:
    opened = Opening(tmp_path_factory.mktemp("opened"))
    yield opened
    opened.connection.close()
