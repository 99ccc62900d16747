"""Packs that ask for less than the record does, that ask nothing, and whose rules are broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from exchange.compliance import Answer, ListingCase, Rule, RulePack, Severity, Stage, clear, fired
from exchange.errors import BadField, NotCompliant
from exchange.formats.chinese import said_in
from exchange.listing import ListingState
from exchange.services.adopt_pack import adopt_pack
from exchange.services.explain_listing import WANTED, explain_product
from exchange.services.lapse_listings import lapse_listings
from exchange.services.read_inbox import Duty, Task, read_inbox
from tests.exchange.floor import NOTICE, REPORT, Hall, sheet


def kept(case: ListingCase) -> Answer:
    del case
    return clear()


def raising(case: ListingCase) -> Answer:
    raise LookupError(str(case.on))


KEPT = Rule(
    id="J-01",
    statement="Nothing is asked",
    basis={"JP": "an article"},
    severity=Severity.BLOCK,
    check=kept,
    evidence="none",
    unlock="nothing",
)


def under(hall: Hall, *rules: Rule) -> Hall:
    """The same exchange, as it starts under another pack."""
    pack = RulePack(name="jp", jurisdiction="JP", version="1", rules=rules)
    hall.venue.floor = replace(hall.floor, pack=pack)
    adopt_pack(floor=hall.floor)
    return hall


def waiting(hall: Hall, handle: str) -> list[Task]:
    with hall.floor.read() as work:
        return [*read_inbox(work.participants.get(handle), work=work, floor=hall.floor)]


def duties(hall: Hall, *handles: str) -> list[list[str]]:
    return [[task.duty for task in waiting(hall, handle)] for handle in handles]


def standing(hall: Hall) -> tuple[bool, list[str]]:
    """Whether nothing stands in the way of the product, and what no rule is asked about."""
    with hall.floor.read() as work:
        explained = explain_product(hall.product(), work=work, floor=hall.floor)
        return explained.passed, [each.words for each in explained.obstacles]


JUDGES = ("assessor", "expert", "reviewer")


def test_a_pack_that_asks_for_nothing_asks_for_the_words_that_the_record_needs(hall: Hall) -> None:
    under(hall, KEPT)
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    hall.advance(seconds=NOTICE)
    assert standing(hall) == (False, [*WANTED.values()])
    assert duties(hall, "supplier", *JUDGES) == [[], [Duty.ATTEST], [Duty.SCORE], [Duty.VET]]
    assert waiting(hall, "assessor")[0].items == ("J-01",)
    size = hall.size
    with pytest.raises(NotCompliant, match="a quality expert's review"):
        hall.supplier.list(hall.number)
    assert hall.size == size  # and no verdict: no rule has refused it
    until = hall.today + dt.timedelta(days=365)
    hall.assessor.attest(hall.number, ["J-01"], report=REPORT, until=until, passed=True)
    assert duties(hall, *JUDGES) == [[], [Duty.SCORE], [Duty.VET]]
    hall.review()
    assert standing(hall) == (True, [])
    assert duties(hall, "supplier", *JUDGES) == [[Duty.REQUEST_LISTING], [], [], []]
    hall.supplier.list(hall.number)
    assert hall.product().listing is ListingState.LISTED


def test_a_word_that_goes_renews_no_verdict_and_is_asked_for_again(hall: Hall) -> None:
    under(hall, KEPT)
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    until = hall.today + dt.timedelta(days=30)
    hall.assessor.attest(hall.number, ["J-01"], report=REPORT, until=until, passed=True)
    hall.review()
    hall.advance(seconds=NOTICE)
    hall.supplier.list(hall.number)
    hall.advance(days=100)
    ran = lapse_listings(floor=hall.floor)
    assert not ran.renewed
    assert not ran.failed
    hall.house.suspend_listing(hall.number, "a complaint")
    (task,) = waiting(hall, "supplier")
    assert task.duty is Duty.REASSESS
    assert task.items == tuple(WANTED.values())[:1]


def test_where_an_assessors_word_clears_a_rule_no_other_is_attested(hall: Hall) -> None:
    heard = replace(KEPT, id="J-02", severity=Severity.ATTEST)
    under(hall, KEPT, heard)
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    assert waiting(hall, "assessor")[0].items == ("J-02",)
    until = hall.today + dt.timedelta(days=365)
    with pytest.raises(BadField, match="J-01 is decided by its check"):
        hall.assessor.attest(hall.number, ["J-01"], report=REPORT, until=until, passed=True)


def test_what_an_assessor_passed_under_another_pack_it_passes_no_more_to_no_effect(
    hall: Hall,
) -> None:
    heard = replace(KEPT, severity=Severity.ATTEST)
    under(hall, heard)
    hall.number = hall.register().number
    hall.supplier.submit_sheet(hall.number, sheet())
    until = hall.today + dt.timedelta(days=365)
    hall.assessor.attest(hall.number, ["J-01"], report=REPORT, until=until, passed=True)
    under(hall, KEPT, replace(heard, id="J-02"))
    with pytest.raises(BadField, match="J-01 is decided by its check"):
        hall.assessor.attest(hall.number, ["J-01"], report=REPORT, until=until, passed=True)


@pytest.mark.parametrize(
    "rules",
    [
        (),
        (replace(KEPT, effective_from=dt.date(2999, 1, 1)),),
        (replace(KEPT, effective_to=dt.date(1999, 1, 1)),),
        (replace(KEPT, stage=Stage.PLATFORM),),
    ],
    ids=["empty", "to come", "over", "of the exchange alone"],
)
def test_a_pack_without_a_rule_in_force_says_so_to_whoever_asks(
    listed: Hall, rules: tuple[Rule, ...]
) -> None:
    under(listed, *rules)
    words = "no rule of the pack jp 1 that judges a product is in force"
    assert listed.product().listing is ListingState.SUSPENDED
    passed, told = standing(listed)
    assert not passed
    assert words in told
    assert said_in("zh", words) == "规则包 jp 1 没有一条判定产品的规则现行有效"
    assert [task.items for task in waiting(listed, "house")] == [(words,)]
    assert [task.duty for task in waiting(listed, "house")] == [Duty.MEND_PACK]
    assert [(task.duty, task.items) for task in waiting(listed, "supplier")] == [
        (Duty.REASSESS, (words,))
    ]
    with pytest.raises(NotCompliant, match="no compliance rule was applied"):
        listed.supplier.list(listed.number)


def exiting(case: ListingCase) -> Answer:
    raise SystemExit(str(case.on))


def wordless(case: ListingCase) -> Answer:
    return Answer(clear(str(case.on)).outcome, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("broken", [raising, exiting, wordless])
def test_a_rule_that_raises_is_the_operators_to_mend(
    listed: Hall, broken: Callable[[ListingCase], Answer]
) -> None:
    under(listed, KEPT, replace(KEPT, id="J-02", check=broken, unlock="attest"))
    assert listed.product().listing is ListingState.SUSPENDED
    (task,) = waiting(listed, "house")
    assert (task.duty, task.items, task.title) == (Duty.MEND_PACK, ("J-02",), "jp 1")
    assert duties(listed, "supplier", "assessor") == [[Duty.REASSESS], []]
    assert not standing(listed)[0]
    assert not lapse_listings(floor=listed.floor).failed
    under(listed, KEPT)
    assert duties(listed, "house") == [[]]


def test_who_leaves_the_board_for_another_pack_is_told_which(listed: Hall) -> None:
    refusing = replace(KEPT, id="J-03", check=lambda case: fired(f"it is {case.on:%Y}"))
    under(listed, refusing, replace(refusing, id="J-04"))
    (task,) = waiting(listed, "supplier")
    (words,) = task.why
    assert words == "the exchange adopted the pack jp 1: J-03: it is 2026 (also J-04)"
    chinese = {**listed.floor.pack.chinese, "it is {year}": "今年是 {year} 年"}
    told = said_in("zh", words, chinese)
    assert told == "交易所改用规则包 jp 1：J-03：今年是 2026 年（另有 J-04）"


def test_what_had_run_out_when_another_pack_was_adopted_is_told_that_alone(listed: Hall) -> None:
    listed.advance(days=366)
    under(listed, KEPT)
    (task,) = waiting(listed, "supplier")
    assert task.why[0].startswith("what its verdict rests on ended on 2027-01-05")


@pytest.mark.parametrize("words", WANTED.values())
def test_what_the_record_needs_is_said_in_chinese(words: str) -> None:
    assert said_in("zh", words).startswith("无规则要求")
