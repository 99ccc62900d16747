"""What the page of settlement cycles says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "cycles": ("清算周期", "Settlement cycles"),
    "cycles.note": (
        "到期债务按日多边净额清算：每方每种货币只收付一笔；一经完成即为最终结果。此处只列总额，各方自行查阅本方记录。",
        (
            "What is owed by a day is netted over all parties: each pays or receives one amount a "
            "currency, and that is final. Totals alone stand here; each party reads its own."
        ),
    ),
    "cycles.none": (
        "尚无清算周期。交易所每日关闭一个：guapai cycle close。",
        "No cycle was closed yet. The exchange closes one a day: guapai cycle close.",
    ),
    "cycles.day": ("日期", "Day"),
    "cycles.obligations": ("债务笔数", "Obligations"),
    "cycles.parties": ("参与方数", "Parties"),
    "cycles.defaults": ("违约方数", "In default"),
    "cycles.gross": ("债务总额", "Gross"),
    "cycles.net": ("应付净额", "Net to pay"),
    "cycles.paid": ("已付", "Paid"),
    "cycles.used": ("动用担保基金", "Guarantee used"),
    "cycles.carried": ("结转下期", "Carried"),
    "guarantee": ("担保基金", "Guarantee fund"),
    "guarantee.note": (
        "违约损失依次由违约方自有资金、其担保份额、其他成员份额承担，余额按比例结转为债权。",
        (
            "What a debtor lacks is borne by its own money, its part of the fund, the parts of the "
            "others, and what is left stays a claim, pro rata."
        ),
    ),
    "guarantee.total": ("总额", "In all"),
    "guarantee.members": ("成员数", "Members"),
    "guarantee.empty": (
        "担保基金为空。成员缴纳：guapai guarantee add。",
        "The fund is empty. Members pay in: guapai guarantee add.",
    ),
    "deals": ("场外备案交易", "Deals off the exchange"),
    "deals.note": (
        "双方在场外达成、在本所备案并由双方签名的交易。",
        "Made elsewhere by two members, filed here, and signed by both.",
    ),
    "deals.count": ("笔数", "Deals"),
    "deals.amount": ("金额", "Amount"),
    "deals.cleared": ("其中在本所清算", "Of these cleared here"),
    "popularity.deals": ("场外备案交易", "Deals off the exchange"),
    "deals.none": (
        "尚无备案交易。任一方可备案：guapai deal file。",
        "None was filed yet. Either party files one: guapai deal file.",
    ),
}
