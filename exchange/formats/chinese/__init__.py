"""What the gate and the quality report say, in Chinese.

Rules answer in English, and so verdicts stand in the ledger; who reads Chinese is told the same
when it is shown.  A text is known whole or by its form; one of nobody's making, such as that of
another's rule pack, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from exchange.formats.chinese.answers import ANSWERS, CHECKS, DIMENSIONS, FILLED_BY, PIECES
from exchange.formats.chinese.kinds import KINDS
from exchange.formats.chinese.laws import basis_in_chinese
from exchange.formats.chinese.rules import EVIDENCE, STATEMENTS, UNLOCKS
from exchange.formats.chinese.words import FIELDS, JUDGED, ROLES, WORDS

__all__ = [
    "FIELDS",
    "JUDGED",
    "KINDS",
    "LANGUAGES",
    "ROLES",
    "basis_in_chinese",
    "in_chinese",
    "said_in",
    "told_in",
]

LANGUAGES: Final = ("zh", "en")
_SPOKEN: Final = ("message", "statement", "evidence", "evidence_wanted", "unlock", "words")
_TOLD: Final = re.compile(r"\{(\w+)\}")
_LONG: Final = 300  # characters; forms in which more than one thing is told are shorter
_ONE_WORD: Final = re.compile(r"[\w.\-]+")
# What a sheet lacks, as M-01 names it: code, name in both languages, in brackets what fills it.
_FIELD: Final = re.compile(r"([A-Z]\d) (\S+) [^(]+ \((.+)\)")
_CHECK: Final = re.compile(rf"({'|'.join(CHECKS)}) of ([^:]*)(?:: (.+))?")


def _form(english: str) -> re.Pattern[str]:
    pieces = enumerate(_TOLD.split(english))  # words and, at odd places, names between them
    return re.compile("".join(f"(?P<{x}>.+?)" if at % 2 else re.escape(x) for at, x in pieces))


def _forms(*tables: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (_form(english), chinese)
        for table in tables
        for english, chinese in table.items()
        if _TOLD.search(english)
    )


_WHOLE: Final = {**STATEMENTS, **EVIDENCE, **UNLOCKS, **FILLED_BY, **ANSWERS, **DIMENSIONS}
_PARTS: Final = {**WORDS, **CHECKS, **PIECES}
_FORMS: Final = _forms(ANSWERS, FILLED_BY)
_INSIDE: Final = _forms(PIECES)


@lru_cache(maxsize=4_096)
def in_chinese(text: str) -> str:
    """Return what a rule, its answer, a count or an obstacle says, in Chinese; else the text."""
    return _WHOLE.get(text) or _checked(text) or _formed(text, _FORMS) or _several(text) or text


def said_in(language: str, text: str) -> str:
    """Return what is said in a language: in English as it stands."""
    return in_chinese(text) if language == "zh" else text


def told_in(language: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of a finding, a reason or an obstacle with its words in a language."""
    told = {
        name: said_in(language, value) if name in _SPOKEN else value
        for name, value in record.items()
    }
    if language == "zh":
        told |= {"basis": basis_in_chinese(told["basis"])} if "basis" in told else {}
    return told


def _checked(text: str) -> str:
    """Return a check that a sheet expects, in Chinese; empty if it is none."""
    found = _CHECK.fullmatch(text)
    if found is None:
        return ""
    check, columns, told = found.groups()
    said = f"{CHECKS[check]}（{columns}）" if columns else CHECKS[check]
    return f"{said}：{_piece(told)}" if told else said


def _formed(text: str, forms: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for form, chinese in forms:
        # Reasons that people give are asked too, and could be written to make a form backtrack.
        found = form.fullmatch(text) if form.groups == 1 or len(text) <= _LONG else None
        if found:
            return chinese.format(
                **{name: _piece(told) for name, told in found.groupdict().items()}
            )
    return ""


def _piece(text: str) -> str:
    """Return what is told inside a form, in Chinese where there is a word for it."""
    known = _PARTS.get(text) or _WHOLE.get(text)
    return known or _several(text) or _formed(text, _INSIDE) or _formed(text, _FORMS) or text


def _several(text: str) -> str:
    """Return a list in Chinese; empty if the text is none."""
    if "; " in text:
        return "；".join(map(_piece, text.split("; ")))
    field = _FIELD.fullmatch(text)
    if field:
        code, name, filled_by = field.groups()
        return f"{code} {name}（{in_chinese(filled_by)}）"
    parts = text.split(", ")
    if len(parts) == 1:
        return ""
    told = [_piece(part) for part in parts]
    known = [new != old or _ONE_WORD.fullmatch(old) for old, new in zip(parts, told, strict=True)]
    return "、".join(told) if all(known) else ""
