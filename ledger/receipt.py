"""Receipts: the log's promise, signed when entries are committed, that they will stand in it.

A store may commit an entry before the entry has a place.  Who was told so holds a receipt: a
signed note (C2SP signed-note) of the log's key over the leaf hashes.  A checkpoint over a log
that never has them, or a log that ends without them, convicts the log by its own signature.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.acts import parse_time
from ledger.errors import BadAct, BadNote
from ledger.keys import Signer, verifies
from ledger.note import Note, SignatureLine, VerifierKey, from_hashes, to_base64

FIRST_LINE = "guapai/receipt/v1"  # no origin is written so: a receipt is never a checkpoint
LEAVES_MAX = 63  # entries of one transaction


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a log promises: `leaves` are leaf hashes, `time` is by the exchange's clock."""

    origin: str
    time: str
    leaves: tuple[bytes, ...]

    def body(self) -> bytes:
        """Return the lines that are signed."""
        lines = [FIRST_LINE, self.origin, self.time, *map(to_base64, self.leaves), ""]
        return "\n".join(lines).encode()

    def signed(self, signer: Signer) -> bytes:
        """Return the note, or raise `BadNote` for a receipt that could not be read back."""
        if _parse(self.body()) != self:
            raise BadNote(f"a receipt of {self.origin!r} that could not be read back")
        key_hash = VerifierKey(self.origin, signer.public_key).key_hash
        line = SignatureLine(self.origin, key_hash, signer.sign(self.body()))
        return Note(self.body(), (line,)).to_bytes()

    def missing(self, leaves: Iterable[bytes]) -> tuple[bytes, ...]:
        """Return the promised leaf hashes that are not among those of a log."""
        left = dict.fromkeys(self.leaves)
        for leaf in leaves:
            left.pop(leaf, None)
        return tuple(left)


def open_receipt(note: bytes, key: VerifierKey) -> Receipt:
    """Return the receipt that `key` signed, or raise `BadNote` with what is wrong."""
    opened = Note.parse(note)
    receipt = _parse(opened.body)
    lines = [line for line in opened.lines if line.is_of(key)]
    if not lines or receipt.origin != key.name:
        raise BadNote(f"{key.name} has not signed this receipt")
    if not all(verifies(key.public_key, line.signature, opened.body) for line in lines):
        raise BadNote(f"the signature of {key.name} does not cover this receipt")
    return receipt


def _parse(body: bytes) -> Receipt:
    try:
        first, origin, time, *leaves, end = body.decode().split("\n")
        receipt = Receipt(origin, time, from_hashes(leaves))
        parse_time(time, "time")
    except (ValueError, BadAct) as error:
        raise BadNote(f"not a receipt: {error}") from error
    if first != FIRST_LINE or end or not leaves:
        raise BadNote(f"not a receipt: it is {FIRST_LINE}, origin, time and leaf hashes")
    return receipt
