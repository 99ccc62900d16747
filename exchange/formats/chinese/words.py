"""Words that are told inside what the gate says, in Chinese: of roles, kinds and grades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from exchange.formats.stored_words import VALUES

ROLES: Final[Mapping[str, str]] = {
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
}

# How a rule is meant, and what it answered.
JUDGED: Final[Mapping[str, str]] = {
    "reject": "驳回",
    "block": "阻断",
    "attest": "须评估",
    "advise": "提示",
    "fired": "触发",
    "clear": "符合",
    "not-evaluated": "未评估",
}

# Fields of a sheet that a listing of elsewhere may leave unsaid, and the sections they are in.
FIELDS: Final[Mapping[str, str]] = {
    "approvals": "批准项",
    "basic.keywords": "关键词",
    "basic.sector": "板块",
    "basic.type": "产品类型",
    "conditions": "使用条件",
    "conditions.purposes": "允许的用途",
    "conditions.regions": "使用地域",
    "conditions.time_limit": "使用期限",
    "contact": "联系方式",
    "content": "数据内容",
    "content.fields": "字段说明",
    "delivery.trade_level": "交易等级",
    "delivery.ways": "交付方式",
    "duties": "责任与义务",
    "grade": "数据分级",
    "licence": "许可",
    "personal_data": "个人信息",
    "personal_data.contained": "是否含个人信息",
    "physical": "物理属性",
    "physical.update_frequency": "更新频率",
    "price.amount": "价格",
    "price.mode": "计价方式",
    "rights": "所主张的权利",
    "sources": "数据来源",
    "use_cases": "使用案例",
}

WORDS: Final[Mapping[str, str]] = {
    **VALUES,
    **FIELDS,
    **ROLES,
    "address": "地址",
    "bank_card": "银行卡号",
    "biometric": "生物特征",
    "account": "账号或设备号",
    "coordinates": "精确坐标",
    "credential": "凭证",
    "credit_code": "统一社会信用代码",
    "email": "邮箱",
    "health": "健康信息",
    "mobile": "手机号",
    "passport": "护照号",
    "permit": "通行证号",
    "national_id": "外国个人身份号码",
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
