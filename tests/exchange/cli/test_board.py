"""``guapai board``: the search of the board, and the lines that a migration writes."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import create_engine

from exchange.board import Search
from exchange.services.search_board import search_board
from exchange.store.schema import config
from exchange.venue import DATABASE
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import DATA, STORE, Hall, sheet


@pytest.mark.parametrize(
    "asked",
    [
        [],
        ["近海", "浮标"],
        ["近海 浮标"],
        ["--sector", "海洋", "--type", "dataset", "--grade", "general-1", "--price", "one-off"],
        ["--covers-from", "2026-01-04", "--covers-to", "2026-01-04", "--box", "119,35,124,39"],
        ["--frequency", "static", "--format", "csv", "--quality", "0.8", "--sort", "quality"],
    ],
)
def test_what_answers_the_options_is_shown(listed: Hall, asked: list[str]) -> None:
    guapai = Guapai(listed.folder)
    found = guapai.json("board", *asked)
    assert [each["number"] for each in found.pop("board")] == [listed.number]
    assert found == {"whole": 1, "page": 1, "pages": 1}
    shown = guapai("board", *asked).stdout
    assert listed.number in shown
    assert "page 1" not in shown


@pytest.mark.parametrize(
    "asked", [["海浪"], ["--grade", "core"], ["--price", "free"], ["--box", "0,0,1,1"]]
)
def test_what_does_not_is_not_shown(listed: Hall, asked: list[str]) -> None:
    assert Guapai(listed.folder).json("board", *asked)["board"] == []


def test_a_board_of_many_pages_says_so_and_shows_the_newest_first(listed: Hall) -> None:
    first, listed.number = listed.number, ""
    listed.advance(seconds=60)
    second = listed.list(sheet(), DATA.replace("6.1", "6.0"))
    guapai = Guapai(listed.folder)
    assert [each["number"] for each in guapai.json("board")["board"]] == [second, first]
    found = guapai.json("board", "--size", 1, "--page", 2)
    assert [each["number"] for each in found.pop("board")] == [first]
    assert found == {"whole": 2, "page": 2, "pages": 2}
    assert "page 2 of 2, 2 products" in guapai("board", "--size", 1, "--page", 2).stdout


def test_what_breaks_its_rule_is_refused(listed: Hall) -> None:
    guapai = Guapai(listed.folder)
    assert guapai.error("board", "--quality", "2", code=2)["detail"].startswith("quality: ")
    assert guapai.error("board", "--page", "0", code=2)["detail"].startswith("page: ")
    assert guapai.error("board", *"abcdefghi", code=2)["detail"] == "words: more than 8 words"
    for asked in (["海"], ["--sort", "name"], ["--page", 2]):
        detail = guapai.error("board", "--all", *asked, code=2)["detail"]
        assert detail.startswith("--all: shows everything")


def test_everything_is_shown_on_demand(listed: Hall) -> None:
    other = listed.register("other.csv", DATA.replace("6.1", "6.9")).number
    guapai = Guapai(listed.folder)
    numbers = {each["number"] for each in guapai.json("board", "--all")["board"]}
    assert numbers == {listed.number, other}
    shown = guapai("board", "--all").stdout
    assert "registered" in shown
    assert "page" not in shown


@pytest.mark.skipif(STORE != "sqlite", reason="moves a SQLite store through its schemas")
def test_a_store_of_before_is_searched_once_it_is_migrated(listed: Hall) -> None:
    settings = config()
    engine = create_engine(f"sqlite:///{listed.folder / DATABASE}")
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0011")
    engine.dispose()
    guapai = Guapai(listed.folder)
    assert "run `guapai migrate`" in guapai.error("board", code=1)["detail"]
    assert guapai.json("migrate")["board"] == 1
    with listed.floor.read() as work:
        found = search_board(Search(words="水温"), work=work, floor=listed.floor)
    assert [line.number for line in found.lines] == [listed.number]
    assert guapai.json("reconcile")["passed"]
    assert guapai("migrate").stdout.splitlines()[0] == "the store has the newest schema"
