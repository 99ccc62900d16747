from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pricing.billing import Billed, Tariff
from pricing.billing.ladder import Ladder
from pricing.billing.terms import Term, TermUnit
from pricing.errors import BadInput
from pricing.money import Money
from pricing.plan import Plan
from pricing.tariffs.forms import SILENT, read_form
from pricing.tariffs.negotiated import Negotiated
from pricing.tariffs.package import Package
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.per_record import PerRecord
from pricing.tariffs.subscription import Subscription
from tests.pricing.price_forms import FORMS, Form, mask
from tests.pricing.statements import cny

BY_FORM = {(form.exchange, *mask(form.price, form.cell)): form for form in FORMS}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.exchange}-{form.price}")
def test_every_form_states_its_plan(form: Form) -> None:
    plan = read_form(form.price, form.cell)
    assert plan == form.plan
    assert Plan.from_record(Plan(plan).to_record()).tariff == plan


def test_no_form_stands_in_the_table_twice() -> None:
    assert len(BY_FORM) == len(FORMS)


def listings(folder: Path, exchange: str) -> Iterator[tuple[str, str]]:
    with (folder / "listings" / f"{exchange}.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield row.get("price", ""), row.get("price_type", "")


@pytest.mark.parametrize("exchange", ["zhejiang", "guiyang", "shanghai"])
def test_every_real_listing_has_a_form_of_the_table_and_states_such_a_plan(
    real_data: Path, exchange: str
) -> None:
    seen: Counter[Form] = Counter()
    for price, terms in listings(real_data, exchange):
        form = BY_FORM[exchange, *mask(price, terms)]
        plan = read_form(price, terms)
        assert type(plan) is type(form.plan)
        assert isinstance(plan, Negotiated) == (price.strip() == "面议" or price in SILENT)
        figure = shown(plan)
        assert figure is None or figure == Decimal(price.partition("元")[0])
        seen[form] += 1
    expected = {form: form.listings for form in FORMS if form.exchange == exchange}
    assert seen == expected


def shown(plan: Tariff) -> Decimal | None:
    """Return the figure that a listing of this plan shows as its price, in yuan."""
    match plan:
        case PerCall(ladder=ladder):
            rate = ladder.tiers[0].rate
            return Decimal(rate.amount.minor) / rate.per / 100
        case Package(packs=packs):
            return min(round(Decimal(pack.price.minor) / pack.units) for pack in packs) / Decimal(
                100
            )
        case Subscription(fee=fee):
            return round(Decimal(fee.minor) / 360) / Decimal(100)
    amount: Money | None = getattr(plan, "amount", None)
    return None if amount is None else Decimal(amount.minor) / 100


HITS = ("计费方式", "按量计费", "计费条件", "查得计费", "售价(元)")


@pytest.mark.parametrize(
    ("price", "terms", "plan"),
    [
        ("待完善", (), Negotiated()),
        ("0.0015元/条", (), PerRecord(Ladder.flat(Money(15), 100))),
        ("300元/月", (), Subscription(cny("300"), Term(1, TermUnit.MONTH))),
        ("￥０.５元／次", (), PerCall(Ladder.flat(cny("0.50")))),
        # A figure as somebody's spreadsheet wrote it; it is charged to the fen all the same.
        ("754300.0000000001元/次", (), PerCall(Ladder.flat(Money(7_543_000_000_000_001), 10**8))),
        (
            "0.50元/次",
            (*HITS, "0.50元/次", "每日上限", "1000次"),
            PerCall(Ladder.flat(cny("0.50")), Billed.HITS, day_calls=1_000),
        ),
        (
            "0.50元/次",
            (*HITS, "0.50元/次", "每日上限", "50元"),
            PerCall(Ladder.flat(cny("0.50")), Billed.HITS, day_max=cny("50")),
        ),
    ],
)
def test_forms_that_vary_those_of_the_table(
    price: str, terms: tuple[str, ...], plan: Tariff
) -> None:
    assert read_form(price, "\n".join(terms)) == plan


def pack(row: str, validity: str = "一年") -> tuple[str, ...]:
    header = ("产品规格|套餐调用次数（次）|售价(元)|单次价格", "---|---|---|---")
    return (
        "按套餐计费",
        "计费条件",
        "查得计费",
        "套餐类型",
        "调用次数套餐",
        *header,
        row,
        "有效期",
        validity,
    )


def yearly(row: str, limit: str = "不限") -> tuple[str, ...]:
    header = ("产品规格|套餐时长|售价(元)|单次价格", "---|---|---|---")
    return (
        "按套餐计费",
        "计费条件",
        "查得计费",
        "套餐类型",
        "包年包月套餐",
        *header,
        *row.split("\n"),
        "每日上限",
        limit,
    )


ONE_YEAR = "¥3600.00/1年|1年|¥3600.00|¥10.00元/天"


@pytest.mark.parametrize(
    ("price", "terms", "place"),
    [
        ("看着给", (), "price: '看着给' is not understood"),
        ("100元", (), "price: '100元' does not say for what"),
        ("-1元/次", (), "price: '-1元/次' is not understood"),
        ("1e3元/次", (), "price: '1e3元/次' is not understood"),
        ("٣元/次", (), "price: '٣元/次' is not understood"),
        ("1.005元/月", (), "price: 1.005 yuan is no whole number of fen"),
        ("9999999999999.0000000001元/次", (), r"price: more than 2\^53"),
        ("9元", ("计费方式", "拍卖"), "terms: line 2: '拍卖' where 一口价 or 按量计费"),
        ("9元", ("计费方式",), "terms: end where 一口价"),
        ("9元", ("一口价", "售价(元)"), "terms: end where an amount"),
        ("9元", ("一口价", "售价(元)", "9.00", "不含税"), "terms: line 4: '不含税' where the end"),
        ("9元", ("一口价", "售价(元)", "8.00"), "price: '9元' is not what the terms state"),
        ("9元/次", ("一口价", "售价(元)", "9.00"), "price: '9元/次' is not what the terms state"),
        ("1元/次", ("按量计费", "售价(元)"), r"terms: line 2: '售价\(元\)' where 计费条件"),
        ("1元/次", ("按量计费", "计费条件", "查询计费"), "terms: line 3: '查询计费' where 查得"),
        ("1元/次", (*HITS, "1元/条"), "terms: line 6: '1元/条' where a price for a call"),
        ("1元/次", (*HITS, "2元/次"), "price: '1元/次' is not what the terms state"),
        ("1元/次", (*HITS, "1元/次", "每日上限", "1.5次"), "line 8: '1.5次' where a whole number"),
        ("1元/次", (*HITS, "1元/次", "每日上限", "很多"), "terms: line 8: '很多' where 不限"),
        ("1元/次", pack("¥9/9次|9|¥9"), "terms: line 8: .* where four cells"),
        ("1元/次", pack("¥9/9次|九|¥9|¥1元/次"), "terms: line 8: .* where a pack"),
        ("1元/次", pack("¥9/8次|9|¥9|¥1元/次"), "terms: line 8: .* where a pack whose cells agree"),
        ("1元/次", pack("¥9/9次|9|¥9|¥2元/次"), "terms: line 8: .* where a pack whose cells agree"),
        ("2元/次", pack("¥9/9次|9|¥9|¥1元/次"), "price: '2元/次' is not what the terms state"),
        ("1元/次", pack("¥9/9次|9|¥9|¥1元/次", "许久"), "terms: line 10: '许久' where 长期"),
        ("1元/次", pack("无"), "terms: line 9: '有效期' where a row"),
        ("10元/天", yearly(ONE_YEAR.replace("|1年|", "|2年|")), "line 8: .* whose cells agree"),
        ("10元/天", yearly(ONE_YEAR.replace("10.00元/天", "11.00元/天")), "line 8: .* cells agree"),
        ("10元/天", yearly(ONE_YEAR.replace("|1年|", "|许久|")), "line 8: .* where a subscription"),
        ("10元/天", yearly(f"{ONE_YEAR}\n{ONE_YEAR}"), "line 9: .* where one length"),
        ("10元/天", yearly(ONE_YEAR, "50元"), "line 10: .* where a daily limit in calls"),
        ("11元/天", yearly(ONE_YEAR), "price: '11元/天' is not what the terms state"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_its_place(
    price: str, terms: tuple[str, ...], place: str
) -> None:
    with pytest.raises(BadInput, match=place):
        read_form(price, "\n".join(terms))
