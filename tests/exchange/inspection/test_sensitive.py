from __future__ import annotations

import base64
import json
import math
import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exchange.inspection import discover_detectors, identifiers, sensitive
from exchange.inspection.cells import Cells
from exchange.inspection.chances import chance
from exchange.inspection.detector import ColumnDetector
from exchange.inspection.lexicon import header_suggests
from exchange.inspection.reader import Column
from exchange.participants import is_credit_code
from exchange.profile import ColumnType, Profile, SensitiveFinding, SensitiveKind
from tests.exchange.inspection.conftest import Inspected

# Every identifier here is made up: 379999 is an area code that has never been assigned.


def resident_id(birthday: str, serial: int) -> str:
    body = f"379999{birthday}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def card(serial: int) -> str:
    body = f"622200000{serial:09d}"
    total = sum(
        sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def credit_code(serial: int) -> str:
    body = f"91379999MA{serial:07d}"
    return next(body + c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if is_credit_code(body + c))


def of(profile: Profile, kind: SensitiveKind) -> list[SensitiveFinding]:
    return [each for each in profile.sensitive if each.kind is kind]


def column(cells: list[str], name: str = "value") -> str:
    quoted = (cell.replace('"', '""') for cell in cells)
    return f"n,{name}\n" + "".join(f'{i},"{cell}"\n' for i, cell in enumerate(quoted))


def noise(seed: int = 20260105) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable, not secret


IDS = [resident_id(f"19{50 + i % 50}0{1 + i % 9}1{i % 10}", i) for i in range(60)]
NAMES = [s + g for s in "王李张刘陈杨赵黄" for g in ("海一", "海波", "明", "国立")]
TOKEN = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=")
    for part in (json.dumps({"alg": "HS256"}).encode(), b'{"sub":"x"}', b"signature-of-nobody")
)

FOUND: dict[str, tuple[SensitiveKind, list[str], str]] = {
    "identity numbers": (SensitiveKind.RESIDENT_ID, IDS, "value"),
    "identity numbers in lower case": (
        SensitiveKind.RESIDENT_ID,
        [each.lower() for each in IDS],
        "value",
    ),
    "grouped identity numbers": (
        SensitiveKind.RESIDENT_ID,
        [f"{i[:6]} {i[6:14]} {i[14:]}" for i in IDS],
        "value",
    ),
    "full-width identity numbers": (
        SensitiveKind.RESIDENT_ID,
        [each.translate({48 + d: 0xFF10 + d for d in range(10)}) for each in IDS],
        "value",
    ),
    "an identity number in a text": (
        SensitiveKind.RESIDENT_ID,
        ["海况良好"] * 50 + [f"值班员证件{IDS[7]}已核对"],
        "note",
    ),
    "mobile numbers": (
        SensitiveKind.MOBILE,
        [f"{p}0000{i:04d}" for i, p in enumerate([139, 158, 176, 188, 199] * 8)],
        "value",
    ),
    "international mobile numbers": (
        SensitiveKind.MOBILE,
        [f"+86 139-0000-{i:04d}" for i in range(9)],
        "value",
    ),
    "a called mobile number": (SensitiveKind.MOBILE, ["请联系 13900000001", "无", "无"], "note"),
    "bank cards": (SensitiveKind.BANK_CARD, [card(i) for i in range(40)], "value"),
    "credit codes": (SensitiveKind.CREDIT_CODE, [credit_code(i) for i in range(20)], "value"),
    "mailboxes": (SensitiveKind.EMAIL, ["someone.else@example.org", "x"], "value"),
    "names": (SensitiveKind.PERSON_NAME, NAMES, "value"),
    "few names under a header": (SensitiveKind.PERSON_NAME, NAMES[:3], "姓名"),
    "home addresses": (
        SensitiveKind.ADDRESS,
        [f"山东省虚构市海边区潮汐路{i}号{i}单元" for i in range(12)],
        "家庭住址",
    ),
    "a secrecy mark": (SensitiveKind.SECRECY_MARK, ["机密★10年", "x"], "value"),
    "a mark alone": (SensitiveKind.SECRECY_MARK, ["x", "【绝密】"], "value"),
    "a private key": (
        SensitiveKind.CREDENTIAL,
        ["-----BEGIN " + "RSA PRIVATE KEY-----\nMII", "x"],
        "value",
    ),
    "a cloud key": (SensitiveKind.CREDENTIAL, ["AKIA" + "ABCDEFGHIJKLMNOP", "x"], "value"),
    "a web token": (SensitiveKind.CREDENTIAL, [TOKEN, "x"], "value"),
}


@pytest.mark.parametrize("what", FOUND)
def test_what_is_sensitive_is_found_with_certainty(inspected: Inspected, what: str) -> None:
    kind, cells, name = FOUND[what]
    profile = inspected(column(cells, name))
    findings = of(profile, kind)
    assert [each.certain for each in findings] == [True]
    assert findings[0].column == name
    assert 0 < findings[0].matched <= findings[0].tested == len(cells)
    for cell in cells:
        assert len(cell) < 6 or cell not in str(profile)


HARMLESS: dict[str, tuple[list[str], str]] = {
    "serial numbers of 18 digits": (
        [str(noise(i).randrange(10**17, 10**18)) for i in range(3000)],
        "serial",
    ),
    "serial numbers of 19 digits": (
        [str(noise(i).randrange(10**18, 10**19)) for i in range(3000)],
        "serial",
    ),
    "serial numbers of 16 digits": (
        [str(noise(i).randrange(10**15, 10**16)) for i in range(3000)],
        "serial",
    ),
    "regions and dates with a count": (
        [f"370200202601{1 + i % 28:02d}{i % 10000:04d}" for i in range(2000)],
        "order",
    ),
    "milliseconds since 1970": ([str(1767571200000 + 1000 * i) for i in range(500)], "epoch"),
    "frequencies in hertz": ([str(13450000000 + 5000 * i) for i in range(500)], "frequency"),
    "stations": (["小麦岛", "朝连岛", "千里岩", "石臼港", "黄岛", "成山头"] * 9, "station"),
    "tides": (["高潮", "低潮", "涨潮", "落潮"] * 20, "phase"),
    "station names": (["Qingdao Buoy", "Rizhao Pier"] * 9, "name"),
    "keeping secrets": (["本产品不涉及国家秘密与商业秘密"] * 9, "note"),
    "checksums": ([f"{noise(i).getrandbits(128):032x}" for i in range(2000)], "md5"),
    "times": ([f"2026-01-05 13:{i % 60:02d}:00 航次" for i in range(99)], "note"),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_is_harmless_is_not_flagged(inspected: Inspected, what: str) -> None:
    cells, name = HARMLESS[what]
    assert inspected(column(cells, name)).sensitive == ()


def test_mailboxes_of_offices_are_nobodys(inspected: Inspected) -> None:
    assert inspected(column(["info@example.org", "data@example.org"])).sensitive == ()


def test_health_is_somebodys_only_beside_persons(inspected: Inspected) -> None:
    alone = inspected("n,诊断\n1,正常\n2,正常\n")
    assert of(alone, SensitiveKind.HEALTH) == []
    named = inspected("姓名,诊断\n" + "".join(f"{name},正常\n" for name in NAMES))
    assert [each.certain for each in of(named, SensitiveKind.HEALTH)] == [True]


def test_masked_numbers_under_a_telling_header_are_reported(inspected: Inspected) -> None:
    (finding,) = inspected(column(["3799**********0001"] * 5, "身份证号")).sensitive
    assert (finding.kind, finding.certain) == (SensitiveKind.RESIDENT_ID, False)


def test_numbers_of_a_private_column_are_not_shown(inspected: Inspected) -> None:
    ids = [each for each in IDS if each.isdigit()]
    profile = inspected("n,value\n" + "".join(f"1,{each}\n" for each in ids))
    assert profile.columns[1].type == "integer"
    assert profile.columns[1].minimum is None
    assert profile.columns[1].histogram == ()


def test_one_identity_number_in_many_rows_is_found(inspected: Inspected) -> None:
    rows = [f"{i},测量{i}号风速正常" for i in range(300_000)]
    rows[271_828] = f"271828,复核人 {IDS[3]} 签收"
    profile = inspected("n,note\n" + "\n".join(rows) + "\n")
    (finding,) = of(profile, SensitiveKind.RESIDENT_ID)
    assert (finding.matched, finding.certain) == (1, True)


def judged(name: str, *batches: list[str]) -> dict[SensitiveKind, SensitiveFinding]:
    readers = [each for each in discover_detectors() if isinstance(each, ColumnDetector)]
    text = Column(name, ColumnType.TEXT)
    tested = sum(map(len, batches))
    found = sensitive._of_column(map(Cells.of, batches), text, tested, readers)
    return {each.kind: each for each in found}


def test_what_fills_a_column_is_counted_by_its_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensitive, "DECIDED_BY", 60)
    people = [resident_id("19900101", i) for i in range(60)]
    others = [resident_id("19910101", i) for i in range(40)]
    by_shape = judged("code", people, others)[SensitiveKind.RESIDENT_ID]
    assert (by_shape.matched, by_shape.tested, by_shape.subjects) == (100, 100, None)
    assert by_shape.evidence.endswith("of 60 looked at and 40 alike")
    looked_at = judged("code", people + others)[SensitiveKind.RESIDENT_ID]
    assert (looked_at.matched, looked_at.subjects) == (100, 100)


def test_what_looks_otherwise_in_a_filled_column_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sensitive, "DECIDED_BY", 60)
    calls = [f"139{i * 7_654_321 % 10**8:08}" for i in range(60)]
    found = judged("phone", calls, [*calls[:9], "AKIAIOSFODNN7EXAMPLE"])
    assert set(found) == {SensitiveKind.MOBILE, SensitiveKind.CREDENTIAL}
    # Codes of organisations are as long as the numbers of persons, who could hide among them.
    codes = [credit_code(i) for i in range(60)]
    people = [resident_id("19900101", i) for i in range(60)]
    assert SensitiveKind.RESIDENT_ID in judged("code", codes, people)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("姓名", SensitiveKind.PERSON_NAME),
        ("Full Name", SensitiveKind.PERSON_NAME),
        ("lastName", SensitiveKind.PERSON_NAME),
        ("身份证号码", SensitiveKind.RESIDENT_ID),
        ("ID card", SensitiveKind.RESIDENT_ID),
        ("手机", SensitiveKind.MOBILE),
        ("phone_number", SensitiveKind.MOBILE),
        ("diagnosis", SensitiveKind.HEALTH),
    ],
)
def test_headers_are_read_in_both_languages(header: str, kind: SensitiveKind) -> None:
    assert header_suggests(header, kind)


@pytest.mark.parametrize(
    "header", ["station", "file_name", "standard_name", "valid_min", "telemetry"]
)
def test_other_headers_say_nothing(header: str) -> None:
    assert not any(header_suggests(header, kind) for kind in SensitiveKind)


Mutation = Callable[[str], str]


@given(st.dates(), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_any_changed_digit_breaks_the_check(
    birthday: object, serial: int, place: int, step: int
) -> None:
    year = 1900 + serial % 200
    good = resident_id(f"{year}{str(birthday)[5:7]}15", serial)
    bad = good[:place] + str((int(good[place]) + step) % 10) + good[place + 1 :]
    _, passed = identifiers.resident(identifiers.matrix([good, bad], 18))
    assert passed.tolist() == [True, False]


@given(st.integers(0, 10**9 - 1), st.integers(0, 18), st.integers(1, 9))
def test_any_changed_digit_breaks_luhn(serial: int, place: int, step: int) -> None:
    good = card(serial)
    bad = good[:place] + str((int(good[place]) + step) % 10) + good[place + 1 :]
    _, passed = identifiers.bank_card(identifiers.matrix([good, bad], 19))
    assert passed.tolist() == [True, False]


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        # The worked example of GB 11643-1999, appendix A.
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("110105194902310028", False),
        ("990105194912310020", False),
        ("11010519491231002A", False),
    ],
)
def test_resident_numbers_by_example(number: str, valid: bool) -> None:  # noqa: FBT001
    _, passed = identifiers.resident(identifiers.matrix([number], 18))
    assert passed.tolist() == [valid]


def test_a_million_random_numbers_pass_as_often_as_is_said() -> None:
    numbers = np.random.default_rng(20260105).integers(10**17, 10**18 - 1, 1_000_000)
    codes = numbers.astype("S18").view(np.uint8).reshape(-1, 18)
    _, passed = identifiers.resident(codes)
    assert 2 <= int(passed.sum()) <= 40
    shaped, passed = identifiers.bank_card(codes)
    assert int(passed.sum()) <= identifiers.CARD_BY_CHANCE * len(codes) * 1.1
    assert 0.09 < passed.sum() / shaped.sum() < 0.11
    shaped, passed = identifiers.credit_code(codes)
    assert 0.025 < passed.sum() / shaped.sum() < 0.04
    old = identifiers.resident_old(codes[:, :15]).mean()
    assert old <= identifiers.OLD_BY_CHANCE
    assert identifiers.bank_card(codes[:, :16])[1].mean() <= identifiers.SHORT_CARD_BY_CHANCE


def test_chance_is_a_tail_probability() -> None:
    assert chance(10, 10, 0.1) == pytest.approx(1e-10)
    assert chance(1, 1, identifiers.RESIDENT_BY_CHANCE) == pytest.approx(
        identifiers.RESIDENT_BY_CHANCE
    )
    assert chance(1_000_000, 14, identifiers.RESIDENT_BY_CHANCE) == 1.0
    assert chance(5, 0, 0.5) == 1.0


@given(
    st.integers(1, 2_000_000), st.integers(0, 5_000), st.sampled_from([0.5, 0.1, 1 / 31, 1.6e-5])
)
@example(1_000_000, 0, 0.5)
@example(1_000, 990, 1.6e-5)
def test_chance_leaves_out_no_hits_that_would_count(
    trials: int, beyond: int, probability: float
) -> None:
    hits = min(trials, math.floor(trials * probability) + 1 + beyond)
    total = 0.0
    for passed in range(hits, min(trials, hits + 200) + 1):
        ways = math.lgamma(trials + 1) - math.lgamma(passed + 1) - math.lgamma(trials - passed + 1)
        rest = (trials - passed) * math.log1p(-probability)
        total += math.exp(ways + passed * math.log(probability) + rest)
    assert chance(trials, hits, probability) == min(total, 1.0)


@pytest.mark.parametrize(
    ("number", "beside", "values"),
    [
        ("学号", "姓名", ["王芳", "李秀兰", "张志强", "刘伟", "陈静怡", "杨明"]),
        ("tg_id", "phone", [f"+7 916 555-{n:02}-{n + 11:02}" for n in range(10, 70)]),
    ],
)
def test_of_a_number_beside_a_person_neither_least_nor_greatest_is_kept(
    inspected: Inspected, number: str, beside: str, values: list[str]
) -> None:
    rows = [f"{20_230_001 + n * 7},{values[n % len(values)]},{n % 40 + 60}" for n in range(120)]
    profile = inspected(f"{number},{beside},score\n" + "\n".join(rows) + "\n")
    told = {each.name: each.minimum for each in profile.columns}
    assert profile.sensitive
    assert told[number] is None
    assert told["score"] == "60"


def test_a_number_beside_nobody_keeps_its_least_and_its_greatest(inspected: Inspected) -> None:
    profile = inspected("tg_id,score\n" + "".join(f"{n + 100},{n % 9}\n" for n in range(120)))
    assert [each.minimum for each in profile.columns] == ["100", "0"]
