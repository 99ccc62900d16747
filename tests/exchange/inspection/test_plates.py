from __future__ import annotations

import pytest

from exchange.inspection.lexicon import says_nothing
from exchange.profile import SensitiveFinding, SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.labelled import strangers
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.test_sensitive import column


def plates(inspected: Inspected, header: str, cells: list[str]) -> list[SensitiveFinding]:
    found = inspected(column(cells, header)).sensitive
    return [each for each in found if each.kind is SensitiveKind.PLATE]


@pytest.mark.parametrize(
    ("header", "certain"), [("Kennzeichen", [True]), ("vehicle", [False]), ("part", [])]
)
def test_a_header_says_how_sure_a_form_is(
    inspected: Inspected, header: str, certain: list[bool]
) -> None:
    d = Draw("plates", 60)
    found = plates(inspected, header, d.each(lambda: strangers.plate(d)))
    assert [each.certain for each in found] == certain


@pytest.mark.parametrize(
    ("header", "different", "found"), [("v1", 19, 0), ("v1", 20, 1), ("car", 9, 0), ("car", 10, 1)]
)
def test_a_few_are_not_enough(
    inspected: Inspected, header: str, different: int, found: int
) -> None:
    cells = [f"M-KS {each}" for each in range(1, 3)] + [f"OHV-AB {each}" for each in range(1, 18)]
    cells = [*cells, "KI-X 1"][-different:]
    assert len(plates(inspected, header, cells * 3)) == found


def test_districts_of_one_letter_prove_nothing_by_themselves(inspected: Inspected) -> None:
    assert plates(inspected, "v1", [f"B-XY {each}" for each in range(1, 200)]) == []


def test_letters_that_the_state_leaves_out_are_of_something_else(inspected: Inspected) -> None:
    cells = [f"{'ABCDEFGH'[n % 8]}{'IOUXYZAB'[n % 7]}-{n}-QO" for n in range(100, 164)]
    assert plates(inspected, "c1", cells) == []
    assert len(plates(inspected, "car", cells)) == 1


@pytest.mark.parametrize("header", ["c1", "col_2", "field_a", "列1", "v0", "A", "7", "unnamed: 3"])
def test_headers_that_say_nothing(header: str) -> None:
    assert says_nothing(header)


@pytest.mark.parametrize("header", ["card", "depth", "co2", "id", "lat", "vehicle", "日期"])
def test_headers_that_say_something(header: str) -> None:
    assert not says_nothing(header)
