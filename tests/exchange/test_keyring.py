"""The keyring: both keys or none, one passphrase, nothing in plain."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.errors import BadField, Conflict, Unauthenticated
from exchange.keyring import Keyring
from ledger.keys import KeyPair

PASSPHRASE = "a passphrase of the tests"


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


def test_the_passphrase_opens_what_was_made(keyring: Keyring) -> None:
    made = keyring.create("buyer", PASSPHRASE)
    opened = keyring.unlock("buyer", PASSPHRASE)
    assert opened.identity == made.identity
    assert opened.signing.public_key == made.signing.public_key
    assert opened.recipient.startswith("age1")
    assert keyring.handles() == ["buyer"]


def test_keys_print_nothing_private(keyring: Keyring) -> None:
    made = keyring.create("buyer", PASSPHRASE)
    shown = f"{made!r} {made} {made.signing!r}"
    assert made.identity not in shown
    assert made.signing.private.private_bytes_raw().hex() not in shown


def test_the_files_are_private_and_encrypted(tmp_path: Path, keyring: Keyring) -> None:
    made = keyring.create("buyer", PASSPHRASE)
    assert (tmp_path / "keys" / "buyer").stat().st_mode & 0o777 == 0o700
    folder = tmp_path / "keys" / "buyer" / made.id
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["identity.age", "signing.pem"]
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        content = path.read_bytes()
        assert made.identity.encode() not in content
        assert made.signing.private.private_bytes_raw() not in content
        assert PASSPHRASE.encode() not in content
    assert (folder / "signing.pem").read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")


@pytest.mark.parametrize(("handle", "passphrase"), [("buyer", "wrong"), ("nobody", PASSPHRASE)])
def test_what_does_not_open_is_unauthenticated(
    keyring: Keyring, handle: str, passphrase: str
) -> None:
    keyring.create("buyer", PASSPHRASE)
    with pytest.raises(Unauthenticated) as caught:
        keyring.unlock(handle, passphrase)
    assert passphrase not in str(caught.value)


@pytest.mark.parametrize("damage", ["gone", "other"])
def test_an_identity_that_does_not_belong_is_unauthenticated(
    tmp_path: Path, keyring: Keyring, damage: str
) -> None:
    made, other = (keyring.create(handle, PASSPHRASE) for handle in ("buyer", "rival"))
    path = tmp_path / "keys" / "buyer" / made.id / "identity.age"
    path.unlink()
    if damage == "other":
        (tmp_path / "keys" / "rival" / other.id / "identity.age").rename(path)
    with pytest.raises(Unauthenticated, match=r"identity\.age: cannot be opened"):
        keyring.unlock("buyer", PASSPHRASE)


def test_keys_are_made_once(keyring: Keyring) -> None:
    made = keyring.create("buyer", PASSPHRASE)
    with pytest.raises(Conflict, match="buyer has keys already"):
        keyring.create("buyer", PASSPHRASE)
    assert keyring.unlock("buyer", PASSPHRASE).identity == made.identity


def test_a_short_passphrase_makes_nothing(tmp_path: Path, keyring: Keyring) -> None:
    with pytest.raises(BadField, match="passphrase: at least 12 characters"):
        keyring.create("buyer", "short")
    assert not (tmp_path / "keys").exists()


def test_a_failure_leaves_no_half_of_the_keys(
    tmp_path: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: KeyPair, path: Path, passphrase: str) -> None:
        path.write_bytes(b"half")
        raise OSError(28, f"No space left on device for {len(passphrase)} of {self!r}")

    monkeypatch.setattr(KeyPair, "save", full)
    with pytest.raises(OSError, match="No space left"):
        keyring.create("buyer", PASSPHRASE)
    monkeypatch.undo()
    assert keyring.handles() == []
    assert list((tmp_path / "keys").iterdir()) == []
    keyring.create("buyer", PASSPHRASE)


def test_a_run_that_was_cut_off_is_no_handle(tmp_path: Path, keyring: Keyring) -> None:
    left = tmp_path / "keys" / ".buyer-x1" / "buyer" / "0123456789abcdef"
    left.mkdir(parents=True)
    (left / "signing.pem").touch()
    (left.parent / "signing.pem").touch()
    assert keyring.handles() == []
    keyring.create("buyer", PASSPHRASE)
    assert keyring.handles() == ["buyer"]


def test_keys_can_be_removed(keyring: Keyring) -> None:
    keyring.create("buyer", PASSPHRASE)
    keyring.remove("buyer")
    assert keyring.handles() == []
