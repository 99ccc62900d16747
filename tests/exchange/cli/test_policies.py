"""``guapai policy``: the policy of a quote or a trade, and a use judged by a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.formats import odrl
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import Hall, open_hall


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


def test_a_policy_that_is_not_understood_is_unreadable(market: Hall, tmp_path: Path) -> None:
    file = tmp_path / "policy.ttl"
    file.write_text(
        "@prefix odrl: <http://www.w3.org/ns/odrl/2/> . <urn:x:p> a odrl:Set ; odrl:permission "
        "[ odrl:action <urn:x:stare> ; odrl:target <urn:x:t> ] ."
    )
    refused = Guapai(market.folder)("policy", "check", file, code=2)
    assert "permission.0.action: urn:x:stare is not an action" in refused.stderr
