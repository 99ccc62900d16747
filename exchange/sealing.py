"""Sealed files: data encrypted with age to its buyer's recipient.

The cryptography is that of age (X25519, ChaCha20-Poly1305) through the library pyrage; the
exchange carries the sealed bytes and cannot open them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pyrage

from exchange.delivery import Sealed
from exchange.errors import BadField, DataDiffer
from exchange.vault import sha256_of


class SealedFile:
    """The delivery method ``sealed-file``."""

    name = "sealed-file"

    def check_recipient(self, recipient: str) -> None:
        """Raise `BadField` for what is no age X25519 recipient."""
        _recipient(recipient)

    def seal(self, source: Path, recipient: str, target: Path) -> Sealed:
        """Encrypt `source` to `recipient` into `target`; nothing remains on failure."""
        key = _recipient(recipient)
        data = sha256_of(source)
        partial = target.with_name(f"{target.name}.partial")
        try:
            pyrage.encrypt_file(str(source), str(partial), [key])
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        return Sealed(target, data, sha256_of(target), target.stat().st_size)

    def open(self, sealed: Path, identity: str, target: Path) -> str:
        """Decrypt into `target` (mode 0600) and return the SHA-256 of the plain bytes.

        Raises `DataDiffer` where the file is not sealed to this identity or was changed on its
        way; nothing remains then.
        """
        key = pyrage.x25519.Identity.from_str(identity)
        partial = target.with_name(f"{target.name}.partial")
        partial.unlink(missing_ok=True)  # a left-over one would keep its own mode
        os.close(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        try:
            pyrage.decrypt_file(str(sealed), str(partial), [key])
            partial.replace(target)
        except (pyrage.DecryptError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # of the disk; what the cipher finds comes without a number
            raise DataDiffer(
                f"{sealed.name}: not sealed to this participant, or changed on its way"
            ) from error
        finally:
            partial.unlink(missing_ok=True)
        return sha256_of(target)


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BadField("recipient", "not an age X25519 recipient (age1…)") from error
