"""The keyring: a participant's own keys on its own disk.

The signing key is PKCS #8 under a passphrase.  The age identity is sealed with age to that
signing key, so one passphrase unlocks both and no cryptography is made up here.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyrage

from exchange.errors import BadField, Conflict, Unauthenticated
from ledger.errors import KeyLocked
from ledger.keys import PASSPHRASE_MIN, KeyPair


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
        found = self._folder.glob("[!.]*/signing.pem")
        return sorted(path.parent.name for path in found)

    def create(self, handle: str, passphrase: str) -> Keys:
        """Make and store new keys for a handle: both of them or none.

        Raises `Conflict` if it has keys already, `BadField` for a passphrase that is too short.
        """
        folder = self._folder / handle
        if folder.exists():
            raise Conflict(f"{handle} has keys already, in {folder}")
        if len(passphrase) < PASSPHRASE_MIN:
            raise BadField("passphrase", f"at least {PASSPHRASE_MIN} characters")
        signing = KeyPair.generate()
        keys = Keys(signing, str(pyrage.x25519.Identity.generate()))
        _, public = signing.to_openssh()
        sealed = pyrage.encrypt(keys.identity.encode(), [pyrage.ssh.Recipient.from_str(public)])
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made beside and moved, so that whoever is cut off leaves no half of a pair of keys.
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=f".{handle}-") as made:
            partial = Path(made) / handle
            partial.mkdir(mode=0o700)
            signing.save(partial / "signing.pem", passphrase)
            descriptor = os.open(
                partial / "identity.age", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
            partial.rename(folder)
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
