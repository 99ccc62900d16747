"""Erasures and disclosures over HTTP, and openings that are out of shape."""

from __future__ import annotations

import re
from typing import Any

import pytest

from exchange.web.client import Problem
from ledger.commitments import commitment
from ledger.note import from_base64, to_base64
from tests.exchange.web.town import Town, as_json, digest


def filed(market: Town) -> str:
    """Withdraw the buyer's scenario, end its order, and return the leaf hash of the filing."""
    buyer = market.desk("harbour")
    buyer.lapse(market.trade, "no need")
    buyer.withdraw_scenario(market.scenario, "done")
    with market.venue.floor.read() as work:
        entries = work.chain.store.of_kind(f"scenario/{market.scenario}", "scenario.filed")
        return next(entries).leaf.hex()


def ask(market: Town, leaf: str) -> dict[str, Any]:
    client = market.client("harbour")
    facts, secret = {"fields": ["scenario"]}, {"grounds": "the use is over"}
    act = client.act("erasure.requested", f"erasure/{leaf}", facts, secret)
    return dict(as_json(client.post(f"/erasures/{leaf}", act)))


def test_a_value_is_shown_asked_for_and_erased(market: Town) -> None:
    leaf = filed(market)
    client, house = market.client("harbour"), market.client("house")
    (shown,) = as_json(client.get(f"/disclosures/{leaf}"))
    assert (shown["field"], shown["standing"]) == ("scenario", "disclosed")
    assert shown["value"]["recipients"] == ["the harbour's pilots"]
    with market.venue.floor.read() as work:
        entry = work.chain.store.by_leaf(leaf)
        assert entry
        assert shown["entry"] == entry.index
        made = commitment("scenario", shown["value"], from_base64(shown["salt"]))
        assert made == entry.facts["scenario"]

    asked = ask(market, leaf)
    assert asked["state"] == "requested"
    facts = {"request": asked["request"], "fields": ["scenario"], "commitments": [made]}
    act = house.act("erasure.executed", f"erasure/{leaf}", facts)
    done = as_json(house.post(f"/erasures/{leaf}/execution", act))
    assert (done["state"], done["fields"]) == ("executed", ["scenario"])
    assert as_json(client.get(f"/erasures/{leaf}")) == [done]
    (gone,) = as_json(client.get(f"/disclosures/{leaf}"))
    assert (gone["standing"], gone["value"], gone["salt"]) == ("erased", None, None)
    scenario = as_json(client.get(f"/scenarios/{market.scenario}"))
    assert scenario["recipients"] == ["erased"]
    page = market.app.test_client().get(f"/entries/{shown['entry']}?lang=zh").get_data(as_text=True)
    assert "已删除" in page


def test_a_request_is_refused_with_its_duty(market: Town) -> None:
    leaf = filed(market)
    asked, house = ask(market, leaf), market.client("house")
    facts = {"request": asked["request"], "reason": "a court asks for it"}
    act = house.act("erasure.refused", f"erasure/{leaf}", facts)
    refused = as_json(house.post(f"/erasures/{leaf}/refusal", act))
    assert (refused["state"], refused["reason"]) == ("refused", "a court asks for it")


def test_a_participant_that_was_erased_is_a_pseudonym_on_the_pages(market: Town) -> None:
    house, rival = market.desk("house"), market.people["shipyard"]
    house.suspend(rival, "it has left")
    with market.venue.floor.read() as work:
        admitted = work.chain.store.of_kind(f"participant/{rival.id}", "participant.admitted")
        leaf = next(admitted).leaf.hex()
    house.execute_erasure(house.request_erasure(leaf, ["register"], "it has left").request)
    shown = as_json(market.client().get(f"/participants/{rival.id}"))
    assert (shown["name"], shown["handle"]) == ("erased", rival.id)
    page = market.app.test_client().get("/participants?lang=en").get_data(as_text=True)
    assert re.search(rf">Erased</th><td[^>]*>{rival.id}</td>", page)
    assert "shipyard" not in page


BROKEN: dict[str, tuple[Any, str]] = {
    "none": (None, "unprocessable_entity"),
    "no list": ({"field": "grounds"}, "unprocessable_entity"),
    "an empty list": ([], "unprocessable_entity"),
    "a field that is not of the act": (
        [{"field": "report", "salt": f"{'A' * 43}=", "value": "x"}],
        "bad_field",
    ),
    "a salt that is no base 64": (
        [{"field": "grounds", "salt": "?" * 44, "value": "x"}],
        "bad_field",
    ),
    "another value": ([{"field": "grounds", "salt": f"{'A' * 43}=", "value": "x"}], "data_differ"),
    "a number beyond the profile": (
        [{"field": "grounds", "salt": f"{'A' * 43}=", "value": 0.5}],
        "bad_field",
    ),
    "something besides": (
        [{"field": "grounds", "salt": f"{'A' * 43}=", "value": "x", "more": 1}],
        "unprocessable_entity",
    ),
}


@pytest.mark.parametrize("openings", BROKEN)
def test_openings_that_are_none_are_refused(market: Town, openings: str) -> None:
    given, code = BROKEN[openings]
    client = market.client("shipyard")
    act = client.act("objection.filed", f"product/{market.product}", {}, {"grounds": "mine"})
    body = {**act, "openings": given} if given is not None else {**act}
    if given is None:
        del body["openings"]
    with pytest.raises(Problem) as refused:
        client.post(f"/products/{market.product}/objections", body, if_match=market.head())
    assert refused.value.code == code


def test_no_reply_that_is_kept_holds_a_salt(market: Town) -> None:
    """Replies to POSTs are stored for a day; what erasing destroys must not be in them."""
    leaf = filed(market)
    (shown,) = as_json(market.client("harbour").get(f"/disclosures/{leaf}"))
    asked = ask(market, leaf)
    assert shown["salt"] not in str(asked)
    with market.venue.memory(writing=False) as memory:
        bodies = memory._session.connection().exec_driver_sql("SELECT body FROM reply").all()  # type: ignore[attr-defined]
    assert bodies
    assert not any(shown["salt"].encode() in body for (body,) in bodies)


def test_papers_are_listed_read_and_erased(market: Town) -> None:
    mine, house = market.people["shipyard"], market.client("house")
    client, path = market.client("shipyard"), f"/participants/{mine.id}/papers"
    (paper,) = as_json(client.get(path))
    assert (paper["kind"], paper["kept"]) == ("identity.verified", True)
    found = client.get(f"{path}/{paper['digest']}")
    assert found.headers["Content-Type"] == "application/octet-stream"
    assert digest(found.body) == paper["digest"]
    leaf = paper["entry"]
    facts, secret = {"fields": ["documents"]}, {"grounds": "it shows my face"}
    act = client.act("erasure.requested", f"erasure/{leaf}", facts, secret)
    asked = as_json(client.post(f"/erasures/{leaf}", act))
    market.desk("house").suspend(mine, "it asked for it")
    listed = [to_base64(bytes.fromhex(paper["digest"]))]
    done = {"request": asked["request"], "fields": ["documents"], "commitments": listed}
    act = house.act("erasure.executed", f"erasure/{leaf}", done)
    with pytest.raises(Problem, match="papers are kept for 1096 days"):
        house.post(f"/erasures/{leaf}/execution", act)
    market.advance(days=1_096)
    act = house.act("erasure.executed", f"erasure/{leaf}", done)
    assert as_json(house.post(f"/erasures/{leaf}/execution", act))["state"] == "executed"
    assert as_json(client.get(path)) == [paper | {"kept": False}]
    with pytest.raises(Problem) as refused:
        client.get(f"{path}/{paper['digest']}")
    assert refused.value.code == "not_found"
    with market.venue.floor.read() as work:
        entry = work.chain.store.by_leaf(leaf)
        assert entry
    for lang, words in (("zh", "已删除"), ("en", "Erased")):
        page = market.app.test_client().get(f"/entries/{entry.index}?lang={lang}").get_data(True)
        assert re.search(rf"{words}</th><td>documents<", page)
