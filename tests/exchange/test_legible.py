"""What is told in a text is seen, and reads as it stands."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exchange.errors import BadField
from exchange.legible import require_legible


@pytest.mark.parametrize(
    "text",
    [
        "",
        "青岛潮位",
        "two\nlines\tand a tab\r\n",
        "नि\u200dति",
        "全角\u3000空格",
        "👩\u200d🔬",
        "—",
        "a\u200b",
    ],
)
def test_what_people_write_is_legible(text: str) -> None:
    require_legible({"name": text})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\u200b", "nothing in it that can be seen"),
        ("\u3164", "nothing in it that can be seen"),
        ("\u2800 \n", "nothing in it that can be seen"),
        ("\u0301", "nothing in it that can be seen"),
        ("gpj\u202eexe", "turns the direction of writing"),
        ("\u2066a\u2069", "turns the direction of writing"),
        ("\x07", "a control character"),
        ("bell\x00", "a control character"),
        ("\x9b", "a control character"),
    ],
)
def test_what_nobody_sees_is_refused_by_its_field(text: str, words: str) -> None:
    with pytest.raises(BadField, match=rf"^basic\.keywords\.1: .*{words}"):
        require_legible({"basic": {"keywords": ["tide", text]}})
    with pytest.raises(BadField, match=rf"^approvals: .*{words}"):
        require_legible({"approvals": {text: "x"}})


records = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1), inner),
    max_leaves=8,
)


def texts(record: Any) -> list[str]:
    if isinstance(record, str):
        return [record]
    if isinstance(record, dict):
        return [text for value in record.values() for text in texts(value)]
    return [text for value in record for text in texts(value)] if isinstance(record, list) else []


@example({"a": ["x", {"b": "\u202e"}]})
@given(records)
def test_a_record_is_refused_if_one_of_its_texts_is(record: Any) -> None:
    def refused(part: Any) -> bool:
        try:
            require_legible(part)
        except BadField:
            return True
        return False

    assert refused(record) == any(map(refused, texts(record)))
    for text in texts(record):
        if any(unicodedata.category(each) == "Cc" and each not in "\n\r\t" for each in text):
            assert refused(text)
