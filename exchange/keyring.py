"""The keyring: a participant's own keys on its own disk.

The signing key is PKCS #8 under a passphrase.  The age identity is sealed with age to that
signing key, so one passphrase unlocks both and no cryptography is made up here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pyrage

from exchange.errors import Conflict, Unauthenticated
from ledger.errors import KeyLocked
from ledger.keys import KeyPair


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """A participant's unlocked keys; printing them shows neither."""

    signing: KeyPair
    identity: str

    @property
    def recipient(self) -> str:
        """The public age recipient of the identity."""
        return str(pyrage.x25519.Identity.from_str(self.identity).to_public())

    def __repr__(self) -> str:
        """Show nothing private."""
        return f"Keys({self.signing.public_key.hex()})"


class Keyring:
    """A folder with one folder of keys a handle."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def handles(self) -> list[str]:
        """Return the handles there are keys for."""
        found = self._folder.glob("*/signing.pem")
        return sorted(path.parent.name for path in found)

    def create(self, handle: str, passphrase: str) -> Keys:
        """Make and store new keys for a handle; raises `Conflict` if it has keys already."""
        folder = self._folder / handle
        if folder.exists():
            raise Conflict(f"{handle} has keys already, in {folder}")
        signing = KeyPair.generate()
        keys = Keys(signing, str(pyrage.x25519.Identity.generate()))
        _, public = signing.to_openssh()
        sealed = pyrage.encrypt(keys.identity.encode(), [pyrage.ssh.Recipient.from_str(public)])
        folder.mkdir(mode=0o700, parents=True)
        try:
            signing.save(folder / "signing.pem", passphrase)
            descriptor = os.open(
                folder / "identity.age", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
        except BaseException:
            self.remove(handle)
            raise
        return keys

    def remove(self, handle: str) -> None:
        """Remove a handle's keys; for undoing a creation that came to nothing."""
        folder = self._folder / handle
        for name in ("signing.pem", "identity.age"):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()

    def unlock(self, handle: str, passphrase: str) -> Keys:
        """Open a handle's keys, or raise `Unauthenticated`."""
        folder = self._folder / handle
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
