from __future__ import annotations

import random
from importlib.metadata import EntryPoint
from typing import ClassVar

import pytest

from exchange import inspection
from exchange.errors import ExchangeError, Unreadable
from exchange.inspection import discover_detectors
from exchange.inspection.conformance import ColumnDetectorContract, TableDetectorContract
from exchange.inspection.detector import ColumnDetector, TableDetector
from exchange.inspection.detectors.addresses import AddressDetector
from exchange.inspection.detectors.bodies import BodyDetector
from exchange.inspection.detectors.disguises import DisguiseDetector
from exchange.inspection.detectors.documents import DocumentDetector, PlateDetector
from exchange.inspection.detectors.mailboxes import MailboxDetector
from exchange.inspection.detectors.numbers import NumberDetector
from exchange.inspection.detectors.people import PeopleDetector
from exchange.inspection.detectors.pieces import PieceDetector
from exchange.inspection.detectors.places import PlaceDetector
from exchange.inspection.detectors.secrets import CredentialDetector, SecrecyDetector
from exchange.inspection.detectors.territories import TerritoryDetector
from exchange.inspection.persons import names_within
from exchange.profile import SensitiveFinding, SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.test_sensitive import IDS, NAMES, TOKEN, card, column, noise


def test_built_in_detectors_are_registered_as_a_strangers_would_be() -> None:
    found = discover_detectors()
    assert [each.name for each in found] == [
        *("access", "accounts", "addresses", "bodies", "credentials", "disguises", "documents"),
        *("ibans", "mailboxes", "nationals", "numbers", "people", "pieces", "places", "plates"),
        *("plates-abroad", "secrecy", "telephones", "territories"),
    ]
    assert all(isinstance(each, ColumnDetector | TableDetector) for each in found)


def test_a_detector_that_does_not_load_stops_the_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("badges", "no_such_module:Detector", inspection.DETECTORS)
    monkeypatch.setattr(inspection, "entry_points", lambda **_: [broken])
    with pytest.raises(ExchangeError, match=r"detector badges .* does not load"):
        discover_detectors()


def test_what_is_no_detector_stops_the_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("dict", "builtins:dict", inspection.DETECTORS)
    monkeypatch.setattr(inspection, "entry_points", lambda **_: [broken])
    with pytest.raises(ExchangeError, match="is not a Detector"):
        discover_detectors()


def test_an_exchange_without_detectors_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "entry_points", lambda **_: [])
    with pytest.raises(ExchangeError, match="no detector is installed"):
        discover_detectors()


class TestNumbers(ColumnDetectorContract):
    detector = NumberDetector()
    header = "证件号"
    sensitive: ClassVar = [*IDS[:20], *(f"卡号 {card(i)}" for i in range(9)), "电话13912345678"]
    harmless: ClassVar = ["370200202601051235", "0.13912345678", "1399999999", "2026-01-05 1300"]


class TestDocuments(ColumnDetectorContract):
    detector = DocumentDetector()
    header = "护照号"
    sensitive: ClassVar = ["E12345678", "g87654321", "EA1234567"]
    harmless: ClassVar = ["普通护照", "公务护照", "有"]


class TestPlates(ColumnDetectorContract):
    detector = PlateDetector()
    header = "记录"
    sensitive: ClassVar = ["鲁B12C45", "停在门口的京AD12345", "沪A·8K321"]
    harmless: ClassVar = ["鲁青渔60123", "鲁DB37/T 1234", "鲁B", "京ICP备12345678号"]


class TestMailboxes(ColumnDetectorContract):
    detector = MailboxDetector()
    header = "contact"
    sensitive: ClassVar = ["li.na@example.org", "请联系lina88@qq.com。", "Li <LI.NA@EXAMPLE.ORG>"]
    harmless: ClassVar = [
        "info@example.org",
        "numpy@2.4",
        "@someone",
        "a1b2c3d4e5f60718@mx.example",
    ]


class TestCredentials(ColumnDetectorContract):
    detector = CredentialDetector()
    header = "config"
    sensitive: ClassVar = [TOKEN, "AKIA" + "ABCDEFGHIJKLMNOP", "https://me:hunter22@example.org/x"]
    harmless: ClassVar = ["AKIAK", "https://example.org/x", "b2s7b2s7b2s7b2s7", "public key"]


class TestSecrecy(ColumnDetectorContract):
    detector = SecrecyDetector()
    header = "标题"
    sensitive: ClassVar = ["机密★10年", "密级：秘密", "【绝密】"]
    harmless: ClassVar = ["秘密花园", "机密性", "商业秘密", "密度", "内部波"]


class TestPeople(TableDetectorContract):
    detector = PeopleDetector()
    sensitive: ClassVar = {"联系人": NAMES}
    harmless: ClassVar = {"站名": ["王家庄", "张家口", "黄岛", "石岛"] * 5}


class TestTerritories(TableDetectorContract):
    detector = TerritoryDetector()
    sensitive: ClassVar = {"a": [f"+852 9{i:03d} 4567" for i in range(20)]}
    harmless: ClassVar = {"a": [f"A{i:06d}(3)" for i in range(20)]}


class TestPieces(TableDetectorContract):
    detector = PieceDetector()
    sensitive: ClassVar = {
        "a": [each[:6] for each in IDS],
        "b": [each[6:14] for each in IDS],
        "c": [each[14:] for each in IDS],
    }
    harmless: ClassVar = {
        "a": ["370200"] * 60,
        "b": [f"202601{1 + i % 28:02d}" for i in range(60)],
        "c": [f"{i:04d}" for i in range(60)],
    }


class TestDisguises(TableDetectorContract):
    detector = DisguiseDetector()
    sensitive: ClassVar = {
        "a": [f"138****{i:04d}" for i in range(20)],
        "phone_md5": [f"{noise(i).getrandbits(128):032x}" for i in range(20)],
    }
    harmless: ClassVar = {
        "file_md5": [f"{noise(i).getrandbits(128):032x}" for i in range(20)],
        "电话次数": [str(1000 + i) for i in range(20)],
    }


class TestAddresses(TableDetectorContract):
    detector = AddressDetector()
    sensitive: ClassVar = {
        "x": [f"山东省虚构市海边区潮汐路{i}号{i}号楼{i}单元{100 + i}室" for i in range(1, 13)]
    }
    harmless: ClassVar = {"注册地址": [f"山东省虚构市海边区潮汐路{i}号" for i in range(1, 13)]}


class TestBodies(TableDetectorContract):
    detector = BodyDetector()
    sensitive: ClassVar = {"患者编号": [f"P{i}" for i in range(20)], "诊断": ["哮喘", "正常"] * 10}
    harmless: ClassVar = {"机组": [f"T{i}" for i in range(20)], "诊断": ["轴承磨损", "正常"] * 10}


class TestPlaces(TableDetectorContract):
    detector = PlaceDetector()
    sensitive: ClassVar = {
        "user_id": [f"u{i % 4}" for i in range(40)],
        "time": [f"2026-01-05 13:{i:02d}:00" for i in range(40)],
        "lat": [f"36.{10_000 + 37 * i}" for i in range(40)],
        "lon": [f"120.{30_001 + 41 * i}" for i in range(40)],
    }
    harmless: ClassVar = {**sensitive, "drifter_id": sensitive["user_id"]}
    harmless.pop("user_id")


FOUND: dict[str, tuple[SensitiveKind, bool, list[str], str]] = {
    "old identity numbers under their header": (
        SensitiveKind.RESIDENT_ID,
        True,
        [f"379999{50 + i:02d}0{1 + i % 9}1{i % 10}{i:03d}" for i in range(40)],
        "身份证号",
    ),
    "permits of residents of Hong Kong": (
        SensitiveKind.PERMIT,
        True,
        [f"H{10_000_000 + 7 * i}" for i in range(30)],
        "回乡证号",
    ),
    "permits of residents of Taiwan, which are mere numbers": (
        SensitiveKind.PERMIT,
        True,
        [str(10_000_001 + 7 * i) for i in range(30)],
        "台胞证号",
    ),
    "passports without a header": (
        SensitiveKind.PASSPORT,
        False,
        [f"E{10_000_000 + 7919 * i}" for i in range(30)],
        "c5",
    ),
    "numbers with hidden characters between the digits": (
        SensitiveKind.RESIDENT_ID,
        True,
        ["\u200b".join(each) for each in IDS],
        "note",
    ),
    "masked cards": (
        SensitiveKind.BANK_CARD,
        False,
        [f"6222 **** **** {i:04d}" for i in range(20)],
        "银行卡号",
    ),
    "mobile numbers that went through floating point": (
        SensitiveKind.MOBILE,
        True,
        [f"{p}{4_000_0000 + 7919 * i}.0" for i, p in enumerate([139, 158, 176, 188, 199] * 8)],
        "value",
    ),
    "mobile numbers that count up": (
        SensitiveKind.MOBILE,
        False,
        [str(13_912_345_001 + i) for i in range(60)],
        "order_no",
    ),
    "faces": (
        SensitiveKind.BIOMETRIC,
        True,
        [" ".join(f"{noise(i * j).random():.4f}" for j in range(1, 17)) for i in range(20)],
        "face_embedding",
    ),
    "masked names": (SensitiveKind.PERSON_NAME, False, ["张*", "李**", "王*明"] * 5, "姓名"),
}


@pytest.mark.parametrize("what", FOUND)
def test_what_is_sensitive_is_found_as_surely_as_it_is(inspected: Inspected, what: str) -> None:
    kind, certain, cells, name = FOUND[what]
    found = inspected(column(cells, name)).sensitive
    assert [(each.kind, each.certain) for each in found] == [(kind, certain)]


def test_a_value_repeated_is_one_trial_and_no_proof(inspected: Inspected) -> None:
    # One number of sixteen digits in ten passes Luhn, however often it stands there.
    number = card(1)
    assert inspected(column([number] * 500, "batch")).sensitive == ()


def test_a_plate_and_a_name_in_neighbouring_cells_do_not_join(inspected: Inspected) -> None:
    profile = inspected(column(["鲁", "B12345", "139", "12345678"] * 10, "part"))
    assert profile.sensitive == ()


def test_persons_are_counted_by_the_number_that_tells_them_apart(inspected: Inspected) -> None:
    rows = [f"{IDS[i % 20]},13{i % 10}{10_000_000 + 7919 * i},哮喘" for i in range(60)]
    found = inspected("身份证号,手机,诊断\n" + "\n".join(rows) + "\n").sensitive
    by_kind = {each.kind: each.subjects for each in found}
    assert by_kind == {
        SensitiveKind.RESIDENT_ID: 20,
        SensitiveKind.MOBILE: 20,
        SensitiveKind.HEALTH: 20,
    }


def test_the_youngest_is_known_by_the_year_of_birth(inspected: Inspected) -> None:
    assert inspected(column(IDS, "id")).youngest_born == 1999
    assert inspected("出生日期,n\n2015-03-01,1\n1990-01-01,2\n").youngest_born == 2015
    assert inspected(column(["x"])).youngest_born is None


@pytest.mark.parametrize(
    ("content", "aged"),
    [
        ("年龄,n\n9,1\n40,2\n", 9),
        ("年龄,n\n9岁,1\n40周岁,2\n", 9),
        ("學生年齡,n\n9,1\n40,2\n", 9),
        ("student_age,n\n9.5,1\n40,2\n", 9),
        ("xb,nl,nj\n男,9,一年级\n女,40,二年级\n", 9),
        ("nl,n\n9,1\n40,2\n", None),  # initials alone may be anything
        ("xx,bj,nl\n1,2,9\n1,2,40\n", 9),
        ("xx,bj,nj\n1,2,9\n1,2,40\n", None),
        ("年龄,n\n0,1\n40,2\n", 40),  # nobody knows
        ("年龄,n\n0,1\n0,2\n", None),
        ("年龄,n\n9,1\n900,2\n", None),  # no years
        ("年龄,n\n少年,1\n老年,2\n", None),
        ("船舶年龄,n\n9,1\n40,2\n", None),
        ("account_age,n\n9,1\n40,2\n", None),
    ],
)
def test_the_youngest_is_known_by_an_age_that_is_a_persons(
    inspected: Inspected, content: str, aged: int | None
) -> None:
    assert inspected(content).youngest_aged == aged


def test_how_many_stand_within_texts_is_counted(inspected: Inspected) -> None:
    cells = [*IDS[:5], *(f"证件{each}已核对" for each in IDS[5:12]), "海况良好"]
    (finding,) = inspected(column(cells, "note")).sensitive
    assert (finding.matched, finding.embedded, finding.tested) == (12, 7, 13)


def test_a_first_row_taken_for_the_header_is_found_and_withheld(inspected: Inspected) -> None:
    profile = inspected(f"{IDS[3]},13912345678,li.na@example.org\n1,2,3\n")
    kinds = {each.kind for each in profile.sensitive}
    assert kinds == {SensitiveKind.RESIDENT_ID, SensitiveKind.MOBILE, SensitiveKind.EMAIL}
    assert {each.column for each in profile.sensitive} == {"(metadata)"}
    assert [each.name for each in profile.columns] == [f"(withheld) {i}" for i in (1, 2, 3)]
    assert not any(value in repr(profile) for value in (IDS[3], "13912345678", "li.na"))


def test_a_mark_in_a_columns_name_is_found_at_the_column(inspected: Inspected) -> None:
    (finding,) = inspected("n,水深（机密★10年）\n1,2\n").sensitive
    assert (finding.column, finding.kind) == ("水深（机密★10年）", SensitiveKind.SECRECY_MARK)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("13912345678,n,13912345678\n1,2,3\n", "data.csv"),
        ("zhang@sea.example.cn,ZHANG@sea.example.cn\n1,2\n", "data.csv"),
        ("王小明,王小明\n1,2\n", "data.csv"),
        ('{"13912345678": 1, "13912345678": 2}\n', "data.jsonl"),
        ('{"a": {"13912345678": 1}, "a.13912345678": 2}\n', "data.jsonl"),
    ],
)
def test_a_refusal_quotes_no_name_that_could_be_a_persons(
    inspected: Inspected, content: str, name: str
) -> None:
    with pytest.raises(Unreadable, match="withheld") as refused:
        inspected(content, name)
    told = str(refused.value).casefold()
    assert not any(each in told for each in ("13912345678", "zhang", "王小明"))


def test_numbers_of_one_city_and_operator_are_reported_though_all_begin_alike(
    inspected: Inspected,
) -> None:
    draw = random.Random(4)  # noqa: S311 - a specimen
    numbers = [f"13{draw.choice('5678')}{draw.randrange(10**8):08d}" for _ in range(100)]
    (finding,) = inspected(column(numbers, "a")).sensitive
    assert (finding.kind, finding.certain, finding.matched) == (SensitiveKind.MOBILE, False, 100)


def test_findings_speak_of_nobody() -> None:
    fields = SensitiveFinding.__dataclass_fields__
    assert set(fields) == {
        *("column", "kind", "matched", "tested", "certain", "evidence", "embedded", "subjects")
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("被告人王伟犯盗窃罪，判处有期徒刑", ["王伟"]),
        ("我是张敏，明天去复查", ["张敏"]),
        ("@李强 孩子发烧了", ["李强"]),
        ("王芳，男，45岁，因咳嗽就诊", ["王芳"]),
        ("我是浮标，明天检修", []),
        ("高平，2026，南", []),
    ],
)
def test_a_name_in_running_text_stands_beside_words_that_go_with_persons(
    text: str, names: list[str]
) -> None:
    assert names_within(text) == names
