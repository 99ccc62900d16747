"""The published log over HTTP: its files and nothing else, and proofs that a visitor brings."""

from __future__ import annotations

import html
import json
import os
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from exchange.services.issue_certificate import issue_certificate
from exchange.web.access import FORM_MAX
from exchange.web.pages.words import WORDS
from ledger.bundle import tile_path
from ledger.checkpoint import VerifierKey, verify
from ledger.cosignature import Cosigner
from ledger.keys import KeyPair
from ledger.merkle import leaf_hash
from ledger.policy import Policy
from ledger.proofs import TlogProof
from ledger.tiles import FetchedTiles, TileTree
from tests.exchange.web.town import Town, around


def get(town: Town, path: str, **headers: str) -> TestResponse:
    return town.app.test_client().get(path, headers=headers)


def published(town: Town) -> int:
    """Publish what there is, and return its size."""
    publishing = town.venue.published.publishing()
    try:
        return publishing.publish().size
    finally:
        publishing.stop()


def opened(town: Town, **settings: Any) -> Town:
    """Return the town with other settings, as after a restart."""
    for name, value in settings.items():
        object.__setattr__(town.venue.settings, name, value)
    town.app = around(town.app, town.venue)
    return town


# The files.


def test_a_client_reads_the_tree_over_http(market: Town) -> None:
    size = published(market)
    key = VerifierKey.parse(get(market, "/log/vkey").text)
    assert key == market.venue.floor.log_key
    found = verify(get(market, "/log/checkpoint").data, key)
    assert found.size == size
    tree = TileTree(FetchedTiles(lambda name: get(market, f"/log/{name}").data), found)
    with market.venue.floor.read() as work:
        for entry in work.chain.store.entries():
            assert tree.leaf(entry.index) == entry.leaf
    assert get(market, f"/log/history/{size}").data == get(market, "/log/checkpoint").data


def test_tiles_may_be_kept_for_good_and_the_checkpoint_may_not(market: Town) -> None:
    size = published(market)
    tile = f"/log/{tile_path('0', 0, size)}"
    for path, kind, caching in (
        ("/log/checkpoint", "text/plain; charset=utf-8", "no-cache"),
        ("/log/vkey", "text/plain; charset=utf-8", "no-cache"),
        (
            f"/log/history/{size}",
            "text/plain; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (tile, "application/octet-stream", "public, max-age=31536000, immutable"),
    ):
        answer = get(market, path)
        assert (answer.content_type, answer.headers["Cache-Control"]) == (kind, caching)
        assert "Vary" not in answer.headers
        again = get(market, path, **{"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        head = market.app.test_client().head(path)
        assert (head.status_code, head.data, head.headers["Content-Length"]) == (
            200,
            b"",
            str(len(answer.data)),
        )
        assert market.app.test_client().post(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/999",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/1/",
        "tile/0/..",
        "tile/../../exchange.toml",
        "tile/0/%2e%2e/%2e%2e/exchange.toml",
        "tile/0/000%00",
        "tile/0/000%0a",
        "tile/0/٠٠٠",
        "history/",
        "history/01",
        "history/-1",
        "history/..",
        "history/99999999999999999999",
        "history/7.new",
        "witnesses.json",
        "evidence/1/ours",
        ".lock",
        ".new",
        "policy",
        "witnessed",
        "proof/999999.tlog-proof",
        "proof/-1.tlog-proof",
        "",
    ],
)
def test_nothing_but_the_log_is_served(market: Town, path: str) -> None:
    published(market)
    answer = get(market, f"/log/{path}")
    assert answer.status_code in {404, 308}
    if answer.status_code == 308:
        assert market.app.test_client().get(answer.location).status_code == 404


def test_a_link_is_not_followed_and_a_pipe_not_read(market: Town) -> None:
    size = published(market)
    folder = market.venue.published.folder
    (folder / "tile/0/001").symlink_to(market.venue.folder / "exchange.toml")
    os.mkfifo(folder / "tile/0/002")
    (folder / "tile/0/003").write_bytes(bytes(256 * 32 + 1))
    (folder / "tile/0/004").mkdir()
    for name in ("001", "002", "003", "004"):
        assert get(market, f"/log/tile/0/{name}").status_code == 404
    assert get(market, f"/log/{tile_path('0', 0, size)}").status_code == 200


def test_entries_are_open_to_auditors_or_by_the_setting(market: Town) -> None:
    size = published(market)
    path = f"/log/{tile_path('entries', 0, size)}"
    refused = get(market, path)
    assert refused.status_code == 401
    assert b"amount" not in refused.data
    client = market.client("assessor")
    token = client.post("/tokens", {"scopes": ["read:audit"], "seconds": 60}).json["token"]
    read = get(market, path, Authorization=f"Bearer {token}")
    assert read.status_code == 200
    assert read.headers["Cache-Control"].startswith("private")
    own = client.post("/tokens", {"scopes": ["read:own"], "seconds": 60}).json["token"]
    assert get(market, path, Authorization=f"Bearer {own}").status_code == 403
    public = get(opened(market, publish_entries=True), path)
    assert public.data == read.data
    assert public.headers["Cache-Control"].startswith("public")


def test_the_policy_is_served_as_it_stands(market: Town) -> None:
    (market.venue.folder / "policy").write_bytes(b"quorum none\n")
    assert get(market, "/log/policy").data == b"quorum none\n"


def test_a_proof_is_made_from_the_published_files(market: Town) -> None:
    published(market)
    answer = get(market, "/log/proof/3.tlog-proof")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="3.tlog-proof"'
    entry = get(market, "/entries/3.json").data
    assert TlogProof.parse(answer.data).verify(entry, market.venue.floor.log_key).size > 3
    size = published(market)
    market.desk("harbour").quote(market.scenario)
    late = get(market, f"/log/proof/{size}.tlog-proof")
    assert late.status_code == 404
    assert f"covers {size} entries" in late.text


# The pages.


def test_the_bytes_of_an_entry_are_served_where_what_it_says_is(market: Town) -> None:
    with market.venue.floor.read() as work:
        entries = list(work.chain.store.entries())
    for entry in entries:
        answer = get(market, f"/entries/{entry.index}.json")
        if entry.subject.partition("/")[0] in {"exchange", "participant", "product"}:
            assert leaf_hash(answer.data) == entry.leaf
        else:
            assert answer.status_code == 404


def test_an_entry_is_shown_with_its_proof(market: Town) -> None:
    published(market)
    text = get(market, "/entries/3?lang=en").text
    proof = TlogProof.parse(get(market, "/log/proof/3.tlog-proof").data)
    for node in proof.path:
        assert node.hex() in text
    found = verify(proof.note, market.venue.floor.log_key)
    assert found.root.hex() in text
    assert WORDS["proof.leads"][1] in text
    market.desk("harbour").quote(market.scenario)
    late = get(market, f"/entries/{found.size}?lang=en").text
    assert WORDS["proof.none"][1] in late


def test_a_damaged_tile_makes_no_proof_and_no_error_page(market: Town) -> None:
    size = published(market)
    path = market.venue.published.folder / tile_path("0", 0, size)
    path.write_bytes(bytes(size * 32))
    answer = get(market, "/entries/3?lang=en")
    assert answer.status_code == 200
    assert WORDS["proof.none"][1] in answer.text
    assert "does not lead to the root" in answer.text


def page(town: Town) -> str:
    return html.unescape(get(town, "/audit?lang=en").text)


def test_witnesses_are_shown_in_words(market: Town) -> None:
    assert WORDS["witnesses.none"][1] in page(market)
    key = Cosigner("witness.example/w1", KeyPair.generate()).key
    policy = f"witness tower {key} http://127.0.0.1:1/\nquorum tower\n"
    Policy.parse(policy.encode())
    (market.venue.folder / "policy").write_text(policy)
    assert WORDS["witness.waiting"][1] in page(market)
    publishing = market.venue.published.publishing()
    publishing.publish()
    publishing.feed()
    publishing.stop()
    text = page(market)
    assert WORDS["witness.unreachable"][1] in text
    assert "Connection refused" in text
    assert f"{WORDS['witnesses.late'][1]} 0" in text
    (market.venue.folder / "policy").write_text("nonsense\n")
    broken = get(market, "/audit?lang=en")
    assert broken.status_code == 200
    assert WORDS["audit.unreadable"][1] in broken.text


def test_a_publication_that_is_gone_is_said_on_the_page(market: Town) -> None:
    shutil.rmtree(market.venue.published.folder)
    assert WORDS["audit.none"][1] in get(market, "/audit?lang=en").text
    assert get(market, "/log/checkpoint").status_code == 404


# Verifying.


def send(town: Town, **fields: Any) -> str:
    answer = town.app.test_client().post(
        "/verify?lang=en", data=fields, content_type="multipart/form-data"
    )
    assert answer.status_code == 200
    return answer.text


HOLDS, WRONG = WORDS["verify.holds"][1], WORDS["verify.wrong"][1]


def test_a_visitor_verifies_a_proof_file(market: Town) -> None:
    published(market)
    proof = get(market, "/log/proof/3.tlog-proof").data
    entry = get(market, "/entries/3.json").data
    sent = send(market, proof_file=(BytesIO(proof), "3"), entry_file=(BytesIO(entry), "e"))
    assert HOLDS in sent
    assert leaf_hash(entry).hex() in sent
    assert WORDS["verify.own"][1] in sent
    pasted = proof.decode().replace("\n", "\r\n").removesuffix("\r\n")
    assert HOLDS in send(market, proof=pasted, entry=f"{entry.decode()}\r\n")
    spoiled = bytearray(entry)
    spoiled[40] ^= 1
    assert "does not lead to the root" in send(
        market, proof=pasted, entry=spoiled.decode(errors="replace")
    )


def test_a_visitor_verifies_a_certificate(market: Town) -> None:
    made = issue_certificate(f"product/{market.product}", floor=market.venue.floor).to_record()
    sent = send(market, proof=json.dumps(made))
    assert HOLDS in sent
    assert market.product in sent
    changed = json.dumps(made | {"index": made["index"] + 1})
    assert WRONG in send(market, proof=changed)


def test_a_visitor_brings_the_key_of_another_log(market: Town) -> None:
    published(market)
    proof = get(market, "/log/proof/3.tlog-proof").data
    entry = get(market, "/entries/3.json").data
    files = {"proof": proof.decode(), "entry": entry.decode()}
    own = str(market.venue.floor.log_key)
    assert HOLDS in send(market, **files, vkey=own)
    stranger = str(VerifierKey("other.example", KeyPair.generate().public_key))
    sent = send(market, **files, vkey=stranger)
    assert "other.example has not signed this checkpoint" in sent
    assert "is not a verifier key" in send(market, **files, vkey="nonsense")


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        ("", "no proof file and no certificate was sent"),
        ("{", "neither a proof file nor a certificate"),
        ("[" * 9_000, "checked with the bytes of its entry"),
        ('{"a": ' * 5_000, "neither a proof file nor a certificate"),
        ("[]", "checked with the bytes of its entry"),
        ("{}", "fields missing or unknown"),
        ("c2sp.org/tlog-proof@v1\nindex 3\n", "checked with the bytes of its entry"),
    ],
)
def test_what_is_no_proof_is_said_in_words(town: Town, proof: str, words: str) -> None:
    sent = send(town, proof=proof)
    assert WRONG in sent
    assert words in sent


def test_hostile_text_comes_back_as_text(town: Town) -> None:
    hostile = "<script>alert(1)</script>"
    for fields in ({"proof": hostile, "entry": hostile}, {"vkey": hostile}):
        assert hostile not in send(town, **fields)


def test_a_form_is_bounded_and_changes_nothing(town: Town, tmp_path: Path) -> None:
    big = town.app.test_client().post("/verify", data={"proof": "x" * FORM_MAX})
    assert big.status_code == 413
    before = {p: p.stat().st_mtime_ns for p in town.venue.folder.rglob("*") if p.is_file()}
    send(town, proof="x", entry="y")
    after = {p: p.stat().st_mtime_ns for p in town.venue.folder.rglob("*") if p.is_file()}
    assert {p: t for p, t in after.items() if "sqlite3-" not in p.name} == {
        p: t for p, t in before.items() if "sqlite3-" not in p.name
    }
    assert not list(tmp_path.glob("*.json"))
