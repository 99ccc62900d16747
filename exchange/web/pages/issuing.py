"""The spec sheet on the site: one version laid out, what the next changes, and its schema."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask import Blueprint, Response, abort, render_template, request

from exchange.comparison import changes
from exchange.dossier import Dossier
from exchange.errors import NotFound
from exchange.formats.spec_sheet.layout import lay_out
from exchange.formats.spec_sheet.page import sheet_parts
from exchange.formats.spec_sheet.record import json_schema
from exchange.services.compile_dossier import compile_dossier
from exchange.web.gate import floor


def add_to(site: Blueprint, language: Callable[[], str]) -> None:
    """Add the pages of this module to the site."""

    def sheet(number: str) -> str:
        """Show one version of a sheet, the newest unless ``?version=`` names another."""
        wanted = request.args.get("version", type=int)
        shown = dossier_of(number, wanted)
        before = _compared_with(shown)
        return render_template(
            "sheet.html",
            dossier=shown,
            parts=list(sheet_parts(lay_out(shown, language()))),
            complete=shown.completeness,
            before=before.version if before else None,
            changed=changes(before.sheet, shown.sheet) if before else (),
        )

    site.add_url_rule("/products/<number>/sheet", view_func=sheet)
    site.add_url_rule("/schemas/spec-sheet.json", view_func=sheet_schema)


def sheet_schema() -> Response:
    """Return the JSON Schema of an exported sheet."""
    data = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    return Response(data + "\n", content_type="application/schema+json")


def dossier_of(number: str, version: int | None = None) -> Dossier:
    """Return the dossier of a version of a product's sheet, or answer 404."""
    with floor().read() as work:
        try:
            product = work.products.get(number)
            return compile_dossier(product, work=work, floor=floor(), version=version, public=True)
        except NotFound:
            abort(404)


def _compared_with(shown: Dossier) -> Dossier | None:
    """Return the version to hold it against: the last on the board, else the one before."""
    earlier = [each for each in shown.versions if each.number < shown.version.number]
    published = [each for each in earlier if each.published_at]
    found = next(iter(published or earlier), None)
    return dossier_of(shown.number, found.number) if found else None
