"""Files that come in parts over HTTP: as tus has it, signed, and used by acts that name them."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, cast

import pytest

from exchange.services.deliver_product import open_delivery
from exchange.services.execute_trade import terms_of
from exchange.services.register_product import profile_of
from exchange.uploads import FileUploads
from exchange.web import access
from exchange.web.client import PART_TYPE, TRIES, Answer, Client, Problem, Request
from tests.exchange.web.town import Town, csv, digest

DATA = csv(seed=5)


def claim(town: Town, data: bytes = DATA, **changes: Any) -> dict[str, Any]:
    facts = {
        "data": digest(data),
        "bytes": len(data),
        "rights": ["holding"],
        "sources": ["produced"],
        "evidence": [],
        "parents": [],
    }
    act = town.client("tide-data").act("product.registered", None, facts | changes)
    return act | {"name": "a.csv"}


def limited(town: Town, **limits: Any) -> None:
    """Give a town other limits."""
    town.venue.settings = replace(town.venue.settings, **limits)
    for cached in ("floor", "_uploads"):
        town.venue.__dict__.pop(cached, None)


def opened(client: Client, size: int, **headers: str) -> Answer:
    sent = {"Idempotency-Key": client.chance(16).hex(), "Upload-Length": str(size), **headers}
    return client._ask(Request("POST", client._url("/uploads"), sent))


def sent(client: Client, name: str, offset: int, part: bytes, **headers: str) -> Answer:
    head = {"Content-Type": PART_TYPE, "Upload-Offset": str(offset), **headers}
    return client._ask(Request("PATCH", client._url(f"/uploads/{name}"), head, part))


def ended(client: Client, name: str) -> Answer:
    return client._ask(Request("DELETE", client._url(f"/uploads/{name}"), {}))


def left(town: Town) -> list[str]:
    """Name what lies in the vault but files under their digest."""
    folder = town.venue.folder / "vault"
    return sorted(path.name for path in folder.rglob(".*")) + sorted(
        path.name for path in folder.rglob("PT-*")
    )


def refused(call: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        call()
    return caught.value


# The protocol.


def test_a_file_comes_in_parts(town: Town) -> None:
    client = town.client("tide-data")
    made = opened(client, 9)
    name = made.json["upload"]
    assert (made.status, made.json["bytes"], made.json["offset"]) == (201, 9, 0)
    assert made.headers["Location"] == f"/api/v1/uploads/{name}"
    assert made.headers["Tus-Resumable"] == "1.0.0"
    part = sent(client, name, 0, b"rows ")
    assert (part.status, part.body, part.headers["Upload-Offset"]) == (204, b"", "5")
    head = client._ask(Request("HEAD", client._url(f"/uploads/{name}"), {}))
    assert (head.status, head.body) == (200, b"")
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("5", "9")
    assert head.headers["Cache-Control"] == "no-store"
    ends = parsedate_to_datetime(head.headers["Upload-Expires"]).timestamp()
    assert abs(ends - time.time() - town.venue.settings.upload_seconds) < 60
    assert sent(client, name, 5, b"more").headers["Upload-Offset"] == "9"
    found = client.get(f"/uploads/{name}").json
    assert found["offset"] == found["bytes"] == 9
    assert client.get("/uploads").json == [found]


def test_an_answer_that_was_lost_is_asked_for_again(town: Town) -> None:
    client = town.client("tide-data")
    first = opened(client, 9, **{"Idempotency-Key": "k-1"})
    again = opened(client, 9, **{"Idempotency-Key": "k-1"})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body == first.body
    assert again.headers["Location"] == first.headers["Location"]
    assert len(client.get("/uploads").json) == 1
    name = first.json["upload"]
    sent(client, name, 0, b"rows ")
    twice = refused(lambda: sent(client, name, 0, b"rows "))
    assert (twice.status, twice.code) == (409, "offset_differs")
    assert twice.answer.headers["Upload-Offset"] == "5"


def test_what_is_taken_back_is_gone(town: Town) -> None:
    client = town.client("tide-data")
    name = opened(client, 9).json["upload"]
    assert ended(client, name).status == 204
    for call in (
        lambda: client.get(f"/uploads/{name}"),
        lambda: sent(client, name, 0, b"x"),
        lambda: ended(client, name),
    ):
        assert refused(call).status == 404


def test_another_version_of_the_protocol_is_refused(town: Town) -> None:
    client = town.client("tide-data")
    problem = refused(lambda: opened(client, 9, **{"Tus-Resumable": "0.2.2"}))
    assert (problem.status, problem.answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert problem.answer.headers["Tus-Resumable"] == "1.0.0"
    assert opened(client, 9, **{"Tus-Resumable": "1.0.0"}).status == 201


def test_a_part_says_what_it_is_and_where_it_belongs(town: Town) -> None:
    client = town.client("tide-data")
    name = opened(client, 9).json["upload"]
    other = refused(lambda: sent(client, name, 0, b"x", **{"Content-Type": "text/csv"}))
    assert (other.status, other.code) == (415, "unsupported_media_type")
    headers = {"Content-Type": PART_TYPE}
    path = client._url(f"/uploads/{name}")
    nowhere = refused(lambda: client._ask(Request("PATCH", path, headers, b"x")))
    assert nowhere.status == 422
    assert "Upload-Offset" in nowhere.answer.json["errors"]["headers"]
    assert client.get(f"/uploads/{name}").json["offset"] == 0


@pytest.mark.parametrize("length", ["0", "-1", "x", "1.5"])
def test_an_upload_says_how_long_it_will_be(town: Town, length: str) -> None:
    client = town.client("tide-data")
    problem = refused(lambda: opened(client, 1, **{"Upload-Length": length}))
    assert problem.status == 422
    assert "Upload-Length" in problem.answer.json["errors"]["headers"]


@pytest.mark.parametrize("header", ["Upload-Length", "Upload-Offset"])
def test_a_header_that_says_where_bytes_belong_is_signed(town: Town, header: str) -> None:
    """Whoever passes a request on changes none of them."""
    client = town.client("tide-data")
    name = opened(client, 9).json["upload"]

    def altered(request: Request) -> Answer:
        request.headers[header] = "3"
        return town.send(request)

    client.send = altered
    for call in (lambda: opened(client, 9), lambda: sent(client, name, 0, b"x")):
        assert refused(call).code == "unauthenticated"


def test_a_part_is_small(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "PART_MAX", 100)
    client = town.client("tide-data")
    name = opened(client, 200).json["upload"]
    assert sent(client, name, 0, bytes(100)).headers["Upload-Offset"] == "100"
    assert refused(lambda: sent(client, name, 100, bytes(101))).status == 413


# Who may, and how much.


def test_suppliers_alone_send_files(town: Town) -> None:
    name = opened(town.client("tide-data"), 9).json["upload"]
    for who in ("harbour", "assessor", "house"):
        client = town.client(who)
        assert refused(lambda: opened(client, 9)).code == "forbidden"  # noqa: B023
        assert refused(lambda: sent(client, name, 0, b"x")).code == "forbidden"  # noqa: B023
    other = town.client("reef-data")
    for call in (
        lambda: other.get(f"/uploads/{name}"),
        lambda: sent(other, name, 0, b"x"),
        lambda: ended(other, name),
    ):
        assert refused(call).code == "not_found"
    assert other.get("/uploads").json == []


def test_who_is_suspended_sends_nothing_more(town: Town) -> None:
    client = town.client("tide-data")
    name = opened(client, 9).json["upload"]
    town.desk("house").suspend(town.people["tide-data"], "a reason")
    assert refused(lambda: opened(client, 9)).code == "forbidden"
    assert refused(lambda: sent(client, name, 0, b"x")).code == "forbidden"
    assert client.get(f"/uploads/{name}").json["offset"] == 0


def test_limits_are_told_with_their_settings(town: Town) -> None:
    limited(town, upload_bytes=100, uploads_open=2, uploads_bytes=150)
    client = town.client("tide-data")
    large = refused(lambda: opened(client, 101))
    assert (large.status, large.code) == (413, "too_large")
    assert "100 bytes (upload_bytes)" in str(large)
    opened(client, 100)
    more = refused(lambda: opened(client, 51))
    assert (more.status, more.code) == (422, "refused")
    assert "(uploads_bytes)" in str(more)
    opened(client, 50)
    assert "(uploads_open)" in str(refused(lambda: opened(client, 1)))


def test_what_is_being_used_is_busy(town: Town) -> None:
    client = town.client("tide-data")
    name = opened(client, 1).json["upload"]
    sent(client, name, 0, b"x")
    with town.venue.floor.uploads.lend(town.people["tide-data"].id, name):
        busy = refused(lambda: ended(client, name))
    assert (busy.status, busy.code) == (503, "busy")


# What it is for.


def test_a_product_is_registered_from_an_upload(town: Town) -> None:
    client = town.client("tide-data")
    name = client.upload(io.BytesIO(DATA), part=100)
    body = claim(town) | {"upload": name}
    product = client.post("/products", body)
    assert (product.status, product.json["data"]) == (201, digest(DATA))
    assert town.venue.floor.vault.check(digest(DATA)).read_bytes() == DATA
    assert left(town) == [".uploads"]
    # The answer was lost: it is asked for with the key it had, or another.
    assert client.post("/products", body).json == product.json
    other = town.client("tide-data")
    assert other.get("/uploads").json == []


def test_a_claim_says_in_which_columns_every_value_is_one(town: Town) -> None:
    apart = b"station,level\n" + b"".join(b"QD,%d\n" % (n % 3 or -9999) for n in range(12))
    client = town.client("tide-data")
    name = client.upload(io.BytesIO(apart))
    absent = claim(town, apart, no_fill_value=["depth"]) | {"upload": name}
    problem = refused(lambda: client.post("/products", absent))
    assert "a.csv has no column depth" in str(problem)
    body = claim(town, apart, no_fill_value=["level"]) | {"upload": name}
    number = client.post("/products", body).json["number"]
    with town.venue.floor.read() as work:
        profile = profile_of(work.products.get(number), work)
    assert (profile.no_fill_value, profile.columns[1].minimum) == (("level",), "-9999")
    for lang, words in (("en", "no value stands for a missing one in"), ("zh", "没有表示缺测的值")):
        page = town.app.test_client().get(f"/products/{number}?lang={lang}").text
        assert words in page
        assert "-9999" not in page


def test_a_refused_registration_leaves_the_upload_to_try_again(town: Town) -> None:
    client = town.client("tide-data")
    name = client.upload(io.BytesIO(DATA))
    other = claim(town, b"other")
    problem = refused(lambda: client.post("/products", other | {"upload": name}))
    assert problem.code == "data_differ"
    assert len(left(town)) == 2
    body = claim(town) | {"upload": name}
    assert client.post("/products", body).status == 201
    assert left(town) == [".uploads"]


def test_an_upload_that_is_not_whole_is_not_registered(town: Town) -> None:
    client = town.client("tide-data")
    name = opened(client, len(DATA)).json["upload"]
    sent(client, name, 0, DATA[:100])
    problem = refused(lambda: client.post("/products", claim(town) | {"upload": name}))
    assert (problem.status, problem.code) == (409, "conflict")
    assert f"100 of its {len(DATA)} bytes" in str(problem)
    client.upload(io.BytesIO(DATA), upload=name)
    assert client.post("/products", claim(town) | {"upload": name}).status == 201


def test_an_upload_that_is_not_there_is_named(town: Town) -> None:
    client = town.client("tide-data")
    problem = refused(lambda: client.post("/products", claim(town) | {"upload": "0" * 32}))
    assert (problem.status, problem.code) == (404, "not_found")
    assert "no upload of yours is open under that name" in str(problem)
    theirs = town.client("reef-data").upload(io.BytesIO(DATA))
    problem = refused(lambda: client.post("/products", claim(town) | {"upload": theirs}))
    assert problem.code == "not_found"


def test_either_a_file_or_an_upload(town: Town) -> None:
    client = town.client("tide-data")
    body = claim(town) | {"upload": client.upload(io.BytesIO(DATA))}
    both = refused(lambda: client.post("/products", body, files=[("file", DATA)]))
    assert (both.status, both.code) == (422, "bad_field")
    body.pop("upload")
    evidence = [("evidence", b"seen")]
    none = refused(lambda: client.post("/products", body, files=evidence))
    assert "either the file, or as upload the name" in str(none)


def test_new_data_and_its_delivery_come_from_uploads(market: Town, tmp_path: Path) -> None:
    """A trade is contracted and delivered, and other data registered, all in parts."""
    supplier, trade = market.desk("tide-data"), market.trade
    supplier.accept(trade)
    with market.venue.floor.read() as work:
        buyer = work.participants.get(work.trades.get(trade).buyer)
        terms = terms_of(work.trades.get(trade).terms, work)
    plain = tmp_path / "plain.csv"
    plain.write_bytes(csv())
    method = market.venue.floor.deliveries[terms.delivery]
    sealed = method.seal(plain, buyer.recipient, tmp_path / "sealed.age")
    client = market.client("tide-data")
    with sealed.path.open("rb") as file:
        name = client.upload(file, part=1_000)
    facts = {
        "product": market.product,
        "data": sealed.data,
        "sealed": sealed.sealed,
        "bytes": sealed.bytes,
        "recipient": buyer.recipient,
    }
    act = client.act("delivery.made", f"trade/{trade}", facts) | {"upload": name}
    path, head = f"/trades/{trade}/delivery", market.head("trade")
    made = client.post(path, act, if_match=head)
    assert made.json["delivery"] == "made"
    assert left(market) == [".uploads"]
    assert client.post(path, act, if_match=head).json == made.json  # asked again, the file used
    with market.venue.floor.read() as work:
        delivered = work.trades.get(trade)
    mine = market.keys["harbour"].identities
    target = tmp_path / "opened.csv"
    open_delivery(delivered, terms, mine, target, floor=market.venue.floor)
    assert target.read_bytes() == csv()

    facts = {
        "data": digest(DATA),
        "bytes": len(DATA),
        "sources": ["produced"],
        "evidence": [],
        "parents": [],
        "reason": "another season",
    }
    name = client.upload(io.BytesIO(DATA), part=500)
    act = client.act("registration.changed", f"product/{market.product}", facts)
    act |= {"upload": name, "name": "b.csv"}
    path, head = f"/products/{market.product}/registration/changes", market.head()
    changed = client.post(path, act, if_match=head)
    assert changed.json["data"] == digest(DATA)
    assert left(market) == [".uploads"]
    assert client.post(path, act, if_match=head).json == changed.json


# The client.


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_a_client_goes_on_where_a_part_was_lost(town: Town, lost: str) -> None:
    """Each part and each question is lost once, on its way there or back."""
    tried: set[tuple[str, str]] = set()

    def lossy(request: Request) -> Answer:
        step = request.method, request.headers.get("Upload-Offset", "")
        if step not in tried:
            tried.add(step)
            if lost == "answer":
                town.send(request)
            raise ConnectionResetError
        return town.send(request)

    client = town.client("tide-data", pause=0)
    client.send = lossy
    name = client.upload(io.BytesIO(DATA), part=300)
    honest = town.client("tide-data")
    assert len(honest.get("/uploads").json) == 1
    assert honest.post("/products", claim(town) | {"upload": name}).status == 201


def test_a_client_goes_on_in_another_process(town: Town) -> None:
    client = town.client("tide-data")
    name = opened(client, len(DATA)).json["upload"]
    sent(client, name, 0, DATA[:300])
    assert town.client("tide-data").upload(io.BytesIO(DATA), upload=name) == name
    assert client.post("/products", claim(town) | {"upload": name}).status == 201


def test_a_client_gives_up_on_what_is_refused_and_on_what_never_answers(town: Town) -> None:
    client = town.client("harbour", pause=0)
    assert refused(lambda: client.upload(io.BytesIO(DATA))).code == "forbidden"
    asked: list[str] = []

    def silent(request: Request) -> Answer:
        asked.append(request.method)
        raise ConnectionResetError

    client = town.client("tide-data", pause=0)
    client.send = silent
    with pytest.raises(ConnectionResetError):
        client.upload(io.BytesIO(DATA))
    assert asked == ["POST"] * TRIES
    name = opened(town.client("tide-data"), len(DATA)).json["upload"]
    client.send = town.send
    sent(client, name, 0, DATA[:1])
    uploads = cast("FileUploads", town.venue.floor.uploads)
    with uploads._held(uploads.find(client.id or "", name)):
        assert refused(lambda: client.upload(io.BytesIO(DATA), upload=name)).code == "busy"
