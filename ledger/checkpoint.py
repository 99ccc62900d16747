"""Checkpoints: the signed statement of a log's size and root.

The body is that of C2SP tlog-checkpoint, the envelope that of C2SP signed-note with Ed25519
(signature type 0x01).  A note is accepted only if every line is well formed and the known key
signed it; lines of unknown keys are kept and ignored, as the specification asks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from ledger.errors import BadNote
from ledger.keys import Signer, is_sound, verifies

ED25519 = b"\x01"
NOTE_MAX = 64 * 1024  # bytes; a note with many cosignatures is far below


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's origin, size and root at one moment."""

    origin: str
    size: int
    root: bytes

    def body(self) -> bytes:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A note key as text: ``<name>+<8 hex digits>+<base64 of 0x01 and the public key>``."""

    name: str
    public_key: bytes

    @property
    def key_hash(self) -> bytes:
        """The first four bytes of SHA-256(name || LF || 0x01 || key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:4]

    def __str__(self) -> str:
        """Write the key as C2SP signed-note does."""
        encoded = base64.b64encode(ED25519 + self.public_key).decode()
        return f"{self.name}+{self.key_hash.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read the text form; a hash that does not fit the key raises `BadNote`."""
        try:
            name, hashed, encoded = text.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadNote(f"{text.strip()[:80]!r} is not a verifier key") from error
        key = cls(name, raw[1:])
        if raw[:1] != ED25519 or not is_sound(key.public_key) or not _is_name(name):
            raise BadNote(f"the verifier key of {name!r} is not one of Ed25519")
        if key.key_hash.hex() != hashed:
            raise BadNote(f"the verifier key of {name!r} does not match its own hash")
        return key


def sign(checkpoint: Checkpoint, name: str, signer: Signer) -> bytes:
    """Return the note: the body, an empty line, and one signature line of `name`.

    A name or a checkpoint that could not be read back raises `BadNote`.
    """
    body = checkpoint.body()
    if not _is_name(name) or parse_body(body) != checkpoint:
        raise BadNote(f"a note by {name!r} of {checkpoint.origin!r} could not be read back")
    key_hash = VerifierKey(name, signer.public_key).key_hash
    line = base64.b64encode(key_hash + signer.sign(body)).decode()
    return body + f"\n— {name} {line}\n".encode()


def verify(note: bytes, key: VerifierKey) -> Checkpoint:
    """Return the checkpoint that `key` signed, or raise `BadNote` with what is wrong."""
    if len(note) > NOTE_MAX:
        raise BadNote(f"a note of {len(note)} bytes is over {NOTE_MAX}")
    body, blank, signatures = note.rpartition(b"\n\n")
    body += b"\n"
    if not blank or not signatures.endswith(b"\n"):
        raise BadNote("the note has no signature block")
    signed = False
    for line in signatures[:-1].split(b"\n"):
        name, raw = _signature(line)
        if name == key.name and raw[:4] == key.key_hash:
            if not verifies(key.public_key, raw[4:], body):
                raise BadNote(f"the signature of {name} does not cover this checkpoint")
            signed = True
    if not signed:
        raise BadNote(f"{key.name} has not signed this checkpoint")
    return parse_body(body)


def _signature(line: bytes) -> tuple[str, bytes]:
    try:
        dash, name, encoded = line.decode().split(" ")
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadNote("a signature line is malformed") from error
    canonical = base64.b64encode(raw).decode() == encoded
    if dash != "—" or not _is_name(name) or len(raw) < 5 or not canonical:
        raise BadNote("a signature line is malformed")
    return name, raw


def _is_name(text: str) -> bool:
    """Whether a key may bear the name: no spaces, no plus sign, nothing unprintable."""
    return text.isprintable() and bool(text) and " " not in text and "+" not in text


def parse_body(body: bytes) -> Checkpoint:
    """Read the three lines; extension lines are refused, since nothing audits them."""
    try:
        origin, size, root, end = body.decode().split("\n")
        decoded = base64.b64decode(root, validate=True)
        number = int(size) if size.isascii() and size.isdigit() else -1
    except (ValueError, binascii.Error) as error:
        raise BadNote("the checkpoint is not origin, size and root on three lines") from error
    well_formed = _is_name(origin) and not end and len(decoded) == 32
    if (
        not well_formed
        or number < 0
        or str(number) != size
        or base64.b64encode(decoded).decode() != root
    ):
        raise BadNote("the checkpoint is not origin, size and root on three lines")
    return Checkpoint(origin, number, decoded)
