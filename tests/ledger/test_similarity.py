"""What the exchange may say of data that is alike."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import BadAct
from tests.ledger.floor import Floor, digest


def test_a_likeness_is_recorded_after_the_inspection_of_that_data() -> None:
    floor = Floor().ready("similarity.found")
    entry = floor.do("similarity.found")
    assert f"product/{floor.other}" in {subject for subject, _ in entry.refs}
    with pytest.raises(BadAct, match=r"needs inspection\.recorded"):
        floor.do("similarity.found", data=digest("other data"))


def test_the_same_rows_stand_wholly_in_each_other() -> None:
    floor = Floor().ready("similarity.found")
    floor.do("similarity.found", how="same-rows", of_this_ppm=1_000_000, of_other_ppm=1_000_000)
    with pytest.raises(BadAct, match="the same rows stand wholly in each other"):
        floor.do("similarity.found", how="same-rows", of_this_ppm=1_000_000, of_other_ppm=999_999)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"of_this_ppm": 1_000_001}, "at most 1000000 ppm"),
        ({"of_other_ppm": 1_000_001}, "at most 1000000 ppm"),
        ({"how": "hearsay"}, "must be same-rows, rows, columns, converted"),
    ],
)
def test_shares_are_shares_and_the_way_is_known(changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready("similarity.found")
    floor.do("similarity.found", of_this_ppm=1_000_000, how="converted")
    with pytest.raises(BadAct, match=words):
        floor.do("similarity.found", **changes)


def test_a_product_is_not_compared_with_itself_or_with_nothing() -> None:
    floor = Floor().ready("similarity.found")
    with pytest.raises(BadAct, match="not compared with itself"):
        floor.do("similarity.found", other=floor.number("product"))
    with pytest.raises(BadAct, match=r"needs product\.registered in product/GP-0000-0000-0000"):
        floor.do("similarity.found", other="GP-0000-0000-0000")


def test_only_the_operator_says_so() -> None:
    floor = Floor().ready("similarity.found")
    with pytest.raises(BadAct, match="it takes operator"):
        floor.do("similarity.found", "rival")
