"""The statement of account as a document: CSV for machines, PDF for people, in zh or en.

Neither writer reads a clock: the same statement makes the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from exchange.clearing.statements import Statement
from exchange.errors import BadField
from exchange.formats.statement.paper import write_pdf
from exchange.formats.statement.table import write_csv

LANGUAGES: Final = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a statement."""

    media_type: str
    suffix: str
    write: Callable[[Statement, str], bytes]


FORMS: Final[Mapping[str, Form]] = {
    "csv": Form("text/csv; charset=utf-8", ".csv", write_csv),
    "pdf": Form("application/pdf", ".pdf", write_pdf),
}


def export_statement(statement: Statement, form: str, language: str) -> bytes:
    """Write a statement in a form; `BadField` for a form or a language that there is not."""
    if form not in FORMS:
        raise BadField("format", f"one of {', '.join(FORMS)}")
    if language not in LANGUAGES:
        raise BadField("lang", f"one of {', '.join(LANGUAGES)}")
    return FORMS[form].write(statement, language)
