"""Words that tell what a column is about: bilingual headers, surnames, endings of places.

Surnames are the hundred most frequent of the Ministry of Public Security's yearly reports, which
cover some 85 % of the population, and the compound ones that are still borne.
"""

from __future__ import annotations

import re
from typing import Final

from exchange.profile import SensitiveKind

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾"
    "龚邵万覃武钱戴严莫孔向常汤俞葛章鲁倪樊洪季柳安殷施尚温庄翟牛"
)
COMPOUND_SURNAMES: Final = "欧阳|上官|司马|诸葛|司徒|皇甫|令狐|东方|尉迟|公孙|慕容|夏侯|长孙|端木"

# 黄岛 and 石臼港 begin with surnames and are places; 高潮 and 安全 are neither.
PLACE_ENDINGS: Final = (
    "岛港湾山头岩角礁市区县镇村路街站所江河湖海洋州省口塔船号场潮层流浪全度量式型类"
)

_HEADERS: Final[dict[SensitiveKind, str]] = {
    SensitiveKind.RESIDENT_ID: (
        r"身份证|证件号|居民身份|id_?card|id_?no\b|identity_?(no|number|card)"
        r"|citizen_?id|national_?id|resident_?id"
    ),
    SensitiveKind.MOBILE: r"手机|电话|联系方式|mobile|(tele)?phone|\bcell\b|\btel\b",
    SensitiveKind.BANK_CARD: (
        r"银行卡|卡号|银行账[号户]|bank_?(card|account)|card_?(no|number)|\biban\b"
    ),
    SensitiveKind.EMAIL: r"邮箱|电子邮件|e_?mail",
    SensitiveKind.PERSON_NAME: (
        r"姓名|名字|联系人|负责人|经办人|surname|^name$|^operator$"
        r"|(full|first|last|given|family|person|staff|employee|patient|customer|student|contact)"
        r"_?name"
    ),
    SensitiveKind.ADDRESS: r"住址|地址|住所|home_?address|^address$|street",
    SensitiveKind.HEALTH: (
        r"病历|病史|病情|诊断|疾病|血型|血压|血糖|过敏史|处方|体检|用药|症状|残疾"
        r"|diagnos[ie]s|medical|disease|blood_?(type|pressure|group)|allerg|prescription|symptom"
        r"|patient|disabilit"
    ),
}
_COMPILED: Final = {kind: re.compile(words, re.IGNORECASE) for kind, words in _HEADERS.items()}

# Attribute keys whose value names a person, in the conventions for NetCDF (ACDD 1.3).
PERSON_KEYS: Final = re.compile(
    r"(^|:)(pi_name|principal_investigator|creator_name|author|operator|contributor_name"
    r"|contact|contact_person|observer|责任人|联系人)$",
    re.IGNORECASE,
)


def header_suggests(header: str, kind: SensitiveKind) -> bool:
    """Whether a column's name says that it holds values of this kind."""
    words = _COMPILED.get(kind)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|[\s.-]+", "_", header.strip())
    return words is not None and words.search(name) is not None
