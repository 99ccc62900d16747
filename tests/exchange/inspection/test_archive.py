from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.errors import Unreadable
from exchange.inspection import Intake, Limits
from exchange.inspection.archive import Entry, archive_of, judge, unpacked
from tests.exchange.inspection.conftest import refusal

Judged = Callable[..., tuple[Entry, ...]]


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    def write_and_judge(content: bytes, limits: Limits | None = None) -> tuple[Entry, ...]:
        path = tmp_path / "file.zip"
        path.write_bytes(content)
        return judge(Intake(path, scratch=tmp_path, limits=limits))

    return write_and_judge


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return made.getvalue()


def kind(mode: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("entry")
        info.external_attr = mode << 16
        archive.writestr(info, b"/etc/passwd")
    return made.getvalue()


def local(name: bytes, data: bytes, extra: bytes = b"") -> bytes:
    fixed = (20, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name), len(extra))
    return struct.pack("<4s5H3L2H", b"PK\x03\x04", *fixed) + name + extra + data


def listed(name: bytes, data: bytes, offset: int) -> bytes:
    fixed = (20, 20, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name), 0, 0, 0, 0)
    return struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *fixed, 0, offset) + name


def closed(body: bytes, directory: bytes, count: int) -> bytes:
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0
    )  # fmt: skip
    return body + directory + end


def overlapping() -> bytes:
    """Build Fifield's bomb in little: an entry whose data are the next entry, header and all."""
    kernel = local(b"b", b"x" * 50)
    first = local(b"a", kernel)
    inner = len(first) - len(kernel)
    directory = listed(b"a", kernel, 0) + listed(b"b", b"x" * 50, inner)
    return closed(first, directory, 2)


def one_kernel_many_names() -> bytes:
    body = local(b"a", b"x" * 50)
    directory = b"".join(listed(b"%c" % (97 + i), b"x" * 50, 0) for i in range(20))
    return closed(body, directory, 20)


def quoted_in_extra_fields() -> bytes:
    """Hide the next header in an extra field, the other way to overlap."""
    kernel = local(b"b", b"x" * 50)
    extra = struct.pack("<HH", 0xFFFF, len(kernel) - 50) + kernel[:-50]
    first = local(b"a", b"x" * 50, extra)
    directory = listed(b"a", b"x" * 50, 0) + listed(b"b", b"x" * 50, len(first) - len(kernel))
    return closed(first, directory, 2)


PLAIN = zipped({"a.csv": b"a,b\n1,2\n"})
BOMB = zipped({"zeros": bytes(40 << 20)})
LIAR = PLAIN.replace(
    struct.pack("<L", 8) + struct.pack("<HH", 5, 0), struct.pack("<LHH", 9, 5, 0), 1
)


@pytest.mark.parametrize(
    ("content", "rule", "message"),
    [
        (BOMB, "F-02", "100 times its size"),
        (zipped({f"{i}": b"" for i in range(10_001)}), "F-02", "more than 10000 entries"),
        (overlapping(), "F-02", "entry a overlaps"),
        (one_kernel_many_names(), "F-02", "overlaps with what follows"),
        (quoted_in_extra_fields(), "F-02", "entry a overlaps"),
        (zipped({"inner.zip": PLAIN}), "F-02", "entry inner.zip is an archive itself"),
        (zipped({"data.csv": PLAIN}), "F-02", "entry data.csv is an archive itself"),
        (zipped({"r/r.zip": b"anything"}), "F-02", "is an archive itself"),
        (zipped({"data": PLAIN}, zipfile.ZIP_STORED), "F-02", "is an archive itself"),
        (zipped({"../evil": b"x"}), "F-03", "leads out of its folder"),
        (zipped({"a/../../evil": b"x"}), "F-03", "leads out of its folder"),
        (zipped({"/etc/passwd": b"x"}), "F-03", "is an absolute path"),
        (zipped({"C:evil": b"x"}), "F-03", "begins with a drive letter"),
        (zipped({"C:/evil": b"x"}), "F-03", "begins with a drive letter"),
        (zipped({"a//b": b"x"}), "F-03", "has an empty part"),
        (zipped({"a\\..\\b": b"x"}), "F-03", "has a backslash in its name"),
        (zipped({"a\x1b[2J": b"x"}), "F-03", "holds a control character"),
        (zipped({"a\u202egpj.exe": b"x"}), "F-03", "holds a control character"),
        (PLAIN.replace(b"a.csv", b"/////"), "F-03", "without a name"),
        (kind(stat.S_IFLNK | 0o777), "F-03", "entry entry is a symbolic link"),
        (kind(stat.S_IFCHR | 0o600), "F-03", "entry entry is a device or a pipe"),
        (kind(stat.S_IFIFO | 0o600), "F-03", "entry entry is a device or a pipe"),
        (PLAIN[:-1], "F-01", "does not end as one does"),
        (PLAIN + b"x", "F-01", "does not end as one does"),
        (b"x" + PLAIN, "F-01", "not where it should be"),
        (closed(b"junk" + PLAIN[:43], PLAIN[43:-22], 1), "F-01", ""),
        (zipped({}), "F-06", "without an entry"),
        (zipped({"a": b"x", "A": b"y"}), "F-01", "two entries called A"),
        (PLAIN.replace(b"a.csv", b"b.csv", 1), "F-01", "described in two ways"),
        (LIAR, "F-01", "described in two ways"),
        (zipped({"a": b"x"}, zipfile.ZIP_BZIP2), "F-01", "packed in an unknown way"),
        (
            PLAIN.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
            "F-01",
            "is encrypted",
        ),
    ],
)
def test_a_container_that_is_not_plain_is_refused(
    judged: Judged, content: bytes, rule: str, message: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        judged(content)
    assert message in str(refused.value)
    assert refused.value.rules == (rule,)


def test_a_bomb_is_judged_without_unpacking_it(
    judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("exchange.inspection.archive.zlib.decompressobj", never)
    with pytest.raises(Unreadable, match="100 times its size"):
        judged(BOMB)


def test_the_quota_counts_all_entries(judged: Judged) -> None:
    content = zipped({f"{i}": b"x" * 400 for i in range(4)}, zipfile.ZIP_STORED)
    assert len(judged(content, Limits(expanded=1600))) == 4
    with pytest.raises(Unreadable, match="more than 1599 bytes") as refused:
        judged(content, Limits(expanded=1599))
    assert refused.value.rules == ("F-02",)


def test_entries_come_out_as_they_were_put_in(tmp_path: Path, judged: Judged) -> None:
    entries = {"a.csv": b"a,b\n1,2\n", "x/": b"", "x/站.csv": bytes(range(256)) * 900}
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        found = judged(zipped(entries, method))
        intake = Intake(tmp_path / "file.zip", scratch=tmp_path)
        with intake.path.open("rb") as stream:
            read = {each.name: b"".join(unpacked(stream, each, intake)) for each in found}
        assert read == {name: data for name, data in entries.items() if data}


def test_an_entry_that_is_not_what_was_judged_is_refused(tmp_path: Path, judged: Judged) -> None:
    content = bytearray(zipped({"a": b"x" * 90}, zipfile.ZIP_STORED))
    content[40] ^= 1
    (entry,) = judged(bytes(content))
    intake = Intake(tmp_path / "file.zip", scratch=tmp_path)
    with intake.path.open("rb") as stream, pytest.raises(Unreadable, match="not what its header"):
        list(unpacked(stream, entry, intake))


def test_a_container_written_as_a_stream_is_plain(judged: Judged) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.written += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"x" * 50)
        with archive.open("b", "w", force_zip64=True) as entry:
            entry.write(b"y" * 50)
    assert [entry.name for entry in judged(pipe.written)] == ["a", "b"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"x" * 257 + b"ustar\x00", "tar"),
        (b"a,b\n1,2\n", None),
    ],
)
def test_archives_are_known_by_their_first_bytes(head: bytes, kind: str | None) -> None:
    assert archive_of(head) == kind


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_container_is_judged_or_refused_by_a_rule(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(zipped({"a.csv": b"a,b\n1,2\n", "b": b"x" * 300}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "changed.zip"
    path.write_bytes(content)
    error = refusal(lambda: _unpacked_whole(path))
    assert error is None or error.rules


def _unpacked_whole(path: Path) -> None:
    intake = Intake(path, scratch=path.parent)
    with path.open("rb") as stream:
        for entry in judge(intake):
            assert sum(map(len, unpacked(stream, entry, intake))) == entry.size
