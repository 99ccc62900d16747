"""The words of a spec sheet in one of its two languages: labels, stored words, cells."""

from __future__ import annotations

from collections.abc import Sequence

from exchange.formats.chinese import said_in
from exchange.formats.spec_sheet.blocks import Cell
from exchange.formats.spec_sheet.words import WORDS
from exchange.formats.stored_words import VALUES


class Speaker:
    """Says what a sheet says in `zh` or `en`; what nobody knows the words of stays as it is."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.place = 0 if language == "zh" else 1

    def t(self, key: str) -> str:
        """Return a label."""
        return WORDS[key][self.place]

    def v(self, stored: object) -> str:
        """Return a stored word."""
        text = str(stored)
        return VALUES.get(text, text) if self.language == "zh" else text.replace("-", " ")

    def told(self, english: str) -> str:
        """Return what a report tells, such as what it counted."""
        return said_in(self.language, english)

    @property
    def comma(self) -> str:
        """What stands between things that are listed."""
        return "、" if self.language == "zh" else ", "

    def cell(self, value: object, tone: str = "plain") -> Cell:
        """Return a cell, a dash where there is nothing to say."""
        if value is None or value in ("", ()):
            return Cell(self.t("none"), "quiet")
        if isinstance(value, bool):
            return Cell(self.t("yes" if value else "no"), tone)
        if isinstance(value, int):
            return Cell(f"{value:,}", tone)
        return Cell(str(value), tone)

    def pair(self, key: str, value: object, tone: str = "plain") -> tuple[str, Cell]:
        """Return a label with what it says."""
        return self.t(key), self.cell(value, tone)

    def several(self, key: str, values: Sequence[object]) -> tuple[str, Cell]:
        """Return a label with the stored words that it says."""
        return self.pair(key, self.comma.join(self.v(value) for value in values))
