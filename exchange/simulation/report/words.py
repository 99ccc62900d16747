"""What reports of runs say, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

# key: (Chinese, English); a test finds keys that nothing says.
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "report": ("市场仿真报告", "Report of a simulated market"),
    "compare": ("两次运行的比较", "Two runs compared"),
    "language": ("语言", "Language"),
    "run": ("这次运行", "This run"),
    "market": ("市场", "Market"),
    "seed": ("种子", "Seed"),
    "days": ("天数", "Days"),
    "depth": ("深度", "Depth"),
    "depth.full": ("完整：真实服务与数据库", "full: the real services and a real database"),
    "depth.fast": ("快速：同一套规则，分批执行", "fast: the same rules, in batches"),
    "digest": ("市场文件摘要（SHA-256）", "Digest of the market (SHA-256)"),
    "size": ("链上条目", "Entries of the log"),
    "root": ("链根", "Root of the log"),
    "audit": ("审计", "Audit"),
    "audit.none": ("这次运行没有审计", "none was made of this run"),
    "tables.name": ("表", "Table"),
    "tables.rows": ("行数", "Rows"),
    "tables": ("数据表摘要", "Digests of the tables"),
    "again": ("重现这次运行", "To repeat this run"),
    "again.note": (
        (
            "在本次运行的文件夹里执行，或先把下面的文件另存为 market.toml。"
            "同一市场、同一种子，得到同样的字节；链根可以对照。"
        ),
        (
            "Type it in the folder of this run, or save the file below as market.toml first. The "
            "same market and seed give the same bytes; compare the root of the log."
        ),
    ),
    "again.market": ("市场文件 market.toml", "The market file, market.toml"),
    "again.unknown": (
        "文件夹里没有它的市场，无从重现。",
        "Its market is not in the folder, so it cannot be played again from here.",
    ),
    "sham.note": (
        "成交额含刷单；其余指标不含，因为刷单没有真实易手。",
        "The volume holds sham trades of planted rings; every other figure leaves them out.",
    ),
    "at_a_glance": ("概览", "At a glance"),
    "table": ("数据表", "The numbers"),
    "nothing": ("没有成交", "No trades"),
    "nothing.note": (
        "这次运行没有一笔成交，因此没有价格、成交额与福利可画。先看下面的拒绝与结果：那里说明原因。",
        (
            "Nothing was traded in this run, so there are no prices, volumes or gains to draw. "
            "Refusals and endings below say why."
        ),
    ),
    "empty.wishes": ("没有买方下过意向。", "No buyer wanted anything."),
    "empty.refusals": ("没有任何规则说不。", "No rule said no."),
    "empty.sharing": ("没有与贡献者分成的产品。", "No product shares its proceeds."),
    "unshared": ("有贡献者的产品尚无分成。", "Products with contributors have shared nothing yet."),
    "empty.quality": ("没有上市产品。", "Nothing was listed."),
    "day": ("日", "day"),
    "kind": ("品类", "Kind"),
    "rule": ("规则", "Rule"),
    "count": ("次数", "Count"),
    "share": ("占比", "Share"),
    "every": ("每 {n} 日合计", "every {n} days together"),
    "and_more": (
        "图中为成交额最大的 {n} 条；全部在表中。",
        "The first {n} lines are drawn, of the largest kinds; the table has all.",
    ),
    "volume": ("每日成交额", "Volume by day"),
    "volume.y": ("成交额（{unit}）", "amount ({unit})"),
    "volume.said": (
        "共 {trades} 笔，{amount}；最高的一日为第 {day} 日。",
        "{trades} trades, {amount} in all; the highest day is day {day}.",
    ),
    "volume.real": ("真实成交", "real trades"),
    "volume.sham": ("刷单", "sham trades"),
    "prices": ("分品类价格指数", "Price index by kind"),
    "prices.y": ("指数（首个成交日 = 1）", "index (first day with a sale = 1)"),
    "prices.said": (
        "同一产品相比的价格水平，质量与品种构成的变化不计入。",
        "The price level of the same products over time; a change of what is sold moves nothing.",
    ),
    "prices.with_sham": ("{kind}（含刷单）", "{kind}, with sham trades"),
    "prices.moved": (
        "在两者都有的日子，计入刷单后指数最多偏离 {most}。",
        "On days that have both, the rings' sham trades put the index off by {most} at most.",
    ),
    "match": ("每日匹配率", "Match rate by day"),
    "match.y": ("占比（%）", "share (%)"),
    "match.said": (
        "匹配率：成交数除以到场买方数；成功率：成交数除以意向数。",
        "Match rate: trades by buyers who came; success: trades by what was wanted.",
    ),
    "match_rate": ("匹配率", "Match rate"),
    "success": ("意向成功率", "Success of wishes"),
    "welfare": ("福利及其分配", "Welfare and its split"),
    "welfare.said": (
        "成交为各方带来的价值合计 {gains}，占全部可能价值的 {efficiency}。",
        "Trades were worth {gains} in all, {efficiency} of what was possible.",
    ),
    "gains": ("福利合计", "Gains from trade"),
    "efficiency": ("实现的福利占比", "Efficiency"),
    "w.buyers": ("买方所得", "Gains of buyers"),
    "w.suppliers": ("供方所得", "Gains of suppliers"),
    "w.exchange": ("交易所所得（费用）", "Gains of the exchange (fees)"),
    "w.contributors": ("贡献者所得", "Gains of contributors"),
    "w.missed": ("错失的福利", "Gains missed"),
    "hhi": ("供方集中度（HHI）", "Concentration of suppliers (HHI)"),
    "hhi.said": (
        "分品类，0 至 10,000；竖线：美国司法部以 1,000 以上为中度、1,800 以上为高度集中。",
        (
            "By kind, 0 to 10,000; lines at 1,000 and 1,800, from where the US Department of "
            "Justice speaks of moderate and of high concentration."
        ),
    ),
    "lorenz": ("洛伦兹曲线", "Lorenz curves"),
    "lorenz.x": ("人数占比，由低到高（%）", "share of participants, lowest first (%)"),
    "lorenz.y": ("金额占比（%）", "share of the amount (%)"),
    "lorenz.said": (
        "基尼系数：供方销售 {suppliers}，买方支出 {buyers}；0 为完全平均。",
        "Gini: suppliers' sales {suppliers}, buyers' spending {buyers}; 0 is all alike.",
    ),
    "lorenz.suppliers": ("供方销售额", "suppliers' sales"),
    "lorenz.buyers": ("买方支出", "buyers' spending"),
    "lorenz.equal": ("完全平均", "all alike"),
    "suppliers_gini": ("供方销售基尼系数", "Gini of suppliers' sales"),
    "buyers_gini": ("买方支出基尼系数", "Gini of buyers' spending"),
    "refusals": ("各规则的拒绝", "Refusals by rule"),
    "refusals.said": (
        "登记关口拒绝的产品与交易中拒绝的意向，按规则计。",
        "Products that the gate refused and wishes that a trade's rules refused, by rule.",
    ),
    "gate": ("登记关口", "at the gate"),
    "trade": ("交易", "in a trade"),
    "where": ("何处", "Where"),
    "endings": ("意向的结果", "What became of wishes"),
    "endings.said": ("共 {n} 个意向。", "{n} wishes in all."),
    "e.executed": ("成交", "traded"),
    "e.declined": ("价高放弃", "declined: the price was too high"),
    "e.refused": ("规则拒绝", "refused by a rule"),
    "e.short": ("资金不足", "short of money"),
    "e.lapsed": ("订单失效", "ordered, and lapsed"),
    "e.cancelled": ("未交付，退款", "not delivered, paid back"),
    "e.filed": ("场外交易备案", "filed as a deal"),
    "first_sale": ("首次成交时间", "Time to first sale"),
    "first_sale.x": ("上市后天数", "days from listing"),
    "first_sale.y": ("尚未成交的产品（%）", "products without a sale (%)"),
    "first_sale.said": (
        "上市 {listed} 个产品，{sold} 个有成交；中位数 {median}（Kaplan–Meier，未成交者计入）。",
        (
            "{listed} products listed, {sold} sold; median {median} (Kaplan–Meier: those never "
            "sold count too)."
        ),
    ),
    "median_first_sale": ("首次成交中位数", "Median time to first sale"),
    "never_sold": ("从未成交的产品", "Products never sold"),
    "listed": ("上市产品", "Products listed"),
    "quality": ("质量的变化", "Quality over time"),
    "quality.y": ("质量（0–1）", "quality (0 to 1)"),
    "quality.said": (
        "上市产品的平均质量与当日成交产品的平均质量。",
        "Mean quality of what stood listed, and of what was traded that day.",
    ),
    "quality.listed": ("在架", "listed"),
    "quality.traded": ("成交", "traded"),
    "sharing": ("分成的公平性", "Fairness of sharing"),
    "sharing.said": (
        "{products} 个产品与 {contributors} 位贡献者分享 {shared}；与申报份额错配 {misplaced}。",
        (
            "{products} products shared {shared} with {contributors} contributors; {misplaced} "
            "would have to change hands to match the declared shares."
        ),
    ),
    "kinds": ("分品类指标", "Measures by kind"),
    "trades": ("成交笔数", "Trades"),
    "amount": ("成交额", "Amount"),
    "fees": ("交易所费用", "Fees"),
    "index_last": ("期末价格指数", "Price index at the end"),
    "quality_traded": ("成交质量", "Quality traded"),
    "sham_trades": ("刷单笔数", "Sham trades"),
    "sham_amount": ("刷单成交额", "Amount of sham trades"),
    "sham_fees": ("刷单所付费用", "Fees of sham trades"),
    "index_moved": ("刷单使价格指数至多偏离", "Price index off by sham trades, at most"),
    "filed_share": ("备案交易占成交额", "Filed deals, of the amount"),
    "shared": ("贡献者分得", "Shared with contributors"),
    "misplaced_share": ("与申报份额错配的占比", "Misplaced against declared shares"),
    "worst_share": ("贡献者最低所得占应得", "Least of its due that a contributor got"),
    "arrivals": ("到场买方", "Buyers who came"),
    "wishes": ("意向", "Wishes"),
    "alerts": ("监测预警", "Surveillance alerts"),
    "alerts.said": (
        "共 {n} 条，列出 {shown} 条。预警只说何处值得一看，不是认定。",
        "{n} in all, {shown} listed. An alert says where somebody should look; it decides nothing.",
    ),
    "empty.alerts": ("没有预警。", "No alerts."),
    "alert": ("预警", "Alert"),
    "seen": ("所见", "What was seen"),
    "when": ("何时", "When"),
    "when.day": ("第 {days} 日", "day {days}"),
    "evidence": ("证据（成交）", "Evidence (trades)"),
    "evidence.more": ("{trades}\n… 共 {n} 笔", "{trades}\n… {n} in all"),
    "held": ("与埋设的事实对照", "Held against what was planted"),
    "held.said": (
        "查准率：属实的预警占比；查全率：被发现的埋设占比。",
        (
            "Precision: the share of alerts that are right; recall: the share of what was planted "
            "that was found."
        ),
    ),
    "sightings": ("最早何日可见", "When it could first be seen"),
    "sightings.said": (
        "每日收市后，以当日为止的全部记录再作监测；首次得到属实预警之日。",
        (
            "Surveillance of everything so far, at the end of every day: the first day on which "
            "it raises a right alert."
        ),
    ),
    "sightings.suppliers": ("供方", "Suppliers"),
    "sightings.seen": ("首次可见", "First seen"),
    "sightings.delay": ("历时", "After"),
    "conduct": ("行为", "Conduct"),
    "conduct.wash": ("对敲刷量", "wash trades"),
    "conduct.discrimination": ("杀熟", "price discrimination"),
    "conduct.exclusivity": ("二选一", "forced exclusivity"),
    "planted": ("埋设", "Planted"),
    "found": ("被发现", "Found"),
    "raised": ("预警数", "Alerts"),
    "right": ("属实", "Right"),
    "precision": ("查准率", "Precision"),
    "recall": ("查全率", "Recall"),
    "none": ("—", "–"),
    "unit.points": ("{n} 个百分点", "{n} pp"),
    "unit.day": ("{n} 日", "{n} day"),
    "unit.days": ("{n} 日", "{n} days"),
    "unit.money": ("{n} 元", "{n} CNY"),
    "scale.1": ("元", "CNY"),
    "scale.4": ("万元", "ten thousand CNY"),
    "scale.8": ("亿元", "hundred million CNY"),
    "scale.3": ("千元", "CNY thousand"),
    "scale.6": ("百万元", "CNY million"),
    "scale.9": ("十亿元", "CNY billion"),
    "measure": ("指标", "Measure"),
    "difference": ("差", "Difference"),
    "measures": ("指标并列", "Measures side by side"),
    "no_difference": ("相同", "the same"),
    "hardly": ("不及末位", "below the last digit"),
    "whole": ("全市场", "the whole market"),
    "fields": ("市场文件的差异", "What differs between the markets"),
    "field": ("字段", "Field"),
    "fields.same": ("两次运行是同一市场。", "Both runs are of the same market."),
    "fields.unknown": (
        "两个市场不同；运行文件夹里没有市场文件，无法列出字段。",
        "The markets differ; a folder without its market cannot say where.",
    ),
    "missing": ("（无）", "(absent)"),
    "verdict": ("结论", "In short"),
    "verdict.same": (
        "同一市场、同一种子，链根一致：逐字节相同。",
        "The same market under the same seed, and the roots agree: every byte is the same.",
    ),
    "verdict.broken": (
        "同一市场、同一种子，链根却不一致：其中一次运行不可重现。",
        (
            "The same market under the same seed, and yet the roots differ: one of the runs does "
            "not repeat."
        ),
    ),
    "verdict.seeds": (
        "同一市场，不同种子：差异只来自机遇。",
        "The same market under different seeds: chance alone makes the difference.",
    ),
    "verdict.markets": (
        "市场不同，种子相同：差异来自下列字段。",
        "Different markets under the same seed: the fields below make the difference.",
    ),
    "verdict.both": (
        "市场与种子都不同：差异来自字段，也来自机遇。",
        "Different markets and different seeds: fields and chance both make the difference.",
    ),
    "verdict.length": (
        "同一市场、同一种子，天数或深度不同。",
        "The same market under the same seed, over other days or at another depth.",
    ),
}


def said(key: str, language: Language, **facts: object) -> str:
    """Return the words of a key in a language, with the facts in their places."""
    return WORDS[key][LANGUAGES.index(language)].format(**facts)
