"""Words of the page of a product's usage policy, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

POLICY: Final[Mapping[str, tuple[str, str]]] = {
    "policy": ("使用政策", "Usage policy"),
    "policy.action": ("行为", "Act"),
    "policy.action.delete": ("删除数据", "Erase the data"),
    "policy.action.distribute": ("转移给他人", "Pass it on to others"),
    "policy.action.guapai:publish": ("向公众公开", "Make it public"),
    "policy.action.use": ("使用", "Use"),
    "policy.always": ("任何情况", "always"),
    "policy.condition": ("条件", "Condition"),
    "policy.files": ("机器可读（ODRL 2.2）", "For machines (ODRL 2.2)"),
    "policy.from": ("依据", "Who says so"),
    "policy.link": ("使用政策（逐条说明）", "Usage policy, in words"),
    "policy.next": (
        "按此提出使用场景：guapai scenario file；报价时场景一并写入政策并冻结。",
        (
            "Bring a use within it: guapai scenario file. At the quote the scenario becomes part "
            "of the policy, which is then frozen."
        ),
    ),
    "policy.not_listed": (
        "该产品不在挂牌中，不可购买；以下为其现行条件。",
        "This product is not on the board and cannot be bought; these are its terms as they stand.",
    ),
    "policy.note": (
        "由本产品的使用条件、供方的经营权与全部来源产品的条件合成；每次使用都依此判断。",
        (
            "Made of the product's conditions of use, the supplier's rights and the terms of all "
            "that it was derived from. Every use is held against it."
        ),
    ),
    "policy.operand.count": ("次数", "Accesses"),
    "policy.operand.dateTime": ("时间", "Time"),
    "policy.operand.elapsedTime": ("自合同起", "Days since the contract"),
    "policy.operand.purpose": ("用途", "Purpose"),
    "policy.operand.spatial": ("地域", "Region"),
    "policy.operator.gt": ("超过", "more than"),
    "policy.operator.gteq": ("满", "from"),
    "policy.operator.isAnyOf": ("为其中之一：", "one of"),
    "policy.operator.isPartOf": ("在此之内：", "within"),
    "policy.operator.lteq": ("至多", "at most"),
    "policy.owed": ("义务", "To be done"),
    "policy.part.conditions": ("使用条件", "Conditions of use"),
    "policy.part.erase": ("使用条件", "Conditions of use"),
    "policy.part.parents.conditions": ("来源产品的条件", "Terms of its source"),
    "policy.part.parents.processing": ("来源产品的加工使用权", "Right to process its source"),
    "policy.part.rights": ("供方的经营权", "Supplier's right to operate"),
    "policy.permitted": ("允许使用，须同时满足", "Use is permitted where all of this holds"),
    "policy.prohibited": ("禁止（优先于允许）", "Prohibited, whatever is permitted"),
    "policy.prohibited.none": ("没有禁止事项。", "Nothing is."),
    "policy.uid": ("政策标识", "Policy"),
    "policy.way": ("任一即可", "any one will do:"),
    "policy.when": ("何时", "When"),
    "policy.unit.count": ("次", "times"),
    "policy.unit.elapsedTime": ("天", "days"),
}
