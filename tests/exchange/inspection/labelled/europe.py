"""Persons by their names, homes, births and beliefs in languages of Europe and Asia.

Labelled from I-01, I-04, I-08 and I-10 before anything was looked for under such headers: values
built as names are names where the header says whose they are, a header over something else is
none, and columns that name nobody single persons out together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.exchange.inspection.labelled.abroad import any_iban
from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    QUASI,
    TABLE,
    Case,
    Cell,
    Label,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

NAME, MAYBE_NAME = certain("person_name"), reported("person_name")
ACCOUNT, HOME, SMALL = reported("account"), reported("address"), reported(QUASI)
Value = Callable[[Draw], Cell]

_GIVEN = {
    "de": """
Hans Jürgen Petra Sabine Monika Ursula Heike Stefan Katrin Günther Renate Uwe
""",
    "fr": """
Jean Nathalie Michel Isabelle Sylvie Alain Céline Julien Aurélie Thierry
""",
    "es": """
María José Antonio Carmen Manuel Dolores Pilar Javier Lucía Alejandro
""",
    "pl": """
Anna Piotr Katarzyna Krzysztof Małgorzata Agnieszka Tomasz Paweł Zofia
""",
    "it": """
Marco Giulia Luca Francesca Alessandro Chiara Matteo Giovanni Elena
""",
    "el": """
Γιώργος Μαρία Νίκος Ελένη Δημήτρης Κατερίνα
""",
}
_SURNAME = {
    "de": """
Müller Schmidt Schneider Fischer Weber Schäfer Koch Krüger Zimmermann Wolf
""",
    "fr": """
Martin Bernard Dubois Durand Moreau Lefebvre Fournier Lambert Rousseau
""",
    "es": """
García González Rodríguez Fernández López Martínez Pérez Jiménez Muñoz
""",
    "pl": """
Nowak Wiśniewska Wójcik Kowalczyk Kamińska Zielińska Szymański Dąbrowski
""",
    "it": """
Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino
""",
    "el": """
Παπαδόπουλος Νικολάου Γεωργίου Οικονόμου Βασιλείου
""",
}


def given(d: Draw, tongue: str) -> str:
    """Draw a given name of a language."""
    return d.of(_GIVEN[tongue].split())


def surname(d: Draw, tongue: str) -> str:
    """Draw a surname of a language."""
    return d.of(_SURNAME[tongue].split())


def russian(d: Draw) -> str:
    """Draw a Russian name with its patronymic."""
    return (
        f"{d.of(['Иванов', 'Петров', 'Сидоров', 'Кузнецов', 'Смирнов'])}"
        f" {d.of(['Иван', 'Пётр', 'Сергей', 'Алексей'])}"
        f" {d.of(['Иванович', 'Петрович', 'Сергеевич', 'Олегович'])}"
    )


def vietnamese(d: Draw) -> str:
    """Draw a Vietnamese name."""
    return (
        f"{d.of(['Nguyễn', 'Trần', 'Lê', 'Phạm'])} {d.of(['Văn', 'Thị', 'Hữu'])}"
        f" {d.of(['An', 'Hoa', 'Dũng', 'Minh'])}"
    )


def japanese(d: Draw) -> str:
    """Draw a Japanese name."""
    return d.of(["田中", "佐藤", "鈴木", "高橋"]) + d.of(["太郎", "花子", "健一", "美咲"])


def korean(d: Draw) -> str:
    """Draw a Korean name."""
    return d.of("김이박최") + d.of(["민수", "지영", "현우", "서연"])


def _day(d: Draw, first: int = 1950, last: int = 2002) -> str:
    return d.day(first, last).isoformat()


def table(
    name: str,
    why: str,
    made: dict[str, Value],
    expected: Mapping[str | tuple[str, ...], Label | tuple[Label, ...]],
    rows: int = 300,
) -> Case:
    """Make a case of columns each of which is drawn for itself; the verdict follows the labels."""
    verdict = PASS
    if expected:
        labels = [each for e in expected.values() for each in (e if isinstance(e, tuple) else (e,))]
        verdict = BLOCK if any(each.certain for each in labels) else ATTEST
    rule = {PASS: "I-10", ATTEST: "I-10", BLOCK: "I-01"}[verdict]
    return Case(
        name,
        f"{rule}: {why}",
        verdict,
        lambda d: {h: d.each(lambda make=make: make(d)) for h, make in made.items()},  # type: ignore[misc]
        expected,
        rows=rows,
    )


def _apart(tongue: str, first: str, last: str) -> Case:
    return table(
        f"names in two columns: {first}, {last}",
        "surnames beside given names, under headers of that language",
        {
            first: lambda d: given(d, tongue),
            last: lambda d: surname(d, tongue),
            "n": lambda d: d.whole(0, 100),
        },
        {first: NAME, last: NAME},
    )


def _whole(header: str, make: Value, label: Label = NAME) -> Case:
    return table(
        f"names under {header}",
        "values built as names under a header for persons",
        {header: make, "n": lambda d: d.whole(0, 100)},
        {header: label},
    )


CASES = (
    *(
        _apart(*each)
        for each in (
            ("de", "Vorname", "Nachname"),
            ("fr", "prénom", "nom"),
            ("es", "Nombre", "Apellidos"),
            ("pl", "imię", "nazwisko"),
            ("it", "Nome", "Cognome"),
            ("el", "όνομα", "επώνυμο"),
        )
    ),
    _whole("élève", lambda d: f"{surname(d, 'fr')} {given(d, 'fr')}"),
    _whole("alumno", lambda d: f"{given(d, 'es')} {surname(d, 'es')} {surname(d, 'es')}"),
    _whole("Mitarbeiter", lambda d: f"{surname(d, 'de')}, {given(d, 'de')}"),
    _whole("Patient", lambda d: f"{d.of(['Herr', 'Frau'])} {surname(d, 'de')}"),
    _whole("imię i nazwisko", lambda d: f"{given(d, 'pl')} {surname(d, 'pl')}"),
    _whole("nominativo", lambda d: f"{surname(d, 'it')} {given(d, 'it')}"),
    _whole("c2", lambda d: f"{given(d, 'de')} {surname(d, 'de')}"),
    _whole("ФИО", russian),
    _whole("c3", russian),
    _whole("όνομα", lambda d: f"{given(d, 'el')} {surname(d, 'el')}"),
    _whole("thuyền viên", vietnamese),
    _whole("c4", vietnamese),
    _whole("氏名", japanese),
    _whole("이름", korean, MAYBE_NAME),
    _whole(
        "pax",
        lambda d: (
            f"{d.of(['CHAN', 'WONG', 'LEUNG', 'LAU'])} {d.of(['Tai Man', 'Siu Ming', 'Ka Yan'])}"
        ),
    ),
    _whole(
        "nm",
        lambda d: (
            f"{d.of(['ZHANG', 'WANG', 'LI', 'LIU'])}/{d.of(['WEI', 'FANG', 'LEI', 'NA'])}"
            f"{d.of([' MR', ' MS', ' CHD'])}"
        ),
        MAYBE_NAME,
    ),
    # Was labelled as names that nobody knows; Osman is one of Turkey, and a quarter is enough.
    _whole(
        "farmer",
        lambda d: d.of(["Nurgul Osman", "Batkhuyag Gantulga", "Pema Wangchuk", "Sonam Gyatso"]),
    ),
    _whole(
        "villager",
        lambda d: d.of(["Batkhuyag Gantulga", "Pema Wangchuk", "Sonam Gyatso"]),
        MAYBE_NAME,
    ),
    _whole(
        "authors",
        lambda d: d.of(["Smith J., Müller K.", "Wang L., Zhang Y.", "García M."]),
        MAYBE_NAME,
    ),
    table(
        "customers with homes and accounts",
        "names, homes and accounts in German",
        {
            "Vorname": lambda d: given(d, "de"),
            "Nachname": lambda d: surname(d, "de"),
            "Straße": lambda d: (
                f"{d.of(['Hauptstraße', 'Gartenweg', 'Lindenallee'])} {d.whole(1, 99)}"
            ),
            "PLZ": lambda d: d.digits(5),
            "Ort": lambda d: d.of(["Kiel", "Bremen", "Lübeck"]),
            "IBAN": any_iban,
        },
        {"Vorname": NAME, "Nachname": NAME, "Straße": HOME, "IBAN": certain("bank_card")},
    ),
    table(
        "patients in French",
        "named patients",
        {
            "nom": lambda d: surname(d, "fr"),
            "prénom": lambda d: given(d, "fr"),
            "date_naissance": _day,
            "diagnostic": lambda d: d.of(["diabète", "hypertension", "asthme", "dépression"]),
        },
        {"nom": NAME, "prénom": NAME, "diagnostic": certain("health")},
    ),
    table(
        "findings in German",
        "persons by title, surname and birthday in every text",
        {
            "Befund": lambda d: (
                f"{d.of(['Herr', 'Frau'])} {surname(d, 'de')}, geb. {d.whole(1, 28):02}."
                f"{d.whole(1, 12):02}.19{d.whole(30, 90)}, klagt über Atemnot."
            )
        },
        {"Befund": NAME},
    ),
    table(
        "remarks with titles alone",
        "nothing beside the name says which of many",
        {
            "Bemerkung": lambda d: (
                f"bitte bei {d.of(['Herrn', 'Frau'])} {given(d, 'de')} {surname(d, 'de')} klingeln"
            )
        },
        {"Bemerkung": MAYBE_NAME},
    ),
    table(
        "homes in Poland",
        "streets with the numbers of houses and doors",
        {
            "adres": lambda d: (
                f"ul. {d.of(['Długa', 'Krótka', 'Polna'])} {d.whole(1, 60)}/{d.whole(1, 40)},"
                f" {d.digits(2)}-{d.digits(3)} {d.of(['Warszawa', 'Łódź'])}"
            ),
            "kWh": lambda d: d.whole(90, 400),
        },
        {"adres": HOME},
    ),
    *(
        table(
            f"marks or pay by {header}",
            "a number by which somebody's books tell persons apart",
            {header: lambda d: d.digits(7), "Wert": lambda d: d.whole(1, 5)},
            {header: ACCOUNT},
        )
        for header in (
            *("Matrikelnummer", "Personalnr", "Mitgliedsnummer", "Kundennummer", "matricule"),
            *("numéro d'adhérent", "numero de socio", "nr pacjenta", "klantnummer"),
        )
    ),
    table(
        "beliefs without names",
        "age, trade, belief and postcode leave persons alone (I-08)",
        {
            "Alter": lambda d: d.whole(20, 80),
            "Beruf": lambda d: d.of(["Bäcker", "Lehrerin", "Arzt", "Fischer"]),
            "Konfession": lambda d: d.of(["evangelisch", "muslimisch", "jüdisch", "keine"]),
            "PLZ": lambda d: d.digits(5),
        },
        {TABLE: SMALL},
        rows=80,
    ),
    table(
        "children without names",
        "school, course and birthday single them out (I-08)",
        {
            "colegio": lambda d: f"IES Mar {d.whole(1, 4)}",
            "curso": lambda d: d.of(["1º A", "2º B"]),
            "fecha_nacimiento": lambda d: _day(d, 2013, 2018),
            "estatura": lambda d: d.whole(105, 150),
        },
        {TABLE: SMALL},
    ),
    *(
        table(name, why, made, {})
        for name, why, made in (
            (
                "stops named for persons",
                "a street is nobody",
                {
                    "stop_name": lambda d: d.of(
                        ["Martin-Luther-Straße", "Karl-Marx-Platz", "Friedrich-Ebert-Damm"]
                    ),
                    "stop_id": lambda d: d.digits(6),
                },
            ),
            (
                "towns in German",
                "`Name` says nothing of whose",
                {
                    "Name": lambda d: f"{d.of(['Kiel', 'Singen', 'Norden'])} {d.whole(1, 300)}",
                    "PLZ": lambda d: d.digits(5),
                    "Einwohner": lambda d: d.whole(500, 90_000),
                },
            ),
            (
                "communes in French",
                "`nom` says nothing of whose",
                {
                    "nom": lambda d: (
                        f"{d.of(['Saint-Martin', 'Villeneuve', 'Sainte-Marie'])}-{d.whole(1, 300)}"
                    ),
                    "population": lambda d: d.whole(90, 90_000),
                },
            ),
            (
                "wines",
                "a grower gave his name to it",
                {
                    "wein": lambda d: (
                        f"{d.of(['Robert', 'Louis', 'Hans', 'Klaus'])}"
                        f" {d.of(['Weil', 'Jadot', 'Keller', 'Fritz'])}"
                    ),
                    "jahrgang": lambda d: d.whole(2005, 2024),
                },
            ),
            (
                "airports",
                "called after persons",
                {
                    "iata": lambda d: d.letters(3),
                    "airport": lambda d: f"{given(d, 'pl')} {surname(d, 'pl')}",
                },
            ),
            (
                "storms",
                "given names of storms",
                {
                    "storm": lambda d: d.of(["KATRINA", "SANDY", "MARIA", "IRMA", "HARVEY"]),
                    "wind_kt": lambda d: d.whole(35, 160),
                },
            ),
            (
                "ships called after persons",
                "beside a number of a ship `name` is a ship's",
                {
                    "imo": lambda d: "9" + d.digits(6),
                    "name": lambda d: f"{given(d, 'de')} {surname(d, 'de')}".upper(),
                    "gt": lambda d: d.whole(500, 90_000),
                },
            ),
            (
                "scores of teams",
                "teams",
                {
                    "home": lambda d: d.of(["Hamburger SV", "Hertha BSC", "Bayern München"]),
                    "away": lambda d: d.of(["Werder Bremen", "FC St. Pauli"]),
                    "goals": lambda d: d.whole(0, 5),
                },
            ),
            (
                "buoys in German",
                "temperatures of water",
                {
                    "Kennung": lambda d: "B" + d.digits(2),
                    "Wassertemperatur": lambda d: d.number(0, 20),
                    "Salzgehalt": lambda d: d.number(0, 30),
                },
            ),
            (
                "samples in German",
                "pH of water",
                {
                    "Probe": lambda d: f"P-{d.digits(3)}",
                    "pH": lambda d: d.number(7, 8),
                    "Ort": lambda d: d.of(["Kiel", "Helgoland"]),
                },
            ),
        )
    ),
)
