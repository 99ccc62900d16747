"""The house measures what a sheet expects of its data, and its counts go on the chain.

The report is kept privately until an expert has reviewed the same sheet and data, so that the
expert's score is the expert's own; from then on it is a public record.
"""

from __future__ import annotations

import datetime as dt

from exchange.ports import Floor, UnitOfWork
from exchange.profile import Profile
from exchange.quality import QualityReport, measure
from exchange.quality.measured import Measured, Measurement
from exchange.records import read_stored, to_record
from exchange.registration import Product
from exchange.services.acting import record_for_house
from exchange.services.register_product import profile_of
from exchange.specsheet import SpecSheet
from ledger.canonical import encode
from ledger.entries import Entry


def count_expected(
    sheet: SpecSheet, product: Product, profile: Profile, *, floor: Floor
) -> tuple[Measurement, ...]:
    """Count what a sheet expects of a product's data, which reads the whole file.

    What is missing is what was missing for the inspection that the profile is of.

    Nothing is read for a sheet that expects nothing.
    """
    if not sheet.quality:
        return ()
    path = floor.vault.check(product.data)
    return floor.count(path, product.file, sheet.quality, profile.no_fill_value)


def record_measured(
    sheet: SpecSheet,
    counted: tuple[Measurement, ...],
    product: Product,
    *,
    work: UnitOfWork,
    floor: Floor,
) -> Product:
    """Put the counts of the sheet on file on the chain; a sheet that expects nothing has none."""
    if not counted:
        return product
    rows = profile_of(product, work).rows
    report = Measured(sheet=sheet.digest, data=product.data, rows=rows, measurements=counted)
    met = sum(each.meets(sheet.quality[each.place].at_least) for each in counted)
    facts = {
        "sheet": report.sheet,
        "data": report.data,
        "report": work.records.put(encode(to_record(report)), public=False),
        "expected": len(counted),
        "met": met,
    }
    subject = f"product/{product.number}"
    entry = record_for_house("quality.measured", subject, facts, work=work, floor=floor)
    measured = product.at(entry)
    work.products.put(measured)
    return measured


def measured_of(number: str, sheet: str, data: str, work: UnitOfWork) -> Measured | None:
    """Return the counts of one sheet over one data file of a product, None if there are none."""
    entry = _entry(number, sheet, data, work)
    if entry is None:
        return None
    return read_stored(Measured, work.records.get(entry.facts["report"]))


def publish_measured(product: Product, work: UnitOfWork) -> None:
    """Make the report on the sheet that stands public, now that an expert has spoken."""
    entry = _entry(product.number, product.sheet or "", product.data, work)
    if entry is not None:
        work.records.put(work.records.get(entry.facts["report"]), public=True)


def quality_of(
    product: Product, sheet: SpecSheet, *, on: dt.date, work: UnitOfWork
) -> QualityReport:
    """Return the quality of a product's data against a sheet, as of a day."""
    measured = None
    if sheet.quality:  # of a sheet that expects nothing there are no counts to look for
        measured = measured_of(product.number, sheet.digest, product.data, work)
    return measure(sheet, profile_of(product, work), on, measured=measured)


def _entry(number: str, sheet: str, data: str, work: UnitOfWork) -> Entry | None:
    found = [
        entry
        for entry in work.chain.store.of_kind(f"product/{number}", "quality.measured")
        if (entry.facts["sheet"], entry.facts["data"]) == (sheet, data)
    ]
    # A sheet is counted anew where it was signed again over data that is read otherwise since.
    return max(found, key=lambda entry: entry.version, default=None)
