"""``guapai policy``: the policy of a quote or a trade, and a use judged by a file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.formats import odrl
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import START, Hall, open_hall


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        yield hall


def test_a_policy_is_shown_in_words_as_json_ld_and_as_turtle(market: Hall) -> None:
    guapai = Guapai(market.folder)
    said = guapai("policy", "show", market.made).stdout
    assert "purpose is research" in said
    assert "conditions.transfer" in said
    record = guapai.json("policy", "show", market.trade(market.made).quote)
    turtle = guapai("policy", "show", market.made, "--turtle").stdout
    assert odrl.read_turtle(turtle.encode()).to_record() == record


def test_a_use_is_judged_by_a_file(market: Hall, tmp_path: Path) -> None:
    guapai, file = Guapai(market.folder), tmp_path / "policy.jsonld"
    file.write_text(json.dumps(guapai.json("policy", "show", market.made)))
    assert "is understood" in guapai("policy", "check", file).stdout
    asked = ["policy", "check", file, "--action", "use", "--region", "CN", "--term-days", "10"]
    refused = guapai(*asked, "--purpose", "resale", code=3)
    assert "use is refused" in refused.stdout
    assert "conditions.purposes: purpose is resale" in refused.stderr
    file.write_text(
        "@prefix odrl: <http://www.w3.org/ns/odrl/2/> . <urn:x:p> a odrl:Set ; odrl:permission "
        "[ odrl:action odrl:use ; odrl:target <urn:x:t> ] ."
    )
    assert "use is permitted" in guapai("policy", "check", file, "--action", "use").stdout
    report = guapai("policy", "check", file, "--action", "use", "--turtle").stdout
    assert "report:PolicyReport" in report


def test_a_buyer_asks_its_own_contract_whether_it_permits_its_own_use(
    market: Hall, tmp_path: Path
) -> None:
    guapai, file = Guapai(market.folder), tmp_path / "policy.jsonld"
    file.write_text(json.dumps(guapai.json("policy", "show", market.made)))
    filed = market.filing()
    asked = ["policy", "check", file, "--action", "use", "--purpose", filed.purpose]
    asked += ["--region", filed.region, "--term-days", filed.term_days]
    to = ["--recipient", filed.recipients[0]]
    assert "use is permitted" in guapai(*asked, *to).stdout
    for others in (["--recipient", "the press"], [*to, "--recipient", "the press"]):
        assert "scenario.recipients: recipient is " in guapai(*asked, *others, code=3).stderr
    # Where there is no exchange, nothing says whom the policy means.
    assert "use is refused" in Guapai(tmp_path / "none")(*asked, *to, code=3).stdout


def test_a_use_is_judged_by_the_clock_of_the_exchange(market: Hall, tmp_path: Path) -> None:
    file, tomorrow = tmp_path / "policy.ttl", market.floor.clock() + dt.timedelta(days=1)
    file.write_text(
        "@prefix odrl: <http://www.w3.org/ns/odrl/2/> . <urn:x:p> a odrl:Set ; odrl:permission "
        "[ odrl:action odrl:use ; odrl:target <urn:x:t> ; odrl:constraint [ "
        "odrl:leftOperand odrl:dateTime ; odrl:operator odrl:lt ; odrl:rightOperand "
        f'"{tomorrow.isoformat()}"^^<http://www.w3.org/2001/XMLSchema#dateTime> ] ] .'
    )
    asked = ["policy", "check", file, "--action", "use"]
    assert "use is permitted" in Guapai(market.folder)(*asked).stdout
    market.advance(days=2)
    assert "use is refused" in Guapai(market.folder)(*asked, code=3).stdout
    at = f"{START:%Y-%m-%dT%H:%M:%SZ}"
    assert "use is permitted" in Guapai(market.folder)(*asked, "--at", at).stdout
    # The machine's own clock, which is past the town's day, is asked where there is no exchange.
    assert "use is refused" in Guapai(tmp_path / "none")(*asked, code=3).stdout


def test_what_a_product_is_offered_on_is_shown(market: Hall) -> None:
    guapai = Guapai(market.folder)
    assert "conditions.transfer" in guapai("policy", "show", market.number).stdout
    offered = guapai.json("policy", "show", market.number)
    assert offered["@type"] == "Offer"
    assert guapai.error("policy", "show", "GP-0", code=1)["code"] == "not_found"


def test_a_policy_that_is_not_understood_is_unreadable(market: Hall, tmp_path: Path) -> None:
    file = tmp_path / "policy.ttl"
    file.write_text(
        "@prefix odrl: <http://www.w3.org/ns/odrl/2/> . <urn:x:p> a odrl:Set ; odrl:permission "
        "[ odrl:action <urn:x:stare> ; odrl:target <urn:x:t> ] ."
    )
    refused = Guapai(market.folder)("policy", "check", file, code=2)
    assert "permission.0.action: urn:x:stare is not an action" in refused.stderr
