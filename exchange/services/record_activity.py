"""Life-cycle lineage (全生命周期): what was done with data, by whom, when and at what cost.

What was recorded in error is withdrawn by who recorded it, and stays on the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from exchange.errors import BadField
from exchange.openings import Erased, Opening, text_of
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import admit_act, opened, record, subject_id, unchanged
from ledger.activities import withdrawals
from ledger.acts import SignedAct
from ledger.entries import Entry
from pricing.errors import PricingError
from pricing.money import Currency, Money

DESCRIPTION_MAX: Final = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Done:
    """What is to be recorded: the activity, its time, what went in and came out, and its cost.

    `inputs` are numbers of registered products, `used` and `made` digests of files.
    """

    activity: str
    start: str
    until: str
    cost: Money
    description: str
    inputs: Sequence[str] = ()
    used: Sequence[str] = ()
    made: Sequence[str] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the act, without its commitments."""
        return {
            "activity": self.activity,
            "from": self.start,
            "until": self.until,
            "inputs": list(self.inputs),
            "used": list(self.used),
            "made": list(self.made),
        }


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity as it stands recorded; `cost` and `description` None where they are withheld.

    `withdrawn` is the entry by which who recorded it took it back: it counts no more then.
    """

    entry: Entry
    cost: Money | None
    description: str | None
    withdrawn: Entry | None = None

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        facts, gone = self.entry.facts, self.withdrawn
        return {
            "activity": facts["activity"],
            "actor": self.entry.actor,
            "from": facts["from"],
            "until": facts["until"],
            "inputs": list(facts["inputs"]),
            "used": list(facts["used"]),
            "made": list(facts["made"]),
            "cost": self.cost.to_record() if self.cost else None,
            "description": self.description,
            "entry": self.entry.leaf.hex(),
            "withdrawn": gone
            and {"time": gone.time, "reason": gone.facts["reason"], "entry": gone.leaf.hex()},
        }


def record_activity(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Product:
    """Record an activity on a product, by who could process its data all the while it lasted.

    `openings` hold what it cost, an amount, and a description.  Raises `BadField` for a cost below
    zero, in another currency than CNY or that is none, and `Refused` where the ledger's rules on
    activities say no: what goes in is the product or what it comes from; one is over
    when it is recorded, and lies in the time in which who signs was the supplier or held the right
    to process the data, which may have ended since.
    """
    values = opened(signed, "activity.recorded", openings)
    text_of(values, "description", DESCRIPTION_MAX)
    cost = _money(values.get("cost"))
    if cost.minor < 0:
        raise BadField("cost", "below zero")
    if cost.currency is not Currency.CNY:
        raise BadField("cost", "in another currency than CNY, in which costs are added up")
    with floor.write() as work:
        admit_act(signed, "activity.recorded", work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        moved = product.at(record(signed, openings, work=work, floor=floor))
        work.products.put(moved)
        return moved


def withdraw_activity(signed: SignedAct, *, floor: Floor) -> Product:
    """Take an activity back that its signer recorded, named by its leaf hash.

    It stays on the chain and is shown with the reason, and counts no more.  Raises `Refused` for
    another's, for one that was withdrawn, and while a later activity uses a file that it alone
    made.
    """
    with floor.write() as work:
        admit_act(signed, "activity.withdrawn", work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        moved = product.at(record(signed, work=work, floor=floor))
        work.products.put(moved)
        return moved


def activities_of(number: str, work: UnitOfWork, *, reader: str = "") -> list[Activity]:
    """Return the activities on a product, oldest first, those that were withdrawn among them.

    What one cost is told to `reader` alone if it recorded it or is the product's supplier.
    """
    product, subject = work.products.get(number), f"product/{number}"
    entries = work.chain.store.of_kind(subject, "activity.recorded")
    gone = withdrawals(work.chain.store, subject)
    found = []
    for entry in entries:
        known = reader and reader in {entry.actor, product.supplier}
        cost, description = (
            (_kept(entry, "cost", work), _kept(entry, "description", work))
            if known
            else (None, None)
        )
        paid = _money(cost) if cost is not None else None
        found.append(Activity(entry, paid, description, gone.get(entry.leaf.hex())))
    return found[::-1]


def _kept(entry: Entry, field: str, work: UnitOfWork) -> Any:  # noqa: ANN401 - a committed value
    kept = work.confidential.get(entry.leaf.hex(), field)
    return None if isinstance(kept, Erased) else kept.value


def _money(value: Any) -> Money:  # noqa: ANN401 - a committed value
    try:
        return Money.read(value)
    except PricingError as error:
        raise BadField("cost", str(error)) from error
