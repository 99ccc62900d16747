"""The commands for keys: a whole life of them, killed anywhere, and nothing of it in plain."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from exchange.certificates import verify_certificate
from exchange.keyring import Keyring, Keys
from exchange.venue import DATABASE, Venue
from ledger.audit import audit
from ledger.checkpoint import VerifierKey, verify
from ledger.errors import BadNote
from ledger.keys import KeyPair
from tests.exchange.cli.guapai import PAPERS, Guapai
from tests.exchange.floor import OPERATOR, PASSPHRASE, open_hall

ROOT = Path(__file__).parents[3]
REASON = ("--reason", "a drill")


@pytest.fixture
def guapai(tmp_path: Path) -> Iterator[Guapai]:
    with open_hall(tmp_path / "exchange") as hall:
        hall.venue.close()
        yield Guapai(hall.folder)


def add(guapai: Guapai, handle: str = "newcomer") -> str:
    """Admit a participant whose keys are in the keyring, and return its id."""
    code = "91370200MARKET008K"
    with Venue.open(guapai.folder) as venue, venue.floor.read() as work:
        code = work.participants.get("buyer").credit_code
    found: str = guapai.json(
        *("participant", "add", handle, "--name", "新人"),
        *("--credit-code", code, "--role", "supplier", *PAPERS),
    )["id"]
    return found


def held(guapai: Guapai, handle: str) -> list[str]:
    return sorted(path.name for path in (guapai.folder / "keys" / handle).iterdir())


def unlocked(guapai: Guapai, handle: str) -> Keys:
    with Venue.open(guapai.folder) as venue:
        return venue.keys_of(handle, PASSPHRASE)


def size(guapai: Guapai) -> int:
    with Venue.open(guapai.folder) as venue, venue.floor.read() as work:
        return work.chain.store.edge().size


# Participants.


def test_a_participant_rotates_lists_and_revokes(guapai: Guapai, tmp_path: Path) -> None:
    add(guapai, "buyer2")
    first = unlocked(guapai, "buyer2")
    rotated = guapai.json("key", "rotate", "--as", "buyer2", "--overlap-days", "3")
    second = unlocked(guapai, "buyer2")
    assert rotated["key"] == second.id != first.id
    assert second.identities == (second.identity, first.identity)
    assert held(guapai, "buyer2") == sorted([first.id, second.id])
    states = [key["stands"] for key in guapai.json("key", "list", "buyer2")["keys"]]
    assert states == [True, True]
    revoked = guapai.json("key", "revoke", first.id, "--as", "buyer2", *REASON)
    assert revoked["standing"] == [second.id]
    shown = guapai("key", "list", "buyer2").stdout
    assert f"{first.id} state revoked" in " ".join(shown.split())
    path = tmp_path / "data.csv"
    path.write_text("who,count\na,1\n")
    guapai("register", path, "--as", "buyer2")


def test_the_operator_revokes_what_was_lost(guapai: Guapai) -> None:
    participant = add(guapai)
    key = unlocked(guapai, "newcomer").id
    told = guapai(
        *("key", "revoke", key, "--as", OPERATOR[0], "--participant", participant, *REASON)
    )
    assert "newcomer has no key left: it must apply again" in told.stdout
    refused = guapai.error("key", "rotate", "--as", "newcomer", code=3)
    assert refused["code"] == "unauthenticated"
    assert "apply again, under another handle" in refused["detail"]
    assert held(guapai, "newcomer") == [key]


def test_a_rotation_that_is_refused_leaves_the_keyring_as_it_was(guapai: Guapai) -> None:
    add(guapai)
    guapai("participant", "suspend", "newcomer", "--as", OPERATOR[0], *REASON)
    before = held(guapai, "newcomer")
    entries = size(guapai)
    assert guapai.error("key", "rotate", "--as", "newcomer", code=3)["code"] == "forbidden"
    assert (held(guapai, "newcomer"), size(guapai)) == (before, entries)


def test_a_rotation_whose_store_fails_keeps_the_pair_for_the_next_run(
    guapai: Guapai, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failed and not persisted: nobody can tell yet, so the key is not thrown away."""
    from exchange.errors import ExchangeError  # noqa: PLC0415

    def failing(*_: object, **__: object) -> None:
        raise ExchangeError("the store could not do it: disk I/O error")

    add(guapai)
    with monkeypatch.context() as patch:
        patch.setattr("exchange.desk.rotate_keys.rotate_key", failing)
        guapai("key", "rotate", "--as", "newcomer", code=1)
    (left,) = [name for name in held(guapai, "newcomer") if name.endswith(".next")]
    rotated = guapai.json("key", "rotate", "--as", "newcomer")
    assert f"{rotated['key']}.next" == left
    assert len(held(guapai, "newcomer")) == 2


def test_a_rotation_that_failed_but_was_recorded_is_completed(
    guapai: Guapai, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exchange.errors import ExchangeError  # noqa: PLC0415
    from exchange.services import rotate_keys  # noqa: PLC0415

    real = rotate_keys.rotate_key

    def failing(*acts: object, **others: object) -> None:
        real(*acts, **others)  # type: ignore[arg-type]
        raise ExchangeError("the store could not do it: the connection is lost")

    add(guapai)
    with monkeypatch.context() as patch:
        patch.setattr("exchange.desk.rotate_keys.rotate_key", failing)
        guapai("key", "rotate", "--as", "newcomer", code=1)
    (left,) = [name for name in held(guapai, "newcomer") if name.endswith(".next")]
    entries = size(guapai)
    assert f"{guapai.json('key', 'rotate', '--as', 'newcomer')['key']}.next" == left
    assert size(guapai) == entries
    assert unlocked(guapai, "newcomer").id == left.removesuffix(".next")


def test_two_rotations_of_one_participant_do_not_meet(guapai: Guapai) -> None:
    add(guapai)
    keyring = Keyring(guapai.folder / "keys")
    with keyring.rotating("newcomer"):
        refused = guapai.error("key", "rotate", "--as", "newcomer", code=3)
    assert refused["code"] == "conflict"
    assert "rotated by another process" in refused["detail"]
    guapai("key", "rotate", "--as", "newcomer")


def test_a_wrong_passphrase_makes_no_key(guapai: Guapai, tmp_path: Path) -> None:
    add(guapai)
    wrong, before = tmp_path / "wrong", held(guapai, "newcomer")
    wrong.write_text("another passphrase\n")
    house = tmp_path / "house"
    house.write_text(f"{PASSPHRASE}\n")
    line = ("--passphrase-file", wrong, "--house-passphrase-file", house)
    assert guapai.error(*line, "key", "rotate", "--as", "newcomer", code=3)["code"] == (
        "unauthenticated"
    )
    assert held(guapai, "newcomer") == before


KILLED = """
import os, signal, sys
from exchange.cli import main
step, line = int(sys.argv[1]), sys.argv[2:]
events = ("os.rename", "os.mkdir", "os.remove", "sqlite3.connect", "open")
seen = 0
def hook(event, arguments):
    global seen
    if event in events and any(str(each).startswith(sys.argv[3]) for each in arguments):
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
main(line)
"""


def killed(guapai: Guapai, step: int, *line: object) -> int:
    """Run a command and kill it at the given touch of the exchange's folder."""
    environment = os.environ | {"GUAPAI_PASSPHRASE": PASSPHRASE}
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(step), "-C", str(guapai.folder), *map(str, line)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    ).returncode


@pytest.mark.slow
@pytest.mark.parametrize("step", [15, 18, 19, 22, 23, 24, 27, 31, 36, 38, 39, 40])
def test_a_rotation_that_is_killed_is_completed_by_the_next_run(
    guapai: Guapai, tmp_path: Path, step: int
) -> None:
    add(guapai)
    first = unlocked(guapai, "newcomer")
    assert killed(guapai, step, "key", "rotate", "--as", "newcomer") == -signal.SIGKILL
    assert unlocked(guapai, "newcomer").id  # whatever was left, the participant can act
    left = held(guapai, "newcomer")
    done = len(left) == 2 and not any(name.endswith(".next") for name in left)
    guapai("key", "rotate", "--as", "newcomer")
    found = guapai.json("key", "list", "newcomer")["keys"]
    keys = unlocked(guapai, "newcomer")
    assert keys.id == found[0]["key"] != first.id
    assert len(found) == (3 if done else 2)  # of one that was done, this is a second one
    assert first.identity in keys.identities
    assert held(guapai, "newcomer") == sorted(key["key"] for key in found)
    guapai("export", tmp_path / "bundle")
    assert audit(tmp_path / "bundle").findings == []


@pytest.mark.slow
@pytest.mark.parametrize("step", [13, 15, 16, 17, 19, 23, 24, 25])
def test_a_rotation_of_the_log_key_that_is_killed_is_completed(
    guapai: Guapai, tmp_path: Path, step: int
) -> None:
    assert killed(guapai, step, "log", "rotate-key", "--overlap", 2) == -signal.SIGKILL
    guapai("log", "rotate-key", "--overlap", 2)
    assert len(vkeys(guapai)) == 2
    guapai("export", tmp_path / "bundle")
    assert audit(tmp_path / "bundle").findings == []


@pytest.mark.slow
def test_a_life_of_keys_over_postgresql(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "admitted", "postgresql") as hall:
        hall.venue.close()
        guapai = Guapai(hall.folder)
        (old,) = vkeys(guapai)
        participant = add(guapai)
        first = unlocked(guapai, "newcomer").id
        guapai("export", tmp_path / "before")
        guapai("key", "rotate", "--as", "newcomer")
        guapai("key", "rotate", "--as", OPERATOR[0], "--overlap-days", 0)
        guapai("key", "revoke", first, "--as", OPERATOR[0], "--participant", participant, *REASON)
        guapai("log", "rotate-key", "--overlap", 2)
        guapai("export", tmp_path / "within")
        assert audit(tmp_path / "within", key=old).findings == []
        for serial in range(3):
            deposit(guapai, serial)
        guapai("export", tmp_path / "after")
        new = vkeys(guapai)[0]
        older = verify((tmp_path / "before" / "checkpoint").read_bytes(), old)
        assert audit(tmp_path / "after", key=new, against=older).findings == []
        assert guapai.json("log", "close", *REASON)["closed"]
        assert guapai.error(*deposit_line(), code=3)["code"] == "refused"
        guapai("audit")


# The log.


def vkeys(guapai: Guapai) -> list[VerifierKey]:
    with Venue.open(guapai.folder) as venue:
        return list(venue.floor.log_keys)


def test_both_keys_sign_in_the_overlap_and_then_the_new_one(guapai: Guapai, tmp_path: Path) -> None:
    (old,) = vkeys(guapai)
    before, overlapping, after = (tmp_path / name for name in ("before", "within", "after"))
    guapai("export", before)
    told = guapai.json("log", "rotate-key", "--overlap", 4)
    new = vkeys(guapai)[0]
    assert (told["key"], told["keys"]) == (str(new), [str(new), str(old)])
    assert (guapai.folder / f"log-{key_name(new)}.pem").stat().st_mode & 0o777 == 0o600
    guapai("export", overlapping)
    note = (overlapping / "checkpoint").read_bytes()
    assert verify(note, old) == verify(note, new)
    for key in (old, new):
        assert audit(overlapping, key=key, against=verify(note, new)).findings == []
    assert (overlapping / "vkey").read_text() == f"{new}\n{old}\n"
    for serial in range(4):
        deposit(guapai, serial)
    guapai("export", after)
    note = (after / "checkpoint").read_bytes()
    with pytest.raises(BadNote, match="has not signed"):
        verify(note, old)
    assert audit(after, key=new).findings == []
    assert audit(after, key=old).findings[0].rule == "checkpoint"
    assert audit(before, key=old).findings == []
    for brought, code in ((new, 0), (old, 1)):  # older checkpoints, under a key valid for them
        line = ("--key", str(brought), "--against", before / "checkpoint")
        guapai("audit", after, *line, code=code)
    guapai("audit", "--against", before / "checkpoint")
    published = audit(guapai.folder / "published", key=new)
    assert published.findings == []
    assert published.history >= 3  # under the old key, under both, under the new one


def key_name(key: VerifierKey) -> str:
    from ledger.acts import key_id  # noqa: PLC0415

    return key_id(key.public_key)


def deposit(guapai: Guapai, serial: int) -> None:
    reference = ("--reference", f"transfer {serial}", "--as", OPERATOR[0])
    guapai("account", "deposit", "buyer", "1.00 CNY", *reference)


def test_a_checkpoint_that_a_declared_key_has_not_signed_is_found(
    guapai: Guapai, tmp_path: Path
) -> None:
    (old,) = vkeys(guapai)
    guapai("log", "rotate-key", "--overlap", 9)
    guapai("export", tmp_path / "bundle")
    new = vkeys(guapai)[0]
    note = (tmp_path / "bundle" / "checkpoint").read_text()
    lines = note.splitlines(keepends=True)
    for kept, key in ((4, new), (5, old)):
        (tmp_path / "bundle" / "checkpoint").write_text("".join([*lines[:4], lines[kept]]))
        found = [(f.rule, f.place) for f in audit(tmp_path / "bundle", key=key).findings]
        assert found == [("key", "checkpoint")]


def test_certificates_stay_verifiable_with_the_key_they_were_issued_under(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        hall.venue.close()
        guapai = Guapai(hall.folder)
        (old,) = vkeys(guapai)
        paths = [tmp_path / f"{name}.json" for name in ("before", "within", "after")]
        guapai("certificate", "issue", hall.number, "--out", paths[0])
        guapai("log", "rotate-key", "--overlap", 2)
        new = vkeys(guapai)[0]
        guapai("certificate", "issue", hall.number, "--out", paths[1])
        for serial in range(3):
            deposit(guapai, serial)
        guapai("certificate", "issue", hall.number, "--out", paths[2])
        good = {(path, key) for path in paths for key in (old, new)}
        good -= {(paths[0], new), (paths[2], old)}
        for path in paths:
            for key in (old, new):
                code = 0 if (path, key) in good else 3
                guapai("certificate", "verify", path, "--key", str(key), code=code)
        stranger = VerifierKey(old.name, KeyPair.generate().public_key)
        record = json.loads(paths[1].read_text()) | {"vkey": str(stranger)}
        with pytest.raises(Exception, match="another log key"):
            verify_certificate(record, new)


def test_a_process_without_the_new_key_signs_nothing_with_the_old_alone(
    guapai: Guapai, tmp_path: Path
) -> None:
    with Venue.open(guapai.folder) as serving:
        serving.unlock(PASSPHRASE)
        guapai("log", "rotate-key", "--overlap", 5)
        deposit(guapai, 1)
        from exchange.errors import ExchangeError  # noqa: PLC0415
        from exchange.services.audit_provenance import export_bundle  # noqa: PLC0415

        with pytest.raises(ExchangeError, match="has not unlocked: start it again"):
            export_bundle(tmp_path / "bundle", floor=serving.floor)


def test_a_log_ends_and_another_continues_it(guapai: Guapai, tmp_path: Path) -> None:
    (key,) = vkeys(guapai)
    successor = "guapai.example/second"
    entries = size(guapai)
    closed = guapai.json("log", "close", *REASON, "--successor", successor)
    assert closed["size"] == entries + 1
    refused = guapai.error(*deposit_line(), code=3)
    assert refused["code"] == "refused"
    assert "the log ended with" in refused["detail"]
    assert guapai.error("log", "close", *REASON, code=3)["code"] == "refused"
    assert guapai.error("log", "rotate-key", code=3)["code"] == "refused"
    assert len(list(guapai.folder.glob("log-*.pem"))) == 1
    guapai("participant", "list")  # what stands is served
    old, new = tmp_path / "old", tmp_path / "new"
    guapai("export", old)
    assert audit(old, key=key).successor == successor
    second = Guapai(tmp_path / "second")
    opening = ("init", "--operator-name", OPERATOR[1], "--credit-code", OPERATOR[2])
    line = (*opening, "--continues", old)
    refusals = {
        "an old key is missing": ([*line], 2, "bad_field"),
        "no key at all": ([*line, "--continues-key", "x"], 2, "bad_field"),
        "another log is named": (
            [*line, "--continues-key", str(key), "--origin", "guapai.example/third"],
            3,
            "refused",
        ),
        "itself": ([*line, "--continues-key", str(key), "--origin", key.name], 3, "refused"),
        "nowhere": (
            [*opening, "--continues", tmp_path / "nowhere", "--continues-key", str(key)],
            1,
            "not_found",
        ),
    }
    for words, (wrong, code, error) in refusals.items():
        assert second.error(*wrong, code=code)["code"] == error, words
        assert not second.folder.exists()
    second(*line, "--continues-key", str(key), "--origin", successor)
    second("export", new)
    report = audit(new, continued=old)
    assert report.findings == []
    checkpoint = verify((old / "checkpoint").read_bytes(), key)
    assert report.continues == {
        "origin": key.name,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
    }
    assert f"continues the log {key.name}" in second("audit", new, "--continued", old).stdout
    tile = next(path for path in (old / "tile" / "0").rglob("*") if path.is_file())
    tile.write_bytes(tile.read_bytes()[::-1])
    changed = audit(new, continued=old)
    assert changed.findings[0].place.startswith("continued/")


def deposit_line() -> list[str]:
    return ["account", "deposit", "buyer", "1.00 CNY", "--reference", "r", "--as", OPERATOR[0]]


def test_a_log_is_continued_from_a_checkpoint_alone_and_from_no_other(
    guapai: Guapai, tmp_path: Path
) -> None:
    """Where the database is lost, the last checkpoint that somebody kept is what there is."""
    (key,) = vkeys(guapai)
    guapai("export", tmp_path / "kept")
    deposit(guapai, 1)
    guapai("export", tmp_path / "later")
    note = tmp_path / "checkpoint"
    shutil.copy(tmp_path / "kept" / "checkpoint", note)
    second = Guapai(tmp_path / "second")
    second(
        *("init", "--operator-name", OPERATOR[1], "--credit-code", OPERATOR[2]),
        *("--origin", "guapai.example/second", "--continues", note, "--continues-key", str(key)),
    )
    second("export", tmp_path / "new")
    assert audit(tmp_path / "new", continued=tmp_path / "kept").findings == []
    found = audit(tmp_path / "new", continued=tmp_path / "later").findings
    assert [finding.rule for finding in found] == ["continues"]
    found = audit(tmp_path / "kept", continued=tmp_path / "later").findings
    assert [finding.words for finding in found] == [
        f"{key.name} does not say that it continues a log"
    ]


def test_a_bundle_that_does_not_verify_is_not_continued(guapai: Guapai, tmp_path: Path) -> None:
    (key,) = vkeys(guapai)
    guapai("export", tmp_path / "old")
    tile = next(path for path in (tmp_path / "old" / "tile").rglob("*") if path.is_file())
    tile.write_bytes(tile.read_bytes()[::-1])
    second = Guapai(tmp_path / "second")
    refused = second.error(
        *("init", "--operator-name", OPERATOR[1], "--credit-code", OPERATOR[2]),
        *("--origin", "guapai.example/second"),
        *("--continues", tmp_path / "old", "--continues-key", str(key)),
        code=3,
    )
    assert "does not verify" in refused["detail"]
    assert not second.folder.exists()


# Nothing private anywhere.


def secrets_of(pair: KeyPair) -> list[bytes]:
    """Return every form in which a private key could lie about."""
    seed, (openssh, _) = pair.private.private_bytes_raw(), pair.to_openssh()
    plain = serialization.NoEncryption()
    der = pair.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain
    )
    pem = pair.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain
    )
    lines = [line for line in (pem + openssh).splitlines() if len(line) > 40 and b"---" not in line]
    texts = [base64.b64encode(seed).rstrip(b"="), base64.urlsafe_b64encode(seed).rstrip(b"=")]
    return [seed, seed.hex().encode(), seed.hex().upper().encode(), der, *texts, lines[0]]


def test_no_key_and_no_passphrase_is_in_the_log_or_anywhere_in_plain(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    guapai = Guapai(tmp_path / "exchange")
    guapai(
        *("init", "--operator-name", OPERATOR[1], "--credit-code", OPERATOR[2]),
        *("--simulated-clock", "--origin", "guapai.example/plain"),
    )
    guapai(
        *("participant", "add", "newcomer", "--name", "新人"),
        *("--credit-code", OPERATOR[2], "--role", "supplier", *PAPERS),
    )
    path = tmp_path / "data.csv"
    path.write_text("who,count\na,1\n")
    first = unlocked(guapai, "newcomer").id
    for handle in ("newcomer", "operator"):
        guapai("key", "rotate", "--as", handle)
    guapai("key", "revoke", first, "--as", "newcomer", *REASON)
    guapai.error("key", "revoke", first, "--as", "newcomer", *REASON, code=3)
    guapai("log", "rotate-key", "--overlap", 3)
    guapai("register", path, "--as", "newcomer")
    guapai("log", "close", *REASON)
    guapai("export", tmp_path / "bundle")
    guapai("audit", tmp_path / "bundle")
    pairs, identities = [], []
    for file in (guapai.folder / "keys").glob("*/*/signing.pem"):
        pairs.append(KeyPair.load(file, PASSPHRASE))
        identities.append(Keyring._open(file.parent, PASSPHRASE).identity.encode())
    pairs += [KeyPair.load(file, PASSPHRASE) for file in guapai.folder.glob("log-*.pem")]
    assert (len(pairs), len(identities)) == (6, 4)
    secrets = [secret for pair in pairs for secret in secrets_of(pair)]
    secrets += [*identities, *(identity.lower() for identity in identities), PASSPHRASE.encode()]
    secrets += [b"AGE-SECRET-KEY", b"BEGIN PRIVATE KEY", b"BEGIN OPENSSH"]
    said = "".join([*guapai.printed, caplog.text]).encode()
    assert not [secret for secret in secrets if secret in said]
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {DATABASE, "checkpoint", "exchange.toml"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes()
        assert not [secret for secret in secrets if secret in content], file
