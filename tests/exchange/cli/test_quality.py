"""``guapai quality`` and ``guapai sample``."""

from __future__ import annotations

from pathlib import Path

from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import DATA, open_hall, sheet

GAP = {"check": "gap", "column": "time", "seconds": 3600, "series": ["station"]}
EASY = {"check": "gap", "column": "time", "seconds": 3_000_000_000}
LATER = "RZ,2026-01-04T02:00:00Z,119.63,35.43,7.1\n"
HOT = {"check": "range", "column": "temperature", "maximum": "6.5"}


def test_an_expert_looks_at_a_sample_scores_and_then_sees_the_figures(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        number = hall.register().number
        hall.supplier.submit_sheet(number, sheet(quality=[GAP, HOT, EASY]))
        guapai = Guapai(hall.folder)
        refused = guapai("quality", number, "--as", "expert", code=3)
        assert "held back from an expert" in refused.stderr
        drawn = guapai.json("sample", number, "--as", "expert")
        assert drawn["sample"]["rows"][0][0] == "QD"
        assert "drawn from the notice" in guapai("sample", number, "--as", "expert").stdout
        comments = tmp_path / "comments.txt"
        comments.write_text("one buoy runs warm\n")
        scored = ["--score", "0.7", "--dimension", "accuracy=0.6", "--comments", str(comments)]
        guapai("review", number, *scored, "--as", "expert")
        found = guapai.json("quality", number, "--as", "expert")
        accuracy = found["report"]["accuracy"]
        assert (accuracy["numerator"], accuracy["denominator"]) == (4, 6)
        assert [each["dimension"] for each in found["experts"]] == ["", "accuracy"]
        shown = guapai("quality", number).stdout
        for words in (
            "4 of 6",
            "Flags of QARTOD",
            "the whole",
            "-0.0667",
            "Deliveries",
            "weak: it allows",
        ):
            assert words in shown


def test_a_dimension_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        number = hall.register().number
        comments = tmp_path / "comments.txt"
        comments.write_text("x\n")
        scored = ["--score", "0.7", "--dimension", "beauty=1", "--comments", str(comments)]
        refused = Guapai(hall.folder)("review", number, *scored, "--as", "expert", code=2)
        assert "dimensions: beauty is none of" in refused.stderr


def test_what_stood_and_what_is_pending_is_said_after_a_change_of_data(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        guapai, number, old = Guapai(hall.folder), hall.number, hall.product().data
        (listed,) = guapai.json("quality", number)["sheets"]
        assert (listed["version"], listed["data"], listed["experts"]) == (1, old, ["0.95"])
        assert listed["score"] == listed["today"]
        hall.supplier.change(number, hall.file("newer.csv", DATA + LATER), "another hour")
        found = guapai.json("quality", number)
        assert (found["score"], found["report"], found["experts"]) == (None, None, [])
        assert found["sheets"] == [listed]
        shown = guapai("quality", number).stdout
        assert "pending   no spec sheet of it stands, and is to be signed anew" in shown
        assert "Quality measured" not in shown
        rows = [line.split() for line in shown.splitlines() if listed["listed"] in line]
        assert rows[0] == ["1", listed["listed"], f"{old[:16]}…", "0.95", *[listed["score"]] * 2]
        hall.supplier.submit_sheet(number, sheet())
        shown = guapai("quality", number).stdout
        assert "pending   version 2 of its spec sheet is not on the board" in shown
        assert "Quality measured" in shown
        assert "not listed" in shown
