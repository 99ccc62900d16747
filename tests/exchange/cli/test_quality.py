"""``guapai quality`` and ``guapai sample``."""

from __future__ import annotations

from pathlib import Path

from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import open_hall, sheet

GAP = {"check": "gap", "column": "time", "seconds": 3600, "series": ["station"]}
EASY = {"check": "gap", "column": "time", "seconds": 3_000_000_000}
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
