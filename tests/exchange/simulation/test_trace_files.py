"""A trace goes into files and comes back, and nothing that was changed in between passes."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.errors import Unreadable
from exchange.simulation.trace import TABLES, Trace, columns
from exchange.simulation.trace_files import Form, contents_digest, read_trace, write_trace
from tests.exchange.simulation.made_up import empty_trace, made_up


def same(one: Trace, other: Trace) -> bool:
    """Whether two traces are equal bit for bit, their types included."""
    return replace(one, tables={}) == replace(other, tables={}) and all(
        one[name][column].dtype == other[name][column].dtype
        and one[name][column].tobytes() == other[name][column].tobytes()
        for name in TABLES
        for column in TABLES[name]
    )


@pytest.mark.parametrize("form", Form)
def test_a_trace_comes_back_bit_for_bit(form: Form, tmp_path: Path) -> None:
    folder = tmp_path / "a [run]*"  # what a pattern of file names would take for its own
    for trace in (made_up(audit="sound: 4,321 entries"), empty_trace()):
        write_trace(trace, folder, form)
        assert same(read_trace(folder), trace)


@pytest.mark.parametrize("form", Form)
def test_the_same_trace_gives_the_same_bytes(form: Form, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_trace(made_up(), tmp_path / name, form)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == sorted([*(f"{name}.{form}" for name in TABLES), "trace.json"])
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_digests_are_of_contents_and_pinned(tmp_path: Path) -> None:
    headers = []
    for form in Form:
        path = write_trace(made_up(), tmp_path / form, form)
        headers.append(json.loads(path.read_text(encoding="utf-8")))
    assert headers[0]["tables"] == headers[1]["tables"]
    assert headers[0]["tables"]["wishes"]["rows"] == 400
    planted = contents_digest("planted", made_up()["planted"])
    assert headers[0]["tables"]["planted"] == {"rows": 3, "sha256": planted}
    assert planted == "40b957482a1d0db2ce4282668cb7bac7b3e905228dd0d97470f1e745ae1e6e90"


def test_a_spreadsheet_finds_no_formula(tmp_path: Path) -> None:
    write_trace(made_up(), tmp_path, Form.CSV)
    data = (tmp_path / "products.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfproduct,kind,")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert {row["kind"] for row in rows} == {"tides", "radar", "'=cmd"}


Cell = tuple[str, float, int]
HOSTILE = ("'", "''=", "=1+1", "＝x", "\r\n", '","', "a\0b", "潮", "😀", "")
# A column of numpy's holds no text that ends in NUL: it pads with them.
texts = st.text(max_size=6).map(lambda text: text.rstrip("\0")) | st.sampled_from(HOSTILE)


def with_products(cells: list[Cell]) -> Trace:
    rows = {
        name: [
            {"str": text, "float64": number}.get(kind, amount if kind == "int64" else 0)
            for text, number, amount in cells
        ]
        for name, kind in TABLES["products"].items()
    }
    trace = empty_trace()
    return replace(trace, tables={**trace.tables, "products": columns("products", rows)})


@pytest.mark.parametrize("form", Form)
def test_texts_that_look_like_something_else_and_numbers_at_their_ends_survive(
    form: Form, tmp_path: Path
) -> None:
    numbers = [0.1, -0.0, 5e-324, 1.7976931348623157e308, np.inf, -np.inf, np.nan]
    trace = with_products(
        [(text, numbers[n % 7], (-1) ** n * (2**63 - 1)) for n, text in enumerate(HOSTILE)]
    )
    write_trace(trace, tmp_path, form)
    assert same(read_trace(tmp_path), trace)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.tuples(texts, st.floats(allow_nan=False), st.integers(-(2**63), 2**63 - 1))))
def test_any_text_and_number_survives(tmp_path: Path, cells: list[Cell]) -> None:
    trace = with_products(cells)
    write_trace(trace, tmp_path, Form.CSV)
    assert same(read_trace(tmp_path), trace)


@pytest.mark.parametrize("form", Form)
def test_a_table_that_was_changed_is_refused(form: Form, tmp_path: Path) -> None:
    write_trace(made_up(8), tmp_path / "other", form)
    write_trace(made_up(), tmp_path, form)
    (tmp_path / "other" / f"wishes.{form}").rename(tmp_path / f"wishes.{form}")
    with pytest.raises(Unreadable, match=r"wishes\.\w+: its rows are not those"):
        read_trace(tmp_path)
    (tmp_path / f"wishes.{form}").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(Unreadable, match=r"wishes\.\w+: not a table of a trace"):
        read_trace(tmp_path)
    (tmp_path / f"wishes.{form}").unlink()
    with pytest.raises(Unreadable, match=r"wishes\.\w+: not a table of a trace"):
        read_trace(tmp_path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": "guapai-trace-9"}, "format: not guapai-trace-2"),
        ({"seed": "7"}, "seed: missing, or of another type"),
        ({"form": "excel"}, "form, tables: not those"),
        ({"tables": {}}, "form, tables: not those"),
    ],
)
def test_a_header_that_is_none_is_refused(
    change: dict[str, object], reason: str, tmp_path: Path
) -> None:
    path = write_trace(empty_trace(), tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change))
    with pytest.raises(Unreadable, match=reason):
        read_trace(tmp_path)
    path.write_text("{")
    with pytest.raises(Unreadable, match="not the header of a trace"):
        read_trace(tmp_path)
    path.unlink()
    with pytest.raises(Unreadable, match=r"no trace\.json: this is no folder of a run"):
        read_trace(tmp_path)
