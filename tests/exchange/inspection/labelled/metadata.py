"""Persons in the attributes of a file: the author's name is advised on, a number is not let by."""

from __future__ import annotations

from tests.exchange.inspection.labelled.case import (
    ADVISE,
    BLOCK,
    METADATA,
    PASS,
    Case,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

_HOST = "ouc.edu.cn"


def _file(d: Draw, **attributes: str) -> Made:
    return Made(
        {
            "u": d.each(lambda: d.number(-90, 90, 3)),
            "v": d.each(lambda: d.number(-90, 90, 3)),
        },
        suffix=".nc",
        attributes={"title": "surface currents", "Conventions": "CF-1.8", **attributes},
    )


CASES = (
    Case(
        "the name of a file's creator",
        "I-12: the author of the work is named: attribution",
        ADVISE,
        lambda d: _file(d, creator_name=d.name_en()),
        {METADATA: reported("person_name")},
    ),
    Case(
        "the principal investigator of a file",
        "I-12: PI_NAME is attribution",
        ADVISE,
        lambda d: _file(d, PI_NAME=d.name_en()),
        {METADATA: reported("person_name")},
    ),
    Case(
        "the Chinese name of an operator",
        "I-12: operator is attribution",
        ADVISE,
        lambda d: _file(d, operator=d.name()),
        {METADATA: reported("person_name")},
    ),
    Case(
        "the mailbox of a file's creator",
        "I-12: creator_email is attribution",
        ADVISE,
        lambda d: _file(d, creator_email=d.mailbox()),
        {METADATA: reported("email")},
    ),
    Case(
        "the work mailbox of a named contributor",
        "I-12: zhang.wei at an institute, in an attribute",
        ADVISE,
        lambda d: _file(d, contributor_email=f"{d.name_en().lower().replace(' ', '.')}@{_HOST}"),
        {METADATA: reported("email")},
    ),
    Case(
        "name and mailbox of a file's creator",
        "I-12: both are attribution",
        ADVISE,
        lambda d: _file(d, creator_name=d.name_en(), creator_email=d.mailbox()),
        {METADATA: (reported("person_name"), reported("email"))},
    ),
    Case(
        "a mailbox in the history of a file",
        "I-12: a mailbox in the middle of a sentence",
        ADVISE,
        lambda d: _file(d, history=f"2024-03-01 regridded by {d.mailbox()} with cdo"),
        {METADATA: reported("email")},
    ),
    Case(
        "a resident id in a comment",
        "I-12: an identifier that passes its check stops the file, wherever it stands",
        BLOCK,
        lambda d: _file(d, comment=f"责任人证件 {d.resident_id()}"),
        {METADATA: certain("resident_id")},
    ),
    Case(
        "a bank card in an acknowledgement",
        "I-12: an identifier that passes its check stops the file, wherever it stands",
        BLOCK,
        lambda d: _file(d, acknowledgement=f"donations to {d.card()}"),
        {METADATA: certain("bank_card")},
    ),
    Case(
        "a secrecy mark in a title",
        "D-04: a mark in the title is a mark",
        BLOCK,
        lambda d: _file(d, summary="近岸水深 机密★10年"),
        {METADATA: certain("secrecy_mark")},
    ),
    Case(
        "a private key in a comment",
        "F-07: a key in an attribute is a key",
        BLOCK,
        lambda d: _file(
            d,
            comment=f"-----BEGIN PRIVATE KEY----- MIIE{d.letters(60)} -----END PRIVATE KEY-----",
        ),
        {METADATA: certain("credential")},
    ),
    Case(
        "an institution",
        "I-12: an institution is no natural person",
        PASS,
        lambda d: _file(d, institution="Ocean University of China", publisher_name="NMDIS"),
    ),
    Case(
        "an office's mailbox in an attribute",
        "I-12: data@ is an office",
        PASS,
        lambda d: _file(d, publisher_email=f"data@{_HOST}"),
    ),
    Case(
        "an instrument's name",
        "I-12: CODAR SeaSonde is a radar",
        PASS,
        lambda d: _file(d, instrument="CODAR SeaSonde", platform="Xiaomaidao"),
    ),
    Case(
        "a company as the creator",
        "I-12: a company is no natural person",
        PASS,
        lambda d: _file(d, creator_name=d.company(), creator_type="institution"),
    ),
    Case(
        "an identifier of a data set",
        "I-12: a DOI and a UUID name data",
        PASS,
        lambda d: _file(d, id=f"doi:10.5281/zenodo.{d.digits(7)}", uuid=d.hexadecimal(32)),
    ),
    Case(
        "versions and dates in attributes",
        "I-12: dates and versions name nobody",
        PASS,
        lambda d: _file(
            d,
            date_created="2024-03-01T00:00:00Z",
            product_version="2.1.0",
            history="cdo -r remapbil",
        ),
    ),
    Case(
        "a licence in an attribute",
        "I-12: Creative Commons is no person",
        PASS,
        lambda d: _file(d, license="Creative Commons Attribution 4.0", source="HF radar, 13 MHz"),
    ),
)
