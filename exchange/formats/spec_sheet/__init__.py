"""The spec sheet as a document: one layout, written as HTML, PDF and JSON.

`lay_out` decides what stands where, in Chinese or English, laid out as the Shanghai sheet; the
writers decide how it looks and nothing else.  Neither reads a clock: the same dossier makes the
same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from exchange.dossier import Dossier
from exchange.errors import BadField
from exchange.formats.spec_sheet.layout import lay_out
from exchange.formats.spec_sheet.page import write_html
from exchange.formats.spec_sheet.paper import write_pdf
from exchange.formats.spec_sheet.record import write_json, write_toml

LANGUAGES: Final = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a sheet; a form that is `spoken` comes in a language."""

    media_type: str
    suffix: str
    write: Callable[[Dossier, str], bytes]
    spoken: bool = False


FORMS: Final[Mapping[str, Form]] = {
    "html": Form(
        "text/html; charset=utf-8", ".html", lambda d, lang: write_html(lay_out(d, lang)), True
    ),
    "pdf": Form("application/pdf", ".pdf", lambda d, lang: write_pdf(lay_out(d, lang)), True),
    "json": Form("application/json", ".json", lambda d, _: write_json(d)),
    "toml": Form("application/toml", ".toml", lambda d, _: write_toml(d)),
}


def export_sheet(dossier: Dossier, form: str, language: str) -> bytes:
    """Write a sheet in a form; `BadField` for a form or a language that there is not."""
    if form not in FORMS:
        raise BadField("format", f"one of {', '.join(FORMS)}")
    if language not in LANGUAGES:
        raise BadField("lang", f"one of {', '.join(LANGUAGES)}")
    return FORMS[form].write(dossier, language)
