"""Who holds the house's own keys: the log's, and the operator's where it is not a file.

A `Keyholder` is registered in the group ``exchange.signers`` and named by the setting `signer`.
It hands out signers, never keys, so a key can stay in a hardware module or another process.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import pyrage

from exchange.errors import BadField, Unauthenticated
from ledger.acts import key_id
from ledger.errors import KeyLocked
from ledger.keys import PASSPHRASE_MIN, KeyPair, Signer

FILE: Final = "file"


class Keyholder(Protocol):
    """A place for keys; `purpose` is "log" or "operator", `folder` the exchange's own.

    An instance may be asked by several threads at once.
    """

    name: str

    def make(self, folder: Path, purpose: str, passphrase: str) -> Signer:
        """Make a key and return its signer, once the key would survive a loss of power.

        Raises `BadField` for a passphrase that is not good enough.
        """

    def open(self, folder: Path, purpose: str, public_key: bytes, passphrase: str) -> Signer:
        """Return the signer of a key that was made here, or raise `Unauthenticated`."""

    def discard(self, folder: Path, purpose: str, public_key: bytes) -> None:
        """Destroy a key that was made and that no entry names; nothing if there is none."""


class FileKeyholder:
    """Keys in files ``<purpose>-<key id>.pem``: PKCS #8 under the passphrase."""

    name = FILE

    def make(self, folder: Path, purpose: str, passphrase: str) -> Signer:
        """Make a key and write its file, which is whole or absent."""
        if len(passphrase) < PASSPHRASE_MIN:
            raise BadField("passphrase", f"at least {PASSPHRASE_MIN} characters")
        key = KeyPair.generate()
        with tempfile.TemporaryDirectory(dir=folder, prefix=f".{purpose}-") as beside:
            made = Path(beside) / "key.pem"
            key.save(made, passphrase)
            _sync(made)
            made.rename(self._path(folder, purpose, key.public_key))
            _sync(folder)
        return key

    def open(self, folder: Path, purpose: str, public_key: bytes, passphrase: str) -> Signer:
        """Open the key's file."""
        path = self._path(folder, purpose, public_key)
        try:
            key = KeyPair.load(path, passphrase)
        except KeyLocked as error:
            raise Unauthenticated(str(error)) from error
        if key.public_key != public_key:
            raise Unauthenticated(f"{path}: holds another key than its name says")
        return key

    def discard(self, folder: Path, purpose: str, public_key: bytes) -> None:
        """Remove the key's file."""
        with contextlib.suppress(FileNotFoundError):
            self._path(folder, purpose, public_key).unlink()

    @staticmethod
    def _path(folder: Path, purpose: str, public_key: bytes) -> Path:
        return folder / f"{purpose}-{key_id(public_key)}.pem"


@dataclass(frozen=True, slots=True)
class HouseKeys:
    """The operator's keys where another than `FileKeyholder` holds the one that signs.

    Nothing is ever sealed to the operator, so nobody keeps the identity behind `recipient`.
    """

    signing: Signer
    recipient: str = ""
    identities: tuple[str, ...] = ()

    @classmethod
    def of(cls, signing: Signer) -> HouseKeys:
        """Return new keys with a recipient that nobody can open anything for."""
        return cls(signing, str(pyrage.x25519.Identity.generate().to_public()))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
