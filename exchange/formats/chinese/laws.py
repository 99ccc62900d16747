"""The laws and standards that rules cite, by their Chinese names."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = {
    "2024 Provisions": "促进和规范数据跨境流动规定",
    "Shanghai Data Regs": "上海市数据条例",
    "NDSMR": "网络数据安全管理条例",
    "PIPL": "个人信息保护法",
    "DSL": "数据安全法",
    "CSL": "网络安全法",
    "Civil Code": "民法典",
    "Copyright Law": "著作权法",
    "Surveying Law": "测绘法",
    "State Secrets Law": "保守国家秘密法",
    "Export Control Law": "出口管制法",
    "Anti-Unfair Competition Law": "反不正当竞争法",
    "Consumer/contract law": "消费者权益与合同法律",
    "SDE double vetting (law firm + exchange)": "上海数据交易所双重审核（律师事务所与交易所）",
    "SDE sheet": "上海数据交易所说明书",
    "SDE": "上海数据交易所",
    "CAICT 2022 white paper, box": "中国信通院 2022 年白皮书专栏",
    "(2025 numbering; was 37)": "（2025 年条次，原第 37 条）",
    "(no malicious programs)": "（不得含恶意程序）",
    "(CIIO procurement review)": "（关键信息基础设施运营者采购审查）",
    "(quality duty)": "（质量义务）",
    "(fine 20k-100k)": "（罚款二万至十万元）",
    "(last para)": "（末款）",
    "(2019 ed.)": "（2019 年版）",
    "(x10 = especially serious; half for service staff)": "（十倍为情节特别严重；服务人员减半）",
    "catalogue item 18 (MNR reply)": "目录第 18 项（自然资源部答复）",
    "prohibited-data annex [text read from 2023 draft App. A]": (
        "禁止数据附录〔据 2023 年征求意见稿附录 A〕"
    ),
    "[confirm date]": "〔日期待核〕",
    "[title only]": "〔仅见题名〕",
    "[memory]": "〔凭记忆〕",
    "& contract": "与合同",
    "annex": "附录",
    "App.": "附录",
}
_ARTICLE: Final = re.compile(r"\bart ([\d()]+)")
_ANY: Final = re.compile(
    "|".join(
        rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])" for name in sorted(_NAMES, key=len)[::-1]
    )
)


def laws_in_chinese(basis: str) -> str:
    """Return a citation with the names of Chinese laws in Chinese; articles stay as they are."""
    named = _ANY.sub(lambda found: _NAMES[found[0]], basis)
    named = named.replace(" （", "（").replace(" 〔", "〔").replace("; ", "；")
    return _ARTICLE.sub(r"第 \1 条", named)
