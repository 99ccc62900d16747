"""Rights over HTTP and on the page of a product."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from exchange.services.grant_right import GrantTerms
from exchange.specsheet import Right
from exchange.web.client import Problem
from tests.exchange.web.town import Town, csv, digest

GRANT = "right.granted"


def granting(town: Town, handle: str = "tide-data", to: str = "reef-data", **changes: Any) -> Any:
    """Return the body of a grant, with its agreement beside it."""
    until = "2027-11-22T00:00:00Z"
    now: str = town.client().get("/exchange").json["time"]
    plain: dict[str, Any] = {"right": Right.HOLDING, "purposes": ["any"], "regions": ["CN"]}
    terms = GrantTerms(to=town.people[to].id, start=now, until=until, **plain | changes)
    subject = f"product/{town.product}"
    return town.client(handle).act(GRANT, subject, terms.facts, {"agreement": "as we agreed"})


def grant(town: Town, handle: str = "tide-data", **changes: Any) -> Any:
    body, path = granting(town, handle, **changes), f"/products/{town.product}/rights"
    return town.client(handle).post(path, body, if_match=town.head())


def revoke(town: Town, handle: str, leaf: str, **others: Any) -> Any:
    client = town.client(handle)
    facts = {"grant": others.pop("grant", leaf), "reason": "terms were broken"}
    act = client.act("right.revoked", f"product/{town.product}", facts)
    path = f"/products/{town.product}/rights/{leaf}/revocation"
    return client.post(path, act, if_match=others.pop("if_match", town.head()))


def holders(town: Town) -> list[tuple[str, str]]:
    rights = town.client().get(f"/products/{town.product}/rights").json["rights"]
    return [(each["participant"], each["right"]) for each in rights]


def test_a_grant_is_made_shown_to_all_and_taken_back(market: Town) -> None:
    supplier, grantee = market.people["tide-data"].id, market.people["reef-data"].id
    claims = [(supplier, "holding"), (supplier, "operating")]
    assert holders(market) == claims
    answer = grant(market)
    assert answer.status == 201
    assert answer.headers["ETag"] == f'"{answer.json["head"]}"'
    assert holders(market) == [*claims, (grantee, "holding")]
    shown = market.client().get(f"/products/{market.product}/rights").json["rights"][2]
    assert shown["entries"][0] == answer.json["head"]
    assert (shown["granted_by"], shown["until"]) == (supplier, "2027-11-22T00:00:00Z")
    assert revoke(market, "tide-data", answer.json["head"]).status == 200
    assert holders(market) == claims


def test_a_grant_of_an_older_version_is_refused(market: Town) -> None:
    old, client = market.head(), market.client("tide-data")
    grant(market)
    path = f"/products/{market.product}/rights"
    with pytest.raises(Problem) as refused:
        client.post(path, granting(market), if_match=old)
    assert (refused.value.status, refused.value.code) == (412, "stale")
    with pytest.raises(Problem) as refused:
        client.post(path, granting(market))
    assert refused.value.status == 428


def test_a_grant_sent_again_is_made_once(market: Town) -> None:
    body, path = granting(market), f"/products/{market.product}/rights"
    client, old = market.client("tide-data"), market.head()
    first = client.post(path, body, if_match=old)
    again = client.post(path, body, if_match=old)
    assert again.json == first.json
    assert len(holders(market)) == 3


def test_rules_on_grants_speak_in_words(market: Town) -> None:
    grant(market, exclusive=True)
    with pytest.raises(Problem) as refused:
        grant(market, to="harbour")
    assert (refused.value.status, refused.value.code) == (422, "refused")
    assert "exclusive: the grant meets that of entry" in str(refused.value)


def test_a_grant_without_its_agreement_is_out_of_shape(market: Town) -> None:
    body = granting(market)
    del body["openings"]
    path = f"/products/{market.product}/rights"
    with pytest.raises(Problem) as refused:
        market.client("tide-data").post(path, body, if_match=market.head())
    assert refused.value.status == 422


def test_a_revocation_is_of_the_grant_in_its_path(market: Town) -> None:
    leaf = grant(market).json["head"]
    with pytest.raises(Problem) as refused:
        revoke(market, "tide-data", leaf, grant=digest("another"))
    assert (refused.value.status, refused.value.code) == (422, "bad_field")
    with pytest.raises(Problem) as refused:
        revoke(market, "reef-data", leaf)
    assert (refused.value.status, refused.value.code) == (403, "forbidden")
    with pytest.raises(Problem) as refused:
        revoke(market, "tide-data", digest("nothing"))
    assert refused.value.status == 404


def derived(town: Town, folder: Path, handle: str = "tide-data") -> str:
    file = folder / "source.csv"
    file.write_bytes(csv(1))
    source = town.desk(handle).register(file).number  # without a sheet it claims all three rights
    town.advance(hours=1)
    data = csv(2)
    facts = {
        "data": digest(data),
        "bytes": len(data),
        "rights": ["operating"],
        "sources": ["derived"],
        "evidence": [],
        "parents": [source],
    }
    client = town.client(handle)
    body = client.act("product.registered", None, facts) | {"name": "derived.csv"}
    town.product = source
    made: str = client.post("/products", body, files=[("file", data)]).json["number"]
    return made


def test_a_derived_product_is_registered_and_shown_with_its_lineage(
    town: Town, tmp_path: Path
) -> None:
    number = derived(town, tmp_path)
    shown = town.client().get(f"/products/{number}/rights").json
    assert [kin["path"] for kin in shown["ancestors"]] == [[number, town.product]]
    shown = town.client().get(f"/products/{town.product}/rights").json
    assert [kin["path"] for kin in shown["descendants"]] == [[town.product, number]]
    assert [kin["supplier"] for kin in shown["descendants"]] == [town.people["tide-data"].id]


def test_what_one_may_not_process_is_no_parent(market: Town) -> None:
    data = csv(2)
    client = market.client("reef-data")
    facts = {
        "data": digest(data),
        "bytes": len(data),
        "rights": ["operating"],
        "sources": ["derived"],
        "evidence": [],
        "parents": [market.product],
    }
    body = client.act("product.registered", None, facts) | {"name": "derived.csv"}
    with pytest.raises(Problem) as refused:
        client.post("/products", body, files=[("file", data)])
    assert (refused.value.status, refused.value.code) == (403, "forbidden")


def text_of(town: Town, number: str, lang: str) -> str:
    answer = town.app.test_client().get(f"/products/{number}?lang={lang}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))


def test_the_page_says_who_holds_what(market: Town) -> None:
    grant(market, exclusive=True, regions=["CN", "EU"])
    english, chinese = (text_of(market, market.product, lang) for lang in ("en", "zh"))
    row = "reef-data 公司 holding any CN, EU 2027-11-22T00:00:00Z exclusive"
    assert row in english
    assert "reef-data 公司 数据资源持有权 不限 CN, EU 2027-11-22T00:00:00Z 独占" in chinese
    assert "by its claim" in english


def test_the_page_says_what_came_of_what(town: Town, tmp_path: Path) -> None:
    number = derived(town, tmp_path)
    assert f"Derived from {town.product} Entry" in text_of(town, number, "en")
    assert "Nobody holds a right in it until" in text_of(town, number, "en")
    assert f"由此衍生 {number} 条目" in text_of(town, town.product, "zh")
