"""The words of a party's own dealings, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from exchange.dealings import Dealing, Matter, Party, Step
from exchange.formats.chinese import said_in

LANGUAGES: Final = ("zh", "en")
COLUMNS: Final = ("matter", "subject", "amount", "until", "next", "due")
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("{} 的待履行事项：{} 项", "Open for {}: {}"),
    "none": ("没有待履行事项。", "Nothing is open."),
    "matter": ("事项", "what"),
    "subject": ("编号", "number"),
    "mine": ("{}（{}）", "{}, {}"),
    "amount": ("金额", "amount"),
    "until": ("有效至", "until"),
    "next": ("下一步", "next"),
    "due": ("期限（UTC）", "due (UTC)"),
    "by": ("{}{}", "{} {}"),
    "held": ("{}（暂不能进行：{}）", "{} (not now: {})"),
}
MATTERS: Final[Mapping[Matter, tuple[str, str]]] = {
    Matter.CONTRACT: ("合同", "contract"),
    Matter.AMENDMENT: ("合同变更", "amendment"),
    Matter.NEGOTIATION: ("磋商", "negotiation"),
    Matter.SUBSCRIPTION: ("订阅", "subscription"),
    Matter.BILL: ("用量账单", "bill"),
    Matter.DISPUTE: ("争议", "dispute"),
    Matter.DEPOSIT: ("保证金", "deposit"),
    Matter.OBLIGATION: ("应收应付", "obligation"),
    Matter.AWARD: ("裁决欠款", "award"),
    Matter.FEE: ("服务费", "fee"),
}
SERVICES: Final[Mapping[str, tuple[str, str]]] = {
    "registration": ("登记费", "registration fee"),
    "listing": ("挂牌费", "listing fee"),
    "auction": ("竞价服务费", "auction fee"),
    "certificate": ("出证费", "certificate fee"),
    "arbitration": ("仲裁费", "arbitration fee"),
}
PARTIES: Final[Mapping[Party, tuple[str, str]]] = {
    Party.BUYER: ("买方", "buyer"),
    Party.SUPPLIER: ("供方", "supplier"),
    Party.PAYER: ("付费方", "payer"),
    Party.HOUSE: ("交易所", "exchange"),
}
STEPS: Final[Mapping[Step, tuple[str, str]]] = {
    Step.CONCLUDE: ("签约", "concludes"),
    Step.DELIVER: ("交付", "delivers"),
    Step.RECEIVE: ("验收", "receives"),
    Step.SETTLE: ("结算", "settles"),
    Step.USE: ("使用", "uses it"),
    Step.METER: ("计量", "meters"),
    Step.AUTHORISE: ("授权续期", "authorises more"),
    Step.RENEW: ("扣款续期", "renews"),
    Step.FUND: ("补足款项", "puts in the fee"),
    Step.BILL: ("出账", "bills"),
    Step.DECIDE: ("裁决", "decides"),
    Step.OPEN_BID: ("开标", "opens its bid"),
    Step.CLEAR: ("评定", "clears"),
    Step.ORDER: ("下单", "orders"),
    Step.NET: ("轧差", "nets"),
    Step.PAY: ("偿付", "pays back"),
    Step.ANSWER: ("答复", "answers"),
    Step.OFFER: ("报价", "offers"),
    Step.NOTHING: ("", ""),
}


def said(key: str, language: str) -> str:
    """Return the words for a key in `zh` or `en`."""
    return WORDS[key][LANGUAGES.index(language)]


def cells(dealing: Dealing, language: str) -> tuple[str, ...]:
    """Return a line as a table shows it, under `COLUMNS`."""
    place = LANGUAGES.index(language)
    fee = SERVICES.get(dealing.state) if dealing.matter is Matter.FEE else None
    matter, step = (fee or MATTERS[dealing.matter])[place], STEPS[dealing.step][place]
    if dealing.number:
        matter += f" {dealing.number}"
    after = said("by", language).format(PARTIES[dealing.by][place], step) if step else ""
    if dealing.held:
        after = said("held", language).format(after, said_in(language, dealing.held))
    return (
        said("mine", language).format(matter, PARTIES[dealing.side][place]),
        dealing.subject,
        str(dealing.amount),
        dealing.until[:10],
        after,
        dealing.due[:16].replace("T", " "),
    )
