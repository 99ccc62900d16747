"""The sample on a spec sheet (测试样例): rows that the chain draws, masked and looked at again.

It is drawn when the sheet is signed and has a digest of its own on the chain: the supplier's
signature covers what the supplier says, and these rows are what the exchange found.
"""

from __future__ import annotations

from exchange.errors import Broken
from exchange.grading import Grade
from exchange.ports import Floor, UnitOfWork
from exchange.profile import PERSONAL_KINDS, ColumnType, Profile
from exchange.quality.sampling import Drawn, draw
from exchange.records import read_stored, to_record
from exchange.registration import Product
from exchange.services.acting import record_for_house
from exchange.specsheet import SpecSheet
from ledger.canonical import encode
from ledger.entries import Entry
from ledger.samples import seed_notice

_UNSHOWN = frozenset({Grade.IMPORTANT, Grade.CORE})
_TELLING = frozenset({ColumnType.TEXT, ColumnType.INTEGER})  # what names and numbers are


def notice_of(product: Product, work: UnitOfWork) -> str:
    """Return the leaf hash of the notice that draws the rows of a product's data."""
    notice = seed_notice(work.chain.store, f"product/{product.number}", product.data)
    if notice is None:
        raise Broken(f"{product.number}: data is registered without a public notice")
    return notice.leaf.hex()


def draw_rows(
    sheet: SpecSheet, product: Product, profile: Profile, notice: str, *, floor: Floor
) -> Drawn:
    """Draw the rows of a product's data and mask them, which reads the whole file.

    Nothing is shown of columns that the sheet calls personal, in which the inspection found
    something, or by which a person could be singled out; nor of any column of important or core
    data.  Where the file holds persons for certain or by its sheet, nothing is shown of texts and
    whole numbers either: a detector that finds persons in one column may have missed them in the
    next.  Whatever the detectors still find in what is left is masked as well, and before the
    product is listed nobody but its supplier and those who judge it is shown the rest.
    """
    private, places = withheld(sheet, profile), draw(notice, product.data, profile.rows)
    shown = floor.show(floor.vault.check(product.data), product.file, places, private)
    return Drawn(product.number, sheet.digest, product.data, notice, shown)


def withheld(sheet: SpecSheet, profile: Profile) -> set[str]:
    """Return the columns of which nothing is shown, whatever rows are drawn."""
    private = {note.name for note in sheet.content.fields if note.personal}
    private |= {found.column for found in profile.sensitive}
    if profile.anonymity:
        private |= set(profile.anonymity.quasi)
    if sheet.grade in _UNSHOWN:
        private |= {column.name for column in profile.columns}
    of_persons = any(each.certain and each.kind in PERSONAL_KINDS for each in profile.sensitive)
    if of_persons or sheet.personal_data.contained:
        private |= {column.name for column in profile.columns if column.type in _TELLING}
    return private


def record_sample(drawn: Drawn, product: Product, *, work: UnitOfWork, floor: Floor) -> Product:
    """Put a sample on the chain by its digest; its record is public once the product is listed."""
    facts = {
        "sheet": drawn.sheet,
        "data": drawn.data,
        "notice": drawn.notice,
        "sample": work.records.put(encode(to_record(drawn)), public=False),
        "rows": len(drawn.sample.rows),
    }
    subject = f"product/{product.number}"
    entry = record_for_house("sample.drawn", subject, facts, work=work, floor=floor)
    updated = product.at(entry)
    work.products.put(updated)
    return updated


def publish_shown(product: Product, work: UnitOfWork) -> None:
    """Make the sample and the profile public, now that the product is listed with them."""
    entry = drawing_of(product.number, product.sheet or "", product.data, work)
    for digest in (product.profile, *([entry.facts["sample"]] if entry else [])):
        work.records.put(work.records.get(digest), public=True)


def sample_of(number: str, sheet: str, data: str, work: UnitOfWork) -> tuple[Drawn, Entry] | None:
    """Return the sample of one sheet over one data file, and its entry.

    None for a sheet that was signed before samples were drawn.
    """
    entry = drawing_of(number, sheet, data, work)
    if entry is None:
        return None
    return read_stored(Drawn, work.records.get(entry.facts["sample"])), entry


def drawing_of(number: str, sheet: str, data: str, work: UnitOfWork) -> Entry | None:
    """Return the entry of the sample of one sheet over one data file, None if none was drawn."""
    for entry in work.chain.store.of_kind(f"product/{number}", "sample.drawn"):
        if (entry.facts["sheet"], entry.facts["data"]) == (sheet, data):
            return entry
    return None
