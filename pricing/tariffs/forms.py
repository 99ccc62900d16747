"""Price forms of real listings, read into the plans that they state.

Two cells say what a listing costs: the price that it shows, such as ``0.50元/次``, and the terms
beside it, a column of words and figures such as 按量计费, 查得计费, 每日上限 and 不限.  Every form
that the exchanges of Guiyang, Shanghai and Zhejiang use in the open data set DaDaDa is
understood, and what is not is refused with its place: nothing is guessed.  Where both cells
state a figure they must agree, and the price of a unit beside a pack must be the pack's own, to
the cent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NoReturn, TypeVar

from pricing.billing import Billed, Tariff
from pricing.billing.ladder import Ladder, Rate, Tier
from pricing.billing.terms import Term, TermUnit
from pricing.errors import BadAmount, BadInput
from pricing.money import Money
from pricing.tariffs.free import Free
from pricing.tariffs.negotiated import Negotiated
from pricing.tariffs.one_off import OneOff
from pricing.tariffs.package import Pack, Package
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.per_record import PerRecord
from pricing.tariffs.subscription import Subscription

_Row = TypeVar("_Row")

SILENT: Final = frozenset(
    {"", "待完善", "-", "--", "/", "无", "暂无"}
)  # says nothing: not filled in

_NUMBER: Final = r"(\d{1,13}(?:\.\d{1,10})?)"
_PRICE: Final = re.compile(rf"¥?{_NUMBER}元(?:/(次|条|年|个月|月|天|日))?", re.ASCII)
_AMOUNT: Final = re.compile(rf"¥?{_NUMBER}", re.ASCII)
_LIMIT: Final = re.compile(rf"{_NUMBER}(次|元)", re.ASCII)
_COUNT: Final = re.compile(r"([1-9]\d{0,11})次?", re.ASCII)
_SPAN: Final = re.compile(r"([1-9]\d{0,3}|一)(年|个月|月|天|日)", re.ASCII)
_RULE: Final = re.compile(r"-+(\|-+)*", re.ASCII)

_UNITS: Final[Mapping[str, TermUnit]] = {
    "年": TermUnit.YEAR,
    "个月": TermUnit.MONTH,
    "月": TermUnit.MONTH,
    "天": TermUnit.DAY,
    "日": TermUnit.DAY,
}

# What the price of a day is of a longer price: exchanges count a year as 360 or 365 days.
_DAYS: Final[Mapping[TermUnit, tuple[int, ...]]] = {
    TermUnit.YEAR: (360, 365, 366),
    TermUnit.MONTH: (30, 31),
    TermUnit.DAY: (1,),
}


def read_form(price: str, terms: str = "") -> Tariff:
    """Return the plan that a listing's price and terms state.

    A listing that says nothing, or 面议, is negotiated.  Raises `BadInput` naming the cell, and
    the line of the terms, for what is not understood or contradicts itself.
    """
    shown, column = _plain(price), _Column.of(terms)
    if not column.lines:
        return _alone(shown)
    while column.at("计费方式"):
        column.take("计费方式")
    readers = {"一口价": _one_off, "按量计费": _per_call, "按套餐计费": _in_packs}
    plan = readers[column.one_of(*readers)](shown, column)
    column.end()
    return plan


def _alone(shown: str) -> Tariff:
    if shown == "面议" or shown in SILENT:
        return Negotiated()
    if shown == "免费":
        return Free()
    found = _PRICE.fullmatch(shown)
    if found is None:
        raise BadInput(f"price: {shown!r} is not understood")
    if found[2] is None:
        raise BadInput(f"price: {shown!r} does not say for what")
    if found[2] == "次":
        return PerCall(_ladder(found[1], "price"))
    if found[2] == "条":
        return PerRecord(_ladder(found[1], "price"))
    return Subscription(_money(found[1], "price"), Term(1, _UNITS[found[2]]))


def _one_off(shown: str, column: _Column) -> Tariff:
    column.take("售价(元)")
    amount = column.amount()
    if shown == "面议":
        return Negotiated(asking=amount)
    _agree(shown, None, Fraction(amount.minor))
    return OneOff(amount)


def _per_call(shown: str, column: _Column) -> Tariff:
    billed = column.condition()
    column.take("售价(元)")
    found = column.match(_PRICE, "a price for a call, such as 0.50元/次")
    if found[2] != "次":
        column.back("a price for a call, such as 0.50元/次")
    ladder = _ladder(found[1], column.place)
    _agree(shown, "次", ladder.tiers[0].rate.minor)
    day_calls, day_max = column.limit()
    return PerCall(ladder, billed, day_calls=day_calls, day_max=day_max)


def _in_packs(shown: str, column: _Column) -> Tariff:
    billed = column.condition()
    column.take("套餐类型")
    if column.one_of("调用次数套餐", "包年包月套餐") == "包年包月套餐":
        return _by_time(shown, column, billed)
    column.take("产品规格|套餐调用次数(次)|售价(元)|单次价格")
    packs = column.table(_pack)
    _agree(shown, "次", min(_rounded(pack.price, pack.units) for pack in packs))
    column.take("有效期")
    validity = None
    if column.at("长期"):
        column.take("长期")
    else:
        validity = _term(column.match(_SPAN, "长期 or a term such as 一年"))
    return Package(tuple(packs), validity, billed)


def _by_time(shown: str, column: _Column, billed: Billed) -> Tariff:
    column.take("产品规格|套餐时长|售价(元)|单次价格")
    (fee, period, daily), *more = column.table(_subscription)
    if more:
        column.back("one length of subscription")
    _agree(shown, "天", daily)
    day_units, day_max = column.limit()
    if day_max is not None:
        column.back("a daily limit in calls: a subscription has no price for a call")
    return Subscription(fee, period, day_units=day_units, billed=billed)


def _pack(column: _Column, cells: list[str]) -> Pack:
    """Read ``¥50000.00/138888次 | 138888 | ¥50000.00 | ¥0.36元/次``."""
    name, count, price, single = cells
    units, amount, unit = (
        _COUNT.fullmatch(count),
        _AMOUNT.fullmatch(price),
        _PRICE.fullmatch(single),
    )
    if units is None or amount is None or unit is None or unit[2] != "次":
        column.back("a pack")
    pack = Pack(int(units[1]), _money(amount[1], column.place))
    if name != f"{price}/{units[1]}次" or _minor(unit[1]) != _rounded(pack.price, pack.units):
        column.back("a pack whose cells agree")
    return pack


def _subscription(column: _Column, cells: list[str]) -> tuple[Money, Term, Fraction]:
    """Read ``¥149000.00/1年 | 1年 | ¥149000.00 | ¥413.89元/天``."""
    name, span, price, single = cells
    length, amount, day = _SPAN.fullmatch(span), _AMOUNT.fullmatch(price), _PRICE.fullmatch(single)
    if length is None or amount is None or day is None or day[2] != "天":
        column.back("a subscription")
    fee, period = _money(amount[1], column.place), _term(length)
    days = (_rounded(fee, period.count * count) for count in _DAYS[period.unit])
    if name != f"{price}/{span}" or _minor(day[1]) not in days:
        column.back("a subscription whose cells agree")
    return fee, period, _minor(day[1])


@dataclass(slots=True)
class _Column:
    """The lines of a terms cell that say something, read from the top."""

    lines: list[tuple[int, str]]
    read: int = 0

    @classmethod
    def of(cls, cell: str) -> _Column:
        lines = [(i, _plain(line)) for i, line in enumerate(cell.splitlines(), 1)]
        said = [line for line in lines if line[1] not in SILENT]
        return cls(said)

    @property
    def place(self) -> str:
        """Where the line that was read last stands."""
        return f"terms: line {self.lines[self.read - 1][0]}"

    def at(self, word: str) -> bool:
        return self.read < len(self.lines) and self.lines[self.read][1] == word

    def take(self, word: str) -> None:
        if not self.at(word):
            self.refuse(word)
        self.read += 1

    def one_of(self, *words: str) -> str:
        """Read one of the words and return it."""
        word = next(filter(self.at, words), None)
        if word is None:
            self.refuse(" or ".join(words))
        self.read += 1
        return word

    def match(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        found = None
        if self.read < len(self.lines):
            found = pattern.fullmatch(self.lines[self.read][1])
        if found is None:
            self.refuse(expected)
        self.read += 1
        return found

    def amount(self) -> Money:
        return _money(self.match(_AMOUNT, "an amount")[1], self.place)

    def condition(self) -> Billed:
        """Read under which condition a call counts; one is known, 查得计费."""
        self.take("计费条件")
        self.take("查得计费")
        return Billed.HITS

    def limit(self) -> tuple[int | None, Money | None]:
        """Read the daily limit, in calls or in money."""
        self.take("每日上限")
        if self.at("不限"):
            self.take("不限")
            return None, None
        found = self.match(_LIMIT, "不限, or a limit such as 1000次 or 50元")
        if found[2] == "元":
            return None, _money(found[1], self.place)
        if not found[1].isdecimal():
            self.back("a whole number of calls")
        return int(found[1]), None

    def table(self, read: Callable[[_Column, list[str]], _Row]) -> list[_Row]:
        """Read the rows of a table with four columns, below its rule."""
        self.match(_RULE, "the rule of a table")
        rows = []
        while self.read < len(self.lines) and "|" in self.lines[self.read][1]:
            cells = self.lines[self.read][1].split("|")
            self.read += 1
            if len(cells) != 4:
                self.back("four cells")
            rows.append(read(self, cells))
        if not rows:
            self.refuse("a row of the table")
        return rows

    def end(self) -> None:
        if self.read < len(self.lines):
            self.refuse("the end of the terms")

    def back(self, expected: str) -> NoReturn:
        """Refuse the line that was read last."""
        self.read -= 1
        self.refuse(expected)

    def refuse(self, expected: str) -> NoReturn:
        if self.read >= len(self.lines):
            raise BadInput(f"terms: end where {expected} should be")
        line, text = self.lines[self.read]
        raise BadInput(f"terms: line {line}: {text[:80]!r} where {expected} should be")


def _plain(text: str) -> str:
    """Return the text in full-width forms' plain equivalents, without any space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _agree(shown: str, unit: str | None, minor: Fraction) -> None:
    found = _PRICE.fullmatch(shown)
    if found is None or found[2] != unit or _minor(found[1]) != minor:
        raise BadInput(f"price: {shown!r} is not what the terms state")


def _minor(number: str) -> Fraction:
    return 100 * Fraction(number)


def _money(number: str, place: str) -> Money:
    minor = _minor(number)
    if minor.denominator != 1:
        raise BadInput(f"{place}: {number} yuan is no whole number of fen")
    return _held(int(minor), place)


def _ladder(number: str, place: str) -> Ladder:
    """Return a ladder of one rate; what is below a fen is an amount for ten units, or a hundred."""
    minor, per = _minor(number), 1
    while minor.denominator > 1:
        minor, per = 10 * minor, 10 * per
    return Ladder((Tier(0, Rate(_held(int(minor), place), per)),))


def _held(minor: int, place: str) -> Money:
    try:
        return Money(minor)
    except BadAmount as error:
        raise BadInput(f"{place}: {error}") from error


def _rounded(amount: Money, units: int) -> Fraction:
    """Return the price of a unit in whole fen, as listings show it."""
    return Fraction(amount.scaled(Fraction(1, units)).minor)


def _term(found: re.Match[str]) -> Term:
    count = 1 if found[1] == "一" else int(found[1])
    return Term(count, _UNITS[found[2]])
