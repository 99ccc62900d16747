"""What a tariff plan says, in words: lines of a name and a text, in one of two languages.

A tariff of a stranger has no words here: its parameters stand as they are written down.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from exchange.errors import BadField
from exchange.plans import read_plan
from exchange.specsheet import WrittenPlan
from pricing.billing import Billed
from pricing.billing.ladder import Ladder, LadderMode, Rate
from pricing.billing.meter import Trial
from pricing.billing.terms import Term, TermUnit
from pricing.plan import Plan
from pricing.tariffs.package import Package
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.per_record import PerRecord
from pricing.tariffs.subscription import Subscription
from pricing.tariffs.two_part import TwoPart
from pricing.tariffs.usage import Usage

_UNITS: Final = {TermUnit.DAY: "天", TermUnit.MONTH: "个月", TermUnit.YEAR: "年"}
_NAMES: Final = {
    Package: ("次数套餐", "packs"),
    PerCall: ("按次计费", "per call"),
    PerRecord: ("按条计费", "per record"),
    Subscription: ("包期订阅", "subscription"),
    TwoPart: ("两部制（基本费加用量）", "two-part: a fee and usage"),
    Usage: ("按用量计费", "by usage"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One line: what it is about, and what the plan says of it."""

    name: str
    text: str


def plan_words(written: WrittenPlan, language: str) -> tuple[Said, ...]:
    """Say a plan in `zh` or `en`; one that cannot be read stands as it is written."""
    zh = language == "zh"
    try:
        plan = read_plan(written)
    except BadField:
        return (_unread(written, zh=zh),)
    if type(plan.tariff) not in _NAMES:
        return (_unread(written, zh=zh),)
    return tuple(Said(name[0 if zh else 1], text) for name, text in _lines(plan, zh=zh))


def _unread(written: WrittenPlan, *, zh: bool) -> Said:
    text = json.dumps(written.parameters, ensure_ascii=False, sort_keys=True)
    return Said("资费方案" if zh else "Plan", f"{written.tariff} {text}")


def _lines(plan: Plan, *, zh: bool) -> Iterator[tuple[tuple[str, str], str]]:
    tariff = plan.tariff
    yield ("资费方案", "Plan"), _NAMES[type(tariff)][0 if zh else 1]
    for name in ("fee", "period"):
        held = getattr(tariff, name, None)
        if held is not None:
            yield _HEADS[name], _term(held, zh=zh) if isinstance(held, Term) else str(held)
    if isinstance(tariff, Package):
        comma = "；" if zh else "; "
        unit = "次" if zh else " units"
        yield _HEADS["packs"], comma.join(f"{p.units:,}{unit} {p.price}" for p in tariff.packs)
        valid = _term(tariff.validity, zh=zh) if tariff.validity else ("长期" if zh else "for ever")
        yield _HEADS["validity"], valid
        if tariff.overage:
            yield _HEADS["overage"], _rate(tariff.overage, zh=zh)
    ladder = getattr(tariff, "ladder", None)
    if isinstance(ladder, Ladder):
        yield _HEADS["ladder"], _ladder(ladder, zh=zh)
    for name in ("free_units", "period_units", "day_units", "day_calls", "day_max", "period_max"):
        limit = getattr(tariff, name, None)
        if limit:
            yield _HEADS[name], f"{limit:,}" if isinstance(limit, int) else str(limit)
    if getattr(tariff, "billed", Billed.EVERY) is Billed.HITS:
        yield _HEADS["billed"], "查得计费" if zh else "only queries that find something"
    trial = getattr(tariff, "trial", None)
    if isinstance(trial, Trial):
        yield _HEADS["trial"], _trial(trial, zh=zh)


_HEADS: Final = {
    "fee": ("每期费用", "Fee a period"),
    "period": ("计费周期", "Period"),
    "packs": ("套餐", "Packs"),
    "validity": ("有效期", "Valid for"),
    "overage": ("超出套餐", "Beyond the packs"),
    "ladder": ("单价", "Rate"),
    "free_units": ("每期免费用量", "Free units a period"),
    "period_units": ("每期含用量", "Units included a period"),
    "day_units": ("每日含用量", "Units included a day"),
    "day_calls": ("每日计费次数上限", "Calls charged a day at most"),
    "day_max": ("每日上限", "At most a day"),
    "period_max": ("每期上限", "At most a period"),
    "billed": ("计费条件", "Billed"),
    "trial": ("付费前免费试用", "Free before it is charged"),
}


def _term(term: Term, *, zh: bool) -> str:
    return f"{term.count} {_UNITS[term.unit]}" if zh else str(term)


def _rate(rate: Rate, *, zh: bool) -> str:
    if not zh:
        return str(rate)
    return f"{rate.amount} / {f'{rate.per:,} ' if rate.per > 1 else ''}次"


def _ladder(ladder: Ladder, *, zh: bool) -> str:
    if len(ladder.tiers) == 1:
        return _rate(ladder.tiers[0].rate, zh=zh)
    above = "超过 {:,}：{}" if zh else "above {:,}: {}"
    steps = [above.format(tier.above, _rate(tier.rate, zh=zh)) for tier in ladder.tiers]
    words = {
        LadderMode.GRADUATED: ("（逐级累进）", " (each unit by its own step)"),
        LadderMode.VOLUME: ("（按总量定价）", " (all units by the step of their number)"),
    }
    return ("；" if zh else "; ").join(steps) + words[ladder.mode][0 if zh else 1]


def _trial(trial: Trial, *, zh: bool) -> str:
    units = "" if trial.units is None else f"{trial.units:,}{' 次' if zh else ' units'}"
    term = "" if trial.term is None else _term(trial.term, zh=zh)
    return ("，" if zh else ", ").join(part for part in (units, term) if part)
