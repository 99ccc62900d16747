"""One policy of all parts, judged when a price is quoted, at order, contract, delivery, access."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.errors import ExchangeError, Forbidden, NoScenario, NotFound, OutsidePolicy, Refused
from exchange.matching import Wish
from exchange.policy.intersection import recipients
from exchange.policy.policy import Policy
from exchange.policy.reading import read_policy
from exchange.services.access_delivery import Access, access_delivery
from exchange.services.deliver_product import open_delivery
from exchange.services.execute_trade import terms_of
from exchange.services.fit_scenario import fit_products
from exchange.services.judge_use import Moment, offered_policy, policy_of, require_allowed
from exchange.services.replay_verdicts import Replayed, replay_verdicts
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import Conditions
from exchange.trading import Trade
from ledger.access import accesses
from ledger.canonical import decode
from tests.exchange.floor import DATA, Hall, open_hall, sheet

UNITS = {
    "purposes": ["research", "shipping"],
    "regions": ["CN"],
    "time_limit": "units-then-erased",
    "term_days": 365,
    "units": 3,
    "prohibited": ["resale"],
}


def access(hall: Hall, trade: Trade) -> Access:
    return access_delivery(trade.id, by=trade.buyer, floor=hall.floor)


def policy(hall: Hall, trade: Trade) -> Policy:
    with hall.floor.read() as work:
        terms, scenario = terms_of(trade.terms, work), work.scenarios.get(trade.scenario)
        return policy_of(terms, scenario, work)


def test_the_policy_stands_in_a_public_record_that_the_terms_name(listed: Hall) -> None:
    trade = listed.order()
    with listed.floor.read() as work:
        terms = terms_of(trade.terms, work)
        stored = work.records.get(terms.policy)
        assert terms.policy in dict(work.records.public())
    found = read_policy(decode(stored))
    assert (found.digest, found.record) == (terms.policy, stored)
    assert found == policy(listed, trade)
    assert b"laboratory" not in stored  # who will see the data can be erased, a record cannot
    assert recipients(trade.scenario).encode() in stored


def test_each_access_is_counted_on_the_chain(listed: Hall) -> None:
    trade = listed.deliver()
    first, second = access(listed, trade), access(listed, trade)
    assert (first.count, second.count, first.limit) == (1, 2, None)
    assert first.sealed == trade.sealed
    assert listed.kinds(f"access/{trade.id}") == ["access.granted", "access.granted"]
    listed.buyer.receive(trade.id, listed.folder.parent / "bought.csv")
    with listed.floor.read() as work:
        assert accesses(work.chain.store, trade.id) == 3
        entry = next(work.chain.store.of_kind(f"access/{trade.id}", "access.granted"))
        assert entry.facts["policy"] == terms_of(trade.terms, work).policy


def test_a_count_limited_policy_stops_at_the_count(listed: Hall) -> None:
    listed.list(sheet(conditions=UNITS), DATA.replace("6.1", "7.1"))
    trade = listed.deliver()
    assert [access(listed, trade).count for _ in range(3)] == [1, 2, 3]
    with pytest.raises(OutsidePolicy) as refused:
        access(listed, trade)
    assert str(refused.value) == (
        f"trade {trade.id} is outside its policy at the access: "
        "conditions.units: count is 4, wanted is at most 3"
    )
    assert refused.value.rules == ("T-02",)
    assert len(listed.kinds(f"access/{trade.id}")) == 3


@pytest.mark.parametrize("store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_no_more_are_let_through_than_the_count_however_many_ask_at_once(
    tmp_path: Path, store: str
) -> None:
    with open_hall(tmp_path / "exchange", "listed", store) as hall:
        hall.list(sheet(conditions=UNITS), DATA.replace("6.1", "7.1"))
        trade = hall.deliver()

        def ask(_: int) -> str:
            while True:
                try:
                    return f"access {access(hall, trade).count}"
                except OutsidePolicy:
                    return "refused"
                except ExchangeError as error:
                    if error.code != "busy":
                        raise

        with ThreadPoolExecutor(8) as pool:
            answers = Counter(pool.map(ask, range(12)))
        assert answers == {"access 1": 1, "access 2": 1, "access 3": 1, "refused": 9}
        assert len(hall.kinds(f"access/{trade.id}")) == 3


def test_a_product_for_one_call_is_handed_out_once(listed: Hall) -> None:
    once = UNITS | {"time_limit": "this-call-only"}
    del once["units"]
    listed.list(sheet(conditions=once), DATA.replace("6.1", "7.1"))
    trade = listed.deliver()
    listed.buyer.receive(trade.id, listed.folder.parent / "bought.csv")
    with pytest.raises(OutsidePolicy, match=r"conditions\.units: count is 2, wanted is at most 1"):
        access(listed, trade)


def test_nobody_but_the_buyer_gets_access(listed: Hall) -> None:
    trade = listed.deliver()
    for handle in ("supplier", "rival", "house"):
        other = listed.participant(handle).id
        with pytest.raises(Forbidden, match="open to its buyer alone"):
            access_delivery(trade.id, by=other, floor=listed.floor)
    listed.house.suspend(listed.participant("buyer"), "under inquiry")
    with pytest.raises(Forbidden):
        access(listed, trade)


def test_before_the_delivery_there_is_nothing_and_after_a_cancellation_no_more(
    listed: Hall,
) -> None:
    trade = listed.contract()
    with pytest.raises(NotFound, match="nothing has been delivered yet"):
        access(listed, trade)
    trade = listed.supplier.deliver(trade.id, listed.folder.parent)
    listed.house.cancel(trade.id, "the product was withdrawn")
    with pytest.raises(Refused, match="is cancelled: there is no contract to fetch under"):
        access(listed, trade)


SHORT: dict[str, Any] = {"term_days": 1}  # approved on the fifth, it runs to the end of the sixth


def evening(hall: Hall) -> None:
    """Go to eight in the evening of the scenario's last day."""
    now = hall.floor.clock()
    last = now.replace(hour=20, minute=0) + dt.timedelta(days=1)
    hall.advance(seconds=(last - now).total_seconds())


def test_expiry_is_checked_while_negotiating_at_order_contract_delivery_and_access(
    listed: Hall,
) -> None:
    """What EDC Connector#5377 and #1127 complain of: expiry was ignored while negotiating."""
    night = 8 * 3_600

    def scenario() -> str:
        return listed.scenario(**SHORT)

    ended = scenario()
    evening(listed)
    listed.advance(seconds=night)
    refused(lambda: listed.buyer.quote(ended), NoScenario, "is approved until", "T-01")

    ended = scenario()
    evening(listed)
    quote = listed.buyer.quote(ended).quote.id
    listed.advance(seconds=night)
    refused(lambda: listed.buyer.order(quote), NoScenario, "is approved until", "T-01")

    ended = scenario()
    evening(listed)
    trade = listed.buyer.order(listed.buyer.quote(ended).quote.id)
    listed.advance(seconds=night)
    refused(lambda: listed.supplier.accept(trade.id), NoScenario, "is approved until", "T-01")

    ended = scenario()
    evening(listed)
    trade = listed.supplier.accept(listed.buyer.order(listed.buyer.quote(ended).quote.id).id)
    listed.advance(seconds=night)
    workplace = listed.folder.parent
    refused(lambda: listed.supplier.deliver(trade.id, workplace), NoScenario, "until", "T-01")
    listed.advance(days=1)
    refused(lambda: listed.supplier.deliver(trade.id, workplace), Refused, "the use right ended")

    ended = scenario()
    trade = listed.supplier.accept(listed.buyer.order(listed.buyer.quote(ended).quote.id).id)
    listed.supplier.deliver(trade.id, workplace)
    access(listed, trade)
    listed.advance(days=1, seconds=1)
    words = "term_days: elapsedTime is P1DT1S, wanted is at most P1D"
    refused(lambda: access(listed, trade), OutsidePolicy, words, "T-01")


def refused(act: Callable[[], object], error: type[Refused], words: str, *rules: str) -> None:
    with pytest.raises(error, match=words) as found:
        act()
    assert set(rules) <= set(found.value.rules)


def test_what_is_derived_is_used_within_the_rights_in_its_parents(listed: Hall) -> None:
    listed.grant()  # to process the parent, for ninety days
    parent, listed.number = listed.number, listed.derive()
    listed.contributor.list(listed.number)
    with listed.floor.read() as work:
        product = work.products.get(listed.number)
        found = offered_policy(product, work=work, floor=listed.floor)
    names = {each.uid.partition("#")[2] for rule in found.permissions for each in rule.constraints}
    processing = f"parents.{parent}.processing.{listed.number}"
    assert names >= {f"parents.{parent}.purposes", processing, "conditions.purposes"}
    trade = listed.contributor.accept(listed.order().id)
    listed.contributor.deliver(trade.id, listed.folder.parent)
    assert access(listed, trade).count == 1
    with listed.floor.write() as work:  # as what was listed before listings ended with the grants
        work.products.put(replace(listed.product(), valid_until="2099-12-31"))
    listed.advance(days=91)
    refused(lambda: access(listed, trade), OutsidePolicy, f"{processing}: dateTime is", "T-02")


def test_what_is_derived_is_passed_on_and_published_only_as_its_source_allows(
    listed: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rule S-03 does not list what is wider than its source; T-02 holds what was listed before it.
    monkeypatch.setattr(Conditions, "wider_than", lambda *_: ())
    parent, listed.number = listed.number, listed_wide(listed)
    names = f"parents.{parent}."

    def inherited() -> set[str]:
        with listed.floor.read() as work:
            product = work.products.get(listed.number)
            found = offered_policy(product, work=work, floor=listed.floor)
        return {each.uid.partition("#")[2].removeprefix(names) for each in found.prohibitions}

    words_alone = {"prohibited", "conditions.prohibited"}  # of both sheets, that no request breaks
    assert inherited() == {"transfer", "public_release"} | words_alone
    size = listed.size
    words = f"T-02: {names}transfer: distribute is prohibited"
    refused(lambda: listed.scenario(onward_transfer=True), NoScenario, words, "T-02")
    words = f"{names}public_release: guapai:publish is prohibited"
    refused(lambda: listed.scenario(public_release=True), NoScenario, words, "T-02")
    words = f"{names}term_days: elapsedTime is P366D, wanted is at most P365D"
    refused(lambda: listed.scenario(term_days=366), NoScenario, words, "T-02")
    assert listed.size > size  # filing and refusal stand on the chain
    packs = {listed.floor.pack.digest: listed.floor.pack}
    assert {
        each.outcome for each in replay_verdicts(listed.number, packs=packs, floor=listed.floor)
    } == {Replayed.IDENTICAL}
    with listed.floor.read() as work:
        wish = Wish("research", "CN", 90, onward_transfer=True)
        matches = fit_products(wish, work=work, floor=listed.floor)
    (found,) = (each for each in matches if each.product == listed.number)
    assert found.obstacles == (f"onward_transfer: of its source {parent}: allowed is none",)

    assert sold(listed) == {"scenario.transfer", "scenario.public_release"} | {
        *(f"{names}transfer", f"{names}public_release"),
        *(f"{names}prohibited", "conditions.prohibited"),
    }
    wide = replace(sheet().conditions, transfer=True, public_release=True)
    listed.supplier.submit_sheet(parent, sheet(conditions=wide))
    assert inherited() == words_alone


def listed_wide(hall: Hall) -> str:
    """Derive a product whose own sheet lets everything be passed on and published, and list it."""
    hall.grant()
    number = hall.derive()
    with hall.floor.read() as work:
        found = sheet_of(work.products.get(number), work)
    wide = replace(found.conditions, transfer=True, public_release=True, term_days=3_650)
    hall.contributor.submit_sheet(number, replace(found, conditions=wide))
    hall.attest(number)
    hall.review(number)
    hall.vet(number)
    hall.contributor.list(number)
    return number


def sold(hall: Hall) -> set[str]:
    """Return which prohibitions the policy of an order has, by the names of their parts."""
    trade = hall.order(term_days=90)
    return {each.uid.partition("#")[2] for each in policy(hall, trade).prohibitions}


def test_every_moment_asks_the_one_evaluator(listed: Hall) -> None:
    trade = listed.contract()
    found = policy(listed, trade)
    with listed.floor.read() as work:
        scenario = replace(work.scenarios.get(trade.scenario), purpose="resale")
        for moment in Moment:
            with pytest.raises(OutsidePolicy) as refused_:
                require_allowed(
                    found,
                    scenario,
                    trade.product,
                    moment,
                    trade=trade,
                    work=work,
                    floor=listed.floor,
                )
            assert f"at the {moment}: " in str(refused_.value)
            assert "scenario.purpose: purpose is resale, wanted is research" in str(refused_.value)
            assert refused_.value.rules == ("T-01", "T-02")


def test_nothing_is_delivered_outside_the_policy_of_its_contract(listed: Hall) -> None:
    trade = listed.contract()
    with listed.floor.write() as work:
        filed = work.scenarios.get(trade.scenario)
        work.scenarios.put(replace(filed, purpose="shipping"))  # which the sheet is for as well
    words = f"trade {trade.id} is outside its policy at the delivery: .* purpose is shipping"
    workplace = listed.folder.parent
    refused(lambda: listed.supplier.deliver(trade.id, workplace), OutsidePolicy, words, "T-01")
    assert listed.trade(trade.id).sealed is None


def test_terms_without_a_policy_are_their_own(listed: Hall) -> None:
    trade = listed.deliver()
    with listed.floor.read() as work:
        terms = replace(terms_of(trade.terms, work), policy="")
        scenario = work.scenarios.get(trade.scenario)
        found = policy_of(terms, scenario, work)
        require_allowed(
            found,
            scenario,
            trade.product,
            Moment.ACCESS,
            trade=trade,
            work=work,
            floor=listed.floor,
        )
        with pytest.raises(OutsidePolicy, match="resale"):
            require_allowed(
                found,
                replace(scenario, purpose="resale"),
                trade.product,
                Moment.ACCESS,
                work=work,
                floor=listed.floor,
            )
    assert "policy" not in decode(terms.record)


def test_what_was_opened_is_still_what_was_bought(listed: Hall) -> None:
    trade = listed.deliver()
    with listed.floor.read() as work:
        terms = terms_of(trade.terms, work)
    target = listed.folder.parent / "opened.csv"
    identities = listed.buyer.keys.identities
    assert open_delivery(trade, terms, identities, target, floor=listed.floor) == terms.data
