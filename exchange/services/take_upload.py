"""Uploads: a file too large for one request comes in parts, and an act names it afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from exchange.errors import NotFound
from exchange.participants import Participant, Role
from exchange.ports import Floor
from exchange.requests import Upload
from exchange.services.acting import unchanged
from ledger.acts import SignedAct


def open_upload(size: int, *, by: Participant, floor: Floor) -> Upload:
    """Begin a file of so many bytes for an admitted supplier, whom alone an act with one is for.

    Raises `Forbidden` for anybody else, `TooLarge` for a larger file than the house takes, and
    `Refused` where as many are open as one may have.
    """
    by.require(Role.SUPPLIER)
    return floor.uploads.open(by.id, size, name=floor.chance(16).hex())


def append_part(name: str, offset: int, part: bytes, *, by: Participant, floor: Floor) -> Upload:
    """Add a part where an upload of the supplier's stands.

    Raises `OffsetDiffers` with the place where it stands, so that a part whose answer was lost is
    neither kept twice nor left out.
    """
    by.require(Role.SUPPLIER)
    return floor.uploads.append(by.id, name, offset, part)


def uploads_of(by: Participant, *, floor: Floor) -> Sequence[Upload]:
    """Return the open uploads of a participant, those that end first before the others."""
    return floor.uploads.of(by.id)


def upload_of(name: str, *, by: Participant, floor: Floor) -> Upload:
    """Return an open upload of the participant's, or raise `NotFound`."""
    return floor.uploads.find(by.id, name)


def end_upload(name: str, *, by: Participant, floor: Floor) -> None:
    """Take an upload back, or raise `NotFound`."""
    floor.uploads.end(by.id, name)


@contextmanager
def lend_upload(name: str, signed: SignedAct, *, by: Participant, floor: Floor) -> Iterator[Path]:
    """Lend an upload to the service that an act is for; where that takes it, the upload is over.

    Where the service refuses, the upload stays as it was, and another act may name it.  To an act
    that is recorded already a path is lent at which nothing may be: its file was used with it.
    """
    if _used_up(name, signed, by=by, floor=floor):
        yield Path(name)
        return
    with floor.uploads.lend(by.id, name) as path:
        yield path


def _used_up(name: str, signed: SignedAct, *, by: Participant, floor: Floor) -> bool:
    try:
        floor.uploads.find(by.id, name)
    except NotFound:
        with floor.read() as work:
            if unchanged(work.chain.recorded(signed), signed):
                return True
        raise
    return False
