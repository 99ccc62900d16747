"""Deals off the exchange and settlement cycles, by the real services over a real store."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.clearing import NetPosition, ObligationState, pot
from exchange.deals import Deal, DealState, DealTerms, Side
from exchange.errors import (
    BadField,
    Conflict,
    ExchangeError,
    Forbidden,
    IllegalTransition,
    InsufficientFunds,
    NotFound,
    Refused,
    TermsDiffer,
)
from exchange.participants import Role, Standing
from exchange.payments import Payee
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.close_cycle import close_cycle
from exchange.services.file_deal import confirm_deal, deal_for, document_of, end_deal
from exchange.services.keep_guarantee import contribute, fund, parts_of
from ledger.audit import audit
from pricing.money import Currency, Money
from tests.exchange.floor import Hall

DEAL = Money(60_000)
PAYEE = Payee("引航买数有限公司", "6222020000000000001")


def terms(hall: Hall, side: Side = Side.BUYER, **changes: Any) -> DealTerms:
    plain = DealTerms(
        side=side,
        amount=DEAL,
        due=hall.today.isoformat(),
        until=f"{hall.today + dt.timedelta(days=3)}T00:00:00Z",
        purpose="research",
    )
    return replace(plain, **changes)


def filed(hall: Hall, by: str = "buyer", to: str = "supplier", **changes: Any) -> Deal:
    return hall.desk(by).file_deal(
        hall.participant(to), terms(hall, **changes), b"the contract", b"a series by letter"
    )


def confirmed(hall: Hall, by: str = "buyer", to: str = "supplier", **changes: Any) -> Deal:
    return hall.desk(to).confirm_deal(filed(hall, by, to, **changes).id)


def position(hall: Hall, handle: str, day: str = "") -> NetPosition:
    party = hall.participant(handle).id
    with hall.floor.read() as work:
        found = work.cycles.positions_of(party)
    [one] = [each for each in found if each.cycle == (day or hall.today.isoformat())]
    return one


def close(hall: Hall) -> Any:
    return close_cycle(hall.today, floor=hall.floor)


def audited(hall: Hall, folder: Path) -> None:
    """Let an auditor rebuild every net and balance from the log alone."""
    assert reconcile(floor=hall.floor).faults == ()
    export_bundle(folder, floor=hall.floor)
    found = audit(folder)
    assert [finding for finding in found.findings if finding.rule != "record"] == []


# Deals.


def test_both_parties_sign_the_same_filing(hall: Hall) -> None:
    deal = filed(hall)
    assert deal.state is DealState.FILED
    with hall.floor.read() as work:
        supplier = hall.participant("supplier")
        seen = deal_for(deal.id, supplier, work=work, floor=hall.floor)
        assert document_of(seen, "terms", work) == "the contract"
        assert document_of(seen, "description", work) == "a series by letter"
        with pytest.raises(NotFound):
            deal_for(deal.id, hall.participant("rival"), work=work, floor=hall.floor)
    done = hall.supplier.confirm_deal(deal.id)
    assert (done.state, done.payer, done.payee) == (DealState.CONFIRMED, deal.filer, deal.to)
    with hall.floor.read() as work:
        owed = work.obligations.get(f"deal/{deal.id}")
        assert (owed.amount, owed.state) == (DEAL, ObligationState.OPEN)
        entries = list(work.chain.store.of_kind(f"deal/{deal.id}", "deal.confirmed"))
    assert entries[0].facts["filing"] == deal.filing


def test_a_supplier_files_and_the_buyer_confirms(hall: Hall) -> None:
    deal = confirmed(hall, "supplier", "buyer", side=Side.SUPPLIER)
    assert (deal.payer, deal.payee) == (deal.to, deal.filer)


def test_a_deal_names_its_product_and_stands_in_what_the_product_went_through(hall: Hall) -> None:
    number = hall.register().number
    deal = confirmed(hall, product=number, cleared=False)
    with hall.floor.read() as work:
        assert [each.id for each in work.deals.over(number)] == [deal.id]
        [entry] = work.chain.store.of_kind(f"deal/{deal.id}", "deal.filed")
    assert f"product/{number}" in {subject for subject, _ in entry.refs}


def test_what_is_only_filed_is_owed_by_nobody(hall: Hall) -> None:
    deal = confirmed(hall, cleared=False)
    with hall.floor.read() as work:
        assert work.obligations.find(f"deal/{deal.id}") is None
    assert hall.buyer.end_deal(deal.id, "paid by bank").state is DealState.ENDED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": Money(0)}, "act.facts.amount: a deal is of an amount above zero"),
        ({"due": "2026-01-04"}, "act.facts.due: that day has passed"),
        ({"due": "tomorrow"}, "act.facts.due: a day such as"),
        ({"until": "2026-01-05T08:00:00Z"}, "act.facts.until: that time has passed"),
        ({"product": "GP-0000-0000-0000"}, "there is no product"),
        ({"scenario": "SC-0000-0000-0000"}, "there is no scenario"),
    ],
)
def test_a_filing_out_of_order_is_refused_by_its_field(
    hall: Hall, changes: dict[str, Any], field: str
) -> None:
    size = hall.size
    with pytest.raises(ExchangeError, match=field):
        filed(hall, **changes)
    assert hall.size == size


def test_only_a_buyer_and_a_supplier_of_two_organisations_deal(hall: Hall) -> None:
    with pytest.raises(Forbidden, match="assessor is not admitted as supplier"):
        filed(hall, to="assessor")
    with pytest.raises(Forbidden, match="buyer is not admitted as supplier"):
        filed(hall, side=Side.SUPPLIER, to="rival")
    hall.house.suspend(hall.participant("insider"), "to be admitted anew")
    hall.house.admit(hall.participant("insider"), [Role.BUYER])
    with pytest.raises(Forbidden, match="supplier is the organisation of insider"):
        filed(hall, "insider")


def test_nobody_else_confirms_and_nobody_too_late(hall: Hall) -> None:
    deal = filed(hall, due=(hall.today + dt.timedelta(days=30)).isoformat())
    with pytest.raises(Forbidden, match="is not for contributor to confirm"):
        hall.contributor.confirm_deal(deal.id)
    hall.advance(days=4)
    with pytest.raises(Refused, match="the time to confirm ended at"):
        hall.supplier.confirm_deal(deal.id)
    late = filed(hall, until=f"{hall.today + dt.timedelta(days=9)}T00:00:00Z")
    hall.advance(days=1)
    with pytest.raises(Refused, match="was due on"):
        hall.supplier.confirm_deal(late.id)


@pytest.mark.parametrize(
    ("facts", "words"),
    [({"filing": "0" * 64}, "act.facts.filing"), ({"amount": Money(1)}, "act.facts.amount")],
)
def test_another_filing_or_amount_is_not_confirmed(
    hall: Hall, facts: dict[str, Any], words: str
) -> None:
    deal = filed(hall)
    plain: dict[str, Any] = {"filing": deal.filing, "amount": deal.amount} | facts
    signed = hall.act(
        "supplier",
        "deal.confirmed",
        f"deal/{deal.id}",
        plain | {"amount": plain["amount"].to_record()},
    )
    with pytest.raises(TermsDiffer, match=words):
        confirm_deal(signed, floor=hall.floor)


def test_confirming_twice_owes_once(hall: Hall) -> None:
    deal = filed(hall)
    facts = {"filing": deal.filing, "amount": deal.amount.to_record()}
    signed = hall.act("supplier", "deal.confirmed", f"deal/{deal.id}", facts)
    first, size = confirm_deal(signed, floor=hall.floor), hall.size
    assert confirm_deal(signed, floor=hall.floor) == first
    assert hall.size == size
    with pytest.raises(IllegalTransition):
        hall.supplier.confirm_deal(deal.id)


def test_a_filing_is_declined_by_a_party_alone(hall: Hall) -> None:
    deal = filed(hall)
    with pytest.raises(Forbidden, match="rival is no party to"):
        hall.rival.decline_deal(deal.id, "not mine")
    assert hall.supplier.decline_deal(deal.id, "another price").reason == "another price"
    with pytest.raises(IllegalTransition):
        hall.supplier.confirm_deal(deal.id)


def test_nobody_drops_its_own_debt(hall: Hall) -> None:
    deal = confirmed(hall)
    with pytest.raises(Forbidden, match="buyer owes for"):
        hall.buyer.end_deal(deal.id, "I had rather not")
    signed = hall.act("supplier", "deal.ended", f"deal/{deal.id}", {"reason": "waived"})
    assert end_deal(signed, floor=hall.floor).state is DealState.ENDED
    assert end_deal(signed, floor=hall.floor).reason == "waived"
    with hall.floor.read() as work:
        owed = work.obligations.get(f"deal/{deal.id}")
    assert owed.state is ObligationState.RELEASED
    assert close(hall).obligations == 0


# Cycles.


def ring(hall: Hall) -> None:
    """Owe the same in a ring of three: two of them are admitted on both sides."""
    for handle in ("buyer", "supplier", "contributor"):
        hall.house.suspend(hall.participant(handle), "to be admitted anew")
        hall.house.admit(hall.participant(handle), [Role.BUYER, Role.SUPPLIER])
    for payer, payee in (
        ("buyer", "supplier"),
        ("supplier", "contributor"),
        ("contributor", "buyer"),
    ):
        confirmed(hall, payer, payee)


def test_a_ring_of_three_nets_to_zero_and_moves_no_money(hall: Hall, tmp_path: Path) -> None:
    ring(hall)
    cycle = close(hall)
    assert (cycle.obligations, cycle.parties, cycle.defaults) == (3, 3, 0)
    [total] = cycle.totals
    assert (total.gross, total.net, total.paid) == (Money(180_000), Money(0), Money(0))
    assert [position(hall, who).net for who in ("buyer", "supplier", "contributor")] == [0, 0, 0]
    audited(hall, tmp_path / "bundle")


def test_each_party_pays_or_receives_one_net(hall: Hall, tmp_path: Path) -> None:
    hall.deposit("buyer")
    hall.deposit("rival")
    confirmed(hall, amount=Money(50_000))
    confirmed(hall, amount=Money(7))
    confirmed(hall, to="contributor", amount=Money(10_000))
    confirmed(hall, "rival", amount=Money(30_000))
    later = confirmed(hall, due=(hall.today + dt.timedelta(days=1)).isoformat())
    cycle = close(hall)
    assert (cycle.obligations, cycle.parties) == (4, 4)
    assert hall.balance("buyer") == 1_000_000 - 60_007
    assert (hall.balance("supplier"), hall.balance("contributor")) == (80_007, 10_000)
    subject = f"account/{hall.participant('supplier').id}"
    assert hall.kinds(subject) == ["netting.received"]
    with hall.floor.read() as work:
        assert work.accounts.balance(pot(cycle.day)).minor == 0
        assert work.obligations.get(f"deal/{later.id}").state is ObligationState.OPEN
    audited(hall, tmp_path / "bundle")


def test_closing_twice_is_one_cycle_and_nothing_is_netted_twice(hall: Hall) -> None:
    hall.deposit("buyer")
    confirmed(hall)
    first, size = close(hall), hall.size
    assert close(hall) == first
    assert hall.size == size
    hall.advance(days=1)
    assert close(hall).obligations == 0
    assert hall.balance("supplier") == DEAL.minor
    with pytest.raises(Conflict, match="the cycle of 2026-01-06 is closed"):
        close_cycle(hall.today - dt.timedelta(days=2), floor=hall.floor)
    with pytest.raises(BadField, match="day: 2026-01-07 has not begun"):
        close_cycle(hall.today + dt.timedelta(days=1), floor=hall.floor)


def test_a_locked_house_closes_no_cycle(hall: Hall) -> None:
    confirmed(hall)
    with pytest.raises(Forbidden, match="is not unlocked"):
        close_cycle(hall.today, floor=replace(hall.floor, signer=None))
    with hall.floor.read() as work:
        assert work.cycles.all() == []


def test_a_run_that_breaks_leaves_nothing(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.deposit("buyer")
    deal, size = confirmed(hall), hall.size
    broken = "exchange.store.cycles.SqlCycles.add_positions"  # the last that a cycle does

    def fail(*_: Any) -> None:
        raise RuntimeError("the machine stops")

    with monkeypatch.context() as patch:
        patch.setattr(broken, fail)
        with pytest.raises(RuntimeError):
            close(hall)
    assert (hall.size, hall.balance("buyer")) == (size, 1_000_000)
    with hall.floor.read() as work:
        assert work.obligations.get(f"deal/{deal.id}").state is ObligationState.OPEN
        assert work.cycles.all() == []
    assert close(hall).obligations == 1


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run tasks in threads of their own; return what each returned or raised."""
    results: list[Any] = [None] * len(tasks)
    gate = threading.Barrier(len(tasks))

    def run(place: int, task: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[place] = task()
        except ExchangeError as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_closers_at_once_are_one_cycle(hall: Hall, tmp_path: Path) -> None:
    hall.deposit("buyer")
    confirmed(hall)
    first, second = at_once(lambda: close(hall), lambda: close(hall))
    assert first == second
    assert first.obligations == 1
    assert hall.balance("supplier") == DEAL.minor
    audited(hall, tmp_path / "bundle")


# Defaults, one layer of the waterfall after the other.  The buyer owes 60,000.


def funded(hall: Hall, handle: str, amount: int) -> None:
    hall.deposit(handle, Money(amount))
    hall.desk(handle).contribute(Money(amount))


def test_who_cannot_pay_is_in_default_and_suspended(hall: Hall, tmp_path: Path) -> None:
    hall.deposit("buyer", Money(45_000))
    funded(hall, "buyer", 10_000)
    funded(hall, "expert", 1_000)
    funded(hall, "assessor", 2_000)
    confirmed(hall, amount=Money(40_000))
    confirmed(hall, to="contributor", amount=Money(20_000))
    cycle = close(hall)
    assert cycle.defaults == 1
    buyer = position(hall, "buyer")
    assert (buyer.net, buyer.moved, buyer.lacked) == (-60_000, 45_000, 15_000)
    assert (buyer.contribution, buyer.fund, buyer.left) == (10_000, 3_000, 2_000)
    assert (hall.balance("supplier"), hall.balance("contributor")) == (38_667, 19_333)
    assert hall.participant("buyer").standing is Standing.SUSPENDED
    with pytest.raises(Forbidden, match="buyer is suspended"):
        filed(hall)
    with pytest.raises(Refused, match="is in default since the cycle of 2026-01-05"):
        hall.house.admit(hall.participant("buyer"), [Role.BUYER])
    claims = [position(hall, who).carried for who in ("supplier", "contributor", "expert")]
    assert claims == [1_333, 667, 1_000]
    assert buyer.carried == -5_000
    with hall.floor.read() as work:
        assert fund(work) == {}
        assert parts_of(hall.participant("buyer").id, work) == []
    audited(hall, tmp_path / "bundle")


@pytest.mark.parametrize(
    ("own", "others", "layers"),
    [(60_000, 0, (60_000, 0, 0)), (0, 70_000, (0, 60_000, 0)), (0, 0, (0, 0, 60_000))],
)
def test_each_layer_bears_it_alone(
    hall: Hall, own: int, others: int, layers: tuple[int, int, int]
) -> None:
    for handle, amount in (("buyer", own), ("expert", others)):
        if amount:
            funded(hall, handle, amount)
    confirmed(hall)
    close(hall)
    buyer = position(hall, "buyer")
    assert (buyer.contribution, buyer.fund, buyer.left) == layers
    assert hall.balance("supplier") == DEAL.minor - layers[2]


def test_a_default_is_cured_when_it_is_paid(hall: Hall, tmp_path: Path) -> None:
    funded(hall, "expert", 1_000)
    confirmed(hall)
    close(hall)
    hall.advance(days=1)
    assert close(hall).defaults == 1  # still nothing: in default again, of what it carries
    assert position(hall, "buyer").brought == -60_000
    hall.deposit("buyer", Money(60_000))
    hall.advance(days=1)
    cycle = close(hall)
    assert (cycle.obligations, cycle.defaults) == (0, 0)
    assert (hall.balance("buyer"), hall.balance("supplier")) == (0, 60_000)
    assert hall.balance("expert") == 1_000
    account = f"account/{hall.participant('buyer').id}"
    assert hall.kinds(account)[-2:] == ["netting.paid", "default.cured"]
    hall.house.admit(hall.participant("buyer"), [Role.BUYER])
    assert hall.participant("buyer").standing is Standing.ADMITTED
    audited(hall, tmp_path / "bundle")


def test_money_set_aside_for_others_is_not_there_to_pay(hall: Hall, tmp_path: Path) -> None:
    hall.deposit("buyer", Money(60_000))
    buyer = hall.participant("buyer")
    hall.buyer.request_withdrawal(Money(1_000), PAYEE)
    confirmed(hall)
    close(hall)
    assert position(hall, "buyer").moved == 59_000
    with hall.floor.read() as work:
        [declared] = work.chain.store.of_kind(f"account/{buyer.id}", "default.declared")
    assert declared.facts["held"] == Money(1_000).to_record()
    audited(hall, tmp_path / "bundle")


def test_each_currency_settles_by_itself(hall: Hall, tmp_path: Path) -> None:
    hall.deposit("buyer", Money(60_000))
    confirmed(hall)
    confirmed(hall, amount=Money(500, Currency.USD))
    cycle = close(hall)
    assert [str(total.gross.currency) for total in cycle.totals] == ["CNY", "USD"]
    assert hall.balance("supplier") == 60_000
    assert cycle.defaults == 1
    audited(hall, tmp_path / "bundle")


# The guarantee fund.


def test_a_part_of_the_fund_stays_while_its_owner_owes(hall: Hall) -> None:
    funded(hall, "buyer", 5_000)
    deal = confirmed(hall)
    with pytest.raises(Refused, match="owes what no cycle has netted yet"):
        hall.buyer.take_back(Money(1))
    hall.supplier.end_deal(deal.id, "waived")
    assert hall.buyer.take_back(Money(2_000)) == Money(3_000)
    with pytest.raises(InsufficientFunds):
        hall.buyer.take_back(Money(3_001))
    assert hall.balance("buyer") == 2_000
    confirmed(hall)
    close(hall)
    hall.advance(days=1)
    with pytest.raises(Forbidden, match="buyer is suspended"):
        hall.buyer.take_back(Money(1))


def test_everybody_moves_its_own_part(hall: Hall) -> None:
    hall.deposit("buyer", Money(5_000))
    account = f"account/{hall.participant('buyer').id}"
    facts = {"amount": Money(5).to_record()}
    signed = hall.act("rival", "guarantee.contributed", account, facts)
    with pytest.raises(Forbidden, match=r"act.subject: not the account of rival"):
        contribute(signed, floor=hall.floor)
    with pytest.raises(BadField, match=r"act.facts.amount: an amount above zero"):
        hall.buyer.contribute(Money(0))
    with pytest.raises(InsufficientFunds):
        hall.buyer.contribute(Money(5_001))
    signed = hall.act("buyer", "guarantee.contributed", account, facts)
    assert contribute(signed, floor=hall.floor) == contribute(signed, floor=hall.floor)
    with hall.floor.read() as work:
        assert fund(work)[Currency.CNY].total == Money(5)
        assert parts_of(hall.participant("buyer").id, work) == [Money(5)]
