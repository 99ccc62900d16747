"""Words of headers in languages of Europe and Asia, as alternatives of patterns.

They are written as `lexicon.plain_header` gives a header: in lower case, with underscores, Latin
and Greek letters without accents.  German and its neighbours join words, so theirs stand anywhere
in a header where nothing else is meant by them; the others are whole words.  A header alone never
makes a name: `Nom` is a commune's as well, and its values have to look like one.
"""

from __future__ import annotations

from typing import Final


def _whole(words: str) -> str:
    return rf"(^|_)({words})(_|$)"


TELEPHONES: Final = (
    r"telefon(?!at|ist|gespr)|handy|rufnummer|mobilnummer|mobilfunk|telefoon|gsm_?(n(umme)?r|numer)"
    r"|telefono|cellulare|movil|celular|telemovel|telefone|puhelin|telefoni|telemobil|"
    + _whole(
        r"tel_?n(umme)?r|numer_tel\w*|n(umero)?_?tel\w*|num_tel\w*|komorka|komorkowy|kom|portable"
        r"|tel_portable|tlf|mobil|mobiltelefon|gsm|cep_telefonu|телефон|тел|мобильный|номер_телефона"
        r"|τηλεφωνο|κινητο|so_dien_thoai|dien_thoai|sdt|电话(番号)?|携帯(电话|番号)?|전화(번호)?"
        r"|휴대(폰|전화)(번호)?|연락처|contact_number"
    )
)

# Accounts at a bank.
BANKS: Final = r"bankverbindung|bankkonto|kontonummer|kontonr|kontoverbindung|" + _whole(
    r"konto_?(nr|no|nummer)|(numero|num|n°)_(de_)?(compte|cuenta|conto|conta)|compte_bancaire|rib"
    r"|cuenta_(bancaria|corriente)|conto_corrente|conta_bancaria|numer_(konta|rachunku)|rachunek"
    r"|rekening_?(nummer|nr)|bankrekening\w*|kontonummer|номер_счета|банковский_счет|계좌(번호)?"
    r"|口座(番号)?|so_tai_khoan"
)
