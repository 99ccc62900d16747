from __future__ import annotations

import pytest

from exchange.inspection.ailments import tells_ailment, tells_of_one


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Depressive Episoden",
            "ANGSTSTÖRUNG",
            "Hypertonie Grad 2",
            "état dépressif",
            "épilepsie",
        ),
        *("hipertensión arterial", "attacchi di panico", "hoge bloeddruk", "cukrzyca typu 2"),
        *(
            "cukorbetegség",
            "сахарный диабет",
            "υπέρταση",
            "慢性乙型肝炎、乙肝",
            "高血壓",
            "うつ病",
            "당뇨병",
        ),
        *(
            "Ramipril 5 mg",
            "atorvastatine",
            "Pantoprazol",
            "amoxicillin",
            "F32.1",
            "N06AB06",
            "HIV",
        ),
    ],
)
def test_words_for_disorders_and_drugs_are_known(text: str) -> None:
    assert tells_ailment(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "April",
            "statin",
            "Kontrolle in zwei Wochen",
            "blood pressure sensor",
            "水温偏高",
            "A12",
        ),
        *("Mutterschutz: Schwangerschaftsvertretung", "Tabasco", "Frauenfeld", "F-16", "parallel"),
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert not tells_ailment(text)


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("Patientin klagt über Migräne", True),
        ("Patienten mit Diabetes", False),
        ("Mme Garnier, asthme", True),
        ("asthme", False),
        ("男，76岁，糖尿病", True),
        ("68-year-old with COPD", True),
        ("68-jährige mit Epilepsie", True),
        ("Patientin ist entlassen", False),
    ],
)
def test_a_text_is_about_one_person_or_about_many(text: str, one: bool) -> None:  # noqa: FBT001
    assert tells_of_one(text) is one
