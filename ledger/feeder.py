"""Feeding a witness: what a log sends for its newest checkpoint, made from its own tiles.

The tiles are checked against the checkpoint as they are read, so a log whose files were damaged
notices here, and not at the witness.  How bytes travel is the caller's: `post` sends one body.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from ledger.checkpoint import VerifierKey, parse_body
from ledger.cosignature import verify_lines
from ledger.errors import BadNote, BadProof
from ledger.note import Note, SignatureLine, from_decimal
from ledger.tiles import TileTree
from ledger.witness import Reply, Request

Post = Callable[[bytes], Reply]  # sends the body of an add-checkpoint and returns the reply


def request_for(tree: TileTree, note: bytes, old_size: int) -> bytes:
    """Return the body that asks a witness with `old_size` entries to cosign the tree's note.

    A witness that has more than the tree raises `BadProof`: then the log was rolled back.
    """
    shown = tree.checkpoint
    if parse_body(Note.parse(note).body) != shown:
        raise BadNote("the note is not that of the tree's checkpoint")
    if old_size > shown.size:
        raise BadProof(
            f"the witness has seen {old_size} entries of {shown.origin}, the log has {shown.size}: "
            "it was rolled back, or restored from an older backup"
        )
    proof = tree.consistency_proof(old_size) if old_size else ()
    return Request(old_size, proof, note).to_bytes()


def feed(
    tree: TileTree, note: bytes, keys: Collection[VerifierKey], post: Post, *, old_size: int = 0
) -> bytes:
    """Return the note with the cosignatures of a witness's `keys`, asking twice at most.

    `old_size` is what the witness is believed to have; where it is not, the witness says so and
    is asked again.  `BadNote` tells what it refused, `BadProof` that it has seen a larger log.
    """
    reply = post(request_for(tree, note, old_size))
    if reply.status == 409:
        reply = post(request_for(tree, note, _size(reply)))
    if reply.status != 200:
        words = reply.body[:200].decode(errors="backslashreplace").strip()
        raise BadNote(f"the witness answered {reply.status}: {words}")
    return with_cosignatures(note, reply.body, keys)


def with_cosignatures(note: bytes, lines: bytes, keys: Collection[VerifierKey]) -> bytes:
    """Return the note with those of the lines that `keys` signed, in place of older ones.

    Lines of other keys are dropped; no line of `keys`, or one that does not verify, is `BadNote`.
    """
    if not lines.endswith(b"\n"):
        raise BadNote("a reply of cosignatures ends with a newline")
    opened = Note.parse(note)
    new = tuple(map(SignatureLine.parse, lines[:-1].split(b"\n")))
    verify_lines(Note(opened.body, new), parse_body(opened.body), keys)
    new = tuple(line for line in new if any(map(line.is_of, keys)))
    if not new:
        raise BadNote("the reply has no cosignature of the witness's keys")
    signed = {(line.name, line.key_hash) for line in new}
    old = tuple(line for line in opened.lines if (line.name, line.key_hash) not in signed)
    return Note(opened.body, old + new).to_bytes()


def _size(reply: Reply) -> int:
    try:
        return from_decimal(reply.body.decode().removesuffix("\n"))
    except ValueError as error:
        raise BadNote("the witness answered 409 without a size") from error
