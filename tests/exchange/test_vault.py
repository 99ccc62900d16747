"""The vault keeps whole files under their digests, and nothing else."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.errors import DataDiffer, ExchangeError, NotFound, Unreadable
from exchange.vault import CHUNK, UPLOADS, FileVault, sha256_of


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    return FileVault(tmp_path / "vault", bytes_max=4 * CHUNK)


def test_a_path_leads_to_its_file_from_wherever_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    vault = FileVault(Path("vault"))
    Path("data").write_bytes(b"rows")
    digest, _ = take_in(vault, Path("data"))
    monkeypatch.chdir("/")
    assert vault.path(digest).read_bytes() == vault.check(digest).read_bytes() == b"rows"


def files(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "vault").iterdir()]


def take_in(vault: FileVault, source: Path) -> tuple[str, int]:
    staged = vault.stage(source)
    vault.keep(staged)
    return staged.digest, staged.size


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(min_size=1, max_size=3 * CHUNK // 1024))
def test_what_goes_in_stands_under_its_digest(
    tmp_path: Path, vault: FileVault, content: bytes
) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)
    digest, size = take_in(vault, source)
    assert (digest, size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert vault.check(digest).read_bytes() == content


def test_the_same_bytes_are_kept_once(tmp_path: Path, vault: FileVault) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(b"x" * (CHUNK + 1))
    assert take_in(vault, tmp_path / "one") == take_in(vault, tmp_path / "two")
    assert len(files(tmp_path)) == 1


def test_only_its_owner_reads_it(tmp_path: Path, vault: FileVault) -> None:
    (tmp_path / "one").write_bytes(b"x")
    path = vault.check(take_in(vault, tmp_path / "one")[0])
    assert (tmp_path / "vault").stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_changed_file_is_found(tmp_path: Path, vault: FileVault) -> None:
    (tmp_path / "one").write_bytes(b"x")
    digest, _ = take_in(vault, tmp_path / "one")
    vault.path(digest).write_bytes(b"y")
    with pytest.raises(DataDiffer, match="has changed") as caught:
        vault.check(digest)
    assert caught.value.rules == ("T-06",)


@pytest.mark.parametrize("digest", ["0" * 64, "", "../vault", "a/" * 32, ".incoming-1", "0" * 63])
def test_what_is_no_digest_of_a_file_is_not_found(vault: FileVault, digest: str) -> None:
    with pytest.raises(NotFound):
        vault.path(digest)


def test_discarding_is_for_what_is_there_and_what_is_not(tmp_path: Path, vault: FileVault) -> None:
    (tmp_path / "one").write_bytes(b"x")
    digest, _ = take_in(vault, tmp_path / "one")
    vault.discard(digest)
    vault.discard(digest)
    assert files(tmp_path) == []


def _missing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("make", "error", "rules"),
    [
        (_missing, NotFound, ()),
        (Path.touch, Unreadable, ("F-01",)),
        (Path.mkdir, Unreadable, ("F-01",)),
        (os.mkfifo, Unreadable, ("F-01",)),
        (lambda path: path.symlink_to(path.parent / "nowhere"), NotFound, ()),
        (lambda path: path.write_bytes(bytes(4 * CHUNK + 1)), Unreadable, ("F-02",)),
    ],
    ids=["missing", "empty", "folder", "pipe", "dangling", "too large"],
)
def test_what_is_no_whole_file_leaves_nothing_behind(
    tmp_path: Path, vault: FileVault, make: Any, error: type[ExchangeError], rules: tuple[str, ...]
) -> None:
    source = tmp_path / "source"
    make(source)
    with pytest.raises(error) as caught:
        take_in(vault, source)
    assert type(caught.value) is error
    assert caught.value.rules == rules
    assert files(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads whatever it likes")
def test_a_file_that_may_not_be_read(tmp_path: Path, vault: FileVault) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    source.chmod(0)
    with pytest.raises(Unreadable, match="Permission denied"):
        take_in(vault, source)


def test_a_disk_that_takes_no_file_more_is_the_vaults_own_fault(
    vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("exchange.vault.tempfile.mkstemp", full)
    with (
        pytest.raises(ExchangeError, match="the vault cannot take a file in: No space"),
        vault.arriving(),
    ):
        raise AssertionError


@pytest.mark.parametrize("call", ["fsync", "replace", "write", "mkstemp"])
def test_a_full_disk_is_the_vaults_own_fault_and_leaves_nothing(
    tmp_path: Path, vault: FileVault, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    (tmp_path / "one").write_bytes(b"x" * (2 * CHUNK))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    class Full:
        """A file on a full disk."""

        def __init__(self, descriptor: int, _: str) -> None:
            self.file = open(descriptor, "wb")  # noqa: SIM115 - closed on leaving
            self.write = full

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

    if call == "write":
        monkeypatch.setattr("exchange.vault.os.fdopen", Full)
    elif call == "replace":
        monkeypatch.setattr(Path, "replace", full)
    else:
        owner = {"fsync": "os", "mkstemp": "tempfile"}[call]
        monkeypatch.setattr(f"exchange.vault.{owner}.{call}", full)
    with pytest.raises(ExchangeError, match="the vault cannot take a file in: No space") as caught:
        take_in(vault, tmp_path / "one")
    assert (type(caught.value), caught.value.exit_code) == (ExchangeError, 1)
    assert files(tmp_path) == []


def test_a_file_that_fails_while_it_is_read_is_unreadable(
    tmp_path: Path, vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").write_bytes(b"x" * (2 * CHUNK))

    def torn(*_: object) -> bytes:
        raise OSError(errno.EIO, "torn")

    class Torn:
        read = torn

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return

    monkeypatch.setattr(Path, "open", lambda *_: Torn())
    with pytest.raises(Unreadable, match="Input/output error"):
        take_in(vault, tmp_path / "one")
    assert files(tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from exchange.vault import FileVault
with FileVault(Path(sys.argv[1])).arriving() as path:
    path.write_bytes(b"rows")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_arrived_for_a_process_that_was_killed_goes_with_the_next_sweep(
    tmp_path: Path, vault: FileVault
) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "vault")]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    (left,) = files(tmp_path)
    assert (tmp_path / "vault" / left).read_bytes() == b"rows"
    with vault.arriving() as ours:
        ours.write_bytes(b"more")
        assert ours.stat().st_mode & 0o777 == 0o600
        assert vault.sweep((), older_than=0) == [left]
        assert ours.read_bytes() == b"more"
    assert files(tmp_path) == []


def test_a_file_that_a_sweep_takes_before_it_is_held_is_made_again(
    tmp_path: Path, vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    took: list[list[str]] = []

    def late(descriptor: int, how: int) -> None:
        monkeypatch.undo()
        took.append(vault.sweep((), older_than=0))
        fcntl.flock(descriptor, how)

    monkeypatch.setattr("exchange.vault.fcntl.flock", late)
    with vault.arriving() as path:
        assert took == [[took[0][0]]]
        assert files(tmp_path) == [path.name] != took[0]


def test_a_sweep_passes_over_what_another_process_is_done_with(
    tmp_path: Path, vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / "vault" / name).touch()
    listed = list((tmp_path / "vault").iterdir())
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(listed))
    (tmp_path / "vault" / "a").unlink()
    assert vault.sweep((), older_than=time.time() + 1) == ["b"]


def test_a_sweep_leaves_the_folder_of_uploads_alone(tmp_path: Path, vault: FileVault) -> None:
    (tmp_path / "vault" / UPLOADS).mkdir()
    (tmp_path / "vault" / UPLOADS / "a").touch()
    assert vault.sweep((), older_than=time.time() + 1) == []
    assert (tmp_path / "vault" / UPLOADS / "a").is_file()


def test_the_digest_is_that_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_what_need_not_last_is_not_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"data")
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    for lasting, times in ((False, 0), (True, 2)):
        vault = FileVault(tmp_path / f"vault {lasting}", lasting=lasting)
        vault.keep(vault.stage(file))
        assert vault.check(sha256_of(file)).read_bytes() == b"data"
        assert len(flushed) == times
