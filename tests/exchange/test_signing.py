"""Keyholders: the contract, and a house whose keys never enter its process."""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any, ClassVar

import pytest

from exchange.errors import BadField, ExchangeError, Unauthenticated
from exchange.safe import Safe
from exchange.settings import Settings
from exchange.signing import FileKeyholder, HouseKeys, Keyholder
from exchange.signing.conformance import KeyholderContract
from exchange.venue import Venue
from ledger.acts import key_id
from ledger.audit import audit
from ledger.checkpoint import verify_any
from ledger.keys import KeyPair
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import OPERATOR, PASSPHRASE
from tests.exchange.remote_signer import SOCKET, RemoteKeyholder, RemoteSigner

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def other_process() -> Iterator[str]:
    """Start the process that holds the keys, and return where it listens."""
    with tempfile.TemporaryDirectory(prefix="guapai-signer-") as folder:
        path = f"{folder}/socket"
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.exchange.remote_signer", path],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield path
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def remote(other_process: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the plug-in `remote`, as an entry point would."""
    monkeypatch.setenv(SOCKET, other_process)
    installed(monkeypatch, remote="tests.exchange.remote_signer:RemoteKeyholder")


def installed(monkeypatch: pytest.MonkeyPatch, **plugins: str) -> None:
    group = "exchange.signers"
    found = EntryPoints(EntryPoint(name, value, group) for name, value in plugins.items())
    monkeypatch.setattr("exchange.safe.entry_points", lambda group: found.select(group=group))


class TestFileKeyholder(KeyholderContract):
    keyholder: ClassVar[Keyholder] = FileKeyholder()


@pytest.mark.usefixtures("remote")
class TestRemoteKeyholder(KeyholderContract):
    keyholder: ClassVar[Keyholder] = RemoteKeyholder()
    wrong = None


class Leaky(FileKeyholder):
    """Opens whatever it is asked for, and forgets nothing."""

    def open(self, *_: object, **__: object) -> KeyPair:
        return KeyPair.generate()

    def discard(self, *_: object, **__: object) -> None:
        """Keep it."""


@pytest.mark.parametrize("promise", [name for name in dir(KeyholderContract) if "test_" in name])
def test_the_contract_finds_a_keyholder_that_breaks_it(promise: str, tmp_path: Path) -> None:
    contract = type("Broken", (KeyholderContract,), {"keyholder": Leaky()})()
    if promise in {"test_makes_a_signer_whose_signatures_verify", "test_shows_nothing_private"}:
        getattr(contract, promise)(tmp_path)
        return
    with pytest.raises(AssertionError, match="the contract of a keyholder"):
        getattr(contract, promise)(tmp_path)


def test_a_file_is_named_by_its_key_and_another_in_it_is_refused(tmp_path: Path) -> None:
    holder = FileKeyholder()
    one, two = (holder.make(tmp_path, "log", PASSPHRASE).public_key for _ in range(2))
    names = [tmp_path / f"log-{key_id(key)}.pem" for key in (one, two)]
    assert sorted(tmp_path.iterdir()) == sorted(names)
    names[0].replace(names[1])
    with pytest.raises(Unauthenticated, match="holds another key than its name says"):
        holder.open(tmp_path, "log", two, PASSPHRASE)
    with pytest.raises(BadField, match="at least 12 characters"):
        holder.make(tmp_path, "log", "short")


def test_a_keyholder_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, file="exchange.signing:FileKeyholder", broken="nowhere:Nothing")
    with pytest.raises(BadField, match=r"signer: vault is not installed \(broken, file\)"):
        _ = Safe(tmp_path, Settings(signer="vault")).keyholder
    with pytest.raises(ExchangeError, match="the keyholder broken cannot load"):
        _ = Safe(tmp_path, Settings(signer="broken")).keyholder


@pytest.mark.usefixtures("remote")
def test_a_house_whose_keys_never_enter_its_process(tmp_path: Path) -> None:
    guapai = Guapai(tmp_path / "exchange")
    before = pairs()
    guapai(
        *("init", "--operator-name", OPERATOR[1], "--credit-code", OPERATOR[2]),
        *("--signer", "remote", "--origin", "guapai.example/remote"),
    )
    assert pairs() == before
    seen = KeyPair.generate()
    assert pairs() == before + 1, seen  # such a key would be noticed
    del seen
    for serial in range(2):
        reference = ("--reference", f"transfer {serial}", "--as", "operator")
        guapai("account", "deposit", "operator", "1.00 CNY", *reference)
    first = guapai.json("key", "list", "operator")["keys"][0]["key"]
    guapai("log", "rotate-key", "--overlap", 1)
    guapai("key", "rotate", "--as", "operator", "--overlap-days", 0)
    assert guapai.json("key", "list", "operator")["keys"][0]["key"] != first
    guapai("account", "deposit", "operator", "1.00 CNY", "--reference", "r", "--as", "operator")
    guapai("export", tmp_path / "bundle")
    assert audit(tmp_path / "bundle").findings == []
    assert pairs() == before
    assert [path.name for path in guapai.folder.rglob("*.pem")] == []
    assert not (guapai.folder / "keys").exists()
    with Venue.open(guapai.folder) as venue:
        keys = venue.operator_keys(PASSPHRASE)
        assert isinstance(keys, HouseKeys)
        assert isinstance(keys.signing, RemoteSigner)
        note = (tmp_path / "bundle" / "checkpoint").read_bytes()
        assert len(verify_any(note, venue.floor.log_keys)[1]) == 1


@pytest.mark.usefixtures("remote")
def test_a_rotation_that_is_refused_has_the_remote_key_destroyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guapai = Guapai(tmp_path / "exchange")
    guapai(
        *("init", "--operator-name", OPERATOR[1], "--credit-code", OPERATOR[2]),
        *("--signer", "remote", "--origin", "guapai.example/remote"),
    )
    made: list[Any] = []
    real = RemoteKeyholder.make

    def make(*given: Any) -> Any:
        made.append(real(*given))
        return made[-1]

    monkeypatch.setattr(RemoteKeyholder, "make", make)
    guapai("log", "close", "--reason", "a drill")
    assert guapai.error("log", "rotate-key", code=3)["code"] == "refused"
    assert guapai.error("key", "rotate", "--as", "operator", code=3)["code"] == "refused"
    assert len(made) == 2
    for purpose, signer in zip(("log", "operator"), made, strict=True):
        with pytest.raises(Unauthenticated, match="no such key"):
            RemoteKeyholder().open(tmp_path, purpose, signer.public_key, "")


def pairs() -> int:
    """Count the private keys in this process."""
    gc.collect()
    return sum(isinstance(each, KeyPair) for each in gc.get_objects())
