"""Tests of a gzip wrapper around formats that are not read as a stream."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.errors import Unreadable
from exchange.inspection import Limits, discover_readers, inspect, tally
from exchange.inspection.intake import Intake
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.specimens import geotiff, netcdf, parquet, table, workbook

ROWS = "SELECT i AS n, 'text ' || i AS t FROM range(3000) s(i)"
FILES = {
    "data.parquet": parquet(ROWS),
    "data.xlsx": workbook(table),
    "grid.nc": netcdf(),
    "classic.nc": netcdf("NETCDF3_CLASSIC"),
    "depth.tif": geotiff(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_wrapped_file_is_measured_as_the_file_in_it(inspected: Inspected, name: str) -> None:
    plain = inspected(FILES[name], name)
    wrapped = inspected(gzip.compress(FILES[name], mtime=0), f"{name}.gz")
    assert wrapped.compression == "gzip"
    assert wrapped.bytes == len(gzip.compress(FILES[name], mtime=0))
    assert wrapped.data != plain.data  # what was given is digested, as it was given
    assert wrapped.rows_digest == plain.rows_digest
    same: dict[str, Any] = {key: getattr(plain, key) for key in ("name", "bytes", "data")}
    assert replace(wrapped, compression=None, **same) == plain


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("small", [True, False])
def test_nothing_of_what_was_unwrapped_is_left(tmp_path: Path, name: str, small: bool) -> None:  # noqa: FBT001 - parametrised
    path, scratch = tmp_path / f"{name}.gz", tmp_path / "scratch"
    path.write_bytes(gzip.compress(FILES[name]))
    scratch.mkdir()
    inspect(path, readers=discover_readers(), scratch=None if small else scratch)
    assert list(scratch.iterdir()) == []
    column = inspect(path, readers=discover_readers()).columns[0].name
    assert sum(tally(path, column, readers=discover_readers()).values())


@pytest.mark.parametrize("name", FILES)
def test_a_wrapper_that_is_cut_short_is_refused(inspected: Inspected, name: str) -> None:
    with pytest.raises(Unreadable, match="gzip wrapper is broken") as refused:
        inspected(gzip.compress(FILES[name])[:-9], f"{name}.gz")
    assert refused.value.rules == ("F-01",)


@pytest.mark.parametrize("name", FILES)
def test_a_wrapped_file_that_ends_early_is_refused_as_a_plain_one_is(
    inspected: Inspected, name: str
) -> None:
    cut = FILES[name][: len(FILES[name]) // 2]
    with pytest.raises(Unreadable) as plain:
        inspected(cut, name)
    with pytest.raises(Unreadable) as wrapped:
        inspected(gzip.compress(cut), f"{name}.gz")
    assert wrapped.value.rules == plain.value.rules


def test_a_wrapped_bomb_costs_no_more_than_the_limits_allow(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet.gz"
    path.write_bytes(gzip.compress(b"PAR1" + bytes(64 << 20)))
    limits = Limits(expanded=4 << 20)
    with pytest.raises(Unreadable, match="expands to more than") as refused:
        inspect(path, readers=discover_readers(), limits=limits)
    assert refused.value.rules == ("F-02",)
    with pytest.raises(Unreadable, match="100 times its size"):
        inspect(path, readers=discover_readers())


@pytest.mark.parametrize(
    ("content", "ratio"), [(bytes(1 << 20), 1), (hashlib.shake_256(b"").digest(1 << 16), 100)]
)
def test_wrapper_and_content_expand_together(tmp_path: Path, content: bytes, ratio: int) -> None:
    path = tmp_path / "data.nc.gz"
    path.write_bytes(gzip.compress(content))
    with Intake(path, scratch=tmp_path) as intake:
        inner = intake.content()
        assert inner.path.read_bytes() == content
        assert (inner.bytes, inner.limits.ratio) == (len(content), ratio)
        assert inner.content() is inner
        assert intake.limits.ratio == 100
