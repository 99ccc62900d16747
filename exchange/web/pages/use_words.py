"""Words of the pages about uses and demand, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

USES: Final[Mapping[str, tuple[str, str]]] = {
    "demands": ("需求大厅", "Demand"),
    "demands.answers": ("应答", "Answers"),
    "demands.buyer": ("需方", "Buyer"),
    "demands.empty": (
        "目前没有公开的需求。需方可发布所需：guapai demand post。",
        "Nobody is looking for anything at the moment. A buyer posts a demand: guapai demand post.",
    ),
    "demands.fields": ("期望字段", "Fields wanted"),
    "demands.keywords": ("关键词", "Keywords"),
    "demands.nearest": ("最接近的挂牌产品", "Listed products that come nearest"),
    "demands.note": (
        "需方发布所需数据，供方以挂牌产品应答，或承诺期限内备妥。",
        "Buyers post what they look for; suppliers answer with a listed product, or promise one.",
    ),
    "demands.offered": ("提供", "Offered"),
    "demands.open": ("可应答", "open"),
    "demands.over": ("已结束", "over"),
    "demands.promise": ("承诺备妥于", "promised by"),
    "demands.title": ("需求", "Demand"),
    "demands.unanswered": (
        "尚无应答。供方应答：guapai demand answer。",
        "No answer yet. A supplier answers: guapai demand answer.",
    ),
    "demands.words": ("说明", "Words"),
    "fit": ("按场景找产品", "Products for a use"),
    "fit.find": ("查找", "Find"),
    "fit.found": ("结果", "Found"),
    "fit.note": (
        "说明用途、地域、期限与预算，看哪些挂牌产品允许，以及其余的障碍。",
        "Say the use, its region, its term and a budget, and see which listed products allow it.",
    ),
    "fit.wrong": ("填写有误", "Not understood"),
    "match.budget": ("预算（元）", "Budget (CNY)"),
    "match.fits": ("符合", "fits"),
    "match.none": (
        "没有挂牌产品。可发布需求，由供方应答：guapai demand post。",
        "Nothing is listed. Post a demand that suppliers answer: guapai demand post.",
    ),
    "match.note": (
        "满分1000：用途200、地域100、行业100、文字500、预算100；文字按相邻两字计，罕见者更重。",
        "Of 1,000: purpose 200, region, sector, budget 100 each, words 500; rare words weigh more.",
    ),
    "match.onward_transfer": ("转移", "Passing on"),
    "match.points": ("分数", "Points"),
    "match.public_release": ("公开", "Publishing"),
    "match.purpose": ("用途", "Purpose"),
    "match.recipients": ("接收方", "Recipients"),
    "match.region": ("地域", "Region"),
    "match.regions": ("地域", "Regions"),
    "match.sector": ("行业", "Sector"),
    "match.term_days": ("期限（天）", "Term (days)"),
    "match.way": ("障碍", "In the way"),
    "match.why": ("理由", "Why"),
    "match.words": ("文字", "Words"),
    "uses": ("已批准的使用场景", "Uses that were approved"),
    "uses.example": ("可参照的场景", "Example"),
    "uses.last": ("最近", "Last"),
    "uses.limits": ("限制", "Limits"),
    "uses.met": ("可满足的需求", "Demands that it meets"),
    "uses.met.none": ("目前没有。", "None at the moment."),
    "uses.none": (
        "尚未批准任何场景。可提出第一个：guapai scenario file。",
        "Nothing was approved yet. File the first use: guapai scenario file.",
    ),
    "uses.note": (
        "不列出需方名称；可参照其中一项填报（guapai scenario file --like）。",
        "No buyer is named; a filing may begin from one of them (guapai scenario file --like).",
    ),
    "uses.times": ("次数", "Times"),
}
