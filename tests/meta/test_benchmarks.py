"""The benchmarks still run: at a tiny size, where their figures mean nothing."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys

import pytest

from tests.meta.sources import ROOT
from tests.postgresql import _programs

pytestmark = pytest.mark.slow

FOLDER = ROOT / "benchmarks"
SCRIPTS = sorted(p.name for p in FOLDER.glob("*.py") if "def main" in p.read_text("utf-8"))
PYMERKLE = importlib.util.find_spec("pymerkle") is not None
TINY = {
    "inspection.py": "--rows 2000 --serials 2000 --repeats 1",
    "duplicates.py": "--registered 6 --files 2 --rows 300 --scan 2000 --repeats 1",
    "gate.py": "--seconds 0.02",
    "policy.py": "--rounds 5 --repeats 1",
    "pricing_knn.py": "--rows 60 --repeats 1",
    "pricing_sampling.py": "--orders 200 --peer-orders 3 --points 12 --repeats 1",
    "netting.py": "--obligations 2000 --parties 50",
    "netting_cycle.py": "--obligations 60 --parties 20",
    "quality.py": "--rows 2000 --repeats 1",
    "pricing_exact.py": "--players 6 --repeats 1",
    "pricing_executors.py": "--tasks 4 --chunks 2 --seconds 0.01 --repeats 1 --only serial threads",
    "pricing_learning.py": "--steps 80 --seconds 0.01 --repeats 1",
    "pricing_estimate.py": "--trades 60 --repeats 1",
    "ledger_append.py": "--entries 300 --singles 3 --repeats 1 --no-strace --floors 1000",
    "ledger_business.py": "--clients 2 --transactions 4 --repeats 1",
    "ledger_floors.py": "--scale 1000",
    "ledger_proofs.py": "--leaves 700 --proofs 3",
    "ledger_storage.py": "--entries 300",
    "board.py": "--products 40",
    "surveillance.py": "--markets 1 --buyers 60",
    "trading.py": "--trades 2 --repeats 1",
}


def run(script: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, FOLDER / script, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_benchmark_says_how_it_is_run(script: str) -> None:
    source = (FOLDER / script).read_text("utf-8")
    assert f"python benchmarks/{script}" in (ast.get_docstring(ast.parse(source)) or "")
    assert "description=__doc__" in source


@pytest.mark.parametrize("script", sorted({*SCRIPTS} - {*TINY}))
def test_a_benchmark_that_no_tiny_size_runs_starts(script: str) -> None:
    assert f"python benchmarks/{script}" in run(script, "--help")


@pytest.mark.parametrize("script", TINY)
def test_a_benchmark_runs(script: str) -> None:
    found = run(script, *TINY[script].split())
    assert "| --- | --- |" in found
    without_bars = {"ledger_floors.py", "board.py"}
    assert script in without_bars or "holds" in found or "falls short" in found


def test_the_benchmark_of_inspection_names_the_peers_that_are_missing() -> None:
    found = run("inspection.py", "--rows", "1000", "--only", "peers")
    peers = {"frictionless", "great-expectations", "pandera", "presidio-analyzer"}
    missing = {name for name in peers if importlib.util.find_spec(name.replace("-", "_")) is None}
    assert all(name in found.partition("left out: ")[2] for name in missing)


def test_the_benchmark_of_the_gate_measures_the_peers_or_says_which_are_missing() -> None:
    measured, _, missing = run("gate.py", "--seconds", "0.02").partition("left out: ")
    for name in ("regopy", "cedarpy"):
        installed = importlib.util.find_spec(name) is not None
        assert (f"{name} " in measured, name in missing) == (installed, not installed)


def test_the_benchmark_of_learning_measures_the_peer_or_says_that_it_is_missing() -> None:
    measured, _, missing = run(
        "pricing_learning.py", *TINY["pricing_learning.py"].split()
    ).partition("left out: ")
    installed = importlib.util.find_spec("mabwiser") is not None
    assert ("MABWiser" in measured, "mabwiser" in missing) == (installed, not installed)


@pytest.mark.skipif(_programs() is None, reason="no PostgreSQL server is installed")
@pytest.mark.parametrize("options", [["--bare"], []])
def test_the_benchmark_of_writers_runs_over_a_server(options: list[str]) -> None:
    found = run(
        "ledger_business.py", "--store", "postgresql", *TINY["ledger_business.py"].split(), *options
    )
    assert "sequenced / under the head's lock" in found


@pytest.mark.skipif(_programs() is None, reason="no PostgreSQL server is installed")
def test_the_benchmark_of_storage_runs_over_a_server() -> None:
    assert "ledger_entry" in run("ledger_storage.py", "--store", "postgresql", "--entries", "100")


@pytest.mark.skipif(
    not PYMERKLE, reason="pymerkle is not installed: it is a peer of benchmarks alone"
)
@pytest.mark.parametrize("script", ["ledger_append.py", "ledger_proofs.py"])
def test_the_peer_is_measured_where_it_is_installed(script: str) -> None:
    assert "pymerkle, " in run(script, *TINY[script].split()).replace("pymerkle |", "pymerkle, ")


@pytest.mark.skipif(PYMERKLE, reason="pymerkle is installed")
@pytest.mark.parametrize("script", ["ledger_append.py", "ledger_proofs.py"])
def test_a_peer_that_is_missing_is_said(script: str) -> None:
    assert "pymerkle is not installed" in run(script, *TINY[script].split())
