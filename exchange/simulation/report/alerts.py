"""The part of a report about market surveillance: alerts, and how they stand against the truth."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from exchange.simulation.measures.scoring import detections, planted_cases, tape_of
from exchange.simulation.report.headline import Unit
from exchange.simulation.report.page import Cell, section, table, title, words
from exchange.simulation.report.telling import Telling
from exchange.surveillance import Alert, watch
from exchange.surveillance.tape import DAY
from exchange.surveillance.wording import title_of, words_of

SHOWN: Final = 30  # alerts of one report
EVIDENCE: Final = 3  # trades named with each


def alerts(told: Telling) -> str:
    """Say what surveillance saw, with the trades that show it, and how right it was."""
    trace = told.run.trace
    name = told.say("alerts")
    found = watch(tape_of(trace))
    scored = [each for each in detections(found, planted_cases(trace)) if each.alerts or each.cases]
    if not found and not scored:
        return section(name, words(told.say("empty.alerts"), "quiet"), full=True)
    handles = dict(
        zip(
            trace["participants"]["participant"].tolist(),
            trace["participants"]["handle"].tolist(),
            strict=True,
        )
    )
    raised = table(
        [told.say("alert"), told.say("seen"), told.say("when"), told.say("evidence")],
        [_row(told, each, handles) for each in found[:SHOWN]],
        label=name,
    )
    held = table(
        [
            told.say("conduct"),
            *(f">{told.say(each)}" for each in ("planted", "found", "raised", "right")),
            *(f">{told.say(each)}" for each in ("precision", "recall")),
        ],
        [
            (
                told.say(f"conduct.{each.conduct}"),
                *(f"{count:,}" for count in (each.cases, each.found, each.alerts, each.true)),
                told.shown(each.precision, Unit.SHARE),
                told.shown(each.recall, Unit.SHARE),
            )
            for each in scored
        ],
        label=told.say("held"),
    )
    said = told.say("alerts.said", n=f"{len(found):,}", shown=min(len(found), SHOWN))
    parts = [words(said, "quiet"), raised] if found else [words(told.say("empty.alerts"), "quiet")]
    if scored:
        parts += [title(told.say("held"), 3), words(told.say("held.said"), "quiet"), held]
    if told.measures.sightings:
        seen = _sightings(told, handles)
        parts += [title(told.say("sightings"), 3), words(told.say("sightings.said"), "quiet"), seen]
    return section(name, *parts, full=True)


def _sightings(told: Telling, handles: dict[str, str]) -> str:
    """Say on which day each planted case could first be seen."""
    return table(
        [
            told.say("conduct"),
            told.say("sightings.suppliers"),
            told.say("planted"),
            *(f">{told.say(each)}" for each in ("sightings.seen", "sightings.delay")),
        ],
        [
            (
                told.say(f"conduct.{each.conduct}"),
                ("\n".join(handles.get(one, one) for one in each.suppliers), "lines"),
                told.say("when.day", days=f"{each.first_day}–{each.last_day}"),
                told.say("none" if each.seen is None else "when.day", days=each.seen),
                told.shown(each.delay, Unit.DAYS),
            )
            for each in told.measures.sightings
        ],
        label=told.say("sightings"),
    )


def _row(told: Telling, alert: Alert, handles: dict[str, str]) -> tuple[Cell, ...]:
    def named(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(handles.get(each, each) for each in ids)

    known = replace(alert, suppliers=named(alert.suppliers), buyers=named(alert.buyers))
    trades = "\n".join(alert.trades[:EVIDENCE])
    if alert.count > EVIDENCE:
        trades = told.say("evidence.more", trades=trades, n=f"{alert.count:,}")
    days = sorted({alert.first // DAY, alert.last // DAY})
    when = told.say("when.day", days="–".join(f"{day}" for day in days))
    return title_of(alert, told.language), words_of(known, told.language), when, (trades, "lines")
