"""Demand over real services: posting, answers, matching both ways, and how it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from exchange.demands import ANSWERS_MAX, OPEN_MAX, Demand, DemandState, Posting
from exchange.errors import (
    BadField,
    DataDiffer,
    ExchangeError,
    Forbidden,
    IllegalTransition,
    NotCompliant,
    NotFound,
    Refused,
)
from exchange.matching import Wish
from exchange.ports import Floor, UnitOfWork
from exchange.records import to_record
from exchange.services import post_demand
from exchange.services.fit_scenario import fit_products, library_of, listed_sheets
from exchange.specsheet import SpecSheet
from ledger.canonical import encode
from pricing.money import Money
from tests.exchange.floor import DATA, Hall

POSTING = Posting(
    "近海逐时水温",
    "近岸浮标的逐时水温，一年以上。",
    Wish("research", "CN", 90, sector="海洋", budget=Money(200_000)),
    keywords=("水温", "浮标"),
)
FOREIGN = Posting("股票行情", "分钟级股票行情。", Wish("research", "CN", 90))


def posted(hall: Hall, posting: Posting = POSTING) -> Demand:
    return hall.buyer.post_demand(posting, brief="we pay more if need be")


def meets(hall: Hall, number: str = "") -> list[str]:
    with hall.floor.read() as work:
        product = work.products.get(number or hall.number)
        return [d.id for d, _ in post_demand.demands_met(product, work=work, floor=hall.floor)]


def test_a_demand_finds_the_listed_product_that_meets_it(listed: Hall) -> None:
    demand = posted(listed)
    with listed.floor.read() as work:
        (best, *_) = post_demand.supply_for(demand, work=work, floor=listed.floor)
        assert post_demand.posting_of(demand, work) == POSTING
    assert (best.product, best.fits) == (listed.number, True)
    assert best.points > 600


def test_the_board_is_read_for_a_product_only_where_a_demand_may_be_met(
    listed: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How rare words are takes every sheet; what stands in the way takes its own alone."""
    read: list[UnitOfWork] = []

    def listening(work: UnitOfWork, floor: Floor) -> Mapping[str, SpecSheet]:
        read.append(work)
        return listed_sheets(work, floor)

    monkeypatch.setattr(post_demand, "listed_sheets", listening)
    posted(listed, replace(POSTING, wish=replace(POSTING.wish, purpose="insurance")))
    assert meets(listed) == []
    assert read == []
    demand = posted(listed)
    assert meets(listed) == [demand.id]
    assert len(read) == 1


def test_what_is_off_the_board_by_an_entry_or_by_time_meets_no_demand(listed: Hall) -> None:
    demand = posted(listed)
    assert meets(listed) == [demand.id]
    with listed.floor.write() as work:
        ended = listed.today - dt.timedelta(days=1)
        work.products.put(replace(listed.product(), valid_until=str(ended)))
    assert meets(listed) == []
    listed.house.suspend_listing(listed.number, "why")
    assert meets(listed) == []
    assert meets(listed, listed.register("other.csv", DATA.replace("6.1", "6.9")).number) == []


def test_a_listed_product_finds_the_demands_that_it_meets_and_no_other(listed: Hall) -> None:
    demand = posted(listed)
    posted(listed, FOREIGN)
    posted(listed, replace(POSTING, wish=replace(POSTING.wish, purpose="advertising")))
    assert meets(listed) == [demand.id]
    listed.buyer.close_demand(demand.id, "withdrawn", "found elsewhere")
    assert meets(listed) == []


def test_a_filing_begins_from_an_answer(listed: Hall) -> None:
    demand = posted(listed)
    answer = listed.supplier.answer_demand(demand.id, "ours", product=listed.number)
    scenario, _ = listed.buyer.file_scenario(listed.filing(answer=answer.id, term_days=90))
    closed = listed.buyer.close_demand(demand.id, "met", "found", answer=answer.id)
    assert (closed.state, closed.met_by) == (DemandState.MET, answer.id)
    with listed.floor.read() as work:
        filed = next(work.chain.store.of_kind(f"scenario/{scenario.id}", "scenario.filed"))
    assert filed.facts["answer"] == answer.id


def test_the_library_tells_what_a_product_was_approved_for_and_not_to_whom(listed: Hall) -> None:
    first = listed.scenario()
    listed.scenario("rival")
    listed.scenario(term_days=30, sector="fishing")
    with listed.floor.read() as work:
        found = library_of(work.products.get(listed.number), work).precedents
    assert [(each.term_days, each.sector, each.times) for each in found] == [
        (365, "", 2),
        (30, "fishing", 1),
    ]
    buyers = {listed.participant(who).id for who in ("buyer", "rival")}
    assert not any(buyer in str(to_record(each)) for each in found for buyer in buyers)
    like, _ = listed.buyer.file_scenario(listed.filing(like=first))
    assert like.approved_on is not None


def test_products_that_fit_a_use_come_first(listed: Hall) -> None:
    with listed.floor.read() as work:
        (found,) = fit_products(Wish("research", "US", 90), work=work, floor=listed.floor)
    assert found.product == listed.number
    assert [each.partition(":")[0] for each in found.obstacles] == ["region"]


def test_the_house_records_the_end_of_a_demand_once(listed: Hall) -> None:
    demand = listed.buyer.post_demand(POSTING, days=3)
    listed.advance(days=3, seconds=1)
    assert meets(listed) == []
    with pytest.raises(Refused, match="until"):
        listed.supplier.answer_demand(demand.id, "late", product=listed.number)
    assert [each.id for each in post_demand.expire_demands(floor=listed.floor)] == [demand.id]
    assert post_demand.expire_demands(floor=listed.floor) == ()


def test_a_posting_may_be_sent_again_and_changes_nothing(listed: Hall) -> None:
    until = (listed.floor.clock() + dt.timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    facts = post_demand.posting_facts(POSTING, until)
    with listed.floor.write() as work:
        digest = work.records.put(encode(to_record(POSTING)), public=True)
    signed, openings = listed.commit(
        "buyer", "demand.posted", None, facts | {"posting": digest}, {"brief": ""}
    )
    first = post_demand.post_demand(signed, openings, POSTING, floor=listed.floor)
    size = listed.size
    again = post_demand.post_demand(signed, openings, POSTING, floor=listed.floor)
    assert (again, listed.size) == (first, size)
    changed = facts | {"posting": digest, "title": "x"}
    other, opens = listed.commit("buyer", "demand.posted", None, changed, {"brief": ""})
    with pytest.raises(DataDiffer, match=r"act\.facts\.title"):
        post_demand.post_demand(other, opens, POSTING, floor=listed.floor)


# Refusals.


def a_supplier_posts(hall: Hall) -> Any:
    return hall.supplier.post_demand(POSTING)


def one_too_many(hall: Hall) -> Any:
    for _ in range(OPEN_MAX):
        posted(hall)
    return posted(hall)


def for_two_years(hall: Hall) -> Any:
    return hall.buyer.post_demand(POSTING, days=700)


def an_answer_with_a_product_of_another(hall: Hall) -> Any:
    return hall.contributor.answer_demand(posted(hall).id, "ours", product=hall.number)


def an_answer_with_a_product_off_the_board(hall: Hall) -> Any:
    hall.house.suspend_listing(hall.number, "a complaint")
    return hall.supplier.answer_demand(posted(hall).id, "ours", product=hall.number)


def an_answer_with_nothing(hall: Hall) -> Any:
    return hall.supplier.answer_demand(posted(hall).id, "soon")


def a_promise_for_yesterday(hall: Hall) -> Any:
    day = hall.today - dt.timedelta(days=1)
    return hall.supplier.answer_demand(posted(hall).id, "soon", ready_by=day)


def the_same_product_twice(hall: Hall) -> Any:
    demand = posted(hall)
    hall.supplier.answer_demand(demand.id, "ours", product=hall.number)
    return hall.supplier.answer_demand(demand.id, "ours", product=hall.number)


def an_answer_too_many(hall: Hall) -> Any:
    demand = posted(hall)
    for n in range(ANSWERS_MAX + 1):
        hall.supplier.answer_demand(demand.id, "soon", ready_by=hall.today + dt.timedelta(days=n))


def an_answer_by_a_buyer(hall: Hall) -> Any:
    return hall.rival.answer_demand(posted(hall).id, "ours", product=hall.number)


def closed_by_another(hall: Hall) -> Any:
    return hall.rival.close_demand(posted(hall).id, "withdrawn", "not mine")


def removed_by_its_buyer(hall: Hall) -> Any:
    return hall.buyer.close_demand(posted(hall).id, "removed", "mine")


def met_by_nothing(hall: Hall) -> Any:
    return hall.buyer.close_demand(posted(hall).id, "met", "found")


def met_by_no_answer(hall: Hall) -> Any:
    return hall.buyer.close_demand(posted(hall).id, "met", "found", answer="0" * 64)


def closed_as_lost(hall: Hall) -> Any:
    return hall.buyer.close_demand(posted(hall).id, "lost", "lost")


def closed_twice(hall: Hall) -> Any:
    demand = posted(hall)
    for _ in range(2):
        hall.house.close_demand(demand.id, "removed", "an advertisement")


def a_filing_from_another_buyers_demand(hall: Hall) -> Any:
    answer = hall.supplier.answer_demand(posted(hall).id, "ours", product=hall.number)
    return hall.rival.file_scenario(hall.filing(answer=answer.id))


def a_filing_from_a_promise(hall: Hall) -> Any:
    answer = hall.supplier.answer_demand(posted(hall).id, "soon", ready_by=hall.today)
    return hall.buyer.file_scenario(hall.filing(answer=answer.id))


def a_filing_like_one_that_waits(hall: Hall) -> Any:
    many = tuple(f"recipient {n}" for n in range(11))
    return hall.buyer.file_scenario(hall.filing(like=hall.scenario(recipients=many)))


@pytest.mark.parametrize(
    ("attempt", "error", "words"),
    [
        (a_supplier_posts, Forbidden, "buyer"),
        (one_too_many, Refused, "has 20 demands open"),
        (for_two_years, Refused, "at most 366 days"),
        (an_answer_with_a_product_of_another, Forbidden, "is not a product of"),
        (an_answer_with_a_product_off_the_board, NotCompliant, "not on the board"),
        (an_answer_with_nothing, Refused, "an answer names a product, or a day"),
        (a_promise_for_yesterday, Refused, "promised too late"),
        (the_same_product_twice, Refused, "already"),
        (an_answer_too_many, Refused, "5 times"),
        (an_answer_by_a_buyer, Forbidden, "supplier"),
        (closed_by_another, Forbidden, "cannot close"),
        (removed_by_its_buyer, Forbidden, "cannot close"),
        (met_by_nothing, Refused, "met by an answer"),
        (met_by_no_answer, NotFound, "has no answer"),
        (closed_as_lost, BadField, "one of met, withdrawn, removed"),
        (closed_twice, IllegalTransition, "is removed already"),
        (a_filing_from_another_buyers_demand, Forbidden, "is another buyer's"),
        (a_filing_from_a_promise, BadField, "it answers with a promise"),
        (a_filing_like_one_that_waits, BadField, "no use that"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_is_refused(
    listed: Hall, attempt: Callable[[Hall], Any], error: type[ExchangeError], words: str
) -> None:
    with pytest.raises(error, match=words):
        attempt(listed)
