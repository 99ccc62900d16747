"""Keys over HTTP: taking one into use, revoking one, and whose signature opens a request."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.web.auth import KEYS_MAX
from exchange.web.client import Problem
from ledger.acts import format_time
from tests.exchange.web.town import Town, new_keys


def later(town: Town, **span: int) -> str:
    return format_time(town.venue.clock() + dt.timedelta(**span))


def rotate(town: Town, handle: str = "harbour", **span: int) -> str:
    """Take a new key into use over HTTP, act with it from here on, and return its id."""
    client, new = town.client(handle), new_keys()
    body = client.key_acts(new.signing, new.recipient, later(town, **span))
    answer = client.post(f"/participants/{client.id}/keys", body)
    assert answer.status == 201
    assert answer.json["public_key"] == new.signing.public_key.hex()
    town.keys = {**town.keys, handle: new}
    return new.id


def refusal(code: str) -> pytest.RaisesExc[Problem]:
    return pytest.raises(Problem, match=rf"^{code}: ")


def test_any_key_that_stands_signs_requests_and_acts(market: Town) -> None:
    older = market.client("harbour")
    rotate(market, days=1)
    for client in (older, market.client("harbour")):
        assert client.get("/trades").json[0]["id"] == market.trade
        assert client.post("/quotes", {"scenario": market.scenario}).status == 201
    market.advance(days=1, seconds=1)
    assert market.client("harbour").get("/trades").json
    with refusal("unauthenticated") as refused:
        older.get("/trades")
    assert "no key of the participant that stands has signed" in str(refused.value)


def test_a_stolen_key_is_dead_from_its_revocation_on(market: Town) -> None:
    thief = market.client("harbour")
    key = market.keys["harbour"].id
    rotate(market, days=30)
    client = market.client("harbour")
    act = client.act("key.revoked", f"participant/{client.id}", {"key": key, "reason": "stolen"})
    assert client.post(f"/participants/{client.id}/keys/{key}/revocation", act).status == 200
    with refusal("unauthenticated"):
        thief.get("/trades")
    new = new_keys()
    with refusal("unauthenticated"):
        thief.post(
            f"/participants/{client.id}/keys",
            thief.key_acts(new.signing, new.recipient, later(market)),
        )
    # Nor does a request by another key carry an act of the stolen one.
    newest = market.keys["harbour"].id
    facts = {"key": newest, "reason": "mine now"}
    with refusal("unauthenticated") as refused:
        client.post(
            f"/participants/{client.id}/keys/{newest}/revocation",
            thief.act("key.revoked", f"participant/{client.id}", facts),
        )
    assert f"the key {key} of harbour was revoked" in str(refused.value)


def test_the_operator_revokes_and_who_has_no_key_is_told_what_to_do(market: Town) -> None:
    harbour, key = market.people["harbour"].id, market.keys["harbour"].id
    house = market.client("house")
    path = f"/participants/{harbour}/keys/{key}/revocation"
    facts = {"key": key, "reason": "the passphrase is lost"}
    house.post(path, house.act("key.revoked", f"participant/{harbour}", facts))
    with refusal("unauthenticated") as refused:
        market.client("harbour").get("/trades")
    words = f"signature: {market.people['harbour'].handle} has no other key that stands: "
    assert refused.value.answer.json["detail"].startswith(words)
    assert "apply again, under another handle" in str(refused.value)
    (listed,) = market.client().get(f"/participants/{harbour}/keys").json
    assert (listed["key"], listed["revoked"], listed["stands"]) == (key, True, False)


def test_the_keys_of_a_participant_are_public(market: Town) -> None:
    first = market.keys["harbour"]
    second = rotate(market, days=2)
    found = market.client().get("/participants/harbour/keys").json
    assert [key["key"] for key in found] == [second, first.id]
    assert [key["until"] for key in found] == [None, later(market, days=2)]
    assert found[1]["public_key"] == first.signing.public_key.hex()
    assert found[1]["recipient"] == first.recipient
    assert all(key["stands"] for key in found)


def test_a_request_about_another_key_than_the_act_is_refused(market: Town) -> None:
    client = market.client("harbour")
    act = client.act("key.revoked", f"participant/{client.id}", {"key": "1" * 16, "reason": "r"})
    with refusal("bad_field") as refused:
        client.post(f"/participants/{client.id}/keys/{'2' * 16}/revocation", act)
    assert "act.facts.key" in str(refused.value)


def test_as_many_keys_are_tried_as_one_may_have_at_once(market: Town) -> None:
    clients = [market.client("harbour")]
    for _ in range(KEYS_MAX):
        rotate(market, days=30)
        clients.append(market.client("harbour"))
    for client in clients[1:]:
        assert client.get("/trades").json
    with refusal("unauthenticated"):
        clients[0].get("/trades")
