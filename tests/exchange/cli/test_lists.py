"""``guapai scenario list`` and ``guapai trade list``: what was filed and made, and what is next."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ledger.scenarios import RECIPIENTS_BY_RULE
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import Hall, open_hall


def test_scenarios_are_listed_by_state_product_and_buyer(listed: Hall) -> None:
    guapai, line = Guapai(listed.folder), ["scenario", "list"]
    assert guapai.json(*line) == {"scenarios": []}
    assert "next: guapai scenario file NUMBER --as BUYER" in guapai(*line).stderr
    allowed = listed.scenario()
    shown = guapai(*line)
    assert allowed in shown.stdout
    assert f"next: guapai show {allowed}" in shown.stderr
    waiting = listed.scenario("rival", recipients=tuple(map(str, range(RECIPIENTS_BY_RULE + 1))))

    def ids(*options: str) -> list[str]:
        return [each["id"] for each in guapai.json(*line, *options)["scenarios"]]

    assert ids() == [allowed, waiting]
    assert ids("--state", "approved") == ids("--buyer", "buyer") == [allowed]
    assert ids("--state", "filed") == ids("--buyer", "rival") == [waiting]
    assert ids("--buyer", "rival", "--state", "approved") == []
    assert ids("--product", listed.number) == [allowed, waiting]
    assert f"next: guapai scenario review {waiting} --as ASSESSOR" in guapai(*line).stderr
    assert guapai.json("show", allowed) == guapai.json(*line)["scenarios"][0]


def test_trades_are_listed_by_state_product_and_party(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        guapai, line = Guapai(hall.folder), ["trade", "list"]
        (one,) = guapai.json(*line)["trades"]
        assert guapai.json("show", hall.made)["trade"] == one
        for option, value in (
            *(("--state", one["state"]), ("--product", hall.number)),
            *(("--buyer", "buyer"), ("--supplier", "supplier")),
        ):
            assert guapai.json(*line, option, value) == {"trades": [one]}
        for option, value in (("--state", "lapsed"), ("--buyer", "rival"), ("--supplier", "buyer")):
            assert guapai.json(*line, option, value) == {"trades": []}
        shown = guapai(*line)
        assert hall.made in shown.stdout
        assert f"next: guapai show {hall.made}" in shown.stderr
        none = guapai(*line, "--buyer", "rival")
        assert "next: guapai scenario list --state approved" in none.stderr


def test_an_engagement_tells_when_it_was_proposed_taken_done_and_paid(listed: Hall) -> None:
    guapai = Guapai(listed.folder)
    listed.deposit("supplier")
    due = (listed.today + dt.timedelta(days=9)).isoformat()
    order = ("--to", "assessor", "--role", "compliance-assessor", "--product", listed.number)
    terms = ("--work", "a second opinion", "--fee", "1.00 CNY", "--due", due)
    made = guapai.json("engage", "propose", *order, *terms, "--as", "supplier")
    name = made["id"]
    assert [each["state"] for each in made["steps"]] == ["proposed"]
    guapai("engage", "accept", name, "--as", "assessor")
    guapai("engage", "deliver", name, "--report", __file__, "--as", "assessor")
    paid = guapai.json("engage", "pay", name, "--as", "supplier")
    states = ["proposed", "accepted", "delivered", "paid"]
    assert [each["state"] for each in paid["steps"]] == states
    (one,) = guapai.json("engage", "list", "--product", listed.number)["engagements"]
    assert one == paid == guapai.json("show", name)
    for step in one["steps"]:
        entry = guapai.json("show", step["place"])
        assert (entry["leaf"], entry["kind"]) == (step["entry"], f"engagement.{step['state']}")
    shown = guapai("engage", "list")
    assert f"since  {one['steps'][-1]['time']}" in shown.stdout
    assert f"next: guapai show {name}" in shown.stderr
    lines = guapai("show", name).stdout.splitlines()
    assert [line.split()[1:3] for line in lines if "engagement." in line] == [
        [f"engagement.{state}", who]
        for state, who in zip(states, ("supplier", "assessor", "assessor", "supplier"), strict=True)
    ]
    assert not [line for line in lines if line.startswith("steps")]
    assert "next: " not in guapai("engage", "list", "--product", "GP-0").stderr


@pytest.mark.parametrize("noun", ["scenario", "trade"])
@pytest.mark.parametrize("option", ["--buyer", "--product"])
def test_what_is_not_there_is_said(hall: Hall, noun: str, option: str) -> None:
    assert Guapai(hall.folder).error(noun, "list", option, "X-0", code=1)["code"] == "not_found"
