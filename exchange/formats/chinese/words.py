"""Words that are told inside what the gate says, in Chinese: of roles, kinds and grades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from exchange.formats.spec_sheet.words import VALUES

WORDS: Final[Mapping[str, str]] = {
    **VALUES,
    "arbiter": "仲裁人",
    "broker": "经纪",
    "buyer": "需方",
    "compliance-assessor": "合规评估师",
    "consultant": "咨询",
    "delivery-provider": "交付服务商",
    "operator": "运营机构",
    "quality-expert": "质量专家",
    "reviewer": "审核员",
    "supplier": "供方",
    "valuer": "资产评估师",
    "address": "地址",
    "bank_card": "银行卡号",
    "biometric": "生物特征",
    "coordinates": "精确坐标",
    "credential": "凭证",
    "credit_code": "统一社会信用代码",
    "email": "邮箱",
    "health": "健康信息",
    "mobile": "手机号",
    "passport": "护照号",
    "permit": "通行证号",
    "person_name": "姓名",
    "plate": "车牌号",
    "resident_id": "身份证号",
    "secrecy_mark": "密级标志",
    "trace": "行踪轨迹",
    "person": "个人",
    "unknown": "未知对象",
    "vehicle": "车辆",
    "vessel": "船舶",
    "query": "查询",
    "sandbox": "沙箱",
}
