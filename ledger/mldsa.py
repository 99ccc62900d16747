"""ML-DSA-44 keys (FIPS 204), where the installed `cryptography` has them.

An option beside Ed25519: signatures that a quantum computer does not forge, of 2,420 bytes each.
Where the library or its OpenSSL lacks the algorithm, `AVAILABLE` is False, nothing verifies and
nothing can be signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from ledger.errors import KeyLocked
from ledger.keys import open_private, save_private

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

    MLDSA44PrivateKey.from_seed_bytes(bytes(32))
except (ImportError, UnsupportedAlgorithm):  # pragma: no cover - of older installations
    AVAILABLE = False
else:
    AVAILABLE = True


@dataclass(frozen=True, slots=True, repr=False)
class MlDsaKeyPair:
    """An ML-DSA-44 key pair held in memory; a `Signer` whose `repr` shows no private half."""

    private: MLDSA44PrivateKey

    @classmethod
    def generate(cls) -> MlDsaKeyPair:
        """Draw a new key from the operating system's randomness."""
        return cls(MLDSA44PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> MlDsaKeyPair:
        """Build the key of a 32-byte seed."""
        return cls(MLDSA44PrivateKey.from_seed_bytes(seed))

    @property
    def public_key(self) -> bytes:
        """The raw 1,312-byte public key."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return a 2,420-byte signature over `message`."""
        return self.private.sign(message)

    def save(self, path: Path, passphrase: str) -> None:
        """Write a new encrypted key file (mode 0600); never overwrites one."""
        save_private(self.private, path, passphrase)

    @classmethod
    def load(cls, path: Path, passphrase: str) -> MlDsaKeyPair:
        """Open a key file, or raise `KeyLocked`; the message never holds the passphrase."""
        key = open_private(path, passphrase)
        if not isinstance(key, MLDSA44PrivateKey):
            raise KeyLocked(f"{path}: not an ML-DSA-44 key")
        return cls(key)

    def __repr__(self) -> str:
        """Show the algorithm alone."""
        return "MlDsaKeyPair(…)"


def ml_dsa_verifies(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is one of `public_key` over `message`; malformed input is False."""
    try:
        MLDSA44PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
