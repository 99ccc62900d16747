from __future__ import annotations

import pytest

from exchange.inspection import uncased
from exchange.profile import SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.test_sensitive import column


@pytest.mark.parametrize(
    "name",
    [
        "محمد الحربي",
        "مُحَمَّد أحمد القحطاني",  # with the vowels that hardly anybody writes
        "علی رضایی",
        "דוד כהן",
        "שרה בן-דוד",
        "አበበ በቀለ",
        "राम शर्मा",
        "अर्णव पाटिल",  # known by the surname alone
        "মোঃ শফিকুল ইসলাম",
        "สมชาย ใจดี",
        "น.ส. ภูมิ ใจดี",  # by the title
    ],
)
def test_names_are_known_by_what_is_much_borne(name: str) -> None:
    assert uncased.is_name(name)
    assert uncased.may_be_named(name)


@pytest.mark.parametrize(
    "text",
    [
        "محمد",  # one word may be anything
        "مدرسة خالد بن الوليد",
        "राम नगर",
        "רחוב דוד המלך",
        "রহিম নগর",
        "محمد 12",
        "राम शर्मा।",
        "John Smith",
        "",
        " ".join(["محمد"] * 6),
    ],
)
def test_places_sentences_and_other_scripts_are_none(text: str) -> None:
    assert not uncased.is_name(text)


def test_words_alone_have_the_build_of_a_name_and_no_more() -> None:
    assert uncased.may_be_named("ข้าวผัด กุ้ง")
    assert not uncased.is_name("ข้าวผัด กุ้ง")
    assert not uncased.may_be_named("स्कूल रोड")
    assert not uncased.may_be_named("كيلو 5")


def _found(inspected: Inspected, header: str, names: list[str]) -> bool | None:
    found = inspected(column(names, header)).sensitive
    kinds = [each for each in found if each.kind is SensitiveKind.PERSON_NAME]
    return kinds[0].certain if kinds else None


def test_how_sure_it_is_follows_from_what_the_header_says(inspected: Inspected) -> None:
    given = [
        "अमित",
        "प्रिया",
        "राजेश",
        "सुनीता",
        "विजय",
        "पूजा",
        "संजय",
        "कविता",
        "मोहन",
        "गीता",
        "अनिल",
        "रेखा",
    ]
    names = [f"{each} ठाकुर" for each in given]
    assert _found(inspected, "रोगी का नाम", names) is True
    assert _found(inspected, "नाम", names) is False
    assert _found(inspected, "c4", names) is False
    assert _found(inspected, "दुकान", names) is None  # a shop may be called so
    assert _found(inspected, "product_name", names) is None
    assert _found(inspected, "नाम", names[:8]) is None


def test_names_that_nobody_knows_are_asked_about_where_only_persons_stand(
    inspected: Inspected,
) -> None:
    unknown = [f"ყვავილა {each}" for each in ("ბერიძე", "ლომიძე", "კაპანაძე", "გელაშვილი")]
    assert _found(inspected, "patient", unknown) is False
    assert _found(inspected, "name", unknown * 5) is None
