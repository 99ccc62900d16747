"""What a request has committed is promised in a receipt, however far the request waits."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace

import pytest

from exchange.web.client import Answer, Problem, Request
from ledger.receipt import Receipt, open_receipt
from tests.exchange.web.town import Town

HEADER = "Ledger-Receipt"


def receipt(town: Town, answer: Answer) -> Receipt:
    note = base64.b64decode(answer.headers[HEADER], validate=True)
    return open_receipt(note, town.venue.floor.log_key)


def entries(town: Town) -> list[bytes]:
    with town.venue.floor.read() as work:
        return [entry.leaf for entry in work.chain.store.entries()]


def suspend(town: Town, handle: str, headers: Mapping[str, str] | None = None) -> Answer:
    participant = town.people[handle].id

    def send(request: Request) -> Answer:
        return town.send(replace(request, headers=request.headers | dict(headers or {})))

    client = town.client("house")
    act = client.act("participant.suspended", f"participant/{participant}", {"reason": "a test"})
    client.send = send
    return client.post(f"/participants/{participant}/suspension", act)


def test_a_write_returns_a_receipt_of_the_entries_it_added(market: Town) -> None:
    before = entries(market)
    promised = receipt(market, suspend(market, "tide-data"))
    added = entries(market)[len(before) :]
    assert len(added) == 2  # the supplier and its listing
    assert set(promised.leaves) == set(added)
    assert promised.missing(entries(market)) == ()
    assert promised.missing(before) == promised.leaves


def test_one_receipt_holds_nothing_of_another_request(town: Town) -> None:
    first = receipt(town, suspend(town, "tide-data"))
    second = receipt(town, suspend(town, "harbour"))
    assert not set(first.leaves) & set(second.leaves)


def test_who_only_reads_or_is_refused_is_promised_nothing(town: Town) -> None:
    assert HEADER not in town.client("house").get("/exchange").headers
    suspend(town, "harbour")
    with pytest.raises(Problem) as caught:
        suspend(town, "harbour")
    assert HEADER not in caught.value.answer.headers


def test_what_is_not_found_promises_nothing_of_the_request_before(town: Town) -> None:
    receipt(town, suspend(town, "harbour"))
    answer = town.app.test_client().get("/nope")
    assert (answer.status_code, HEADER in answer.headers) == (404, False)
    assert "Guapai-Reached" not in answer.headers


@pytest.mark.parametrize("wait", ["commit", "sequenced"])
def test_a_request_says_how_far_it_waits(town: Town, wait: str) -> None:
    promised = receipt(town, suspend(town, "harbour", {"Guapai-Wait": wait}))
    assert promised.leaves == tuple(entries(town)[-1:])


def test_another_way_to_wait_is_refused_and_nothing_is_done(town: Town) -> None:
    before = entries(town)
    with pytest.raises(Problem, match="Guapai-Wait: one of commit, sequenced, witnessed"):
        suspend(town, "harbour", {"Guapai-Wait": "forever"})
    assert entries(town) == before
