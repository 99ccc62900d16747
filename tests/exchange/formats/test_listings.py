from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from exchange.errors import BadField, NotFound, Unreadable
from exchange.formats import listings
from exchange.formats.listings import LAYOUTS, read_listings
from exchange.grading import Grade
from exchange.records import read_record, to_record
from exchange.specsheet import Basic, Content, Physical, Price, ProductType
from pricing.plan import Plan
from pricing.tariffs.forms import read_form
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.subscription import Subscription

SHANGHAI = {
    "title": "湿地生态环境监测数据",
    "list_time": "2024-04-30",
    "company_name": "某文化旅游集团",
    "industry": "金融,综合",
    "data_type": "景区环境",
    "product_type": "数据集",
    "description": "提供生态环境监测数据。",
    "keyword": "生态湿地，景区，环境监测",
    "update_frequency": "动态\n(每月更新)",
    "use_case": "\n\n生态监测\n\n科学研究\n\n",
}
ZHEJIANG = {
    "title": "企业信息",
    "data_type": "数据集",
    "description": "企业的公开信息。",
    "detail_description": "  \n  \n企业的公开信息。\n\n每日一份。",
    "price": "1000.00元",
    "price_type": "\n\n计费方式\n\n一口价\n\n售价(元)\n\n1000.00\n\n",
    "category": "工业制造,产业咨询",
    "classification": "一般数据-一级数据",
    "management": "社会数据",
    "update_frequency": "每日更新",
    "data_form": "待完善",
}
GUIYANG = {
    "title": "气象数据",
    "description": "气象要素监测数据",
    "price": "面议",
    "company": "某气象公司",
    "category": "农、林、牧、渔业,批发和零售业\r\n,制造业",
}


def columns(exchange: str) -> list[str]:
    return list(next(each.columns for each in LAYOUTS if each.name == exchange))


def written(folder: Path, exchange: str, *rows: dict[str, str]) -> Path:
    path = folder / f"{exchange}.csv"
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(exchange), restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path


def one(folder: Path, exchange: str, row: dict[str, str]) -> dict[str, Any]:
    (draft,) = read_listings(written(folder, exchange, row), source=exchange)
    return draft


def test_a_draft_has_these_keys_and_is_json(tmp_path: Path) -> None:
    draft = one(tmp_path, "shanghai", SHANGHAI)
    assert set(draft) == {
        *("id", "source", "title", "supplier", "price", "missing", "sheet", "claims")
    }
    assert json.loads(json.dumps(draft)) == draft
    assert len(draft["id"]) == 64
    assert draft["missing"] == sorted(draft["missing"])


def test_a_listing_of_shanghai_fills_the_basic_section(tmp_path: Path) -> None:
    draft = one(tmp_path, "shanghai", SHANGHAI)
    assert draft["supplier"] == "某文化旅游集团"
    assert draft["price"] == ""
    assert draft["sheet"] == {
        "basic": {
            "name": "湿地生态环境监测数据",
            "sector": "金融",
            "industry": "景区环境",
            "description": "提供生态环境监测数据。",
            "keywords": ["生态湿地", "景区", "环境监测"],
            "type": "dataset",
        },
        "physical": {"update_frequency": "monthly"},
        "use_cases": ["生态监测\n科学研究"],
    }
    assert {"price.mode", "price.amount", "content.fields", "sources", "grade"} <= {
        *draft["missing"]
    }


def test_a_data_application_is_no_type_of_the_sheet(tmp_path: Path) -> None:
    draft = one(tmp_path, "shanghai", SHANGHAI | {"product_type": "数据应用"})
    assert "type" not in draft["sheet"]["basic"]
    assert "basic.type" in draft["missing"]


def test_a_listing_of_zhejiang_has_its_grade_and_its_price(tmp_path: Path) -> None:
    draft = one(tmp_path, "zhejiang", ZHEJIANG)
    assert draft["supplier"] == ""
    assert draft["price"] == "1000.00元"
    assert draft["sheet"]["price"] == {"mode": "one-off", "amount": "1000.00 CNY"}
    assert draft["sheet"]["grade"] == "general-1"
    assert draft["sheet"]["basic"]["industry"] == "产业咨询"
    assert draft["sheet"]["basic"]["description"] == "企业的公开信息。\n每日一份。"
    assert {"price.mode", "price.amount", "grade"}.isdisjoint(draft["missing"])


@pytest.mark.parametrize(
    ("classification", "grade", "claims"),
    [
        ("一般数据-四级数据", "general-4", []),
        ("重要数据", "important", ["important"]),
        ("核心数据", "core", ["core"]),
        ("待完善", None, []),
    ],
)
def test_a_classification_becomes_a_grade(
    tmp_path: Path, classification: str, grade: str | None, claims: list[str]
) -> None:
    draft = one(tmp_path, "zhejiang", ZHEJIANG | {"classification": classification})
    assert draft["sheet"].get("grade") == grade
    assert draft["claims"] == claims
    assert ("grade" in draft["missing"]) is (grade is None)


@pytest.mark.parametrize(
    ("stated", "frequency"),
    [
        ("静态", "static"),
        ("不更新", "static"),
        ("动态\n(每小时更新)", "hourly"),
        ("每日更新", "daily"),
        ("动态\n(每周更新)", "weekly"),
        ("每月", "monthly"),
        ("动态\n(每一年更新)", "yearly"),
        ("不定时更新", "irregular"),
        ("动态\n(每季度更新)", None),
        ("实时更新", None),
        ("待完善", None),
    ],
)
def test_an_update_frequency_is_mapped_only_where_it_is_clear(
    tmp_path: Path, stated: str, frequency: str | None
) -> None:
    draft = one(tmp_path, "shanghai", SHANGHAI | {"update_frequency": stated})
    assert draft["sheet"].get("physical", {}).get("update_frequency") == frequency
    assert ("physical.update_frequency" in draft["missing"]) is (frequency is None)


@pytest.mark.parametrize(
    ("stated", "mode", "missing"),
    [
        ("面议", "negotiated", set()),
        ("免费", "free", set()),
        ("0.15元/次", "plan", set()),
        ("100元/天", "plan", set()),
        ("100元", None, {"price.mode", "price.amount"}),
    ],
)
def test_a_price_is_mapped_only_where_its_mode_is_clear(
    tmp_path: Path, stated: str, mode: str | None, missing: set[str]
) -> None:
    draft = one(tmp_path, "guiyang", GUIYANG | {"price": stated})
    assert draft["price"] == stated
    assert draft["sheet"].get("price", {}).get("mode") == mode
    assert {name for name in draft["missing"] if name.startswith("price.")} == missing


@pytest.mark.parametrize(("stated", "tariff"), [("0.15元/次", PerCall), ("100元/天", Subscription)])
def test_a_price_by_use_or_period_becomes_the_plan_that_it_is(
    tmp_path: Path, stated: str, tariff: type
) -> None:
    draft = one(tmp_path, "guiyang", GUIYANG | {"price": stated})
    price = read_record(Price, draft["sheet"]["price"])
    assert price.plan is not None
    read = Plan.from_record(to_record(price.plan)).tariff
    assert isinstance(read, tariff)
    assert read == read_form(stated)


def test_a_price_per_call_is_claimed_and_not_taken_for_a_price_of_the_whole(tmp_path: Path) -> None:
    row = ZHEJIANG | {"price": "0.50元/次", "price_type": "按量计费\n\n查得计费"}
    draft = one(tmp_path, "zhejiang", row)
    assert draft["claims"] == ["billed-on-result", "per-call"]
    assert "price" not in draft["sheet"]


def test_a_listing_of_guiyang_names_its_supplier_and_first_industry(tmp_path: Path) -> None:
    draft = one(tmp_path, "guiyang", GUIYANG)
    assert draft["supplier"] == "某气象公司"
    assert draft["sheet"]["basic"]["industry"] == "农、林、牧、渔业"


@pytest.mark.parametrize("word", ["身份证", "姓名", "手机号码"])
def test_words_for_persons_are_claimed(tmp_path: Path, word: str) -> None:
    in_title = one(tmp_path, "guiyang", GUIYANG | {"title": f"{word}核验"})
    in_description = one(tmp_path, "guiyang", GUIYANG | {"description": f"按{word}查询"})
    assert in_title["claims"] == in_description["claims"] == ["personal-data"]


def test_output_fields_of_an_api_are_read_from_its_answer(tmp_path: Path) -> None:
    table = (
        "请求参数\n\n字段| 必填| 数据类型| 示例值| 说明  \n---|---|---|---|---  \n"
        "phone|  是 | String| | 电话\n\n返回参数说明\n\n"
        "字段| 数据类型| 说明  \n---|---|---  \nscore| Number| 越大\n越坏  \n"
        "id| Number|   \n  \n返回示例\n\n{}\n\n错误码| 说明  \n---|---  \n0| 请求成功  \n"
    )
    draft = one(tmp_path, "zhejiang", ZHEJIANG | {"data_type": "API", "api_info": table})
    assert draft["sheet"]["basic"]["type"] == "api"
    assert draft["sheet"]["content"]["fields"] == [
        {"name": "score", "meaning": "越大 越坏"},
        {"name": "id", "meaning": "id"},
    ]
    assert "content.fields" not in draft["missing"]


def test_long_texts_are_cut_to_what_the_sheet_takes(tmp_path: Path) -> None:
    row = SHANGHAI | {"title": "长" * 300, "description": "长" * 3_000}
    sheet = one(tmp_path, "shanghai", row)["sheet"]
    assert sheet["basic"]["name"] == "长" * 199 + "…"
    assert len(sheet["basic"]["description"]) == 2_000


def test_the_same_row_of_another_source_is_another_draft(tmp_path: Path) -> None:
    path = written(tmp_path, "guiyang", GUIYANG, GUIYANG, GUIYANG | {"price": "免费"})
    first, same, other = read_listings(path, source="guiyang")
    assert first == same
    assert other["id"] != first["id"]
    assert read_listings(path, source="elsewhere")[0]["id"] != first["id"]


def test_the_order_of_columns_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "guiyang", GUIYANG)
    backwards = tmp_path / "backwards.csv"
    with path.open(encoding="utf-8", newline="") as file:
        backwards_rows = [row[::-1] for row in csv.reader(file)]
    with backwards.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(backwards_rows)
    assert read_listings(backwards, source="g") == read_listings(path, source="g")


def test_a_byte_order_mark_and_columns_of_the_collector_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "marked.csv"
    header = ",".join([*columns("guiyang"), "category_aws"])
    row = ",".join(["title", *[""] * len(columns("guiyang"))])
    path.write_bytes(f"\ufeff{header}\n{row}\n".encode())
    (draft,) = read_listings(path, source="g")
    assert draft["title"] == "title"


def test_a_header_alone_is_no_draft(tmp_path: Path) -> None:
    assert read_listings(written(tmp_path, "shanghai"), source="s") == []


# What is refused.


def test_unknown_columns_are_refused_with_those_expected_of_each_exchange(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadField, match="a, b are not known") as refused:
        read_listings(path, source="x")
    for layout in LAYOUTS:
        assert f"{layout.name}: {', '.join(layout.columns)}" in str(refused.value)


def test_one_column_too_many_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text(",".join([*columns("guiyang"), "surprise"]) + "\n", encoding="utf-8")
    with pytest.raises(BadField, match="surprise"):
        read_listings(path, source="x")


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(",".join([*columns("guiyang"), "title"]) + "\n", encoding="utf-8")
    with pytest.raises(BadField, match="title twice"):
        read_listings(path, source="x")


def test_a_listing_without_a_title_is_refused_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "guiyang", GUIYANG | {"category": "一"}, GUIYANG | {"title": " "})
    with pytest.raises(BadField, match="line 3: title"):
        read_listings(path, source="x")


@pytest.mark.parametrize(
    ("tail", "message"),
    [
        (b"\xb5\xda\xd2\xbb,\n", "line 3: not UTF-8"),  # GB 18030
        (b"a,b\n", "line 3: 2 fields, and the header has 11"),
        (b'"a\nb', "line 3: unexpected end of data"),
        (b'"a"b,c\n', "line 3: "),
        (b"a\0b,\n", "line 3: a NUL character"),
        (b"x" * 140_000 + b"\n", "line 3: field larger than field limit"),
    ],
)
def test_what_is_no_table_in_utf_8_is_refused_with_its_line(
    tmp_path: Path, tail: bytes, message: str
) -> None:
    path = written(tmp_path, "guiyang", GUIYANG | {"category": "一"})
    path.write_bytes(path.read_bytes() + tail)
    limit = csv.field_size_limit()
    with pytest.raises(Unreadable, match=message):
        read_listings(path, source="x")
    assert csv.field_size_limit() == limit


def test_the_line_of_a_broken_row_counts_the_lines_within_fields(tmp_path: Path) -> None:
    path = written(tmp_path, "guiyang", GUIYANG | {"category": "一", "description": "a\nb\nc"})
    path.write_bytes(path.read_bytes() + b"a,b\n")
    with pytest.raises(Unreadable, match="line 5: "):
        read_listings(path, source="x")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="line 1: the file is empty"):
        read_listings(path, source="x")


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "guiyang", GUIYANG)
    monkeypatch.setattr(listings, "FILE_MAX", path.stat().st_size)
    assert len(read_listings(path, source="x")) == 1
    monkeypatch.setattr(listings, "FILE_MAX", path.stat().st_size - 1)
    with pytest.raises(Unreadable, match="over"):
        read_listings(path, source="x")


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "guiyang", GUIYANG, GUIYANG)
    monkeypatch.setattr(listings, "ROWS_MAX", 2)  # the header is one
    with pytest.raises(Unreadable, match="over 2 rows"):
        read_listings(path, source="x")


def test_a_missing_file_is_not_found_and_a_folder_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_listings(tmp_path / "none.csv", source="x")
    with pytest.raises(Unreadable, match="directory"):
        read_listings(tmp_path, source="x")


# The real listings, which stay outside the project.


@pytest.mark.parametrize(
    ("name", "count"), [("shanghai", 447), ("zhejiang", 838), ("guiyang", 669)]
)
def test_every_real_listing_becomes_a_draft_of_its_own(
    real_data: Path, name: str, count: int
) -> None:
    path = real_data / "listings" / f"{name}.csv"
    drafts = read_listings(path, source=name)
    assert len(drafts) == count
    with path.open(encoding="utf-8", newline="") as file:
        distinct = len({tuple(row) for row in csv.reader(file)}) - 1
    assert len({draft["id"] for draft in drafts}) == distinct
    assert all((draft["supplier"] == "") is (name == "zhejiang") for draft in drafts)


def test_whatever_a_real_draft_says_the_sheet_accepts(real_data: Path) -> None:
    filled = 0
    for path in sorted((real_data / "listings").glob("*.csv")):
        for draft in read_listings(path, source=path.stem):
            sheet, filled = draft["sheet"], filled + 1
            whole = {"sector": "x", "industry": "x", "keywords": ["x"], "type": "dataset"}
            read_record(Basic, whole | sheet["basic"])
            for section, kind in (("physical", Physical), ("content", Content), ("price", Price)):
                if section in sheet:
                    read_record(kind, sheet[section])
            if "grade" in sheet:
                Grade(sheet["grade"])
    assert filled == 447 + 838 + 669


def test_the_real_listings_say_little_of_what_a_sheet_asks_for(real_data: Path) -> None:
    drafts = read_listings(real_data / "listings" / "zhejiang.csv", source="zhejiang")
    claims = Counter(claim for draft in drafts for claim in draft["claims"])
    assert (claims["core"], claims["important"], claims["billed-on-result"]) == (21, 63, 98)
    unsaid = sum("price.mode" in draft["missing"] for draft in drafts)
    assert unsaid == 0  # 98 of them by the call, as docs/tariffs.md reads them
    types = Counter(draft["sheet"]["basic"]["type"] for draft in drafts)
    assert types == {str(ProductType.DATASET): 740, str(ProductType.API): 98}
    assert all({"conditions.purposes", "sources"} <= {*draft["missing"]} for draft in drafts)
