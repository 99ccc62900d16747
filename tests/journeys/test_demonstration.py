"""The demonstration: it repeats from its seed, hangs on its data, and needs no network."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import samples.generate
from exchange.cli import main
from exchange.cli.demo import Demonstration
from ledger.audit import audit

README = Path(__file__).parents[2] / "README.md"

LISTED = ["hf-radar", "marine-ranch", "ocean-forecast"]
REFUSED = ["ranch-staff", "seabed-survey"]
DATA = {".csv", ".nc", ".parquet"}
REAL = (
    ("hfradar_SEAB_2019010211.ruv", 602),
    ("buoy_20363_1000427.csv.gz", 89_717),
    ("tide_water_level.csv", 7_241),
)

pytestmark = pytest.mark.slow


def demonstrate(folder: Path, *options: object) -> dict[str, Any]:
    """Run the demonstration and return its numbers."""
    line = ["demo", "--into", str(folder), "--json", *map(str, options)]
    result = CliRunner().invoke(main, line)
    if result.exception:
        raise result.exception
    numbers: dict[str, Any] = json.loads(result.stdout)
    return numbers


# What differs from run to run: ids and hashes, which come from fresh keys.
RANDOM = re.compile(
    r"\b(?:GP|PT|SC|QT|TR)(?:-[0-9A-Z]{4}){3}\b|\b[0-9a-f]{8,64}…?|\+[0-9a-f]{8}\+[\w+/=]{40,}|"
    r"\bByte [\d,]+|\b\d[\d,]* bytes\b|\bentry \d+",
    re.ASCII,
)


def lines(output: str) -> set[str]:
    return {re.sub(r"[\s─]+", " ", RANDOM.sub("*", line)).strip() for line in output.splitlines()}


class Offline(socket.socket):
    """A socket that reaches nothing beyond this machine."""

    def connect(self, address: Any, /) -> None:
        assert self.family == socket.AF_UNIX, f"connects to {address}"
        super().connect(address)

    def connect_ex(self, address: Any, /) -> int:
        assert self.family == socket.AF_UNIX, f"connects to {address}"
        return super().connect_ex(address)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A demonstration that was allowed no network."""
    folder = tmp_path_factory.mktemp("first") / "demo"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", Offline)
        patch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looks a name up"))
        return folder, demonstrate(folder)


def test_it_plays_the_whole_floor(first: tuple[Path, dict[str, Any]]) -> None:
    _, numbers = first
    assert numbers["listed"] == LISTED
    assert sorted(numbers["refused"]) == REFUSED
    assert all(numbers["refused"].values())
    assert numbers["scenario_refused"] == ["T-02"]
    assert sorted(numbers["trades"]) == LISTED
    for trade in numbers["trades"].values():
        assert sum(minor for _, minor in trade["lines"]) == trade["price"] > 0
    paid = sum(trade["price"] for trade in numbers["trades"].values())
    assert numbers["ways"] == {"negotiated": 165_000, "auction": 41_000, "subscription": 48_000}
    paid += sum(numbers["ways"].values())
    assert numbers["balances"]["harbour-pilot"] == 20_000_000 - paid
    assert numbers["balances"]["harbour-tug"] == 1_000_000
    assert numbers["balances"]["law-firm"] == 500_000
    assert sum(numbers["balances"].values()) == 20_000_000 + 1_000_000 + 500_000
    assert numbers["kinds"]["engagement.paid"] == 1
    assert numbers["kinds"]["licence.recorded"] == 3
    assert numbers["kinds"]["settlement.executed"] == 6
    assert numbers["kinds"]["auction.cleared"] == 1
    assert numbers["kinds"]["subscription.settled"] == 1


def test_every_listed_product_has_its_sheet_issued(first: tuple[Path, dict[str, Any]]) -> None:
    folder, numbers = first
    assert numbers["sheets"] == dict.fromkeys(LISTED, "version 1 issued")
    for name in LISTED:
        record = json.loads((folder / "sheets" / f"{name}.json").read_text(encoding="utf-8"))
        assert record["issued"]
        assert record["wanting"] == []
        page = (folder / "sheets" / f"{name}.zh.html").read_text(encoding="utf-8")
        assert record["dossier"]["version"]["digest"] in page
    assert numbers["kinds"]["document.verified"] == 4 * len(LISTED)


def test_it_repeats_from_its_seed_and_the_readme_shows_what_it_prints(
    first: tuple[Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, numbers = first
    runs, run = [], Demonstration.run

    def noted(demonstration: Demonstration) -> None:
        runs.append(demonstration)
        run(demonstration)

    monkeypatch.setattr(Demonstration, "run", noted)
    monkeypatch.chdir(tmp_path)
    again = CliRunner().invoke(main, ["demo"])
    assert again.exit_code == 0, again.output
    assert json.loads(json.dumps(runs[0].numbers)) == numbers
    readme = README.read_text(encoding="utf-8")
    shown = re.search(r"<!-- output of guapai demo -->\s*```text\n(.*?)```", readme, re.DOTALL)
    assert shown is not None
    assert not lines(shown[1]) - lines(again.stdout) - {"", "…"}


def test_another_seed_makes_other_data(
    first: tuple[Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enough(_: Demonstration) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Demonstration, "_open", enough)
    CliRunner().invoke(main, ["demo", "--into", str(tmp_path / "other"), "--seed", "7"])
    made, others = first[0] / "samples", tmp_path / "other" / "samples"
    names = [path.relative_to(made) for path in made.rglob("*") if path.suffix in DATA]
    assert {name.parts[0] for name in names} == {*LISTED, *REFUSED}
    for name in names:
        assert (made / name).read_bytes() != (others / name).read_bytes()


def test_an_edited_sample_changes_the_outcome(
    first: tuple[Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = samples.generate.generate

    def edited(out: Path, *, seed: int) -> list[Path]:
        paths = made(out, seed=seed)
        radar = next(path for path in paths if path.parent.name == "hf-radar")
        header, *rows = radar.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [row for row in rows if row.startswith("QDHF")] + rows[-1_000:]
        radar.write_text(header + "".join(kept), encoding="utf-8")
        return paths

    monkeypatch.setattr(samples.generate, "generate", edited)
    _, numbers = first
    changed = demonstrate(tmp_path / "demo")
    assert changed["rows"]["hf-radar"] < numbers["rows"]["hf-radar"]
    assert changed["data"]["hf-radar"] != numbers["data"]["hf-radar"]
    assert changed["data"]["marine-ranch"] == numbers["data"]["marine-ranch"]
    lines, before = (dict(each["trades"]["hf-radar"]["lines"]) for each in (changed, numbers))
    assert lines["rizhao-station"] < before["rizhao-station"] / 10
    assert lines["qingdao-ocean"] > before["qingdao-ocean"]


def test_the_changed_byte_is_found_and_named(first: tuple[Path, dict[str, Any]]) -> None:
    folder, numbers = first
    assert numbers["tampering_found"]
    assert audit(folder / "bundle").passed
    report = audit(folder / "bundle-tampered")
    whole = {path.relative_to(folder / "bundle") for path in (folder / "bundle").rglob("*")}
    changed = [
        name
        for name in whole
        if (folder / "bundle" / name).is_file()
        and (folder / "bundle" / name).read_bytes()
        != (folder / "bundle-tampered" / name).read_bytes()
    ]
    assert len(changed) == 1
    assert str(changed[0]).startswith("tile/entries/")
    leaf = next(finding for finding in report.findings if finding.rule == "leaf")
    originals = _entries(folder / "bundle" / changed[0])
    copies = _entries(folder / "bundle-tampered" / changed[0])
    differing = [
        i for i, pair in enumerate(zip(originals, copies, strict=True)) if len(set(pair)) > 1
    ]
    assert [leaf.index] == differing


def _entries(tile: Path) -> list[bytes]:
    data, found, at = tile.read_bytes(), [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        found.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return found


def test_every_real_file_goes_through_the_whole_exchange(tmp_path: Path, real_data: Path) -> None:
    files = [real_data / "marine" / name for name, _ in REAL]
    options = [option for file in files for option in ("--file", file)]
    numbers = demonstrate(tmp_path / "demo", *options)
    own = {name: rows for name, rows in numbers["rows"].items() if name not in LISTED + REFUSED}
    assert sorted(own.values()) == sorted(rows for _, rows in REAL)
    assert set(own) <= set(numbers["listed"])
    for name in own:
        trade = numbers["trades"][name]
        assert sum(minor for _, minor in trade["lines"]) == trade["price"] == 100_000
        assert 0 < float(numbers["quality"][name]) <= 1
    assert numbers["kinds"]["settlement.executed"] == 9
    bought = {path.read_bytes() for path in (tmp_path / "demo" / "bought").iterdir()}
    assert {file.read_bytes() for file in files} <= bought


def test_it_replaces_only_what_it_made_itself(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    result = CliRunner().invoke(main, ["demo", "--into", str(tmp_path)])
    assert result.exit_code == 3
    assert "no demonstration made it" in result.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(("name", "code"), [("nowhere.csv", 1), ("empty.csv", 2)])
def test_a_file_of_ones_own_that_is_none_is_said(tmp_path: Path, name: str, code: int) -> None:
    (tmp_path / "empty.csv").touch()
    line = ["demo", "--into", str(tmp_path / "demo"), "--file", str(tmp_path / name)]
    result = CliRunner().invoke(main, line)
    assert result.exit_code == code
    assert name in result.stderr
