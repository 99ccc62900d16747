"""Files made to break whoever reads them: each is refused, and the rule is named."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import netCDF4
import pytest

from exchange.errors import NotFound, Unreadable
from exchange.inspection import Intake, Limits, inspect
from exchange.inspection.parquet_frame import examine as examine_parquet
from exchange.inspection.recognition import choose
from tests.exchange.inspection.conftest import READERS, Inspected, Opening
from tests.exchange.inspection.specimens import CSV, netcdf, parquet
from tests.exchange.inspection.test_archive import overlapping, zipped


def refused(inspected: Any, content: bytes | str, name: str, rule: str, message: str) -> None:
    with pytest.raises(Unreadable) as error:
        inspected(content, name)
    assert message in str(error.value)
    assert error.value.rules == (rule,)


# Text: encodings, headers, structure.

GBK = "千里岩,3\n".encode("gb18030")
TEXTS: dict[str, tuple[bytes | str, str, str]] = {
    "UTF-8 with lines of GBK": (
        "站,n\n小麦岛站,1\n朝连岛站,2\n".encode() + GBK,
        "F-05",
        "see byte",
    ),
    "a byte of Latin-1 at the end": ("a,b\n站点,1\nx,é".encode()[:-1] + b"\xe9", "F-05", "mixed"),
    "a Latin-1 word in UTF-8": ("a,b\nété,1\n".encode() + b"\xe9t\xe9,2\n", "F-05", "byte"),
    "UTF-16 without a mark": ("a,b\n1,2\n".encode("utf-16-le"), "F-05", "UTF-16 without"),
    "UTF-16 BE without a mark": ("站,b\n1,2\n".encode("utf-16-be"), "F-05", "UTF-16 without"),
    "UTF-32": ("a,b\n1,2\n".encode("utf-32"), "F-05", "UTF-32 is not read"),
    "a second mark": ("\ufeffa,b\n1,2\n\ufeffa,b\n3,4\n", "F-05", "byte-order mark behind"),
    "a mark in a cell of UTF-16": ("a,b\n1,\ufeff2\n".encode("utf-16"), "F-05", "behind the start"),
    "a mark in a cell of GB18030": (
        "站,b\n小麦岛,\ufeff2\n".encode("gb18030"),
        "F-05",
        "byte-order mark behind",
    ),
    "two marks of GB18030": (
        "\ufeff\ufeff站,b\n小麦岛,2\n".encode("gb18030"),
        "F-05",
        "byte-order mark behind",
    ),
    "a mark of GB18030 and UTF-8 behind it": (
        "\ufeffa,b\n".encode("gb18030") + "小麦岛,2\n".encode(),
        "F-05",
        "see byte",
    ),
    "a repeated column": ("a,b,a\n1,2,3\n", "F-06", "two columns are called 'a'"),
    "columns that differ in form": ("é,e\u0301\n1,2\n", "F-06", "two columns are called"),
    "an empty column": ("a,,b\n1,2,3\n", "F-06", "column 2 has no name"),
    "a bell in a header": ("a\x07,b\n1,2\n", "F-06", "the name of column 1 holds a control"),
    "a turned header": ("a,b\u202ec\n1,2\n", "F-06", "the name of column 2 holds a control"),
    "an escape in a header": ("a,\x1b[2Jb\n1,2\n", "F-06", "the name of column 2 holds a control"),
    "a NUL": ("a,b\n1,\0\n", "F-06", "line 2: a NUL byte"),
    "a NUL in the header": ("a\0,b\n1,2\n", "F-06", "holds a control character"),
    "an unclosed quote": ('a,b\n"1,2\n3,4\n', "F-06", "line 2: a quote is never closed"),
    "an unclosed quote in the header": ('a,"b\n1,2\n', "F-06", "line 1"),
    "a ragged row": ("a,b\n1,2\n3,4,5\n", "F-06", "line 3: 3 cells where the header has 2"),
    "a short row": ("a,b\n1,2\n3\n", "F-06", "line 3: 1 cells where the header has 2"),
    "a million columns": ("," * (1 << 20) + "\n", "F-06", "line 1: more than 2000 columns"),
    "a header without an end": ("c" * (9 << 20), "F-06", "line 1: the header does not end"),
    "quoted line breaks without an end": ('"' + "\n" * (9 << 20), "F-06", "does not end within"),
    "a cell of two mebibytes": ("a,b\n1," + "x" * (2 << 20), "F-06", "line 2: a cell of more"),
    "a cell that calls": ("a,b\n1,=SUM(A1)\n", "F-04", "line 2: column b: a cell is a formula"),
    "a cell that pipes": ("a,b\n1,-1|cmd!x\n", "F-04", "a cell is a formula"),
    "a cell that adds a name": ("a,b\n1,+1+cmd\n", "F-04", "a cell is a formula"),
    "a cell that calls by @": ("a,b\n1,@SUM(A1)\n", "F-04", "a cell is a formula"),
    "a formula behind a tab": ('a,b\n1,"\t=A1"\n', "F-04", "a cell is a formula"),
    "a formula behind a return": ('a,b\r\n1,"\r=A1"\r\n', "F-04", "a cell is a formula"),
    "a full-width formula": ("a,b\n1,＝SUM(A1)\n", "F-04", "a cell is a formula"),
    "a full-width sum": ("a,b\n1,＋HYPERLINK(x)\n", "F-04", "a cell is a formula"),
    "a formula in quotes": ('a,b\n1,"=HYPERLINK(""x"")"\n', "F-04", "a cell is a formula"),
    "a formula in a header": ("a,=1+1\n1,2\n", "F-04", "is a formula"),
    "a full-width formula in a header": ("a,＝1+1\n1,2\n", "F-04", "is a formula"),
    "a sheet in a header": ("a,+S!A1\n1,2\n", "F-04", "is a formula"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_hostile_text_is_refused(inspected: Inspected, case: str) -> None:
    content, rule, message = TEXTS[case]
    refused(inspected, content, "data.csv", rule, message)


@pytest.mark.parametrize(
    "cell", ["-5.2", "+3", "-1.5e-3", "-", "+86 532 8888", "＝＝ 注 ＝＝", "－"]
)
def test_signs_that_begin_numbers_and_words_are_no_formulas(
    inspected: Inspected, cell: str
) -> None:
    assert inspected(f"a,b\n1,{cell}\n2,x\n").rows == 2


# Wrappers and archives.


def tar() -> bytes:
    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo("../evil.csv")
        info.size = len(CSV)
        archive.addfile(info, BytesIO(CSV))
    return made.getvalue()


ONE = gzip.compress(CSV, mtime=0)
WRAPPED = {
    "two members": ("data.csv.gz", ONE + ONE, "F-01", "a second gzip member behind the end"),
    "garbage behind": ("data.csv.gz", ONE + b"xyz", "F-01", "bytes behind the end"),
    "zeros behind": ("data.csv.gz", ONE + b"\0" * 9, "F-01", "bytes behind the end"),
    "cut short": ("data.csv.gz", ONE[:-9], "F-01", "the gzip wrapper is broken: cut short"),
    "wrong checksum": ("data.csv.gz", ONE[:-8] + b"\0" * 8, "F-01", "the gzip wrapper is broken"),
    "a bomb": ("data.csv.gz", gzip.compress(bytes(300 << 20), 9), "F-02", "100 times its size"),
    "a bomb of JSON": (
        "data.jsonl.gz",
        gzip.compress(b'{"a":1}\n' * (8 << 20), 9),
        "F-02",
        "100 times its size",
    ),
    "a wrapper in a wrapper": ("data.csv.gz", gzip.compress(ONE), "F-01", "is a gzip archive"),
    "a ZIP": ("data.zip", zipped({"data.csv": CSV}), "F-01", "is a ZIP archive: give the data"),
    "a ZIP called .csv": ("data.csv", zipped({"data.csv": CSV}), "F-01", "is a ZIP archive: give"),
    "a bomb in a ZIP": ("data.zip", zipped({"zeros": bytes(40 << 20)}), "F-02", "100 times"),
    "an overlapping ZIP": ("data.csv", overlapping(), "F-02", "overlaps"),
    "a ZIP that leads out": ("data.zip", zipped({"../x": b""}), "F-03", "leads out of its folder"),
    "a ZIP in a ZIP": ("data.zip", zipped({"x.zip": b"x"}), "F-02", "is an archive itself"),
    "a tar": ("data.tar", tar(), "F-01", "is a tar archive: give the data file"),
    "a tar called .csv": ("data.csv", tar(), "F-01", "is a tar archive"),
    "a wrapped tar": ("data.tar.gz", gzip.compress(tar(), mtime=0), "F-01", "is a tar archive"),
    "7z": ("data.7z", b"7z\xbc\xaf\x27\x1c" + bytes(99), "F-01", "is a 7z archive"),
    "RAR": ("data.csv", b"Rar!\x1a\x07\x01\x00" + bytes(99), "F-01", "is a RAR archive"),
    "bzip2": ("data.csv.bz2", b"BZh91AY&SY" + bytes(99), "F-01", "is a bzip2 archive"),
    "a pickle": ("data.pkl", b"\x80\x04\x95" + bytes(99), "F-04", "a pickle is a program"),
    "a program": ("data.csv", b"\x7fELF" + bytes(99), "F-01", "no known format"),
}


@pytest.mark.parametrize("case", WRAPPED)
def test_a_hostile_wrapper_is_refused(inspected: Inspected, case: str) -> None:
    name, content, rule, message = WRAPPED[case]
    refused(inspected, content, name, rule, message)


# What is no file, or no name.


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("../../etc/passwd.csv", "leads out of its folder"),
        ("..", "leads out of its folder"),
        ("/etc/data.csv", "is an absolute path"),
        ("C:\\data.csv", "begins with a drive letter"),
        ("\\\\server\\data.csv", "is an absolute path"),
        ("folder/data.csv", "is a path"),
        ("da\nta.csv", "holds a control character"),
        ("da\x00ta.csv", "holds a control character"),
        ("da\x9bta.csv", "holds a control character"),
        ("data\u202evsc.exe", "holds a control character"),
    ],
)
def test_a_name_that_is_more_than_a_name_is_refused(tmp_path: Path, name: str, fault: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(CSV)
    with pytest.raises(Unreadable, match=fault) as error:
        inspect(path, readers=READERS, name=name)
    assert error.value.rules == ("F-03",)
    assert str(error.value).isprintable()


def test_what_is_no_file_is_refused_without_opening_it(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "data.csv").write_bytes(CSV)
    (tmp_path / "link.csv").symlink_to(tmp_path / "data.csv")
    (tmp_path / "empty.csv").touch()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.csv"))
    cases = {
        tmp_path / "folder.csv": ("F-01", "is a directory"),
        tmp_path / "pipe.csv": ("F-03", "is not a regular file"),
        tmp_path / "socket.csv": ("F-03", "is not a regular file"),
        tmp_path / "link.csv": ("F-03", "is a symbolic link"),
        tmp_path / "empty.csv": ("F-06", "is empty"),
        Path("/dev/zero"): ("F-03", "is not a regular file"),
    }
    for path, (rule, message) in cases.items():
        with pytest.raises(Unreadable, match=message) as error:
            inspect(path, readers=READERS)
        assert error.value.rules == (rule,)
    with pytest.raises(NotFound):
        inspect(tmp_path / "gone.csv", readers=READERS)


@pytest.mark.parametrize("keeps_time", [False, True])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, keeps_time: bool) -> None:  # noqa: FBT001
    path = tmp_path / "data.csv"
    path.write_bytes(CSV)
    before = path.stat()

    def meddle(done: int, total: int) -> None:
        if done == total:
            path.write_bytes(CSV.replace(b"calm", b"wild"))
            if keeps_time:
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(Unreadable, match="changed while it was being read") as error:
        inspect(path, readers=READERS, progress=meddle)
    assert error.value.rules == ("F-01",)


# Sizes: no more is read of a bad file than it takes to know it.


class Endless(Intake):
    """A text that goes on for ever; counts what was taken of it."""

    taken = 0
    start, more = b"", b""

    def pieces(self) -> Iterator[bytes]:
        yield self.start
        while True:
            self.taken += len(self.more)
            yield self.more


@pytest.mark.parametrize(
    ("name", "start", "more"),
    [
        ("data.csv", b"a,b\n1,", b"x" * (1 << 20)),
        ("data.csv", b'a,b\n1,"', b"x\n" * (1 << 19)),
        ("data.csv", b"a", b"x," * (1 << 19)),
        ("data.csv", b'"a', b"x\n" * (1 << 19)),
        ("data.csv", b"a,b\n", b"x," * (1 << 19)),
        ("data.jsonl", b'{"a": "', b"x" * (1 << 20)),
        ("data.jsonl", b'{"a": ', b"[" * (1 << 20)),
        ("data.ruv", b"%CTF: 1.00\n", b"x" * (1 << 20)),
        ("data.cnv", b"* Sea-Bird\n* ", b"x" * (1 << 20)),
        ("data.cnv", b"* Sea-Bird\n", b"* x = y\n" * (1 << 17)),
    ],
)
def test_a_line_without_an_end_is_refused_after_a_few_mebibytes(
    tmp_path: Path,
    opening: Opening,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    start: bytes,
    more: bytes,
) -> None:
    path = tmp_path / name
    path.write_bytes(start)
    monkeypatch.setattr("exchange.inspection.encoding._first_failure", lambda *_: None)
    for table in ("cells", "gathered"):
        opening.connection.execute(f"DROP TABLE IF EXISTS {table}").fetchall()
    with Endless(path, scratch=tmp_path, limits=Limits(record=4 << 20)) as intake:
        intake.start, intake.more = start, more
        reader = choose(intake, READERS)
        with pytest.raises(Unreadable) as error:
            reader.open(intake, opening.connection)
    assert set(error.value.rules) <= {"F-06", "F-01"}
    assert intake.taken <= 8 << 20


# Parquet.


def framed(footer: bytes, body: bytes = b"") -> bytes:
    return b"PAR1" + body + footer + struct.pack("<I", len(footer)) + b"PAR1"


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(step: int, kind: int, content: bytes) -> bytes:
    return bytes([step << 4 | kind]) + content


def number(value: int) -> bytes:
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def text(value: bytes) -> bytes:
    return varint(len(value)) + value


def many(kind: int, items: list[bytes]) -> bytes:
    return bytes([0xF0 | kind]) + varint(len(items)) + b"".join(items)


def node(name: bytes, children: int = 0, *, kind: bool = True) -> bytes:
    typed = field(1, 5, number(1)) if kind and not children else b""
    named = field(4 if not typed else 3, 8, text(name))
    return typed + named + (field(1, 5, number(children)) if children else b"") + b"\0"


def chunk(start: int = 4, size: int = 40, values: int = 9, path: bytes = b"") -> bytes:
    elsewhere = field(1, 8, text(path)) if path else b""
    metadata = (
        field(5, 6, number(values))
        + field(1, 6, number(size))
        + field(1, 6, number(size))
        + field(2, 6, number(start))
        + b"\0"
    )
    return elsewhere + field(2 if path else 3, 12, metadata) + b"\0"


def group(chunks: list[bytes], rows: int = 9) -> bytes:
    return field(1, 9, many(12, chunks)) + field(2, 6, number(rows)) + b"\0"


def footer(schema: list[bytes], groups: list[bytes], rows: int = 9) -> bytes:
    return (
        field(2, 9, many(12, schema))
        + field(1, 6, number(rows))
        + field(1, 9, many(12, groups))
        + b"\0"
    )


ROOT = node(b"root", 1)
FLAT = [ROOT, node(b"a")]
BODY = b"\0" * 200
DEEP = [node(b"root", 1), *[node(b"n", 1)] * 60, node(b"leaf")]
FRAMES = {
    "a footer longer than the file": (b"PAR1" + struct.pack("<I", 2**31) + b"PAR1", "footer of"),
    "a footer of nothing": (framed(b""), "cut short"),
    "structs without end": (framed(b"\x1c" * 5000), "deeper"),
    "lists in lists": (framed(b"\x19" + b"\x19" * 5000), "deeper"),
    "a list of four billion": (framed(b"\x29\xfc" + varint(2**32)), "a list of 4294967296 values"),
    "a number without an end": (framed(b"\x26" + b"\xff" * 50), "more than 64 bits"),
    "a deep schema": (framed(footer(DEEP, [])), "a schema of more than 16 levels"),
    "a schema that is cut short": (framed(footer([node(b"root", 9)], [])), "schema"),
    "a column twice": (
        framed(footer([node(b"root", 2), node(b"a"), node(b"a")], [])),
        "two columns are called 'a'",
    ),
    "a column outside": (
        framed(footer(FLAT, [group([chunk(start=4, size=2**40)])]), BODY),
        "lies outside the file",
    ),
    "a column before the file": (
        framed(footer(FLAT, [group([chunk(start=-4)])]), BODY),
        "lies outside the file",
    ),
    "columns that share bytes": (
        framed(footer(FLAT, [group([chunk()]), group([chunk()])], 18), BODY),
        "shares bytes with another",
    ),
    "a column in another file": (
        framed(footer(FLAT, [group([chunk(path=b"/etc/passwd")])]), BODY),
        "keeps its data in another file",
    ),
    "rows that do not add up": (
        framed(footer(FLAT, [group([chunk()])], 10), BODY),
        "10 rows in all and 9 in its row groups",
    ),
    "a trillion rows": (
        framed(footer(FLAT, [group([chunk()], 10**12)], 10**12), BODY),
        "claims 1000000000000 rows in",
    ),
    "rows less than none": (framed(footer(FLAT, [group([chunk()], -9)], -9), BODY), "rows in all"),
    "a column too few": (framed(footer(FLAT, [group([])]), BODY), "0 columns of 1"),
    "pages that are none": (framed(footer(FLAT, [group([chunk()])]), BODY), "a page lies outside"),
}


@pytest.mark.parametrize("case", FRAMES)
def test_parquet_that_lies_is_refused_before_the_engine_sees_it(
    inspected: Inspected, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, message = FRAMES[case]

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("exchange.inspection.parquet._load", never)
    with pytest.raises(Unreadable) as error:
        inspected(content, "data.parquet")
    assert message in str(error.value)
    assert error.value.rules in {("F-08",), ("F-06",)}


def test_ten_million_columns_are_refused_by_their_count(inspected: Inspected) -> None:
    schema = [node(b"root", 3000), *(node(b"c%d" % i) for i in range(3000))]
    refused(inspected, framed(footer(schema, [])), "data.parquet", "F-06", "more than 2000 columns")


@pytest.mark.parametrize("moment", ["12000-01-01", "0044-03-15 (BC)", "infinity"])
def test_instants_that_no_calendar_writes_are_refused(inspected: Inspected, moment: str) -> None:
    content = parquet(f"SELECT TIMESTAMP '{moment}' AS t UNION ALL SELECT TIMESTAMP '2026-01-05'")
    refused(inspected, content, "data.parquet", "F-06", "outside the years 1 to 9999")


def test_a_dictionary_that_becomes_gigabytes_is_refused_before_it_is_written(
    inspected: Inspected, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = parquet("SELECT repeat('x', 5000) AS s, i FROM range(90000) t(i)")
    assert len(content) < 1 << 20
    monkeypatch.setattr("exchange.inspection.parquet.TEXT_FLOOR", 1 << 26)
    refused(inspected, content, "data.parquet", "F-02", "its texts expand to more than")


def test_a_page_that_unpacks_too_far_is_refused(inspected: Inspected) -> None:
    content = parquet(
        "SELECT repeat(chr(65 + (i % 26)::INT), 20000 + i) AS s FROM range(900) t(i)",
        ", COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 1",
    )
    assert len(content) < 100_000
    refused(inspected, content, "data.parquet", "F-02", "100 times its size")


@pytest.mark.parametrize(
    "query",
    ["SELECT i FROM range(100000) t(i)", "SELECT [i] AS l, {'a': i} AS s FROM range(9) t(i)"],
)
@pytest.mark.parametrize("options", ["", ", PARQUET_VERSION v2, COMPRESSION zstd"])
def test_parquet_as_engines_write_it_passes(tmp_path: Path, query: str, options: str) -> None:
    path = tmp_path / "data.parquet"
    path.write_bytes(parquet(query, options))
    assert examine_parquet(Intake(path, scratch=tmp_path)).rows in {9, 100_000}


# NetCDF.

CLASSIC = netcdf("NETCDF3_CLASSIC")


def at(offset: int, value: bytes) -> bytes:
    return CLASSIC[:offset] + value + CLASSIC[offset + len(value) :]


@pytest.mark.parametrize(
    "content",
    [
        at(8, b"\xff\xff\xff\xff"),
        at(12, b"\xff\xff\xff\xff"),
        at(12, b"\x7f\xff\xff\xff"),
        at(16, b"\xff\xff\xff\xff"),
        at(24, b"\x7f\xff\xff\xff"),
        CLASSIC[:40],
        CLASSIC[:-40],
        b"CDF\x05" + b"\xff" * 60,
        b"CDF\x02",
    ],
)
def test_a_classic_grid_whose_header_lies_is_refused_before_the_library_sees_it(
    inspected: Inspected, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("netCDF4.Dataset", never)
    refused(inspected, content, "data.nc", "F-08", "not a whole NetCDF file")


@pytest.mark.parametrize(
    "form", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA", "NETCDF4"]
)
def test_grids_with_records_pass_in_every_form(
    tmp_path: Path, inspected: Inspected, form: Any
) -> None:
    path = tmp_path / "records.nc"
    with netCDF4.Dataset(str(path), "w", format=form) as file:
        file.title = "records"
        file.createDimension("time", None)
        file.createDimension("x", 3)
        for name, kind in (("a", "i2"), ("b", "f8")):
            file.createVariable(name, kind, ("time", "x"))[:] = [[1, 2, 3], [4, 5, 6]]
        file.createVariable("time", "f8", ("time",))[:] = [0, 1]
    assert inspected(path.read_bytes(), "records.nc").rows == 6
