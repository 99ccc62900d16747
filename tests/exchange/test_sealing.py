"""Sealed files open for their buyer alone."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from exchange.errors import BadField, DataDiffer
from exchange.sealing import SealedFile
from exchange.vault import sha256_of

IDENTITY = pyrage.x25519.Identity.generate()
METHOD = SealedFile()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_bytes(b"a,b\n1,2\n" * 10_000)
    return path


def test_what_was_sealed_opens_to_the_same_bytes(tmp_path: Path, source: Path) -> None:
    sealed = METHOD.seal(source, str(IDENTITY.to_public()), tmp_path / "sealed.age")
    assert sealed.data == sha256_of(source)
    assert (sealed.sealed, sealed.bytes) == (
        sha256_of(sealed.path),
        sealed.path.stat().st_size,
    )
    assert b"a,b" not in sealed.path.read_bytes()
    out = tmp_path / "out.csv"
    assert METHOD.open(sealed.path, str(IDENTITY), out) == sealed.data
    assert out.read_bytes() == source.read_bytes()
    assert out.stat().st_mode & 0o777 == 0o600


def test_two_seals_of_one_file_differ(tmp_path: Path, source: Path) -> None:
    recipient = str(IDENTITY.to_public())
    one, two = (METHOD.seal(source, recipient, tmp_path / name) for name in ("one", "two"))
    assert (one.data, one.sealed != two.sealed) == (two.data, True)


@pytest.mark.parametrize("recipient", ["", "age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1"])
def test_an_unsound_recipient_is_refused(tmp_path: Path, source: Path, recipient: str) -> None:
    with pytest.raises(BadField, match="recipient: not an age X25519 recipient"):
        METHOD.seal(source, recipient, tmp_path / "sealed.age")
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


@pytest.mark.parametrize("change", ["other key", "flipped", "cut", "longer", "plain", "empty"])
def test_what_does_not_open_leaves_nothing(tmp_path: Path, source: Path, change: str) -> None:
    sealed = METHOD.seal(source, str(IDENTITY.to_public()), tmp_path / "sealed.age").path
    data, identity = sealed.read_bytes(), str(IDENTITY)
    if change == "other key":
        identity = str(pyrage.x25519.Identity.generate())
    changed = {
        "flipped": data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        "cut": data[:-1],
        "longer": data + b"x",
        "plain": source.read_bytes(),
        "empty": b"",
    }
    sealed.write_bytes(changed.get(change, data))
    with pytest.raises(DataDiffer, match="not sealed to this participant, or changed"):
        METHOD.open(sealed, identity, tmp_path / "out.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "sealed.age"]


def test_a_failed_seal_leaves_nothing(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: str, target: str, __: object) -> None:
        Path(target).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("exchange.sealing.pyrage.encrypt_file", full)
    with pytest.raises(OSError, match="No space left"):
        METHOD.seal(source, str(IDENTITY.to_public()), tmp_path / "sealed.age")
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]
