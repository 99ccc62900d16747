"""Fingerprints of data registered before they were taken as they are now, so that copies are found.

They come from the very bytes that were registered; nothing goes on the chain, since a search is
recorded with the registration that it was made for.
"""

from __future__ import annotations

from dataclasses import dataclass

from exchange.errors import DataDiffer, NotFound, Unreadable
from exchange.ports import Floor
from exchange.profile import Profile
from exchange.records import read_stored


@dataclass(frozen=True, slots=True)
class Taken:
    """Of how many files fingerprints were taken, and of which products a file gave none, why."""

    files: int
    without: tuple[tuple[str, str], ...] = ()


def take_fingerprints(*, floor: Floor) -> Taken:
    """Take the fingerprint of all registered data that has none, or one in an older form.

    A file that is gone, changed or unreadable is named and passed over; the rest is kept one by
    one, so that being interrupted loses nothing.
    """
    with floor.read() as work:
        lacking = work.versions.without_fingerprint()
    files, without = 0, []
    for version in lacking:
        try:
            path = floor.vault.check(version.data)
            with floor.read() as work:
                profile = read_stored(Profile, work.records.get(version.profile))
            _, fingerprint = floor.examine(path, version.file, profile.no_fill_value)
        except (NotFound, DataDiffer, Unreadable) as error:
            without.append((version.product, str(error)))
            continue
        with floor.write() as work:
            work.fingerprints.put(version.product, version.data, fingerprint)
        files += 1
    return Taken(files, tuple(without))
