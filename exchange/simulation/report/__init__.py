"""The report of a run: one HTML file that tells what happened, in Chinese, English or both.

Made of the trace and its measures alone, and the market's own words where they are at hand, so
the same run gives the same bytes.  Every chart has its numbers in a table behind it; what a run
had nothing of says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exchange.simulation.market.writing import written
from exchange.simulation.measures import measure
from exchange.simulation.report.alerts import alerts
from exchange.simulation.report.days import match, prices, quality, volume
from exchange.simulation.report.headline import FIGURES
from exchange.simulation.report.page import (
    command,
    facts,
    folded,
    grid,
    note,
    page,
    pairs,
    section,
    table,
    title,
    words,
)
from exchange.simulation.report.telling import Telling
from exchange.simulation.report.totals import (
    concentration,
    endings,
    first_sale,
    kinds,
    lorenz,
    refusals,
    sharing,
    welfare,
)
from exchange.simulation.report.words import LANGUAGES, Language
from exchange.simulation.run_folder import Played, repeating
from exchange.simulation.trace import TABLES
from exchange.simulation.trace_files import contents_digest


def write_report(run: Played, languages: Sequence[Language] = LANGUAGES) -> bytes:
    """Return the report of a run as HTML, the first language shown at first; texts are escaped."""
    measures = measure(run.trace)
    tellings = {language: Telling(run, measures, language) for language in languages}
    return page(
        {language: _title(told) for language, told in tellings.items()},
        {language: _told(told) for language, told in tellings.items()},
    )


def _told(told: Telling) -> Iterator[str]:
    """Yield the parts of a report in their order."""
    yield title(_title(told))
    if told.run.market:
        yield words(told.run.market.about[told.language])
    traded = told.measures.total.trades > 0
    if not traded:
        yield note(told.say("nothing"), told.say("nothing.note"))
    charts = (volume, prices, welfare, match, lorenz, concentration, quality) if traded else ()
    always = (first_sale, endings, refusals, sharing)
    yield grid(_glance(told), *(part(told) for part in (*charts, *always)))
    yield grid(alerts(told), *([kinds(told)] if told.largest else []), _facts(told))


def _title(told: Telling) -> str:
    return f"{told.market_title()} · {told.say('report')}"


def _glance(told: Telling) -> str:
    items = [
        (told.say(each.key), told.shown(each.of(told.measures), each.unit)) for each in FIGURES
    ]
    sham = told.measures.total.sham_trades > 0
    note = words(told.say("sham.note"), "quiet") if sham else ""
    return section(told.say("at_a_glance"), facts(items), note, full=True)


def _facts(told: Telling) -> str:
    trace = told.run.trace
    depth = told.say(f"depth.{trace.depth}") if trace.depth in {"full", "fast"} else trace.depth
    digests = [
        (
            name,
            f"{len(next(iter(trace[name].values()))):,}",
            (contents_digest(name, trace[name]), "mono"),
        )
        for name in TABLES
    ]
    rows = pairs(
        [
            (told.say("market"), told.market_title()),
            (told.say("seed"), f"{trace.seed}"),
            (told.say("days"), f"{trace.days:,}"),
            (told.say("depth"), depth),
            (told.say("digest"), (trace.digest, "mono")),
            (told.say("size"), f"{trace.size:,}"),
            (told.say("root"), (trace.root, "mono")),
            (told.say("audit"), trace.audit or told.say("audit.none")),
        ]
    )
    return section(
        told.say("run"),
        rows,
        table(
            [told.say("tables.name"), f">{told.say('tables.rows')}", "SHA-256"],
            digests,
            title=told.say("tables"),
        ),
        title(told.say("again"), 3),
        *_again(told),
        full=True,
    )


def _again(told: Telling) -> Iterator[str]:
    """Yield how the run is played again, with the file that it takes where the market is known."""
    if told.run.market is None:
        yield words(told.say("again.unknown"), "quiet")
        return
    yield command(repeating(told.run.trace))
    yield words(told.say("again.note"), "quiet")
    yield folded(told.say("again.market"), written(told.run.market))
