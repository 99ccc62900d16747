"""Cosignatures: what a witness says of a checkpoint, and when (C2SP tlog-cosignature).

An Ed25519 cosignature (type 0x04) covers the time and the checkpoint's body; the key must be of
this one witness, since its name is not covered.  An ML-DSA-44 one (type 0x06) covers the names
too.  Both say: of this log I have seen no larger tree before that time, and none that this one
does not continue.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.checkpoint import Checkpoint
from ledger.errors import BadNote
from ledger.keys import Signer, verifies
from ledger.mldsa import AVAILABLE, ml_dsa_verifies
from ledger.note import (
    COSIGNATURE,
    ED25519,
    KINDS,
    ML_DSA_44,
    SIZE_MAX,
    Note,
    SignatureLine,
    VerifierKey,
)

_LABEL = b"subtree/v1\n\x00"


@dataclass(frozen=True, slots=True)
class Cosigner:
    """Who cosigns: a name, and a signer of the kind of its key."""

    name: str
    signer: Signer
    kind: bytes = COSIGNATURE

    @property
    def key(self) -> VerifierKey:
        """The verifier key to hand to others."""
        return VerifierKey(self.name, self.signer.public_key, self.kind)

    def cosign(self, checkpoint: Checkpoint, time: int) -> SignatureLine:
        """Return the signature line; `time` is in seconds since 1970, UTC.

        A name, a time or a kind of key that could not be verified raises `BadNote`.
        """
        key = VerifierKey.parse(str(self.key), (COSIGNATURE, ML_DSA_44))
        if not 0 <= time <= SIZE_MAX:
            raise BadNote(f"{time} is not a time that a cosignature can bear")
        signature = self.signer.sign(_message(key, checkpoint, time))
        return SignatureLine(key.name, key.key_hash, struct.pack(">Q", time) + signature)


def verify_line(line: SignatureLine, key: VerifierKey, checkpoint: Checkpoint) -> int | None:
    """Return the time that `key` signed the checkpoint at, or raise `BadNote`.

    None is the plain signature of a log, which bears no time.
    """
    if key.kind == ED25519:
        good, time = verifies(key.public_key, line.signature, checkpoint.body()), None
    else:
        if key.kind == ML_DSA_44 and not AVAILABLE:
            raise BadNote(f"{key.name} signs with ML-DSA-44, which cannot be verified here")
        check = ml_dsa_verifies if key.kind == ML_DSA_44 else verifies
        time = int.from_bytes(line.signature[:8])
        good = (
            len(line.signature) > 8
            and time <= SIZE_MAX
            and check(key.public_key, line.signature[8:], _message(key, checkpoint, time))
        )
    if not good:
        raise BadNote(f"the {KINDS[key.kind]} signature of {key.name} does not cover this")
    return time


def verify_lines(
    note: Note, checkpoint: Checkpoint, keys: Iterable[VerifierKey]
) -> tuple[dict[VerifierKey, int | None], tuple[SignatureLine, ...]]:
    """Return who of `keys` signed, with the newest time of each, and the lines of nobody known.

    A line of a known key that does not verify raises `BadNote`: the note was changed.
    """
    known = {(key.name, key.key_hash): key for key in keys}
    signed: dict[VerifierKey, int | None] = {}
    ignored: list[SignatureLine] = []
    for line in note.lines:
        key = known.get((line.name, line.key_hash))
        if key is None:
            ignored.append(line)
            continue
        time = verify_line(line, key, checkpoint)
        signed[key] = max(time or 0, signed.get(key) or 0) if time is not None else None
    return signed, tuple(ignored)


def _message(key: VerifierKey, checkpoint: Checkpoint, time: int) -> bytes:
    if key.kind == COSIGNATURE:
        return f"cosignature/v1\ntime {time}\n".encode() + checkpoint.body()
    name, origin = _short(key.name), _short(checkpoint.origin)
    numbers = struct.pack(">QQ", 0, checkpoint.size)  # a subtree that begins at entry 0
    return _LABEL + name + struct.pack(">Q", time) + origin + numbers + checkpoint.root


def _short(text: str) -> bytes:
    data = text.encode()
    if len(data) > 255:
        raise BadNote(f"{text[:40]}… is too long a name for an ML-DSA-44 cosignature")
    return bytes([len(data)]) + data
