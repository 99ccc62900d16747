"""Alerts in words, Chinese and English: what was seen, never what it was."""

from __future__ import annotations

from typing import Final

from exchange.surveillance.alerts import Alert

LANGUAGES: Final = ("zh", "en")

_TITLES: Final = {
    ("wash", "ring"): ("疑似对敲:关联买家", "Possible wash trades: a ring of buyers"),
    ("wash", "circle"): ("疑似对敲:资金回流", "Possible wash trades: money that comes back"),
    ("discrimination", "loyalty"): ("疑似杀熟", "Possible price discrimination by loyalty"),
    ("exclusivity", "bound"): ("疑似二选一", "Possible forced exclusivity"),
    ("concentration", "kind"): ("市场集中", "A concentrated market"),
}

_WORDS: Final = {
    "ring": (
        (
            "{buyers} 个买家 {captive:.0%} 的交易只与 {supplier} 进行,"
            "占其成交的 {share_of_supplier:.0%};"
            "其中 {needless:.0%} 是在原有使用权仍有效时重复购买同一产品(市场通常为 {usual:.0%})。"
        ),
        (
            "{buyers} buyers made {captive:.0%} of their trades with {supplier}, "
            "{share_of_supplier:.0%} of all it sold; "
            "{needless:.0%} of these bought a right that the buyer held already "
            "(usual: {usual:.0%})."
        ),
    ),
    "circle": (
        (
            "{suppliers} 之间互相买卖 {count} 笔,合计 {money};"
            "各方净额不超过平均付款的 {imbalance:.1%}。"
        ),
        (
            "{suppliers} traded {count} times among themselves, {money} in all; nobody's net "
            "position is beyond {imbalance:.1%} of what each paid."
        ),
    ),
    "loyalty": (
        (
            "{supplier} 对曾购买过的买家,同一产品、同等条件、同一时期的报价平均高 {effect:.1%}"
            "({offers} 次报价;偶然出现的概率约 {odds:.2g})。"
        ),
        (
            "{supplier} offered buyers who had bought from it before {effect:.1%} more for the "
            "same product, rights and time ({offers} offers; chance alone: about {odds:.2g})."
        ),
    ),
    "bound": (
        (
            "自该日起,{supplier} 的 {watched} 个有多家购买习惯的买家中"
            "有 {stopped} 个不再向任何竞争者购买"
            "(按其他供方买家的习惯应约 {expected:.1f} 个;偶然概率约 {odds:.2g})。"
        ),
        (
            "From that day, {stopped} of {watched} buyers of {supplier} who had bought from rivals "
            "bought from it alone (habits of others' buyers: about {expected:.1f}; "
            "chance alone: about {odds:.2g})."
        ),
    ),
    "kind": (
        (
            "{kinds} 的 HHI 为 {index:,.0f}(高于 1,800);"
            "{supplier} 占 {share:.0%},共 {sellers} 个供方。"
        ),
        (
            "The HHI of {kinds} is {index:,.0f} (above 1,800); {supplier} has {share:.0%}, of "
            "{sellers} suppliers."
        ),
    ),
}


def title_of(alert: Alert, language: str) -> str:
    """Return what kind of alert it is."""
    return _TITLES[str(alert.pattern), alert.way][LANGUAGES.index(language)]


def words_of(alert: Alert, language: str) -> str:
    """Return what was seen, in a sentence."""
    facts = dict(alert.facts)
    facts["sellers"] = facts.pop("suppliers", 0)
    between = "、" if language == "zh" else ", "
    return _WORDS[alert.way][LANGUAGES.index(language)].format(
        **facts,
        supplier=alert.suppliers[0],
        suppliers=between.join((*alert.suppliers, *alert.buyers)),
        buyers=len(alert.buyers),
        kinds=between.join(alert.kinds),
        count=alert.count,
        money=f"{facts.get('amount', 0) / 100:,.2f}",
    )
