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
        r"|telefonszam|mobilszam|telepon|telp|ponsel|(no|nomor)_(hp|wa|telp|telepon|handphone)"
        r"|(رقم_)?(الهاتف|الجوال|الموبايل)|هاتف|جوال|(شماره_)?(تلفن|موبایل)(_همراه)?"
        r"|(מספר_)?(טלפון|נייד)(_נייד)?|ስልክ(_ቁጥር)?|(मोबाइल|मोबाईल|फ़ोन|फोन|दूरभाष)(_(नंबर|नं|संख्या|क्रमांक))?"
        r"|(মোবাইল|ফোন)(_(নম্বর|নাম্বার))?|(หมายเลข|เบอร์)?(โทรศัพท์|โทร|มือถือ)"
    )
)

PASSPORTS: Final = r"reisepass|pasaport|passeport|passaporto|paszport|paspoort|паспорт|" + _whole(
    r"pas|cestovni_pas|utlevel|ho_chieu|paspor|جواز(_السفر)?|رقم_الجواز|(מספר_)?דרכון|पासपोर्ट"
    r"|পাসপোর্ট|หนังสือเดินทาง|旅券(番号)?|パスポート(番号)?|여권(번호)?"
)

# Accounts at a bank.
BANKS: Final = r"bankverbindung|bankkonto|kontonummer|kontonr|kontoverbindung|" + _whole(
    r"konto_?(nr|no|nummer)|(numero|num|n°)_(de_)?(compte|cuenta|conto|conta)|compte_bancaire|rib"
    r"|cuenta_(bancaria|corriente)|conto_corrente|conta_bancaria|numer_(konta|rachunku)|rachunek"
    r"|rekening_?(nummer|nr)|bankrekening\w*|kontonummer|номер_счета|банковский_счет|계좌(번호)?"
    r"|口座(番号)?|so_tai_khoan|bankszamla_?(szam)?|szamlaszam"
)

# Persons and their names in scripts without capital letters.
UNCASED: Final = _whole(
    r"الاسم_(الكامل|الثلاثي|الرباعي)|اسم_(المريض|المريضة|الطالب|الطالبة|الموظف|الموظفة|العميل"
    r"|الزبون|المستفيد|المشترك|الاب|الأب|الام|الأم|ولي_الامر|ولي_الأمر|السائق|المعلم|المدرس|المالك"
    r"|المسافر|المزارع)|نام_(بیمار|کامل|مشتری|دانش_آموز)|پورا_نام|مریض_کا_نام"
    r"|שם_מלא|שם_ומשפחה|שם_(ה)?(מטופל|מטופלת|חולה|תלמיד|תלמידה|עובד|עובדת|לקוח|סטודנט|נוסע"
    r"|דייר|הורה|מבוטח)|ሙሉ_ስም|የ(ታካሚ|ተማሪ|ሰራተኛ|ደንበኛ|አርሶ_አደር)(ው)?_ስም"
    r"|(पूरा|पूर्ण)_(नाम|नाव)|(रोगी|मरीज|छात्र|कर्मचारी|ग्राहक|लाभार्थी|पिता|माता|किसान|आवेदक|मतदाता|सदस्य)_का_नाम"
    r"|(পুরো|পূর্ণ|রোগীর|ছাত্রের|শিক্ষার্থীর|কর্মচারীর|গ্রাহকের|পিতার|মাতার|কৃষকের|ভোটারের)_নাম"
    r"|ชื่อ(ผู้ป่วย|คนไข้|นักเรียน|พนักงาน|ลูกค้า|ผู้ใช้|ผู้โดยสาร|เกษตรกร|เต็ม)"
)
# "Name" alone in these, of whatever it may be.
UNCASED_NAME: Final = "^(الاسم|اسم|نام|שם|ስም|नाम|नाव|নাম|ชื่อ)$"

# Given names and surnames that stand in columns of their own.
GIVEN: Final = _whole(
    r"vor_?name(n)?|rufname|prenom(s)?|nombre(s)?_de_pila|primer_nombre|imie|imiona|nome_proprio"
    r"|voornaam|voornamen|roepnaam|fornamn|fornavn|etunimi|jmeno_krestni|krestni_jmeno|krstne_meno"
    r"|ime|keresztnev|utonev|prenume|имя|μικρο_ονομα|on_adi|ten_dem|الاسم_(الاول|الأول)|שם_פרטי|पहला_नाम|ชื่อจริง"
)
SURNAMES: Final = _whole(
    r"nach_?name|familien_?name|zu_?name|geburtsname|nom_(de_)?(famille|naissance|usage)|apellidos?"
    r"|(primer|segundo)_apellido|cognome|nazwisko|achternaam|familienaam|sobrenome|apelidos?"
    r"|efternamn|etternavn|efternavn|sukunimi|prijmeni|priezvisko|prezime|vezeteknev|nume_de_familie"
    r"|maiden_name|nom_de_jeune_fille"
    r"|фамилия|прізвище|фамилно_име|επωνυμο|επιθετο|soyad(i)?|ho_va_ten_dem|姓|성|اللقب|اسم_العائلة|نام_خانوادگی"
    r"|שם_משפחה|उपनाम|कुलनाम|आडनाव|นามสกุล|የአባት_ስም"
)
# Of names, and as often of places and things: which, the column beside it or the values say.
NAMES: Final = _whole(
    r"nom|nome|nombre|naam|name|namn|navn|nimi|jmeno|meno|nev|nume|ad|ten|имя|име|ονομα|名前|이름"
)
# Both in one column.
WHOLE: Final = _whole(
    r"vor_und_(nach|zu)name|(nach|zu)_?name_(und_)?vorname|nom_(et_)?prenoms?|prenoms?_(et_)?nom"
    r"|nombres?_y_apellidos?|apellidos?_y_nombres?|nome_e_cognome|cognome_e_nome|imie_i_nazwisko"
    r"|nazwisko_i_imie|jmeno_a_prijmeni|prijmeni_a_jmeno|nume_(si_)?prenume|adi?_soyadi?"
    r"|نام_و_نام_خانوادگی|שם_פרטי_ומשפחה|ชื่อ_?(และ_?)?(นาม)?สกุล"
    r"|first_(and_)?last_name|last_name_first_name|фамилия_(и_)?имя|имя_(и_)?фамилия"
)
# Persons by what they are to somebody, and words for a whole name.
PERSONS: Final = f"{WHOLE}|{UNCASED}|" + _whole(
    r"vor_und_(nach|zu)name|(voller|vollstandiger|ganzer)_name|(kunden|patienten|mitarbeiter|schuler"
    r"|teilnehmer|ansprechpartner|versicherten|mieter|bewerber|fahrer|arzt|halter)_?name"
    r"|kund(e|in)|patient(in|e|en)?|mitarbeiter(in)?|angestellter?|beschaftigter?|arbeitnehmer(in)?"
    r"|schuler(in)?|student(in)?|teilnehmer(in)?|ansprechpartner(in)?|versicherter?|mieter(in)?"
    r"|bewerber(in)?|fahrer(in)?|arzt|arztin|lehrer(in)?|inhaber(in)?|empfanger(in)?|absender(in)?"
    r"|halter(in)?|bearbeiter(in)?|sachbearbeiter(in)?|gast"
    r"|nom_(et_)?prenoms?|prenom_(et_)?nom|nom_complet|client[es]?|patiente|salarie|employee?|eleve"
    r"|enfant|etudiant(e)?|locataire|assure|beneficiaire|destinataire|expediteur|medecin|titulaire"
    r"|proprietaire|conducteur|adherent|usager"
    r"|nombre_(completo|y_apellidos?)|apellidos?_y_nombre|paciente|empleado|empleada|trabajador(a)?"
    r"|alumn[oa]|estudiante|inquilino|destinatario|remitente|medico|titular|propietario"
    r"|nome_(e_)?cognome|cognome_(e_)?nome|nominativo|paziente|dipendente|alunn[oa]|bambino"
    r"|studente(ssa)?|inquilino|destinatario|mittente|intestatario|conducente"
    r"|imie_i_nazwisko|nazwisko_i_imie|klient(ka)?|pacjent(ka)?|pracownik|uczen|dziecko|najemca"
    r"|odbiorca|nadawca|lekarz|wlasciciel|kierowca"
    r"|volledige_naam|klant(naam)?|medewerker|werknemer|leerling|kind_naam|huurder|ontvanger"
    r"|nome_completo|doente|utente|funcionari[oa]|trabalhador|alun[oa]|inquilin[oa]"
    r"|(teljes|szuletesi|leanykori)_nev|nev_es_cim|(anyja|apja|gyermek|beteg|ugyfel|tanulo|hallgato|dolgozo|munkavallalo)_neve"
    r"|beteg|paciens|ugyfel|dolgozo|munkavallalo|alkalmazott|tanulo|diak|hallgato|gyermek|biztositott"
    r"|berlo|lako|tulajdonos|vasarlo|vendeg|sofor|orvos|tanar|cimzett|felado|kapcsolattarto"
    r"|(mother|father|parent|child|guardian|next_of_kin)s?_(full_?)?name"
    r"|fullstandigt_namn|kund|anstalld|pacient|zamestnanec|zak|zakaznik|angajat"
    r"|фио|ф_и_о|пациент|клиент|сотрудник|работник|ученик|студент|водитель|абонент|пассажир|жилец"
    r"|ονοματεπωνυμο|πελατης|ασθενης|μαθητης|υπαλληλος|ad_soyad|adi_soyadi|musteri|ogrenci"
    r"|ho_(va_)?ten|benh_nhan|khach_hang|nhan_vien|hoc_sinh|sinh_vien|thuyen_vien|hanh_khach"
    r"|氏名|患者名|顾客名|社員名|社员名|生徒|児童|学生氏名|保[護护]者|성명|성함|환자명?|고객명?|학생명?|직원명?|사원명?"
    r"|pax|pax_name|passenger_names?|farmers?|fisher(man|men|s)?|herders?|villagers?|seafarers?"
    r"|crew_member|worker|resident|member_name"
)
AUTHORS: Final = _whole(r"authors|verfasser(in)?|autor(in|en|es|ka|i)?|auteurs?")
# Who is certainly a person, where nothing but the build of the words says that they are names.
STRICTLY: Final = f"{UNCASED}|" + _whole(
    r"pax|pax_name|passenger(s|_names?)?|farmers?|fisher(man|men|s)?|herders?|villagers?|seafarers?"
    r"|crew_member|patient(in|e)?|pupil|student|schuler(in)?|eleve|alumn[oa]|uczen|leerling"
    r"|mitarbeiter(in)?|salarie|empleado|pracownik|dipendente|medewerker|paciente|paziente|pacjent"
    r"|фио|пациент|сотрудник|ученик|ονοματεπωνυμο|ho_(va_)?ten|benh_nhan|thuyen_vien|hanh_khach"
    r"|氏名|성명|성함|authors?|auteurs?|autor(en|es)?|full_name|nom_complet|nome_completo"
    r"|nom_(et_)?prenoms?|imie_i_nazwisko|nombre_completo|nominativo"
)
ACCOUNTS: Final = (
    r"matrikel_?n|personal_?n(umme)?r|personalnummer|mitarbeiter_?n(umme)?r|mitglieds_?n(umme)?r"
    r"|patienten_?n(umme)?r|schuler_?n(umme)?r|kunden_?n(umme)?r|ausweis_?n(umme)?r|matricule|"
    + _whole(
        r"(patienten|mitarbeiter|schuler|kunden|mitglieds|personal)_?(id|kennung)"
        r"|(n(umero|°|o)?|num|numer|nr|nummer)_?(d['_]?|de_|di_|del_)?(etudiant|adherent|client|salarie"
        r"|patient|eleve|socio|cliente|empleado|expediente|paciente|alumno|matricula|matricola"
        r"|dipendente|paziente|indeksu|albumu|klienta|pacjenta|pracownika|klant|lid|leerling|dossier)"
        r"|(klant|leerling|student|personeels|lid)_?nummer|matricola|no_etudiant"
        r"|(torzs|ugyfel|beteg|tag|diak|neptun)_?(szam|kod|azonosito)"
        r"|табельный_номер|номер_(пациента|клиента|договора)|ma_(so_)?(benh_nhan|nhan_vien|sinh_vien)"
    )
)
BIRTHS: Final = (
    r"geburtsdatum|geburtstag|geb_?datum|gebdat|date_(de_)?naissance|datedenaissance|naissance"
    r"|fecha_(de_)?nac|fechanac|data_(di_)?nascita|data_(de_)?nascimento|data_urodzenia|geboortedatum"
    r"|fodelsedatum|fodselsdato|syntymaaika|datum_narozeni|datum_narodenia|szuletesi_datum"
    r"|data_nasterii|дата_рождения|день_рождения|дата_на_раждане|ημερομηνια_γεννησης|dogum_tarihi"
    r"|szul_?(etesi)?_?(ido|datum|nap|ev)|szuletett|szuletes"
    r"|ngay_sinh|生年月日|誕生日|생년월일|" + _whole("geb|geboren|nac|nascita|ddn|d_?naiss")
)
SEXES: Final = _whole(
    r"geschlecht|sexe|sexo|sesso|plec|geslacht|kjonn|sukupuoli|pohlavi|пол|φυλο|cinsiyet"
    r"|gioi_tinh|neme?|성별"
)
AGES: Final = _whole(
    r"alter|age_ans|edad|wiek|leeftijd|alder|varsta|idade|возраст|ηλικια|tuoi|年齢|나이|연령"
    r"|eletkor|kora"
)
HUMAN: Final = (
    r"geburtsjahr|familienstand|staatsangehorigkeit|konfession|gewerkschaft|schulabschluss|"
    + _whole(
        r"beruf|religion(szugehorigkeit)?|bekenntnis|nationalitat|schule|klasse|klassenstufe"
        r"|annee_(de_)?naissance|profession|metier|situation_familiale|nationalite|ecole|classe"
        r"|niveau_scolaire|confession|syndicat|ethnie"
        r"|foglalkozas|allampolgarsag|csaladi_allapot|iskola|osztaly|vallas|nemzetiseg"
        r"|profesion|ocupacion|estado_civil|nacionalidad|colegio|curso|instituto|sindicato|etnia"
        r"|professione|stato_civile|nazionalita|cittadinanza|scuola|sindacato|religione"
        r"|zawod|stan_cywilny|narodowosc|obywatelstwo|szkola|klasa|wyznanie"
        r"|beroep|burgerlijke_staat|nationaliteit|geloof|vakbond|yrke|skola|klass|profissao|escola"
        r"|профессия|национальность|вероисповедание|школа|класс|семейное_положение|职业|직업|학교|학년"
    )
)
PLACES: Final = _whole(
    r"plz|postleitzahl|wohnort|ort|stadt|landkreis|bundesland|code_postal|cp|commune|ville|departement"
    r"|codigo_postal|ciudad|municipio|provincia|citta|comune|kod_pocztowy|miasto|wojewodztwo"
    r"|postcode|woonplaats|gemeente|stad|postnummer|kommun|cidade|concelho"
    r"|iranyito_?szam|varos|telepules|megye|kozseg|индекс|город|область|πολη"
)
HEALTH: Final = (
    r"diagnose|befund|krankheit|krankmeldung|blutdruck|blutgruppe|schwanger|impfung|allergi|"
    + _whole(
        r"diagnostic|maladie|pathologie|tension_arterielle|groupe_sanguin|traitement|antecedents"
        r"|enfermedad|grupo_sanguineo|tratamiento|malattia|patologia|terapia|gruppo_sanguigno"
        r"|rozpoznanie|choroba|grupa_krwi|ziekte|aandoening|bloedgroep|sjukdom|doenca|diagnoza"
        r"|диагноз|болезнь|группа_крови|διαγνωση|νοσος|tani|chan_doan|benh|病名|诊断名|진단명?|혈액형"
        r"|betegseg|korisme|diagnozis|kezeles|vercsoport|gyogyszer(ek)?|korelozmeny|allergia"
    )
)
ADDRESSES: Final = r"anschrift|strasse(?!n)|wohnadresse|lieferadresse|rechnungsadresse|" + _whole(
    r"adresse|adresse_postale|domicile|rue|direccion|domicilio|calle|indirizzo|residenza|adres"
    r"|adres_zamieszkania|ulica|woonadres|straat|adress|bostadsadress|osoite|endereco|morada"
    r"|cim|lakohely|tartozkodasi_hely|ertesitesi_cim"
    r"|rua|adresa|bydliste|lakcim|адрес|улица|διευθυνση|οδος|dia_chi|住所|주소"
)
HOMES: Final = r"wohn(?!ungs_?n)|lieferadresse|privatadresse|" + _whole(
    r"domicile|domicilio|residenza|adres_zamieszkania|woonadres|bostadsadress|morada|bydliste"
    r"|lakcim|lakohely|自宅住所|現住所"
)
SEATS: Final = r"firmen|filial|geschafts(stelle|adresse|sitz)|" + _whole(
    r"siege(_social)?|sede(_social|_legale)?|szekhely|telephely|oficina|sucursal"
    r"|siedziba|vestiging|magasin|tienda"
)
