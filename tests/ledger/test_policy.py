"""Policies against C2SP tlog-policy, and notes against policies."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest

from ledger.__main__ import main
from ledger.audit import audit
from ledger.bundle import write_bundle
from ledger.checkpoint import Checkpoint, VerifierKey, sign, verify
from ledger.cosignature import Cosigner
from ledger.errors import BadNote
from ledger.merkle import inclusion_proof
from ledger.mldsa import AVAILABLE, MlDsaKeyPair
from ledger.note import ML_DSA_44
from ledger.policy import POLICY_MAX, Policy, verify_policy
from ledger.proofs import TlogProof
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, Floor, pair

TIME = 1_767_603_600
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
COSIGNERS = {name: Cosigner(f"witness.example/{name}", pair(name)) for name in NAMES}
# The example of C2SP tlog-policy, with keys and a URL.
EXAMPLE = (
    f"# the example\nlog {VKEY} https://exchange.example/ledger\n\n"
    + "".join(f"witness {name} {COSIGNERS[name].key}\n" for name in NAMES[:3])
    + "group X-witnesses 2 X1 X2 X3\n\n"
    + "".join(f" \twitness\t{name}  {COSIGNERS[name].key} \n" for name in NAMES[3:])
    + "group Y-witnesses any Y1 Y2 Y3\n"
    + "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
).encode()
POLICY = Policy.parse(EXAMPLE)
W1 = f"witness w1 {COSIGNERS['X1'].key}\n"
W2 = f"witness w2 {COSIGNERS['X2'].key}\n"


def small() -> Floor:
    floor = Floor().ready("exchange.opened")
    floor.do("exchange.opened")
    return floor


FLOOR = small()
NOTE = FLOOR.note()
CHECKPOINT = verify(NOTE, VKEY)


def cosigned(names: Sequence[str], note: bytes = NOTE) -> bytes:
    lines = [f"{COSIGNERS[name].cosign(CHECKPOINT, TIME)}\n" for name in names]
    return note + "".join(lines).encode()


def test_the_example_of_the_specification() -> None:
    assert [known.key for known in POLICY.logs] == [VKEY]
    assert POLICY.logs[0].url == "https://exchange.example/ledger"
    assert list(POLICY.witnesses) == list(NAMES)
    assert POLICY.witnesses["Y1"].key == COSIGNERS["Y1"].key
    for count in range(7):
        for names in combinations(NAMES, count):
            enough = sum(name[0] == "X" for name in names) >= 2 and any(
                name[0] == "Y" for name in names
            )
            assert POLICY.is_met_by(names) is enough


def test_who_signed_and_whether_it_is_enough() -> None:
    found = verify_policy(cosigned(["X1", "X3", "Y2"]), POLICY)
    assert found.require_quorum() == found.checkpoint == CHECKPOINT
    assert found.logs == (VKEY,)
    assert found.witnesses == {"X1": TIME, "X3": TIME, "Y2": TIME}
    assert (found.quorum, found.quorum_met, found.ignored) == ("X-and-Y", True, ())
    few = verify_policy(cosigned(["X1", "Y2", "Y3"]), POLICY)
    assert not few.quorum_met
    with pytest.raises(BadNote, match="cosigned by X1, Y2, Y3: not the quorum 'X-and-Y'"):
        few.require_quorum()
    with pytest.raises(BadNote, match="cosigned by nobody"):
        verify_policy(NOTE, POLICY).require_quorum()
    assert json.loads(json.dumps(found.to_record()))["witnesses"] == dict(found.witnesses)


def test_lines_of_unknown_keys_are_ignored_and_reported() -> None:
    stranger = Cosigner("witness.example/stranger", pair("stranger"))
    line = f"{stranger.cosign(CHECKPOINT, TIME)}\n".encode()
    found = verify_policy(cosigned(["X1", "X2", "Y1"]) + line, POLICY)
    assert found.ignored == (f"witness.example/stranger+{stranger.key.key_hash.hex()}",)
    said = list(found.in_words())
    assert said[0] == "cosigned by X1 at 2026-01-05T09:00:00Z"
    assert said[-1].startswith("ignored the signature line of witness.example/stranger+")


def test_a_time_beyond_every_calendar_is_said_in_seconds() -> None:
    line = f"{COSIGNERS['X1'].cosign(CHECKPOINT, 2**63 - 1)}\n".encode()
    assert list(verify_policy(NOTE + line, POLICY).in_words()) == [
        "cosigned by X1 at second 9223372036854775807"
    ]


def test_a_known_key_that_fails_rejects_the_note_though_others_are_enough() -> None:
    elsewhere = Checkpoint(ORIGIN, 99, bytes(32))
    bad = f"{COSIGNERS['X1'].cosign(elsewhere, TIME)}\n".encode()
    with pytest.raises(BadNote, match=r"signature of witness.example/X1 does not cover"):
        verify_policy(cosigned(["X2", "X3", "Y1"]) + bad, POLICY)


def test_a_checkpoint_needs_a_known_log_of_its_own_origin() -> None:
    body = CHECKPOINT.body()
    only_witnesses = body + b"\n" + cosigned(NAMES, b"")
    with pytest.raises(BadNote, match=r"no log key known for exchange.example/ledger"):
        verify_policy(only_witnesses, POLICY)
    other = VerifierKey("other.example", LOG_KEY.public_key)
    policy = Policy.parse(f"log {other}\nquorum none\n".encode())
    note = sign(CHECKPOINT, other.name, LOG_KEY)
    with pytest.raises(BadNote, match=r"no log key known for exchange.example/ledger"):
        verify_policy(note, policy)


def test_a_log_may_be_known_from_elsewhere() -> None:
    policy = Policy.parse((W1 + "quorum w1\n").encode())
    with pytest.raises(BadNote, match="no log key known"):
        verify_policy(cosigned(["X1"]), policy)
    assert verify_policy(cosigned(["X1"]), policy, log=VKEY).quorum_met
    assert verify_policy(NOTE, Policy(), log=VKEY).quorum_met  # none is asked for


def test_any_log_of_the_policy_may_have_signed() -> None:
    other = VerifierKey("other.example", pair("other log").public_key)
    policy = Policy.parse(f"log {other}\nlog {VKEY}\nquorum none\n".encode())
    assert verify_policy(NOTE, policy).logs == (VKEY,)


@pytest.mark.skipif(not AVAILABLE, reason="this cryptography has no ML-DSA-44")
def test_logs_and_witnesses_may_sign_with_ml_dsa() -> None:
    log = Cosigner(ORIGIN, MlDsaKeyPair.from_seed(bytes(32)), ML_DSA_44)
    witness = Cosigner("witness.example/pq", MlDsaKeyPair.from_seed(b"\x01" * 32), ML_DSA_44)
    policy = Policy.parse(f"log {log.key}\nwitness pq {witness.key}\nquorum pq\n".encode())
    lines = [log.cosign(CHECKPOINT, 0), witness.cosign(CHECKPOINT, TIME)]
    note = CHECKPOINT.body() + b"\n" + "".join(f"{line}\n" for line in lines).encode()
    found = verify_policy(note, policy)
    assert (found.logs, dict(found.witnesses)) == ((log.key,), {"pq": TIME})
    assert found.quorum_met
    report = audit_of(note, policy)
    assert report == ["checkpoint: exchange.example/ledger has not signed this checkpoint"]


def audit_of(note: bytes, policy: Policy) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bundle"
        write_bundle(folder, FLOOR.log.entries(), note=note, vkey=str(VKEY), records={})
        report = audit(folder, policy=policy)
    return [f"{finding.rule}: {finding.words}" for finding in report.findings]


NAME = "Wächter"


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("quorum none\n", []),
        (W1 + "quorum w1\n", ["w1"]),
        (W1 + "quorum w1\n" + W2, ["w1"]),
        (W1 + "group g 1 w1\nquorum g\n", ["w1"]),
        (W1 + W2 + "group g all w1 w2\nquorum g\n", ["w1", "w2"]),
        (W1.replace("w1", NAME, 1) + f"quorum {NAME}\n", [NAME]),
        ("  # not a line\n\t\n quorum\tnone \n", []),
        (W1.replace("\n", " https://witness.example/a+b\n") + "quorum w1\n", ["w1"]),
    ],
)
def test_policies_that_are_well_formed(text: str, met: list[str]) -> None:
    policy = Policy.parse(text.encode())
    assert policy.is_met_by(met)
    assert policy.is_met_by([]) is (not met)


def test_names_are_octets_of_any_encoding() -> None:
    text = (W1 + "quorum w1\n").encode().replace(b"w1", b"\xe2\xff")
    policy = Policy.parse(text)
    assert policy.is_met_by(policy.witnesses)
    assert Policy.parse(text.replace(b"quorum \xe2\xff", b"quorum none")) != policy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "ends with a newline"),
        ("quorum none", "ends with a newline"),
        ("#" * POLICY_MAX + "\n", "at most"),
        ("\n", "no quorum line"),
        ("quorum none\nquorum none\n", "line 2: a second quorum line"),
        ("quorum w1\n" + W1, "line 1: 'w1' is not defined above"),
        ("quorum\n", "'quorum' with 0 items"),
        ("quorum none none\n", "'quorum' with 2 items"),
        ("Quorum none\n", "'Quorum' is not a kind of line"),
        ("threshold 2\nquorum none\n", "line 1: 'threshold' is not a kind of line"),
        ("quorum none\r\n", "a control character"),
        ("quorum none\x7f\n", "a control character"),
        ("quorum\x0bnone\n", "a control character"),
        ("log\nquorum none\n", "'log' with 0 items"),
        ("log nonsense\nquorum none\n", "line 1: 'nonsense' is not a verifier key"),
        (f"log {VKEY} a b\nquorum none\n", "'log' with 3 items"),
        (f"log {VKEY}\nlog {VKEY}\nquorum none\n", "line 2: the key of .* stands above already"),
        (f"log {COSIGNERS['X1'].key}\nquorum none\n", "is not one of Ed25519 or ML-DSA-44"),
        (f"witness w {VKEY}\nquorum w\n", "is not one of cosignature/v1 or ML-DSA-44"),
        (W1 + W1.replace("w1", "w3", 1) + "quorum w1\n", "stands above already"),
        (W1 + W2.replace("w2", "w1", 1) + "quorum w1\n", "'w1' has a meaning already"),
        (W1.replace("w1", "none", 1) + "quorum none\n", "'none' has a meaning already"),
        (W1 + "group w1 any w1\nquorum w1\n", "'w1' has a meaning already"),
        (W1 + "group g any g\nquorum g\n", "'g' is not defined above"),
        (W1 + "group g any none\nquorum g\n", "'none' is not defined above"),
        (W1 + "group g any w2\n" + W2 + "quorum g\n", "line 2: 'w2' is not defined above"),
        (W1 + "group g any\nquorum w1\n", "'group' with 2 items"),
        (W1 + "group g 0 w1\nquorum g\n", "0 of 1 members"),
        (W1 + "group g 2 w1\nquorum g\n", "2 of 1 members"),
        (W1 + "group g 01 w1\nquorum g\n", "not a decimal number"),
        (W1 + "group g most w1\nquorum g\n", "not a decimal number"),
        (W1 + "group g 1 w1 w1\nquorum g\n", "'w1' is a member of a group already"),
        (
            W1 + "group g any w1\ngroup h any w1\nquorum g\n",
            "line 3: 'w1' is a member of a group already",
        ),
    ],
)
def test_policies_that_are_not(text: str, words: str) -> None:
    with pytest.raises(BadNote, match=words):
        Policy.parse(text.encode())


# The commands.


@pytest.fixture
def policy_file(tmp_path: Path) -> Path:
    (tmp_path / "policy").write_bytes(EXAMPLE)
    return tmp_path / "policy"


def test_a_proof_is_checked_against_a_policy(
    policy_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = list(FLOOR.log.entries())
    path = inclusion_proof([entry.leaf for entry in entries], 1)
    file, entry = tmp_path / "file", tmp_path / "entry"
    entry.write_bytes(entries[1].data)
    command = ["check-proof", str(file), "--entry", str(entry)]
    for names, code in ((["X1", "X2", "Y1"], 0), (["X1"], 1)):
        file.write_bytes(TlogProof(1, path, cosigned(names)).to_bytes())
        assert main([*command, "--policy", str(policy_file)]) == code
        said = capsys.readouterr().out
        assert ("cosigned by X2 at 2026-01-05T09:00:00Z" in said) is (code == 0)
        assert ("not the quorum 'X-and-Y'" in said) is (code == 1)
    assert main([*command, "--key", str(VKEY)]) == 0
    capsys.readouterr()
    assert main(command) == 2
    assert "with the log's --key, or with a --policy" in capsys.readouterr().err
    policy_file.write_text("quorum nobody\n")
    assert main([*command, "--policy", str(policy_file)]) == 2


def test_a_bundle_is_verified_against_a_policy(
    policy_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = list(FLOOR.log.entries())
    for count, (names, code) in enumerate(((["X1", "X2", "Y1"], 0), (["Y1"], 1))):
        folder = tmp_path / f"bundle{count}"
        write_bundle(folder, entries, note=cosigned(names), vkey=str(VKEY), records={})
        assert main(["verify", str(folder), "--policy", str(policy_file)]) == code
        said = capsys.readouterr().out
        assert "cosigned by Y1 at" in said
        assert ("policy: cosigned by Y1: not the quorum" in said) is (code == 1)
        assert ("the bundle's own" in said) is (code == 1)  # the policy's key is trusted
