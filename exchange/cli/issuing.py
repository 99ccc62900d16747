"""How the demonstration has its sheets issued: four documents, each attached and verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from exchange.cli.cast import ASSESSOR, EXPERT, OPERATOR, SUPPLIER, VALUER
from exchange.desk import Desk
from exchange.documents import THE_FOUR, DocumentKind
from exchange.dossier import Dossier
from exchange.errors import NotFound
from exchange.formats.spec_sheet import FORMS, LANGUAGES, export_sheet
from exchange.records import printable
from exchange.registration import Product
from exchange.services.compile_dossier import compile_dossier
from pricing.money import Money, total


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the assessor and the expert wrote of a product, to the byte, and how long it holds."""

    report: bytes
    comments: bytes
    until: dt.date


def issue_sheet(desks: Mapping[str, Desk], product: Product, opinions: Opinions) -> Dossier:
    """Let every party attach its document, and the exchange verify one after the other."""
    number, until = product.number, opinions.until
    worth = _worth(desks[SUPPLIER], product)
    for handle, kind, document in (
        (ASSESSOR, DocumentKind.COMPLIANCE_ASSESSMENT, opinions.report),
        (EXPERT, DocumentKind.QUALITY_CERTIFICATE, opinions.comments),
        (VALUER, DocumentKind.ASSET_VALUATION, worth),
    ):
        desks[handle].attach(number, kind, document, name=f"{kind}.txt", until=until)
    desks[SUPPLIER].undertake(number)
    house = desks[OPERATOR[0]]
    for paper in _dossier(house, number).papers:
        house.verify_document(number, paper.leaf)
    return _dossier(house, number)


def _dossier(desk: Desk, number: str) -> Dossier:
    with desk.floor.read() as work:
        return compile_dossier(work.products.get(number), work=work, floor=desk.floor)


def _worth(desk: Desk, product: Product) -> bytes:
    """Value an asset as this demonstration does: by what making it cost (成本法)."""
    sheet = _dossier(desk, product.number).sheet
    cost = total([line.amount for line in sheet.costs]) if sheet.costs else Money(0)
    lines = [f"{line.activity}: {line.amount}" for line in sheet.costs]
    return "\n".join([f"{product.number}: cost approach, {cost}", *lines, ""]).encode()


def document_rows(name: str, dossier: Dossier) -> Iterator[tuple[str, ...]]:
    """Yield a row for each of the four, with who attached and who verified it."""
    for kind in THE_FOUR:
        paper = dossier.standing(kind)
        if paper and paper.decided_by:
            until = paper.valid_until.isoformat() if paper.valid_until else "no end"
            yield name, str(kind), paper.attached_by.name, paper.decided_by.name, until


def fullness(dossier: Dossier) -> str:
    """Say how complete a sheet is, and what is missing."""
    found = dossier.completeness
    missing = ", ".join(each.en for each in found.missing)
    return f"{found.percent} %" + (f", without {missing}" if missing else "")


def write_sheets(dossier: Dossier, name: str, folder: Path) -> tuple[list[Path], str]:
    """Write a sheet in every form and language; return the files, and why there is no PDF."""
    folder.mkdir(exist_ok=True)
    made, remark = [], ""
    for form, each in FORMS.items():
        for language in LANGUAGES if each.spoken else LANGUAGES[:1]:
            target = folder / f"{name}{f'.{language}' if each.spoken else ''}{each.suffix}"
            try:
                target.write_bytes(export_sheet(dossier, form, language))
            except NotFound as error:
                remark = printable(str(error))
            else:
                made.append(target)
    return made, remark
