"""A witness: it cosigns a log's checkpoints only while each continues the one before.

The protocol is C2SP tlog-witness.  `Witness.add_checkpoint` is a function of the request, the
kept state and the clock, without HTTP; a blueprint hands it the body of a POST and sends what
`format_reply` makes of the answer.  What it promises rests on the state alone: one that forgets,
because it was restored from a backup, can be made to cosign a second history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from ledger.checkpoint import Checkpoint, VerifierKey, parse_body
from ledger.cosignature import Cosigner, verify_lines
from ledger.errors import BadNote, BadProof
from ledger.merkle import EMPTY_ROOT, verify_consistency
from ledger.note import NOTE_MAX, PATH_MAX, Note, from_decimal, from_hashes, to_base64

REQUEST_MAX = NOTE_MAX + PATH_MAX * 45 + 100  # bytes of a body; refuse longer ones unread
RACES = 8  # times that another request may win before this one gives up


class WitnessState(Protocol):
    """What a witness must not forget: the note it last cosigned, for each origin.

    `replace` is a compare-and-swap, also between processes, and returns only when the note is
    where a loss of power does not take it.  Both may raise `OSError`.
    """

    def latest(self, origin: str) -> bytes | None:
        """Return the note last cosigned, or None if there never was one."""

    def replace(self, origin: str, old: bytes | None, new: bytes) -> bool:
        """Keep `new` if `old` is what is kept, and say whether it was."""


@dataclass(frozen=True, slots=True)
class Request:
    """The body of add-checkpoint: what the log believes the witness has, and what it shows."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes

    def to_bytes(self) -> bytes:
        """Write the body."""
        lines = [f"old {self.old_size}", *map(to_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.note


def parse_request(body: bytes) -> Request:
    """Read the body of add-checkpoint, or raise `BadNote`; nothing in it is verified yet."""
    if len(body) > REQUEST_MAX:
        raise BadNote(f"a request of {len(body)} bytes is over {REQUEST_MAX}")
    head, blank, note = body.partition(b"\n\n")
    try:
        first, *lines = head.decode().split("\n")
        word, size = first.split(" ")
        request = Request(from_decimal(size), from_hashes(lines), note)
    except ValueError as error:
        raise BadNote(f"not a request: {error}") from error
    if word != "old" or not blank:
        raise BadNote("not a request: it begins with the old size, hashes and an empty line")
    return request


@dataclass(frozen=True, slots=True)
class SplitView:
    """Two notes of one log with the same size and different roots: a proof against the log."""

    one: bytes
    other: bytes

    def prove(self, keys: Collection[VerifierKey]) -> str:
        """Say what the log did, or raise `BadNote` if these notes do not prove it."""
        found = []
        for note in (self.one, self.other):
            checkpoint = parse_body((opened := Note.parse(note)).body)
            signed, _ = verify_lines(opened, checkpoint, keys)
            if not signed:
                raise BadNote(f"no key known for {checkpoint.origin} has signed the note")
            found.append(checkpoint)
        one, other = found
        if (one.origin, one.size) != (other.origin, other.size) or one.root == other.root:
            raise BadNote("these notes do not contradict each other")
        return (
            f"split view: {one.origin} signed two roots of size {one.size}, "
            f"{one.root.hex()} and {other.root.hex()}"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the witness says: an HTTP status, words, and cosignatures or the size it has.

    `evidence` comes with a refusal where the log contradicted itself: keep it, and show it.
    """

    status: int
    words: str
    cosignatures: bytes = b""
    size: int | None = None
    evidence: SplitView | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as HTTP sends it."""

    status: int
    content_type: str
    body: bytes


def format_reply(answer: Answer) -> Reply:
    """Put an answer into the form of tlog-witness; words go out where it leaves the body free."""
    if answer.status == 200:
        return Reply(200, "text/plain; charset=utf-8", answer.cosignatures)
    if answer.status == 409:
        return Reply(409, "text/x.tlog.size", f"{answer.size}\n".encode())
    body = f"{answer.words}\n".encode(errors="backslashreplace")
    return Reply(answer.status, "text/plain; charset=utf-8", body)


@dataclass(frozen=True, slots=True)
class Witness:
    """One witness: its keys, the logs it knows by origin, its state and its clock.

    `clock` returns seconds since 1970, UTC.  Cosigners share the name or not, as you like.
    """

    cosigners: tuple[Cosigner, ...]
    logs: Mapping[str, tuple[VerifierKey, ...]]
    state: WitnessState
    clock: Callable[[], int]

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer one add-checkpoint request; a 200 means that its note is kept already."""
        opened = self._open(body)
        if isinstance(opened, Answer):
            return opened
        try:
            return self._decide(*opened)
        except OSError as error:
            return Answer(503, f"the witness cannot keep its state: {error.strerror}")
        except BadNote as error:
            return Answer(503, f"the state of the witness is not what it wrote: {error}")

    def latest(self, origin_hash: str) -> bytes | None:
        """Return the note last cosigned for the log whose origin has that SHA-256 in hex."""
        for origin in self.logs:
            if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
                return self.state.latest(origin)
        return None

    def _open(self, body: bytes) -> Answer | tuple[Request, Checkpoint, Note]:
        """Return the request, its checkpoint and its note with the lines of the log alone."""
        try:
            request = parse_request(body)
            note = Note.parse(request.note)
            checkpoint = parse_body(note.body)
        except BadNote as error:
            return Answer(400, str(error))
        keys = self.logs.get(checkpoint.origin)
        if keys is None:
            return Answer(404, f"{checkpoint.origin} is not a log that this witness knows")
        try:
            signed, _ = verify_lines(note, checkpoint, keys)
        except BadNote as error:
            return Answer(403, str(error))
        if not signed:
            return Answer(403, f"no key known for {checkpoint.origin} has signed this checkpoint")
        if request.old_size > checkpoint.size:
            return Answer(400, f"an old size of {request.old_size} is over {checkpoint.size}")
        lines = tuple(line for line in note.lines if any(map(line.is_of, signed)))
        return request, checkpoint, Note(note.body, lines)

    def _decide(self, request: Request, shown: Checkpoint, note: Note) -> Answer:
        for _ in range(RACES):
            kept = self.state.latest(shown.origin)
            seen, time = self._read(kept) if kept else (Checkpoint(shown.origin, 0, EMPTY_ROOT), 0)
            refusal = _refusal(request, shown, seen, kept)
            if refusal:
                return refusal
            now = self.clock()
            if now < max(time, 1):
                words = f"the clock of the witness went back, from second {time} to {now}"
                return Answer(503, words)
            own = tuple(cosigner.cosign(shown, now) for cosigner in self.cosigners)
            if self.state.replace(shown.origin, kept, Note(note.body, note.lines + own).to_bytes()):
                lines = "".join(f"{line}\n" for line in own)
                return Answer(200, f"cosigned size {shown.size}", lines.encode())
        return Answer(503, "too many requests for this log at once")

    def _read(self, kept: bytes) -> tuple[Checkpoint, int]:
        """Return the checkpoint that was kept and when; a state that we did not sign raises."""
        note = Note.parse(kept)
        checkpoint = parse_body(note.body)
        signed, _ = verify_lines(note, checkpoint, [cosigner.key for cosigner in self.cosigners])
        times = [time for time in signed.values() if time is not None]
        if not times:
            raise BadNote("no key of this witness has signed it")
        return checkpoint, max(times)


def _refusal(
    request: Request, shown: Checkpoint, seen: Checkpoint, kept: bytes | None
) -> Answer | None:
    """Return why the checkpoint that is shown cannot follow the one that was seen, or None."""
    evidence, words = None, ""
    if kept and shown.size == seen.size and shown.root != seen.root:
        evidence = SplitView(kept, request.note)
        words = f"split view: this witness cosigned another root of size {seen.size}"
    elif shown.size < seen.size:
        words = (
            f"the log shows {shown.size} entries, and this witness cosigned {seen.size}: "
            "an older checkpoint, or the log was rolled back"
        )
    if request.old_size != seen.size:
        words = words or f"this witness has size {seen.size}, not {request.old_size}"
        return Answer(409, words, size=seen.size, evidence=evidence)
    if evidence:
        return Answer(422, words, evidence=evidence)
    if shown.size == 0 and shown.root != EMPTY_ROOT:
        return Answer(422, "a log without entries has the root of nothing")
    if seen.size == 0:
        return Answer(422, "from size 0 there is no proof to give") if request.proof else None
    try:
        verify_consistency(seen.size, shown.size, seen.root, shown.root, request.proof)
    except BadProof as error:
        return Answer(422, f"{error}, or the proof is wrong")
    return None
