from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.patterns import check_pattern, digits_alone, whole


@pytest.mark.parametrize(
    "pattern",
    [
        "QD[0-9]{2}",
        "[A-Z]{1,8}-(?:north|south)?",
        r"[0-9]{4}\.[0-9]{2}",
        "(a|b|)c",
        r"[^,\-\]]{3}",
        "站[一二三]",
        "a b",
    ],
)
def test_what_every_engine_reads_alike_is_accepted(pattern: str) -> None:
    assert check_pattern(pattern) == pattern
    re.compile(whole(pattern).replace(r"\z", r"\Z"))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (".", "say which characters"),
        ("a*", "say how many"),
        ("a+", "say how many"),
        ("^a", "the whole cell already"),
        ("a$", "the whole cell already"),
        (r"\d", "write a class"),
        (r"\bword", "write a class"),
        (r"(a)\1", "write a class"),
        ("(?i)a", "only group"),
        ("(?=a)", "only group"),
        ("(a{2}){3}", "inside a repetition"),
        ("((a|b{1,2})c){1,9}", "inside a repetition"),
        ("a{2}{3}", "a repetition of a repetition"),
        ("a??", "a repetition of a repetition"),
        ("a{1,65}", "1 to 64"),
        ("a{3,2}", "1 to 64"),
        ("a{0}", "1 to 64"),
        ("a{1,}", "written {n}"),
        ("a{x}", "written {n}"),
        ("a{1", "written {n}"),
        ("a{1,2}b{1,2}c{1,2}d{1,2}", "more than 3"),
        ("{2}", "repeats nothing"),
        ("?", "repeats nothing"),
        ("(a", r"a \( without"),
        ("a)", r"a \) without"),
        ("[a", r"a \[ without"),
        ("[]", "empty"),
        ("[^]", "empty"),
        ("[z-a]", "backwards"),
        ("[a-]", "between two"),
        ("[[:alpha:]]", "must be escaped"),
        ("[a&&b]", "not read alike"),
        ("[a^]", "must be escaped"),
        ("a]", "escape it"),
        ("a}", "escape it"),
        ("a\\", "write a class"),
        ("a\n", "printable"),
        ("", "1 to 500"),
        ("a" * 501, "1 to 500"),
        ("(" * 12 + "a" + ")" * 12, "ten deep"),
    ],
)
def test_what_engines_read_differently_is_refused_by_name(pattern: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_pattern(pattern)


@given(st.text("ab01[]{}()|?*+.^$\\-,&~:", max_size=12))
def test_a_pattern_is_refused_in_words_or_python_reads_it_too(pattern: str) -> None:
    try:
        check_pattern(pattern)
    except ValueError:
        return
    re.compile(whole(pattern).replace(r"\z", r"\Z"))


@pytest.mark.parametrize("count", range(1, 20))
def test_so_many_digits_and_nothing_else_are_known_as_such(count: int) -> None:
    assert digits_alone(f"[0-9]{{{count}}}") == count


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]{0}",
        "[0-9]{20}",
        "[0-9]{1,2}",
        "[0-9]",
        "[0-8]{3}",
        "x[0-9]{2}",
        "[0-9]{2}|a",
        "([0-9]{2})",
    ],
)
def test_what_asks_for_more_or_for_more_than_64_bits_hold_is_not(pattern: str) -> None:
    assert digits_alone(pattern) is None
