"""What docs/ledger-format.md publishes and code decides: the table of kinds and the vectors.

python -m tests.ledger.published        writes both anew, for a change of the format
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ledger.acts import Act, SignedAct, key_id, opened_subject
from ledger.chain import Chain, MemoryLog
from ledger.checkpoint import Checkpoint, VerifierKey, sign
from ledger.commitments import Disclosure
from ledger.cosignature import Cosigner
from ledger.evidence import PartyEntries, report_text
from ledger.keys import KeyPair
from ledger.kinds import KINDS, Fact, Kind, Need, Opening
from ledger.meaning import MEANING
from ledger.merkle import consistency_proof, inclusion_proof
from ledger.proofs import TlogProof
from ledger.witness import Request

ROOT = Path(__file__).parents[2]
DOC = ROOT / "docs" / "ledger-format.md"
VECTORS = ROOT / "tests" / "vectors" / "ledger.json"
ORIGIN = "exchange.example/ledger"
HEAD = ["| kind | who signs | facts | needs | besides |", "|---|---|---|---|---|"]
NAMES = {
    Fact.TEXT: "text",
    Fact.TEXTS: "texts",
    Fact.DIGEST: "digest",
    Fact.DIGESTS: "digests",
    Fact.INTEGER: "integer",
    Fact.TIME: "time",
    Fact.DATE: "date",
    Fact.MONEY: "money",
    Fact.AMOUNTS: "amounts",
    Fact.LINES: "lines",
    Fact.PARTS: "parts",
    Fact.PUBLIC_KEY: "key",
    Fact.KEY_ID: "key id",
    Fact.SIGNATURE: "signature",
    Fact.FLAG: "flag",
    Fact.COMMITMENT: "commitment",
    Fact.COMMITMENTS: "commitments",
    Fact.SEALED: "sealed",
    Fact.SALT: "salt",
    Fact.CHECKPOINTS: "checkpoints",
}
OPENS = {Opening.DERIVED: "opens ", Opening.NAMED: "may open ", Opening.NO: ""}


def fact_types() -> list[str]:
    return [f"- **{NAMES[fact]}**: {fact.value}" for fact in Fact]


def table() -> list[str]:
    return [*HEAD, *(_row(kind) for kind in KINDS.values())]


def _row(kind: Kind) -> str:
    signers = " or ".join(sorted(kind.roles))
    if not signers:
        first = {
            "participant.key": "the key itself",
            "exchange.opened": "the participant of entry 0",
        }
        signers = first.get(kind.name, "any participant in good standing")
    facts = ", ".join(f"`{name}` {NAMES[fact]}" for name, fact in kind.facts.items())
    facts += "".join(f", `{name}` {NAMES[fact]} (later)" for name, fact in kind.later.items())
    needs = "; ".join(_need(need, kind) for need in kind.needs)
    besides = ["once"] * kind.once + [f"not after `{ended}`" for ended in kind.not_after]
    for rule in MEANING.get(kind.name, ()):
        said = (rule.__doc__ or "").strip().splitlines()[0]
        besides.append(said.removeprefix("Require ").removesuffix("."))
    name = f"`{kind.name}` ({OPENS[kind.opening]}{kind.subject}): {kind.says}"
    return f"| {name} | {signers} | {facts} | {needs or '–'} | {'; '.join(besides) or '–'} |"


def _many(kind: Kind, fact: str) -> bool:
    return kind.facts[fact] in {Fact.TEXTS, Fact.DIGESTS}


def _need(need: Need, kind: Kind) -> str:
    words = [f"{'each ' * (_many(kind, need.by))}by `{need.by}`"] if need.by else []
    words += [f"{'each ' * (_many(kind, need.leaf))}named by `{need.leaf}`"] if need.leaf else []
    words += [f"`{name}` = {value}" for name, value in need.facts.items()]
    words += [f"same {', '.join(f'`{name}`' for name in need.same)}"] if need.same else []
    words += [f"{need.actor} signer"] if need.actor else []
    words += ["still in that role"] * need.standing
    words += ["latest"] * need.latest
    words += [f"not ended by {', '.join(f'`{kind}`' for kind in need.unless)}"] * bool(need.unless)
    words += [f"when `{name}` = {value}" for name, value in need.when.items()]
    words += [f"or {' or '.join(f'`{kind}`' for kind in need.alternatives)}"] * bool(
        need.alternatives
    )
    return f"`{need.kind}`" + (f" ({', '.join(words)})" if words else "")


def vectors() -> dict[str, Any]:
    named = (("first", 1), ("second", 2), ("log", 3), ("witness", 4))
    seeds = {name: bytes([byte]) * 32 for name, byte in named}
    keys = {name: KeyPair.from_seed(seed) for name, seed in seeds.items()}
    log = MemoryLog()
    chain = Chain(log, ORIGIN)
    acts: list[SignedAct] = []

    def append(kind: str, who: str, actor: str | None, subject: str | None, facts: Any) -> str:
        moment = f"2026-01-05T09:00:0{len(acts)}Z"
        key = key_id(keys[who].public_key)
        act = Act(ORIGIN, kind, subject, actor, key, moment, f"{len(acts):032x}", facts)
        acts.append(act.signed(keys[who]))
        return chain.append(acts[-1], clock=lambda: moment).actor

    def introduce(who: str) -> str:
        public_key = keys[who].public_key.hex()
        facts = {"public_key": public_key, "recipient": f"age1{who}"}
        return append("participant.key", who, None, None, facts)

    operator = introduce("first")
    opened = {
        "log_key": keys["log"].public_key.hex(),
        "notice_seconds": 604_800,
        "fee_ppm": 30_000,
        "pack": "ab" * 32,
        "clock": "system",
        "continues": [],
    }
    append("exchange.opened", "first", operator, f"exchange/{ORIGIN}", opened)
    introduce("second")
    entries = list(log.entries())
    leaves = [entry.leaf for entry in entries]
    checkpoint = Checkpoint(ORIGIN, 3, log.edge().root)
    note = sign(checkpoint, ORIGIN, keys["log"])
    log_key = VerifierKey(ORIGIN, keys["log"].public_key)
    vkey = str(log_key)
    party = PartyEntries.of(entries[2].actor, entries)
    witness = Cosigner("witness.example/w1", keys["witness"])
    disclosure = Disclosure(3, "contact", b"\x05" * 32, {"name": "王芳"})
    order = Act(ORIGIN, "trade.ordered", None, operator, "", "", "", {"quote": "QT-0123-4567-89AB"})
    return {
        "seeds": {name: seed.hex() for name, seed in seeds.items()},
        "public_keys": {name: key.public_key.hex() for name, key in keys.items()},
        "key_ids": {name: key_id(key.public_key) for name, key in keys.items()},
        "entries": [
            {
                "message": signed.act.message.decode(),
                "digest": signed.act.digest,
                "signature": signed.signature_text,
                "subject": entry.subject,
                "entry": entry.data.decode(),
                "leaf": entry.leaf.hex(),
            }
            for signed, entry in zip(acts, entries, strict=True)
        ],
        "trade_of_quote": {
            "quote": order.facts["quote"],
            "subject": opened_subject("trade", order),
        },
        "root": log.edge().root.hex(),
        "inclusion_of_entry_2": [part.hex() for part in inclusion_proof(leaves, 2)],
        "consistency_from_2": [part.hex() for part in consistency_proof(leaves, 2)],
        "vkey": vkey,
        "checkpoint": note.decode(),
        "proof_of_entry_2": TlogProof(2, inclusion_proof(leaves, 2), note).to_bytes().decode(),
        "cosignature": str(witness.cosign(checkpoint, 1_767_603_603)),
        "add_checkpoint": Request(2, consistency_proof(leaves, 2), note).to_bytes().decode(),
        "report_of_the_second_participant": report_text(party, checkpoint, log_key),
        "disclosure": disclosure.to_line().decode(),
        "commitment": disclosure.commitment,
        "policy": f"log {vkey}\nwitness w1 {witness.key}\nquorum w1\n",
    }


def vector_text(found: dict[str, Any]) -> list[str]:
    """Return the vectors as the document shows them."""
    first = found["entries"][0]
    blocks = [
        ("seed of the first key", found["seeds"]["first"]),
        ("its public key", found["public_keys"]["first"]),
        ("its key id", found["key_ids"]["first"]),
        ("message of the first act", first["message"]),
        ("its digest", first["digest"]),
        ("its signature", first["signature"]),
        ("the subject it opens", first["subject"]),
        ("entry 0", first["entry"]),
        ("its leaf hash", first["leaf"]),
        ("entry 1", found["entries"][1]["entry"]),
        ("its leaf hash", found["entries"][1]["leaf"]),
        ("entry 2", found["entries"][2]["entry"]),
        ("its leaf hash", found["entries"][2]["leaf"]),
        ("root of the three entries", found["root"]),
        ("inclusion proof of entry 2", "\n".join(found["inclusion_of_entry_2"])),
        ("consistency proof from size 2", "\n".join(found["consistency_from_2"])),
        ("verifier key of the log", found["vkey"]),
        ("checkpoint", found["checkpoint"].removesuffix("\n")),
        ("proof file of entry 2", found["proof_of_entry_2"].removesuffix("\n")),
        ("cosignature of the checkpoint", found["cosignature"]),
        ("policy that it meets", found["policy"].removesuffix("\n")),
        ("request to a witness that has size 2", found["add_checkpoint"].removesuffix("\n")),
    ]
    report = found["report_of_the_second_participant"]
    blocks += [
        ("a disclosure", found["disclosure"].removesuffix("\n")),
        ("the commitment that it opens", found["commitment"]),
    ]
    blocks.append(("report of the second participant's bundle", report.removesuffix("\n")))
    lines: list[str] = []
    for title, text in blocks:
        lines += [f"{title[0].upper()}{title[1:]}:", "", "```", *text.split("\n"), "```", ""]
    return lines[:-1]


def between(text: str, name: str) -> list[str]:
    """Return the lines of the document between the two marks of a name."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- end -->", text, re.DOTALL)
    return found.group(1).split("\n") if found else []


def write() -> None:
    found = vectors()
    VECTORS.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    text = DOC.read_text()
    parts = {"facts": fact_types(), "kinds": table(), "vectors": vector_text(found)}
    for name, lines in parts.items():
        pattern = rf"(<!-- {name} -->\n).*?(\n?<!-- end -->)"
        body = "\n".join(lines)
        text = re.sub(
            pattern,
            lambda match, body=body: f"{match[1]}{body}\n<!-- end -->",  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
    DOC.write_text(text)


if __name__ == "__main__":
    write()
