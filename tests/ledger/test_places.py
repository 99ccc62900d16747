from __future__ import annotations

import pytest

from ledger.places import lies_within, places_meet


@pytest.mark.parametrize(
    ("place", "wider", "within"),
    [
        ("CN", "CN", True),
        ("CN-SH", "CN", True),
        ("CN", "CN-SH", False),
        ("CNX", "CN", False),
        ("CN-", "CN", False),
        ("CN-SHAN", "CN", False),
        ("cn-sh", "cn", False),
        ("Pudong", "Shanghai", False),
        ("Shanghai-1", "Shanghai", False),
        ("上海", "上海", True),
    ],
)
def test_a_subdivision_lies_in_its_country_and_nothing_else_in_another(
    place: str, wider: str, *, within: bool
) -> None:
    assert lies_within(place, wider) is within


def test_places_meet_where_one_lies_in_the_other() -> None:
    assert places_meet(["SG", "CN-SH"], ["CN"])
    assert places_meet(["CN"], ["CN-SH"])
    assert not places_meet(["CN-BJ"], ["CN-SH"])
    assert not places_meet([], ["CN"])
