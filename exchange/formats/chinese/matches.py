"""What a match says of a product, as `exchange.matching` writes it in English, in Chinese."""

from __future__ import annotations

import re
from typing import Final

# Each pattern is a whole text of `exchange.matching.match` or `exchange.scenarios.uncovered`.
_MATCHES: Final = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"(.+) is allowed", r"允许 \1"),
        (r"(.+) is its own", r"属于 \1"),
        (r"(.+) is not named", r"未列出 \1"),
        (r"nothing is said", "未说明"),
        (r"none of the words", "无相同文字"),
        (r"free", "免费"),
        (r"no budget is given", "未给出预算"),
        (r"the price is negotiated", "价格面议"),
        (r"the list price is (.+), the budget (.+)", r"标价 \1，预算 \2"),
        (r"the list price is (.+)", r"标价 \1"),
        (r"allowed are at most (.+)", r"至多 \1"),
        (r"allowed are only recipients named in the scenario", "须在场景中写明接收方"),
        (r"allowed are (.+)", r"仅允许 \1"),
        (r"allowed is none", "不允许"),
        (r"the supplier prohibits it by name", "供方明确禁止"),
        (
            r"the conditions limit the term and do not say to how many days",
            "使用条件限定期限而未写明天数",
        ),
    )
)


# What a product that it is derived from does not allow ends in one of the texts above.
_OF_SOURCE: Final = re.compile(r"of its source (\S+): (.+)")


def match_in_chinese(said: str) -> str:
    """Return what a match says, in Chinese; words of nobody's making stay as they are."""
    for pattern, chinese in _MATCHES:
        found = pattern.fullmatch(said)
        if found:
            return found.expand(chinese)
    source = _OF_SOURCE.fullmatch(said)
    return f"来源产品 {source[1]}：{match_in_chinese(source[2])}" if source else said
