"""Texts that people read: what is told in one must be seen, and read as it stands.

A field filled with what nobody can see is an empty one; a control character or a turn of the
direction of writing (Unicode Standard Annex 9; CVE-2021-42574) makes one text show as another.
What was signed before stays readable: this is asked of what comes in, not of what is kept.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from exchange.errors import BadField

_CONTROLS: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)  # but tabs and ends of lines
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters and a sign without a shape
# Of a sheet: what names a document by its digest, and what is a moment, as precise as one cares.
_NAMING: Final = re.compile(
    r"sources\.[0-9]+\.evidence"
    r"|personal_data\.(consent_evidence|impact_assessment|guardian_consent)"
)
_DATED: Final = re.compile(r"physical\.period\.(start|end)")
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_MONTH: Final = re.compile("[0-9]{4}(-(0[1-9]|1[0-2]))?")
_CLOCK: Final = "T[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
_MOMENT: Final = re.compile(f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}({_CLOCK})?")
_SHAPED: Final = frozenset("LNPS")  # categories of letters, digits, punctuation and symbols


def require_legible(record: Any, field: str = "") -> None:  # noqa: ANN401 - any part of a record
    """Raise `BadField` for the first text of a record that people cannot read as it stands.

    An empty text says nothing and is no fault here: the field's own rule decides about that.
    """
    if isinstance(record, str):
        if fault := _fault(record):
            raise BadField(field or "text", fault)
    elif isinstance(record, Mapping):
        for name, value in record.items():
            require_legible(name, field)
            require_legible(value, f"{field}.{name}" if field else name)
    elif isinstance(record, list | tuple):
        for place, value in enumerate(record):
            require_legible(value, f"{field}.{place}")


def require_written(sheet: Any, field: str = "") -> None:  # noqa: ANN401 - any part of a record
    """Raise `BadField` for the first text of a sheet's template that nobody has replaced."""
    named = field.startswith("content.fields.") and field.endswith(".name")
    own_name = named or field.startswith("quality.")  # a column may be called what it will
    if isinstance(sheet, str) and f"{sheet} ".startswith("TODO ") and not own_name:
        raise BadField(field, "still says TODO")
    if isinstance(sheet, list | tuple):
        sheet = dict(enumerate(sheet))
    for name, item in sheet.items() if isinstance(sheet, Mapping) else ():
        require_written(item, f"{field}.{name}" if field else str(name))


def require_formed(sheet: Any, field: str = "") -> None:  # noqa: ANN401 - any part of a record
    """Raise `BadField` for the first field of a sheet that means a digest or a moment and is none.

    An empty one says nothing: whether it may is for the rules of compliance.
    """
    if isinstance(sheet, str) and sheet:
        if _NAMING.fullmatch(field) and not _DIGEST.fullmatch(sheet):
            raise BadField(
                field, "the SHA-256 of a document, 64 small hexadecimal digits, or empty"
            )
        if _DATED.fullmatch(field) and not _is_moment(sheet):
            words = "a date or an instant of ISO 8601, such as 2026-01-04 or 2026-01-04T09:00:00Z"
            raise BadField(field, words)
    parts = dict(enumerate(sheet)) if isinstance(sheet, list | tuple) else sheet
    for name, item in parts.items() if isinstance(parts, Mapping) else ():
        require_formed(item, f"{field}.{name}" if field else str(name))


def _is_moment(text: str) -> bool:
    """Whether a text is a year, a month, a day or an instant that there is."""
    if _MONTH.fullmatch(text):
        return True
    try:
        return bool(_MOMENT.fullmatch(text) and dt.datetime.fromisoformat(text))
    except ValueError:
        return False


def _fault(text: str) -> str:
    if _CONTROLS.search(text):
        return "holds a control character"
    if _TURNS.search(text):
        return "holds a character that turns the direction of writing"
    if text and not any(map(_seen, text)):
        return "has nothing in it that can be seen"
    return ""


def _seen(character: str) -> bool:
    return unicodedata.category(character)[0] in _SHAPED and character not in _FILLERS
