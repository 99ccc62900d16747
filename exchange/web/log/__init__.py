"""The published log over HTTP, read-only: what C2SP tlog-tiles clients fetch.

``/log/`` is the prefix of the log: ``checkpoint``, ``tile/…`` and ``history/…`` are the files as
they were published, ``witnessed`` the newest checkpoint with its quorum.  Tiles never change and
may be kept for good.  Tiles of entries hold amounts of trades, so they are open to readers with
``read:audit`` unless the setting ``publish_entries`` opens them to everybody.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request

from exchange.errors import NotFound
from exchange.web.gate import floor, venue
from ledger.bundle import FILE_MAX
from ledger.note import NOTE_MAX
from ledger.policy import POLICY_MAX
from ledger.proofs import TlogProof
from ledger.publish import published_note, verify_log
from ledger.succession import format_vkeys
from ledger.tiles import TileTree, folder_tiles

log = Blueprint("log", __name__, url_prefix="/log")

TEXT: Final = "text/plain; charset=utf-8"
TILE: Final = "application/octet-stream"
# Groups of three digits, all but the last with an x; a level is 0 to 63, a width 1 to 255.
_NUMBER: Final = r"(?:x[0-9]{3}/)*[0-9]{3}"
_WIDTH: Final = r"(?:\.p/(?:[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
_HASHES: Final = re.compile(rf"(?:[0-9]|[1-5][0-9]|6[0-3])/{_NUMBER}{_WIDTH}", re.ASCII)
_ENTRIES: Final = re.compile(rf"{_NUMBER}{_WIDTH}", re.ASCII)
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@log.get("/checkpoint")
def checkpoint() -> Response:
    """Return the newest checkpoint, with the cosignatures that it has so far."""
    return _served("checkpoint", TEXT, NOTE_MAX, "no-cache")


@log.get("/witnessed")
def witnessed() -> Response:
    """Return the newest checkpoint that the policy's quorum has cosigned."""
    return _served("witnessed", TEXT, NOTE_MAX, "no-cache")


@log.get("/history/<size>")
def history(size: str) -> Response:
    """Return the checkpoint of a size, as the log signed it."""
    if not _SIZE.fullmatch(size):
        raise NotFound(f"history/{size}: not a size")
    return _served(f"history/{size}", TEXT, NOTE_MAX, "public, max-age=31536000, immutable")


@log.get("/tile/<path:name>")
def tile(name: str) -> Response:
    """Return a tile of hashes, full or partial."""
    if not _HASHES.fullmatch(name):
        raise NotFound(f"tile/{name}: not a tile")
    return _served(f"tile/{name}", TILE, 256 * 32, "public, max-age=31536000, immutable")


@log.get("/tile/entries/<path:name>")
def entries(name: str) -> Response:
    """Return up to 256 entries, each after its length in two bytes."""
    if not _ENTRIES.fullmatch(name):
        raise NotFound(f"tile/entries/{name}: not a tile")
    whose = "public" if venue().settings.publish_entries else "private"
    return _served(f"tile/entries/{name}", TILE, FILE_MAX, f"{whose}, max-age=31536000, immutable")


@log.get("/vkey")
def vkey() -> Response:
    """Return the log's verifier keys, the newest first; compare them with those from elsewhere."""
    return _conditional(Response(format_vkeys(floor().log_keys), content_type=TEXT), "no-cache")


@log.get("/policy")
def policy() -> Response:
    """Return the policy under which the exchange asks for cosignatures."""
    folder = venue().folder
    return _conditional(
        Response(_read(folder / "policy", "policy", POLICY_MAX), content_type=TEXT), "no-cache"
    )


@log.get("/proof/<int(max=9007199254740991):index>.tlog-proof")
def proof(index: int) -> Response:
    """Return the proof file of an entry under the published checkpoint; the entry is not in it."""
    response = Response(proof_of(index).to_bytes(), content_type=TEXT)
    response.headers["Content-Disposition"] = f'attachment; filename="{index}.tlog-proof"'
    return _conditional(response, "no-cache")


def proof_of(index: int) -> TlogProof:
    """Return the proof of an entry, or raise `NotFound` if no published checkpoint covers it."""
    folder = venue().published.folder
    note = published_note(folder)
    if note is None:
        raise NotFound("no checkpoint has been published yet")
    found = verify_log(note, floor().log_keys)
    if index >= found.size:
        raise NotFound(f"the published checkpoint covers {found.size} entries, and so not {index}")
    return TlogProof(index, TileTree(folder_tiles(folder), found).inclusion_proof(index), note)


def _served(name: str, content_type: str, most: int, caching: str) -> Response:
    data = _read(venue().published.folder / name, name, most)
    return _conditional(Response(data, content_type=content_type), caching)


def _conditional(response: Response, caching: str) -> Response:
    response.headers["Cache-Control"] = caching
    response.add_etag()
    response.make_conditional(request)
    return response


def _read(path: Path, name: str, most: int) -> bytes:
    """Read one regular file, following no symbolic link at its end, or raise `NotFound`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise NotFound(f"{name}: is not published") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            raise NotFound(f"{name}: is not published")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(descriptor)
