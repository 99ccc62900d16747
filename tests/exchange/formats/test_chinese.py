"""Tests of what the gate says in Chinese: nothing that it can say is left in English."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Final, get_args

import pytest

from exchange import completeness, sensitivity
from exchange.compliance import (
    Case,
    ListingCase,
    PlatformCase,
    TradeCase,
    catalogue,
    european,
    review_delivery,
    review_listing,
    review_platform,
)
from exchange.compliance import case as cases
from exchange.compliance.china import PACK
from exchange.compliance.european import PACK as UNION
from exchange.compliance.evidence import Paper
from exchange.compliance.rule import RulePack
from exchange.expectations import Expectation
from exchange.formats.chinese import (
    ENGLISH,
    KINDS,
    basis_in_chinese,
    in_chinese,
    left_in_english,
    told_in,
)
from exchange.quality import drift
from exchange.services import (
    attest_product,
    change_registration,
    dispute_registration,
    explain_listing,
    explain_suspension,
    set_grade,
    submit_sheet,
    suspend_listing,
    transfer_registration,
    verify_identity,
    vet_listing,
)
from ledger.kinds import KINDS as OF_THE_LEDGER
from pricing.plugins import load, names
from tests.exchange.compliance.cases import ON
from tests.exchange.compliance.examples import EXAMPLES
from tests.pricing.test_hedonic import HISTORY

# What a scenario is refused for is said by its policy, in the words of ODRL.
OF_A_POLICY: Final = "T-02"
# Who says something, and which of its arguments it is.
SPEAKING: Final = {
    **dict.fromkeys(("clear", "fired", "unknown", "Blank", "Part", "Shift"), 0),
    "Reason": 1,
    "Obstacle": 0,
}
# What a value that is told looks like, where it is no figure.
LIKE: Final = {
    "measured.name": "accuracy",
    "counts": "7 of 7",
    "since": ", and is to be signed anew after the change of its registration",
    "reason": ": 7",
}

TAKING_OFF: Final = [
    *(attest_product, change_registration, dispute_registration, explain_suspension, set_grade),
    *(submit_sheet, suspend_listing, transfer_registration, verify_identity, vet_listing),
]
MODULES: Final = [
    explain_listing,
    *(
        import_module(f"{catalogue.__name__}.{found.name}")
        for found in pkgutil.iter_modules(catalogue.__path__)
    ),
    european,
    cases,
    sensitivity,
    drift,
]


def said(module: ModuleType) -> Iterator[str]:
    """Yield every text that a module says, each value told in it replaced by a figure."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        place = SPEAKING.get(node.func.id)
        if place is None or len(node.args) <= place:
            continue
        text = node.args[place]
        if isinstance(text, ast.JoinedStr):
            yield "".join(map(filled, text.values))
        elif isinstance(text, ast.Constant):
            yield str(text.value)


def filled(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        return LIKE.get(ast.unparse(part.value), "7")
    assert isinstance(part, ast.Constant)
    return str(part.value)


# Of a text that is told whole, the examples show what it can be.
SAID: Final = sorted(
    {text for module in MODULES for text in said(module) if re.search("[a-z]", text)}
)


def test_the_catalogue_says_much() -> None:
    assert len(SAID) > 120


@pytest.mark.parametrize("text", SAID)
def test_whatever_a_rule_says_has_its_chinese(text: str) -> None:
    told = in_chinese(text)

    assert told != text
    assert not ENGLISH.search(told), told
    assert told.count("7") >= text.count("7"), told  # nothing that is told is lost


@pytest.mark.parametrize("pack", [PACK, UNION], ids=["cn", "eu"])
def test_every_rule_is_stated_in_chinese(pack: RulePack) -> None:
    for rule in pack.rules:
        for text in (rule.statement, rule.evidence, rule.unlock):
            told = in_chinese(text)
            assert told != text or text == "-", text
            assert not ENGLISH.search(told), told


def review(case: Case, pack: RulePack) -> list[str]:
    if isinstance(case, ListingCase):
        found = review_listing(case, pack)
    elif isinstance(case, TradeCase):
        found = review_delivery(case, pack)
    else:
        assert isinstance(case, PlatformCase)
        found = review_platform(case, pack)
    return [each.message for each in found.findings if each.rule != OF_A_POLICY]


def test_no_finding_on_any_example_is_left_in_english() -> None:
    messages = {
        message
        for _, _, case in EXAMPLES
        for pack in (PACK, UNION)
        for message in review(case, pack)
    }

    left = {message: in_chinese(message) for message in messages}

    assert len(left) > 100
    assert {m: told for m, told in left.items() if ENGLISH.search(told) or told == m} == {}


@pytest.mark.parametrize("name", sorted(names("estimators")))
def test_how_a_price_is_estimated_has_its_chinese(name: str) -> None:
    basis = load("estimators", name)().estimate(HISTORY).basis
    told = in_chinese(basis)
    assert not left_in_english(basis)
    assert re.findall(r"[0-9]+(?:\.[0-9]+)?", told) == re.findall(r"[0-9]+(?:\.[0-9]+)?", basis)


@pytest.mark.parametrize("how", sorted({each.how for each in completeness.FIELDS}))
def test_what_fills_a_field_is_said_in_chinese(how: str) -> None:
    told = in_chinese(how)

    assert not ENGLISH.search(told), told
    assert " " not in how or told != how


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            (
                "personal data: a legal basis is missing, evidence of consent was withdrawn or "
                "found not to hold"
            ),
            "个人信息：缺少合法性基础、同意证明已撤回或经查不成立",
        ),
        (
            (
                "no attestation holds; chain version 3: expired; chain version 5: signed by a "
                "participant that is not an admitted compliance-assessor"
            ),
            "没有有效的证明；链上第 3 条：已过期；链上第 5 条：签署人不是已入场的合规评估师",
        ),
        (
            (
                "the sheet does not fill B4 板块与行业 Sector and industry (basic.sector and "
                "basic.industry); B5 关键词 Keywords (basic.keywords)"
            ),
            (
                "说明书未填写 B4 板块与行业（basic.sector 与 basic.industry）；"
                "B5 关键词（basic.keywords）"
            ),
        ),
        (
            "declared general-2, and GP-1, which it comes from, is general-3",
            "申报为一般 2 级，而来源产品 GP-1 为一般 3 级",
        ),
        (
            "completeness: 0.4881 where the sheet says 0.99; 0.2 where the sheet says 0.3",
            "完整性：0.4881，说明书载明 0.99；0.2，说明书载明 0.3",
        ),
        (
            (
                "99 % of the rows stand in GP-1, and under 1 % of its rows here: whole rows, "
                "3 columns correspond"
            ),
            "99 % 的行见于 GP-1，对方 不足 1 % 的行见于本数据：整行相同，3 列对应",
        ),
        (
            (
                "1,000 persons and 3 sensitive ones since 1 January: without the approval "
                "security-assessment"
            ),
            "自 1 月 1 日起 1,000 人，敏感信息 3 人：缺少 security-assessment（安全评估）批准项",
        ),
        (
            (
                "100 % of the rows stand in GP-1, and 100 % of its rows here: "
                "the same rows in another order"
            ),
            "100 % 的行见于 GP-1，对方 100 % 的行见于本数据：相同的行，次序不同",
        ),
        (
            "important data without risk-assessment, important-data-filing",
            "重要数据缺少 risk-assessment（风险评估）、important-data-filing",
        ),
        (
            "public data without public-data-registration",
            "公共数据缺少 public-data-registration（公共数据登记）",
        ),
        (
            (
                "the operator verifies anew the identity of PT-1; an attestation by PT-1, who "
                "refused it, that passes C-03, S-09; an attestation by PT-2, who refused it, that "
                "passes S-09"
            ),
            (
                "由运营者重新核验以下参与方的身份：PT-1；由不予通过的评估机构 PT-1 出具评估证明，"
                "予以通过：C-03、S-09；由不予通过的评估机构 PT-2 出具评估证明，予以通过：S-09"
            ),
        ),
        ("range of depth: any to 90", "值域（depth）：任意 至 90"),
        ("not-missing of station, time", "非空（station, time）"),
        ("readable of ", "可读"),
        ("the listing does not say sources", "挂牌信息未载明 数据来源"),
        ("chain version 12", "链上第 12 条"),
        ("raised KeyError", "规则执行出错（KeyError）"),
        ("the listing does not say conditions.purposes", "挂牌信息未载明 允许的用途"),
        ("rate-of-change of temp: 2.5 an hour", "变化率（temp）：每小时 2.5"),
        (
            "the registration of product/GP-1 ended at 2027-01-01T00:00:00Z",
            "产品 GP-1 的登记已于 2027-01-01T00:00:00Z 到期",
        ),
        ("GP-2 comes from GP-1, which is not for shipping", "GP-2 来自 GP-1，后者不可用于shipping"),
        (
            "GP-2 comes from GP-1, which PT-1 has no grant to process for research, shipping",
            "GP-2 来自 GP-1，而 PT-1 没有为research、shipping 加工该数据的授权",
        ),
    ],
)
def test_what_is_told_in_a_text_is_told_in_chinese(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def reasons() -> Iterator[str]:
    """Yield every reason for which the house itself takes a product off the board."""
    for module in TAKING_OFF:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                told = node.args[1:2] if node.func.id == "suspend_for_house" else []
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "reason":
                told = [node.value.body if isinstance(node.value, ast.IfExp) else node.value]
            elif isinstance(node, ast.Return) and module is explain_suspension:
                told = [node.value] if node.value else []
            else:
                told = []
            for text in told:
                if isinstance(text, ast.JoinedStr):
                    yield "".join(map(filled, text.values))
                elif isinstance(text, ast.Constant) and text.value:
                    yield str(text.value)


REASONS: Final = sorted(set(reasons()))


def test_the_house_has_many_reasons() -> None:
    assert len(REASONS) > 12


@pytest.mark.parametrize("reason", REASONS)
def test_why_a_product_left_the_board_has_its_chinese(reason: str) -> None:
    told = in_chinese(reason)
    assert not ENGLISH.search(told), told
    assert told.count("7") >= reason.count("7"), told


def test_a_reason_that_names_its_rules_is_told_with_them() -> None:
    reason = "T-05: no assessor has answered for it (also Q-10, V-01)"
    assert in_chinese(reason) == "T-05：尚无评估机构就此作答（另有 Q-10, V-01）"
    assert in_chinese("T-05: no assessor has answered for it") == "T-05：尚无评估机构就此作答"
    assert in_chinese("T-05: our own words (no list)") == "T-05：our own words (no list)"


@pytest.mark.parametrize(
    "foreign", ["our own rule: the tide is out", "ceci n'est pas une règle", "", "raised"]
)
def test_words_of_nobodys_making_stay_as_they_are(foreign: str) -> None:
    assert in_chinese(foreign) == foreign


OF_A_PACK: Final = {
    "our own rule: the tide is out": "本所规则：正在退潮",
    "no source is stated": "从未说明",
    "a; b": "甲与乙",
    "the station {name} lacks {what}": "站点 {name} 缺{what}",
}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("our own rule: the tide is out", "本所规则：正在退潮"),
        ("the station A7 lacks salt", "站点 A7 缺salt"),
        # What it tells is put into Chinese too: by the exchange's words, and by its own.
        ("the station A7 lacks evidence of consent", "站点 A7 缺同意证明"),
        ("the station A7 lacks a; b", "站点 A7 缺甲与乙"),
        ("raised KeyError", "规则执行出错（KeyError）"),
        ("it was delisted, which is for good: a; b", "已摘牌，不可恢复：甲与乙"),
        ("a; b", "甲与乙"),  # to the letter, before it is taken for a list
        ("no source is stated", "未说明数据来源"),  # the exchange's own, whatever a pack says
        ("ceci n'est pas une règle", "ceci n'est pas une règle"),
    ],
)
def test_a_pack_is_told_in_its_own_chinese_after_the_exchanges(english: str, chinese: str) -> None:
    assert in_chinese(english, OF_A_PACK) == chinese


def test_the_words_of_one_pack_say_nothing_of_another() -> None:
    text = "our own rule: the tide is out"

    assert in_chinese(text, OF_A_PACK) != in_chinese(text, {text: "潮已退"})
    assert in_chinese(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no source is stated", False),
        ("our own rule: the tide is out", False),
        ("our own rule: the tide is in", True),
        ("fish", True),
        ("the station of the west lacks salt", True),  # what is told is a run of English
        ("the station A7 lacks salt", False),
        ("-", False),
        ("GB 32100", False),
        ("数据来源不超过三个", False),
        ("", False),
    ],
)
def test_what_reaches_the_reader_in_english_is_known(text: str, *, left: bool) -> None:
    assert left_in_english(text, OF_A_PACK) is left


def test_a_citation_of_a_pack_is_told_as_the_pack_has_it() -> None:
    assert basis_in_chinese("an article", {"an article": "某条"}) == "某条"
    assert basis_in_chinese("DSL 33", {"an article": "某条"}) == "数据安全法 33"


def test_a_reason_written_to_confuse_is_left_as_it_is() -> None:
    confusing = "a of the rows stand in b, and " * 60

    told = in_chinese(f"it was delisted, which is for good: {confusing}")

    assert told == f"已摘牌，不可恢复：{confusing}"


def test_every_check_of_a_sheet_has_its_name() -> None:
    for kind in get_args(get_args(Expectation)[0]):
        name = kind.__dataclass_fields__["check"].default
        assert in_chinese(f"{name} of x") != f"{name} of x"


def test_every_reason_why_a_paper_does_not_count_is_said() -> None:
    papers = [
        Paper("consent", "0" * 64, ON, verified=False),
        Paper("consent", "0" * 64, ON.replace(year=ON.year + 1)),
        Paper("consent", "0" * 64, ON.replace(year=ON.year - 2), ON.replace(year=ON.year - 1)),
    ]

    told = [in_chinese(f"the evidence of source 1 {paper.void(ON)}") for paper in papers]

    assert told == [
        "第 1 个来源的证明" + w for w in ("已撤回或经查不成立", "日期晚于判定日", "已到期")
    ]


def test_every_kind_of_entry_has_its_name() -> None:
    assert KINDS.keys() == OF_THE_LEDGER.keys()
    assert all(re.search("[\u4e00-\u9fff]", name) for name in KINDS.values())


def test_laws_are_cited_by_their_chinese_names() -> None:
    assert basis_in_chinese("PIPL 28; 法释〔2017〕10号 art 5(3)") == (
        "个人信息保护法 28；法释〔2017〕10号 第 5(3) 条"
    )
    for rule in PACK.rules:
        told = basis_in_chinese(rule.basis["CN"])
        assert not re.search(r"PIPL|DSL|CSL|NDSMR|Law\b|Regs|[a-z]{3,} [a-z]{3,}", told), told


def test_a_finding_is_told_in_the_language_asked_for() -> None:
    record = {"rule": "S-01", "message": "no source is stated", "basis": "DSL 33", "words": "never"}

    assert told_in("en", record) == record
    assert told_in("zh", record) == {
        "rule": "S-01",
        "message": "未说明数据来源",
        "basis": "数据安全法 33",
        "words": "不可解除",
    }


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("a dispute over product/GP-1 is open since entry 7", "对产品 GP-1 的争议自存证 7 起未决"),
        (
            "the registration of product/GP-1 was cancelled at entry 7",
            "产品 GP-1 的登记已由存证 7 注销",
        ),
    ],
)
def test_products_and_entries_are_called_so_in_chinese(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese
