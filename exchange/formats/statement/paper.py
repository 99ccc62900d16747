"""The statement as PDF, on A4."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from exchange.clearing.statements import Statement, StatementLine
from exchange.formats.statement.words import counterparts, kind_of, said
from exchange.formats.typesetting import set_pdf
from pricing.money import Money


def write_pdf(statement: Statement, language: str) -> bytes:
    """Set a statement: the same statement and the same fonts make the same bytes.

    Raises `NotFound` where the fonts are not installed.
    """
    source = files("exchange.formats.statement").joinpath("statement.typ").read_bytes()
    at = statement.head_at or statement.period.start
    return set_pdf(source, _value(statement, language), name="statement", at=at)


def _value(statement: Statement, language: str) -> dict[str, Any]:
    keys = ("title", "none", "footnote", "page")
    period = statement.period
    return {
        "language": language,
        "house": statement.house,
        "words": {key: said(key, language) for key in keys},
        "header": [
            [said("party", language), f"{statement.name} · {statement.party}"],
            [said("account", language), statement.account],
            [said("period", language), f"{period.first} – {period.last}"],
            [said("currency", language), str(statement.opening.currency)],
        ],
        "sums": [
            [said("opening", language), _bare(statement.opening)],
            [said("came_in", language), _bare(statement.came_in)],
            [said("went_out", language), _bare(statement.went_out)],
            [said("closing", language), _bare(statement.closing)],
            [said("pending", language), _bare(statement.pending)],
        ],
        "columns": [
            said(key, language)
            for key in ("time", "what", "counterpart", "entry", "amount", "balance")
        ],
        "rows": [_row(line, language) for line in statement.lines],
        "proof": [
            [said("log", language), statement.log],
            [said("basis", language), _basis(statement, language)],
        ],
    }


def _row(line: StatementLine, language: str) -> dict[str, Any]:
    place = said("waiting", language) if line.place is None else f"{line.place:,}"
    return {
        "day": line.time[:10],
        "hour": line.time[11:19],
        "what": kind_of(line.kind, line.what, language),
        "with": counterparts(line.counterpart, language),
        "entry": place,
        "leaf": line.leaf[:16],
        "amount": _bare(line.amount),
        "out": line.amount.minor < 0,
        "balance": _bare(line.balance),
    }


def _basis(statement: Statement, language: str) -> str:
    entries = said("entries", language).format(f"{statement.size:,}")
    return f"{statement.head_at} · {entries} · {statement.head[:32]}…"


def _bare(amount: Money) -> str:
    return str(amount).rpartition(" ")[0]
