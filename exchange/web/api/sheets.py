"""Spec sheets: versions, what changed, how complete one is, its exports, and drafts."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import Any, Final

from flask import Response, request

from exchange.comparison import changes
from exchange.dossier import Dossier, SheetDraft
from exchange.formats.spec_sheet import FORMS, export_sheet
from exchange.records import to_record
from exchange.services.compile_dossier import compile_dossier
from exchange.services.save_draft import draft_of, hold_draft, save_draft
from exchange.web.api.noun import Noun
from exchange.web.api.requests import DraftBody, Versions, Written
from exchange.web.api.sheet_replies import (
    ChangesShape,
    CompletenessShape,
    DraftShape,
    StandingShape,
)
from exchange.web.gate import caller, floor, shows_values
from ledger.canonical import encode

KEPT: Final = 32  # sheets written lately, some hundred thousand bytes each
_KEPT: Final[dict[str, bytes]] = {}
_KEEPING: Final = threading.Lock()

sheets = Noun("sheets", path="/products")


def dossier_of(number: str, version: int | None = None) -> Dossier:
    """Return the dossier of a product, of its newest sheet or of another version."""
    with floor().read() as work:
        product = work.products.get(number)
        public = not shows_values(product)
        return compile_dossier(product, work=work, floor=floor(), version=version, public=public)


@sheets.read("/<number>/sheet/versions")
@sheets.gives(StandingShape)
def versions(number: str) -> dict[str, Any]:
    """Return every version of a sheet, whether it is issued, and what is wanting if not."""
    found = dossier_of(number)
    return {
        "product": number,
        "issued": found.issued,
        "wanting": found.wanting,
        "versions": found.versions,
    }


@sheets.read("/<number>/sheet/changes")
@sheets.takes(Versions, "query")
@sheets.gives(ChangesShape)
def compared(query: dict[str, Any], number: str) -> dict[str, Any]:
    """Say field by field what one version changes from another."""
    before, after = (dossier_of(number, query[name]) for name in ("before", "after"))
    return {
        "before": before.version,
        "after": after.version,
        "changes": changes(before.sheet, after.sheet),
    }


@sheets.read("/<number>/sheet/completeness")
@sheets.takes(Written(only=("version",)), "query")
@sheets.gives(CompletenessShape)
def complete(query: dict[str, Any], number: str) -> dict[str, Any]:
    """Say of each of the 45 fields whether it is filled, and what would fill it."""
    dossier = dossier_of(number, query.get("version"))
    found = dossier.completeness
    return {
        "version": dossier.version.number,
        "percent": str(found.percent),
        "filled": len(found.counted) - len(found.missing),
        "counted": len(found.counted),
        "rows": found.fields,
    }


@sheets.write("/<number>/sheet/draft")
@sheets.takes(DraftBody)
@sheets.gives(DraftShape)
def save(body: dict[str, Any], number: str) -> dict[str, Any]:
    """Save the draft of a product's next sheet; nothing is signed or recorded by it."""
    draft = save_draft(number, body["content"], by=caller(), floor=floor())
    return _drafted(draft)


@sheets.read("/<number>/sheet/draft")
@sheets.gives(DraftShape)
def draft(number: str) -> dict[str, Any]:
    """Return the draft of a product's next sheet to its supplier."""
    found = draft_of(number, to=caller(), floor=floor())
    return _drafted(found)


def _drafted(draft: SheetDraft) -> dict[str, Any]:
    with floor().read() as work:
        held = hold_draft(draft, work=work)
    told = {name: getattr(draft, name) for name in ("product", "saved_by", "saved_at", "content")}
    return {
        **told,
        "fault": held.fault,
        "record": held.record,
        "digest": "" if held.fault else hashlib.sha256(encode(dict(held.record))).hexdigest(),
        "changes": held.changes,
        "differences": held.differences,
    }


@sheets.read("/<number>/sheet.pdf")
@sheets.takes(Written, "query")
@sheets.gives(None, media_type="application/pdf")
def as_pdf(query: dict[str, Any], number: str) -> Response:
    """Return a sheet as PDF; the same sheet is the same bytes."""
    return _written(query, number, "pdf")


@sheets.read("/<number>/sheet.html")
@sheets.takes(Written, "query")
@sheets.gives(None, media_type="text/html")
def as_html(query: dict[str, Any], number: str) -> Response:
    """Return a sheet as one HTML file."""
    return _written(query, number, "html")


@sheets.read("/<number>/sheet.json")
@sheets.takes(Written, "query")
@sheets.gives(None, media_type="application/json")
def as_json(query: dict[str, Any], number: str) -> Response:
    """Return a sheet as JSON, which ``/schemas/spec-sheet.json`` describes."""
    return _written(query, number, "json")


@sheets.read("/<number>/sheet.toml")
@sheets.takes(Written, "query")
@sheets.gives(None, media_type="application/toml")
def as_toml(query: dict[str, Any], number: str) -> Response:
    """Return the declared part of a sheet as the file that a supplier writes."""
    return _written(query, number, "toml")


def _written(query: dict[str, Any], number: str, form: str) -> Response:
    """Answer with a written sheet, under an ETag that follows from all that stands in it."""
    dossier, language = dossier_of(number, query.get("version")), query["lang"]
    told = json.dumps(to_record(dossier), ensure_ascii=False, sort_keys=True)
    tag = hashlib.sha256(f"{form} {language} {told}".encode()).hexdigest()
    if request.if_none_match.contains(tag):
        response = Response(status=304)
    else:
        response = Response(_write(tag, dossier, form, language))
        response.headers["Content-Type"] = FORMS[form].media_type
        name = f"{number}-{dossier.version.number}.{language}{FORMS[form].suffix}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(tag)
    return response


def _write(tag: str, dossier: Dossier, form: str, language: str) -> bytes:
    """Write a sheet, or return what was written under that tag lately."""
    found = _KEPT.get(tag)
    if found is None:
        found = export_sheet(dossier, form, language)
        with _KEEPING:
            _KEPT[tag] = found
            while len(_KEPT) > KEPT:
                del _KEPT[next(iter(_KEPT))]
    return found
