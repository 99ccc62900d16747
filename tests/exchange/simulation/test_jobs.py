"""Jobs: one at a time, bounded, told apart by what they are of, and none hurts the site."""

from __future__ import annotations

import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from exchange.errors import BadField, NotFound, Refused
from exchange.simulation.job import Told, work
from exchange.simulation.jobs import (
    DAYS_MAX,
    GONE,
    GROUND,
    KEPT_MAX,
    OWN_MAX,
    SCRATCH,
    SEED_MAX,
    WAITING_MAX,
    Jobs,
    Simulating,
    State,
    is_small,
    markets_in,
    sample_markets,
    write_json,
)
from exchange.simulation.market import Market
from exchange.simulation.market.reading import market_of
from exchange.simulation.run_folder import Played, read_run
from tests.exchange.simulation import worker
from tests.exchange.simulation.written import WHOLE

ROOT = Path(__file__).parents[3]
SEA = market_of(WHOLE, "sea.toml")


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("GUAPAI_PASSPHRASE", "secret")
    command = (sys.executable, worker.__file__ or "")
    return Jobs(tmp_path / "jobs", lambda: {"sea": SEA}, worker=command, wall_seconds=60)


def test_a_job_is_played_and_leaves_its_run_and_reports(jobs: Jobs) -> None:
    asked = jobs.ask("sea", worker.PLAYS)
    assert (asked.state, jobs.all()) == (State.WAITING, [asked])
    with pytest.raises(NotFound, match="has no report: it is waiting"):
        jobs.report(asked.id)
    done = jobs.play_next()
    assert done is not None
    assert (done.state, done.why) == (State.DONE, "")
    assert jobs.play_next() is None
    assert (jobs.get(asked.id).day, jobs.get(asked.id).trades) == (20, 277)
    assert jobs.report(asked.id).startswith(b'<!doctype html>\n<html lang="zh-CN">')
    assert jobs.report(asked.id, "en").startswith(b'<!doctype html>\n<html lang="en">')
    folder = jobs.folder / asked.id
    assert read_run(folder / "run").market == SEA
    assert not (folder / GROUND).exists()
    assert not (folder / SCRATCH).exists()


def test_the_same_asked_again_is_the_same_job(jobs: Jobs) -> None:
    first = jobs.ask("sea", 5, 3)
    assert jobs.ask("sea", 5, 3) == first
    others = {jobs.ask("sea", 6, 3).id, jobs.ask("sea", 5, 4).id}
    assert len(others | {first.id}) == 3
    assert [job.id for job in jobs.all()][-1] == first.id


def test_a_visitor_has_so_many_jobs_that_are_not_over_and_others_go_on(jobs: Jobs) -> None:
    mine = [jobs.ask("sea", seed, 3, by="a visitor") for seed in range(OWN_MAX)]
    with pytest.raises(Refused, match=rf"^visitor: {OWN_MAX} jobs of yours are not over"):
        jobs.ask("sea", OWN_MAX, 3, by="a visitor")
    assert jobs.ask("sea", 0, 3, by="a visitor") == mine[0]  # what is there is shown
    jobs.ask("sea", OWN_MAX, 3, by="another")
    assert len(jobs.all()) == OWN_MAX + 1
    jobs._keep(replace(mine[0], state=State.DONE))
    assert jobs.ask("sea", OWN_MAX + 1, 3, by="a visitor").state is State.WAITING


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        (worker.DIES, "the market fell over"),
        (worker.EATS, "MemoryError"),
        (worker.KILLED, "its process was ended: SIGABRT"),
    ],
)
def test_a_job_that_falls_over_is_failed_and_says_how(jobs: Jobs, seed: int, why: str) -> None:
    asked = jobs.ask("sea", seed, 3)
    done = jobs.play_next()
    assert done is not None
    assert (done.state, done.why) == (State.FAILED, why)
    again = jobs.ask("sea", seed, 3)
    assert (again.id, again.state) == (asked.id, State.WAITING)


def test_a_job_that_takes_too_long_is_ended(jobs: Jobs) -> None:
    jobs._wall_seconds = 0
    jobs.ask("sea", worker.HANGS, 3)
    done = jobs.play_next()
    assert done is not None
    assert (done.state, done.why) == (State.FAILED, "it took more than 0 seconds")


def test_what_a_worker_that_was_killed_played_on_is_removed(jobs: Jobs) -> None:
    folder = jobs.folder / jobs.ask("sea", worker.HANGS, 3).id
    scratch: list[Path] = []

    def played_on() -> bool:
        scratch[:] = (folder / SCRATCH).iterdir()
        return (folder / GROUND).exists()

    done = jobs.play_next(played_on)
    assert done is not None
    assert (done.state, len(scratch)) == (State.STOPPED, 1)
    assert not (folder / GROUND).exists()
    assert not (folder / SCRATCH).exists()


def test_what_the_workers_of_a_site_that_died_played_on_is_removed(jobs: Jobs) -> None:
    asked = jobs.ask("sea", worker.HANGS, 3)
    folder = jobs.folder / asked.id
    write_json(folder / "job.json", asdict(replace(asked, state=State.RUNNING)))
    (folder / GROUND).mkdir()
    jobs.stop_all()
    assert jobs.get(asked.id).state is State.STOPPED
    assert not (folder / GROUND).exists()


def test_a_worker_that_ends_leaves_another_one_what_it_plays_on(jobs: Jobs) -> None:
    folder = jobs.folder / jobs.ask("sea", worker.PLAYS, 3).id

    def orphan(_market: Market, _seed: int, _days: int, _ground: Path, _tell: Told) -> Played:
        sys.exit("the site that asked for it is gone")

    def later(_market: Market, _seed: int, _days: int, ground: Path, _tell: Told) -> Played:
        (ground / "exchange.sqlite3").touch()
        with pytest.raises(SystemExit, match="is gone"):
            work(folder, orphan)
        assert (ground / "exchange.sqlite3").exists()
        sys.exit("played")

    with pytest.raises(SystemExit, match="played"):
        work(folder, later)
    assert not list((folder / GROUND).iterdir())


def test_a_job_whose_end_cannot_be_written_has_failed(jobs: Jobs) -> None:
    asked = jobs.ask("sea", worker.HANGS, 3)
    full = jobs.folder / asked.id / "job.part"

    def fill() -> bool:
        full.mkdir()  # where the record would be written first
        return True

    with pytest.raises(OSError, match="directory"):
        jobs.play_next(fill)
    told = jobs.get(asked.id)
    assert (told.state, told.why) == (State.FAILED, GONE)
    full.rmdir()
    assert jobs.ask("sea", worker.HANGS, 3).state is State.WAITING


def test_what_waits_or_runs_when_the_site_goes_down_is_stopped(jobs: Jobs) -> None:
    jobs.ask("sea", worker.HANGS, 3)
    going = Simulating(jobs, seconds=0.01)
    running = jobs.ask("sea", worker.HANGS, 3)  # beginning to serve has stopped it
    assert running.state is State.WAITING
    going.start()
    turn = threading.Event()
    while jobs.get(running.id).state is State.WAITING:
        turn.wait(0.01)
    going.stop()
    assert jobs.get(running.id).state is State.STOPPED
    waiting = jobs.ask("sea", worker.PLAYS, 3)
    Simulating(jobs)
    assert jobs.get(waiting.id).state is State.STOPPED


def test_only_so_many_wait_and_only_so_many_are_kept(jobs: Jobs) -> None:
    for seed in range(WAITING_MAX):
        jobs.ask("sea", seed, 1)
    with pytest.raises(Refused, match=f"queue: {WAITING_MAX} jobs wait"):
        jobs.ask("sea", 99, 1)
    assert jobs.ask("sea", 0, 1).seed == 0  # which waits already
    for seed in range(KEPT_MAX + 3):
        jobs.stop_all()
        jobs.ask("sea", 100 + seed, 1)
    assert len(jobs.all()) == KEPT_MAX
    assert {each.seed for each in jobs.all()} == set(range(103, 103 + KEPT_MAX))


@pytest.mark.parametrize(
    ("market", "seed", "days", "field", "rule"),
    [
        ("lake", 1, 1, "market", "one of sea"),
        ("sea", -1, 1, "seed", f"0 to {SEED_MAX}"),
        ("sea", SEED_MAX + 1, 1, "seed", f"0 to {SEED_MAX}"),
        ("sea", 1, 0, "days", "1 to 20"),
        ("sea", 1, 21, "days", "1 to 20"),
    ],
)
def test_what_is_beyond_the_bounds_is_refused_by_field(
    jobs: Jobs, market: str, seed: int, days: int, field: str, rule: str
) -> None:
    with pytest.raises(BadField) as caught:
        jobs.ask(market, seed, days)
    assert (caught.value.field, caught.value.rule) == (field, rule)
    assert not jobs.all()


@pytest.mark.parametrize("name", ["0" * 16, "..", "../jobs", "0" * 15 + "G", ""])
def test_there_is_no_other_job(jobs: Jobs, name: str) -> None:
    with pytest.raises(NotFound):
        jobs.get(name)


def test_of_a_long_market_the_first_days_are_played(jobs: Jobs) -> None:
    jobs.markets = {"long": replace(SEA, days=400)}
    assert jobs.ask("long", 1).days == DAYS_MAX
    with pytest.raises(BadField, match=f"days: 1 to {DAYS_MAX}"):
        jobs.ask("long", 1, DAYS_MAX + 1)


def test_only_small_markets_are_played_and_a_broken_file_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    samples = sample_markets()
    assert samples
    (tmp_path / "broken.toml").write_text("name = 3", encoding="utf-8")
    (tmp_path / "huge.toml").write_text(f"days = 1e{'9' * 30}", encoding="utf-8")
    (tmp_path / "long.toml").write_text(".".join(["a"] * 5_000) + " = 1", encoding="utf-8")
    (tmp_path / "sea.toml").write_text(WHOLE, encoding="utf-8")
    found = markets_in(samples, tmp_path)
    assert {"sea", "qingdao-marine", "double-ten-thousand"} <= set(found)
    for name in ("broken.toml", "huge.toml", "long.toml"):
        assert f"a market is left out: {name}: " in caplog.text
    assert is_small(found["qingdao-marine"])
    assert not is_small(found["double-ten-thousand"])
    assert "double-ten-thousand" not in Jobs(tmp_path, lambda: found).markets
