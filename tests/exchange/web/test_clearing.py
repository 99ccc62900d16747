"""Money over HTTP: withdrawals, credit, statements and fees."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.clearing.fees import FeeSchedule, ModeFee, Tax
from exchange.records import to_record
from exchange.services.ask_bank import ask_bank
from exchange.services.publish_fees import fee_facts
from exchange.web.client import Problem
from ledger.acts import format_time
from pricing.money import Money
from tests.exchange.web.town import Town, as_json

PAYEE = {"name": "引航港务", "account": "6222020000000000001"}


def test_a_withdrawal_is_asked_for_paid_and_stated(market: Town) -> None:
    mine, client = market.people["harbour"], market.client("harbour")
    with market.venue.floor.read() as work:
        before = work.accounts.balance(f"participant/{mine.id}")
    facts = {"amount": {"minor": 700, "currency": "CNY"}}
    asked = as_json(
        client.post(
            "/withdrawals", client.act("withdrawal.requested", None, facts, {"payee": PAYEE})
        )
    )
    assert (asked["state"], asked["amount"]["minor"], asked["reason"]) == ("requested", 700, None)
    assert "6222" not in str(asked)
    assert as_json(market.client("house").get("/withdrawals")) == [asked]
    ask_bank(floor=market.venue.floor)
    paid = as_json(client.get(f"/withdrawals/{asked['id']}"))
    assert paid["state"] == "paid"
    assert as_json(client.get("/withdrawals")) == [paid]
    year = market.venue.floor.clock().year
    query = f"from={year}-01-01&until={year}-12-31"
    stated = as_json(client.get(f"/accounts/{mine.id}/statement?{query}"))
    assert stated["closing"]["minor"] == before.minor - 700
    assert stated["lines"][-1]["counterpart"] == "bank"
    table = market.app.test_client()
    assert table.get(f"/api/v1/accounts/{mine.id}/statement.csv?{query}").status_code == 401
    written = client.get(f"/accounts/{mine.id}/statement.csv?{query}&lang=en")
    assert "Closing balance" in written.body.decode("utf-8-sig")
    for wrong in ("from=2026-01-01", "from=x&until=2026-01-02", f"{query}&currency=XYZ"):
        with pytest.raises(Problem) as refused:
            client.get(f"/accounts/{mine.id}/statement?{wrong}")
        assert refused.value.status == 422


def test_fees_are_published_shown_and_on_the_site(market: Town) -> None:
    house, floor = market.client("house"), market.venue.floor
    since = format_time(floor.clock() + dt.timedelta(days=8))
    fee = ModeFee(25_000, Money(1_000))
    schedule = FeeSchedule("spring", since, 50_000, {"posted": fee}, Tax("VAT", 60_000))
    act = house.act("fees.published", f"exchange/{floor.house.origin}", fee_facts(schedule))
    made = as_json(house.post("/fees", act | {"schedule": to_record(schedule)}))
    assert made["digest"] == schedule.digest
    shown = as_json(market.client(None).get("/fees"))
    assert (shown["fee_ppm"], shown["schedules"]) == (floor.house.fee_ppm, [made])
    for lang, words in (("zh", "收费表 spring"), ("en", "Schedule spring")):
        page = market.app.test_client().get(f"/fees?lang={lang}").get_data(as_text=True)
        assert words in page
        assert "10.00 CNY" in page
    broken = act | {"schedule": to_record(schedule) | {"most_ppm": -1}}
    with pytest.raises(Problem, match=r"schedule\.most_ppm"):
        house.post("/fees", broken)


def test_credit_is_set_by_the_house(market: Town) -> None:
    mine, house = market.people["harbour"], market.client("house")
    facts = {"limit": {"minor": 900, "currency": "CNY"}}
    act = house.act("credit.set", f"account/{mine.id}", facts, {"reason": "pays in time"})
    with market.venue.floor.read() as work:
        before = work.accounts.spendable(f"participant/{mine.id}").minor
    found = as_json(house.post(f"/accounts/{mine.id}/credit", act))
    assert found["spendable"]["minor"] == before + 900
