"""Sheets and documents over HTTP and on the pages: pending, issued, compared, exported."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest

from exchange.documents import THE_FOUR, DocumentKind
from exchange.errors import NotFound
from exchange.formats import typesetting
from exchange.formats.spec_sheet import FORMS
from exchange.records import to_record
from exchange.web.client import Problem
from exchange.web.pages.words import LANGUAGES, WORDS
from ledger.canonical import encode
from tests.exchange.floor import welcome
from tests.exchange.web.town import LOG, Town, csv, sheet

PROOF = b"what the buoys cost"


@pytest.fixture
def base(market: Town) -> str:
    return f"/products/{market.product}"


def attached(town: Town, base: str, kind: str = "source-proof", until: str = "2027-06-01") -> str:
    """Attach a document over HTTP as the supplier, and return where."""
    client = town.client("tide-data")
    today = town.venue.floor.clock().date().isoformat()
    facts = {
        "what": kind,
        "document": hashlib.sha256(PROOF).hexdigest(),
        "sheets": [],
        "issued": today,
        "until": until,
    }
    values = {"issuer": "浮标厂", "name": "order.pdf"}
    body = client.act("document.attached", f"product/{town.product}", facts, values)
    body["document"] = base64.b64encode(PROOF).decode()
    answer = client.post(f"{base}/documents", body, if_match=town.head())
    assert answer.status == 201
    leaf: str = answer.json["leaf"]
    return leaf


def decided(town: Town, base: str, leaf: str, how: str, who: str = "house", **more: str) -> object:
    client = town.client(who)
    document = hashlib.sha256(PROOF).hexdigest()
    facts = {"attachment": leaf, "document": document, **more}
    values = {"grounds": "forged"} if how == "rejected" else {}
    body = client.act(f"document.{how}", f"product/{town.product}", facts, values)
    path = {"verified": "verification", "rejected": "rejection", "withdrawn": "withdrawal"}[how]
    return client.post(f"{base}/documents/{leaf}/{path}", body, if_match=town.head()).json


def issue(town: Town) -> None:
    """Have all four documents attached and verified, the valuer admitted meanwhile."""
    house, number = town.desk("house"), town.product
    with town.venue.floor.read() as work:
        newcomer = work.participants.get("newcomer")
    if not newcomer.roles:
        from exchange.participants import Role  # noqa: PLC0415 - for this one

        town.people["newcomer"] = welcome(house, newcomer, [Role.VALUER])
    until = town.venue.floor.clock().date().replace(year=2027)
    for who, kind, text in (
        ("assessor", DocumentKind.COMPLIANCE_ASSESSMENT, b"seen"),
        ("expert", DocumentKind.QUALITY_CERTIFICATE, b"plausible"),
        ("newcomer", DocumentKind.ASSET_VALUATION, b"worth it"),
    ):
        last = min(until, until.replace(month=11, day=1))
        made = town.desk(who).attach(number, kind, text, name="a.txt", until=last)
        house.verify_document(number, made.leaf)
    house.verify_document(number, town.desk("tide-data").undertake(number).leaf)


def test_a_document_is_attached_and_verified_by_another_over_http(market: Town, base: str) -> None:
    leaf = attached(market, base)
    with pytest.raises(Problem) as refused:
        decided(market, base, leaf, "verified", "tide-data", until="2027-06-01")
    assert refused.value.code == "forbidden"
    verified = decided(market, base, leaf, "verified", until="2027-01-01")
    (shown,) = market.client().get(f"{base}/documents").json
    assert shown == verified
    assert (shown["stands"], shown["valid_until"]) == (True, "2027-01-01")
    assert shown["decided_by"]["id"] == market.people["house"].id
    assert "order.pdf" not in json.dumps(shown)
    content = market.client("tide-data").get(f"{base}/documents/{leaf}/content")
    assert content.body == PROOF


def test_a_rejected_document_stays_rejected_over_http(market: Town, base: str) -> None:
    leaf = attached(market, base)
    decided(market, base, leaf, "rejected")
    with pytest.raises(Problem) as refused:
        decided(market, base, leaf, "verified", until="2027-06-01")
    assert refused.value.code == "illegal_transition"


def test_a_request_about_another_document_is_refused(market: Town, base: str) -> None:
    leaf = attached(market, base)
    client = market.client("tide-data")
    facts = {"attachment": "0" * 64, "document": "0" * 64, "reason": "x"}
    body = client.act("document.withdrawn", f"product/{market.product}", facts)
    with pytest.raises(Problem) as refused:
        client.post(f"{base}/documents/{leaf}/withdrawal", body, if_match=market.head())
    assert refused.value.code == "bad_field"


def test_the_api_says_what_keeps_a_sheet_from_being_issued(market: Town, base: str) -> None:
    found = market.client().get(f"{base}/sheet/versions").json
    assert not found["issued"]
    assert found["wanting"] == [str(kind) for kind in THE_FOUR]
    issue(market)
    found = market.client().get(f"{base}/sheet/versions").json
    assert (found["issued"], found["wanting"]) == (True, [])
    assert found["versions"][0]["state"] == "issued"


def test_a_pending_version_and_the_published_one_are_compared(market: Town, base: str) -> None:
    mine = sheet(market.people["tide-data"].id)
    market.desk("tide-data").submit_sheet(market.product, replace(mine, contact="new@tide.example"))
    client = market.client()
    versions = client.get(f"{base}/sheet/versions").json["versions"]
    assert [each["state"] for each in versions] == ["pending", "suspended"]
    found = client.get(f"{base}/sheet/changes?before=1&after=2").json
    assert [each["field"] for each in found["changes"]] == ["contact"]
    assert found["changes"][0]["after"] == "new@tide.example"
    with pytest.raises(Problem) as refused:
        client.get(f"{base}/sheet/changes?before=1&after=9")
    assert refused.value.code == "not_found"


def test_completeness_is_told_field_by_field(market: Town, base: str) -> None:
    found = market.client().get(f"{base}/sheet/completeness").json
    assert len(found["fields"]) == 45
    assert found["filled"] < found["counted"]
    missing = [each for each in found["fields"] if each["standing"] == "missing"]
    assert all(each["how"] for each in missing)


def test_a_draft_is_kept_and_said_to_be_unready(market: Town, base: str) -> None:
    client = market.client("tide-data")
    saved = client.post(f"{base}/sheet/draft", {"content": {"basic": {}}}).json
    assert saved["fault"].startswith("basic.name: ")
    mine = to_record(sheet(market.people["tide-data"].id))
    whole = client.post(f"{base}/sheet/draft", {"content": mine}).json
    assert (whole["fault"], saved["digest"], saved["record"]) == ("", "", {"basic": {}})
    assert whole["digest"] == sheet(market.people["tide-data"].id).digest
    kept = client.get(f"{base}/sheet/draft").json
    assert (kept["content"], kept["changes"], kept["differences"]) == (mine, [], [])
    short = {name: value for name, value in mine.items() if name != "approvals"}
    filled = client.post(f"{base}/sheet/draft", {"content": short}).json
    assert filled["record"] == short | {"approvals": {}}
    assert filled["digest"] == hashlib.sha256(encode(filled["record"])).hexdigest()
    typed = mine | {"physical": mine["physical"] | {"rows": 9_999}}
    told = client.post(f"{base}/sheet/draft", {"content": typed}).json
    assert [each["field"] for each in told["changes"]] == ["physical.rows"]
    (differs,) = told["differences"]
    assert (differs["field"], differs["declared"]) == ("physical.rows", "9999")


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_is_exported_under_an_etag(market: Town, base: str, form: str) -> None:
    if form == "pdf":
        try:
            typesetting.find_fonts()
        except NotFound as error:
            if os.environ.get("GUAPAI_CI"):
                raise
            pytest.skip(str(error))
    client = market.app.test_client()
    path = f"/api/v1{base}/sheet.{form}?lang=en"
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type.startswith(FORMS[form].media_type.partition(";")[0])
    tag = answer.headers["ETag"]
    assert client.get(path).data == answer.data
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    attached(market, base)
    changed = client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_the_schema_is_served_and_describes_the_export(market: Town, base: str) -> None:
    client = market.app.test_client()
    answer = client.get("/schemas/spec-sheet.json")
    assert answer.content_type == "application/schema+json"
    record = json.loads(client.get(f"/api/v1{base}/sheet.json").data)
    jsonschema.Draft202012Validator(json.loads(answer.data)).validate(record)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_show_pending_and_published_and_what_is_wanting(market: Town, lang: str) -> None:
    at = LANGUAGES.index(lang)
    client = market.app.test_client()
    product, page = f"/products/{market.product}", f"/products/{market.product}/sheet"
    text = client.get(f"{product}?lang={lang}").text
    assert WORDS["sheet.wanting"][at] in text
    for kind in THE_FOUR:
        assert WORDS[f"wanting.{kind}"][at] in text
    issue(market)
    assert WORDS["sheet.wanting"][at] not in client.get(f"{product}?lang={lang}").text
    mine = sheet(market.people["tide-data"].id)
    market.desk("tide-data").submit_sheet(market.product, replace(mine, contact="new@tide.example"))
    text = client.get(f"{page}?lang={lang}").text
    assert WORDS["sheet.changes"][at] in text
    assert "new@tide.example" in text
    assert "new@tide.example" not in client.get(f"{page}?version=1&lang={lang}").text
    assert client.get(f"{page}?version=9").status_code == 404


def test_no_more_than_the_sheets_written_lately_are_kept(market: Town, base: str) -> None:
    module = import_module("exchange.web.api.sheets")
    module._KEPT.clear()  # this sheet may have been written for another test
    module._KEPT.update({f"another {number}": b"" for number in range(module.KEPT)})
    answer = market.app.test_client().get(f"/api/v1{base}/sheet.toml")
    assert len(module._KEPT) == module.KEPT
    assert list(module._KEPT.values())[-1] == answer.data


def _quoted(town: Town, who: str | None, base: str) -> set[str]:
    """Return where the rows or the greatest speed stand, of what one participant reads."""
    client, found = town.client(who), set()
    profile = client.get(f"{base}/sheet").json["profile"]
    if profile["columns"][1]["maximum"]:
        found.add("sheet")
    exported = json.loads(client.get(f"{base}/sheet.json").body)["dossier"]
    if exported["sample"]["drawn"]:
        found.add("json")
    if any(column["maximum"] for column in exported["profile"]["columns"]):
        found.add("json ranges")
    if "# Drawn and masked" in client.get(f"{base}/sheet.toml").body.decode():
        found.add("toml")
    if LATER not in client.get(f"{base}/sheet.html?lang=en").body.decode():
        found.add("html")
    return found


LATER = "The rows of the sample and measured ranges are shown while it is listed."
EVERYWHERE = {"sheet", "json", "json ranges", "toml", "html"}


def _page(town: Town, base: str, lang: str = "en") -> str:
    return town.app.test_client().get(f"{base}/sheet?lang={lang}").get_data(as_text=True)


def test_rows_and_extremes_are_public_while_the_product_is_listed(market: Town, base: str) -> None:
    assert _quoted(market, None, base) == _quoted(market, "shipyard", base) == EVERYWHERE
    assert LATER not in _page(market, base)
    market.desk("house").suspend_listing(market.product, "persons were found in it")
    assert _quoted(market, None, base) == _quoted(market, "shipyard", base) == set()
    for who in ("tide-data", "assessor", "expert", "reviewer", "house"):
        assert _quoted(market, who, base) == EVERYWHERE, who
    assert LATER in _page(market, base)
    assert "在产品挂牌后公开" in _page(market, base, "zh")


def test_before_a_listing_rows_are_for_the_supplier_and_those_who_judge(
    market: Town, tmp_path: Path
) -> None:
    file = tmp_path / "other.csv"
    file.write_bytes(csv(5))
    mine = sheet(market.people["tide-data"].id)
    desk = market.desk("tide-data")
    number = desk.register(file, mine, [LOG]).number
    desk.submit_sheet(number, mine)
    base = f"/products/{number}"
    assert _quoted(market, None, base) == _quoted(market, "harbour", base) == set()
    assert _quoted(market, "tide-data", base) == _quoted(market, "reviewer", base) == EVERYWHERE
    assert LATER in _page(market, base)
    answer = market.app.test_client().get(f"/api/v1{base}/sheet", headers={"Authorization": "no"})
    assert answer.status_code == 401


def test_an_older_version_than_the_one_on_the_board_shows_no_rows(market: Town, base: str) -> None:
    mine = sheet(market.people["tide-data"].id)
    market.desk("tide-data").submit_sheet(market.product, replace(mine, contact="new@tide.example"))
    for version in (1, 2):
        path = f"/api/v1{base}/sheet.json?version={version}"
        record = json.loads(market.app.test_client().get(path).data)
        assert record["dossier"]["sample"]["drawn"] is None


def test_a_token_of_another_scope_reads_what_everybody_does(market: Town, base: str) -> None:
    client = market.client("tide-data")
    market.desk("house").suspend_listing(market.product, "persons were found in it")
    found = {}
    for scope in ("read:own", "read:audit"):
        token = client.post("/tokens", {"scopes": [scope], "seconds": 60}).json["token"]
        header = {"Authorization": f"Bearer {token}"}
        answer = market.app.test_client().get(f"/api/v1{base}/sheet.json", headers=header)
        found[scope] = json.loads(answer.data)["dossier"]["sample"]["drawn"] is not None
    assert found == {"read:own": True, "read:audit": False}
