"""The words of an inbox: what waits for whom and why, Chinese and English.

Rules, items of the checklist and kinds of papers go by their codes in either language, since the
commands that answer a task take these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from exchange.formats.chinese import LANGUAGES, said_in

__all__ = ["COLUMNS", "DUTIES", "LANGUAGES", "reasons", "said"]

COLUMNS: Final = ("duty", "subject", "title", "due", "risk", "why", "items")
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "head": ("{} 的待办：{} 项", "{} has {} tasks"),
    "duty": ("事项", "duty"),
    "subject": ("编号", "subject"),
    "title": ("名称", "title"),
    "due": ("期限", "due"),
    "risk": ("风险", "risk"),
    "why": ("原因", "why"),
    "items": ("逐项", "to go through"),
    "late": ("{} 逾期", "{} late"),
}
DUTIES: Final[Mapping[str, str]] = {
    "admit": "入场审核",
    "decide": "裁定异议或争议",
    "renew-papers": "更新资质",
    "mend-pack": "修复规则包",
    "verify": "核验文件",
    "attest": "合规评估",
    "score": "质量评审",
    "vet": "审核",
    "write-sheet": "提交说明书",
    "mend": "补正",
    "reassess": "请求重新评估",
    "request-listing": "申请挂牌",
    "renew": "续期",
    "assess-use": "评估使用场景",
}
RISKS: Final[Mapping[str, str]] = {"high": "高", "medium": "中", "low": "低"}


def said(key: str, language: str) -> str:
    """Return the words for a key, a duty or a level of risk in `zh` or `en`."""
    if key in WORDS:
        return WORDS[key][LANGUAGES.index(language)]
    return {**DUTIES, **RISKS}[key] if language == "zh" else key


def reasons(texts: Iterable[str], language: str, more: Mapping[str, str]) -> tuple[str, ...]:
    """Return why a task waits, or what is to be gone through, in a language.

    `more` are the words that the rule pack brings.
    """
    return tuple(said_in(language, text, more) for text in texts)
