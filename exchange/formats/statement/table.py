"""The statement as CSV (RFC 4180): one row a movement between the opening and the closing balance.

A text that a spreadsheet would take for a formula gets an apostrophe before it (CWE-1236); numbers
are written by this module alone and stand as they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from exchange.clearing.statements import Statement
from exchange.formats.statement.words import counterparts, kind_of, said
from pricing.money import Money

COLUMNS: Final = (
    *("time", "what", "counterpart", "kind", "entry", "leaf"),
    *("amount", "balance", "currency"),
)
# What a spreadsheet may begin a formula by: also the full-width forms, and what it strips first.
FORMULA: Final = frozenset("=+-@\t\r\n\0＝＋－＠")


def write_csv(statement: Statement, language: str) -> bytes:
    """Write UTF-8 with a byte-order mark, by which spreadsheets know it, and CRLF line ends."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([said(name, language) for name in COLUMNS])
    currency = str(statement.opening.currency)

    def row(texts: Sequence[str], amounts: Sequence[str]) -> None:
        writer.writerow([*map(guarded, texts), *amounts, currency])

    opening, closing = said("opening", language), said("closing", language)
    row([statement.period.start, opening, "", "", "", ""], ["", _plain(statement.opening)])
    for line in statement.lines:
        place = said("waiting", language) if line.place is None else str(line.place)
        texts = [
            line.time,
            kind_of(line.kind, line.what, language),
            counterparts(line.counterpart, language),
            line.kind,
            place,
            line.leaf,
        ]
        row(texts, [_plain(line.amount), _plain(line.balance)])
    row([statement.period.end, closing, "", "", "", ""], ["", _plain(statement.closing)])
    pending = said("pending", language)
    row([statement.period.end, pending, "", "", "", ""], ["", _plain(statement.pending)])
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in FORMULA and text else text


def _plain(amount: Money) -> str:
    """Write an amount as a number: no groups of thousands, no currency."""
    return str(amount).rpartition(" ")[0].replace(",", "")
