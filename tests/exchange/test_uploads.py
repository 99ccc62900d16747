"""Files that arrive in parts: what is kept, whose it is, how much of it, and until when."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.errors import (
    Busy,
    Conflict,
    ExchangeError,
    NotFound,
    OffsetDiffers,
    Refused,
    TooLarge,
)
from exchange.uploads import FileUploads, Limits

OWNER, OTHER = "PT-1JZS-VJFS-M8P2", "PT-2JZS-VJFS-M8P2"
NAMES = [f"{number:032x}" for number in range(10)]
LIMITS = Limits(upload_bytes=100, uploads_open=3, uploads_bytes=120, upload_seconds=60)


@pytest.fixture
def uploads(tmp_path: Path) -> FileUploads:
    return FileUploads(tmp_path / "uploads", LIMITS)


def files(uploads: FileUploads) -> list[Path]:
    with suppress(FileNotFoundError):
        return sorted(uploads._folder.iterdir())
    return []


def age(uploads: FileUploads, seconds: float) -> None:
    """Make all that is there so much older."""
    for path in files(uploads):
        then = path.stat().st_mtime - seconds
        os.utime(path, (then, then))


def test_a_file_comes_in_parts(uploads: FileUploads) -> None:
    opened = uploads.open(OWNER, 9, name=NAMES[0])
    assert (opened.owner, opened.name, opened.bytes, opened.offset) == (OWNER, NAMES[0], 9, 0)
    assert uploads.append(OWNER, NAMES[0], 0, b"rows ").offset == 5
    assert uploads.append(OWNER, NAMES[0], 5, b"").offset == 5
    assert uploads.append(OWNER, NAMES[0], 5, b"more").offset == 9
    with uploads.lend(OWNER, NAMES[0]) as path:
        assert path.read_bytes() == b"rows more"
    assert files(uploads) == []
    with pytest.raises(NotFound, match="it was used"):
        uploads.find(OWNER, NAMES[0])


def test_only_the_operators_account_reads_it(uploads: FileUploads) -> None:
    uploads.open(OWNER, 9, name=NAMES[0])
    (path,) = files(uploads)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_it_stands_as_it_was_for_another_process(tmp_path: Path, uploads: FileUploads) -> None:
    uploads.open(OWNER, 9, name=NAMES[0])
    uploads.append(OWNER, NAMES[0], 0, b"rows ")
    again = FileUploads(tmp_path / "uploads", LIMITS)
    assert again.of(OWNER) == uploads.of(OWNER) == [again.find(OWNER, NAMES[0])]
    assert again.append(OWNER, NAMES[0], 5, b"more").offset == 9


def test_a_part_for_another_place_is_told_where_it_stands(uploads: FileUploads) -> None:
    uploads.open(OWNER, 9, name=NAMES[0])
    uploads.append(OWNER, NAMES[0], 0, b"rows ")
    for offset in (0, 4, 6, 9):
        with pytest.raises(OffsetDiffers, match="the upload has 5 bytes") as refused:
            uploads.append(OWNER, NAMES[0], offset, b"rows ")
        assert refused.value.offset == 5
    assert files(uploads)[0].read_bytes() == b"rows "


def test_no_more_comes_than_was_announced(uploads: FileUploads) -> None:
    uploads.open(OWNER, 9, name=NAMES[0])
    uploads.append(OWNER, NAMES[0], 0, b"rows ")
    with pytest.raises(TooLarge, match="has 4 bytes to come"):
        uploads.append(OWNER, NAMES[0], 5, b"more!")
    assert uploads.find(OWNER, NAMES[0]).offset == 5


def test_what_is_not_whole_is_not_lent(uploads: FileUploads) -> None:
    uploads.open(OWNER, 9, name=NAMES[0])
    uploads.append(OWNER, NAMES[0], 0, b"rows ")
    with pytest.raises(Conflict, match="5 of its 9 bytes"), uploads.lend(OWNER, NAMES[0]):
        raise AssertionError
    assert uploads.find(OWNER, NAMES[0]).offset == 5


def test_what_was_not_taken_stays(uploads: FileUploads) -> None:
    uploads.open(OWNER, 4, name=NAMES[0])
    uploads.append(OWNER, NAMES[0], 0, b"rows")
    with pytest.raises(Refused), uploads.lend(OWNER, NAMES[0]):
        raise Refused("not these")
    with uploads.lend(OWNER, NAMES[0]) as path:
        assert path.read_bytes() == b"rows"


def test_each_has_its_own_alone(uploads: FileUploads) -> None:
    uploads.open(OWNER, 4, name=NAMES[0])
    uploads.open(OTHER, 4, name=NAMES[1])
    assert [each.name for each in uploads.of(OTHER)] == [NAMES[1]]
    for call in (
        lambda: uploads.find(OTHER, NAMES[0]),
        lambda: uploads.append(OTHER, NAMES[0], 0, b"x"),
        lambda: uploads.end(OTHER, NAMES[0]),
        lambda: uploads.lend(OTHER, NAMES[0]).__enter__(),
    ):
        with pytest.raises(NotFound):
            call()
    assert uploads.find(OWNER, NAMES[0]).offset == 0


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "*", NAMES[0][:-1], NAMES[0].upper()])
def test_a_name_that_is_none_finds_nothing(uploads: FileUploads, name: str) -> None:
    uploads.open(OWNER, 4, name=f"{0xABC:032x}")
    with pytest.raises(NotFound):
        uploads.append(OWNER, name, 0, b"x")


# Limits.


def test_a_larger_file_is_refused_before_a_byte_of_it_comes(uploads: FileUploads) -> None:
    with pytest.raises(TooLarge, match=r"more than 100 bytes \(upload_bytes\)"):
        uploads.open(OWNER, 101, name=NAMES[0])
    assert files(uploads) == []
    assert uploads.open(OWNER, 100, name=NAMES[0]).bytes == 100


def test_so_many_are_open_at_a_time(uploads: FileUploads) -> None:
    for name in NAMES[:3]:
        uploads.open(OWNER, 1, name=name)
    with pytest.raises(Refused, match=r"3 at most at a time \(uploads_open\)"):
        uploads.open(OWNER, 1, name=NAMES[3])
    uploads.open(OTHER, 1, name=NAMES[3])
    uploads.end(OWNER, NAMES[1])
    uploads.open(OWNER, 1, name=NAMES[4])


def test_so_many_bytes_are_open_together(uploads: FileUploads) -> None:
    uploads.open(OWNER, 100, name=NAMES[0])
    with pytest.raises(Refused, match=r"100 bytes, 120 at most together \(uploads_bytes\)"):
        uploads.open(OWNER, 21, name=NAMES[1])
    uploads.open(OWNER, 20, name=NAMES[1])
    uploads.open(OTHER, 100, name=NAMES[2])


def test_no_more_is_promised_than_the_disk_has_room_for(
    uploads: FileUploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 100

    monkeypatch.setattr("exchange.uploads.shutil.disk_usage", lambda _: Usage)
    uploads.open(OWNER, 90, name=NAMES[0])
    with pytest.raises(Refused, match="no room for an upload of that size"):
        uploads.open(OTHER, 11, name=NAMES[1])
    uploads.append(OWNER, NAMES[0], 0, b"x")  # what has come is no promise any more
    uploads.open(OTHER, 11, name=NAMES[1])


def test_of_several_at_once_no_more_are_opened_than_may_be(tmp_path: Path) -> None:
    limits = Limits(upload_bytes=100, uploads_open=5, uploads_bytes=1_000, upload_seconds=60)
    opened: list[str] = []

    def open_some(first: int) -> None:
        uploads = FileUploads(tmp_path / "uploads", limits)
        for number in range(first, first + 10):
            with suppress(Refused):
                opened.append(uploads.open(OWNER, 1, name=f"{number:032x}").name)

    threads = [threading.Thread(target=open_some, args=(first,)) for first in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 5


# Its end.


def test_it_ends_when_no_part_has_come_for_long(uploads: FileUploads) -> None:
    uploads.open(OWNER, 9, name=NAMES[0])
    age(uploads, 50)
    uploads.append(OWNER, NAMES[0], 0, b"rows ")
    age(uploads, 50)  # a part came meanwhile
    assert uploads.find(OWNER, NAMES[0]).offset == 5
    assert uploads.sweep() == 0
    age(uploads, 20)
    with pytest.raises(NotFound, match="or has ended"):
        uploads.append(OWNER, NAMES[0], 5, b"more")
    assert uploads.of(OWNER) == []
    assert uploads.sweep() == 1
    assert files(uploads) == []


def test_what_has_ended_makes_room_for_the_next(uploads: FileUploads) -> None:
    for name in NAMES[:3]:
        uploads.open(OWNER, 40, name=name)
    age(uploads, 61)
    uploads.open(OWNER, 100, name=NAMES[3])
    assert [path.name.split(".")[1] for path in files(uploads)] == [NAMES[3]]


def test_those_that_end_first_come_first(uploads: FileUploads) -> None:
    uploads.open(OWNER, 1, name=NAMES[1])
    age(uploads, 9)
    uploads.open(OWNER, 1, name=NAMES[0])
    ends = [each.until for each in uploads.of(OWNER)]
    assert [each.name for each in uploads.of(OWNER)] == [NAMES[1], NAMES[0]]
    assert ends == sorted(ends)


def test_nobody_ends_what_is_being_used(uploads: FileUploads) -> None:
    uploads.open(OWNER, 4, name=NAMES[0])
    uploads.append(OWNER, NAMES[0], 0, b"rows")
    with uploads.lend(OWNER, NAMES[0]) as path:
        for call in (
            lambda: uploads.end(OWNER, NAMES[0]),
            lambda: uploads.append(OWNER, NAMES[0], 4, b""),
            lambda: uploads.lend(OWNER, NAMES[0]).__enter__(),
        ):
            with pytest.raises(Busy, match="another request"):
                call()
        age(uploads, 61)
        assert uploads.sweep() == 0
        assert path.read_bytes() == b"rows"


def test_what_is_no_upload_is_swept(uploads: FileUploads) -> None:
    uploads.open(OWNER, 4, name=NAMES[0])
    (files(uploads)[0].parent / "stray").touch()
    assert len(uploads.of(OWNER)) == 1
    assert uploads.sweep() == 1
    assert len(files(uploads)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_goes_at_this_very_moment_is_gone(
    uploads: FileUploads, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Before the file is opened, and between that and the lock on it."""
    uploads.open(OWNER, 4, name=NAMES[0])
    (path,) = files(uploads)
    if when == "before":
        found = uploads.find(OWNER, NAMES[0])
        monkeypatch.setattr(FileUploads, "find", lambda *_: found)
        path.unlink()
    else:
        flock = fcntl.flock

        def late(descriptor: int, how: int) -> None:
            path.unlink()
            flock(descriptor, how)

        monkeypatch.setattr("exchange.uploads.fcntl.flock", late)
    with pytest.raises(NotFound):
        uploads.append(OWNER, NAMES[0], 0, b"rows")
    assert files(uploads) == []


def test_a_sweep_passes_over_what_another_process_is_done_with(
    uploads: FileUploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads.open(OWNER, 4, name=NAMES[0])
    listed = files(uploads)
    uploads.end(OWNER, NAMES[0])
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(listed))
    assert uploads.sweep() == 0
    assert uploads.of(OWNER) == []


# Faults.


def test_a_full_disk_leaves_the_upload_as_it_stood(
    uploads: FileUploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads.open(OWNER, 9, name=NAMES[0])
    uploads.append(OWNER, NAMES[0], 0, b"rows ")
    write = os.pwrite
    written: list[int] = []

    def full(descriptor: int, part: bytes, offset: int) -> int:
        if written:
            raise OSError(errno.ENOSPC, "full")
        written.append(offset)
        return write(descriptor, part[:2], offset)

    monkeypatch.setattr("exchange.uploads.os.pwrite", full)
    with pytest.raises(ExchangeError, match="cannot take an upload in: No space") as failed:
        uploads.append(OWNER, NAMES[0], 5, b"more")
    assert type(failed.value) is ExchangeError
    monkeypatch.undo()
    assert uploads.find(OWNER, NAMES[0]).offset == 5
    assert uploads.append(OWNER, NAMES[0], 5, b"more").offset == 9


def test_a_disk_that_takes_no_file_more_is_the_exchanges_own_fault(
    uploads: FileUploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(ExchangeError, match="No space") as failed:
        uploads.open(OWNER, 9, name=NAMES[0])
    assert type(failed.value) is ExchangeError


KILLED = """
import os, signal, sys
from pathlib import Path
from exchange.uploads import FileUploads, Limits
uploads = FileUploads(Path(sys.argv[1]), Limits(100, 3, 120, 60))
uploads.append(sys.argv[2], sys.argv[3], 0, b"rows ")
with uploads._held(uploads.find(sys.argv[2], sys.argv[3])):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed_holds_nothing_any_more(
    tmp_path: Path, uploads: FileUploads
) -> None:
    uploads.open(OWNER, 9, name=NAMES[0])
    command = [sys.executable, "-c", KILLED, str(tmp_path / "uploads"), OWNER, NAMES[0]]
    assert subprocess.run(command, check=False).returncode < 0
    assert uploads.append(OWNER, NAMES[0], 5, b"more").offset == 9


# Whatever a sender does.


@settings(max_examples=100, deadline=None)
@given(
    data=st.binary(min_size=1, max_size=90),
    sent=st.lists(st.tuples(st.integers(0, 95), st.integers(0, 40)), max_size=12),
)
def test_however_it_is_cut_and_repeated_the_bytes_are_those_sent(
    data: bytes, sent: list[tuple[int, int]]
) -> None:
    """Parts of the file from anywhere, of any length, and again; then the rest, in order."""
    with tempfile.TemporaryDirectory() as folder:
        uploads, stands = FileUploads(Path(folder), LIMITS), 0
        uploads.open(OWNER, len(data), name=NAMES[0])
        for offset, length in sent:
            part = data[offset : offset + length]
            try:
                stands = uploads.append(OWNER, NAMES[0], offset, part).offset
                right = stands == offset + len(part)
            except OffsetDiffers as error:
                right = offset != error.offset == stands
            assert right
        while stands < len(data):
            stands = uploads.append(OWNER, NAMES[0], stands, data[stands : stands + 7]).offset
        with uploads.lend(OWNER, NAMES[0]) as path:
            assert path.read_bytes() == data
        assert files(uploads) == []
