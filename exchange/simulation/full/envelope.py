"""Envelopes: a delivery of simulated data whose bytes repeat.

A sealed file of the exchange differs each time it is made, as encryption must.  Simulated data is
no secret and a run repeats byte for byte, so its deliveries are envelopes: a line that names the
recipient, and the data as it is.  Nothing is hidden by them.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from exchange.delivery import Sealed
from exchange.errors import BadField, DataDiffer
from exchange.vault import sha256_of

PREFIX: Final = "envelope1"
_HEAD: Final = "an envelope of a simulated market, hiding nothing, to {}\n"


class Envelope:
    """A delivery method for simulations, under the name that every spec sheet knows."""

    name = "sealed-file"

    def check_recipient(self, recipient: str) -> None:
        """Raise `BadField` for what no envelope is addressed to."""
        if not recipient.startswith(PREFIX):
            raise BadField("recipient", f"not one of a simulation ({PREFIX}…)")

    def seal(self, source: Path, recipient: str, target: Path) -> Sealed:
        """Address the data of `source` to a recipient."""
        self.check_recipient(recipient)
        data = source.read_bytes()
        whole = enveloped(data, recipient)
        target.write_bytes(whole)
        digest = hashlib.sha256(whole).hexdigest()
        return Sealed(target, hashlib.sha256(data).hexdigest(), digest, len(whole))

    def open(self, sealed: Path, identity: str, target: Path) -> str:
        """Take the data out, or raise `DataDiffer` where it is addressed to somebody else."""
        head, _, data = sealed.read_bytes().partition(b"\n")
        if head + b"\n" != _HEAD.format(recipient_of(identity)).encode():
            raise DataDiffer(f"{sealed.name}: not addressed to this participant")
        descriptor = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        return sha256_of(target)


def enveloped(data: bytes, recipient: str) -> bytes:
    """Return the bytes of an envelope, a function of the data and the recipient alone."""
    return _HEAD.format(recipient).encode() + data


def recipient_of(identity: str) -> str:
    """Return whom envelopes are addressed to that this identity opens."""
    return PREFIX + hashlib.sha256(identity.encode()).hexdigest()[:40]
