"""Places: parts lie in their whole, what is set apart does not, and whatever may meet, meets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.places import MEMBERS, SET_APART, UNION, all_within, lies_within, places_meet


@pytest.mark.parametrize(
    ("place", "wider", "within"),
    [
        ("CN", "CN", True),
        ("CN-SH", "CN", True),
        ("CN-37", "CN", True),
        ("CN-37", "CN-SD", True),
        ("CN-SD", "CN-37", True),
        ("CN-37", "CN-SH", False),
        ("CN", "CN-SH", False),
        ("CN-HK", "CN", False),
        ("CN-91", "CN", False),
        ("CN-HK", "CN-HK", True),
        ("HK", "CN", False),
        ("DE", "EU", True),
        ("DE-HH", "EU", True),
        ("DE-HH", "DE", True),
        ("EU", "DE", False),
        ("GB", "EU", False),
        ("NO", "EU", False),
        ("FR-NC", "FR", False),
        ("FR-NC", "EU", False),
        ("US-CA", "US", True),
        ("US-PR", "US", False),
        ("EU-X", "EU", True),
        ("CNX", "CN", False),
        ("CN-", "CN", False),
        ("CN-SHAN", "CN", False),
        ("cn-sh", "cn", False),
        ("Pudong", "Shanghai", False),
        ("Shanghai-1", "Shanghai", False),
        ("Shandong", "CN", False),
        ("上海", "上海", True),
    ],
)
def test_a_part_lies_in_its_whole_and_nothing_else_in_another(
    place: str, wider: str, *, within: bool
) -> None:
    assert lies_within(place, wider) is within


def test_places_meet_where_one_lies_in_the_other_or_may() -> None:
    assert places_meet(["SG", "CN-SH"], ["CN"])
    assert places_meet(["CN"], ["CN-SH"])
    assert places_meet(["EU"], ["FR-IDF"])
    assert places_meet(["CN"], ["CN-HK"])
    assert places_meet(["CN-37"], ["CN-SD"])
    assert not places_meet(["CN-BJ"], ["CN-SH"])
    assert not places_meet([], ["CN"])


def test_all_of_some_places_lie_within_others() -> None:
    assert all_within(["CN-SD", "DE"], ["CN", "EU"])
    assert not all_within(["CN-SD", "US"], ["CN", "EU"])
    assert not all_within(["CN"], ["CN-SD", "CN-SH"])
    assert all_within([], [])


codes = st.one_of(
    st.sampled_from([UNION, "CN", "US", "SG", "CN-37", "CN-SD", "CN-91", "Shandong", "Qingdao"]),
    st.sampled_from(sorted(MEMBERS | SET_APART)),
    st.from_regex(r"(CN|DE|US|FR)-[A-Z0-9]{1,3}", fullmatch=True),
)


@given(codes, codes, codes)
def test_to_lie_within_is_an_order_and_is_to_meet(one: str, other: str, third: str) -> None:
    assert lies_within(one, one)
    if lies_within(one, other):
        assert places_meet([one], [other])
        if lies_within(other, third):
            assert lies_within(one, third)
        if lies_within(other, one):  # two codes of one place stand for each other everywhere
            assert lies_within(one, third) == lies_within(other, third)
            assert lies_within(third, one) == lies_within(third, other)
    assert places_meet([one], [other]) == places_meet([other], [one])


@given(st.sampled_from(sorted(SET_APART)), codes)
def test_what_is_set_apart_lies_in_nothing_but_itself(apart: str, wider: str) -> None:
    if lies_within(apart, wider):
        assert lies_within(wider, apart)


@given(codes, codes, codes)
def test_what_is_granted_of_a_place_meets_whatever_meets_a_part_of_it(
    part: str, whole: str, other: str
) -> None:
    if lies_within(part, whole) and places_meet([part], [other]):
        assert places_meet([whole], [other]) or lies_within(part, other)
