"""Appraising a product from what the exchange knows of it, for who may know what it cost.

Costs are those of the recorded life cycle (数据全生命周期), each line citing its entry; they are
told to who recorded them and to the supplier alone, so such an appraisal stays with its reader.
What a quote shows to everybody rests on the costs that the sheet itself discloses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from exchange.errors import Forbidden
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.measure_quality import quality_of
from exchange.services.record_activity import activities_of
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import SpecSheet
from ledger.entries import Entry
from pricing.appraisal import Appraisal, Appraiser
from pricing.errors import BadInput
from pricing.evidence import Activity, Evidence, Stage
from pricing.money import Money
from pricing.record import PricingRecord, recorded
from pricing.registry import names, registered
from pricing.wire import from_wire

# What `evidence_of` fills in.
KNOWN: Final = ("costs", "activities", "quality", "rows", "expected_buyers")


@dataclass(frozen=True, slots=True)
class Appraised:
    """What each appraiser found, by name, with its record; and what the others lack."""

    found: Mapping[str, tuple[Appraisal, PricingRecord]]
    lacking: Mapping[str, str]


def appraise_product(
    number: str,
    wanted: Sequence[str] = (),
    *,
    more: Evidence | None = None,
    reader: Participant,
    floor: Floor,
) -> Appraised:
    """Appraise a product by the appraisers `wanted`, all that are installed where none is named.

    `more` adds what no exchange can know, such as scenes of income; what the exchange measured
    is not typed over.  Raises `Forbidden` for who is neither its supplier nor has recorded an
    activity on it, and `UnknownPlugin`.
    """
    with floor.read() as work:
        product = work.products.get(number)
        own = reader.id == product.supplier
        if not own and not _costs(number, work, reader.id):
            raise Forbidden(f"{number} is appraised for its supplier and who worked on its data")
        sheet = sheet_of(product, work)
        evidence = evidence_of(product, sheet, reader=reader.id, work=work, floor=floor)
    if more is not None:
        evidence = _joined(evidence, more)
    documents = {"sheet": product.sheet or "", "profile": product.profile}
    found, lacking = {}, {}
    for name in wanted or names("appraisers"):
        try:  # a parameter without a default would have to be stated
            appraiser: Appraiser = from_wire(registered("appraisers", name).plugin, {}, name)
            found[name] = recorded(appraiser, evidence, documents=documents)
        except BadInput as error:
            lacking[name] = str(error)
    return Appraised(found, lacking)


def evidence_of(
    product: Product, sheet: SpecSheet, *, reader: str = "", work: UnitOfWork, floor: Floor
) -> Evidence:
    """Return what the exchange knows: the costs, the measured quality, the counted rows.

    The costs are those of the life cycle as far as `reader` may know them, else the sheet's.
    """
    recorded_costs = tuple(
        Activity(
            f"{entry.facts['activity']} until {entry.facts['until']}",
            cost,
            Stage(entry.facts["activity"]),
            f"entry {entry.leaf.hex()}",
        )
        for entry, cost in _costs(product.number, work, reader)
    )
    disclosed = () if recorded_costs else tuple((c.activity, c.amount) for c in sheet.costs)
    return Evidence(
        costs=disclosed,
        activities=recorded_costs,
        quality=quality_of(product, sheet, on=floor.clock().date(), work=work).score,
        rows=profile_of(product, work).rows,
        expected_buyers=sheet.price.expected_buyers,
    )


def _costs(number: str, work: UnitOfWork, reader: str) -> list[tuple[Entry, Money]]:
    """Return the activities that stand, with their costs, as far as `reader` may know them."""
    found = activities_of(number, work, reader=reader)
    return [(each.entry, each.cost) for each in found if each.cost and not each.withdrawn]


def _joined(known: Evidence, more: Evidence) -> Evidence:
    for field in KNOWN:
        if getattr(more, field) not in {None, ()}:
            raise BadInput(f"{field}: the exchange has its own, which is not typed over")
    return replace(more, **{field: getattr(known, field) for field in KNOWN})
