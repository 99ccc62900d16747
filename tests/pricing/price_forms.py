"""Every price form of the three exchanges, by example, with the plan that it states.

A form is what a listing's price and terms look like when figures are masked.  The table was made
by listing all forms of the open data set DaDaDa (1,954 listings: Zhejiang 838, Guiyang 669,
Shanghai 447) and reading each of them; the number of listings that have a form stands beside it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from pricing.billing import Billed, Tariff
from pricing.billing.ladder import Ladder
from pricing.billing.terms import Term, TermUnit
from pricing.money import Money
from pricing.tariffs.free import Free
from pricing.tariffs.negotiated import Negotiated
from pricing.tariffs.one_off import OneOff
from pricing.tariffs.package import Pack, Package
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.subscription import Subscription


@dataclass(frozen=True)
class Form:
    """An example of a form; `listings` have it, all of one exchange."""

    exchange: str
    listings: int
    price: str
    terms: tuple[str, ...]
    plan: Tariff

    @property
    def cell(self) -> str:
        return "\n\n".join(("", *self.terms, ""))


def mask(price: str, terms: str) -> tuple[str, str]:
    """Return the form of two cells: figures masked, white space and full-width forms evened out."""
    cells = (unicodedata.normalize("NFKC", cell) for cell in (price, terms))
    price, terms = (re.sub(r"\d+(\.\d+)?", "#", " ".join(cell.split())) for cell in cells)
    return price, terms


def _cny(text: str) -> Money:
    return Money.parse(f"{text} CNY")


def _packs(*rows: str, validity: str) -> tuple[str, ...]:
    table = "产品规格| 套餐调用次数（次）| 售价(元)| 单次价格  \n---|---|---|---  \n"
    kind = ("计费方式", "计费方式", "计费方式", "按套餐计费", "计费条件", "查得计费")
    packs = "".join(f"{row}  \n" for row in rows)
    return (*kind, "套餐类型", "调用次数套餐", f"{table}{packs}  ", "有效期", validity)


YEAR: Final = Term(1, TermUnit.YEAR)
ONE_OFF: Final = ("计费方式", "计费方式", "一口价", "售价(元)")

FORMS: Final = (
    Form("zhejiang", 735, "9000.00元", (*ONE_OFF, "9000.00"), OneOff(_cny("9000.00"))),
    # The price that is shown is open; the amount in the terms is where talks begin.
    Form("zhejiang", 5, "面议", (*ONE_OFF, "50000.00"), Negotiated(_cny("50000.00"))),
    Form(
        "zhejiang",
        38,
        "0.50元/次",
        (
            *("计费方式", "计费方式", "计费方式", "按量计费", "计费条件", "查得计费"),
            *("售价(元)", "0.50 元/次", "每日上限", "不限"),
        ),
        PerCall(Ladder.flat(_cny("0.50")), Billed.HITS),
    ),
    Form(
        "zhejiang",
        29,
        "3.90元/次",
        _packs("¥39.00/10次 | 10|  ¥39.00 |  ¥3.90元/次", validity="一年"),
        Package((Pack(10, _cny("39.00")),), YEAR),
    ),
    Form(
        "zhejiang",
        27,
        "1.35元/次",
        _packs("¥1.35/1次 | 1|  ¥1.35 |  ¥1.35元/次", validity="长期"),
        Package((Pack(1, _cny("1.35")),)),
    ),
    Form(
        "zhejiang",
        1,
        "0.08元/次",
        _packs(
            "¥15000.00/100000次 | 100000|  ¥15000.00 |  ¥0.15元/次",
            "¥50000.00/600000次 | 600000|  ¥50000.00 |  ¥0.08元/次",
            validity="一年",
        ),
        Package((Pack(100_000, _cny("15000")), Pack(600_000, _cny("50000"))), YEAR),
    ),
    Form(
        "zhejiang",
        1,
        "0.35元/次",
        _packs(
            "¥0.39/1次 | 1|  ¥0.39 |  ¥0.39元/次",
            "¥35.00/100次 | 100|  ¥35.00 |  ¥0.35元/次",
            validity="长期",
        ),
        Package((Pack(1, _cny("0.39")), Pack(100, _cny("35.00")))),
    ),
    Form(
        "zhejiang",
        1,
        "0.28元/次",
        _packs(
            "¥50000.00/138888次 | 138888|  ¥50000.00 |  ¥0.36元/次",
            "¥100000.00/312500次 | 312500|  ¥100000.00 |  ¥0.32元/次",
            "¥200000.00/714285次 | 714285|  ¥200000.00 |  ¥0.28元/次",
            validity="一年",
        ),
        Package(
            (
                Pack(138_888, _cny("50000")),
                Pack(312_500, _cny("100000")),
                Pack(714_285, _cny("200000")),
            ),
            YEAR,
        ),
    ),
    # The price of a day is that of a year of 360 days, rounded.
    Form(
        "zhejiang",
        1,
        "413.89元/天",
        (
            *("计费方式", "计费方式", "计费方式", "按套餐计费", "计费条件", "查得计费"),
            *("套餐类型", "包年包月套餐"),
            "产品规格| 套餐时长| 售价(元)| 单次价格  \n---|---|---|---  ",
            "¥149000.00/1年 | 1年|  ¥149000.00 |  ¥413.89元/天  \n  ",
            *("每日上限", "不限"),
        ),
        Subscription(_cny("149000.00"), YEAR, billed=Billed.HITS),
    ),
    Form("guiyang", 476, "面议", (), Negotiated()),
    Form("guiyang", 142, "免费", (), Free()),
    Form("guiyang", 51, "0.15元/次", (), PerCall(Ladder.flat(_cny("0.15")))),
    Form("shanghai", 447, "", (), Negotiated()),  # shows no price at all
)
