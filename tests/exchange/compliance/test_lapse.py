"""Until when a verdict holds: each thing that ends it, and the day before it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from exchange.compliance import (
    Answer,
    ListingCase,
    Opinion,
    Rule,
    RulePack,
    Severity,
    Stage,
    clear,
    fired,
)
from exchange.compliance.china import PACK
from exchange.compliance.evidence import ASSESSMENT_DAYS_MAX
from exchange.compliance.lapse import lasts, turns_of
from tests.exchange.compliance.cases import (
    ASSESSOR,
    ATTESTED,
    EXPERT,
    ON,
    REVIEWER,
    SHEET,
    SUPPLIER,
    attestation,
    listing,
    paper,
)

LAST = ON + dt.timedelta(days=40)
HORIZON = ON + dt.timedelta(days=ASSESSMENT_DAYS_MAX)
DAY = dt.timedelta(days=1)


def licensed(which: str) -> ListingCase:
    """The clean case, in which the licence of one party ends on the day LAST."""
    case = listing()
    if case.supplier is not None and case.supplier.id == which:
        return replace(case, supplier=replace(case.supplier, licensed_until=LAST))
    party = replace(case.reviewers[which], licensed_until=LAST)
    return replace(case, reviewers={**case.reviewers, which: party})


def ending() -> Iterator[tuple[str, ListingCase]]:
    """Every case that passes to the day LAST and not on the day after."""
    yield "an attestation ends", listing(attestations=(attestation(SHEET, valid_until=LAST),))
    issued = LAST - dt.timedelta(days=ASSESSMENT_DAYS_MAX)
    year = attestation(SHEET, issued_on=issued, valid_until=HORIZON)
    yield "an attestation is a year old", listing(attestations=(year,))
    no = attestation(SHEET, outcome=Opinion.REFUSED, issued_on=LAST + DAY, version=8)
    yield "a refusal begins", listing(attestations=(attestation(SHEET), no))
    yield "a document ends", replace(listing(), papers=(paper(valid_until=LAST),))
    for who in (SUPPLIER, ASSESSOR, EXPERT, REVIEWER):
        yield f"the licence of the {who.handle} ends", licensed(who.id)


@pytest.mark.parametrize(
    "case", [case for _, case in ending()], ids=[words for words, _ in ending()]
)
def test_a_verdict_holds_to_the_last_day_of_what_it_rests_on(case: ListingCase) -> None:
    assert lasts(case, PACK) == LAST


def test_a_verdict_holds_no_longer_than_an_assessment_may() -> None:
    endless = replace(
        listing(
            attested=(), attestations=(attestation(SHEET, issued_on=ON, valid_until=dt.date.max),)
        ),
        papers=(paper(),),
    )
    assert lasts(endless, PACK) == HORIZON


def test_the_first_end_counts() -> None:
    case = replace(
        listing(attestations=(attestation(SHEET, valid_until=LAST),)),
        papers=(paper(valid_until=LAST + DAY), paper(valid_until=LAST - DAY, verified=None)),
    )
    assert lasts(case, PACK) == LAST
    ended_both = replace(case, papers=(paper(valid_until=LAST - DAY),))
    assert lasts(ended_both, PACK) == LAST - DAY


def dated(check: Callable[[Any], Answer], stage: Stage = Stage.LISTING, **dates: dt.date) -> Rule:
    made = Rule(
        id="Z-01",
        statement="It is so",
        basis={"CN": "an article"},
        severity=Severity.BLOCK,
        check=check,
        evidence="none",
        stage=stage,
    )
    return replace(made, **dates)  # type: ignore[arg-type]


def pack(*rules: Rule) -> RulePack:
    return RulePack("test", "CN", "1", rules)


def always(_: object) -> Answer:
    return clear()


def never(_: object) -> Answer:
    return fired("it is not so")


def test_a_rule_that_begins_ends_the_verdict_the_day_before() -> None:
    begun = pack(dated(always), replace(dated(never, effective_from=LAST + DAY), id="Z-02"))
    assert lasts(listing(), begun) == LAST


def test_where_the_last_rule_ends_nothing_passes_any_more() -> None:
    assert lasts(listing(), pack(dated(always, effective_to=LAST))) == LAST


def test_what_begins_and_stops_nothing_is_passed_over() -> None:
    harmless = replace(dated(always, effective_from=LAST + DAY), id="Z-02")
    assert lasts(listing(attested=ATTESTED), pack(dated(always), harmless)) == HORIZON
    after = replace(dated(never, Stage.POST, effective_from=LAST + DAY), id="Z-02")
    assert lasts(listing(), pack(dated(always), after)) == HORIZON


def test_every_day_on_which_a_rule_may_say_otherwise_is_a_turn() -> None:
    """What begins may let a use through as well: a fast market asks again on these days alone."""
    ends = [LAST + days * DAY for days in range(0, 10, 2)]
    expert = replace(listing().reviewers[EXPERT.id], licensed_until=ends[0])
    case = replace(
        listing(attestations=(attestation(SHEET, issued_on=ON, valid_until=ends[1]),)),
        papers=(paper(issued_on=ends[2]), paper(issued_on=ON - DAY, valid_until=ends[3])),
        supplier=None,
        reviewers={EXPERT.id: expert},
    )
    from_to = replace(PACK.rules[0], effective_from=ON + DAY, effective_to=ends[4])
    always = replace(from_to, effective_from=None, effective_to=None)
    begin = {ON, ends[2], ON - DAY, ON + DAY}
    over = {ends[0] + DAY, ends[1] + DAY, ends[3] + DAY, ends[4] + DAY}
    assert set(turns_of(case, [from_to, always])) == begin | over
