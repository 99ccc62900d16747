"""Matching: words of Chinese and Latin text, exact parts, and an order that is always the same."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.matching import Gist, Wish, grams, likeness, match, ranked, rarity
from exchange.records import read_record
from exchange.specsheet import PriceMode, SpecSheet
from pricing.money import Money
from tests.exchange.floor import SHEET

WISH = Wish("research", "CN", 90, sector="海洋", words=("逐时水温",), budget=Money(200_000))
OFFERED = read_record(SpecSheet, SHEET)


def test_chinese_is_read_in_pairs_and_latin_in_words() -> None:
    assert grams("海水温度 CTD-2，Ｔ") == {"海水", "水温", "温度", "ctd", "2", "t"}


def test_a_product_that_fits_has_nothing_in_the_way() -> None:
    found = match(WISH, "DP-1", OFFERED, {})
    assert found.obstacles == ()
    told = {part.name: (part.points, part.most) for part in found.parts}
    assert told == {
        "purpose": (200, 200),
        "region": (100, 100),
        "sector": (100, 100),
        "words": (333, 500),  # 水温 in the name counts whole; 逐时 and 时水 in the text or not
        "budget": (100, 100),
    }
    assert found.points == sum(part.points for part in found.parts)


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        ({"purpose": "advertising"}, "purpose:"),
        ({"region": "US"}, "region:"),
        ({"term_days": 400}, "term_days:"),
        ({"onward_transfer": True}, "onward_transfer:"),
        ({"public_release": True}, "public_release:"),
        ({"budget": Money(99_999)}, "budget:"),
    ],
)
def test_what_stands_in_the_way_is_told_by_name(change: dict[str, object], obstacle: str) -> None:
    found = match(replace(WISH, **change), "DP-1", OFFERED, {})  # type: ignore[arg-type]
    assert [each.partition(" ")[0] for each in found.obstacles] == [obstacle]


@pytest.mark.parametrize(("region", "points"), [("CN-37", 100), ("CN-HK", 0)])
def test_a_region_within_one_that_is_allowed_fits(region: str, points: int) -> None:
    found = match(replace(WISH, region=region), "DP-1", OFFERED, {})
    told = {part.name: (part.points, part.says) for part in found.parts}
    assert told["region"][0] == points
    assert region in told["region"][1]
    assert found.fits is bool(points)


def test_a_negotiated_price_is_no_obstacle_and_half_a_fit() -> None:
    price = replace(OFFERED.price, mode=PriceMode.NEGOTIATED, amount=None)
    found = match(WISH, "DP-1", replace(OFFERED, price=price), {})
    assert found.fits
    assert [part.points for part in found.parts if part.name == "budget"] == [50]


def test_a_rare_word_weighs_more_than_one_that_everybody_has() -> None:
    gists = [
        Gist(grams(text), frozenset())
        for text in ("数据 水温", "数据 股价", "数据 路况", "数据 电价")
    ]
    weights = rarity(gists)
    assert weights["水温"] > weights["数据"] > 0
    wanted = grams("水温 数据")
    assert likeness(wanted, gists[0], weights) == 1_000
    assert likeness(wanted, gists[1], weights) < 500


texts = st.text(alphabet="海水温度潮汐港口a1 ", max_size=12)


@given(
    names=st.lists(texts.filter(str.strip), min_size=1, max_size=6), words=texts, seed=st.randoms()
)
def test_the_order_of_products_changes_nothing(names: list[str], words: str, seed: object) -> None:
    sheets = {
        f"DP-{n}": replace(OFFERED, basic=replace(OFFERED.basic, name=name))
        for n, name in enumerate(names)
    }
    wish = replace(WISH, words=(words,) if words else ())

    def found(order: list[str]) -> list[tuple[str, int]]:
        weights = rarity(Gist(grams(sheets[each].basic.name), frozenset()) for each in order)
        return [
            (each.product, each.points)
            for each in ranked(match(wish, number, sheets[number], weights) for number in order)
        ]

    order = list(sheets)
    once = found(order)
    seed.shuffle(order)  # type: ignore[attr-defined]
    assert found(order) == once
    assert all(0 <= points <= 1_000 for _, points in once)


# Real listings of three exchanges, read from where they are.


@pytest.fixture(scope="module")
def real(real_data: Path) -> list[tuple[str, Gist]]:
    found = []
    for name in ("shanghai", "zhejiang", "guiyang"):
        with (real_data / "listings" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                head = grams(f"{row['title']} {row.get('keyword') or ''}")
                text = " ".join(row.get(each) or "" for each in ("description", "use_case"))
                found.append((row["title"], Gist(head, grams(text) - head)))
    return found


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("企业工商信息查询", "工商"),
        ("农产品价格行情", "农产品"),
        ("气象预报 降雨", "气象"),
        ("电力消费 用电量", "电"),
        ("充电桩 运行", "充电桩"),
    ],
)
def test_real_listings_are_found_by_what_they_are_about(
    real: list[tuple[str, Gist]], words: str, about: str
) -> None:
    weights = rarity(each for _, each in real)
    wanted = grams(words)
    best = sorted(real, key=lambda each: (-likeness(wanted, each[1], weights), each[0]))[:3]
    assert sum(about in title for title, _ in best) >= 2, [title for title, _ in best]
