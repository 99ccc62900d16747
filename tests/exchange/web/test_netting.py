"""Deals and cycles over HTTP: each party reads its own clearing records, and nobody else's."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from exchange.deals import DealTerms, Side
from exchange.openings import open_with
from exchange.services.acting import draft
from exchange.web.client import Problem
from pricing.money import Money
from tests.exchange.web.town import Town

DUE = "2026-11-23"


def act(town: Town, who: str, kind: str, subject: str | None, facts: dict[str, Any]) -> Any:
    keys = town.keys[who].signing
    actor, floor = town.people[who], town.venue.floor
    signed = draft(kind, subject=subject, actor=actor, facts=facts, floor=floor).signed(keys)
    return {"act": signed.act.to_record(), "signature": signed.signature_text}


def file(town: Town, amount: int, payer: str = "harbour", payee: str = "tide-data") -> str:
    """File a deal over HTTP as its buyer, let the supplier confirm it, and return its id."""
    terms = DealTerms(Side.BUYER, Money(amount), DUE, "2026-11-30T00:00:00Z", "navigation")
    openings = open_with(
        town.venue.floor.chance, {"terms": "the contract", "description": "a series"}
    )
    facts = terms.facts(town.people[payee].id)
    facts |= {opening.field: opening.commitment for opening in openings}
    body = act(town, payer, "deal.filed", None, facts)
    body["openings"] = [opening.to_record() for opening in openings]
    filed = town.client(payer).post("/deals", body)
    assert filed.status == 201
    deal: str = filed.json["id"]
    facts = {"filing": filed.json["filing"], "amount": filed.json["amount"]}
    confirmation = act(town, payee, "deal.confirmed", f"deal/{deal}", facts)
    confirmed = town.client(payee).post(f"/deals/{deal}/confirmation", confirmation)
    assert confirmed.json["state"] == "confirmed"
    return deal


def test_each_party_reads_its_own_clearing_records(town: Town) -> None:
    """Clearing records are within reach: whoever is a party reads them, and no operator's help."""
    town.desk("house").deposit(town.people["harbour"], Money(900), "bank 1")
    deal = file(town, 1_000)
    closed = town.client("house").post("/cycles", {"day": DUE})
    assert (closed.status, closed.json["obligations"], closed.json["defaults"]) == (201, 1, 1)
    [debt] = town.client("harbour").get("/obligations").json
    assert (debt["source"], debt["state"], debt["cycle"]) == (f"deal/{deal}", "netted", DUE)
    assert town.client("tide-data").get("/obligations").json == [debt]
    assert town.client("shipyard").get("/obligations").json == []
    debtor = town.client("harbour").get("/positions").json
    assert debtor["in_default"] is True
    [net] = debtor["positions"]
    assert (net["net"], net["moved"], net["left"], net["carried"]) == (-1_000, 900, 100, -100)
    creditor = town.client("tide-data").get("/positions").json
    [net] = creditor["positions"]
    assert (net["net"], net["moved"], net["carried"]) == (1_000, 900, 100)
    nobody = town.client("shipyard").get("/positions").json
    assert (nobody["positions"], nobody["entries"]) == ([], [])
    with town.venue.floor.read() as work:
        kinds = [work.chain.store.by_leaf(leaf).kind for leaf in debtor["entries"]]  # type: ignore[union-attr]
    assert kinds == ["netting.paid", "default.declared"]


def test_the_papers_of_a_deal_are_its_parties(town: Town) -> None:
    deal = file(town, 5)
    for party in ("harbour", "tide-data", "house"):
        shown = town.client(party).get(f"/deals/{deal}").json
        assert base64.b64decode(shown["terms"]) == b"the contract"
        assert base64.b64decode(shown["description"]) == b"a series"
    with pytest.raises(Problem) as stranger:
        town.client("shipyard").get(f"/deals/{deal}")
    assert (stranger.value.status, stranger.value.code) == (404, "not_found")
    assert town.client("shipyard").get("/deals").json == []
    assert len(town.client("house").get("/deals").json) == 1


def test_everybody_reads_totals_and_nobody_a_party(town: Town) -> None:
    file(town, 5)
    town.client("house").post("/cycles", {"day": DUE})
    [cycle] = town.client().get("/cycles").json
    assert cycle == town.client().get(f"/cycles/{DUE}").json
    assert cycle["totals"][0]["gross"] == {"minor": 5, "currency": "CNY"}
    names = {each.id for each in town.people.values()}
    assert not any(name in str(cycle) for name in names)
    page = town.app.test_client().get("/cycles?lang=en").text
    assert "0.05 CNY" in page
    assert not any(name in page for name in names)


def test_the_page_of_a_product_counts_what_was_dealt_in_elsewhere(market: Town) -> None:
    assert _off_exchange(market) == 0
    terms = DealTerms(
        side=Side.BUYER,
        amount=Money(5),
        due="2026-12-31",
        until="2026-12-30T00:00:00Z",
        purpose="navigation",
        cleared=False,
        product=market.product,
    )
    deal = market.desk("harbour").file_deal(market.people["tide-data"], terms, b"the contract")
    assert _off_exchange(market) == 0
    market.desk("tide-data").confirm_deal(deal.id)
    assert _off_exchange(market) == 1


def _off_exchange(town: Town) -> int:
    page = town.app.test_client().get(f"/products/{town.product}?lang=en").text
    found = re.search(r"Deals off the exchange</th>\s*<td[^>]*>\s*(\d+)", page)
    assert found, page
    return int(found[1])


def test_the_operator_alone_closes_a_cycle(town: Town) -> None:
    with pytest.raises(Problem) as refused:
        town.client("harbour").post("/cycles", {"day": DUE})
    assert refused.value.code == "forbidden"
    with pytest.raises(Problem) as refused:
        town.client("house").post("/cycles", {"day": "2999-01-01"})
    assert refused.value.code == "bad_field"


def test_a_part_of_the_fund_is_put_in_and_taken_back(town: Town) -> None:
    town.desk("house").deposit(town.people["harbour"], Money(900), "bank 1")
    account = f"account/{town.people['harbour'].id}"
    facts = {"amount": Money(500).to_record()}
    body = act(town, "harbour", "guarantee.contributed", account, facts)
    client = town.client("harbour")
    assert client.post("/guarantee/contributions", body).json["part"]["minor"] == 500
    assert town.client().get("/guarantee").json == [{"total": facts["amount"], "members": 1}]
    facts = {"amount": Money(200).to_record()}
    body = act(town, "harbour", "guarantee.returned", account, facts)
    assert client.post("/guarantee/returns", body).json["part"]["minor"] == 300
    assert client.get("/guarantee/own").json == [{"part": {"minor": 300, "currency": "CNY"}}]
    assert town.client("shipyard").get("/guarantee/own").json == []
