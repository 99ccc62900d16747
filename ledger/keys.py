"""Ed25519 keys: signing, verifying, and keeping private keys encrypted on disk.

Private keys are stored as PKCS #8 under a passphrase, in files only their owner can read.
Nothing here prints, logs or returns private bytes except `KeyPair.to_openssh`, which an age
library needs in memory.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from ledger.errors import KeyLocked

PASSPHRASE_MIN = 12  # characters; below that a stolen key file is soon an open one
_PRIME = 2**255 - 19  # of the field that Ed25519 computes in
_Y_OF_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# The points whose order divides 8 have these y coordinates alone.
_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _Y_OF_ORDER_8, _PRIME - _Y_OF_ORDER_8})


class Signer(Protocol):
    """Whatever can sign for one key: a file, a hardware module, a service."""

    @property
    def public_key(self) -> bytes:
        """The raw 32-byte Ed25519 public key."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature (RFC 8032) over `message`."""


@dataclass(frozen=True, repr=False)
class KeyPair:
    """An Ed25519 key pair held in memory; its `repr` shows the public half alone."""

    private: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> KeyPair:
        """Draw a new key from the operating system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> KeyPair:
        """Build the key of a 32-byte seed: for simulations, which repeat from theirs."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @cached_property
    def public_key(self) -> bytes:
        """The raw 32-byte public key."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature over `message`."""
        return self.private.sign(message)

    def save(self, path: Path, passphrase: str) -> None:
        """Write a new encrypted key file (mode 0600); never overwrites one."""
        save_private(self.private, path, passphrase)

    @classmethod
    def load(cls, path: Path, passphrase: str) -> KeyPair:
        """Open a key file, or raise `KeyLocked`; the message never holds the passphrase."""
        key = open_private(path, passphrase)
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyLocked(f"{path}: not an Ed25519 key")
        return cls(key)

    def to_openssh(self) -> tuple[bytes, str]:
        """Return the private key and the public key in OpenSSH form, for age."""
        private = self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
        public = self.private.public_key().public_bytes(
            serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
        )
        return private, public.decode()

    def __repr__(self) -> str:
        """Show the public half alone."""
        return f"KeyPair({self.public_key.hex()})"


class StoredKey(Protocol):
    """A private key of the library, whatever its algorithm."""

    def private_bytes(
        self,
        encoding: serialization.Encoding,
        format: serialization.PrivateFormat,  # noqa: A002 - the library's own name
        encryption_algorithm: serialization.KeySerializationEncryption,
    ) -> bytes:
        """Serialise the key."""


def save_private(key: StoredKey, path: Path, passphrase: str) -> None:
    """Write a new encrypted key file (mode 0600); never overwrites one."""
    if len(passphrase) < PASSPHRASE_MIN:
        raise KeyLocked(f"a passphrase needs at least {PASSPHRASE_MIN} characters")
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def open_private(path: Path, passphrase: str) -> object:
    """Open a key file of any algorithm, or raise `KeyLocked`; never says the passphrase."""
    try:
        return serialization.load_pem_private_key(path.read_bytes(), passphrase.encode())
    except FileNotFoundError:
        raise KeyLocked(f"{path}: no such key file") from None
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyLocked(f"{path}: the passphrase does not open this key") from None


def is_sound(public_key: bytes) -> bool:
    """Whether the 32 bytes may be somebody's key: one encoding, and not of small order.

    Under a key of small order a signature that anybody can write verifies, and OpenSSL
    accepts it: such a key binds nobody.
    """
    if len(public_key) != 32:
        return False
    y = int.from_bytes(public_key, "little") & ((1 << 255) - 1)
    return y < _PRIME and y not in _SMALL_ORDER


@lru_cache(maxsize=256)  # who takes an act in asks, and so does whoever writes it into a log
def verifies(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is one of `public_key` over `message`; malformed input is False."""
    try:
        loaded = _loaded(public_key)
        if loaded is None:
            return False
        loaded.verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=4_096)  # whoever signs at all signs again; loading is a seventh of verifying
def _loaded(public_key: bytes) -> Ed25519PublicKey | None:
    return Ed25519PublicKey.from_public_bytes(public_key) if is_sound(public_key) else None
