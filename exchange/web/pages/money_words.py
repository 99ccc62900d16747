"""What the audit page says of the checks of the money, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Each under its own English sentence, as `check_money` names it.
RULES: Final[Mapping[str, tuple[str, str]]] = {
    "the books agree with themselves and with the chain": (
        "账簿自身相符，并与链相符",
        "The books agree with themselves and with the chain",
    ),
    "the chain alone comes to the same balances": (
        "仅凭链即可得出相同余额",
        "The chain alone comes to the same balances",
    ),
    "no account is below its limit": (
        "没有账户低于限额",
        "No account is below its limit",
    ),
    "no escrow is filled or emptied twice": (
        "没有托管款重复存入或支出",
        "No escrow is filled or emptied twice",
    ),
    "what was paid in was paid out or is held": (
        "存入的款项均已支出或仍在托管",
        "What was paid in was paid out or is held",
    ),
    "every service that was used was paid for": (
        "用过的服务均已付费",
        "Every service that was used was paid for",
    ),
    "the log holds as many entries as its head says": (
        "日志的条目数与其头部所记相符",
        "The log holds as many entries as its head says",
    ),
    "products stand where the chain has put them": (
        "产品的状态与链上条目相符",
        "Products stand where the chain has put them",
    ),
    "the board finds what is listed, as it is": (
        "挂牌大厅所检索的与在牌产品相符",
        "The board finds what is listed, as it is",
    ),
}
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **RULES,
    "checks": ("资金持续核查", "The money, checked all the time"),
    "checks.note": (
        "服务器定时核查全部分录与整个日志；此处只列不符项数，内容由交易所查阅：guapai reconcile。",
        (
            "The server checks all journals and the whole log from time to time. How many faults "
            "there are stands here; the exchange reads what they are: guapai reconcile."
        ),
    ),
    "checks.at": ("核查于", "checked at"),
    "checks.sound": ("资金无误", "The money is sound"),
    "checks.broken": ("资金不符", "The money is not sound"),
    "checks.failed": ("核查未能完成", "The check could not be made"),
    "checks.unchecked": (
        "本次启动以来尚未完成核查。",
        "No check has ended since this server started.",
    ),
    "checks.holds": ("成立", "holds"),
    "checks.faults": ("不符", "Faults"),
}
