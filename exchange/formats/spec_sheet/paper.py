"""A spec sheet as PDF, and the code on it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import segno

from exchange.formats.spec_sheet.blocks import Block, Layout, Pairs, Table, Words
from exchange.formats.typesetting import set_pdf
from exchange.records import to_record


def write_pdf(layout: Layout) -> bytes:
    """Set a sheet as PDF (A4): the same layout and the same fonts make the same bytes.

    Raises `NotFound` where the fonts are not installed.
    """
    source = files("exchange.formats.spec_sheet").joinpath("sheet.typ").read_bytes()
    return set_pdf(source, _value(layout), name="sheet", at=layout.at)


def _value(layout: Layout) -> dict[str, Any]:
    sections = [
        {"title": section.title, "blocks": [_block(block) for block in section.blocks]}
        for section in layout.sections
    ]
    number = next(cell.text for _, cell in layout.header)
    drawn = {"sections": sections, "picture": picture(layout.code), "number": number}
    return {**to_record(layout), **drawn}


def _block(block: Block) -> Mapping[str, Any]:
    sort = {Pairs: "pairs", Table: "table", Words: "words"}[type(block)]
    return {"sort": sort, **to_record(block)}


def picture(text: str) -> str:
    """Return a QR code of the text as SVG, at error level M and in one way alone."""
    drawn = io.BytesIO()
    code = segno.make_qr(text, error="m", mask=0)
    code.save(drawn, kind="svg", border=0, xmldecl=False, svgns=True, nl=False, omitsize=True)
    return drawn.getvalue().decode()
