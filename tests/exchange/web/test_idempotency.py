from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import select

from exchange.requests import CLAIM_SECONDS, REPLY_SECONDS
from exchange.store.memory import SqlMemory
from exchange.store.rows import ReplyRow
from exchange.web.client import Problem
from tests.exchange.web.town import Town


def _size(town: Town) -> int:
    with town.venue.floor.read() as work:
        return work.chain.store.edge().size


def _deposit(town: Town) -> tuple[str, dict[str, Any]]:
    buyer = town.people["harbour"].id
    facts, secret = {"amount": {"minor": 100, "currency": "CNY"}}, {"reference": "bank 2"}
    act = town.client("house").act("account.deposited", f"account/{buyer}", facts, secret)
    return f"/accounts/{buyer}/deposits", act


def test_every_post_needs_a_key(market: Town) -> None:
    answer = market.app.test_client().post("/api/v1/participants", json={})
    assert answer.status_code == 400
    assert answer.json
    assert answer.json["code"] == "unreadable"


def test_a_key_is_text_that_can_be_seen(market: Town) -> None:
    answer = market.app.test_client().post(
        "/api/v1/participants", json={}, headers={"Idempotency-Key": "a b"}
    )
    assert answer.status_code == 422


def test_the_same_request_gets_the_same_reply(market: Town) -> None:
    client = market.client("harbour")
    first = client.post("/quotes", {"scenario": market.scenario}, key="k-1")
    size = _size(market)
    again = client.post("/quotes", {"scenario": market.scenario}, key="k-1")
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert _size(market) == size


def test_a_replayed_reply_has_its_etag(market: Town) -> None:
    client = market.client("harbour")
    head = market.head("trade")
    act = client.act("trade.lapsed", f"trade/{market.trade}", {"reason": "no need"})
    path = f"/trades/{market.trade}/lapse"
    first = client.post(path, act, key="k-1", if_match=head)
    again = client.post(path, act, key="k-1", if_match=head)
    assert again.body == first.body
    assert again.headers["ETag"] == first.headers["ETag"] == f'"{first.json["head"]}"'


def test_the_same_key_for_another_request_is_refused(market: Town) -> None:
    client = market.client("harbour")
    client.post("/quotes", {"scenario": market.scenario}, key="k-1")
    with pytest.raises(Problem) as refused:
        client.post("/quotes", {"scenario": "another"}, key="k-1")
    assert (refused.value.status, refused.value.code) == (422, "key_reused")


def test_keys_of_two_participants_do_not_meet(market: Town) -> None:
    market.client("harbour").post("/quotes", {"scenario": market.scenario}, key="k-1")
    with pytest.raises(Problem) as refused:
        market.client("shipyard").post("/quotes", {"scenario": market.scenario}, key="k-1")
    assert refused.value.code == "no_scenario"


def test_nothing_is_kept_of_a_request_out_of_shape(market: Town) -> None:
    client = market.client("harbour")
    with pytest.raises(Problem) as refused:
        client.post("/quotes", {"scenari": market.scenario}, key="k-1")
    assert refused.value.code in {"unprocessable_entity", "unprocessable_content"}
    assert client.post("/quotes", {"scenario": market.scenario}, key="k-1").status == 201


def test_while_the_first_is_answered_the_second_waits(market: Town) -> None:
    client = market.client("harbour")
    client.post("/quotes", {"scenario": market.scenario}, key="k-1")
    _reopen(market, age=1)
    with pytest.raises(Problem) as refused:
        client.post("/quotes", {"scenario": market.scenario}, key="k-1")
    assert (refused.value.status, refused.value.code) == (409, "in_flight")
    assert refused.value.answer.headers["Retry-After"] == "1"


def test_after_a_crash_the_act_is_done_once(market: Town) -> None:
    client, (path, act) = market.client("house"), _deposit(market)
    first = client.post(path, act, key="k-1")
    size = _size(market)
    _reopen(market, age=CLAIM_SECONDS + 1)  # as if the process had died before the reply
    again = client.post(path, act, key="k-1")
    assert again.json == first.json
    assert "Idempotency-Replayed" not in again.headers
    assert _size(market) == size


def test_a_crash_before_the_reply_does_not_make_the_version_stale(market: Town) -> None:
    client, head = market.client("harbour"), market.head("trade")
    act = client.act("trade.lapsed", f"trade/{market.trade}", {"reason": "no need"})
    path = f"/trades/{market.trade}/lapse"
    first = client.post(path, act, if_match=head)
    assert client.post(path, act, if_match=head).json == first.json


def _reopen(market: Town, *, age: int) -> None:
    with market.venue.memory(writing=True) as memory:
        assert isinstance(memory, SqlMemory)
        for row in memory._session.exec(select(ReplyRow)):
            row.status, row.created = 0, int(time.time()) - age


def test_replies_are_forgotten_after_a_day(market: Town) -> None:
    client = market.client("harbour")
    client.post("/quotes", {"scenario": market.scenario}, key="k-1")
    with market.venue.memory(writing=True) as memory:
        assert isinstance(memory, SqlMemory)
        for row in memory._session.exec(select(ReplyRow)):
            row.created -= REPLY_SECONDS + 1
    again = client.post("/quotes", {"scenario": market.scenario}, key="k-1")
    assert "Idempotency-Replayed" not in again.headers


def test_twelve_at_once_have_one_effect(market: Town) -> None:
    path, act = _deposit(market)
    client = market.client("house")
    assert client.id
    size = _size(market)

    def post(_: int) -> int:
        try:
            return client.post(path, act, key="k-1").status
        except Problem as problem:
            return problem.status

    with ThreadPoolExecutor(12) as threads:
        statuses = list(threads.map(post, range(12)))
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert _size(market) == size + 1


def test_twelve_keys_for_one_act_have_one_effect(market: Town) -> None:
    path, act = _deposit(market)
    client = market.client("house")
    size = _size(market)
    with ThreadPoolExecutor(6) as threads:
        bodies = list(threads.map(lambda _: client.post(path, act).body, range(12)))
    assert len(set(bodies)) == 1
    assert _size(market) == size + 1
