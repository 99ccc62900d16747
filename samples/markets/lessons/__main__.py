"""Draw the figures of docs/learning-from-markets.md and print what they are made of."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from pricing.figures import Form, Language
from samples.markets.lessons import copies, reserves, weights
from samples.markets.lessons.playing import lesson


def learned(folder: Path, seeds: range) -> Iterator[str]:
    """Learn lesson one, and yield its rows."""
    lives = [weights.learned(lesson("hedge"), seed) for seed in seeds]
    top = lives[0].learner.prices[-1].minor
    for seed, life in zip(seeds, lives, strict=True):
        offers = len(life.history.trials)
        yield (
            f"| {seed} | {offers:,} | {life.best} | {life.regrets[-1] / top:.1f}"
            f" | {life.bound(offers):.1f} | {life.settled(offers // 4):.3f} |"
        )
    mean = statistics.fmean(life.regrets[-1] for life in lives) / top
    bound = statistics.fmean(life.bound(len(life.history.trials)) for life in lives)
    yield f"| mean | | | {mean:.1f} | {bound:.1f} | |"
    drawing = weights.draw(lives[0], Language.EN, Form.SVG)
    (folder / "lesson-weights.svg").write_bytes(drawing)


def reserved(folder: Path) -> Iterator[str]:
    """Learn lesson two, and yield its rows."""
    plain = reserves.sold(lesson("reserve"), 1, reserves.PLAIN)
    optimal = reserves.sold(lesson("reserve"), 1, reserves.MYERSON)
    for reserve in (0.0, 0.25, 0.5, 0.75):
        mean, error = plain.under(reserve)
        yield f"| {reserve:.2f} | {mean:.4f} ± {error:.4f} | {plain.expected(reserve):.4f} |"
    yield f"| no reserve, as played | {plain.earned:.4f} | |"
    yield f"| Myerson's auction, as played | {optimal.earned:.4f} | |"
    yield f"| best of {len(reserves.RESERVES)} reserves | at {reserves.peak(plain):.2f} | at 0.50 |"
    drawing = reserves.draw(plain, optimal, Language.EN, Form.SVG)
    (folder / "lesson-reserves.svg").write_bytes(drawing)


def copied(folder: Path) -> Iterator[str]:
    """Learn lesson three, and yield its rows."""
    attack = copies.attacked(copies.proceeds(lesson("copies"), 1))
    for count in range(copies.COPIES + 1):
        shares = " | ".join(f"{float(each[count]):.3f}" for each in attack.shares.values())
        yield f"| {count} | {shares} |"
    drawing = copies.draw(attack, Language.EN, Form.SVG)
    (folder / "lesson-copies.svg").write_bytes(drawing)


def main() -> None:
    """Learn all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the figures go, such as docs/images")
    parser.add_argument("--seeds", type=int, default=10, help="lives of lesson one")
    given = parser.parse_args()
    for rows in (
        learned(given.folder, range(1, given.seeds + 1)),
        reserved(given.folder),
        copied(given.folder),
    ):
        sys.stdout.write("\n".join(rows) + "\n\n")


if __name__ == "__main__":
    main()
