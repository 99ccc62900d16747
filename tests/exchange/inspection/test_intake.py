from __future__ import annotations

import gzip
import os
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from exchange import inspection
from exchange.errors import ExchangeError, NotFound, Unreadable
from exchange.inspection import discover_readers, inspect, sensitive
from exchange.profile import SensitiveKind
from tests.exchange.inspection.conftest import READERS, Inspected

GOOD = b"a,b\n1,2\n"


def test_the_installed_readers_are_found_in_order() -> None:
    names = [reader.name for reader in discover_readers()]
    assert names == [*("codar", "csv", "excel", "geotiff", "jsonl", "netcdf", "parquet", "seabird")]


def test_a_reader_that_does_not_load_stops_the_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("seabird", "no_such_module:Reader", inspection.GROUP)
    monkeypatch.setattr(inspection, "entry_points", lambda group: [broken])  # noqa: ARG005
    with pytest.raises(ExchangeError, match="reader seabird"):
        discover_readers()


def test_something_that_is_no_reader_stops_the_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("dict", "builtins:dict", inspection.GROUP)
    monkeypatch.setattr(inspection, "entry_points", lambda group: [broken])  # noqa: ARG005
    with pytest.raises(ExchangeError, match="is not a Reader"):
        discover_readers()


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.csv: no such file"):
        inspect(tmp_path / "gone.csv", readers=READERS)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is a directory"):
        inspect(tmp_path, readers=READERS)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(Unreadable, match="not a regular file"):
        inspect(tmp_path / "pipe.csv", readers=READERS)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_locked_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.csv"
    path.write_bytes(GOOD)
    path.chmod(0)
    with pytest.raises(Unreadable, match="cannot be opened"):
        inspect(path, readers=READERS)


def test_a_file_that_cannot_be_opened_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "locked.csv"
    path.write_bytes(GOOD)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Unreadable, match="Permission denied") as refused:
        inspect(path, readers=READERS, detectors=())
    assert str(tmp_path) not in str(refused.value)


def test_a_file_that_changes_under_inspection_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(GOOD)

    def meddle(done: int, total: int) -> None:
        if done == total:
            path.write_bytes(GOOD + b"3,4\n")

    with pytest.raises(Unreadable, match="changed while it was being read"):
        inspect(path, readers=READERS, progress=meddle)


def test_a_file_that_vanishes_under_inspection_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(GOOD)

    def meddle(*_: int) -> None:
        path.unlink(missing_ok=True)

    with pytest.raises(NotFound):
        inspect(path, readers=READERS, progress=meddle)


@pytest.mark.parametrize(
    "name",
    [
        "a*.csv",
        "a'b.csv",
        'a"b;.csv',
        "a#mode=bytes.csv",
        "海流 数据.csv",
        "[x]{y}.csv",
    ],
)
def test_a_hostile_name_is_only_a_name(inspected: Inspected, name: str) -> None:
    profile = inspected(GOOD, name)
    assert profile.rows == 1
    assert profile.name.isprintable()


def test_a_name_that_is_not_text_becomes_printable(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.csv")
    path.write_bytes(GOOD)
    assert inspect(path, readers=READERS).name == "\ufffd\ufffd.csv"


def test_a_stored_file_is_known_by_the_name_its_owner_gave(tmp_path: Path) -> None:
    path = tmp_path / "0123abcd"
    path.write_bytes(GOOD)
    assert inspect(path, readers=READERS, name="radials.csv").name == "radials.csv"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data.csv", b"PAR1....PAR1", "its bytes are of parquet"),
        ("data.csv", b"\x89HDF\r\n\x1a\n", "its bytes are of netcdf"),
        ("data.csv", b"\x89PNG....", "its bytes are of no known format"),
        ("data.csv", b"PK\x03\x04....", "is a ZIP archive that does not end as one does"),
        ("data.parquet", GOOD, "its bytes are of csv"),
        ("data.xyz", GOOD, "suffix .xyz is none of"),
        ("data", GOOD, "suffix (none) is none of"),
        ("data.csv.gz", GOOD, "is not compressed"),
        ("data.csv", gzip.compress(GOOD, mtime=0), "is not called .gz"),
        ("data.csv.gz", gzip.compress(b"PAR1....PAR1", mtime=0), "its bytes are of parquet"),
    ],
)
def test_name_and_bytes_must_agree(
    inspected: Inspected, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        inspected(content, name)
    assert message in str(refused.value)
    assert refused.value.rules == ("F-01",)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("id_11010519491231002X.csv", "resident_id"),
        ("电话13912345678.csv", "mobile"),
        ("zhang.san@qq.com.csv", "email"),
        ("AKIAIOSFODNN7EXAMPLQ.csv", "credential"),
        ("京A12345.csv", "plate"),
    ],
)
def test_a_name_that_tells_of_a_person_or_a_key_is_refused_and_not_repeated(
    tmp_path: Path, name: str, kind: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("n,level\n1,2.5\n")
    with pytest.raises(Unreadable, match=rf"holds what no name may \({kind}\)") as refused:
        inspect(path, readers=discover_readers(), name=name)
    assert refused.value.rules == ("F-03",)
    assert name.removesuffix(".csv") not in str(refused.value)


@pytest.mark.parametrize("name", ["绝密★1年.csv", "机密★启用前.csv"])
def test_a_mark_of_secrecy_in_a_name_is_found(tmp_path: Path, name: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text("n,level\n1,2.5\n")
    (found,) = inspect(path, readers=discover_readers(), name=name).sensitive
    assert (found.column, found.kind, found.certain, found.evidence) == (
        sensitive.METADATA,
        SensitiveKind.SECRECY_MARK,
        True,
        "in the file's name",
    )


@pytest.mark.parametrize(
    "name",
    ["temperature.csv", "export_20260105123456789.csv", "13912345678.csv", "商业秘密保护.csv"],
)
def test_a_name_of_numbers_or_words_is_taken(tmp_path: Path, name: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text("n,level\n1,2.5\n")
    assert not inspect(path, readers=discover_readers(), name=name).sensitive
