"""What the gate, the quality report, a match and an estimate of a price say, in Chinese.

Rules answer in English, and so verdicts stand in the ledger; who reads Chinese is told the same
when it is shown.  A text is known whole or by its form, from the tables here or from those that a
rule pack brings (`RulePack.chinese`, `more` below); one of nobody's making stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, Final

from exchange.formats.chinese.answers import ANSWERS, CHECKS, DIMENSIONS, FILLED_BY, PIECES
from exchange.formats.chinese.kinds import KINDS
from exchange.formats.chinese.laws import laws_in_chinese
from exchange.formats.chinese.matches import match_in_chinese
from exchange.formats.chinese.methods import METHODS
from exchange.formats.chinese.rules import EVIDENCE, STATEMENTS, UNLOCKS
from exchange.formats.chinese.words import FIELDS, JUDGED, ROLES, WORDS

__all__ = [
    "ENGLISH",
    "FIELDS",
    "JUDGED",
    "KINDS",
    "LANGUAGES",
    "ROLES",
    "basis_in_chinese",
    "in_chinese",
    "left_in_english",
    "match_said_in",
    "said_in",
    "told_in",
]

LANGUAGES: Final = ("zh", "en")
_NO_MORE: Final[Mapping[str, str]] = MappingProxyType({})
_SPOKEN: Final = ("message", "statement", "evidence", "evidence_wanted", "unlock", "words")
_TOLD: Final = re.compile(r"\{(\w+)\}")
_TYPED: Final = "approvals"  # under this name forms tell keys of a sheet
_LONG: Final = 300  # characters; forms in which more than one thing is told are shorter
_ONE_WORD: Final = re.compile(r"[\w.\-]+")
# A run of English in what should be Chinese: two small words in a row.  A field's path, an id or a
# code of an approval is one word.
ENGLISH: Final = re.compile(r"(?<![\w.`-])[a-z][a-z']+ [a-z]{2,}(?![\w.-])")
# What a sheet lacks, as M-01 names it: code, name in both languages, in brackets what fills it.
_FIELD: Final = re.compile(r"([A-Z]\d) (\S+) [^(]+ \((.+)\)")
_RULE: Final = re.compile(r"([A-Z]-\d\d): (.+?)(?: \(also ([A-Z0-9, -]+)\))?")
_CHECK: Final = re.compile(rf"({'|'.join(CHECKS)}) of ([^:]*)(?:: (.+))?")

_Forms = tuple[tuple[re.Pattern[str], str], ...]


def _form(english: str) -> re.Pattern[str]:
    pieces = enumerate(_TOLD.split(english))  # words and, at odd places, names between them
    return re.compile("".join(f"(?P<{x}>.+?)" if at % 2 else re.escape(x) for at, x in pieces))


def _forms(*tables: Mapping[str, str]) -> _Forms:
    return tuple(
        (_form(english), chinese)
        for table in tables
        for english, chinese in table.items()
        if _TOLD.search(english)
    )


_WHOLE: Final = {**STATEMENTS, **EVIDENCE, **UNLOCKS, **FILLED_BY, **ANSWERS, **DIMENSIONS}
_PARTS: Final = {**WORDS, **CHECKS, **PIECES}
_FORMS: Final = _forms(ANSWERS, FILLED_BY, METHODS)
_INSIDE: Final = _forms(PIECES)


class _Interpreter:
    """What is said, in Chinese: by the words of the exchange, then by more of a rule pack's own."""

    def __init__(self, more: Mapping[str, str]) -> None:
        # A text that a pack knows to the letter is not taken apart by a form that happens to fit.
        self._whole = {**more, **_WHOLE}
        self._forms = _FORMS + _forms(more)
        self.said = lru_cache(maxsize=4_096)(self._said)

    def _said(self, text: str) -> str:
        return (
            self._whole.get(text)
            or self._checked(text)
            or self._ruled(text)
            or self._formed(text, self._forms)
            or self._several(text)
            or text
        )

    def _ruled(self, text: str) -> str:
        """Return what names its rule before it says what, in Chinese; empty if it names none."""
        found = _RULE.fullmatch(text)
        if found is None:
            return ""
        rule, told, others = found.groups()
        also = f"（另有 {others}）" if others else ""
        return f"{rule}：{self._said(told)}{also}"

    def _checked(self, text: str) -> str:
        """Return a check that a sheet expects, in Chinese; empty if it is none."""
        found = _CHECK.fullmatch(text)
        if found is None:
            return ""
        check, columns, told = found.groups()
        said = f"{CHECKS[check]}（{columns}）" if columns else CHECKS[check]
        return f"{said}：{self._piece(told)}" if told else said

    def _formed(self, text: str, forms: Iterable[tuple[re.Pattern[str], str]]) -> str:
        for form, chinese in forms:
            # Reasons that people give are asked too, and could be written to make a form backtrack.
            found = form.fullmatch(text) if form.groups == 1 or len(text) <= _LONG else None
            if found:
                return _TOLD.sub(partial(self._at, found), chinese)
        return ""

    def _at(self, found: re.Match[str], place: re.Match[str]) -> str:
        told = found[place[1]]
        return self._typed(told) if place[1] == _TYPED else self._piece(told)

    def _typed(self, text: str) -> str:
        """Return keys that somebody has to type, each as it is typed, with what it means."""
        meant = [(key, self._piece(key)) for key in text.split(", ")]
        return "、".join(key if said == key else f"{key}（{said}）" for key, said in meant)

    def _piece(self, text: str) -> str:
        """Return what is told inside a form, in Chinese where there is a word for it."""
        return (
            _PARTS.get(text)
            or self._whole.get(text)
            or self._ruled(text)
            or self._several(text)
            or self._formed(text, _INSIDE)
            or self._formed(text, self._forms)
            or text
        )

    def _several(self, text: str) -> str:
        """Return a list in Chinese; empty if the text is none."""
        if "; " in text:
            return "；".join(map(self._piece, text.split("; ")))
        field = _FIELD.fullmatch(text)
        if field:
            code, name, filled_by = field.groups()
            return f"{code} {name}（{self.said(filled_by)}）"
        parts = text.split(", ")
        if len(parts) == 1:
            return ""
        told = [self._piece(part) for part in parts]
        known = [
            new != old or _ONE_WORD.fullmatch(old) for old, new in zip(parts, told, strict=True)
        ]
        return "、".join(told) if all(known) else ""


_ours: Final = _Interpreter(_NO_MORE)


@lru_cache(maxsize=8)  # packs that one process shows; forms are compiled once for each
def _with(more: tuple[tuple[str, str], ...]) -> _Interpreter:
    return _Interpreter(dict(more))


def in_chinese(text: str, more: Mapping[str, str] = _NO_MORE) -> str:
    """Return what a rule, its answer, a count, an obstacle or an estimate says, in Chinese, or it.

    What the exchange's own words know to the letter is told in them, whatever `more` says of it.
    """
    return (_with(tuple(more.items())) if more else _ours).said(text)


def left_in_english(text: str, more: Mapping[str, str] = _NO_MORE) -> bool:
    """Whether a text, or some of it, reaches who reads Chinese in English."""
    told = in_chinese(text, more)
    return bool(ENGLISH.search(told) or (told == text and re.search("[a-z]{2}", text)))


def basis_in_chinese(basis: str, more: Mapping[str, str] = _NO_MORE) -> str:
    """Return a citation with the names of laws in Chinese where they are known."""
    return more.get(basis) or laws_in_chinese(basis)


def said_in(language: str, text: str, more: Mapping[str, str] = _NO_MORE) -> str:
    """Return what is said in a language: in English as it stands."""
    return in_chinese(text, more) if language == "zh" else text


def match_said_in(language: str, text: str) -> str:
    """Return what a match says of a product in a language: in English as it stands."""
    return match_in_chinese(text.strip()) if language == "zh" else text.strip()


def told_in(
    language: str, record: Mapping[str, Any], more: Mapping[str, str] = _NO_MORE
) -> dict[str, Any]:
    """Return the record of a finding, a reason or an obstacle with its words in a language."""
    told = {
        name: said_in(language, value, more) if name in _SPOKEN else value
        for name, value in record.items()
    }
    if language == "zh":
        told |= {"basis": basis_in_chinese(told["basis"], more)} if "basis" in told else {}
    return told
