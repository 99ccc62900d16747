"""The board is searched as whoever walks over all lines would find, over SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exchange.board import (
    LINES_MAX,
    WORDS_AT_ONCE,
    WORDS_MAX,
    BoardLine,
    Box,
    Found,
    Search,
    Sort,
    fold,
    last_day,
    line_of,
    name_key,
)
from exchange.errors import BadField
from exchange.grading import Grade
from exchange.listing import ListingState
from exchange.ports import UnitOfWork
from exchange.records import read_record
from exchange.services.audit_provenance import reconcile
from exchange.services.register_product import profile_of
from exchange.services.search_board import (
    board_apart,
    board_counts,
    restore_board,
    search_board,
    search_up_to_the_last,
)
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import Extent, Frequency, Period, PriceMode, ProductType
from pricing.money import Money
from tests.exchange.floor import SHEET, Hall, open_hall, sheet

TODAY: Final = dt.date(2026, 1, 6)
DAYS: Final = ("2026-01-05", "2026-01-06", "2027-01-01")
NAMES: Final = ("黄海海浪观测", "Ｗave Buoys", "海温 100%", "a_b", "A-B", "GP", "渔场\\预报")
WORDS: Final = ("海浪", "WAVE", "%", "_", "\\", "b", "渔场 预报", "海", "'", "100%", "ｂｕｏｙ")


class Undone(Exception):
    """Ends a transaction whose rows are of one example alone."""


@contextmanager
def trying(hall: Hall) -> Iterator[UnitOfWork]:
    """Open a unit of work of which nothing stays."""
    try:
        with hall.floor.write() as work:
            yield work
            raise Undone
    except Undone:
        pass


def put(work: UnitOfWork, hall: Hall, lines: list[BoardLine]) -> None:
    """Have these lines on the board, each of a product of its own, and no others."""
    model = work.products.get(hall.number)
    work.board.discard(hall.number)
    for line in lines:
        other = replace(model, number=line.number, data=line.number.encode().hex().zfill(64))
        work.products.put(other)
        work.board.put(line)


def line(nth: int, hall: Hall, **changes: Any) -> BoardLine:
    plain = BoardLine(
        number=f"GP-{nth}",
        name="近海水温观测",
        name_en="",
        supplier=hall.product().supplier,
        sector="海洋",
        type=ProductType.DATASET,
        grade=Grade.GENERAL_1,
        frequency=Frequency.STATIC,
        format="csv",
        rows=6,
        price_mode=PriceMode.FREE,
        price=None,
        quality=9_000,
        listed_at="2026-01-05T10:00:00Z",
        until="2027-01-01",
        words="",
    )
    changes["covers_from"], changes["covers_to"] = changes.pop("period", (None, None))
    made = replace(plain, **changes)
    return replace(made, words=made.words or "\n".join(fold(each) for each in (made.name, "GP")))


YEAR: Final = ("2025-01-01", "2025-12-31")
PERIODS: Final = st.sampled_from((YEAR, ("2026-01-01", "2026-01-01"), ("2024-05-05", "2026-02-01")))
DEGREE: Final = 1_000_000
ACROSS: Final = (170 * DEGREE, 0, 190 * DEGREE, DEGREE)  # the 180th meridian
BOXES: Final = st.sampled_from(
    (
        (118, 35, 124, 39),
        (-130, -10, -120, 10),
        (230, -10, 240, 10),
        (170, 0, 190, 1),
        (0, -90, 360, 90),
    )
).map(lambda sides: tuple(side * DEGREE for side in sides))
LINES: Final = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(NAMES),
            "name_en": st.sampled_from(("", "waves", "Buoys")),
            "sector": st.sampled_from(("海洋", "渔业")),
            "format": st.sampled_from(("csv", "netcdf")),
            "type": st.sampled_from(ProductType),
            "grade": st.sampled_from(Grade),
            "price_mode": st.sampled_from(PriceMode),
            "price": st.sampled_from((None, Money(0), Money(5))),
            "frequency": st.sampled_from(Frequency),
            "quality": st.integers(8_999, 9_001),
            "until": st.sampled_from(DAYS),
            "listed_at": st.sampled_from(("2026-01-05T10:00:00Z", "2026-01-05T11:00:00Z")),
        },
        optional={"period": PERIODS, "box": BOXES},
    ),
    max_size=12,
)
ASKED: Final = st.fixed_dictionaries(
    {"sort": st.sampled_from(Sort), "page": st.integers(1, 3), "size": st.integers(1, 4)},
    optional={
        "words": st.sampled_from(WORDS),
        "sector": st.sampled_from(("海洋", "渔业", "海")),
        "format": st.sampled_from(("csv", "netcdf", "CSV")),
        "type": st.sampled_from(ProductType),
        "grade": st.sampled_from(Grade),
        "price": st.sampled_from(PriceMode),
        "frequency": st.sampled_from(Frequency),
        "quality": st.sampled_from(("0.9", "0.90001", "0", "1")),
        "covers_from": st.sampled_from(("2025-12-31", "2026-01-01")),
        "covers_to": st.sampled_from(("2026-01-01", "2026-01-02")),
        "box": st.sampled_from(
            ("124,39,125,40", "-180,-1,-170,2", "175,0,-175,1", "-300,0,-240,0", "235.5,9,236,11")
        ),
    },
)


def meets(box: Box | None, other: Box) -> bool:
    """Whether two boxes have a place in common, however often the round is told."""
    return box is not None and any(
        box[0] <= other[2] + turn * 360 * DEGREE
        and box[2] >= other[0] + turn * 360 * DEGREE
        and box[1] <= other[3]
        and box[3] >= other[1]
        for turn in range(-4, 5)
    )


def walked(lines: list[BoardLine], asked: Search) -> Found:
    """Find what a search asks for by looking at every line."""
    same = {
        "sector": asked.sector,
        "format": asked.format,
        "type": asked.type,
        "grade": asked.grade,
        "price_mode": asked.price,
        "frequency": asked.frequency,
    }
    found = [
        each
        for each in lines
        if each.until >= str(TODAY)
        and all(getattr(each, name) == value for name, value in same.items() if value)
        and Decimal(each.quality) / 10_000 >= (asked.quality or 0)
        and (not asked.covers_from or (each.covers_to or "") >= str(asked.covers_from))
        and (not asked.covers_to or "" < (each.covers_from or "") <= str(asked.covers_to))
        and (not asked.corners or meets(each.box, asked.corners))
        and all(word in each.words for word in fold(asked.words).split())
    ]
    found.sort(key=lambda each: (each.listed_at, each.number), reverse=True)
    if asked.sort is Sort.QUALITY:
        found.sort(key=lambda each: each.quality, reverse=True)
    if asked.sort is Sort.NAME:
        found.sort(key=lambda each: name_key(each.name))
    if asked.sort is Sort.NAME_EN:
        found.sort(key=lambda each: name_key(each.name_en or each.name))
    start = (asked.page - 1) * asked.size
    return Found(found[start : start + asked.size], len(found), asked.page, asked.size)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def market(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hall]:
    with open_hall(tmp_path_factory.mktemp("board") / "e", "listed", request.param) as opened:
        yield opened


@given(changes=LINES, asked=ASKED)
@example(changes=[], asked={"page": 2})
@example(changes=[{"until": "2026-01-06"}, {"until": "2026-01-05"}], asked={})
@example(changes=[{"name": "a_b"}, {"name": "A-B"}], asked={"words": "_"})
@example(changes=[{"name": "海温 100%"}, {"name": "GP"}], asked={"words": "%"})
@example(changes=[{"name": "渔场\\预报"}, {"name": "GP"}], asked={"words": "\\"})
@example(changes=[{}] * 4, asked={"size": 2, "page": 2})
@example(changes=[{}] * 4, asked={"size": 2, "page": 3})
@example(changes=[{"quality": 9_001}, {}], asked={"quality": "0.90001"})
@example(changes=[{"period": YEAR}, {}], asked={"covers_from": "2025-12-31"})
@example(changes=[{"period": YEAR}, {}], asked={"covers_to": "2025-01-01"})
@example(changes=[{"box": ACROSS}, {}], asked={"box": "-180,0,-175,0"})
@example(changes=[{"name": "中"}, {"name": "啊"}, {"name": "A"}], asked={"sort": "name"})
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_search_finds_what_a_walk_over_all_lines_finds(
    market: Hall, changes: list[dict[str, Any]], asked: dict[str, Any]
) -> None:
    search = read_record(Search, asked)
    with trying(market) as work:
        lines = [line(nth, market, **each) for nth, each in enumerate(changes)]
        put(work, market, lines)
        assert work.board.search(search, TODAY) == walked(lines, search)
        assert sorted(work.board.all(), key=lambda each: each.number) == sorted(
            lines, key=lambda each: each.number
        )
        standing = [each.sector for each in lines if each.until >= str(TODAY)]
        counts = sorted((each, standing.count(each)) for each in set(standing))
        assert sorted(work.board.counts("sector", TODAY)) == counts


@pytest.mark.parametrize(
    "words",
    [
        "海浪",
        "黄海海浪观测",
        "观测 黄海",
        "ＷＡＶＥ",
        "waves in the",
        "逐时",
        "浮标 wave",
        "海洋服务",
        "供数",
        "GP-",
    ],
)
def test_a_part_of_what_the_sheet_says_is_enough(hall: Hall, words: str) -> None:
    assert found(waves(hall), words) == [hall.number]


@pytest.mark.parametrize(
    "words", ["海 浪 潮", "%", "_", "wave%", "图", "buoys", "2026", "CGCS2000"]
)
def test_what_no_line_says_is_not_found(hall: Hall, words: str) -> None:
    assert found(waves(hall), words) == []


def waves(hall: Hall) -> Hall:
    """List a product about waves."""
    named = {
        "name": "黄海海浪观测",
        "name_en": "Waves in the Yellow Sea",
        "keywords": ["波高", "浮标"],
    }
    hall.list(sheet(basic=SHEET["basic"] | named))
    return hall


def found(hall: Hall, words: str = "", **asked: Any) -> list[str]:
    with hall.floor.read() as work:
        search = Search(words=words, **asked)
        return [each.number for each in search_board(search, work=work, floor=hall.floor).lines]


def test_the_number_of_a_product_finds_it_alone(listed: Hall) -> None:
    assert found(listed, listed.number.lower()) == [listed.number]
    assert found(listed, f"{listed.number}0") == []


def test_what_is_no_public_word_of_a_sheet_is_not_searched(listed: Hall) -> None:
    with listed.floor.read() as work:
        product = work.products.get(listed.number)
        (shown,) = search_board(Search(), work=work, floor=listed.floor).lines
        told = sheet_of(product, work)
    assert shown.words == "\n".join(
        fold(each)
        for each in (
            told.basic.name,
            told.basic.name_en,
            told.basic.description,
            told.basic.sector,
            told.basic.industry,
            *told.basic.keywords,
            listed.participant("supplier").name,
            listed.number,
        )
    )


def test_what_has_left_the_board_is_not_found(listed: Hall) -> None:
    assert found(listed) == [listed.number]
    listed.house.suspend_listing(listed.number, "on the desk")
    assert found(listed) == []
    with listed.floor.read() as work:
        assert list(work.board.all()) == []


def test_a_listing_that_holds_for_longer_stands_for_longer(listed: Hall) -> None:
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), valid_until="2026-01-05"))
    assert found(listed) == [listed.number]
    listed.advance(days=1)
    assert found(listed) == []
    with listed.floor.write() as work:
        work.products.put(replace(listed.product(), valid_until="2026-02-05"))
    assert found(listed) == [listed.number]


@pytest.mark.parametrize(
    ("valid", "registered", "last"),
    [
        ("2026-05-01", None, "2026-05-01"),
        ("2026-05-01", "", "2026-05-01"),
        ("2026-05-01", "2026-04-30T10:00:00Z", "2026-04-30"),
        ("2026-05-01", "2026-05-01T10:00:00Z", "2026-05-01"),
        (None, "2026-05-01T10:00:00Z", ""),
    ],
)
def test_the_last_day_is_that_of_the_product(
    listed: Hall, valid: str | None, registered: str | None, last: str
) -> None:
    product = replace(listed.product(), valid_until=valid, registered_until=registered)
    assert last_day(product) == last
    for day in (dt.date(2026, 4, 30), dt.date(2026, 5, 1), dt.date(2026, 5, 2)):
        stands = product.as_of(day).listing is ListingState.LISTED
        assert stands is (last >= str(day))


def test_a_page_beyond_the_last_is_empty_and_a_reader_is_shown_the_last(market: Hall) -> None:
    with trying(market) as work:
        put(work, market, [line(nth, market) for nth in range(5)])
        far = Search(page=9, size=2)
        beyond = search_board(far, work=work, floor=market.floor)
        assert (list(beyond.lines), beyond.whole, beyond.pages) == ([], 5, 3)
        last = search_up_to_the_last(far, work=work, floor=market.floor)
        assert [each.number for each in last.lines] == ["GP-0"]
        assert last.page == 3
        assert dict(board_counts("format", work=work, floor=market.floor)) == {"csv": 5}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"words": "海" * (WORDS_MAX + 1)}, "words"),
        ({"words": "a b c d e f g h i"}, "words"),
        ({"words": "a\x00"}, "words"),
        ({"words": "\udc80"}, "words"),
        ({"sector": "\u202e"}, "sector"),
        ({"format": "x" * 101}, "format"),
        ({"grade": "secret"}, "grade"),
        ({"quality": "1.1"}, "quality"),
        ({"quality": "nan"}, "quality"),
        ({"page": 0}, "page"),
        ({"page": 10**9}, "page"),
        ({"size": LINES_MAX + 1}, "size"),
        ({"sort": "price"}, "sort"),
        ({"covers_from": "yesterday"}, "covers_from"),
        ({"covers_from": "2026-01-02", "covers_to": "2026-01-01"}, "covers_to"),
        ({"box": "1,2,3"}, "box"),
        ({"box": "1,2,3,4,5"}, "box"),
        ({"box": "119,39,124,35"}, "box"),
        ({"box": "0,-91,1,1"}, "box"),
        ({"box": "0,0,1,91"}, "box"),
        ({"box": "361,0,1,1"}, "box"),
        ({"box": "0,0,-361,1"}, "box"),
        ({"box": "０,0,1,1"}, "box"),
        ({"box": "1" * 61}, "box"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_breaks_the_rule_of_its_field_is_named(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(BadField) as refused:
        read_record(Search, asked)
    assert refused.value.field == field


def test_as_many_words_as_are_allowed_are_looked_for() -> None:
    words = "a b c d e f g h"
    assert len(Search(words=f"{words} A Ｂ").terms) == WORDS_AT_ONCE == len(words.split())


def test_common_characters_are_sorted_by_their_pinyin() -> None:
    names = ["Wave", "啊", "波浪", "潮汐", "海浪", "水温", "渔场", "中国海"]
    mixed = [*names[4:], *names[:4]]
    assert sorted(mixed, key=name_key) == names


def test_a_line_is_what_its_records_say(listed: Hall) -> None:
    with listed.floor.read() as work:
        (shown,) = work.board.all()
        product = work.products.get(listed.number)
        told, measured = sheet_of(product, work), profile_of(product, work)
    score = shown.score
    due = functools.partial(line_of, product, told, measured, supplier="海洋数据公司")
    assert replace(due(score=score), words=shown.words) == shown
    assert (shown.format, shown.rows, shown.frequency) == ("csv", 6, "static")
    assert shown.price == Money(100_000)
    assert score == Decimal(shown.quality) / 10_000
    assert shown.listed_at == product.listed_at


def test_what_the_board_says_otherwise_is_told(listed: Hall) -> None:
    with listed.floor.read() as work:
        (shown,) = work.board.all()
    with listed.floor.write() as work:
        work.board.put(replace(shown, sector="渔业", words="else"))
    assert reconcile(floor=listed.floor).faults == (
        f"{listed.number}: its line on the board has another sector, words",
    )
    with listed.floor.write() as work:
        work.board.discard(listed.number)
    assert reconcile(floor=listed.floor).faults == (
        f"{listed.number}: is listed and has no line on the board",
    )
    assert restore_board(floor=listed.floor) == 1
    assert reconcile(floor=listed.floor).faults == ()
    assert found(listed) == [listed.number]
    listed.house.suspend_listing(listed.number, "on the desk")
    with listed.floor.write() as work:
        work.board.put(shown)
    assert reconcile(floor=listed.floor).faults == (
        f"{listed.number}: has a line on the board and is not listed",
    )
    assert restore_board(floor=listed.floor) == 0
    with listed.floor.read() as work:
        assert list(board_apart(work)) == []


@pytest.mark.parametrize(
    ("box", "corners"),
    [
        ("119,35,124,39", (119, 35, 124, 39)),
        (" +119 , 35.0,124 ,39", (119, 35, 124, 39)),
        ("170,-1,-170,1", (170, -1, 190, 1)),
        ("-360,-90,360,90", (-360, -90, 360, 90)),
        ("", None),
    ],
)
def test_a_box_is_told_in_degrees(box: str, corners: Box | None) -> None:
    found = Search(box=box).corners
    assert found == (corners and tuple(side * DEGREE for side in corners))


@pytest.mark.parametrize(
    ("declared", "days"),
    [
        (("2025", "2025"), ("2025-01-01", "2025-12-31")),
        (("2025-02", "2025-03"), ("2025-02-01", "2025-03-31")),
        (("2025-02-03", "2025-03-04T05:06:07Z"), ("2025-02-03", "2025-03-04")),
    ],
)
def test_what_is_not_measured_is_as_declared(
    listed: Hall, declared: tuple[str, str], days: tuple[str, str]
) -> None:
    with listed.floor.read() as work:
        product = work.products.get(listed.number)
        told, measured = sheet_of(product, work), profile_of(product, work)
    period = Period(*declared)
    extent = Extent(Decimal("170.0000005"), Decimal(-1), Decimal(-170), Decimal(1))
    told = replace(told, physical=replace(told.physical, period=period, extent=extent))
    line_due = functools.partial(line_of, product, told, supplier="", score=Decimal(1))
    plain = line_due(measured)
    assert (plain.covers_from, plain.covers_to) == ("2026-01-04", "2026-01-04")
    assert plain.box == (119_610_000, 35_410_000, 120_340_000, 36_080_000)
    bare = line_due(replace(measured, time=None, space=None))
    assert (bare.covers_from, bare.covers_to) == days
    assert bare.box == (170_000_000, -1_000_000, 190_000_000, 1_000_000)
    unsaid = replace(told, physical=replace(told.physical, period=None, extent=None))
    none = line_of(
        product,
        unsaid,
        replace(measured, time=None, space=None),
        supplier="",
        score=Decimal(1),
    )
    assert (none.covers_from, none.covers_to, none.box) == (None, None, None)
