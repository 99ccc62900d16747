"""A table of names answers as a dictionary does, however small its room was."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from ledger.names import Names


def numbers_under(names: Names, name: int) -> list[int]:
    found, number = [], names.newest(name)
    while number:
        found.append(number)
        number = names.before(number)
    return found


def test_the_newest_number_is_found_first() -> None:
    names = Names(3)
    assert [names.put(name) for name in (7, -7, 7)] == [0, 0, 1]
    assert numbers_under(names, 7) == [3, 1]
    assert numbers_under(names, -7) == [2]
    assert numbers_under(names, 0) == []


@given(st.lists(st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1)), st.integers(0, 40))
def test_names_answer_as_a_dictionary_does(put: list[int], room: int) -> None:
    names = Names(room)
    known: defaultdict[int, list[int]] = defaultdict(list)
    for number, name in enumerate(put, 1):
        assert names.put(name) == (known[name][0] if known[name] else 0)
        known[name].insert(0, number)
    assert names.count == len(put)
    for name in {*put, 0, 1}:
        assert numbers_under(names, name) == known[name]
