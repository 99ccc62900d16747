"""Signed notes: text, an empty line and one signature line a key (C2SP signed-note).

Every line of a note must be well formed, also those of keys that nobody knows: a reader that
skips what it cannot read can be made to skip anything.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ledger.errors import BadNote
from ledger.keys import is_sound

ED25519 = b"\x01"  # signature types, as C2SP signed-note assigns them
COSIGNATURE = b"\x04"
ML_DSA_44 = b"\x06"
ML_DSA_44_KEY = 1_312  # bytes of an ML-DSA-44 public key
KINDS = {ED25519: "Ed25519", COSIGNATURE: "cosignature/v1", ML_DSA_44: "ML-DSA-44"}
NOTE_MAX = 64 * 1024  # bytes; a note with many cosignatures is far below
PATH_MAX = 63  # hashes in a proof: the height of the largest tree
SIZE_MAX = 2**63 - 1  # of a log, an index or a time: what other implementations hold


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A note key as text: ``<name>+<8 hex digits>+<base64 of signature type and public key>``."""

    name: str
    public_key: bytes
    kind: bytes = ED25519

    @property
    def key_hash(self) -> bytes:
        """The first four bytes of SHA-256(name || LF || type || key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public_key).digest()[:4]

    def __str__(self) -> str:
        """Write the key as C2SP signed-note does."""
        return f"{self.name}+{self.key_hash.hex()}+{to_base64(self.kind + self.public_key)}"

    @classmethod
    def parse(cls, text: str, kinds: Collection[bytes] = (ED25519,)) -> VerifierKey:
        """Read the text form of a key of one of the `kinds`.

        A hash that does not fit the key raises `BadNote`.
        """
        try:
            name, hashed, encoded = text.strip().split("+", 2)
            raw = from_base64(encoded)
        except ValueError as error:
            raise BadNote(f"{text.strip()[:80]!r} is not a verifier key") from error
        key = cls(name, raw[1:], raw[:1])
        whole = (
            len(key.public_key) == ML_DSA_44_KEY
            if key.kind == ML_DSA_44
            else is_sound(key.public_key)
        )
        if key.kind not in kinds or not whole or not is_name(name):
            wanted = " or ".join(KINDS[kind] for kind in kinds)
            raise BadNote(f"the verifier key of {name!r} is not one of {wanted}")
        if key.key_hash.hex() != hashed:
            raise BadNote(f"the verifier key of {name!r} does not match its own hash")
        return key


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line below a note: who says to have signed, and the signature, not yet verified."""

    name: str
    key_hash: bytes
    signature: bytes

    def __str__(self) -> str:
        """Write the line, without its end."""
        return f"— {self.name} {to_base64(self.key_hash + self.signature)}"

    @classmethod
    def parse(cls, line: bytes) -> SignatureLine:
        """Read one line without its end, or raise `BadNote`."""
        try:
            dash, name, encoded = line.decode().split(" ")
            raw = from_base64(encoded)
        except ValueError as error:
            raise BadNote("a signature line is malformed") from error
        if dash != "—" or not is_name(name) or len(raw) < 5:
            raise BadNote("a signature line is malformed")
        return cls(name, raw[:4], raw[4:])

    def is_of(self, key: VerifierKey) -> bool:
        """Whether the line names that key: by both name and hash."""
        return self.name == key.name and self.key_hash == key.key_hash


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart: the text with its last newline, and the lines below it."""

    body: bytes
    lines: tuple[SignatureLine, ...]

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Take a note apart, or raise `BadNote`; nothing about it is verified yet."""
        if len(data) > NOTE_MAX:
            raise BadNote(f"a note of {len(data)} bytes is over {NOTE_MAX}")
        body, blank, signatures = data.rpartition(b"\n\n")
        if not blank or not signatures.endswith(b"\n"):
            raise BadNote("the note has no signature block")
        lines = signatures[:-1].split(b"\n")
        return cls(body + b"\n", tuple(SignatureLine.parse(line) for line in lines))

    def to_bytes(self) -> bytes:
        """Put the note together again."""
        return self.body + b"\n" + b"".join(f"{line}\n".encode() for line in self.lines)


def is_name(text: str) -> bool:
    """Whether a key may bear the name: no spaces, no plus sign, nothing unprintable."""
    return text.isprintable() and bool(text) and " " not in text and "+" not in text


def to_base64(data: bytes) -> str:
    """Write standard base 64 with padding."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """Read base 64, or raise `ValueError` unless `text` is the one encoding of its bytes."""
    raw = base64.b64decode(text, validate=True)  # binascii.Error is a ValueError
    if to_base64(raw) != text:
        raise ValueError("not canonical base 64")
    return raw


def from_decimal(text: str) -> int:
    """Read a number of 0 to 2^63 - 1 in ASCII digits without leading zeros, or `ValueError`."""
    if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0"):
        raise ValueError("not a decimal number")
    number = int(text)
    if number > SIZE_MAX:
        raise ValueError("a number beyond 2^63 - 1")
    return number


def from_hashes(lines: Iterable[str]) -> tuple[bytes, ...]:
    """Read a proof, one hash a line, or raise `ValueError`."""
    hashes = tuple(map(from_base64, lines))
    if len(hashes) > PATH_MAX or any(len(each) != 32 for each in hashes):
        raise ValueError(f"a proof has at most {PATH_MAX} hashes of 32 bytes")
    return hashes
