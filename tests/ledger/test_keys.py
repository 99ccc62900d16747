from __future__ import annotations

import copy
import pickle
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey

from ledger.errors import KeyLocked
from ledger.keys import PASSPHRASE_MIN, KeyPair, is_sound, verifies

PASSPHRASE = "correct horse battery"
SEED = bytes(range(32))
# The eight points of small order, each in its canonical encoding, and y = p and p + 1.
SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
DOUBLED = [
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


def test_a_key_is_saved_encrypted_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "operator.key"
    KeyPair.from_seed(SEED).save(path, PASSPHRASE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in path.read_bytes()
    loaded = KeyPair.load(path, PASSPHRASE)
    assert loaded.public_key == KeyPair.from_seed(SEED).public_key
    assert verifies(loaded.public_key, loaded.sign(b"x"), b"x")


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "operator.key"
    KeyPair.from_seed(SEED).save(path, PASSPHRASE)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        KeyPair.generate().save(path, PASSPHRASE)
    assert path.read_bytes() == before


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "operator.key"
    with pytest.raises(KeyLocked, match=f"at least {PASSPHRASE_MIN}"):
        KeyPair.generate().save(path, "x" * (PASSPHRASE_MIN - 1))
    assert not path.exists()
    KeyPair.generate().save(path, "x" * PASSPHRASE_MIN)


@pytest.mark.parametrize("passphrase", ["wrong horse battery", "", PASSPHRASE + " "])
def test_a_wrong_passphrase_opens_nothing_and_is_not_repeated(
    tmp_path: Path, passphrase: str
) -> None:
    path = tmp_path / "operator.key"
    KeyPair.generate().save(path, PASSPHRASE)
    with pytest.raises(KeyLocked) as caught:
        KeyPair.load(path, passphrase)
    assert not passphrase or passphrase not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_is_no_encrypted_ed25519_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyLocked, match="no such key file"):
        KeyPair.load(tmp_path / "none", PASSPHRASE)
    with pytest.raises(KeyLocked, match="does not open"):
        KeyPair.load(tmp_path, PASSPHRASE)
    path = tmp_path / "other"
    path.write_bytes(b"nonsense")
    with pytest.raises(KeyLocked, match="does not open"):
        KeyPair.load(path, PASSPHRASE)
    path.write_bytes(
        KeyPair.generate().private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with pytest.raises(KeyLocked, match="does not open"):
        KeyPair.load(path, PASSPHRASE)
    path.write_bytes(
        Ed448PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(PASSPHRASE.encode()),
        )
    )
    with pytest.raises(KeyLocked, match="not an Ed25519 key"):
        KeyPair.load(path, PASSPHRASE)


def test_no_private_byte_is_shown() -> None:
    key = KeyPair.from_seed(SEED)
    for shown in (repr(key), str(key), f"{key}", f"{[key]}", f"{vars}" + repr((key,))):
        assert SEED.hex() not in shown
        assert "private" not in shown.lower()
    assert key.public_key.hex() in repr(key)


def test_a_key_cannot_be_pickled_by_accident() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(KeyPair.from_seed(SEED))
    assert copy.copy(KeyPair.from_seed(SEED)).public_key == KeyPair.from_seed(SEED).public_key


def test_the_openssh_form_is_of_the_same_key() -> None:
    private, public = KeyPair.from_seed(SEED).to_openssh()
    key = serialization.load_ssh_private_key(private, None)
    assert key.public_key() == serialization.load_ssh_public_key(public.encode())
    assert public.startswith("ssh-ed25519 ")


def test_signing_repeats_and_generating_does_not() -> None:
    key = KeyPair.from_seed(SEED)
    assert key.sign(b"x") == KeyPair.from_seed(SEED).sign(b"x")
    assert KeyPair.generate().public_key != KeyPair.generate().public_key


def test_malformed_keys_and_signatures_do_not_verify() -> None:
    key = KeyPair.from_seed(SEED)
    signature = key.sign(b"x")
    assert verifies(key.public_key, signature, b"x")
    assert not verifies(key.public_key, signature, b"y")
    assert not verifies(key.public_key, signature[:-1], b"x")
    assert not verifies(key.public_key, b"", b"x")
    assert not verifies(key.public_key[:-1], signature, b"x")
    order = 2**252 + 27742317777372353535851937790883648493
    half = int.from_bytes(signature[32:], "little") + order
    assert not verifies(key.public_key, signature[:32] + half.to_bytes(32, "little"), b"x")


@pytest.mark.parametrize("text", [*SMALL, *DOUBLED])
def test_a_key_that_binds_nobody_is_no_key(text: str) -> None:
    assert not is_sound(bytes.fromhex(text))
    # The identity as R and zero as S verify under the identity, whatever the message.
    assert not verifies(bytes.fromhex(text), bytes.fromhex(SMALL[0]) + bytes(32), b"anything")


def test_the_points_of_small_order_are_points_and_of_small_order() -> None:
    prime = 2**255 - 19
    d = -121665 * pow(121666, -1, prime) % prime
    for text in SMALL:
        y = int.from_bytes(bytes.fromhex(text), "little") & ((1 << 255) - 1)
        for _ in range(3):  # 8 = 2 * 2 * 2; the y of a doubled point needs x squared alone
            square = (y * y - 1) * pow(d * y * y + 1, -1, prime) % prime
            y = (y * y + square) * pow(1 - d * square * y * y, -1, prime) % prime
        assert y == 1


def test_drawn_keys_are_sound() -> None:
    assert all(is_sound(KeyPair.generate().public_key) for _ in range(50))
    assert not is_sound(b"")
