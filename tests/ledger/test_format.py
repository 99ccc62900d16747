"""docs/ledger-format.md is normative: what it lists is what the code does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.checkpoint import VerifierKey, verify
from ledger.commitments import Disclosure
from ledger.entries import FIELDS, Entry
from ledger.kinds import KINDS
from ledger.merkle import verify_consistency, verify_inclusion
from ledger.policy import Policy, verify_policy
from ledger.proofs import TlogProof
from ledger.witness import parse_request
from tests.ledger.published import DOC, VECTORS, between, fact_types, table, vector_text, vectors

TEXT = DOC.read_text()
FOUND: dict[str, Any] = json.loads(VECTORS.read_text())


def test_the_table_lists_exactly_the_kinds_with_their_facts_needs_and_rules() -> None:
    assert between(TEXT, "kinds") == table()
    assert between(TEXT, "facts") == fact_types()


def test_the_table_read_by_itself_has_every_kind_fact_and_need() -> None:
    rows = [line.strip("| ").split(" | ") for line in between(TEXT, "kinds")[2:]]
    listed = {re.findall(r"`([^`]*)`", row[0])[0]: row for row in rows}
    assert list(listed) == list(KINDS)
    for name, row in listed.items():
        assert re.findall(r"`(\w+)` \w+", row[2]) == [*KINDS[name].facts, *KINDS[name].later]
        needed = [part.split("`")[1] for part in row[3].split("; ") if part != "–"]
        assert needed == [need.kind for need in KINDS[name].needs]
        assert all(role in row[1] for role in KINDS[name].roles)


def test_the_fields_of_acts_and_entries_are_listed() -> None:
    sections = re.split(r"^## ", TEXT, flags=re.MULTILINE)
    for number, fields in (
        ("3", set(json.loads(FOUND["entries"][0]["entry"])["act"])),
        ("4", FIELDS),
    ):
        section = next(part for part in sections if part.startswith(f"{number}. "))
        rows = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
        assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(fields)


def test_the_vectors_stand_in_the_document_and_the_code_makes_them() -> None:
    assert vectors() == FOUND
    assert between(TEXT, "vectors") == vector_text(FOUND)


def test_the_vectors_follow_from_the_text_without_the_code() -> None:
    def sha(data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    leaves = []
    for seed, given in zip(("first", "first", "second"), FOUND["entries"], strict=True):
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(FOUND["seeds"][seed]))
        domain, act = given["message"].encode()[:14], given["message"].encode()[14:]
        assert domain == b"guapai/act/v1\n"
        assert sha(act).hex() == given["digest"]
        assert base64.b64encode(key.sign(domain + act)).decode() == given["signature"]
        assert json.loads(given["entry"])["act"] == json.loads(act)
        leaves.append(sha(b"\x00" + given["entry"].encode()))
        assert leaves[-1].hex() == given["leaf"]
        public = key.public_key().public_bytes_raw()
        assert sha(public).hex()[:16] == FOUND["key_ids"][seed] == json.loads(act)["key"]
    left = sha(b"\x01" + leaves[0] + leaves[1])
    root = sha(b"\x01" + left + leaves[2])
    assert root.hex() == FOUND["root"]
    assert FOUND["inclusion_of_entry_2"] == [left.hex()]
    assert FOUND["checkpoint"].split("\n")[2] == base64.b64encode(root).decode()


def test_the_vectors_verify() -> None:
    root, leaves = (
        bytes.fromhex(FOUND["root"]),
        [
            Entry.parse(given["entry"].encode(), index).leaf
            for index, given in enumerate(FOUND["entries"])
        ],
    )
    proof = [bytes.fromhex(part) for part in FOUND["inclusion_of_entry_2"]]
    verify_inclusion(leaves[2], 2, 3, proof, root)
    consistency = [bytes.fromhex(part) for part in FOUND["consistency_from_2"]]
    verify_consistency(2, 3, proof[0], root, consistency)
    checkpoint = verify(FOUND["checkpoint"].encode(), VerifierKey.parse(FOUND["vkey"]))
    assert (checkpoint.size, checkpoint.root) == (3, root)
    third = FOUND["entries"][2]["entry"].encode()
    filed = TlogProof.parse(FOUND["proof_of_entry_2"].encode())
    assert filed.verify(third, VerifierKey.parse(FOUND["vkey"])) == checkpoint
    assert (filed.index, list(filed.path)) == (2, proof)


def test_the_cosigned_checkpoint_meets_the_policy() -> None:
    note = f"{FOUND['checkpoint']}{FOUND['cosignature']}\n".encode()
    found = verify_policy(note, Policy.parse(FOUND["policy"].encode()))
    assert found.require_quorum().size == 3
    assert found.witnesses == {"w1": 1_767_603_603}
    body = FOUND["checkpoint"].partition("\n\n")[0] + "\n"
    asked = parse_request(FOUND["add_checkpoint"].encode())
    assert (asked.old_size, asked.note.decode()) == (2, FOUND["checkpoint"])
    assert [part.hex() for part in asked.proof] == FOUND["consistency_from_2"]
    raw = base64.b64decode(FOUND["cosignature"].split(" ")[2])
    assert int.from_bytes(raw[4:12]) == 1_767_603_603
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(FOUND["seeds"]["witness"]))
    assert raw[12:] == key.sign(f"cosignature/v1\ntime 1767603603\n{body}".encode())


def test_the_report_says_what_entry_2_says() -> None:
    text, given = FOUND["report_of_the_second_participant"], FOUND["entries"][2]
    name = given["subject"].partition("/")[2]
    for said in (f"Evidence of {name}", FOUND["root"], FOUND["vkey"], given["leaf"]):
        assert said in text
    assert f"{name}, with the key {FOUND['key_ids']['second']}" in text


def test_the_disclosure_opens_the_commitment() -> None:
    record = json.loads(FOUND["disclosure"])
    value = json.dumps(record["value"], ensure_ascii=False, separators=(",", ":"))
    message = f"{record['field']}\0{value}".encode()
    made = hmac.digest(base64.b64decode(record["salt"]), message, "sha256")
    assert base64.b64encode(made).decode() == FOUND["commitment"]
    Disclosure.parse(FOUND["disclosure"].encode()).verify({"contact": FOUND["commitment"]})


def test_the_limits_in_the_text_are_those_of_the_code() -> None:
    for limit in ("16,384 bytes", "2^53 − 1", "32 deep", "ten minutes", "64 KiB", "14 bytes"):
        assert limit in TEXT
