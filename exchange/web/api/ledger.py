"""The ledger: checkpoints, entries, proofs, certificates."""

from __future__ import annotations

import base64
from itertools import islice
from typing import Any

from exchange.errors import Forbidden, NotFound
from exchange.services.issue_certificate import issue_certificate
from exchange.web.acts import signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    CertificateShape,
    CheckpointShape,
    EntryShape,
    ProofShape,
)
from exchange.web.api.requests import (
    Nothing,
    Subject,
    Window,
)
from exchange.web.gate import floor, is_party, venue
from ledger.checkpoint import Checkpoint, verify_any
from ledger.entries import Entry
from ledger.tiles import TileTree

ledger = Noun("ledger", path="/ledger")
_INDEX = "<int(max=9007199254740991):index>"


@ledger.read("/checkpoint")
@ledger.gives(CheckpointShape)
def checkpoint() -> dict[str, Any]:
    """Return the newest checkpoint that was signed."""
    return _shown(_newest())


@ledger.write("/checkpoint")
@ledger.takes(Nothing, "query")
@ledger.gives(CheckpointShape, 201)
def sign_checkpoint(query: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Have the log sign a checkpoint over every entry there is."""
    with floor().write() as work:
        note = floor().sign_checkpoint(work)
    return _shown(note)


@ledger.read("/entries")
@ledger.takes(Window, "query")
@ledger.gives(EntryShape(many=True))
def entries(window: dict[str, int]) -> list[dict[str, Any]]:
    """Return entries from `start`, at most `limit`."""
    with floor().read() as work:
        found = islice(work.chain.store.entries(window["start"]), window["limit"])
        return [_entry(entry) for entry in found]


@ledger.read(f"/entries/{_INDEX}")
@ledger.gives(EntryShape)
def entry(index: int) -> dict[str, Any]:
    """Return one entry."""
    with floor().read() as work:
        found = next(iter(work.chain.store.entries(index)), None)
    if found is None:
        raise NotFound(f"there is no entry {index}")
    return _entry(found)


@ledger.read(f"/entries/{_INDEX}/proof")
@ledger.gives(ProofShape)
def proof(index: int) -> dict[str, Any]:
    """Prove that an entry stands in the log, against the newest checkpoint."""
    note = _newest()
    newest = _read(note)
    if index >= newest.size:
        words = f"the newest checkpoint covers {newest.size} entries, and so not entry {index}"
        raise NotFound(words)
    with floor().read() as work:
        tree = TileTree(work.tiles, newest)
        leaf, path = tree.leaf(index), tree.inclusion_proof(index)
    return {
        "index": index,
        "leaf": leaf.hex(),
        "proof": [base64.b64encode(node).decode() for node in path],
        "checkpoint": _shown(note),
    }


@ledger.write("/certificates")
@ledger.takes(Subject)
@ledger.gives(CertificateShape, 201)
def certify(body: dict[str, Any]) -> dict[str, Any]:
    """Issue the certificate of ``product/…``, or of ``trade/…`` to one of its parties.

    Where certificates are paid for, the act in `asked` is ``certificate.requested``.
    """
    prefix, _, name = body["subject"].partition("/")
    if prefix == "trade":
        with floor().read() as work:
            trade = work.trades.get(name)
        if not is_party(trade.buyer, trade.supplier):
            raise Forbidden(f"trade {name} is open to its parties and to the operator")
    asked = signed_act(body["asked"], None) if "asked" in body else None
    return issue_certificate(body["subject"], floor=floor(), signed=asked).to_record()


def _newest() -> bytes:
    with venue().memory(writing=False) as memory:
        note = memory.last_checkpoint()
    if note is None:
        raise NotFound("no checkpoint has been signed yet")
    return note


def _read(note: bytes) -> Checkpoint:
    return verify_any(note, floor().log_keys)[0]


def _shown(note: bytes) -> dict[str, Any]:
    found = _read(note)
    return {
        "origin": found.origin,
        "size": found.size,
        "root": found.root.hex(),
        "note": note.decode(),
        "vkey": str(floor().log_key),
    }


def _entry(found: Entry) -> dict[str, Any]:
    return {"index": found.index, "leaf": found.leaf.hex(), "entry": found.data.decode()}
