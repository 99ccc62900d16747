"""A regulator's list is read whole, or refused by row and column."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from exchange.errors import BadField, Unreadable
from exchange.formats.negative_list import BYTES_MAX, read_notices
from tests.exchange.floor import credit_code

HEAD = "credit_code,name,reason,source,since,until\n"
ROW = f"{credit_code(7)},某公司,出售个人信息,网信办,2026-01-02,2027-01-01\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_list_is_read_with_and_without_a_byte_order_mark(tmp_path: Path) -> None:
    for text in (HEAD + ROW, f"\ufeff{HEAD}\n{ROW}\r\n"):
        (notice,) = read_notices(written(tmp_path, text))
        assert (notice.credit_code, notice.name) == (credit_code(7), "某公司")
        assert (notice.since, notice.until) == (dt.date(2026, 1, 2), dt.date(2027, 1, 1))


def test_a_source_given_beside_the_file_stands_in_for_a_column(tmp_path: Path) -> None:
    text = HEAD.replace("source,", "") + ROW.replace("网信办,", "")
    assert read_notices(written(tmp_path, text), source="工信部")[0].source == "工信部"
    with pytest.raises(BadField, match="header"):
        read_notices(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (HEAD, "rows: the list names nobody"),
        (HEAD + ROW + ROW, "row 3: credit_code: row 2 says the same already"),
        (HEAD + ROW.replace("91370200", "91370201"), "row 2: credit_code"),
        (HEAD + ROW.replace("2026-01-02", "2.1.2026"), "row 2: since"),
        (HEAD + ROW.replace("2027-01-01", "2025-01-01"), "row 2: until: before since"),
        (HEAD + ROW.replace("某公司", ""), "row 2: name"),
        (HEAD + ROW.replace("某公司", "某" * 201), "row 2: name"),
        (HEAD + "a,b\n", "row 2: columns"),
        (HEAD.replace("name", "nom") + ROW, "header"),
        (HEAD.replace("name", "reason") + ROW, "header"),
    ],
)
def test_a_row_out_of_order_is_named_and_nothing_is_read(
    tmp_path: Path, text: str, where: str
) -> None:
    with pytest.raises(BadField, match=where):
        read_notices(written(tmp_path, text))


@pytest.mark.parametrize(
    "data",
    [b"", "信用代码".encode("gbk"), b"a\0b\n", b'"open\n', b"x" * (BYTES_MAX + 1)],
    ids=["empty", "gbk", "nul", "quote", "long"],
)
def test_what_is_no_list_is_unreadable(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_notices(written(tmp_path, data))
