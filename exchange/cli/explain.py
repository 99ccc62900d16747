"""The command that says why a product lists, or does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from exchange.cli import main
from exchange.cli.products import review_record
from exchange.cli.shell import Shell, command
from exchange.comparison import Difference, differences
from exchange.compliance import Outcome
from exchange.formats.chinese import JUDGED, KINDS, LANGUAGES, said_in, told_in
from exchange.ports import UnitOfWork
from exchange.quality import QualityReport
from exchange.records import to_record
from exchange.services.explain_listing import Obstacle, Reason, explain_product, obstacles
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from ledger.entries import Entry

# What the tables say in Chinese.
_CHINESE: Final[Mapping[str, str]] = {
    **JUDGED,
    "What no rule is asked about": "规则之外的障碍",
    "What is not clear": "不符合的规则",
    "What is kept": "符合的规则",
    "Declared and measured differ": "声明与测量不符",
    "Quality measured: {}": "测得质量：{}",
    "obstacle": "障碍",
    "looked at": "所依据的存证",
    "rule": "规则",
    "severity": "处置",
    "outcome": "结果",
    "finding": "结论",
    "basis": "法律依据",
    "what unlocks it": "如何解除",
    "statement": "规则内容",
    "why": "理由",
    "field": "字段",
    "declared": "声明",
    "measured": "测得",
    "dimension": "维度",
    "ratio": "比率",
    "what was counted": "如何计数",
    "{} by {} ({})": "{}，{}（{}）",
    "entry {}": "存证 {}",
    "{} of {} {}": "{} / {}，{}",
    "no rule can be asked before there is a spec sheet": "有产品说明书之前无规则可判定",
    "{} rules apply today, and {} in the way of listing": "今日适用 {} 条规则，{}妨碍挂牌",
    "nothing stands": "没有什么",
    "{} stand": "有 {} 项",
    "{} stands": "有 {} 项",
}


@command(main, "explain")
@click.argument("number")
@click.option("--all", "everything", is_flag=True, help="Also the rules that are kept.")
@click.option("--lang", default="en", show_default=True, type=click.Choice(LANGUAGES))
def explain_command(shell: Shell, number: str, everything: bool, lang: str) -> None:
    """Say what the gate finds of product NUMBER today, rule by rule; changes nothing."""
    teller = _Teller(shell, lang)
    chinese = shell.floor.pack.chinese
    with shell.floor.read() as work:
        product = work.products.get(number)
        if product.sheet is None:
            found = obstacles(product, work=work, floor=shell.floor)
            teller.tell_without_sheet([_standing(each, work, lang) for each in found])
            return
        off = differences(sheet_of(product, work), profile_of(product, work))
        explained = explain_product(product, work=work, floor=shell.floor)
        reasons = [_record(reason, work, lang, chinese) for reason in explained.reasons]
        standing = [_standing(each, work, lang) for each in explained.obstacles]
    review, quality = explained.review, explained.quality
    if shell.as_json:
        shell.result(
            {
                "review": review_record(review),
                "quality": to_record(quality),
                "score": str(quality.score),
                "differences": [to_record(each) for each in off],
                "rules": reasons,
                "obstacles": standing,
            }
        )
        return
    teller.tell_quality(quality)
    teller.tell_differences(off)
    teller.tell_rules(reasons, everything=everything)
    teller.tell_obstacles(standing)
    stopping = len(review.blocking) + len(standing)
    left = teller.say("{} stands" if stopping == 1 else "{} stand", stopping)
    if explained.passed:
        left = teller.say("nothing stands")
    ending = "{} rules apply today, and {} in the way of listing"
    shell.say(teller.say(ending, len(review.rules_applied), left))


class _Teller:
    """Prints what the gate says in one language."""

    def __init__(self, shell: Shell, lang: str) -> None:
        self._shell = shell
        self._lang = lang
        self._chinese = lang == "zh"

    def say(self, words: str, *told: object) -> str:
        return (_CHINESE[words] if self._chinese else words).format(*told)

    def tell_without_sheet(self, standing: list[dict[str, Any]]) -> None:
        """Say what stands in the way of a product that no rule can be asked about."""
        if self._shell.as_json:
            none: dict[str, Any] = {"review": None, "quality": None, "score": None}
            none |= {"differences": [], "rules": [], "obstacles": standing}
            self._shell.result(none)
            return
        self.tell_obstacles(standing)
        self._shell.say(self.say("no rule can be asked before there is a spec sheet"))

    def tell_quality(self, quality: QualityReport) -> None:
        """Say what was counted of each dimension."""
        rows = []
        for each in quality.measured:
            name, how = (said_in(self._lang, text) for text in (each.name, each.how))
            counted = f"{each.numerator:,}", f"{each.denominator:,}"
            rows.append((name, f"{each.ratio:f}", self.say("{} of {} {}", *counted, how)))
        title = self.say("Quality measured: {}", quality.score)
        self._table(title, ["dimension", ">ratio", "what was counted"], rows)

    def tell_differences(self, off: Sequence[Difference]) -> None:
        """Say where the sheet says otherwise than what was measured."""
        if off:
            rows = [(each.field, each.declared, each.measured) for each in off]
            title = self.say("Declared and measured differ")
            self._table(title, ["field", "declared", "measured"], rows)

    def tell_obstacles(self, standing: list[dict[str, Any]]) -> None:
        """Say what stands in the way that no rule is asked about."""
        if standing:
            rows = [(each["words"], each["unlock"], self._looked_at(each)) for each in standing]
            title = self.say("What no rule is asked about")
            self._table(title, ["=obstacle", "what unlocks it", "looked at"], rows)

    def tell_rules(self, reasons: list[dict[str, Any]], *, everything: bool) -> None:
        """Say what is not clear and what would help; with `everything` also what is kept."""
        kept = [each for each in reasons if each["outcome"] == Outcome.CLEAR]
        open_ones = [each for each in reasons if each["outcome"] != Outcome.CLEAR]
        if open_ones:
            names = ["=rule", "=severity", "=outcome", "statement", "finding", "basis"]
            shown = ["statement", "message", "basis", "unlock"]
            rows = [
                (
                    each["rule"],
                    self.say(each["severity"]),
                    self.say(each["outcome"]),
                    *(each[name] for name in shown),
                    self._looked_at(each),
                )
                for each in open_ones
            ]
            self._table(
                self.say("What is not clear"), [*names, "what unlocks it", "looked at"], rows
            )
        if everything and kept:
            shown = ["rule", "statement", "basis", "message"]
            rows = [(*(each[name] for name in shown), self._looked_at(each)) for each in kept]
            names = ["=rule", "statement", "basis", "why", "looked at"]
            self._table(self.say("What is kept"), names, rows)

    def _table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        names = [name.lstrip("=>") for name in columns]
        heads = [
            column.removesuffix(name) + self.say(name)
            for column, name in zip(columns, names, strict=True)
        ]
        self._shell.table(title, heads, rows)

    def _looked_at(self, each: dict[str, Any]) -> str:
        return "; ".join(
            self.say(
                "{} by {} ({})",
                KINDS.get(entry["kind"], entry["kind"]) if self._chinese else entry["kind"],
                entry["signer"],
                self._place(entry),
            )
            for entry in each["entries"]
        )

    def _place(self, entry: dict[str, Any]) -> str:
        leaf: str = entry["leaf"]
        return leaf[:8] if entry["index"] is None else self.say("entry {}", entry["index"])


def _record(reason: Reason, work: UnitOfWork, lang: str, more: Mapping[str, str]) -> dict[str, Any]:
    return told_in(
        lang,
        to_record(reason.explained.finding)
        | {
            "statement": reason.explained.statement,
            "evidence_wanted": reason.explained.evidence_wanted,
            "entries": [_entry(entry, work) for entry in reason.evidence],
        },
        more,
    )


def _standing(obstacle: Obstacle, work: UnitOfWork, lang: str) -> dict[str, Any]:
    found = (obstacle.entry,) if obstacle.entry else ()
    entries = [_entry(entry, work) for entry in found]
    told = {"words": obstacle.words, "unlock": obstacle.unlock, "entries": entries}
    return told_in(lang, told)


def _entry(entry: Entry, work: UnitOfWork) -> dict[str, Any]:
    signer = work.participants.find(entry.actor)
    return {
        "index": entry.place,
        "leaf": entry.leaf.hex(),
        "kind": entry.kind,
        "signer": signer.handle if signer else entry.actor,
    }
