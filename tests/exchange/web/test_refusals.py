"""Each refusal by its code, as a problem."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.routing import UnicodeConverter

from exchange.errors import Busy, ExchangeError, ProviderFailed
from exchange.records import to_record
from exchange.services.file_scenario import filing_facts
from exchange.trading import grant_end
from exchange.web import access
from exchange.web.client import Problem
from ledger.acts import format_time
from tests.exchange.web.town import LOG, ROWS, Town, csv, digest, filing, new_keys, sheet


def _refusal(caught: pytest.ExceptionInfo[Problem]) -> tuple[int, str]:
    answer = caught.value.answer
    problem = answer.json
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["type"] == f"urn:guapai:problem:{problem['code']}"
    assert problem["status"] == answer.status
    assert set(problem) - {"errors"} == {"type", "title", "status", "detail", "code", "rules"}
    return caught.value.status, caught.value.code


def test_a_refused_listing_names_its_rules_and_stays_refused(town: Town, tmp_path: Any) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv())
    desk = town.desk("tide-data")
    town.product = desk.register(file, sheet(), [LOG]).number
    desk.submit_sheet(town.product, sheet())
    town.advance(seconds=600)
    client, head = town.client("tide-data"), town.head()
    facts = {"sheet": sheet().digest, "data": digest(csv())}
    act = client.act("listing.requested", f"product/{town.product}", facts)
    for _ in range(2):
        with pytest.raises(Problem) as refused:
            client.post(f"/products/{town.product}/listing", act, if_match=head, key="k")
        assert _refusal(refused) == (422, "not_compliant")
        assert {"T-05", "Q-10"} <= set(refused.value.rules)
    assert refused.value.answer.headers["Idempotency-Replayed"] == "true"


def test_a_listing_during_the_notice_is_refused(town: Town, tmp_path: Any) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv())
    desk = town.desk("tide-data")
    town.product = desk.register(file, sheet(), [LOG]).number
    desk.submit_sheet(town.product, sheet())
    client = town.client("tide-data")
    facts = {"sheet": sheet().digest, "data": digest(csv())}
    act = client.act("listing.requested", f"product/{town.product}", facts)
    with pytest.raises(Problem) as refused:
        client.post(f"/products/{town.product}/listing", act, if_match=town.head())
    assert _refusal(refused) == (422, "notice_running")


def test_a_scenario_beyond_the_conditions_is_refused_by_rule(market: Town) -> None:
    client = market.client("harbour")
    wish = filing(market.product, purpose="advertising")
    body = client.act("scenario.filed", None, filing_facts(wish), {"scenario": to_record(wish)})
    with pytest.raises(Problem) as refused:
        client.post("/scenarios", body)
    assert _refusal(refused) == (422, "no_scenario")
    assert refused.value.rules == ("T-02",)


def test_an_order_at_other_terms_is_refused(market: Town) -> None:
    client = market.client("harbour")
    quote = client.post("/quotes", {"scenario": market.scenario}).json
    facts = {name: quote[name] for name in ("product", "scenario", "terms", "amount")}
    facts |= {"quote": quote["id"], "amount": {"minor": 1, "currency": "CNY"}}
    with pytest.raises(Problem) as refused:
        client.post("/trades", client.act("trade.ordered", None, facts))
    assert _refusal(refused) == (422, "terms_differ")


def test_a_contract_without_funds_is_refused(market: Town) -> None:
    buyer = market.client("shipyard")
    wish = filing(market.product)
    scenario = market.desk("shipyard").file_scenario(wish)[0]
    quote = buyer.post("/quotes", {"scenario": scenario.id}).json
    facts = {name: quote[name] for name in ("product", "scenario", "terms", "amount")}
    trade = buyer.post(
        "/trades", buyer.act("trade.ordered", None, facts | {"quote": quote["id"]})
    ).json
    supplier = market.client("tide-data")
    facts = {name: trade[name] for name in ("product", "terms", "amount")}
    until = format_time(grant_end(market.venue.clock(), wish.term_days))
    facts |= {"purposes": ["navigation"], "until": until}
    act = supplier.act("trade.contracted", f"trade/{trade['id']}", facts)
    with pytest.raises(Problem) as refused:
        supplier.post(f"/trades/{trade['id']}/contract", act, if_match=trade["head"])
    assert _refusal(refused) == (422, "insufficient_funds")


def test_a_settlement_before_the_receipt_is_refused(market: Town) -> None:
    with pytest.raises(Problem) as refused:
        market.client("tide-data").post(
            f"/trades/{market.trade}/settlement", if_match=market.head("trade")
        )
    assert _refusal(refused) == (422, "refused")


def test_what_differs_from_the_measurement_is_told(town: Town, tmp_path: Any) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv())
    desk = town.desk("tide-data")
    number = desk.register(file, sheet(), [LOG]).number
    desk.submit_sheet(number, replace(sheet(), physical=replace(sheet().physical, rows=999)))
    shown = town.client().get(f"/products/{number}/sheet").json
    assert shown["differences"] == [
        {"field": "physical.rows", "declared": "999", "measured": str(ROWS)}
    ]


def _claim(town: Town, data: bytes) -> dict[str, Any]:
    facts = {
        "data": digest(data),
        "bytes": len(data),
        "rights": ["holding"],
        "sources": ["produced"],
        "evidence": [],
        "parents": [],
    }
    return town.client("tide-data").act("product.registered", None, facts) | {"name": "a.csv"}


def test_the_same_bytes_are_registered_once(market: Town) -> None:
    with pytest.raises(Problem) as refused:
        market.client("tide-data").post("/products", _claim(market, csv()), files=[("file", csv())])
    assert _refusal(refused) == (409, "conflict")


def test_an_upload_lies_in_the_exchanges_own_folder_and_nothing_is_left_of_one_refused(
    market: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Path] = []
    save = FileStorage.save

    def seen(upload: FileStorage, path: Path) -> None:
        save(upload, path)
        saved.append(path)

    monkeypatch.setattr(FileStorage, "save", seen)
    vault = market.venue.folder / "vault"
    before = set(vault.iterdir())
    with pytest.raises(Problem):
        market.client("tide-data").post("/products", _claim(market, csv()), files=[("file", csv())])
    assert [path.parent for path in saved] == [vault]
    assert set(vault.iterdir()) == before


def test_other_bytes_than_claimed_are_refused(market: Town) -> None:
    with pytest.raises(Problem) as refused:
        market.client("tide-data").post(
            "/products", _claim(market, csv(1)), files=[("file", csv(2))]
        )
    assert _refusal(refused) == (422, "data_differ")


def test_a_file_that_is_not_what_it_is_called_is_unreadable(market: Town) -> None:
    data = b"\x89PNG\r\n\x1a\n" + bytes(64)
    with pytest.raises(Problem) as refused:
        market.client("tide-data").post("/products", _claim(market, data), files=[("file", data)])
    assert _refusal(refused) == (400, "unreadable")
    assert refused.value.rules


def test_a_sheet_with_an_unknown_field_is_refused_by_its_name(market: Town) -> None:
    client = market.client("tide-data")
    record = to_record(sheet()) | {"verified": True}
    act = client.act(
        "sheet.submitted",
        f"product/{market.product}",
        {"sheet": digest("x"), "data": digest(csv())},
    )
    with pytest.raises(Problem) as refused:
        client.post(
            f"/products/{market.product}/sheet", act | {"sheet": record}, if_match=market.head()
        )
    assert _refusal(refused) == (422, "bad_field")
    assert "sheet.verified" in str(refused.value)


def test_an_act_out_of_canon_is_refused(market: Town) -> None:
    client = market.client("harbour")
    act = client.act("trade.lapsed", f"trade/{market.trade}", {"reason": "x"})
    act["act"]["facts"] = {"reason": 1.5}
    with pytest.raises(Problem) as refused:
        client.post(f"/trades/{market.trade}/lapse", act, if_match=market.head("trade"))
    assert _refusal(refused) == (422, "not_canonical")


def test_an_act_of_another_kind_than_the_path_takes_is_refused(market: Town) -> None:
    client = market.client("harbour")
    act = client.act("trade.cancelled", f"trade/{market.trade}", {"reason": "x"})
    with pytest.raises(Problem) as refused:
        client.post(f"/trades/{market.trade}/lapse", act, if_match=market.head("trade"))
    assert _refusal(refused) == (422, "bad_field")
    assert "act.kind: the path takes trade.lapsed" in refused.value.answer.json["detail"]


def test_what_the_server_decides_cannot_be_sent(market: Town) -> None:
    client = market.client("harbour")
    act = client.act("trade.lapsed", f"trade/{market.trade}", {"reason": "x"})
    with pytest.raises(Problem) as refused:
        client.post(
            f"/trades/{market.trade}/lapse",
            act | {"state": "executed"},
            if_match=market.head("trade"),
        )
    assert refused.value.status == 422
    assert refused.value.answer.json["errors"] == {"json": {"state": ["Unknown field."]}}


def test_a_handle_that_is_taken_is_a_conflict(town: Town) -> None:
    keys = new_keys()
    client = town.client()
    client.signer = keys.signing
    facts = {"public_key": keys.signing.public_key.hex(), "recipient": keys.recipient}
    body = client.act("participant.key", None, facts) | {
        "handle": "harbour",
        "name": "x",
        "credit_code": town.people["harbour"].credit_code,
    }
    with pytest.raises(Problem) as refused:
        client.post("/participants", body)
    assert _refusal(refused) == (409, "conflict")


def test_what_is_not_there_is_not_found(town: Town) -> None:
    for path in ("/products/GP-0000-0000-0000", "/nothing"):
        with pytest.raises(Problem) as refused:
            town.client().get(path)
        assert _refusal(refused) == (404, "not_found")


def test_no_address_holds_a_nul(town: Town) -> None:
    """On every route, before anybody is asked for: PostgreSQL does not take such a question."""
    asked = 0
    for rule in town.app.url_map.iter_rules():
        names = rule.arguments
        if not names or any(
            rule._converters[name].__class__ is not UnicodeConverter for name in names
        ):
            continue
        path = re.sub("<[^>]+>", "%00", rule.rule)
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        answer = town.app.test_client().open(path, method=method)
        assert answer.status_code == 404, path
        assert "NUL" in answer.text, path
        asked += 1
    assert asked > 80


TEXTS_IN_BASE_64 = {
    "usage": ("usage.metered", "usage/{}", "/usage/{}/batches", "events"),
    "a document": ("document.attached", "product/{}", "/products/{}/documents", "document"),
    "work": ("engagement.delivered", "engagement/{}", "/engagements/{}/delivery", "report"),
    "papers": ("identity.verified", "participant/{}", "/participants/{}/identity", "documents"),
    "a licence": ("licence.recorded", "participant/{}", "/participants/{}/licences", "documents"),
    "evidence": ("sheet.submitted", "product/{}", "/products/{}/sheet", "evidence"),
}


@pytest.mark.parametrize("case", TEXTS_IN_BASE_64)
@pytest.mark.parametrize("text", ["文件", "＝1", "=1"])
def test_what_is_not_base_64_is_told_by_its_field(town: Town, case: str, text: str) -> None:
    kind, subject, path, field = TEXTS_IN_BASE_64[case]
    client = town.client("house")
    commit = {} if case in {"usage", "work", "evidence"} else {"value": "x"}
    body = client.act(kind, subject.format("X-1"), {}, commit)
    body |= {field: [text] if field in {"documents", "evidence"} else text}
    body |= {"sheet": to_record(sheet())} if case == "evidence" else {}
    with pytest.raises(Problem) as refused:
        client.post(path.format("X-1"), body, if_match="x")
    assert _refusal(refused) == (422, "bad_field")
    assert refused.value.answer.json["detail"] == f"{field}: not base 64"


def test_no_text_that_is_sent_holds_a_nul(market: Town) -> None:
    buyer = market.client("harbour")
    with pytest.raises(Problem) as refused:
        buyer.post("/quotes", {"scenario": "SC\0"})
    assert refused.value.status == 422
    errors = refused.value.answer.json["errors"]
    assert errors == {"json": {"scenario": ["Holds a NUL character."]}}
    facts = {"parts": ["a", {"why": "b\0"}]}
    with pytest.raises(Problem) as refused:
        buyer.post("/trades", buyer.act("trade.ordered", None, facts))
    assert refused.value.status == 422
    errors = refused.value.answer.json["errors"]
    assert errors == {"json": {"act": {"facts": ["parts.1.why: holds a NUL character."]}}}


def test_an_entry_without_a_checkpoint_over_it_has_no_proof(market: Town) -> None:
    client = market.client("harbour")
    size = client.post("/ledger/checkpoint").json["size"]
    assert client.get(f"/ledger/entries/{size - 1}/proof").json["index"] == size - 1
    client.post("/quotes", {"scenario": market.scenario})
    with pytest.raises(Problem) as refused:
        client.get(f"/ledger/entries/{size}/proof")
    assert _refusal(refused) == (404, "not_found")


def test_another_method_is_answered_with_those_there_are(town: Town) -> None:
    answer = town.app.test_client().delete("/api/v1/board")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer.content_type == "application/problem+json"


def test_a_body_too_large_is_refused_unread(town: Town) -> None:
    client = town.client("harbour")
    with pytest.raises(Problem) as refused:
        client.post("/quotes", {"scenario": "x" * access.BODY_MAX})
    assert refused.value.status == 413


def test_an_upload_too_large_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "UPLOAD_MAX", 100_000)
    with pytest.raises(Problem) as refused:
        town.client("tide-data").post(
            "/products", _claim(town, b"x"), files=[("file", b"x" * 100_001)]
        )
    assert refused.value.status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'"text"',
        b"null",
        b"",
        b'{"act": {"\\ud800": 1}, "signature": "\\ud800", "handle": "\\ud800"}',
    ],
)
def test_what_is_no_request_is_refused(town: Town, body: bytes) -> None:
    answer = town.app.test_client().post(
        "/api/v1/participants",
        data=body,
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


def test_an_unexpected_error_says_nothing_of_itself(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setitem(town.app.view_functions, "board.show", fail)
    with caplog.at_level(logging.ERROR):
        answer = town.app.test_client().get("/api/v1/board")
    assert answer.status_code == 500
    assert b"secret" not in answer.data
    assert b"Traceback" not in answer.data
    assert "a secret of the house" in caplog.text


@pytest.mark.parametrize(
    ("error", "code", "wait"),
    [
        (Busy("the process that publishes /srv/log has not published 7"), "busy", "1"),
        (ProviderFailed("/srv/bank.db: disk I/O error"), "provider_failed", "30"),
    ],
)
def test_what_may_be_sent_again_says_so_and_is_served_when_it_is(
    market: Town,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: ExchangeError,
    code: str,
    wait: str,
) -> None:
    def fail() -> None:
        raise error

    client = market.client("harbour")
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setitem(market.app.view_functions, "quotes.ask", fail)
        with pytest.raises(Problem) as refused:
            client.post("/quotes", {"scenario": market.scenario}, key="once")
    assert _refusal(refused) == (503, code)
    assert refused.value.answer.headers["Retry-After"] == wait
    assert "/srv/" not in refused.value.answer.json["detail"]
    assert str(error) in caplog.text
    assert "Traceback" not in caplog.text
    assert client.post("/quotes", {"scenario": market.scenario}, key="once").status == 201
