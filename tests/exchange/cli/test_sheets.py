"""Commands for sheets and documents: what they print, write, and refuse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.documents import THE_FOUR
from exchange.records import to_record
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import COMMENTS, OPERATOR, REPORT, SHEET, Hall, open_hall, sheet

HOUSE = OPERATOR[0]


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        yield hall


def test_the_four_documents_are_attached_verified_and_the_sheet_is_issued(
    market: Hall, tmp_path: Path
) -> None:
    guapai, number = Guapai(market.folder), market.number
    for name, text in (("report", REPORT), ("comments", COMMENTS), ("value", b"worth it")):
        (tmp_path / name).write_bytes(text)
    attach = ("document", "attach", number)
    until = ("--until", "2026-12-31")
    made = [
        guapai.json(*attach, tmp_path / file, "--kind", kind, *until, "--as", who)["leaf"]
        for file, kind, who in (
            ("report", "compliance-assessment", "assessor"),
            ("comments", "quality-certificate", "expert"),
            ("value", "asset-valuation", "valuer"),
        )
    ]
    made.append(guapai.json("document", "undertake", number, "--as", "supplier")["leaf"])
    assert guapai.json("completeness", number)["wanting"] == [str(kind) for kind in THE_FOUR]
    for leaf in made:
        guapai("document", "verify", number, leaf, "--as", HOUSE)
    listed = guapai.json("document", "list", number)["documents"]
    assert [each["state"] for each in listed] == ["verified"] * 4
    assert "issued: it is whole, its four documents stand" in guapai("completeness", number).stdout
    out = tmp_path / "copy"
    guapai("document", "show", number, made[0], "-o", out, "--as", "counsel")
    assert out.read_bytes() == REPORT
    guapai("document", "show", number, made[0], "-o", out, "--as", "counsel", code=3)


def test_the_command_named_after_attaching_verifies_the_document(
    market: Hall, tmp_path: Path
) -> None:
    guapai, number = Guapai(market.folder), market.number
    (tmp_path / "proof").write_bytes(b"proof")
    attach = ("document", "attach", number, tmp_path / "proof", "--kind", "source-proof")
    for made in (attach, ("document", "undertake", number)):
        _, _, following = guapai(*made, "--as", "supplier").stderr.partition("next: guapai ")
        assert "is verified" in guapai(*following.split()).stdout


def test_evidence_is_listed_and_written_for_those_who_judge(market: Hall, tmp_path: Path) -> None:
    guapai, number = Guapai(market.folder), market.number
    ((digest, named),) = guapai.json("document", "evidence", number, "--as", "reviewer")[
        "evidence"
    ].items()
    assert named == ["product.registered", "sources.0.evidence"]
    assert digest in guapai("document", "evidence", number, "--as", "reviewer").stdout
    out = tmp_path / "evidence"
    read = ("document", "evidence", number, digest, "--out", out, "--as")
    assert guapai.error(*read, "buyer", code=3)["code"] == "forbidden"
    guapai(*read, "reviewer")
    assert hashlib.sha256(out.read_bytes()).hexdigest() == digest
    assert guapai.error(*read, "reviewer", code=3)["code"] == "conflict"
    half = ("document", "evidence", number, digest, "--as", "reviewer")
    assert "named by DIGEST and --out" in guapai.error(*half, code=2)["detail"]


def test_a_document_is_rejected_or_withdrawn(market: Hall, tmp_path: Path) -> None:
    guapai, number = Guapai(market.folder), market.number
    (tmp_path / "proof").write_bytes(b"proof")
    attach = ("document", "attach", number, tmp_path / "proof", "--kind", "source-proof")
    leaf = guapai.json(*attach, "--as", "supplier")["leaf"]
    reject = ("document", "reject", number, leaf, "--grounds", "secret grounds", "--as")
    assert guapai.error(*reject, "supplier", code=3)["code"] == "forbidden"
    guapai(*reject, HOUSE)
    assert guapai.error(*reject, HOUSE, code=3)["code"] == "illegal_transition"
    again = guapai.json(*attach, "--as", "supplier")["leaf"]
    guapai("document", "withdraw", number, again, "--reason", "a slip", "--as", "supplier")
    table = guapai("document", "list", number).stdout
    assert "rejected" in table
    assert "withdrawn" in table
    assert "secret grounds" not in "".join(guapai.printed)
    date = ("--until", "soon", "--as", "supplier")
    assert guapai.error(*attach, *date, code=2)["detail"].startswith("--until: soon is not a date")


def test_a_new_version_is_compared_with_the_one_on_the_board(market: Hall) -> None:
    guapai, number = Guapai(market.folder), market.number
    market.supplier.submit_sheet(number, sheet(contact="new@supplier.example"))
    found = guapai.json("sheet-diff", number)
    assert (found["before"]["number"], found["after"]["number"]) == (1, 2)
    assert [each["field"] for each in found["changes"]] == ["contact"]
    printed = guapai("sheet-diff", number).stdout
    assert "pending" in printed
    assert "new@supplier.example" in printed
    assert "say the same" in guapai("sheet-diff", number, 1, 1).stdout
    assert guapai.error("sheet-diff", number, 1, 7, code=1)["code"] == "not_found"


def test_what_is_missing_is_printed_with_what_fills_it(market: Hall) -> None:
    guapai = Guapai(market.folder)
    conditions = {**SHEET["conditions"], "prohibited": []}
    market.supplier.submit_sheet(market.number, sheet(conditions=conditions))
    printed = guapai("completeness", market.number).stdout
    assert "conditions.prohibited" in printed
    assert "mandatory fields are filled" in printed
    assert "U2 禁止用途与转让 Prohibited uses and transfer" in printed.replace("\n", " ")
    record = guapai.json("completeness", market.number)
    assert len(record["fields"]) == 45
    assert record["wanting"] == [*THE_FOUR, "listing", "Q4", "Q5", "U2"]


def test_a_draft_is_saved_shown_and_signs_nothing(market: Hall, tmp_path: Path) -> None:
    guapai, number, size = Guapai(market.folder), market.number, market.size
    file = tmp_path / "draft.json"
    file.write_text(json.dumps({"basic": {}}))
    save = ("sheet-draft", number, file, "--as", "supplier")
    assert guapai.json(*save)["fault"].startswith("basic.name: ")
    file.write_text(json.dumps(to_record(sheet())))
    assert guapai.json(*save)["fault"] == ""
    assert "ready to sign" in guapai("sheet-draft", number, "--as", "supplier").stdout
    assert market.size == size
    assert guapai.error("sheet-draft", number, "--as", "buyer", code=3)["code"] == "forbidden"
    physical = {"rows": 9_999, "columns": 9}
    file.write_text(json.dumps(to_record(sheet(physical=SHEET["physical"] | physical))))
    typed = guapai(*save).stdout
    assert "2 figures in it are not as measured" in typed
    assert "Q-07" in typed
    assert "9999" in typed
    assert "ready to sign" not in typed
    content = {"fields": [*SHEET["content"]["fields"], SHEET["content"]["fields"][-1]]}
    file.write_text(json.dumps(to_record(sheet(content=content))))
    diff = ("sheet-diff", number, "--as", "supplier")
    for printed in (guapai(*save).stdout, guapai(*diff).stdout):
        assert "named 2 times" in printed
        assert "1 figure in it is not as measured" in printed
    file.write_text(json.dumps(to_record(sheet(physical=SHEET["physical"] | physical))))
    guapai(*save)
    told = guapai.json("sheet-draft", number, "--as", "supplier")
    assert told["differences"][0] == {
        "field": "physical.rows",
        "declared": "9999",
        "measured": "6",
    }
    assert [each["field"] for each in told["changes"]] == ["physical.rows", "physical.columns"]
    file.write_text("[1]")
    assert guapai.error(*save, code=2)["detail"] == "draft: draft.json is not a JSON object"


def test_draft_pending_and_published_stand_side_by_side_for_the_supplier(
    market: Hall, tmp_path: Path
) -> None:
    guapai, number = Guapai(market.folder), market.number
    mine = ("sheet-diff", number, "--as", "supplier")
    assert "say the same" in guapai(*mine).stdout  # no draft, one version
    market.supplier.submit_sheet(number, sheet(contact="pending@supplier.example"))
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(to_record(sheet(contact="draft@supplier.example"))))
    guapai("sheet-draft", number, file, "--as", "supplier")
    shown = guapai(*mine).stdout
    for word in (SHEET["contact"], "pending@supplier.example", "draft@supplier.example"):
        assert word in shown
    assert "version 1, version 2, the draft" in shown
    assert "ready to sign" in shown
    told = guapai.json(*mine)["draft"]
    assert [(each["before"], each["after"]) for each in told["changes"]] == [
        ("pending@supplier.example", "draft@supplier.example")
    ]
    assert "draft@" not in guapai("sheet-diff", number).stdout
    refused = guapai.error("sheet-diff", number, "--as", "buyer", code=3)
    assert refused["code"] == "forbidden"
    assert "draft" not in guapai.json("sheet-diff", number)


def test_a_draft_that_is_not_whole_stands_beside_the_version_as_far_as_it_goes(
    market: Hall, tmp_path: Path
) -> None:
    guapai, number = Guapai(market.folder), market.number
    file = tmp_path / "draft.json"
    odd = {"minor": "much", "currency": "?"}
    file.write_text(json.dumps({"basic": {"name": "新名"}, "price": {"amount": odd}}))
    guapai("sheet-draft", number, file, "--as", "supplier")
    shown = guapai("sheet-diff", number, "--as", "supplier").stdout
    for word in ("version 1, the draft", "新名", "much", "not ready: basic.sector"):
        assert word in shown


def test_a_sheet_is_written_to_a_new_file_alone(market: Hall, tmp_path: Path) -> None:
    guapai, number = Guapai(market.folder), market.number
    for form in ("html", "json", "toml"):
        out = tmp_path / f"sheet.{form}"
        export = ("sheet-export", number, "--format", form, "-o", out)
        assert "version 1 (pending)" in guapai(*export).stdout
        assert (market.product().sheet or "?") in out.read_text(encoding="utf-8")
        assert guapai.error(*export, code=3)["code"] == "conflict"
