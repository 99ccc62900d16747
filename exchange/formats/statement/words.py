"""The words of a statement, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("对账单", "Statement of account"),
    "party": ("户名", "Account of"),
    "account": ("账户", "Account"),
    "period": ("期间（UTC）", "Period (UTC)"),
    "currency": ("币种", "Currency"),
    "opening": ("期初余额", "Opening balance"),
    "came_in": ("收入合计", "Came in"),
    "went_out": ("支出合计", "Went out"),
    "closing": ("期末余额", "Closing balance"),
    "pending": ("其中待处理", "Of which pending"),
    "time": ("时间", "Time"),
    "what": ("摘要", "What"),
    "kind": ("存证类型", "Kind of entry"),
    "counterpart": ("对方", "With"),
    "entry": ("存证序号", "Entry"),
    "leaf": ("存证叶哈希", "Leaf hash"),
    "amount": ("发生额", "Amount"),
    "balance": ("余额", "Balance"),
    "none": ("本期无发生额。", "Nothing moved this account in the period."),
    "log": ("日志", "Log"),
    "basis": ("截至", "As of"),
    "entries": ("共 {} 条存证", "{} entries of the log"),
    "footnote": (
        "本对账单由账簿与存证链逐笔核对后出具：余额可由日志中的存证独立重算。",
        (
            "Issued after books and chain were compared entry by entry: every balance can be "
            "computed again from the entries of the log alone."
        ),
    ),
    "page": ("第 {} 页，共 {} 页", "Page {} of {}"),
    "waiting": ("待定", "waits"),
}
COUNTERPARTS: Final[Mapping[str, tuple[str, str]]] = {
    "bank": ("银行", "bank"),
    "escrow": ("托管", "escrow"),
    "participant": ("参与方", "participant"),
    "exchange": ("交易所", "exchange"),
}
KINDS: Final[Mapping[str, str]] = {
    "account.deposited": "入金",
    "account.withdrawn": "出金",
    "trade.contracted": "签约托管",
    "trade.cancelled": "取消退款",
    "settlement.executed": "结算",
    "settlement.part": "分期结算",
    "engagement.accepted": "委托托管",
    "engagement.paid": "委托付款",
    "engagement.cancelled": "委托退款",
    "service.charged": "服务费",
}


_NAMED: Final = frozenset({"TR-", "EG-", "GP-", "AU-", "CT-"})  # how names that are told begin


def said(key: str, language: str) -> str:
    """Return the words for a key in `zh` or `en`."""
    return WORDS[key][0 if language == "zh" else 1]


def counterparts(sorts: str, language: str) -> str:
    """Say the sorts of counterparts in a language; one that has no word stays as it is."""
    place = 0 if language == "zh" else 1
    found = [COUNTERPARTS.get(sort, (sort, sort))[place] for sort in sorts.split(", ") if sort]
    return ("、" if language == "zh" else ", ").join(found)


def kind_of(kind: str, what: str, language: str) -> str:
    """Say what a movement was: the books' own words, in Chinese with the sort before them."""
    if language == "zh" and kind in KINDS:
        subject = next((word for word in what.split() if word[:3] in _NAMED), "")
        return f"{KINDS[kind]} {subject}".strip()
    return what
