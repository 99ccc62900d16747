"""How mutants meet the tests: which tests run which lines, and forks that stop at a failure.

The tests are collected once.  Every mutant has a fork of that process to itself, so that whatever
it breaks ends with it.  What a fork found is a line in a file, from which a run that was stopped
goes on.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import os
import signal
import sys
import tempfile
import types
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import coverage
import pytest
from hypothesis import HealthCheck, Phase, settings

import exchange.completeness
import exchange.compliance
import exchange.services
import ledger.grades
import ledger.meaning
from exchange.compliance import Outcome
from exchange.compliance.china import PACK
from tests.exchange import floor
from tests.exchange.compliance.examples import EXAMPLES
from tests.exchange.compliance.mutate.mutants import Mutant, applied, forget, mutants

TESTS: Final = (
    *("tests/exchange/compliance", "tests/exchange/services"),
    *("tests/ledger/test_grades.py", "tests/ledger/test_rules.py", "tests/ledger/test_access.py"),
    *("tests/exchange/cli/test_gate.py", "tests/exchange/cli/test_registration.py"),
)
SECONDS_LEAST: Final = 60  # of a processor, before a short test is taken to go on for ever
WAITS_MAX: Final = (
    10  # times as long by the clock: a test that waits on a busy machine says nothing
)
SECONDS_CHEAP: Final = 0.06  # what a test takes that asks no exchange
# It asks the rules of the examples, which every mutant of a rule has met already.
EXAMPLE_TEST: Final = "test_each_example_has_its_outcome"
BY_EXAMPLES: Final = "the examples"
BY_TIME: Final = "takes for ever"


_ASKED_BY_RULES: Final = ("exchange.compliance", "exchange.completeness")
# The files that hold the gate, whose lines are watched.
_FILES: Final = frozenset(
    str(file)
    for place in (exchange.compliance, exchange.services)
    for file in Path(place.__path__[0]).rglob("*.py")
) | {exchange.completeness.__file__, ledger.grades.__file__, ledger.meaning.__file__}


@dataclass(frozen=True, slots=True)
class Ran:
    """A test that passes with the whole code: how long it takes, and the lines it runs by file."""

    test: str
    seconds: float
    lines: Mapping[str, frozenset[int]]


@dataclass
class Meeting:
    """The mutants of some modules and what is found out about each, kept in a folder.

    `seconds` is how long the tests take, with the whole code, that one mutant meets at most.
    With `again`, what survived before meets the tests once more; what was noticed stays noticed as
    long as the function is the same.
    """

    modules: Sequence[str]
    folder: Path
    jobs: int
    again: bool
    seconds: float
    asked: Mapping[str, Mapping[str, Mutant]] = field(init=False)

    def __post_init__(self) -> None:
        self.asked = {name: {each.name: each for each in mutants(name)} for name in self.modules}

    def hold(self) -> None:
        """Let every mutant meet the examples and the tests."""
        assert not _noticed_by_examples(), "the examples fail before anything is broken"
        settings.register_profile(
            "mutate",
            phases=(Phase.explicit, Phase.generate),
            database=None,
            deadline=None,  # a busy machine notices no mutant
            suppress_health_check=[HealthCheck.too_slow],
        )
        settings.load_profile("mutate")
        plain = ["-q", "-s", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider"]
        plain += ["-o", "tmp_path_retention_policy=failed"]
        plain += ["--assert=plain", "--tb=no"]  # nobody reads why a test failed
        with contextlib.redirect_stdout(io.StringIO()) as told:
            code = pytest.main([*plain, *TESTS], plugins=[_Loop(self)])
        if code != pytest.ExitCode.OK:
            sys.exit(told.getvalue())

    def found(self) -> dict[str, dict[str, str]]:
        """Return what noticed each mutant, by module and name; nothing where it survives."""
        found: dict[str, dict[str, str]] = {module: {} for module in self.modules}
        for told in _lines(self._found):
            mutant = self.asked.get(told["module"], {}).get(told["mutant"])
            if mutant is not None and mutant.source == told["source"]:
                found[told["module"]][told["mutant"]] = told["by"]
        return found

    def to_meet(self) -> list[Mutant]:
        """Return the mutants of which nothing is found yet, and with `again` those that survive."""
        found = self.found()
        return [
            mutant
            for module, asked in self.asked.items()
            for name, mutant in asked.items()
            if name not in found[module] or (self.again and not found[module][name])
        ]

    def tell(self, mutant: Mutant, by: str) -> None:
        """Keep what was found."""
        told = {"module": mutant.module, "mutant": mutant.name, "source": mutant.source, "by": by}
        _tell(self._found, told)

    def line(self, module: str, name: str) -> int:
        """Return the line on which a mutant stands."""
        return self.asked[module][name].lines.start

    @property
    def _found(self) -> Path:
        return self.folder / "found.jsonl"


def _lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _tell(file: Path, told: Mapping[str, Any]) -> None:
    """Add a line to a file in one write, so that forks do not come between each other."""
    with file.open("ab", buffering=0) as opened:
        opened.write(json.dumps(told).encode() + b"\n")


@functools.cache
def _examples() -> list[tuple[Any, Any, Outcome]]:
    checks = {rule.id: rule.check for rule in PACK.rules}
    return [
        (checks[identifier], replace(case, pack_digest=PACK.digest), expected)
        for identifier, expected, case in EXAMPLES
    ]


def _noticed_by_examples() -> bool:
    """Whether some example has another outcome than it should."""
    for check, case, expected in _examples():
        try:
            if check(replace(case)).outcome is not expected:
                return True
        except Exception:  # noqa: BLE001 - a check that raises is noticed too
            return True
    return False


class _Loop:
    """The loop over the collected tests, in place of pytest's own."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.failed = False
        self.seconds = 0.0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.outcome != "passed"
        self.seconds += report.duration

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        meeting, tests = (
            self.meeting,
            {item.nodeid: item for item in session.items if EXAMPLE_TEST not in item.name},
        )
        of_rules = [m for m in meeting.to_meet() if m.module.startswith(_ASKED_BY_RULES)]
        _side_by_side(meeting.jobs, of_rules, self._meet_examples)
        left = meeting.to_meet()
        if left:
            for stage in floor.STAGES:  # once, before the first fork, and by the whole code
                floor.played(stage, floor.STORE)
            ran = self._all_ran(tests)
            print(f"{len(left)} mutants meet {len(ran)} tests", file=sys.stderr)  # noqa: T201
            order = _Order(ran, _importing(tests), meeting.seconds)
            _side_by_side(meeting.jobs, left, lambda some: self._meet_tests(some, order, tests))
        return True

    def _meet_examples(self, some: Sequence[Mutant]) -> None:
        for mutant in some:
            with applied(mutant):
                if _noticed_by_examples():
                    self.meeting.tell(mutant, BY_EXAMPLES)

    def _meet_tests(
        self, some: Sequence[Mutant], order: _Order, tests: Mapping[str, pytest.Item]
    ) -> None:
        for mutant in some:
            chosen = order.of(mutant)
            by = self._noticed_by([(tests[ran.test], ran.seconds) for ran in chosen], mutant)
            if by is None:
                words = f"{mutant.module} {mutant.name}: its fork was ended from outside, or waits"
                print(words, file=sys.stderr)  # noqa: T201
                continue
            order.noticed(mutant, by)
            self.meeting.tell(mutant, by)

    def _noticed_by(
        self, chosen: Sequence[tuple[pytest.Item, float]], mutant: Mutant
    ) -> str | None:
        """Return the first test that fails, which a fork finds out; empty if none does.

        A test that works far longer than with the whole code notices by that.  What ends a fork
        otherwise, such as a test that waits, says nothing of the mutant, and None is returned.
        """
        reading, writing = os.pipe()
        with tempfile.TemporaryDirectory() as place:

            def meet() -> None:
                _settle(Path(place))
                with applied(mutant):
                    for item, seconds in chosen:
                        limit = SECONDS_LEAST + 20 * seconds
                        signal.setitimer(signal.ITIMER_PROF, limit)
                        signal.alarm(int(WAITS_MAX * limit))
                        self._run(item)
                        if self.failed:
                            os.write(writing, item.nodeid.encode())
                            return

            status = _wait(_fork(meet))
            os.close(writing)
            with os.fdopen(reading) as told:
                by = told.read()
        if by or not status:
            return by
        return BY_TIME if status == -signal.SIGPROF else None

    def _run(self, item: pytest.Item) -> None:
        self.failed, self.seconds = False, 0.0
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)

    def _all_ran(self, tests: Mapping[str, pytest.Item]) -> list[Ran]:
        """Return which lines each test runs that passes; of unchanged files it is known already."""
        kept = self.meeting.folder / "ran.jsonl"
        known = {told["test"]: told for told in _lines(kept)}
        missing = [
            item
            for name, item in tests.items()
            if name not in known or known[name]["digest"] != _digest(item, known[name]["lines"])
        ]

        def trace(some: Sequence[pytest.Item]) -> None:
            with tempfile.TemporaryDirectory() as place:
                _settle(Path(place))
                for item in some:
                    forget()  # or a test that finds an answer kept runs none of the lines to it
                    with _traced() as lines:
                        self._run(item)
                    measured = {"seconds": self.seconds, "lines": lines}
                    told = {"test": item.nodeid, "digest": _digest(item, lines)}
                    _tell(kept, {**told, **measured, "passed": not self.failed})

        _side_by_side(self.meeting.jobs, missing, trace)
        return [
            Ran(told["test"], told["seconds"], {f: frozenset(n) for f, n in told["lines"].items()})
            for told in {told["test"]: told for told in _lines(kept)}.values()
            if told["passed"] and told["test"] in tests
        ]


@functools.cache
def _bytes(file: str) -> bytes:
    return hashlib.sha256(Path(file).read_bytes()).digest()


def _digest(item: pytest.Item, files: Iterable[str]) -> str:
    """Return a digest of a test's file and of the files whose lines it runs."""
    return hashlib.sha256(b"".join(map(_bytes, (str(item.path), *sorted(files))))).hexdigest()


def _importing(tests: Mapping[str, pytest.Item]) -> dict[str, frozenset[str]]:
    """Return the tests whose own module imports something of a module, by that module."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, item in tests.items():
        for value in vars(getattr(item, "module", None)).values():
            place = value.__name__ if isinstance(value, types.ModuleType) else ""
            found[place or getattr(value, "__module__", None) or ""].add(name)
    return {module: frozenset(names) for module, names in found.items()}


def _all(ran: Ran) -> Iterator[tuple[str, int]]:
    return ((file, line) for file, lines in ran.lines.items() for line in lines)


class _Order:
    """Which tests a mutant meets, and in what order, within a time."""

    def __init__(
        self, ran: Sequence[Ran], importing: Mapping[str, frozenset[str]], seconds: float
    ) -> None:
        self._ran = {each.test: each for each in ran}
        self._importing = importing
        self._seconds = seconds
        self._noticed: dict[str, Counter[str]] = defaultdict(Counter)
        self._promising: dict[frozenset[str], list[Ran]] = {}
        shared = Counter(line for each in ran for line in _all(each))
        self._rare = {each.test: sum(1 / shared[line] for line in _all(each)) for each in ran}

    def of(self, mutant: Mutant) -> list[Ran]:
        """Return the tests that run the mutant's lines, or its function where none does.

        First come those that noticed others of the function or of the module, then those written
        for the module, then those that take no time, and then those that run lines which few others
        run, for their time.
        """
        code = mutant.function.__code__
        function = {line for *_, line in code.co_lines() if line is not None} | {*mutant.lines}
        near = self._running(code.co_filename, set(mutant.lines))
        near = near or self._running(code.co_filename, function)
        here, beside = self._noticed[code.co_qualname], self._noticed[mutant.module]
        ours = self._importing.get(mutant.module, frozenset())
        order = sorted(
            self._by_promise(near, code.co_filename),
            key=lambda ran: (-here[ran.test], -beside[ran.test], ran.test not in ours),
        )
        chosen: list[Ran] = []
        seconds = 0.0
        for ran in order:
            seconds += ran.seconds
            if seconds > self._seconds and chosen:
                break
            chosen.append(ran)
        return chosen

    def noticed(self, mutant: Mutant, by: str) -> None:
        """Remember what noticed a mutant, for the others of its function and its module."""
        self._noticed[mutant.function.__code__.co_qualname][by] += 1
        self._noticed[mutant.module][by] += 1

    def _running(self, file: str, lines: set[int]) -> frozenset[str]:
        none = frozenset[int]()
        return frozenset(
            test
            for test, ran in self._ran.items()
            if not lines.isdisjoint(ran.lines.get(file, none))
        )

    def _by_promise(self, tests: frozenset[str], file: str) -> list[Ran]:
        found = self._promising.get(tests)
        if found is None:
            some = [self._ran[test] for test in tests]
            shared = Counter(line for ran in some for line in ran.lines.get(file, ()))

            def promise(ran: Ran) -> tuple[bool, float]:
                rare = sum(1 / shared[line] for line in ran.lines.get(file, ()))
                rare += self._rare[ran.test] / 5
                return ran.seconds > SECONDS_CHEAP, -rare / (0.2 + ran.seconds)

            found = self._promising[tests] = sorted(some, key=promise)
        return found


@contextlib.contextmanager
def _traced() -> Iterator[dict[str, list[int]]]:
    """Fill what is yielded, on the way out, with the lines that ran meanwhile, by file."""
    watch = coverage.Coverage(data_file=None, config_file=False, include=sorted(_FILES))
    watch.set_option("run:disable_warnings", ["no-data-collected"])
    lines: dict[str, list[int]] = {}
    watch.start()
    try:
        yield lines
    finally:
        watch.stop()
        data = watch.get_data()
        lines |= {file: sorted(data.lines(file) or ()) for file in data.measured_files()}


def _settle(place: Path) -> None:
    """Let a fork say nothing and write its temporary files in a place of its own."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ["TMPDIR"] = tempfile.tempdir = str(place)


def _fork(does: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            does()
            code = 0
        finally:
            os._exit(code)
    return child


def _wait(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _side_by_side(jobs: int, all_: Sequence[Any], does: Callable[[Sequence[Any]], None]) -> None:
    """Share something out between forks and wait for them, or raise if one goes wrong."""
    shares = [all_[job::jobs] for job in range(jobs)]
    children = [_fork(functools.partial(does, share)) for share in shares if share]
    codes = [_wait(child) for child in children]
    if any(codes):
        raise ChildProcessError("a fork went wrong: see above")
