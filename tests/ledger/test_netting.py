"""Deals, cycles and defaults on the ledger: what one entry breaks, and what a whole cycle does."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from ledger.balances import Balances
from ledger.cycles import Cycles
from ledger.entries import Entry
from ledger.errors import BadAct
from tests.ledger.floor import DEAL, Floor, cny, full_history, play_the_cycles


def refused(floor: Floor, kind: str, words: str, who: str | None = None, **changes: Any) -> None:
    with pytest.raises(BadAct, match=words):
        floor.do(kind, who, **changes)


# One entry.


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"side": "broker"}, "deal: deal.filed.side: must be supplier or buyer"),
        ({"side": "supplier"}, "deal: PT-.* is not admitted as supplier"),
        ({"amount": cny(0)}, "money: a deal is of an amount above zero"),
        ({"due": "2026-01-04"}, "deal: the deal was due on 2026-01-04"),
        ({"until": "2026-01-05T09:00:00Z"}, "deal: the time to confirm ended at"),
        ({"products": ["GP-0000-0000-0000"]}, "needs: deal.filed needs product.registered"),
        ({"scenarios": ["SC-0000-0000-0000"]}, "needs: deal.filed needs scenario.approved"),
        ({"products": []}, "scenario: scenario/SC-.* is about GP-"),
    ],
)
def test_a_deal_out_of_order_is_not_filed(changes: dict[str, Any], words: str) -> None:
    refused(Floor().ready("deal.filed"), "deal.filed", words, **changes)


def test_a_deal_names_two_parties_one_product_and_one_scenario() -> None:
    floor = Floor().ready("deal.filed")
    product, scenario = floor.number("product"), floor.number("scenario")
    refused(floor, "deal.filed", "deal: nobody deals with itself", to=floor.ids["buyer"])
    other = floor.another()
    refused(floor, "deal.filed", "deal.filed.products: one at most", products=[product, other])
    twice = [scenario, scenario]
    refused(floor, "deal.filed", "deal.filed.scenarios: one at most", scenarios=twice)
    words = f"party: product/{other} is not the product of"
    refused(floor, "deal.filed", words, products=[other], scenarios=[])
    words = "scenario: scenario/SC-.* is not the scenario of"
    refused(floor, "deal.filed", words, "other-buyer")


def test_a_supplier_files_as_a_buyer_does() -> None:
    floor = Floor().ready("deal.filed")
    floor.do("deal.filed", "supplier", side="supplier", to=floor.ids["buyer"])
    assert floor.do("deal.confirmed", "buyer").actor == floor.ids["buyer"]


def test_only_who_is_named_confirms_and_only_in_time() -> None:
    floor = Floor().ready("deal.confirmed")
    refused(floor, "deal.confirmed", "party: deal/DL-.* is for", "rival")
    refused(floor, "deal.confirmed", "needs: .* signed by another participant", "buyer")
    refused(floor, "deal.confirmed", "needs: .* the one that filing names", filing="0" * 64)
    refused(floor, "deal.confirmed", "needs: .* for the same amount", amount=cny(1))
    filed = floor.now
    floor.now = filed + dt.timedelta(hours=9)
    refused(floor, "deal.confirmed", "deal: the time to confirm ended at")
    floor.now = filed + dt.timedelta(days=1)
    refused(floor, "deal.confirmed", "deal: the deal was due on")
    floor.now = filed
    floor.do("deal.confirmed")
    refused(floor, "deal.declined", "order: deal.declined cannot follow deal.confirmed")


def test_a_party_that_is_no_supplier_any_more_does_not_confirm() -> None:
    floor = Floor().ready("deal.confirmed")
    subject = f"participant/{floor.ids['supplier']}"
    floor.do("participant.suspended", subject=subject)
    floor.do("participant.admitted", subject=subject, roles=["buyer"])
    refused(floor, "deal.confirmed", "deal: PT-.* is not admitted as supplier")


def test_strangers_neither_decline_nor_end_a_deal() -> None:
    floor = Floor().ready("deal.declined")
    refused(floor, "deal.declined", "party: PT-.* is no party to deal/", "rival")
    floor.do("deal.confirmed")
    refused(floor, "deal.ended", "party: PT-.* is no party to deal/", "rival")


def test_nobody_drops_its_own_debt() -> None:
    floor = Floor().ready("deal.ended")
    refused(floor, "deal.ended", "deal: PT-.* owes for deal/DL-.* and cannot end it", "buyer")
    assert floor.do("deal.ended", "operator").kind == "deal.ended"


def test_what_is_only_filed_either_party_ends() -> None:
    floor = Floor().ready("deal.filed")
    floor.do("deal.filed", cleared=False)
    floor.do("deal.confirmed")
    floor.do("deal.ended", "buyer")


@pytest.mark.parametrize("kind", ["guarantee.contributed", "guarantee.returned"])
def test_everybody_moves_its_own_part_of_the_fund(kind: str) -> None:
    floor = Floor().ready(kind)
    refused(floor, kind, "party: account/PT-.* is not the account of", "supplier")
    refused(floor, kind, "money: guarantee.* is of an amount above zero", amount=cny(0))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subject": "cycle/2026-13-01"}, "cycle: cycle/2026-13-01 is not the cycle of a day"),
        ({"subject": "cycle/2027-01-01"}, "cycle: cycle/2027-01-01 is not the cycle of a day"),
        ({"after": ["2026-01-20"]}, "cycle: cycle.closed.after: the day of one earlier"),
        ({"after": ["2026-01-02", "2026-01-03"]}, "cycle: cycle.closed.after: the day of one"),
        ({"after": ["2026-01-02"]}, "needs: cycle.closed needs cycle.settled in cycle/2026-01-02"),
    ],
)
def test_a_cycle_is_of_a_day_that_has_begun(changes: dict[str, Any], words: str) -> None:
    refused(Floor().ready("cycle.closed"), "cycle.closed", words, **changes)


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("netting.paid", {"amount": cny(0)}, "money: netting.paid is of an amount above zero"),
        ("guarantee.used", {"amount": cny(0)}, "money: guarantee.used is of an amount above zero"),
        ("default.declared", {"left": cny(1)}, "money: the layers sum to 30001"),
        ("default.declared", {"held": {"minor": 0, "currency": "USD"}}, "more than one currency"),
        ("netting.received", {"amount": cny(0), "carried": cny(0)}, "received is above zero"),
        ("netting.received", {"carried": {"minor": 1, "currency": "USD"}}, "than one currency"),
        ("netting.paid", {"cycle": "2026-01-01"}, "needs: netting.paid needs cycle.closed in"),
    ],
)
def test_an_entry_of_a_cycle_out_of_order_is_refused(
    kind: str, changes: dict[str, Any], words: str
) -> None:
    refused(Floor().ready(kind), kind, words, **changes)


def test_nothing_enters_a_cycle_that_is_settled() -> None:
    floor = Floor().ready("cycle.settled")
    floor.do("cycle.settled")
    refused(floor, "netting.paid", "not ended by cycle.settled")
    refused(floor, "cycle.closed", "once: cycle.closed stands already")


def test_who_is_in_default_is_not_admitted_again_before_it_is_cured() -> None:
    floor = Floor().ready("default.cured")
    debtor = f"participant/{floor.ids['buyer']}"
    floor.do("participant.suspended", subject=debtor)
    words = "default: PT-.* is in default since the cycle of 2026"
    refused(floor, "participant.admitted", words, subject=debtor, roles=["buyer"])
    floor.do("default.cured")
    refused(floor, "default.cured", "default: account/PT-.* is not in default")
    floor.do("participant.admitted", subject=debtor, roles=["buyer"])


# A whole cycle.


def found_in(entries: list[Entry]) -> list[str]:
    cycles, balances = Cycles(), Balances()
    return [
        f"{entry.kind}: {found.rule}: {found.words}"
        for entry in entries
        for found in [*balances.take(entry), *cycles.take(entry)]
    ]


def test_the_whole_history_nets_as_its_deals_say() -> None:
    floor = full_history()
    assert found_in(list(floor.log.entries())) == []
    cycles = Cycles()
    for entry in floor.log.entries():
        list(cycles.take(entry))
    debtor, creditor = floor.ids["other-buyer"], floor.ids["rival"]
    assert cycles.owed() == []
    assert [cycles.carried(who, "CNY") for who in (debtor, creditor)] == [0, 0]
    assert [cycles.part(floor.ids[who], "CNY") for who in ("other-buyer", "expert")] == [0, 0]
    assert not cycles.in_default(debtor)


def test_an_auditor_sees_the_fold_in_the_middle() -> None:
    floor = Floor().open()
    play_the_cycles(floor)
    cycles, entries = Cycles(), list(floor.log.entries())
    for entry in entries[: next(i for i, e in enumerate(entries) if e.kind == "cycle.settled") + 1]:
        assert list(cycles.take(entry)) == []
    debtor, creditor, member = (floor.ids[who] for who in ("other-buyer", "rival", "expert"))
    assert cycles.in_default(debtor)
    assert cycles.carried(debtor, "CNY") == -300
    assert (cycles.carried(creditor, "CNY"), cycles.carried(member, "CNY")) == (250, 50)
    assert cycles.part(member, "CNY") == 0


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("deal.confirmed", "cycle.closed: netting: due by 2026-01-05 are 0 obligations of 0"),
        ("netting.paid", "cycle.settled: netting: default.declared.amount of PT-"),
        ("default.declared", "cycle.settled: netting: default.declared.amount of PT-"),
        ("guarantee.used", "cycle.settled: netting: guarantee.used of PT-.* is 0 CNY"),
        ("netting.received", "cycle.settled: netting: netting.received of PT-.* is 0 CNY"),
        ("default.cured", "cycle.settled: default: PT-.* is out of default"),
        ("cycle.settled", "cycle.closed: cycle: the cycle of 2026-01-05 was closed and not"),
    ],
)
def test_an_entry_that_a_cycle_lacks_is_found(kind: str, words: str) -> None:
    floor = Floor().open()
    play_the_cycles(floor)
    entries = list(floor.log.entries())
    last = [e for e in entries if e.kind == kind][-1 if kind == "deal.confirmed" else 0]
    found = found_in([entry for entry in entries if entry is not last])
    assert any(re.match(words, one) for one in found), found


def cycle_with(kind: str, **changes: Any) -> list[str]:
    """Play the buyer's cycle, with one entry of it changed, and return what the folds find."""
    floor = Floor().ready("cycle.closed")
    for step in (
        "cycle.closed",
        "netting.paid",
        "default.declared",
        "guarantee.used",
        "netting.received",
        "cycle.settled",
    ):
        floor.do(step, **(changes if step == kind else {}))
    return found_in(list(floor.log.entries()))


def test_the_cycle_of_the_examples_is_right() -> None:
    assert cycle_with("nothing") == []


def test_a_cycle_that_counts_wrong_is_found() -> None:
    [found] = cycle_with("cycle.closed", obligations=2)
    assert "due by 2026-01-12 are 1 obligations of 2 parties, 120000 CNY" in found
    assert len(cycle_with("cycle.closed", gross=[cny(1)])) == 1
    [found] = cycle_with("cycle.settled", carried=[])
    assert "cycle.settled.carried: the entries come to {'CNY': 20000}" in found
    [found] = cycle_with("cycle.settled", defaults=0)
    assert "1 parties did not pay" in found


def test_who_pays_more_than_its_net_is_found() -> None:
    found = cycle_with("netting.paid", amount=cny(120_001))
    assert any("the net of PT-" in one and "it does not pay that" in one for one in found)


def test_a_default_of_who_has_money_is_found() -> None:
    found = cycle_with("netting.paid", amount=cny(60_000))
    assert any("default: participant/PT-" in one and "has 10000 CNY to pay with" in one
               for one in found)  # fmt: skip
    held: dict[str, Any] = {"amount": cny(60_000), "left": cny(30_000), "held": cny(10_000)}
    floor = Floor().ready("cycle.closed")
    floor.do("cycle.closed")
    floor.do("netting.paid", amount=cny(60_000))
    floor.do("default.declared", **held)
    assert found_in(list(floor.log.entries())) == []


def test_a_layer_that_is_skipped_is_found() -> None:
    found = cycle_with("default.declared", contribution=cny(0), left=cny(50_000))
    assert any("default.declared.contribution of PT-" in one for one in found)
    assert any("default.declared.left of PT-" in one for one in found)


def test_a_claim_that_is_lost_is_found() -> None:
    [found] = cycle_with("netting.received", carried=cny(0))
    assert "carries 0 CNY and claims 20000" in found


def test_money_that_stays_in_a_cycle_is_found() -> None:
    found = cycle_with("netting.received", amount=cny(99_999))
    assert any("1 CNY came into cycle/2026-01-12 and did not leave" in one for one in found)


def test_no_obligation_is_netted_twice() -> None:
    floor = Floor().open()
    play_the_cycles(floor)
    before = floor.today()
    floor.now += dt.timedelta(days=1)
    facts: dict[str, Any] = {
        "after": [before],
        "obligations": 1,
        "parties": 2,
        "gross": [cny(1_000)],
    }
    floor.do("cycle.closed", **facts)
    [found] = found_in(list(floor.log.entries()))
    assert "due by 2026-01-07 are 0 obligations of 0 parties, nothing" in found


def test_a_cycle_follows_the_newest_one() -> None:
    floor = Floor().open()
    play_the_cycles(floor)
    floor.now += dt.timedelta(days=1)
    floor.do("cycle.closed", after=["2026-01-05"], obligations=0, parties=0, gross=[])
    [found] = found_in(list(floor.log.entries()))
    assert "the newest cycle before 2026-01-07 is 2026-01-06" in found


def test_who_owes_takes_nothing_out_of_the_fund() -> None:
    floor = Floor().ready("cycle.closed")
    floor.do("guarantee.returned")
    [found] = found_in(list(floor.log.entries()))
    assert "guarantee.returned: guarantee: PT-" in found
    assert "owes what was not netted yet: its part stays" in found


def test_nobody_takes_more_than_its_part_out_of_the_fund() -> None:
    floor = Floor().ready("guarantee.returned")
    floor.do("guarantee.returned", amount=cny(30_001))
    found = found_in(list(floor.log.entries()))
    assert any("has 30000 CNY in the fund" in one for one in found)
    assert any("guarantee/PT-" in one and "leave it" in one for one in found)


def test_a_deal_that_ended_is_not_owed() -> None:
    floor = Floor().ready("deal.ended")
    floor.do("deal.ended")
    cycles = Cycles()
    for entry in floor.log.entries():
        assert list(cycles.take(entry)) == []
    assert cycles.owed() == []


def test_a_confirmed_deal_is_owed() -> None:
    floor = Floor().ready("cycle.closed")
    cycles = Cycles()
    for entry in floor.log.entries():
        list(cycles.take(entry))
    [owed] = cycles.owed()
    assert (owed.payer, owed.payee) == (floor.ids["buyer"], floor.ids["supplier"])
    assert owed.minor == DEAL["minor"]
