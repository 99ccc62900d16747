"""Disclosure (披露): showing committed values with their salts, to those whom they concern."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from exchange.errors import Forbidden, Refused
from exchange.openings import Erased, Opening, committed_fields
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from exchange.services.erase_record import entry_of, shown_to, values_of
from ledger.commitments import Disclosure


def disclose(
    leaf: str, *, to: Participant, floor: Floor, fields: Collection[str] = ()
) -> tuple[int, list[Opening | Erased]]:
    """Return an entry's place and what opens its commitments, of all its fields or of some.

    Raises `Forbidden` for anybody who is not shown them, `Refused` for a field that the entry
    does not commit to, `NotSequenced` while the entry waits for its place.
    """
    with floor.read() as work:
        entry = entry_of(leaf, work)
        if to.id not in shown_to(entry, work, floor):
            raise Forbidden(f"the values of {entry.named} are not open to {to.handle}")
        for field in set(fields) - committed_fields(entry.kind):
            raise Refused(f"{entry.named}: {entry.kind} commits to no {field}")
        found = values_of(entry, work)
        return entry.index, [each for each in found if not fields or each.field in fields]


def living(work: UnitOfWork, size: int) -> Iterator[Disclosure]:
    """Yield a disclosure of every value that is left among the first `size` entries."""
    for entry in islice(work.chain.store.entries(), size):
        for value in values_of(entry, work):
            if isinstance(value, Opening):
                yield Disclosure(entry.index, value.field, value.salt, value.value)
