"""The page of the board and its route: a form, its answers page by page, what is wrong with it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from exchange.board import LINES_MAX, BoardLine, Found, Search
from exchange.services import search_board
from exchange.web.pages import board
from exchange.web.pages.words import LANGUAGES, WORDS
from tests.exchange.web.test_pages import Reader
from tests.exchange.web.town import Town, csv, sheet

CARD = '<li class="card">'


def page(town: Town, query: str = "", status: int = 200) -> str:
    answer = town.app.test_client().get(f"/?lang=en{query}")
    assert answer.status_code == status
    return answer.text


def main_of(text: str) -> str:
    return text.partition("<main")[2]


def asked(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link.replace("&amp;", "&")).query)


@pytest.fixture
def many(market: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A board whose one product stands on it five times, two on a page."""
    found = search_board.search_board

    def repeated(search: Search, **others: object) -> Found:
        once = found(Search(words=search.words), **others)  # type: ignore[arg-type]
        lines: list[BoardLine] = [*once.lines] * 5
        start = (search.page - 1) * search.size
        return Found(lines[start : start + search.size], len(lines), search.page, search.size)

    monkeypatch.setattr(search_board, "search_board", repeated)
    monkeypatch.setattr(board, "CARDS", 2)
    return market


@pytest.mark.parametrize(
    "query",
    [
        "",
        "&words=潮流",
        "&words=TIDAL+currents",
        "&words=tide-data",
        "&type=dataset&grade=general-1&price=one-off&frequency=daily&format=csv&quality=0.9",
        "&words=&sector=&sort=name-en",
        "&covers_from=2026-11-22&covers_to=2026-11-22",
        "&utm_source=elsewhere",
    ],
)
def test_what_answers_the_form_is_shown(market: Town, query: str) -> None:
    text = page(market, query)
    assert text.count(CARD) == 1
    assert market.product in text


@pytest.mark.parametrize(
    "query",
    [
        *("&words=海浪", "&grade=core", "&format=netcdf", "&sector=x"),
        *("&covers_from=2026-11-23", "&covers_to=2026-11-19", "&box=0,0,1,1"),
    ],
)
def test_an_answer_without_a_product_says_what_to_do(market: Town, query: str) -> None:
    text = page(market, query)
    assert CARD not in text
    assert WORDS["board.none.note"][1] in text
    for link in ("/?lang=en", "/fit?lang=en", "/demands?lang=en"):
        assert f'<a href="{link}">' in main_of(text)


@pytest.mark.parametrize(
    ("query", "field", "rule"),
    [
        ("&grade=secret", "grade", "choice"),
        ("&sort=price", "sort", "choice"),
        ("&quality=2", "quality", "quality"),
        ("&words=a+b+c+d+e+f+g+h+i", "words", "words"),
        ("&words=" + "x" * 101, "words", "words"),
        ("&words=%00", "words", "words"),
        ("&covers_from=yesterday", "covers_from", "day"),
        ("&covers_from=2026-02-01&covers_to=2026-01-31", "covers_to", "day"),
        ("&box=119,39,124,35", "box", "box"),
        ("&sector=" + "x" * 201, "sector", "choice"),
    ],
)
def test_a_value_that_cannot_be_looked_for_is_named_with_its_rule(
    market: Town, query: str, field: str, rule: str
) -> None:
    text = page(market, query, 422)
    assert CARD not in text
    assert f"{WORDS['board.wrong'][1]}{WORDS[f'board.{field}'][1]}" in text
    assert WORDS[f"board.wrong.{rule}"][1] in text


def test_the_form_keeps_what_was_asked(market: Town) -> None:
    text = page(market, "&words=%3Cb%3E&grade=core&quality=0.85&sector=渔业&sort=quality")
    assert 'value="&lt;b&gt;"' in text
    for value in ("core", "0.85", "渔业", "quality"):
        assert f'<option value="{value}" selected>' in text
    assert "<details>" in text  # what was asked stands above the answer already
    assert "<details open>" in page(market, "&grade=secret", 422)


@pytest.mark.parametrize("query", ["", "&sort=name", "&page=2", "&words="])
def test_a_page_of_everything_names_no_condition(market: Town, query: str) -> None:
    assert 'class="asked"' not in page(market, query)


@pytest.mark.parametrize("answers", [True, False])
def test_each_condition_is_named_and_can_be_dropped(market: Town, answers: bool) -> None:  # noqa: FBT001
    words = "tidal" if answers else "海浪"
    text = page(market, f"&words={words}&grade=general-1&quality=0.9&sort=name")
    kept = {"words": words, "grade": "general-1", "quality": "0.9", "sort": "name", "lang": "en"}
    links = re.findall(r'<a class="badge" href="([^"]*)">', text)
    dropped = [kept.keys() - asked(link).keys() for link in links]
    assert dropped == [{"words"}, {"grade"}, {"quality"}]
    for link in links:
        assert asked(link) == {name: [kept[name]] for name in asked(link)}
    told = re.findall(r"Without </span>(.*?) <span", text)
    assert told == [f"Words: {words}", "Grade: general-1", "Quality when listed: ≥ 0.9"]


def test_the_form_offers_what_there_is_and_how_much(market: Town) -> None:
    text = page(market)
    assert '<option value="csv">csv (1)</option>' in text
    assert f'<option value="{sheet().basic.sector}">{sheet().basic.sector} (1)</option>' in text
    assert '<option value="渔业" selected>渔业 (0)</option>' in page(market, "&sector=渔业")


def test_a_form_offers_the_most_common_values_alone(
    market: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "OFFERED", 0)
    assert '<option value="csv"' not in page(market)
    assert '<option value="csv" selected>csv (1)</option>' in page(market, "&format=csv")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_of_the_form_has_its_label_and_no_form_needs_a_script(
    market: Town, lang: str
) -> None:
    text = market.app.test_client().get(f"/?lang={lang}").text
    fields = set(re.findall(r'<(?:select|input type="(?:search|date|text)") id="([^"]*)"', text))
    assert fields == {*board.FILTERS, "sort"}
    for field in fields:
        label = WORDS[f"board.{field}"][LANGUAGES.index(lang)]
        assert f'<label for="{field}">{label}</label>' in text
    assert '<form class="search" method="get" action="/" role="search">' in text
    reader = Reader()
    reader.feed(text)
    assert "script" not in reader.tags


def test_an_empty_board_has_no_form(town: Town) -> None:
    text = page(town)
    assert "<form" not in text
    assert WORDS["board.empty"][1] in text


def test_a_way_to_another_page_or_language_keeps_the_form(many: Town) -> None:
    first = page(many, "&words=tidal&grade=general-1&type=")
    assert first.count(CARD) == 2
    assert "Products found: 5" in first
    assert "Shown 1–2" in first
    assert 'rel="prev"' not in first
    (later,) = re.findall(r'<a rel="next" href="([^"]*)">', first)
    kept = {"lang": ["en"], "words": ["tidal"], "grade": ["general-1"]}
    assert asked(later) == kept | {"page": ["2"]}
    (other,) = re.findall(r'class="language" href="([^"]*)"', first)
    assert asked(other) == kept | {"lang": ["zh"]}
    last = many.app.test_client().get(later.replace("page=2", "page=3").replace("&amp;", "&")).text
    assert last.count(CARD) == 1
    assert "3 / 3" in last
    assert 'rel="next"' not in last
    (former,) = re.findall(r'<a rel="prev" href="([^"]*)">', last)
    assert asked(former) == kept | {"page": ["2"]}


def test_the_board_has_pages(many: Town) -> None:
    first, last = (main_of(page(many, f"&page={each}")) for each in ("1", "3"))
    assert "1 / 3" in first
    for beyond in ("4", "999999999999999999999"):
        assert main_of(page(many, f"&page={beyond}")) == last
    for none in ("0", "-1", "two"):
        assert main_of(page(many, f"&page={none}")) == first


def test_the_route_tells_a_page_and_of_how_many(market: Town, tmp_path: Path) -> None:
    told = market.client().get("/board").json
    (line,) = told.pop("products")
    assert told == {"whole": 1, "page": 1, "pages": 1}
    assert line["number"] == market.product
    assert line["supplier_name"].startswith("tide-data")
    assert (line["covers_from"], line["covers_to"], line["box"]) == (
        "2026-11-20",
        "2026-11-22",
        None,
    )
    assert (line["name_en"], line["format"], line["frequency"]) == (
        "Tidal currents",
        "csv",
        "daily",
    )
    assert "words" not in line
    assert market.client().get("/board?words=tidal&quality=0.9&sort=name").json["whole"] == 1
    nothing = market.client().get("/board?words=tidal&page=2").json
    assert nothing == {"products": [], "whole": 1, "page": 2, "pages": 1}
    file = tmp_path / "b.csv"
    file.write_bytes(csv(1))
    market.desk("tide-data").register(file, sheet(), [b"log"])
    assert market.client().get("/board").json["whole"] == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("grade=secret", "grade"),
        ("quality=2", "quality"),
        ("quality=nan", "quality"),
        ("quality=much", "quality"),
        ("sort=price", "sort"),
        ("page=0", "page"),
        ("page=two", "page"),
        (f"size={LINES_MAX + 1}", "size"),
        ("words=" + "x" * 101, "words"),
        ("words=%00", "words"),
        ("sector=", "sector"),
        ("covers_from=yesterday", "covers_from"),
        ("covers_to=2026-02-30", "covers_to"),
        ("colour=blue", "colour"),
    ],
)
def test_a_parameter_out_of_shape_is_named_with_its_rule(
    market: Town, query: str, field: str
) -> None:
    answer = market.app.test_client().get(f"/api/v1/board?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    errors = answer.get_json()["errors"]["query"]
    assert list(errors) == [field]
    assert all(errors[field])


def test_too_many_words_are_a_problem_that_names_them(market: Town) -> None:
    answer = market.app.test_client().get("/api/v1/board?words=a+b+c+d+e+f+g+h+i")
    assert answer.status_code == 422
    assert answer.get_json()["detail"] == "words: more than 8 words"


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("box=1,2,3", "box: is not west,south,east,north in decimal degrees"),
        ("covers_from=2026-02-01&covers_to=2026-01-31", "covers_to: before covers_from"),
    ],
)
def test_a_box_or_a_period_that_is_none_is_a_problem_that_names_it(
    market: Town, query: str, rule: str
) -> None:
    answer = market.app.test_client().get(f"/api/v1/board?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["detail"] == rule
