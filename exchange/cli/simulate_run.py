"""Commands that play markets, and tell one of their trades again."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from exchange.cli.shell import Shell, command
from exchange.cli.simulate import simulate_group
from exchange.errors import BadField
from pricing.money import Money

if TYPE_CHECKING:
    from exchange.simulation.kernel import Progress as Played
    from exchange.simulation.market import Market, Shock
    from exchange.simulation.replaying import Story
    from exchange.simulation.run import Finished, Run

KEEP_SECONDS: Final = 20.0  # between two states that are kept to go on from
TELL_SECONDS: Final = 10.0  # between two lines where stderr is no terminal
CLERKS_MAX: Final = 64
_ANSWERS: Final = 10  # that are shown of what an offer was learned from, the last ones
_RECENT: Final = 5  # days that the time left is reckoned from


@command(simulate_group, "run")
@click.argument("market", metavar="MARKET.toml")
@click.option("--seed", type=click.IntRange(min=0), help="Else the seed of the market.")
@click.option(
    "--depth",
    type=click.Choice(["full", "fast"]),
    default="full",
    show_default=True,
    help="full: every act through the services; fast: the same entries in batches.",
)
@click.option(
    "--clerks",
    type=click.IntRange(0, CLERKS_MAX),
    default=0,
    help="Processes that write up beside this one, in fast depth; none if not said.",
)
@click.option("--days", type=click.IntRange(min=1), help="Play the first days alone.")
@click.option("--out", metavar="FOLDER", help="Else MARKET-SEED beside you.")
@click.option("--resume", is_flag=True, help="Go on with a run that was cut off.")
def run_command(  # noqa: PLR0913, PLR0917 - one for each option
    shell: Shell,
    market: str,
    seed: int | None,
    depth: str,
    clerks: int,
    days: int | None,
    out: str | None,
    resume: bool,
) -> None:
    """Play MARKET.toml; the same market and seed leave the same bytes behind.

    What came of it, the exchange it was played on and the record stay in the folder.  A run whose
    audit fails says what is wrong and ends with exit code 1.
    """
    from exchange.simulation.market.reading import read_market  # noqa: PLC0415 - pydantic, numpy
    from exchange.simulation.run import Run  # noqa: PLC0415 - everything

    if clerks and depth != "fast":
        raise BadField("--clerks", "there are clerks in the fast depth alone")
    asked = read_market(Path(market))
    chosen = asked.seed if seed is None else seed
    if not shell.as_json:
        shell.say(f"seed {chosen}")
    folder = Path(out or f"{asked.name}-{chosen}")
    run = _resumed(folder, asked, chosen, depth, days) if resume else None
    run = run or Run.begun(folder, asked, chosen, depth, days=days)
    logging.getLogger("exchange").addHandler(logging.NullHandler())  # of services, act by act
    with _progress(run.days) as told:
        finished = run.play(told, keep=_now_and_then(), clerks=clerks)
    _show(shell, run, finished)
    if finished.faults:
        click.get_current_context().exit(1)


def _resumed(folder: Path, market: Market, seed: int, depth: str, days: int | None) -> Run | None:
    """Return the run that was cut off in a folder, or None where nothing was begun there."""
    from exchange.simulation.run import RUN, Run  # noqa: PLC0415 - as above

    if not (folder / RUN).exists():
        return None
    run = Run.found(folder)
    for name, told, wanted in (
        ("MARKET", run.market, market),
        ("--seed", run.seed, seed),
        ("--depth", run.depth, depth),
        ("--days", run.days, market.days if days is None else days),
    ):
        if told != wanted:
            raise BadField(name, f"the run in {folder} was begun with another")
    return run


def _now_and_then() -> Callable[[], bool]:
    last = time.monotonic()

    def due() -> bool:
        nonlocal last
        if time.monotonic() - last < KEEP_SECONDS:
            return False
        last = time.monotonic()
        return True

    return due


class Pace:
    """How fast a run comes along, from what its last days took."""

    def __init__(self, days: int, now: Callable[[], float] = time.monotonic) -> None:
        self._days, self._now = days, now
        self._marks: deque[tuple[float, int, int]] = deque([(now(), 0, 0)], _RECENT + 1)

    def told(self, progress: Played) -> str:
        """Take in a day that has passed, and say in words how it goes on."""
        if progress.day > self._marks[-1][1] + 1:  # days decided again cost next to nothing
            self._marks = deque([(self._now(), progress.day, progress.wishes)], _RECENT + 1)
            return f"going on after day {progress.day} of {self._days}"
        self._marks.append((self._now(), progress.day, progress.wishes))
        (start, day, wishes), (end, *_) = self._marks[0], self._marks[-1]
        passed = max(end - start, 1e-9)
        rate = (progress.wishes - wishes) / passed
        left = passed / max(progress.day - day, 1) * (self._days - progress.day)
        return (
            f"day {progress.day} of {self._days}, {progress.wishes:,} wishes, "
            f"{progress.trades:,} trades, {rate:,.0f} wishes/s, about {_span(left)} left"
        )


def _span(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


@contextmanager
def _progress(days: int) -> Iterator[Callable[[Played], None]]:
    """Show on stderr how a run comes along: a bar on a terminal, else a line now and then."""
    pace = Pace(days)
    if not sys.stderr.isatty():
        last = time.monotonic()

        def line(progress: Played) -> None:
            nonlocal last
            words = pace.told(progress)
            if time.monotonic() - last >= TELL_SECONDS:
                last = time.monotonic()
                click.echo(words, err=True)

        yield line
        return
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("opening the exchange", total=days)
        yield lambda progress: bars.update(
            task, completed=progress.day, description=pace.told(progress)
        )


def _show(shell: Shell, run: Run, finished: Finished) -> None:
    from exchange.simulation.full.house import passphrase_of  # noqa: PLC0415 - as above
    from exchange.simulation.run_folder import repeating  # noqa: PLC0415 - the same

    trace, wishes = finished.trace, finished.trace["wishes"]
    endings = {str(each): int((wishes["ending"] == each).sum()) for each in set(wishes["ending"])}
    listed = int((trace["products"]["listed"] >= 0).sum())
    amount, fees = int(wishes["amount"].sum()), int(wishes["fee"].sum())
    record = {
        "folder": str(run.folder),
        "seed": run.seed,
        "depth": run.depth,
        "days": trace.days,
        "products": len(trace["products"]["product"]),
        "listed": listed,
        "endings": dict(sorted(endings.items())),
        "amount": Money(amount).to_record(),
        "fees": Money(fees).to_record(),
        "entries": trace.size,
        "root": trace.root,
        "audit": trace.audit,
        "faults": list(finished.faults),
        "again": repeating(trace, run.folder),
    }
    if not shell.as_json:
        shell.say(f"{listed} of {record['products']} products were listed")
        rows = [(name, f"{count:,}") for name, count in sorted(endings.items())]
        shell.table("What became of wishes", ["=ending", ">wishes"], rows)
        shell.say(f"{Money(amount)} changed hands, {Money(fees)} of it fees")
        shell.say(f"{trace.size:,} entries, root {trace.root}")
        for fault in finished.faults:
            shell.say(f"wrong: {fault}")
        shell.say("verified" if not finished.faults else "NOT verified")
        shell.say(f"To repeat this run: {record['again']}")
        shell.say(f"The exchange opens with the passphrase {passphrase_of(run.seed)!r}.")
    traded = [trade for trade in wishes["trade"].tolist() if trade]
    then = f"guapai simulate report {run.folder}"
    if traded:
        then += f"; guapai simulate replay {run.folder} {traded[0]}"
    shell.result(record, then=f"{then}; guapai -C {run.folder}/exchange audit")


@command(simulate_group, "replay")
@click.argument("folder", metavar="FOLDER")
@click.argument("trade", metavar="TRADE|WISH")
def replay_command(shell: Shell, folder: str, trade: str) -> None:
    """Tell one trade of the run in FOLDER again, with everything that led to it.

    TRADE is the number of a trade or a deal, or of a wish as the trace counts them from 0.
    """
    from exchange.simulation.replaying import told_again  # noqa: PLC0415 - everything
    from exchange.simulation.run import Run  # noqa: PLC0415 - the same

    story = told_again(Run.found(Path(folder)), trade)
    if not shell.as_json:
        _tell(shell, story)
    shell.result(story.to_record(), then=f"guapai -C {folder}/exchange audit")


def _force(shock: Shock) -> str:
    return f"{shock.amount:,} ppm" if shock.blow == "fee" else f"{shock.factor:g}"


def _tell(shell: Shell, story: Story) -> None:
    shell.say(f"wish {story.number}, {story.moment:%Y-%m-%d %H:%M:%S}, by {story.buyer}")
    if story.sights:
        shell.say(
            f"It has {Money(story.money)} left; a product of quality 1 is worth "
            f"{Money(round(story.level))} to it."
        )
        draws = ", ".join(f"{name} {drawn:.6f}" for name, drawn in story.draws.items())
        shell.say(f"draws: {draws}")
        shell.table(
            "What it looked at",
            ["=product", "=kind", "=supplier", ">taste", ">worth", ">asked", "=wanted"],
            [
                (
                    each.product,
                    each.kind,
                    each.supplier,
                    f"{each.taste:.6f}",
                    Money(each.worth),
                    Money(each.asked),
                    "yes" if each.wanted else "",
                )
                for each in story.sights
            ],
        )
    else:
        who = f"the broker {story.broker}" if story.broker else "the ring of its supplier"
        shell.say(f"It did not come by itself: {who} brought it.")
    for case in story.planted:
        ring = f"; its ring is {' and '.join(case.ring)}" if case.ring else ""
        shell.say(
            f"Planted case {case.case}: {case.conduct} by {case.supplier}, strength "
            f"{case.strength:g}, days {case.first_day} to {case.last_day}{ring}."
        )
    if story.shocks:
        shell.table(
            "Shocks in force",
            [">day", "=blow", "=target", ">by"],
            [(f"{each.day}", each.blow, each.target, _force(each)) for each in story.shocks],
        )
    shell.say(
        f"It wants {story.product}, worth {Money(story.worth)} to it, for {Money(story.limit)}"
        " at most."
    )
    if story.offer:
        more = f", {Money(story.base)} to others" if story.base not in {0, story.offer} else ""
        shell.say(f"It is offered {Money(story.offer)}{more}.")
    if story.learner:
        shell.table(
            f"What {story.learner} had learned from: {len(story.answers):,} answers",
            [">wish", "=buyer", ">price", ">worth", "=answer"],
            [
                (f"{each.wish}", each.buyer, Money(each.price), Money(each.worth), each.ending)
                for each in story.answers[-_ANSWERS:]
            ],
        )
    if story.rivals:
        shell.table(
            "Rival bids in the auction",
            [">wish", "=buyer", ">bid", "=ending", ">paid"],
            [
                (f"{each.wish}", each.buyer, Money(each.bid), each.ending, Money(each.amount))
                for each in story.rivals
            ],
        )
    if story.fails:
        shell.say(f"A fault is planted in its way: {story.fails}.")
    told = story.outcome
    shell.say(f"{told['ending']} {told['trade']} {told['rule']}".strip())
    if told["amount"]:
        shell.say(
            f"{Money(told['amount'])} paid: {Money(told['fee'])} fee, "
            f"{Money(told['to_supplier'])} to the supplier, "
            f"{Money(told['to_contributors'])} to contributors"
        )
    shell.table("Its entries", ["=entry"], [(each,) for each in story.entries])
