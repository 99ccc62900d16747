"""A stranger's payment provider: the sample is built, installed, and found by an exchange."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from exchange.bank import SimulatedBank
from exchange.errors import BadField, ProviderFailed
from exchange.settings import Settings
from exchange.venue import Venue

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "plugin-iso20022-files"


def run(*command: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_samples_own_tests_pass_as_it_stands(tmp_path: Path) -> None:
    tests = SAMPLE / "test_iso20022_files.py"
    said = run(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", str(tests)),
        cwd=tmp_path,
        PYTHONPATH=str(SAMPLE),
    )
    assert "29 passed" in said


_FOUND = """
import sys
from pathlib import Path
from exchange.settings import Settings
from exchange.venue import Venue
folder = Path(sys.argv[1])
venue = Venue(folder, Settings(payment_provider="iso20022-files"))
told = folder / "payments" / "iso20022-files"
told.mkdir(parents=True)
(told / "bank.toml").write_bytes(Path(sys.argv[2]).read_bytes())
print(venue.payments().name, venue.payments().status("WD-1").state)
"""


@pytest.mark.slow
def test_what_is_built_of_it_is_found_by_an_exchange(tmp_path: Path) -> None:
    """In a folder of its own, without the network: the environment stays as it was."""
    target = tmp_path / "installed"
    install = ("-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation")
    run(*install, "--target", str(target), str(SAMPLE), cwd=tmp_path, PIP_NO_INDEX="1")
    venue = tmp_path / "venue"
    venue.mkdir()
    said = run(
        *("-c", _FOUND, str(venue), str(SAMPLE / "bank.toml")), cwd=ROOT, PYTHONPATH=str(target)
    )
    assert said.strip() == "iso20022-files unknown"


def test_the_settings_name_the_bank(tmp_path: Path) -> None:
    bank = Venue(tmp_path, Settings()).payments()
    assert isinstance(bank, SimulatedBank)
    assert (tmp_path / "payments" / "simulated-bank").is_dir()


def test_a_bank_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadField, match=r"payment_provider: nobody is not installed \(simulated"):
        Venue(tmp_path, Settings(payment_provider="nobody")).payments()


def test_a_provider_that_cannot_load_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = EntryPoint("torn", "tests.exchange.no_such_module:Bank", "exchange.payment_providers")
    monkeypatch.setattr("exchange.venue.entry_points", lambda **_: EntryPoints([point]))
    with pytest.raises(ProviderFailed, match="the payment provider torn cannot load: No module"):
        Venue(tmp_path, Settings(payment_provider="torn")).payments()
