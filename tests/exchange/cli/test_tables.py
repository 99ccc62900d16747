"""Tables on a terminal: nothing is cut, and nothing broken but between words."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from exchange.cli.shell import Shell
from exchange.cli.tables import fitted, wrapped

DIGEST: Final = "0f" * 32
DOCUMENTS: Final = (
    ["=kind", "=state", "=stands", "=by", "=looked at by", "=until", "=for", "=attached at"],
    [
        ["compliance-assessment", "verified", "yes", "law-firm", "house", "2027-10-01", "", "e 31"],
        ["quality-assessment", "attached", "no", "institute", "", "", "an older sheet", "e 35"],
    ],
)
WORDS: Final = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "Po")), min_size=1, max_size=30
)
TEXTS: Final = st.lists(WORDS, max_size=12).map(" ".join)


def printed(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return the lines of a table, as a terminal of that width is sent them."""
    shell = Shell("nowhere", None, None)
    out = io.StringIO()
    shell.console = Console(file=out, width=width, highlight=False)
    shell.table("", columns, rows)
    return out.getvalue().rstrip("\n").split("\n")


def test_a_table_that_fits_stands_as_it_is() -> None:
    lines = printed(["=id", "work", ">fee"], [["EG-1", "a review", "1.00 CNY"]], 40)
    assert [line.rstrip() for line in lines] == [
        "id     work            fee",
        "──────────────────────────",
        "EG-1   a review   1.00 CNY",
    ]


def test_what_does_not_fit_is_wrapped_between_words_and_ids_stay_whole() -> None:
    work = "a second opinion on the whole of the series and its notes"
    lines = printed(["=id", "work", ">fee"], [["EG-1234", work, "1.00 CNY"]], 40)
    assert max(map(cell_len, lines)) == 40
    assert [line.rstrip() for line in lines[2:]] == [
        "EG-1234  a second opinion on    1.00 CNY",
        "         the whole of the",
        "         series and its notes",
    ]


@pytest.mark.parametrize("width", [40, 80, 100])
def test_no_id_digest_date_or_state_is_cut(width: int) -> None:
    columns, rows = DOCUMENTS
    for kind in (rows[0], [DIGEST, *rows[0][1:]]):
        lines = printed(columns, [kind, *rows[1:]], width)
        words = {word for row in (kind, *rows[1:]) for cell in row for word in cell.split()}
        assert words <= {word for line in lines for word in line.split()}


def test_columns_stand_closer_and_those_of_nothing_are_left_out_where_there_is_no_room() -> None:
    columns, rows = ["=id", "note", "until", ">fee"], [["EG-1", "", "2027-10-01", "1.00 CNY"]]
    assert [line.rstrip() for line in printed(columns, rows, 26)] == [
        "id    until            fee",
        "──────────────────────────",
        "EG-1  2027-10-01  1.00 CNY",
    ]
    assert "note" in printed(columns, rows, 40)[0]
    assert printed(["one", "another"], [["", ""]], 6)


def test_rows_that_do_not_fit_are_a_block_each_with_an_empty_line_between() -> None:
    lines = printed(*DOCUMENTS, 80)
    assert lines[:3] == [
        "kind          compliance-assessment",
        "state         verified",
        "stands        yes",
    ]
    assert [line for line in lines if line.startswith("until")] == ["until         2027-10-01"]
    assert lines.count("") == 1


def test_of_two_columns_the_first_is_the_name_of_the_second() -> None:
    rows = [["data", DIGEST], ["name", "tides of the bay, hourly, and what was left out of them"]]
    assert printed(["field", "value"], rows, 40) == [
        "data",
        f"  {DIGEST}",
        "name  tides of the bay, hourly, and what",
        "      was left out of them",
    ]


def test_one_column_that_is_wider_than_the_window_is_not_cut() -> None:
    assert printed(["=entry"], [[DIGEST]], 40) == [DIGEST]


def test_blocks_are_taken_where_columns_would_be_so_narrow_that_they_are_longer() -> None:
    text = "words of a finding that tell what was found and what is to be done about it "
    columns, rows = ["=rule", "finding", "basis", "unlock"], [["C-01", *[text * 2] * 3]]
    below = fitted(columns, rows, 60)
    assert isinstance(below, list)
    assert below[0] == "rule     C-01"
    assert isinstance(fitted(columns, [["C-01", *["a few words of it"] * 3]], 60), Table)


def test_chinese_is_wrapped_between_characters_and_keeps_its_marks_and_its_names() -> None:
    text = "说明书（第三版）尚未按照GB/T 37932-2025的要求评估，详见附件。"
    for width in range(12, 40):
        lines = wrapped(text, width)
        assert max(map(cell_len, lines)) <= width
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert any("37932-2025" in line for line in lines)
        assert any("GB/T" in line for line in lines)
        assert not [line for line in lines if re.match("[）。，]", line) or line.endswith("（")]


@given(texts=st.lists(TEXTS, min_size=1, max_size=4), width=st.integers(8, 120))
def test_every_word_of_every_cell_is_shown_and_a_line_is_too_long_for_a_word_alone(
    texts: list[str], width: int
) -> None:
    columns = [f"c{at}" for at in range(len(texts))]
    shown = fitted(columns, [texts, texts[::-1]], width)
    if isinstance(shown, Table):
        out = io.StringIO()
        Console(file=out, width=width, highlight=False).print(shown, end="")
        assert max(map(cell_len, out.getvalue().split("\n"))) <= width
        shown = out.getvalue().split("\n")
    said = "".join("".join(shown).split())
    for text in texts:
        for word in text.split():
            if word.isascii():
                assert word in said
            assert all(each in said for each in word)
