"""`disclosures.jsonl` beside a bundle: what is read of it, and what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.commitments import Disclosure
from ledger.disclosures import FILE, LINE_MAX, Opened, disclosures_in
from ledger.findings import AuditReport, values_in_words

SALT = bytes(range(32))
ONE = Disclosure(3, "report", SALT, "seen")
TWO = Disclosure(7, "grounds", SALT, {"a": ["海"]})


def read(folder: Path, data: bytes | None) -> tuple[list[Opened], list[str]]:
    """Return what a file discloses, and the words of what is wrong with it."""
    if data is not None:
        (folder / FILE).write_bytes(data)
    report = AuditReport()
    found = list(disclosures_in(folder, report))
    assert all((f.place, f.rule) == (FILE, "disclosure") for f in report.findings)
    return found, [finding.words for finding in report.findings]


def opened(disclosure: Disclosure) -> Opened:
    return Opened(disclosure.index, disclosure.field, disclosure.commitment)


def test_each_line_is_remembered_by_the_commitment_that_it_opens(tmp_path: Path) -> None:
    found, wrong = read(tmp_path, ONE.to_line() + TWO.to_line())
    assert (found, wrong) == ([opened(ONE), opened(TWO)], [])


def test_a_bundle_without_the_file_discloses_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, None) == ([], [])
    assert read(tmp_path, b"") == ([], [])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ONE.to_line() + ONE.to_line(), "line 2: report of entry 3 is disclosed above"),
        (b"\n" + ONE.to_line(), "line 1: not JSON of the profile"),
        (ONE.to_line()[:-1], "line 1: cut off: a line ends with LF"),
        (ONE.to_line().replace(b'"entry":3', b'"entry":-3'), "line 1: a disclosure's entry is"),
        (ONE.to_line().replace(b'"field"', b'"fields"'), "line 1: a disclosure has an entry"),
        (ONE.to_line().replace(b'{"entry"', b'{ "entry"'), "line 1: not in canonical form"),
    ],
    ids=["twice", "an empty line", "cut off", "no place", "another field", "not canonical"],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    _, (wrong,) = read(tmp_path, data)
    assert wrong.startswith(words)


def test_lines_after_one_that_is_none_are_read(tmp_path: Path) -> None:
    found, wrong = read(tmp_path, b"?\n" + TWO.to_line())
    assert (found, len(wrong)) == ([opened(TWO)], 1)


def test_a_line_without_an_end_is_not_read_whole(tmp_path: Path) -> None:
    found, wrong = read(tmp_path, ONE.to_line() + b"x" * (LINE_MAX + 5) + b"\n" + TWO.to_line())
    assert (found, wrong) == ([opened(ONE)], [f"line 2: over {LINE_MAX} bytes"])


def test_a_pipe_or_a_folder_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)
    assert read(tmp_path, None) == ([], ["not a regular file"])
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    assert read(tmp_path, None) == ([], ["not a regular file"])


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).symlink_to(FILE)
    found, wrong = read(tmp_path, None)
    assert (found, len(wrong)) == ([], 1)


def test_what_became_of_the_values_is_said_in_words() -> None:
    report = AuditReport(committed={"disclosed": 2, "withheld": 1, "erased": 0})
    assert values_in_words(report) == "2 disclosed, 1 withheld, 0 erased"
    assert values_in_words(AuditReport()) == "none looked at"
