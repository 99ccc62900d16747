"""Proof files: one entry's inclusion, checkable offline by itself (C2SP tlog-proof).

A ``.tlog-proof`` holds the entry's index, its audit path and the checkpoint with all its
signatures.  It does not hold the entry: whoever checks it brings the entry's bytes, and the keys
from a source of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.checkpoint import Checkpoint, VerifierKey, verify
from ledger.errors import BadNote, BadProof
from ledger.merkle import leaf_hash, verify_inclusion
from ledger.note import NOTE_MAX, PATH_MAX, from_base64, from_decimal, from_hashes, to_base64
from ledger.policy import Policy, Witnessed, verify_policy

HEADER = "c2sp.org/tlog-proof@v1"
EXTRA_MAX = 16_384  # bytes of the application's own, which nothing here reads
_HEAD_MAX = len(HEADER) + EXTRA_MAX * 4 // 3 + PATH_MAX * 45 + 100
PROOF_MAX = _HEAD_MAX + NOTE_MAX


@dataclass(frozen=True, slots=True)
class TlogProof:
    """An entry's place, the path from its leaf hash to the root, and the note of that root.

    `extra` is carried along and covered by no signature.
    """

    index: int
    path: tuple[bytes, ...]
    note: bytes
    extra: bytes | None = None

    def to_bytes(self) -> bytes:
        """Write the file, or raise `BadProof` for what could not be read back."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {to_base64(self.extra)}")
        lines += [f"index {self.index}", *map(to_base64, self.path), "", ""]
        data = "\n".join(lines).encode() + self.note
        if TlogProof.parse(data) != self:
            raise BadProof(f"a proof of entry {self.index} that could not be read back")
        return data

    @classmethod
    def parse(cls, data: bytes) -> TlogProof:
        """Read a file strictly, or raise `BadProof`; nothing about it is verified yet."""
        if len(data) > PROOF_MAX:
            raise BadProof(f"a proof file of {len(data)} bytes is over {PROOF_MAX}")
        head, blank, note = data.partition(b"\n\n")
        try:
            first, *lines = head.decode().split("\n")
            extra = None
            if lines[0].startswith("extra "):
                extra = from_base64(lines.pop(0).removeprefix("extra "))
            word, number = lines.pop(0).split(" ")
            index, path = from_decimal(number), from_hashes(lines)
        except (ValueError, IndexError) as error:
            raise BadProof(f"not a proof file: {error}") from error
        if first != HEADER or word != "index" or not blank:
            raise BadProof(f"not a proof file: it must begin with {HEADER} and an index")
        if extra is not None and len(extra) > EXTRA_MAX:
            raise BadProof(f"not a proof file: more than {EXTRA_MAX} bytes of extra data")
        return cls(index, path, note, extra)

    def leads_from(self, leaf: bytes, checkpoint: Checkpoint) -> None:
        """Raise `BadProof` unless the path leads from the leaf hash to the checkpoint's root."""
        verify_inclusion(leaf, self.index, checkpoint.size, self.path, checkpoint.root)

    def verify(self, entry: bytes, key: VerifierKey) -> Checkpoint:
        """Return the checkpoint that `key` signed over the entry, else `BadNote` or `BadProof`."""
        checkpoint = verify(self.note, key)
        if checkpoint.origin != key.name:
            raise BadNote(f"the checkpoint is of {checkpoint.origin}, the key of {key.name}")
        self.leads_from(leaf_hash(entry), checkpoint)
        return checkpoint

    def verify_policy(
        self, entry: bytes, policy: Policy, *, log: VerifierKey | None = None
    ) -> Witnessed:
        """Return who signed the checkpoint over the entry; a quorum that is not met raises."""
        found = verify_policy(self.note, policy, log=log)
        self.leads_from(leaf_hash(entry), found.require_quorum())
        return found
