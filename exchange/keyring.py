"""The keyring: a participant's own keys on its own disk.

    <handle>/<key id>/signing.pem     PKCS #8 under a passphrase
    <handle>/<key id>/identity.age    the age identity, sealed with age to that signing key
    <handle>/<key id>.next/           a pair that a rotation has made and not finished with

So one passphrase unlocks a pair and no cryptography is made up here.  A pair is whole or absent.
Which of them signs is not said here: the chain says it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyrage

from exchange.errors import BadField, Conflict, Unauthenticated
from ledger.acts import key_id
from ledger.errors import KeyLocked
from ledger.keys import PASSPHRASE_MIN, KeyPair

_NEXT = ".next"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """A participant's unlocked keys; printing them shows none.

    `older` are identities of keys before this one, the newest first: what was sealed to them
    still opens.
    """

    signing: KeyPair
    identity: str
    older: tuple[str, ...] = ()

    @property
    def recipient(self) -> str:
        """The public age recipient of the identity."""
        return str(pyrage.x25519.Identity.from_str(self.identity).to_public())

    @property
    def id(self) -> str:
        """The key id of the signing key."""
        return key_id(self.signing.public_key)

    @property
    def identities(self) -> tuple[str, ...]:
        """Every identity, the newest first."""
        return (self.identity, *self.older)

    def __repr__(self) -> str:
        """Show nothing private."""
        return f"Keys({self.signing.public_key.hex()})"


class Keyring:
    """A folder with one folder of keys a handle."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def handles(self) -> list[str]:
        """Return the handles there are keys for."""
        found = self._folder.glob("[!.]*/*/signing.pem")
        return sorted({path.parent.parent.name for path in found})

    def create(self, handle: str, passphrase: str) -> Keys:
        """Make and store new keys for a handle: both of them or none.

        Raises `Conflict` if it has keys already, `BadField` for a passphrase that is too short.
        """
        folder = self._folder / handle
        if folder.exists():
            raise Conflict(f"{handle} has keys already, in {folder}")
        return self._made(handle, passphrase, lambda home, _: home.rename(folder))

    def remove(self, handle: str) -> None:
        """Remove a handle's keys; for undoing a creation that came to nothing."""
        shutil.rmtree(self._folder / handle)

    def unlock(self, handle: str, passphrase: str, order: Sequence[str] = ()) -> Keys:
        """Open a handle's keys, or raise `Unauthenticated`.

        `order` are key ids, the one that should sign first: the first of them that is held signs.
        Where none of them is held the handle must have one pair.  Of the others in order the
        identities are opened as well; one that the passphrase does not open is left out.
        """
        held = self._held(handle)
        wanted = [held[key] for key in order if key in held]
        if not wanted and len(held) == 1:
            wanted = list(held.values())
        if not wanted:
            words = "which of the keys signs is not known" if held else "no such key file"
            raise Unauthenticated(f"{self._folder / handle}: {words}")
        keys = self._open(wanted[0], passphrase)
        older = []
        for pair in wanted[1:]:
            try:
                older.append(self._open(pair, passphrase).identity)
            except Unauthenticated:
                continue
        return Keys(keys.signing, keys.identity, tuple(older))

    @contextmanager
    def rotating(self, handle: str) -> Iterator[None]:
        """Keep every other rotation of the handle out, or raise `Conflict` if one is under way."""
        descriptor = os.open(self._folder / handle, os.O_RDONLY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                words = f"the keys of {handle} are being rotated by another process"
                raise Conflict(words) from error
            yield
        finally:
            os.close(descriptor)

    def prepared(self, handle: str) -> str | None:
        """Return the key id of the pair that a rotation has made and not finished with."""
        found = (self._folder / handle).glob(f"*{_NEXT}")
        return next((path.stem for path in sorted(found)), None)

    def prepare(self, handle: str, passphrase: str) -> Keys:
        """Return the pair for a rotation: the one of a rotation that was cut off, or a new one."""
        left = self.prepared(handle)
        if left:
            return self._open(self._folder / handle / f"{left}{_NEXT}", passphrase)

        def place(home: Path, key: str) -> None:
            (home / key).rename(self._folder / handle / f"{key}{_NEXT}")

        return self._made(handle, passphrase, place)

    def discard(self, handle: str, key: str) -> None:
        """Remove a pair that was prepared and refused."""
        shutil.rmtree(self._folder / handle / f"{key}{_NEXT}")

    def finish(self, handle: str, key: str) -> None:
        """Put a pair that was prepared beside the others, once its key is in use."""
        folder = self._folder / handle
        (folder / f"{key}{_NEXT}").rename(folder / key)
        _sync(folder)

    def _held(self, handle: str) -> dict[str, Path]:
        """Return where a handle's pairs are, by key id; whether one is in use the chain says."""
        found = sorted((self._folder / handle).glob("*/signing.pem"))
        return {path.parent.name.removesuffix(_NEXT): path.parent for path in found}

    def _made(self, handle: str, passphrase: str, place: Callable[[Path, str], object]) -> Keys:
        """Make a pair beside and have it moved, so that no half of it is ever left behind."""
        if len(passphrase) < PASSPHRASE_MIN:
            raise BadField("passphrase", f"at least {PASSPHRASE_MIN} characters")
        signing = KeyPair.generate()
        keys = Keys(signing, str(pyrage.x25519.Identity.generate()))
        _, public = signing.to_openssh()
        sealed = pyrage.encrypt(keys.identity.encode(), [pyrage.ssh.Recipient.from_str(public)])
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=f".{handle}-") as made:
            pair = Path(made) / handle / keys.id
            pair.parent.mkdir(mode=0o700)
            pair.mkdir(mode=0o700)
            signing.save(pair / "signing.pem", passphrase)
            descriptor = os.open(pair / "identity.age", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
            for path in (pair / "signing.pem", pair / "identity.age", pair):
                _sync(path)  # entries that name the key must not outlive it
            place(pair.parent, keys.id)
            _sync(self._folder / handle)
            _sync(self._folder)
        return keys

    @staticmethod
    def _open(folder: Path, passphrase: str) -> Keys:
        try:
            signing = KeyPair.load(folder / "signing.pem", passphrase)
        except KeyLocked as error:
            raise Unauthenticated(str(error)) from error
        private, _ = signing.to_openssh()
        try:
            sealed = (folder / "identity.age").read_bytes()
            identity = pyrage.decrypt(sealed, [pyrage.ssh.Identity.from_buffer(private)])
        except (OSError, pyrage.DecryptError) as error:
            raise Unauthenticated(f"{folder / 'identity.age'}: cannot be opened") from error
        return Keys(signing, identity.decode())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
