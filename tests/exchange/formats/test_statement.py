"""Statements on paper and in tables: bytes that repeat, and no formula from anybody's words."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.clearing import Journal, Posting, available
from exchange.clearing.statements import (
    Moved,
    Period,
    Statement,
    counterpart_of,
    lines_of,
    reconcile,
)
from exchange.errors import BadField, Broken, NotFound
from exchange.formats import typesetting
from exchange.formats.statement import FORMS, LANGUAGES, export_statement
from exchange.formats.statement.table import FORMULA, guarded
from exchange.formats.statement.words import KINDS as SAID
from ledger.kinds import KINDS
from pricing.money import Currency, Money

DAY = Period(dt.date(2026, 1, 5), dt.date(2026, 1, 6))
ACCOUNT = available("PT-1")


def moved(minor: int, time: str, leaf: str = "") -> Moved:
    return Moved(time, 7, leaf or f"{minor:064x}", "account.deposited", minor, ("outside/banks",))


def statement(*movements: Moved, name: str = "引航买数有限公司") -> Statement:
    opening, lines, closing = lines_of(movements, {}, DAY, Currency.CNY)
    return Statement(
        house="示范数据交易所",
        log="guapai.example/tests",
        party="buyer",
        name=name,
        account=ACCOUNT,
        period=DAY,
        opening=opening,
        lines=lines,
        closing=closing,
        pending=Money(0),
        size=10,
        head="ab" * 32,
        head_at="2026-01-06T00:00:00Z",
    )


SOME = (
    moved(500, "2026-01-04T23:59:59Z"),
    moved(300, "2026-01-05T00:00:00Z"),
    moved(-100, "2026-01-06T23:59:59Z"),
    moved(900, "2026-01-07T00:00:00Z"),
)


def test_a_day_is_from_midnight_to_midnight() -> None:
    made = statement(*SOME)
    assert (made.opening, made.closing) == (Money(500), Money(700))
    assert [line.balance.minor for line in made.lines] == [800, 700]
    assert (made.came_in, made.went_out) == (Money(300), Money(100))
    with pytest.raises(BadField, match="until: not before 2026-01-06"):
        Period(dt.date(2026, 1, 6), dt.date(2026, 1, 5))


@given(
    st.lists(
        st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 4)).filter(lambda each: each[0])
    )
)
def test_the_lines_sum_to_the_change(drawn: list[tuple[int, int]]) -> None:
    times = sorted(day for _, day in drawn)
    all_moved = [
        moved(minor, f"2026-01-0{3 + day}T12:00:00Z", f"{place:064x}")
        for place, ((minor, _), day) in enumerate(zip(drawn, times, strict=True))
    ]
    made = statement(*all_moved)
    assert made.opening + made.came_in - made.went_out == made.closing
    assert sum(line.amount.minor for line in made.lines) == (made.closing - made.opening).minor
    assert made.closing == (made.lines[-1].balance if made.lines else made.opening)


def journal(leaf: str, minor: int) -> Journal:
    amount = Money(minor)
    return Journal("deposit", leaf, (Posting(ACCOUNT, amount), Posting("outside/banks", -amount)))


def test_books_and_chain_must_agree_entry_by_entry() -> None:
    first, second = moved(500, "2026-01-05T00:00:00Z", "a"), moved(1, "2026-01-05T00:00:00Z", "b")
    books = [journal("a", 500), journal("b", 1)]
    reconcile(ACCOUNT, [first, second], books, Money(501))
    for chain, wrong, held in (
        ([first], books, 501),
        ([first, second], books[:1], 501),
        ([first, second], [journal("a", 1), journal("b", 500)], 501),
        ([first, second], books, 502),
    ):
        with pytest.raises(Broken, match="no statement is issued"):
            reconcile(ACCOUNT, chain, wrong, Money(held))


def test_counterparts_are_sorts_of_accounts() -> None:
    accounts = ("outside/banks", "escrow/TR-1", "participant/PT-1", "house/fees", "fund/guarantee")
    assert [counterpart_of(account) for account in accounts] == [
        *("bank", "escrow", "participant", "exchange", "fund")
    ]


@pytest.mark.parametrize("first", sorted(FORMULA))
def test_no_text_begins_a_formula(first: str) -> None:
    assert guarded(f"{first}cmd|' /C calc'!A0") == f"'{first}cmd|' /C calc'!A0"
    assert guarded("") == ""
    assert guarded("a=1") == "a=1"


def test_what_a_formula_begins_by_is_guarded_in_the_table() -> None:
    made = statement(*SOME)
    hostile = replace(made.lines[0], what='=HYPERLINK("http://x")', counterpart="@SUM(A1)")
    made = replace(made, lines=(hostile, *made.lines[1:]))
    for language in LANGUAGES:
        table = export_statement(made, "csv", language).decode("utf-8-sig")
        for row in list(csv.reader(io.StringIO(table)))[1:]:
            *texts, amount, balance, _ = row
            assert not any(text[:1] in FORMULA for text in texts if text)
            assert all(float(number) is not None for number in (amount, balance) if number)


@pytest.fixture(scope="module")
def fonts() -> None:
    try:
        typesetting.find_fonts()
    except NotFound as error:
        if os.environ.get("GUAPAI_CI"):
            raise
        pytest.skip(str(error))


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_repeats_to_the_byte_and_says_no_formula(language: str) -> None:
    made = statement(*SOME, name='#read("/etc/hostname") *bold* $x$')
    data = export_statement(made, "pdf", language)
    assert data.startswith(b"%PDF-")
    assert data == export_statement(made, "pdf", language)
    assert export_statement(statement(), "pdf", language) != data


def test_there_are_two_forms_in_two_languages() -> None:
    assert set(FORMS) == {"csv", "pdf"}
    with pytest.raises(BadField, match="format: one of csv, pdf"):
        export_statement(statement(), "xls", "zh")
    with pytest.raises(BadField, match="lang: one of zh, en"):
        export_statement(statement(), "csv", "fr")


def test_what_has_a_word_is_a_kind_of_entry() -> None:
    assert set(SAID) <= set(KINDS)
