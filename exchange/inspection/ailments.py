"""Words for disorders and drugs in several languages, and what names one sick person among many.

Latin and Greek words are in small letters without accents (`foreign.folded`), Chinese ones in
simplified characters; they stand at the beginning of a word, and may go on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from exchange.inspection.foreign import folded
from exchange.inspection.persons import ONE, names_within
from exchange.inspection.traditional import simplified

_DISORDERS: Final = {
    "of Latin or Greek": (
        "diabet|depressi|depresj|depresszi|epileps|epilepti|asthm|asma|astma|asztma"
        "|cancer|carcinom"
        "|karzinom|kanker|leuk(a)?emi|leucemi|hypert(ens|oni)|ipertens|hipertens"
        "|arthri|arthro|artri"
        "|artro|hepatit|epatit|tuberculo|tuberkulo|tubercolos|demen[ctsz]|alzheimer|parkinson"
        "|multiple sclero|multiple sklero|sclerose en plaques|schi[sz]o(fre|phre)"
        "|esquizofreni|bipolar"
        "|psychos|psykos|psicosi|psychoz|anorex|anoress|anoreks|bulimi|boulimi|obesi"
        "|adiposi|copd|bpco"
        "|epoc\\b|bronchit|bronquit|pneumoni|neumonia|polmonit|suici|suizid|autis|adhs|adhd|tdah"
        "|hiv\\b|vih\\b|aids\\b|sida\\b|migra[inen]|emicrani|hernia|trombo|thrombo"
        "|anemi|anami|anaemi"
        "|infar[ck]t|tumor\\b|tumeur|tumore|melanom|lymphom|psoria|neuroderm|dermatit"
        "|gastrit|colit"
    ),
    "German": (
        "panikattack|angst(stor|zust)|schlafstor|alkohol(abh|sucht|mis)|sucht(erk"
        "|prob)|schlaganfall"
        "|herzinfar|bluthoch|rheuma|burn-?out|essstor|magersucht|niereninsuff"
        "|herzinsuff|lungenentz"
        "|bandscheib|selbstverletz|posttraum|schwanger(?!schaftsver)|fehlgeburt|brustschmerz"
        "|kopfschmerz|ruckenschmerz|zwangsstor|personlichkeitsstor|krebserkr|brustkrebs|darmkrebs"
    ),
    "English": (
        "panic attack|anxiety|insomnia|alcohol(ism| depend| abus)|substance abus"
        "|stroke\\b|heart attack"
        "|heart failure|kidney failure|self-harm|ptsd|pregnan|miscarriage|chlamyd|syphilis|gonorrh"
        "|eating disorder|panic disorder|chest pain|back pain"
    ),
    "French": (
        "attaques? de panique|crises? d'angoisse|troubles? (anxieux|du sommeil|bipol)"
        "|anxie|insomni"
        "|alcooli|dependance a l|toxicoman|avc\\b|accident vasculaire|insuffisance (ren|card|resp)"
        "|enceinte|grossesse|fausse couche|lombalg|cirrhos|cardiopath"
    ),
    "Spanish and Portuguese": (
        "ataques? de panico|ansiedad|insomnio|alcoholism|adiccion|ictus"
        "|insuficiencia (ren|card|resp)"
        "|embaraz|aborto|lumbalgi|trastorno|ansiedade|insonia|alcoolism|gravidez|gravida\\b|avc\\b"
    ),
    "Italian": (
        "attacc(o|hi) di panico|ansia\\b|insonnia|alcolism|tossicodip"
        "|insufficienza (ren|card|resp)"
        "|gravidanza|lombalgi|disturb[io] (d'ansia|del sonno|bip)"
    ),
    "Dutch and the North": (
        "paniek|angststoorn|slapeloos|verslav|beroerte|hartinfarc|hoge bloeddr|zwanger|angest\\b"
        "|somnlos|missbruk|hjartinfark|hogt blodtr|gravid\\b|utmattningssyn"
    ),
    "Polish, Czech and Hungarian": (
        "cukrzyc|bezsenn|alkoholiz|uzaleznien|padaczk|nowotwor|bialaczk|udar\\b|zawal|nadcisnien"
        "|gruzlic|otylosc|samobojcz|w ciazy|cukrovk|uzkost|rakovin|mrtvic|cukorbet"
        "|magas vernyom|terhes"
    ),
    "Russian and Greek": (
        "диабет|гипертони|депресси|астм|инсульт|инфаркт|эпилепси|гепатит|туберкул|вич\\b|шизофрени"
        "|беремен|онколог|опухол|διαβητ|υπερτασ|καταθλιψ|ασθμα|καρκιν|επιληψ|ηπατιτιδ"
    ),
}
_FAR_EASTERN: Final = (
    "抑郁|焦虑症|焦虑状态|双相情感|精神分裂|失眠|自杀|自伤|糖尿病|高血压|冠心病|心肌梗|心梗|脑梗|中风|脑卒中|癌|肿瘤|白血病"
    "|乙肝|丙肝|肝炎|肝硬化|艾滋|HIV|梅毒|淋病|结核|哮喘|慢阻肺|肺炎|肾衰|尿毒症|透析|癫痫|帕金森|痴呆|阿尔茨海默|自闭症"
    "|多动症|流产|妊娠|怀孕|骨折|痛风|甲亢|甲减|红斑狼疮|类风湿|椎间盘突出|抗病毒治疗|化疗|胰岛素|二甲双胍|舍曲林|氟西汀"
    "|高血圧|うつ病|統合失調|喘息|脳梗塞|心筋梗塞|認知症|당뇨|고혈압|우울증|천식|뇌졸중|치매"
)
# Most drugs of a group end alike (INN stems of the WHO).
_DRUGS: Final = (
    r"\w{2,}(pril|sartan|statin|azepam|azolam|olol|mycin|cillin|oxetin|triptylin|gliptin|gliflozin"
    r"|prazol|dipin|coxib|tinib|ximab|zumab|lukast|vudin|ciclovir|thiazid|parin)e?\b"
    r"|\b(sertralin|citalopram|escitalopram|venlafaxin|mirtazapin|quetiapin|olanzapin|risperidon"
    r"|haloperidol|methylphenidat|ritalin|metformin|insulin|ibuprofen|morphin|methadon|tramadol"
    r"|cortison|prednison|prednisolon|salbutamol|levothyrox|l-thyrox|warfarin|marcumar|clopidogrel"
    r"|methotrexat|tamoxifen|levodopa|buprenorphin|antabus|antidepress|antipsycho|chemotherap"
    r"|chimiotherap|quimioterap|dialys|ινσουλιν|μετφορμιν|σερτραλιν|λεβοθυροξιν|инсулин|метформин)"
)
_CODES: Final = re.compile(
    r"\b(?:[A-TV-Z][0-9]{2}\.[0-9]{1,2}|[ABCDGHJLMNPRSV][0-9]{2}[A-Z]{2}[0-9]{2})\b"  # ICD-10, ATC
)
_WORDS: Final = re.compile(rf"\b(?:{'|'.join(_DISORDERS.values())})|{_DRUGS}")
_CHARACTERS: Final = re.compile(_FAR_EASTERN)
_STRUCK: Final = "得了|患了|患有|罹患|确诊|查出|诊断出|诊断为|被诊断|感染了|死于|病故于"
# Somebody by name, and what struck them; a speaker on an illness is not struck.
_NAMED: Final = re.compile(rf"({ONE}).{{0,3}}?(?:{_STRUCK}).{{0,6}}?(?:{_FAR_EASTERN})")
_NAMED_ENGLISH: Final = re.compile(
    r"\b(?:has|had|diagnosed with|suffers? from|suffering from|died (?:of|from)|treated for)\b"
)
_KIN: Final = (
    "父亲|母亲|爸|妈|爷爷|奶奶|外公|外婆|老公|老婆|爱人|丈夫|妻子|儿子|女儿|孩子|哥|姐|弟|妹"
    "|邻居|同事|岳父|岳母|婆婆|公公"
)
# One, and not some: patients of a study are many.
_ONE: Final = re.compile(
    r"\b(?:patient(in|e)?|pat\.|klient(in)?|frau|herrn?|[0-9]{1,3}[ -]?jahrig\w*|mme|mlle|monsieur"
    r"|agee? de|[0-9]{1,3} ?ans|paciente|sr\.|sra\.|[0-9]{1,3} anos|paziente|sig\.|[0-9]{1,3} anni"
    r"|pacjent(ka)?|[0-9]{1,3} lat|patient|mevr|dhr|[0-9]{1,3} jaar"
    r"|[0-9]{1,3}[ -]?y(ea)?r?s?[ -]old"
    r"|[0-9]{1,3} ?y/?o|mr|mrs|ms|(?:er|sie) (?:klagt|berichtet|leidet)|(?:il"
    r"|elle) (?:presente|souffre)"
    r"|(?:she|he) (?:reports|complains|suffers)|пациент(ка)?|ασθενης|beteg)(?!\w)"
    r"|患者|病人|病患|[男女]性?[，,、 ]|[0-9]{1,3}岁"
    rf"|(?:{_KIN}).{{0,6}}?(?:{_STRUCK})"
    r"|\bmy (?:father|mother|dad|mom|mum|wife|husband|son|daughter|brother|sister|neighbou?r)\b"
)


def tells_ailment(text: str) -> bool:
    """Whether a disorder, a drug or a code of one stands in a text."""
    if _CODES.search(text) or _WORDS.search(folded(text)):
        return True
    return not text.isascii() and _CHARACTERS.search(simplified(text)) is not None


def tells_of_one(text: str) -> bool:
    """Whether a text tells a disorder or a drug, and is about one person."""
    return _ONE.search(folded(simplified(text))) is not None and tells_ailment(text)


def tells_of_named(texts: Sequence[str]) -> list[str]:
    """Return the texts in which a disorder struck somebody who is named."""
    whole = simplified("\n".join(texts))
    chinese = not whole.isascii() and _NAMED.search(whole) is not None
    english = _NAMED_ENGLISH.search(whole) is not None
    if not chinese and not english:  # most columns end here
        return []
    return [
        text
        for text in texts
        if (chinese and _NAMED.search(simplified(text)))
        or (english and _NAMED_ENGLISH.search(text) and names_within(text) and tells_ailment(text))
    ]
