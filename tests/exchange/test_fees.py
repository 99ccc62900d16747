"""The schedule of fees: what is kept of a price, to the last fen, and what a schedule may say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.clearing import FEES, fee_of
from exchange.clearing.fees import MODES, TAX, FeeSchedule, ModeFee, Tax, lines_of_exchange
from exchange.errors import BadField, NotFound, Unreadable
from exchange.formats.fee_file import read_fees
from exchange.records import read_record, to_record
from ledger.canonical import decode
from ledger.fees import WHOLE, Kept, part
from pricing.money import Currency, Money, total

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "fees" / "schedule.toml"
PLAIN = FeeSchedule("1", "2026-02-01T00:00:00Z", 50_000, {"posted": ModeFee(25_000)})
VAT = replace(PLAIN, tax=Tax("VAT", 60_000))


def bounded(minimum: int | None = None, maximum: int | None = None) -> FeeSchedule:
    bounds = [Money(bound) if bound is not None else None for bound in (minimum, maximum)]
    return replace(VAT, trading={"posted": ModeFee(25_000, *bounds)})


@pytest.mark.parametrize(
    ("schedule", "price", "fee", "tax"),
    [
        (PLAIN, 100_000, 2_500, 0),
        (VAT, 100_000, 2_500, 150),
        (bounded(minimum=4_000), 100_000, 4_000, 240),
        (bounded(minimum=40_000), 100_000, 5_000, 300),  # never more than 5 %
        (bounded(maximum=1_000), 100_000, 1_000, 60),
        (bounded(minimum=40_000), 0, 0, 0),
        (VAT, 20, 0, 0),  # 0.5 rounds to even
        (VAT, 60, 2, 0),  # 1.5 as well
    ],
)
def test_a_fee_is_within_its_bounds_and_taxed(
    schedule: FeeSchedule, price: int, fee: int, tax: int
) -> None:
    assert schedule.kept(Money(price), "posted") == (Money(fee), Money(tax))


def test_a_mode_without_a_fee_of_its_own_pays_that_of_a_posted_price() -> None:
    schedule = replace(PLAIN, trading={"posted": ModeFee(25_000), "trial": ModeFee(0)})
    assert [schedule.kept(Money(100), mode)[0].minor for mode in MODES] == [2, 2, 2, 2, 2, 0]


def test_a_bound_is_of_its_own_currency_alone() -> None:
    price = Money(100_000, Currency.JPY)
    assert bounded(minimum=4_000).kept(price, "posted")[0] == Money(2_500, Currency.JPY)


def test_fee_and_tax_are_a_line_each_and_say_why() -> None:
    lines, left = lines_of_exchange(Money(100_000), mode="posted", fee_ppm=1, schedule=VAT)
    assert [(line.account, line.amount.minor, line.what) for line in lines] == [
        (FEES, 2_500, "exchange fee, schedule 1"),
        (TAX, 150, "VAT on the fee, 6 %"),
    ]
    assert left == Money(97_350)
    lines, left = lines_of_exchange(Money(100_000), mode="posted", fee_ppm=30_000)
    assert [(line.amount.minor, line.what) for line in lines] == [(3_000, "exchange fee, 3 %")]
    assert left == Money(97_000)


rates = st.integers(0, WHOLE)


@st.composite
def schedules(draw: st.DrawFn) -> FeeSchedule:
    tax = draw(st.none() | rates.map(lambda ppm: Tax("tax", ppm)))
    most = draw(st.integers(0, WHOLE * WHOLE // (WHOLE + (tax.ppm if tax else 0))))
    bounds = sorted(draw(st.lists(st.integers(0, 10**12), min_size=2, max_size=2)))
    low, high = (draw(st.none() | st.just(Money(bound))) for bound in bounds)
    fee = ModeFee(draw(st.integers(0, most)), low, high)
    return FeeSchedule("drawn", "2026-02-01T00:00:00Z", most, {"posted": fee}, tax)


@given(schedules(), st.integers(1, 10**12))
def test_fee_tax_and_proceeds_are_the_price(schedule: FeeSchedule, price: int) -> None:
    amount = Money(price)
    lines, left = lines_of_exchange(amount, mode="posted", fee_ppm=0, schedule=schedule)
    assert total(line.amount for line in lines) + left == amount
    assert left.minor >= 0
    assert all(line.amount.minor >= 0 for line in lines)
    # What the schedule lets the exchange keep is within what an auditor holds it to.
    kept = total(line.amount for line in lines).minor
    assert kept <= Kept(schedule.most_ppm, schedule.tax_ppm).of(price)


@given(schedules(), st.lists(st.integers(1, 10**11), min_size=1, max_size=6))
def test_parts_bear_no_more_than_the_whole_and_each_what_it_may(
    schedule: FeeSchedule, parts: list[int]
) -> None:
    before = taken = Money(0)
    for minor in parts:
        fee, tax = schedule.kept(Money(minor), "posted", before=before, taken=taken)
        bound = Kept(schedule.most_ppm, schedule.tax_ppm).of(minor)
        assert 0 <= fee.minor + tax.minor <= min(minor, bound)
        before, taken = before + Money(minor), taken + fee
    assert taken <= schedule.kept(before, "posted")[0] + Money(len(parts))


@given(st.integers(0, 2**53 - 1), rates)
def test_the_auditor_rounds_as_the_exchange_does(minor: int, ppm: int) -> None:
    assert fee_of(Money(minor), ppm).minor == part(minor, ppm)


def test_a_record_is_read_back_as_it_was() -> None:
    schedule = read_fees(SAMPLE)
    assert read_record(FeeSchedule, decode(schedule.record)) == schedule
    assert schedule.digest == replace(schedule).digest
    assert schedule.tax == Tax("VAT 增值税", 60_000)
    assert schedule.fee_for("posted").minimum == Money(1_000)


def test_the_page_shows_the_sample() -> None:
    page = (ROOT / "docs" / "fees.md").read_text(encoding="utf-8")
    assert f"```toml\n{SAMPLE.read_text(encoding='utf-8')}```" in page


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"since": "tomorrow"}, "since", "a time such as"),
        ({"trading": {}}, "trading.posted", "missing"),
        ({"trading": {"posted": {"ppm": 1}, "barter": {"ppm": 1}}}, "trading.barter", "one of"),
        ({"trading": {"posted": {"ppm": 50_001}}}, "trading.posted.ppm", "above most_ppm"),
        ({"most_ppm": 1_000_001}, "most_ppm", "less than or equal"),
        ({"most_ppm": 943_397}, "most_ppm", "more than a price"),
        ({"tax": {"name": "", "ppm": 1}}, "tax.name", "at least 1"),
        ({"services": {"parking": "1.00 CNY"}}, "services.parking", "one of"),
        ({"services": {"listing": "-1.00 CNY"}}, "services.listing", "not below zero"),
        ({"colour": "red"}, "colour", "no such field"),
    ],
)
def test_a_schedule_that_breaks_a_rule_is_refused_by_its_field(
    changes: dict[str, Any], field: str, rule: str
) -> None:
    with pytest.raises(BadField, match=rule) as refused:
        read_record(FeeSchedule, to_record(VAT) | changes)
    assert refused.value.field.endswith(field)


def test_bounds_of_a_fee_are_in_order() -> None:
    with pytest.raises(BadField, match="minimum: no more than the maximum"):
        ModeFee(1, Money(2), Money(1))
    with pytest.raises(BadField, match="maximum: not below zero"):
        ModeFee(1, None, Money(-1))


def test_a_schedule_begins_seven_days_ahead() -> None:
    now = dt.datetime(2026, 1, 25, tzinfo=dt.UTC)
    PLAIN.require_notice(now)
    with pytest.raises(BadField, match=r"since: 7 days' notice: not before 2026-02-01T00:00:01Z"):
        PLAIN.require_notice(now + dt.timedelta(seconds=1))


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such file"):
        read_fees(tmp_path / "none.toml")
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff")
    with pytest.raises(Unreadable, match="not TOML"):
        read_fees(bad)
    bad.write_bytes(b"#" * 65_537)
    with pytest.raises(Unreadable, match="over 65536 bytes"):
        read_fees(bad)
