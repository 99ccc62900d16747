"""Tables of very many columns: as much is found of them, in as little memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.errors import Unreadable
from exchange.inspection import asking, inspect
from exchange.profile import ColumnType
from tests.exchange.inspection.conftest import READERS, Inspected

COLUMNS = 1_200  # some nine hundred were more than the engine had room for


def test_a_table_of_very_many_columns_is_measured(inspected: Inspected) -> None:
    head = ",".join(f"band_{i}" for i in range(COLUMNS))
    rows = "\n".join(",".join(f"{row}.{i:04}" for i in range(COLUMNS)) for row in (1, 2, 3))
    profile = inspected(f"{head}\n{rows}\n", "spectra.csv")
    assert [each.type for each in profile.columns] == [ColumnType.DECIMAL] * COLUMNS
    assert (profile.columns[7].minimum, profile.columns[-1].maximum) == ("1.0007", "3.1199")


@pytest.mark.slow
def test_as_many_columns_as_are_promised(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    for count, words in ((2_000, ""), (2_001, "more than 2000 columns")):
        path.write_text(",".join(f"b{i}" for i in range(count)) + "\n" + ",".join("1" * count))
        if words:
            with pytest.raises(Unreadable, match=words):
                inspect(path, readers=READERS)
        else:
            assert len(inspect(path, readers=READERS).columns) == count


CELLS = st.sampled_from(["", "1", "2.5", "true", "2026-01-05", "NA", "x", "007", "-3", "北"])


@example([["1", "x", "2.5"]] * 1_100 + [["x", "", "1"]])  # a column that is text at its end alone
@example([["1" * 1_100, "2", "x"], ["2", "3", "y"]])
@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=6))
def test_columns_asked_about_two_at_a_time_are_the_same(
    inspected: Inspected, rows: list[list[str]]
) -> None:
    names = ",".join(f"c_{i}" for i in range(len(rows[0])))
    text = "\n".join([names, *(",".join(row) for row in rows)]) + "\n"

    whole = inspected(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "AT_ONCE", 2)
        assert inspected(text) == whole
