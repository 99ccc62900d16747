from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from http_message_signatures import signatures

from exchange.web.client import Answer, Client, Problem, Request
from ledger.keys import KeyPair
from tests.exchange.web.town import Town

Change = Callable[[Request], None]


class Tap:
    """A wire between client and exchange: it keeps what passes, and may change it."""

    def __init__(self, town: Town, change: Change | None = None) -> None:
        self.town = town
        self.change = change
        self.last: Request | None = None

    def __call__(self, request: Request) -> Answer:
        self.last = request
        if self.change and request.headers.get("Signature"):
            self.change(request)
        return self.town.send(request)


def test_a_signed_request_is_answered(market: Town) -> None:
    assert market.client("harbour").get("/scenarios").json[0]["id"] == market.scenario


def test_a_handle_names_the_key_as_well_as_an_id(market: Town) -> None:
    client = market.client("harbour")
    client.participant = "harbour"
    assert client.get("/trades").json[0]["id"] == market.trade


def test_nobody_is_refused_with_a_challenge(market: Town) -> None:
    with pytest.raises(Problem) as refused:
        market.client().get("/trades")
    assert (refused.value.status, refused.value.code) == (401, "unauthenticated")
    assert refused.value.answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.value.answer.headers["Content-Type"] == "application/problem+json"


def test_the_same_signed_request_is_accepted_once(market: Town) -> None:
    tap = Tap(market)
    client = market.client("harbour")
    client.send = tap
    client.post("/quotes", {"scenario": market.scenario})
    assert tap.last
    again = market.send(tap.last)
    assert again.status == 401
    assert "sent before" in again.json["detail"]


def _body(request: Request) -> None:
    request.body = request.body.replace(b"SC-", b"SD-")


def _query(request: Request) -> None:
    request.url += "?x=1"


def _path(request: Request) -> None:
    request.url = request.url.replace("/trades", "/quotes")


def _method(request: Request) -> None:
    request.method = "GET"


def _key(request: Request) -> None:
    request.headers["Idempotency-Key"] = "another"


def _content_type(request: Request) -> None:
    request.headers["Content-Type"] = "text/plain"


def _authority(request: Request) -> None:
    request.url = request.url.replace("exchange.example", "elsewhere.example")


def _tag(request: Request) -> None:
    request.headers["Signature-Input"] = request.headers["Signature-Input"].replace(
        'tag="guapai"', 'tag="another"'
    )


def _nonce(request: Request) -> None:
    text = request.headers["Signature-Input"]
    at = text.index('nonce="') + 7
    request.headers["Signature-Input"] = f"{text[:at]}ffff{text[at + 4 :]}"


def _uncovered(request: Request) -> None:
    request.headers["If-Match"] = '"x"'


def _garbled(request: Request) -> None:
    request.headers["Signature"] = "guapai=:AAAA:"


@pytest.mark.parametrize(
    "change",
    [
        _body,
        _query,
        _path,
        _method,
        _key,
        _content_type,
        _authority,
        _tag,
        _nonce,
        _uncovered,
        _garbled,
    ],
)
def test_whatever_is_changed_on_the_way_is_noticed(market: Town, change: Change) -> None:
    client = market.client("harbour")
    client.send = Tap(market, change)
    with pytest.raises(Problem) as refused:
        client.post("/trades", {"scenario": market.scenario})
    assert refused.value.status == 401


def test_another_key_is_not_the_participants(market: Town) -> None:
    client = market.client("harbour")
    client.signer = KeyPair.generate()
    with pytest.raises(Problem) as refused:
        client.get("/trades")
    assert refused.value.status == 401


@pytest.mark.parametrize(
    ("seconds", "words"), [(-301, "created more than 300 seconds ago"), (302, "future")]
)
def test_a_signature_is_good_for_five_minutes(
    market: Town, monkeypatch: pytest.MonkeyPatch, seconds: int, words: str
) -> None:
    real = signatures.HTTPMessageSigner.prepare

    def shifted(self: Any, message: Any, **others: Any) -> Any:
        moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
        return real(self, message, created=moment, **others)

    monkeypatch.setattr(signatures.HTTPMessageSigner, "prepare", shifted)
    with pytest.raises(Problem) as refused:
        market.client("harbour").get("/trades")
    assert refused.value.status == 401
    assert words in refused.value.answer.json["detail"]


def test_an_act_of_somebody_else_is_not_taken(market: Town) -> None:
    act = market.client("harbour").act(
        "trade.lapsed", f"trade/{market.trade}", {"reason": "no need"}
    )
    with pytest.raises(Problem) as refused:
        market.client("shipyard").post(
            f"/trades/{market.trade}/lapse", act, if_match=market.head("trade")
        )
    assert refused.value.code == "forbidden"


def test_an_act_about_something_else_is_not_taken(market: Town) -> None:
    client = market.client("harbour")
    act = client.act("trade.lapsed", "trade/TR-0000-0000-0000", {"reason": "no need"})
    with pytest.raises(Problem) as refused:
        client.post(f"/trades/{market.trade}/lapse", act, if_match=market.head("trade"))
    assert refused.value.code == "bad_field"


def _token(market: Town, *scopes: str, handle: str = "harbour", seconds: int = 60) -> str:
    body = {"scopes": list(scopes), "seconds": seconds}
    token: str = market.client(handle).post("/tokens", body).json["token"]
    return token


def test_a_token_reads_what_its_scopes_open(market: Town) -> None:
    own = market.client(token=_token(market, "read:own"))
    assert own.get(f"/trades/{market.trade}").json["state"] == "ordered"
    with pytest.raises(Problem) as refused:
        own.get("/ledger/entries")
    assert refused.value.code == "forbidden"
    audit = market.client(token=_token(market, "read:audit"))
    assert len(audit.get("/ledger/entries?limit=3").json) == 3
    with pytest.raises(Problem) as refused:
        audit.get("/trades")
    assert refused.value.code == "forbidden"


def test_a_token_does_not_write(market: Town) -> None:
    token = _token(market, "read:own")
    answer = market.send(
        Request(
            "POST",
            "http://exchange.example/api/v1/quotes",
            {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"},
        )
    )
    assert answer.status == 401


@pytest.mark.parametrize(
    "header", ["Bearer gp_unknown", "Bearer x", "Basic gp_x", "Bearer", "gp_é"]
)
def test_what_is_no_token_opens_nothing(market: Town, header: str) -> None:
    answer = market.send(
        Request("GET", "http://exchange.example/api/v1/trades", {"Authorization": header})
    )
    assert (answer.status, answer.json["code"]) == (401, "unauthenticated")


def test_a_token_ends(market: Town) -> None:
    token = _token(market, "read:own", seconds=60)
    with market.venue.memory(writing=False) as memory:
        assert memory.find_token(token, now=int(time.time()))
        assert memory.find_token(token, now=int(time.time()) + 61) is None


def test_a_token_is_kept_as_its_digest_alone(market: Town) -> None:
    token = _token(market, "read:own")
    market.venue.close()
    stored = b"".join(path.read_bytes() for path in market.venue.folder.glob("*.sqlite3*"))
    assert token.encode() not in stored


def test_an_unknown_scope_is_refused(market: Town) -> None:
    with pytest.raises(Problem) as refused:
        _token(market, "write:all")
    assert refused.value.code == "bad_field"


def test_who_is_suspended_reads_its_own_and_does_nothing_else(market: Town) -> None:
    market.desk("house").suspend(market.people["harbour"], "unpaid")
    client = market.client("harbour")
    assert client.get("/trades").json
    with pytest.raises(Problem, match="forbidden"):
        client.post("/quotes", {"scenario": market.scenario})
    with pytest.raises(Problem, match="forbidden"):
        client.get("/ledger/entries")
    with pytest.raises(Problem, match="forbidden"):
        client.post("/tokens", {"scopes": ["read:own"], "seconds": 60})


def test_a_client_without_a_key_signs_nothing(market: Town) -> None:
    with pytest.raises(ValueError, match="signer"):
        Client("http://exchange.example", send=market.send).act("x", None, {})
