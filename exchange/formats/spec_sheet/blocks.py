"""The blocks of a laid-out spec sheet: pairs, tables, paragraphs, each text with its tone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and how it is meant: plain, good, stop, mono or quiet."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels with what they say."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `widths` weigh its columns."""

    title: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    tone: str = "plain"


Block = Pairs | Table | Words


@dataclass(frozen=True, slots=True)
class Section:
    """One section with its blocks."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole sheet, ready to be written; `at` is the ledger's time of its newest entry."""

    language: str
    title: str
    subtitle: str
    name: str
    house: str
    badge: Cell
    notice: Cell
    header: tuple[tuple[str, Cell], ...]
    code: str
    code_words: str
    sections: tuple[Section, ...]
    footer: tuple[tuple[str, Cell], ...]
    footnote: str
    page_words: str
    at: str
