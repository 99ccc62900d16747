"""The board is asked of the store: what is not on it is not read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.board import Found, Search
from exchange.listing import ListingState
from exchange.matching import Wish
from exchange.ports import UnitOfWork
from exchange.registration import Product
from exchange.services import fit_scenario, measure_quality
from exchange.services.fit_scenario import fit_products, terms_inherited
from exchange.services.lapse_listings import lapse_listings, recheck_resting_on
from exchange.services.search_board import line_for, search_board
from exchange.services.suspend_listing import suspend_all_of
from exchange.specsheet import Conditions
from exchange.store.books import SqlProducts, SqlRecords
from tests.exchange.floor import DATA, DERIVATION, EVIDENCE, NOTICE, SHEET, Hall, open_hall, sheet

WISH: Final = Wish("research", "CN", 30, words=("水温",))
STATES: Final = st.lists(st.sampled_from(ListingState), min_size=1, max_size=6)


def reading(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the set that the numbers of the products that are read from now on come into."""
    read: set[str] = set()
    plain = SqlProducts._read

    def listening(books: SqlProducts, row: tuple[object, ...]) -> Product:
        found = plain(books, row)
        read.add(found.number)
        return found

    monkeypatch.setattr(SqlProducts, "_read", listening)
    return read


def looked(hall: Hall, ask: Callable[[UnitOfWork], object]) -> object:
    with hall.floor.read() as work:
        return ask(work)


def written(hall: Hall, do: Callable[[UnitOfWork], object]) -> object:
    with hall.floor.write() as work:
        return do(work)


ASKING: Final[dict[str, Callable[[Hall], object]]] = {
    "fit": lambda hall: looked(hall, lambda work: fit_products(WISH, work=work, floor=hall.floor)),
    "lapse": lambda hall: lapse_listings(floor=hall.floor),
    "suspend": lambda hall: written(
        hall,
        lambda work: suspend_all_of(work.participants.get("counsel"), work=work, floor=hall.floor),
    ),
    "recheck": lambda hall: written(
        hall,
        lambda work: recheck_resting_on(
            work.participants.get("assessor"), work=work, floor=hall.floor
        ),
    ),
}


@pytest.mark.parametrize("name", ASKING)
def test_what_is_not_on_the_board_is_not_read_for_it(
    listed: Hall, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    listed.register("other.csv", DATA.replace("6.1", "6.9"))
    read = reading(monkeypatch)
    ASKING[name](listed)
    assert read == {listed.number}


@given(states=STATES)
@example(states=[ListingState.DELISTED, ListingState.LISTED, ListingState.SUSPENDED])
@settings(max_examples=15, deadline=None)
def test_what_is_listed_is_what_a_walk_over_all_finds(
    tmp_path_factory: pytest.TempPathFactory, states: list[ListingState]
) -> None:
    folder = tmp_path_factory.mktemp("board") / "exchange"
    with open_hall(folder, "listed") as hall, hall.floor.write() as work:
        model = work.products.get(hall.number)
        for nth, state in enumerate(states):
            other = replace(
                model,
                number=f"GP-{nth}",
                data=f"{nth:064}",
                listing=state,
                registered_at=f"2026-01-0{nth + 1}T00:00:00Z",
            )
            work.products.put(other)
        assert work.products.listed() == [
            each for each in work.products.all() if each.listing is ListingState.LISTED
        ]


def test_what_time_took_off_the_board_is_listed_for_the_store_and_shown_to_nobody(
    listed: Hall,
) -> None:
    with listed.floor.write() as work:
        last = listed.today - dt.timedelta(days=1)
        work.products.put(replace(listed.product(), valid_until=str(last)))
    with listed.floor.read() as work:
        assert [each.number for each in work.products.listed()] == [listed.number]
        assert search_board(Search(), work=work, floor=listed.floor).whole == 0


def test_only_what_was_derived_is_asked_where_it_comes_from(
    listed: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = SHEET["conditions"] | {"purposes": ["research"]}
    told = sheet(sources=[DERIVATION], conditions=narrow)
    file = listed.file("derived.csv", DATA.replace("6.1", "5.1"))
    made = listed.supplier.register(file, told, [EVIDENCE], parents=[listed.number]).number
    listed.supplier.submit_sheet(made, told)
    listed.attest(made)
    listed.review(made)
    listed.advance(seconds=NOTICE)
    listed.supplier.list(made)
    asked: list[str] = []

    def listening(number: str, work: UnitOfWork) -> list[tuple[str, Conditions]]:
        asked.append(number)
        return terms_inherited(number, work)

    monkeypatch.setattr(fit_scenario, "terms_inherited", listening)
    with listed.floor.read() as work:
        found = fit_products(WISH, work=work, floor=listed.floor)
        assert {each.product for each in found} == {listed.number, made}
        assert asked == [made]
        assert work.products.derivatives() == {made}


def test_a_sheet_that_expects_nothing_has_no_counts_to_look_for(
    listed: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_quality, "_entry", lambda *_: pytest.fail("reads the log"))
    assert looked(listed, lambda work: line_for(listed.product(), work))


def test_the_board_reads_neither_products_nor_records(
    listed: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reading(monkeypatch)
    monkeypatch.setattr(SqlRecords, "get", lambda *_: pytest.fail("reads a record"))
    found = looked(listed, lambda work: search_board(Search(), work=work, floor=listed.floor))
    assert isinstance(found, Found)
    assert [line.number for line in found.lines] == [listed.number]
    assert read == set()
