"""Remarks before the header of a delimited text, and the line that names its delimiter."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exchange.errors import Unreadable
from exchange.inspection import Intake
from exchange.inspection.preamble import LINES_MAX, Preamble, split
from exchange.inspection.sensitive import METADATA
from exchange.profile import ColumnType, SensitiveKind
from exchange.records import to_record
from tests.exchange.inspection.conftest import Inspected

TABLE = "time,depth\n2026-01-05T00:00:00Z,1.5\n2026-01-05T01:00:00Z,2.5\n"
REMARKS = "# Buoy 3, Qingdao\n# latitude: 36.05\n#\n## source = https://sea.example/3\n"


def parted(text: str, tmp_path: Path, size: int = 1 << 20) -> tuple[Preamble, str]:
    path, data = tmp_path / "t.csv", text.encode()
    path.write_bytes(data or b"-")
    with Intake(path, scratch=tmp_path) as intake:
        pieces = [data[i : i + size] for i in range(0, len(data), size)]
        before, rest = split(pieces, intake)
        return before, b"".join(rest).decode()


def test_remarks_are_attributes_and_the_table_is_the_one_below_them(inspected: Inspected) -> None:
    bare, profile = inspected(TABLE), inspected(REMARKS + TABLE)
    assert [column.name for column in profile.columns] == ["time", "depth"]
    assert profile.rows == bare.rows == 2
    assert profile.columns == bare.columns
    assert profile.rows_digest == bare.rows_digest
    assert profile.remarks == ("lines of remarks before the header: 4",)
    assert profile.attributes == (
        ("comment", "Buoy 3, Qingdao"),
        ("latitude", "36.05"),
        ("source", "https://sea.example/3"),
    )


@pytest.mark.parametrize(
    "remark",
    [
        "联系人: 王建国，电话 13853271234",
        "13853271234 = x",
        "王建国 13853271234: ok",
        "wang.jianguo@example.com: boss",
    ],
)
def test_what_finds_somebody_in_remarks_is_found(inspected: Inspected, remark: str) -> None:
    profile = inspected(f"# {remark}\n{TABLE}")
    kinds = {each.kind for each in profile.sensitive if each.column == METADATA}
    assert kinds & {SensitiveKind.MOBILE, SensitiveKind.EMAIL}
    told = str(to_record(profile))
    assert not any(each in told for each in ("13853271234", "wang.jianguo"))


@pytest.mark.parametrize(
    "remark",
    [
        "联系人：王建国",
        "作者 王建国",
        "王建国",
        "姓名=王建国",
        "王建国: 青岛",
        "联系人王建国: 青岛",
        "measured by John Smith: fine",
        "船长：王建国",
        "审核：王建国",
        "数据提供者: 王建国",
        "作 者：王建国",
        "校对 王建国",
        "王建国(青岛)",
        "王建国。",
        "Owner: John Smith",
        "note: author: John Smith",
        "station: Q1; operator: John Smith",
        "Copyright: (c) 2026 John Smith",
        "微信：王建国88",
        "author:John Smith",
        "- author: John Smith",
        '"author: John Smith"',
        "PI: Dr. John Smith",
        "created by: John Smith",
        "measured from the boat of John Smith in May",
    ],
)
def test_who_is_named_in_remarks_is_withheld(inspected: Inspected, remark: str) -> None:
    told = str(inspected(f"# {remark}\n{TABLE}").attributes)
    assert "王建国" not in told
    assert "John Smith" not in told


@pytest.mark.parametrize(
    "remark",
    [
        "see,=HYPERLINK(1)",
        "x,+cmd|'/c calc'!A1",
        "x,\"+'a,b'!A1\"",
        'x;"=HYPERLINK(1;2)"',
        "x,＝HYPERLINK(1)",
        'x,";";"=CMD()"',
    ],
)
def test_a_remark_that_a_spreadsheet_would_run_is_refused(
    inspected: Inspected, remark: str
) -> None:
    with pytest.raises(Unreadable, match=r"line 2: a remark holds a formula \(F-04\)"):
        inspected(f"# made by,buoy,3\n# {remark}\n\n{TABLE}")


@pytest.mark.parametrize("remark", ['x","', '5";"', 'x" | "'])
def test_a_remark_that_leaves_a_quote_open_is_refused(inspected: Inspected, remark: str) -> None:
    """A spreadsheet would go on with its cell, and run another part of the table."""
    with pytest.raises(Unreadable, match="line 1: a remark leaves a quote open"):
        inspected(f"# {remark}\na,b\n1,\"x,=cmd|'/c calc'!A1,y\"\n2,z\n")


@pytest.mark.parametrize("sign", ["\r", "\0", "\v", "\u200b", "\u202e"])
def test_control_characters_in_remarks_are_refused(inspected: Inspected, sign: str) -> None:
    with pytest.raises(Unreadable, match="line 1: a remark holds a control character"):
        inspected(f"# x{sign}y\n{TABLE}")


def test_lines_end_alike_in_remarks_and_table(inspected: Inspected) -> None:
    with pytest.raises(Unreadable, match="lines end in LF and in CR LF"):
        inspected(f"# x\r\n{TABLE}")
    assert inspected(f"# x\n{TABLE}".replace("\n", "\r\n")).rows == 2


def test_a_fault_is_named_by_its_line_in_the_file(inspected: Inspected) -> None:
    with pytest.raises(Unreadable, match="line 7: 1 cells where the header has 2"):
        inspected(f"{REMARKS}{TABLE}".replace(",2.5", ""))
    with pytest.raises(Unreadable, match="line 5: column 2 has no name"):
        inspected(f"{REMARKS}time,,depth\n1,2,3\n")
    with pytest.raises(Unreadable, match="line 6: column depth: a cell is a formula"):
        inspected(f"{REMARKS}time,depth\n1,=A1\n")


def test_a_text_in_gb18030_and_gzip_is_read_below_its_remarks(inspected: Inspected) -> None:
    text = "# 单位：海洋局\n站名,水深\n小麦岛,1.5\n".encode("gb18030")
    profile = inspected(gzip.compress(text), "remarked.csv.gz")
    assert profile.attributes == (("单位", "海洋局"),)
    assert [column.type for column in profile.columns] == [ColumnType.TEXT, ColumnType.DECIMAL]


@pytest.mark.parametrize("sep", ["sep=;\n", "SEP=;\n", "sEp=;\n", "sep=;\n# by buoy; 3\n\n"])
def test_a_line_for_spreadsheets_names_the_delimiter(inspected: Inspected, sep: str) -> None:
    profile = inspected(f"{sep}a,b;c\n1;2\n")
    assert [column.name for column in profile.columns] == ["a,b", "c"]


def test_a_delimiter_that_is_none_is_refused(inspected: Inspected) -> None:
    with pytest.raises(Unreadable, match="line 1: sep= names no comma, tab, semicolon or bar"):
        inspected("sep=x\naxb\n1x2\n")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (TABLE, 0),
        ("# one cell\na,b\n1,2\n", 1),
        ("#! one cell\na,b\n1,2\n", 1),
        ("##one cell\na,b\n1,2\n", 1),
        ("#\na\n1\n", 1),
        ("# Buoy 3,,\n,,\na,b,c\n1,2,3\n", 2),
        ('# a "pair" of, quotes\n# 5" and 6"\na,b\n1,2\n', 2),
        ("# three, cells, here\na,b\n1,2\n", 1),
        ("# as many, cells\n# of some remark\na,b\n1,2\n", 2),
        ("# as many, cells\n\na,b\n1,2\n", 2),
        ("# by species\nname,2019,2020\ncod,1,2\n", 1),
        ("# by depth\ntime,10m_wind\n1,2\n", 1),
        ("##fileformat=VCF\n#CHROM\tPOS\n1\t2\n", 1),
        ("#a,b\n1,2\n", 0),  # a header
        ("#,b\nx,y\n", 0),
        ("#\tname\n1\tAnna\n", 0),
        ("#one cell\na,b\n1,2\n", 0),  # which is refused, as its rows have others
        ("#tag\n#sea\n#sun\n", 0),
        ("#tag,n\n#sea,1\nboat,2\n", 0),
        ('# id,"name\nof it"\n1,2\n', 0),  # a header over two lines
        ('# a pair of " quotes "\na,b\n1,2\n', 1),
    ],
)
def test_where_the_header_is(text: str, lines: int, tmp_path: Path) -> None:
    before, rest = parted(text, tmp_path)
    assert len(before.lines) == lines
    assert "".join(f"{line}\n" for line in before.lines) + rest == text


VALUES = r"line \d: values stand where a header must follow"
EITHER = r"line 1: a remark, or the header\?"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# a,b\n1,2\n", VALUES),
        ("# station,depth\nQ1,NA\nQ2,1.5\n", VALUES),
        ("# time;depth\n2026-01-05;1,5\n2026-01-06;2,5\n", VALUES),
        ("# v\n1\n2\n", VALUES),
        ("# made\n# id;note\n\n1;\n", VALUES),
        ("# made\n1,2\n3,4\n", VALUES),
        ("# tag,n\n#sea,1\n#sun,2\nboat,x\n", VALUES),
        ("# name,city\nAnna,Rome\nBob,Oslo\n", EITHER),
        ("# Buoy 3, Qingdao\ntime,10m_wind\n2026-01-05,5\n", EITHER),
        ('# Survey, Qingdao\nsite,"depth, 5 m"\nA,5\n', EITHER),
        ("# id;note\na;b, c\nd;e\n", EITHER),
        ("# v\nsea\nsun\n", EITHER),
        ("# v\n\nsea\nsun\n", EITHER),
        ("# v\n#\nsea\nsun\n", EITHER),
        ("# name,city\n#\nAnna,Rome\n", EITHER),
        ("# name,city\n# ----\nAnna,Rome\n", EITHER),
        ('# id,note,x\nfoo,"a\nb",c\nfoo2,d,e\n', EITHER),
        ("# name,city\n,\nAnna,Rome\n", EITHER),
    ],
)
def test_what_may_be_a_remark_or_the_header_is_refused(text: str, why: str, tmp_path: Path) -> None:
    """Either reading may be meant, and each loses a row or a name."""
    with pytest.raises(Unreadable, match=why):
        parted(text, tmp_path)


def test_long_blanks_cost_no_time(tmp_path: Path) -> None:
    """Patterns that meet them cubed took half an hour for ten kilobytes."""
    text = f"# a{' ' * 60_000}b\n# x,y,z\n{' ' * 1_000_000}x,y\n1,2\n"
    before, _ = parted(text, tmp_path)
    assert len(before.lines) == 2


def test_what_is_nothing_but_remarks_is_refused(inspected: Inspected) -> None:
    with pytest.raises(Unreadable, match="line 3: nothing follows the remarks"):
        inspected("# x\n# y\n")


def test_remarks_without_end_are_refused(inspected: Inspected) -> None:
    assert inspected("# x\n" * LINES_MAX + TABLE).rows == 2
    with pytest.raises(Unreadable, match=f"line {LINES_MAX + 1}: more than 1000 lines or"):
        inspected("# x\n" * (LINES_MAX + 1) + TABLE)


LINES = st.text(st.sampled_from('#a1,; \t"\r'), max_size=6)


@given(st.lists(LINES, max_size=5), st.integers(1, 7))
@example(["# a", "#b,1", "1,2"], 2)
@example(["#"], 1)
@example(["sep=;", "a;b"], 3)
def test_nothing_is_lost_and_pieces_of_any_size_are_one_text(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], size: int
) -> None:
    text, folder = "".join(f"{line}\n" for line in lines), tmp_path_factory.getbasetemp()
    try:
        before, rest = parted(text, folder)
    except Unreadable as error:
        with pytest.raises(Unreadable, match=re.escape(str(error))):
            parted(text, folder, size)
        return
    assert parted(text, folder, size) == (before, rest)
    assert text.endswith(rest)
    assert text[: len(text) - len(rest)].count("\n") == len(before.lines)
