"""From an application to a certificate, over a real socket, with real signatures."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from exchange.certificates import verify_certificate
from exchange.records import to_record
from exchange.sealing import SealedFile
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.file_scenario import filing_facts
from exchange.services.vet_listing import checklist_record
from exchange.venue import default_folder
from exchange.vetting import CHECKLIST
from exchange.web.client import Client
from ledger.audit import audit
from ledger.checkpoint import VerifierKey
from tests.exchange.web.town import (
    NOTICE,
    RULES,
    Town,
    code,
    csv,
    digest,
    filing,
    founded,
    new_keys,
    sheet,
)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """An exchange in the folder where commands look for it, which is told from where they stand."""
    monkeypatch.delenv("GUAPAI_VENUE", raising=False)
    monkeypatch.chdir(tmp_path)
    copy = founded().copied(default_folder())
    yield copy
    copy.venue.close()


@pytest.fixture
def served(town: Town) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, town.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _client(town: Town, url: str, handle: str) -> Client:
    return Client(url, participant=handle, signer=town.keys[handle].signing)


def _admit(town: Town, url: str, handle: str, role: str) -> None:
    keys = town.keys[handle] = new_keys()
    applicant = Client(url, signer=keys.signing)
    facts = {"public_key": keys.signing.public_key.hex(), "recipient": keys.recipient}
    body = applicant.act("participant.key", None, facts) | {
        "handle": handle,
        "name": f"{handle} Ltd",
        "credit_code": code("91370200MA00009" + str(len(handle) % 10) + "A"),
    }
    applied = applicant.post("/participants", body).json
    assert applied["standing"] == "applied"
    house = _client(town, url, "house")
    page = house.get(f"/participants/{applied['id']}/register").json
    subject = f"participant/{applied['id']}"
    seen = {"method": "seen", "documents": [digest(b"paper")], "until": "2027-11-01"}
    act = house.act("identity.verified", subject, seen, {"signatory": "李四"})
    papers = {"documents": [base64.b64encode(b"paper").decode()]}
    verified = house.post(f"/participants/{applied['id']}/identity", act | papers).json
    assert verified["verified_until"] == "2027-11-01"
    act = house.act("participant.admitted", subject, {"roles": [role]}, {"register": page})
    admitted = house.post(f"/participants/{applied['id']}/admission", act).json
    assert admitted["standing"] == "admitted"
    assert admitted["roles"] == [role]
    assert "credit_code" not in admitted


def _list(town: Town, url: str) -> dict[str, Any]:
    supplier = _client(town, url, "new-supplier")
    data = csv()
    mine = sheet(supplier.id or "")
    claim = supplier.act(
        "product.registered",
        None,
        {
            "data": digest(data),
            "bytes": len(data),
            "rights": ["holding", "operating"],
            "sources": ["produced"],
            "evidence": [digest(b"log")],
            "parents": [],
        },
    )
    files = [("file", data), ("evidence", b"log")]
    product = supplier.post("/products", claim | {"name": "currents.csv"}, files=files).json
    number, subject = product["number"], f"product/{product['number']}"
    bound = {"sheet": mine.digest, "data": product["data"]}
    graded = {"grade": str(mine.grade), "purposes": list(mine.conditions.purposes)}
    body = supplier.act("sheet.submitted", subject, bound | graded) | {"sheet": to_record(mine)}
    product = supplier.post(f"/products/{number}/sheet", body, if_match=product["head"]).json

    findings = supplier.get(f"/products/{number}/findings").json
    assert not findings["passed"]
    assert {"T-05", "Q-10", "S-10"} <= {finding["rule"] for finding in findings["findings"]}

    assessor, expert = _client(town, url, "assessor"), _client(town, url, "expert")
    pack = assessor.get("/exchange").json["pack"]["digest"]
    attested = bound | {
        "pack": pack,
        "rules": list(RULES),
        "outcome": "passed",
        "until": "2027-11-01",
    }
    report = {"report": "looked at all of it"}
    body = assessor.act("compliance.attested", subject, attested, report)
    product = assessor.post(f"/products/{number}/attestations", body, if_match=product["head"]).json
    facts = bound | {"score": "0.96", "dimensions": ["accuracy 0.97"]}
    body = expert.act("quality.reviewed", subject, facts, {"comments": "可信"})
    product = expert.post(f"/products/{number}/reviews", body, if_match=product["head"]).json
    reviewer, ticks = _client(town, url, "reviewer"), dict.fromkeys(CHECKLIST, "yes")
    checklist = hashlib.sha256(checklist_record(ticks)).hexdigest()
    facts = bound | {"pack": pack, "decision": "approved", "checklist": checklist}
    body = reviewer.act("listing.vetted", subject, facts, {"reasons": "it agrees"})
    body |= {"checklist": ticks}
    product = reviewer.post(f"/products/{number}/vettings", body, if_match=product["head"]).json

    town.advance(seconds=NOTICE)
    act = supplier.act("listing.requested", subject, bound)
    listed: dict[str, Any] = supplier.post(
        f"/products/{number}/listing", act, if_match=product["head"]
    ).json
    return listed


def _order(town: Town, url: str, number: str) -> dict[str, Any]:
    buyer, house = (_client(town, url, name) for name in ("new-buyers", "house"))
    deposit = {"amount": {"minor": 2_000_000, "currency": "CNY"}}
    act = house.act("account.deposited", f"account/{buyer.id}", deposit, {"reference": "bank"})
    assert house.post(f"/accounts/{buyer.id}/deposits", act).json["balance"]["minor"] == 2_000_000
    wish = filing(number)
    body = buyer.act("scenario.filed", None, filing_facts(wish), {"scenario": to_record(wish)})
    scenario = buyer.post("/scenarios", body).json
    assert scenario["state"] == "approved"
    quote = buyer.post("/quotes", {"scenario": scenario["id"]}).json
    assert sum(line["amount"]["minor"] for line in quote["lines"]) == quote["amount"]["minor"]
    agreed = {name: quote[name] for name in ("product", "scenario", "terms", "amount")}
    act = buyer.act("trade.ordered", None, agreed | {"quote": quote["id"]})
    ordered: dict[str, Any] = buyer.post("/trades", act).json
    return ordered


def _contract(town: Town, url: str, trade: dict[str, Any]) -> dict[str, Any]:
    supplier = _client(town, url, "new-supplier")
    facts = {name: trade[name] for name in ("product", "terms", "amount")}
    facts |= {"purposes": [trade["agreed"]["purpose"]], "until": "2027-11-23T01:10:00Z"}
    act = supplier.act("trade.contracted", f"trade/{trade['id']}", facts)
    contracted: dict[str, Any] = supplier.post(
        f"/trades/{trade['id']}/contract", act, if_match=trade["head"]
    ).json
    assert (contracted["state"], contracted["escrow"]) == ("contracted", "held")
    return contracted


def _deliver(town: Town, url: str, trade: dict[str, Any], folder: Path) -> dict[str, Any]:
    supplier = _client(town, url, "new-supplier")
    recipient = Client(url).get(f"/participants/{trade['buyer']}").json["recipient"]
    plain = folder / "currents.csv"
    plain.write_bytes(csv())
    sealed = SealedFile().seal(plain, recipient, folder / "sealed.age")
    facts = {
        "product": trade["product"],
        "data": sealed.data,
        "sealed": sealed.sealed,
        "bytes": sealed.bytes,
        "recipient": recipient,
    }
    act = supplier.act("delivery.made", f"trade/{trade['id']}", facts)
    files = [("file", sealed.path.read_bytes())]
    path = f"/trades/{trade['id']}/delivery"
    delivered: dict[str, Any] = supplier.post(path, act, files=files, if_match=trade["head"]).json
    return delivered


def _receive(town: Town, url: str, trade: dict[str, Any], folder: Path) -> dict[str, Any]:
    buyer, path = _client(town, url, "new-buyers"), f"/trades/{trade['id']}"
    sealed, opened = folder / "received.age", folder / "received.csv"
    sealed.write_bytes(buyer.get(f"{path}/delivery").body)
    data = SealedFile().open(sealed, town.keys["new-buyers"].identity, opened)
    assert opened.read_bytes() == csv()
    facts = {"data": data, "sealed": trade["sealed"]}
    act = buyer.act("delivery.received", f"trade/{trade['id']}", facts)
    received: dict[str, Any] = buyer.post(f"{path}/receipt", act, if_match=trade["head"]).json
    return received


def test_list_trade_deliver_settle_audit(town: Town, served: str, tmp_path: Path) -> None:
    for handle, role in (("new-supplier", "supplier"), ("new-buyers", "buyer")):
        _admit(town, served, handle, role)
    anybody = Client(served)
    product = _list(town, served)
    assert product["listing"] == "listed"
    board = anybody.get("/board").json
    assert [line["number"] for line in board["products"]] == [product["number"]]
    shown = anybody.get(f"/products/{product['number']}/sheet").json
    assert shown["differences"] == []
    assert shown["profile"]["rows"] == shown["sheet"]["physical"]["rows"]

    trade = _contract(town, served, _order(town, served, product["number"]))
    trade = _receive(town, served, _deliver(town, served, trade, tmp_path), tmp_path)
    supplier = _client(town, served, "new-supplier")
    trade = supplier.post(f"/trades/{trade['id']}/settlement", if_match=trade["head"]).json
    assert trade["state"] == "executed"
    assert sum(line["amount"]["minor"] for line in trade["lines"]) == trade["amount"]["minor"]
    balance = supplier.get(f"/accounts/{supplier.id}").json["balance"]["minor"]
    assert balance == trade["amount"]["minor"] * 975 // 1000

    record = supplier.post("/ledger/certificates", {"subject": f"trade/{trade['id']}"}).json
    key = VerifierKey.parse(anybody.get("/exchange").json["vkey"])
    entry, checkpoint = verify_certificate(record, key)
    assert entry.kind == "settlement.executed"
    assert anybody.get("/ledger/checkpoint").json["size"] == checkpoint.size
    assert not reconcile(floor=town.venue.floor).faults
    export_bundle(tmp_path / "bundle", floor=town.venue.floor)
    report = audit(tmp_path / "bundle", key=key)
    assert report.passed, report.findings
