"""Checkpoints: the signed statement of a log's size and root.

The body is that of C2SP tlog-checkpoint, the envelope that of C2SP signed-note with Ed25519
(signature type 0x01).  A note is accepted only if every line is well formed and the known key
signed it; lines of unknown keys are kept and ignored, as the specification asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.errors import BadNote
from ledger.keys import Signer, verifies
from ledger.note import (
    ED25519,
    NOTE_MAX,
    Note,
    SignatureLine,
    VerifierKey,
    from_base64,
    from_decimal,
    is_name,
    to_base64,
)

__all__ = [
    "ED25519",
    "NOTE_MAX",
    "Checkpoint",
    "VerifierKey",
    "parse_body",
    "sign",
    "verify",
    "verify_any",
]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's origin, size and root at one moment."""

    origin: str
    size: int
    root: bytes

    def body(self) -> bytes:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n".encode()


def sign(checkpoint: Checkpoint, name: str, *signers: Signer) -> bytes:
    """Return the note: the body, an empty line, and a signature line of `name` for each signer.

    A name or a checkpoint that could not be read back raises `BadNote`, as does no signer.
    """
    body = checkpoint.body()
    if not is_name(name) or parse_body(body) != checkpoint:
        raise BadNote(f"a note by {name!r} of {checkpoint.origin!r} could not be read back")
    if not signers:
        raise BadNote("a checkpoint needs at least one signer")
    lines = tuple(
        SignatureLine(name, VerifierKey(name, signer.public_key).key_hash, signer.sign(body))
        for signer in signers
    )
    return Note(body, lines).to_bytes()


def verify(note: bytes, key: VerifierKey) -> Checkpoint:
    """Return the checkpoint that `key` signed, or raise `BadNote` with what is wrong."""
    opened = Note.parse(note)
    lines = [line for line in opened.lines if line.is_of(key)]
    for line in lines:
        if not verifies(key.public_key, line.signature, opened.body):
            raise BadNote(f"the signature of {key.name} does not cover this checkpoint")
    if not lines:
        raise BadNote(f"{key.name} has not signed this checkpoint")
    return parse_body(opened.body)


def verify_any(
    note: bytes, keys: Iterable[VerifierKey]
) -> tuple[Checkpoint, tuple[VerifierKey, ...]]:
    """Return a checkpoint and which of the keys signed it, or raise `BadNote` if none has.

    For a log whose keys followed one another: a line of any of them that does not verify spoils
    the note, and which of them must have signed is not asked here (`ledger.signers.log_keys`).
    """
    opened, known = Note.parse(note), tuple(keys)
    signed = tuple(key for key in known if any(line.is_of(key) for line in opened.lines))
    for key in signed:
        verify(note, key)
    if not signed:
        names = " or ".join(sorted({key.name for key in known})) or "nobody known"
        raise BadNote(f"{names} has not signed this checkpoint")
    return parse_body(opened.body), signed


def parse_body(body: bytes) -> Checkpoint:
    """Read the three lines; extension lines are refused, since nothing audits them."""
    try:
        origin, size, root, end = body.decode().split("\n")
        checkpoint = Checkpoint(origin, from_decimal(size), from_base64(root))
    except ValueError as error:
        raise BadNote("the checkpoint is not origin, size and root on three lines") from error
    if not is_name(origin) or end or len(checkpoint.root) != 32:
        raise BadNote("the checkpoint is not origin, size and root on three lines")
    return checkpoint
