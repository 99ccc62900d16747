from __future__ import annotations

import pytest

from exchange.inspection import foreign, lexicon
from exchange.inspection.lexicon import header_suggests, plain_header
from exchange.profile import SensitiveFinding, SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.labelled import europe
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.test_sensitive import column

NAME = SensitiveKind.PERSON_NAME


def names(inspected: Inspected, header: str, cells: list[str]) -> list[SensitiveFinding]:
    profile = inspected(column(cells, header))
    return [each for each in profile.sensitive if each.kind is NAME]


@pytest.mark.parametrize(
    "name",
    [
        *("Jürgen Müller", "Müller, Jürgen", "Jean-Pierre Dubois", "María del Carmen García"),
        *("Małgorzata Wójcik", "Иванов Иван Иванович", "Ольга Смирнова", "Γιώργος Παπαδόπουλος"),
        *("Nguyễn Văn An", "Jan van der Berg", "SØREN HANSEN"),
    ],
)
def test_names_are_names_in_whatever_column(name: str) -> None:
    assert foreign.is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Müller", "Kiel 12", "Karl-Marx-Platz Nord", "Robert Weil Kabinett", "hans im glück"),
        *("Fischer Hans GmbH", "Nguyen Van An", "Saint Martin", "a b", "Иван 4", "x" * 70),
        *("Hans Peter Klaus Uwe Jens Dirk", "Blue Ocean"),
    ],
)
def test_other_texts_are_none(text: str) -> None:
    assert not foreign.is_name(text)


@pytest.mark.parametrize("name", ["Herr Müller", "Mme Dubois", "김민수", "田中太郎", "Dubois Jean"])
def test_a_header_for_persons_makes_more_of_them_names(name: str) -> None:
    assert foreign.is_named(name)
    assert not foreign.is_name(name)


def test_the_build_of_a_name_is_less_than_a_name() -> None:
    assert foreign.may_be_named("Pema Wangchuk")
    assert foreign.may_be_named("Smith J.")
    assert foreign.may_be_named("J. R. Smith")
    assert not foreign.may_be_named("night shift")
    assert foreign.is_passenger("ZHANG/WEI MR")
    assert foreign.is_passenger("SMITH/ANNA MARIA MRS")
    assert not foreign.is_passenger("A/B")
    assert not foreign.is_passenger("AND/OR")


def test_names_within_texts_and_what_points_to_somebody() -> None:
    told = "Herr Dr. Müller, geb. 12.03.1956, klagt"
    assert foreign.names_within(told) == ["Müller"]
    assert foreign.points_to_somebody(told)
    assert foreign.points_to_somebody("Appeler Mme Chantal Dubois au 06 12 34 56 78")
    assert not foreign.points_to_somebody("Frau Müller klingelt")
    assert not foreign.points_to_somebody("geliefert am 12.03.2025")
    assert foreign.names_within("von Klaus Fischer geprüft") == ["Klaus Fischer"]
    assert foreign.names_within("an der Karl Straße entlang") == []


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("Geburtsdatum", lexicon.is_birthday),
        ("Date de naissance", lexicon.is_birthday),
        ("fecha_nacimiento", lexicon.is_birthday),
        ("дата рождения", lexicon.is_birthday),
        ("生年月日", lexicon.is_birthday),
        ("Geschlecht", lexicon.quasi_sex),
        ("płeć", lexicon.quasi_sex),
        ("Alter", lexicon.quasi_age),
        ("Âge (ans)", lambda header: lexicon.quasi_age(header.split(" ")[0])),
        ("Konfession", lexicon.quasi_human),
        ("Gewerkschaft", lexicon.quasi_human),
        ("colegio", lexicon.quasi_human),
        ("PLZ", lexicon.quasi_place),
        ("code postal", lexicon.quasi_place),
        ("Matrikelnummer", lexicon.names_account),
        ("N° adhérent", lexicon.names_account),
        ("élève", lexicon.names_person),
        ("Mitarbeiterin", lexicon.names_person),
    ],
)
def test_headers_say_what_they_say_in_other_languages(header: str, says: object) -> None:
    assert says(header)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Anschrift", SensitiveKind.ADDRESS),
        ("Dirección", SensitiveKind.ADDRESS),
        ("Diagnose", SensitiveKind.HEALTH),
        ("Groupe sanguin", SensitiveKind.HEALTH),
        ("Kontonummer", SensitiveKind.BANK_CARD),
        ("Téléphone portable", SensitiveKind.MOBILE),
        ("Nachname", NAME),
        ("氏名", NAME),
        ("성명", NAME),
    ],
)
def test_headers_suggest_kinds_in_other_languages(header: str, kind: SensitiveKind) -> None:
    assert header_suggests(header, kind)


@pytest.mark.parametrize("header", ["kind", "nino", "eta", "nom", "tenant", "Kundenzahl", "sin"])
def test_words_of_other_trades_name_no_person(header: str) -> None:
    assert not lexicon.names_person(header)
    assert not header_suggests(header, NAME)
    assert not lexicon.quasi_age(header)


def test_accents_are_no_difference_and_letters_of_other_scripts_stay() -> None:
    assert plain_header("Prénom de l'Élève") == "prenom_de_l'eleve"
    assert plain_header("Größe") == "grosse"
    assert plain_header("이름") == "이름"
    assert plain_header("おなまえが") == "おなまえが"


# Columns.


def test_capital_words_are_asked_about_where_only_persons_stand(inspected: Inspected) -> None:
    d = Draw("built", 60)
    crew = d.each(lambda: f"{d.of(['Pema', 'Sonam', 'Karma'])} {d.of(['Wangdi', 'Gyaltsen'])}")
    (found,) = names(inspected, "farmer", crew)
    assert not found.certain
    assert names(inspected, "owner", crew) == []
    assert names(inspected, "farmer", ["Pema Wangdi"] * 60) == []
    assert names(inspected, "farmer", d.each(lambda: f"plot {d.whole(1, 99)}")) == []


def test_passengers_are_asked_about_under_any_header(inspected: Inspected) -> None:
    d = Draw("pnr", 60)
    booked = d.each(lambda: f"{d.letters(5)}/{d.letters(4)} {d.of(['MR', 'MRS'])}")
    (found,) = names(inspected, "x", booked)
    assert not found.certain
    assert names(inspected, "x", booked[:5] * 12) == []


def test_a_surname_beside_a_given_name_may_be_called_a_name(inspected: Inspected) -> None:
    d = Draw("beside", 40)
    rows = "".join(f"{europe.surname(d, 'fr')},{europe.given(d, 'fr')}\n" for _ in range(40))
    for first, second in (("nom", "prénom"), ("apellidos", "nombre")):
        found = inspected(f"{first},{second}\n{rows}").sensitive
        assert [(e.column, e.certain) for e in found] == [(first, True), (second, True)]
    assert inspected(f"nom,ville\n{rows}").sensitive == ()


def test_words_of_korea_under_a_header_for_anything_are_no_names(inspected: Inspected) -> None:
    d = Draw("korea", 40)
    goods = d.each(lambda: d.of(["연필", "공책", "지우개", "가방", "물병", "필통"]) + d.digits(2))
    assert names(inspected, "이름", goods) == []
    people = d.each(lambda: d.of("김이박최정강") + d.of(["민수", "지영", "현우"]))
    (found,) = names(inspected, "이름", people)
    assert not found.certain


def test_places_of_japan_begin_with_surnames_and_are_none(inspected: Inspected) -> None:
    d = Draw("japan", 60)
    places = d.each(lambda: d.of(["山口", "石川", "千葉", "中村", "上野"]) + d.of("県市町駅川港島"))
    assert names(inspected, "名前", places) == []
    people = d.each(lambda: d.of(["山口", "石川", "千葉", "中村"]) + d.of(["太郎", "花子", "健一"]))
    (found,) = names(inspected, "名前", people)
    assert found.certain
    rare = d.each(lambda: d.of(["山口", "石川", "千葉", "中村"]) + d.of(["鑑連", "蔵人", "鬼麿"]))
    (found,) = names(inspected, "名前", rare)
    assert not found.certain
    assert names(inspected, "c1", rare) == []


@pytest.mark.parametrize("header", ["École", "colegio", "Gipfel", "airport", "Gemeinde"])
def test_what_is_called_after_persons_is_nobody(inspected: Inspected, header: str) -> None:
    d = Draw("called", 60)
    called = d.each(lambda: f"{europe.given(d, 'fr')} {europe.surname(d, 'fr')}")
    assert names(inspected, header, called) == []


def test_ships_beside_their_numbers_are_called_after_persons(inspected: Inspected) -> None:
    d = Draw("ships", 60)
    ships = d.each(lambda: f"{europe.given(d, 'de')} {europe.surname(d, 'de')}")
    rows = "".join(f"9{d.digits(6)},{each}\n" for each in ships)
    assert inspected(f"imo,name\n{rows}").sensitive == ()
    assert [e.certain for e in inspected(f"lot,name\n{rows}").sensitive if e.kind is NAME] == [True]


@pytest.mark.parametrize(
    ("header", "make", "found"),
    [
        ("Anschrift", "Hauptstraße {}, 24103 Kiel", 1),
        ("adresse", "{} rue de la Paix, 75002 Paris", 1),
        ("dirección", "Calle Mayor, {}, Madrid", 1),
        ("indirizzo", "Via Roma {}, Torino", 1),
        ("адрес", "ул. Ленина, д. {}, Москва", 1),
        ("x", "ul. Długa {}/4, 80-123 Gdańsk", 1),
        ("x", "Raum {} im Nebengebäude", 0),
        ("adresse", "voir au verso n {}", 0),
        ("Firmenanschrift", "Hauptstraße {}, Kiel", 0),
    ],
)
def test_streets_with_houses_are_asked_about(
    inspected: Inspected, header: str, make: str, found: int
) -> None:
    cells = [make.format(each) for each in range(1, 41)]
    kinds = [e.certain for e in inspected(column(cells, header)).sensitive]
    assert kinds == [False] * found


def test_a_child_by_its_birthday_under_another_languages_header(inspected: Inspected) -> None:
    d = Draw("child", 40)
    rows = "".join(f"{d.day(2013, 2018)},{d.whole(100, 150)}\n" for _ in range(40))
    profile = inspected(f"fecha_nacimiento,estatura\n{rows}")
    assert profile.youngest_born is not None
    assert profile.youngest_born >= 2013


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Szabó Zsófia",
            "DUPONT Amélie",
            "Carlos Echeverría",
            "Wencke Petersen",
            "Ким Виноградов",
        ),
        *("Θεμις Παπαδόπουλος", "Guðrún Jónsdóttir", "Anita Deshpande", "Nguyễn Văn An"),
    ],
)
def test_a_name_is_told_by_either_of_its_parts(text: str) -> None:
    assert foreign.is_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Zatoka Gdańska",
        "Marine Diesel",
        "Per Capita",
        "Sri Lanka",
        "Nová Ves",
        "LED Panel",
        "Szabó",
    ],
)
def test_places_and_goods_are_no_names(text: str) -> None:
    assert not foreign.is_name(text)


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        (["author", "isbn"], []),
        (["author", "title", "year"], []),
        (["author", "title"], ["certain"]),
        (["author", "title", "journal"], ["asked"]),
        (["employee", "title", "year"], ["certain"]),
    ],
)
def test_who_made_a_work_is_named_in_public(
    inspected: Inspected, headers: list[str], asked: list[str]
) -> None:
    d = Draw("works", 60)
    rows = d.each(lambda: [f"{europe.given(d, 'de')} {europe.surname(d, 'de')}", "7", "8"])
    lines = [headers, *(row[: len(headers)] for row in rows)]
    found = inspected("\n".join(map(",".join, lines))).sensitive
    told = ["certain" if each.certain else "asked" for each in found if each.column == headers[0]]
    assert told == asked
