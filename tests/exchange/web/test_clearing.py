"""Money over HTTP: withdrawals, credit, statements and fees."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.certificates import verify_certificate
from exchange.clearing import available
from exchange.clearing.fees import FeeSchedule, ModeFee, Tax
from exchange.records import to_record
from exchange.services.ask_bank import ask_bank
from exchange.services.publish_fees import fee_facts
from exchange.web.client import Problem
from ledger.acts import format_time
from ledger.view import newest
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
    fee, tax = ModeFee(25_000, Money(1_000)), Tax("VAT", 60_000)
    services = {"auction": Money(20_000), "listing": Money(0)}
    schedule = FeeSchedule("spring", since, 50_000, {"posted": fee}, tax, services)
    act = house.act("fees.published", f"exchange/{floor.house.origin}", fee_facts(schedule))
    made = as_json(house.post("/fees", act | {"schedule": to_record(schedule)}))
    assert made["digest"] == schedule.digest
    shown = as_json(market.client(None).get("/fees"))
    assert (shown["fee_ppm"], shown["schedules"]) == (floor.house.fee_ppm, [made])
    said = {
        "zh": ("收费表 spring", "待生效", "免费", "含税"),
        "en": ("Schedule spring", "to come", "free", "With tax"),
    }
    for lang, words in said.items():
        page = market.app.test_client().get(f"/fees?lang={lang}").get_data(as_text=True)
        for each in (*words, "10.00 CNY", "212.00 CNY"):
            assert each in page
    broken = act | {"schedule": to_record(schedule) | {"most_ppm": -1}}
    with pytest.raises(Problem, match=r"schedule\.most_ppm"):
        house.post("/fees", broken)


def test_a_certificate_that_costs_a_fee_is_asked_for_and_paid_over_http(market: Town) -> None:
    house, floor = market.client("house"), market.venue.floor
    since = format_time(floor.clock() + dt.timedelta(days=7))
    services = {"certificate": Money(2_000)}
    posted = {"posted": ModeFee(25_000)}
    schedule = FeeSchedule("paid", since, 50_000, posted, Tax("VAT", 60_000), services)
    act = house.act("fees.published", f"exchange/{floor.house.origin}", fee_facts(schedule))
    house.post("/fees", act | {"schedule": to_record(schedule)})
    market.advance(days=7, seconds=1)
    subject, client, account = f"product/{market.product}", market.client("harbour"), "harbour"
    with floor.read() as work:
        entry = newest(work.chain.store, subject, "registration.confirmed")
        before = work.accounts.balance(available(market.people[account].id))
    assert entry
    with pytest.raises(Problem, match=r"signs certificate\.requested"):
        client.post("/ledger/certificates", {"subject": subject})
    asked = client.act("certificate.requested", None, {"entry": entry.leaf.hex()})
    body = {"subject": subject, "asked": asked}
    for _ in range(2):  # the same act comes to the same certificate, and is paid once
        made = as_json(client.post("/ledger/certificates", body))
        assert verify_certificate(made, floor.log_key)[0] == entry
    with floor.read() as work:
        after = work.accounts.balance(available(market.people[account].id))
    assert before - after == Money(2_120)
    (fee,) = [each for each in as_json(client.get("/dealings")) if each["matter"] == "fee"]
    assert (fee["subject"][:3], fee["state"]) == ("CT-", "certificate")
    forged = {"subject": subject, "asked": {"act": {}, "signature": ""}}
    with pytest.raises(Problem, match="not of the shape") as found:
        client.post("/ledger/certificates", forged)
    assert "asked" in found.value.answer.body.decode()


def test_credit_is_set_by_the_house(market: Town) -> None:
    mine, house = market.people["harbour"], market.client("house")
    facts = {"limit": {"minor": 900, "currency": "CNY"}}
    act = house.act("credit.set", f"account/{mine.id}", facts, {"reason": "pays in time"})
    with market.venue.floor.read() as work:
        before = work.accounts.spendable(f"participant/{mine.id}").minor
    found = as_json(house.post(f"/accounts/{mine.id}/credit", act))
    assert found["spendable"]["minor"] == before + 900
