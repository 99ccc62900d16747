"""Words that tell what a column is about: bilingual headers, pinyin and its initials.

Headers in traditional characters are read as the same words in simplified ones.

A header suggests a kind where one of the kind's words stands in it and none of those that turn
it into something else: 电话次数 counts calls, "mobile prefix" names an operator, "product
passport" belongs to goods.
"""

# long because: it is one list of headers, each pattern beside the question that it answers

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from exchange.inspection import tongues
from exchange.inspection.national import STRONG
from exchange.inspection.traditional import simplified
from exchange.profile import SensitiveKind

_COUNTS: Final = (
    r"次数|数量|条数|时长|计数|占比|比例|长度|费用?$|类型|种类|类别|状态|是否|有无|归属|运营商|号段|前缀"
    r"|(^|_)(count|counts|num_of|number_of|total|rate|ratio|share|type|kind|status|flag|is|has|have"
    r"|duration|length|prefix|model|brand|verified|strength|score|sent|calls)(_|$)"
)

# How many there are, in the last word; what a body has so much of is still told of it.
_HOW_MANY: Final = r"数$|量$|(^|_)cnt(_|$)"

# Kind: words that name it, and words that make something else of it.
_HEADERS: Final[dict[SensitiveKind, tuple[str, str]]] = {
    SensitiveKind.RESIDENT_ID: (
        (
            r"身份证|身分证|统一证号|居留证号|证件号|公民身份|居民身份|(^|_)证件$|(^|_)sfzh?m?(_|$)|shenfenzh?eng|zhengjianhao"
            r"|id_?card|identity_?(no|num|number|card)|citizen_?(id|no)|national_?id|resident_?id"
        ),
        r"代码表",
    ),
    SensitiveKind.MOBILE: (
        (
            r"手机|电话|联系方式|移动号码|行动电话|[主被]叫号码|来电号码|(^|_)(sjh|sjhm|lxdh|dhhm)(_|$)|shouji|dianhua"
            r"|mobile|(tele)?phone|whats_?app|msisdn|(^|_)(cell|tel|caller|callee|contact_no)(_|$)|"
            + tongues.TELEPHONES
        ),
        r"机型|型号|品牌|服务热线|model|microphone|geophone|hydrophone|(^|_)cell_?(id|tower|site)",
    ),
    SensitiveKind.BANK_CARD: (
        (
            r"银行卡|银行账[号户]|(收|付)款账[号户]|储蓄卡|信用卡|(^|_)(yhkh|kahao)(_|$)|yinhangka"
            r"|(bank|credit|debit|payment)_?(card|acc(oun)?t)|card_?(no|num|number)(_|$)|(^|_)iban(_|$)|"
            + tongues.BANKS
        ),
        r"",
    ),
    SensitiveKind.CREDIT_CODE: (
        r"信用代码|税号|纳税人识别|(^|_)(uscc|credit_code|tax_(no|id|number))(_|$)",
        r"",
    ),
    SensitiveKind.EMAIL: (r"邮箱|电子邮件|邮件地址|youxiang|e_?mail|(^|_)mail(box)?(_|$)", r""),
    SensitiveKind.PASSPORT: (
        r"护照|passport|huzhao|travel_doc(ument)?(_|$)|" + tongues.PASSPORTS,
        r"产品|商品|数字护照|电池|product|digital|battery|goods|material|dpp",
    ),
    SensitiveKind.PERMIT: (
        r"通行证|回乡证|台胞证|居留证|居住证|来往(内地|大陆)|(entry|travel|residence)_permit|hkid",
        r"车辆|船舶|货物|vehicle|vessel",
    ),
    SensitiveKind.NATIONAL_ID: (STRONG, r""),
    SensitiveKind.PLATE: (
        (
            r"车牌|牌照|号牌|chepai|(licen[cs]e|number|car|vehicle|registration)_?plate"
            r"|plate_?(no|num|number)(_|$)|kennzeichen|nummernschild|immatriculation|kenteken"
            r"|rejestracyjn|госномер|(^|_)(plaque|targa|matr[ii]cula|vrm)(_|$)"
        ),
        r"kennzeichentyp",
    ),
    SensitiveKind.PERSON_NAME: (
        (
            r"姓名|名字|联系人|经办人|操作[员人]|负责人|法定代表人|法人代表|经营者|收货人|收件人|寄件人"
            r"|户主|船长|船东|船员|宾客|住客|来宾|房客|租客|游客|观测[员者]|记录[员人]|值班员?|驾驶员|司机|乘客|旅客|客人|患者|病人|学生|家长"
            r"|监护人|员工|职工|教师|医生|护士|持卡人|申请人|所有人|业主|作者|(^|_)(xm|xingming|lxr)(_|$)"
            r"|surname|(^|_)(operator|author|observer|passenger|guest|customer|client|skipper|captain"
            r"|driver|patient|student|pupil|teacher|employee|staff|crew|contact_person|recipient"
            r"|consignee|payee|payer|cardholder|applicant|owner|holder|keeper|inspector|surveyor)(_|$)"
            r"|(full|first|last|middle|given|family|person|staff|employee|patient|customer|client"
            r"|student|pupil|passenger|guest|contact|user|member|crew|owner|driver|buyer|legal)_?name|"
            f"{tongues.PERSONS}|{tongues.AUTHORS}|{tongues.GIVEN}|{tongues.SURNAMES}"
        ),
        (
            r"编号|编码|代码|号码?$|单位|公司|企业|机构|部门|数$|率$|用户名|职务|职称|级别"
            r"|(^|_)(id|ids|no|num|number|code|key|company|org|organi[sz]ation|institution|class|group"
            r"|segment|role|level|lat|lon|latitude|longitude|age|sex|gender)(_|$)"
        ),
    ),
    SensitiveKind.ADDRESS: (
        (
            r"住址|地址|住所|居住地|户籍|dizhi|zhuzhi|(^|_)(home|residential|street|postal|mailing"
            r"|delivery|shipping|billing)?_?addr(ess)?(_|$)|" + tongues.ADDRESSES
        ),
        (
            r"寄存器|内存|网络|网址|邮件|邮箱|偏移"
            r"|(^|_)(ip|mac|web|url|e?mail|email|memory|register|hex|i2c|modbus|cell|range)(_|$)"
        ),
    ),
    SensitiveKind.HEALTH: (
        (
            r"病历|病史|病情|诊断|疾病|确诊|血型|血压|血糖|过敏史|处方|体检|用药|症状|残疾|主诉|既往史|怀孕"
            r"|孕[产周]|接种|手术史|住院|zhenduan|jibing|bingli"
            r"|diagnos[ie]s|medical|disease|illness|blood_?(type|pressure|group|sugar|glucose)|allerg"
            r"|prescription|medication|symptom|disabilit|pregnan|vaccinat|immuni[sz]ation"
            r"|(^|_)(icd_?(9|10|11)?(_code)?|hiv(_status)?|bmi|comorbidity)(_|$)|" + tongues.HEALTH
        ),
        r"编号|号码?$|号数$|(^|_)(id|no|number)$",
    ),
    SensitiveKind.BIOMETRIC: (
        (
            r"人脸|面部特征|指纹|掌纹|虹膜|声纹|步态|基因型|基因序列|(^|_)(face|facial)_?(embedding|feature"
            r"|vector|encoding|template|image|photo|id)|face_embedding|fingerprint|finger_?template"
            r"|iris_?(code|template|scan|image)|voice_?print|palm_?print|gait_?(feature|template)"
            r"|genotype|(^|_)(dna|genome|snp)(_|$)|^rs[0-9]{3,}$"
        ),
        r"油|文件|谱|网络|浏览器|(^|_)(file|oil|md5|sha|browser|spectral|certificate|cert|key|ssh)(_|$)",
    ),
    SensitiveKind.CREDENTIAL: (
        (
            r"密码|口令|密钥|私钥|(访问|接口|会话|刷新|登录|身份)令牌|passw(or)?d|(^|_)(pwd|mima|secret|api_?key"
            r"|access_?key|priv(ate)?_?key|sign(ing)?_?key|secret_key|passphrase|passcode|wif|app_?key"
            r"|(api|bot|session|bearer|auth(entication)?|access|refresh)_?token|(app|client|key)_?secret"
            r"|(totp|otp|mfa)_?(seed|secret))(_|$)"
        ),
        (
            r"强度|提示|级别|规则|长度|是否|强制|公钥|算法|产品|型号|时间|日期|名称|(^|_)(strength|hint|policy|public|set"
            r"|changed|reset|age|expiry|expires|expired|length|level|required|has|is|attempts)(_|$)"
            r"|_(name|bits|lifetime|ttl|rotated|rotation|created|updated|at|date|days|algorithm|algo|path"
            r"|url|version)$"
        ),
    ),
    SensitiveKind.SECRECY_MARK: (
        r"密级|保密级别|涉密等级|(^|_)(secrecy|classification_level)(_|$)",
        r"",
    ),
}
_HEALTH: Final = SensitiveKind.HEALTH
_COUNTED: Final = {True: (_COUNTS,), False: (_COUNTS, _HOW_MANY)}
_COMPILED: Final = {
    kind: (
        re.compile(words, re.IGNORECASE),
        re.compile("|".join(filter(None, (*_COUNTED[kind is _HEALTH], others))), re.IGNORECASE),
    )
    for kind, (words, others) in _HEADERS.items()
}

_TELEPHONES: Final = re.compile(tongues.TELEPHONES)

# Keys that tell one person's rows from another's.
_PERSON_KEY: Final = re.compile(
    r"用户|会员|客户|顾客|患者|病人|乘客|旅客|骑手|司机|驾驶员|学生|学号|员工|职工|工号|居民|参保|就诊|病案|病历号|病历编号|住院号|门诊号"
    r"|受试者|供者|捐献者|读者|考生|粉丝"
    r"|(^|_)(user|member|customer|client|patient|passenger|rider|driver|student|pupil|employee"
    r"|staff|resident|citizen|subject|person|participant|victim|visitor|guest|donor|subscriber"
    r"|courier|cyclist|tourist|worker|case_id|uid|imei|imsi|idfa|oaid|openid|device|phone)(_|$)"
    # In one lower-case word, as old programs and databases write them.
    r"|(^|_)(user|member|cust(omer)?|client|patient|passenger|rider|driver|student|pupil|employee"
    r"|staff|resident|citizen|subject|person|participant|visitor|guest|donor|subscriber|courier"
    r"|worker|device)(id|no|num|number)(_|$)|" + tongues.PERSONS,
    re.IGNORECASE,
)
# Numbers and names by which an organisation, a network or a telephone tells persons apart
# (GB/T 35273-2020 appendix A: 个人身份信息, 网络身份标识信息, 个人常用设备信息).
_ACCOUNT: Final = re.compile(
    r"工号|学号|学籍号|考生号|准考证|职工(编?号|代码)|员工(编?号|代码)|社保(卡?号|编号)|医保(卡?号|编号)"
    r"|户号|借款人|门禁卡|一卡通|校园卡|公交卡|地铁卡|交通卡|档案编号|主播|证件尾号"
    r"|病历号|病历编号|病案号|住院号|门诊号|微信号?|qq号?|抖音号|支付宝|[账帐]号|用户名|登录名|昵称"
    r"|(驾驶证|驾照|军官证|士兵证|士官证|军人证|警官证|文职干部证|残疾人?证)(编?号|号码)?$"
    r"|(^|_)(dl|driv(er|ers|ing)_?licen[cs]e)_?(no|num|number|id)(_|$)"
    r"|(^|_)driv(er|ers|ing)_?licen[cs]e$"
    r"|(^|_)(imei|imsi|meid|idfa|oaid|gaid|open_?id|union_?id|qq|we_?chat|wxid|user_?name|login_?name"
    r"|nick_?name|ssn|(qq|wechat)_?(id|no|num|number)|(employee|staff|student|pupil|patient"
    r"|personnel|payroll|borrower|wearer|badge|(travel|transit|metro|smart|access|door)_?card)"
    r"_?(id|no|num|number|code)|cookie|cookie_id|obu|obu_id|wearer|borrower|badge|reviewer"
    r"|streamer|handle|zkzh|(travel|transit|metro|access|door)_?card)(_|$)|" + tongues.ACCOUNTS,
    re.IGNORECASE,
)
_OF_A_MACHINE: Final = re.compile(
    r"传感|设备|模块|网关|服务器|(^|_)(modem|module|gateway|router|server|host|logger|beacon|database|db)(_|$)",
    re.IGNORECASE,
)
_CARRIER: Final = re.compile(
    r"客户端|终端用户|探针|手机|(^|_)(client|user|sta|probe|visitor|guest|phone|mobile|handset|src|source"
    r"|peer|remote)(_?(mac|addr|address))?(_|$)",
    re.IGNORECASE,
)
_NETWORK_CARD: Final = re.compile(
    r"(^|_)(mac|mac_?(addr(ess)?|adresse|id|hash)|(wlan|wifi|bt|bluetooth|device)_?(mac|addr(ess)?)|bd_?addr)"
    r"(_|$)|蓝牙|网卡|mac地址"
)
_NAME: Final = re.compile(r"姓名|名字|(^|_)(xm|xingming|surname)(_|$)|name(_|$)")
_DEVICE_KEY: Final = re.compile(r"设备|终端|(^|_)(device|terminal|imei|imsi)(_|$)", re.IGNORECASE)
_VESSEL_KEY: Final = re.compile(
    r"船|舰|渔政|(^|_)(mmsi|imo|vessel|ship|boat|call_?sign)(_|$)", re.IGNORECASE
)
_VEHICLE_KEY: Final = re.compile(
    r"车|(^|_)(vehicle|car|taxi|truck|bus|plate|vin|fleet|bike|scooter|fahrzeug|kfz|lkw|kennzeichen"
    r"|vehicule|voiture|camion|vehiculo|veicolo|pojazd|автомобиль|такси)(_?id|_?nr)?(_|$)",
    re.IGNORECASE,
)
# Subjects that are no persons, whatever else the table holds.
_OTHER_BEINGS: Final = re.compile(
    r"浮标|漂流|潜标|滑翔|站|测点|台风|冰山|海龟|鱼|虾|蟹|贝|珊瑚|鲸|豚|鸟|物种|品种|菌|株|牛|羊|猪|鸡"
    r"|机组|机器|齿轮|轴承|风机|网箱|池塘|船|房(?![号间])|楼盘|小区"
    r"|(^|_)(buoy|drifter|float|argo|glider|station|site|sensor|mooring|platform|wmo|storm|typhoon"
    r"|hurricane|iceberg|turtle|fish|species|coral|reef|whale|shark|seal|bird|animal|cow|pig|dog"
    r"|strain|oyster|machine|turbine|gearbox|pump|engine|equipment|asset|cage|pond|plant|flower"
    r"|cultivar|tag|carapace|boat|vessel|ship|house|building|property|shop|store|poi)(s|_|$)",
    re.IGNORECASE,
)
# A row that carries one of these stands for many, not for somebody.
_AGGREGATE: Final = re.compile(
    r"人数|户数|例数|病例数|发病数|死亡数|数量|总数|计数|人口|发病率|死亡率|患病率|占比|比例"
    r"|(^|_)(count|counts|cases|deaths|population|persons|people|total|num|n|incidence|prevalence"
    r"|rate|ratio|share|frequency)(_|$)",
    re.IGNORECASE,
)
# Of which a word for how it is written down makes nothing else.
_BODY: Final = re.compile(
    r"怀孕|妊娠|血型|艾滋|梅毒|乙肝|(^|[^a-z])hiv([^a-z]|$)|blood_?(type|group)|pregnan|syphilis"
    r"|(^|_)aids_(status|test|result)"
)
_BELIEF: Final = re.compile(
    r"宗教|信仰|政治面貌|党派|性取向|前科|犯罪记录"
    r"|(^|_)(religio(n|us)\w*|faith|denomination|konfession|bekenntnis|religione|religia|sexual_?orientation"
    r"|orientacion_sexual|orientation_sexuelle|sexualitat|political_?(affiliation|views?|opinions?|party)"
    r"|party_?(affiliation|membership)|trade_?union|union_?member(ship)?|criminal_?record|convictions?)(_|$)"
)
_NUMBERED: Final = re.compile(r"[^_]_?id$|[证卡户账帐学工]号$|(^|_)[a-z]+_(no|nr)$")
_OF_MANY: Final = re.compile(
    r"[数率量比]$|分布|占比|比例|人[口数]|(^|_)(count|counts|cnt|rate|ratio|share|pct|percent|total"
    r"|incidence|prevalence|num|number|n)(_|$)"
)
# What somebody has, and as often something that stands: only where it goes about.
_HELD: Final = re.compile(
    r"^[账帐]号(id)?$|^卡号$|卡_?id$|(^|_)(account|acct|card|who)(_?(id|no|num|number|nr))?(_|$)",
    re.IGNORECASE,
)
# Who goes about, beside those whom a key of persons names: only where there are positions.
_MOVER: Final = re.compile(
    r"小哥|人员(?!数)|队员|工人|快递员|派送员|配送员|送餐员|外卖员|骑行者|跑者|网格员|护林员|巡[检护查]员|佩戴者|志愿者|乘车人|租车人|借车人|孩子|老人"
    r"|(^|_)(wearer|runner|jogger|walker|hiker|athlete|commuter|travell?er|messenger|child|kid"
    r"|delivery_?(man|person|boy)|(user|uid|rider|member|customer|person)_?hash(ed)?"
    r"|hash(ed)?_?(user|uid|rider|member|customer|person)|anon_?(user|uid)|yhid|yhbh|kdy"
    r"|nutzer|benutzer|kund(e|in)|fahrer(in)?|kurier|bote|zusteller|laufer(in)?|proband|teilnehmer"
    r"|usager|utilisat(eur|rice)|livreur|coursier|conducteur|chauffeur|passag(er|ere)|coureur"
    r"|usuari[oa]|repartidor|mensajero|corredor|cliente|pasajer[oa]|utente|corriere|autista"
    r"|uzytkownik|kierowca|klient|пользователь|курьер|водитель|клиент|пассажир)(s|n|_?id|_?nr)?(_|$)",
    re.IGNORECASE,
)
_ENDS: Final = r"(?:[seod]|start|end|from|to|gps|geo|orig|origin|dest)?"  # of a trip
_LATITUDE: Final = re.compile(
    r"纬度|breitengrad|широта|szerokosc_geo"
    rf"|(^|_){_ENDS}(lat|latitude|latitud|latitudine)(e[5-7])?[0-9]{{0,2}}(_|$)",
    re.IGNORECASE,
)
_LONGITUDE: Final = re.compile(
    r"经度|l(a|ae)ngengrad|долгота|dlugosc_geo"
    rf"|(^|_){_ENDS}(lon|lng|long|longitude|longitud|longitudine)(e[5-7])?[0-9]{{0,2}}(_|$)",
    re.IGNORECASE,
)
# Words that say north and east, or width and length: the values have to say the rest.
_NORTHWARD: Final = re.compile(
    r"纵坐标|y坐标|坐标y|(^|_)(geo_?)?(breite|szerokosc|wd|weidu|y|y_?coord|y_?coordinate)(_|$)",
    re.IGNORECASE,
)
_EASTWARD: Final = re.compile(
    r"横坐标|x坐标|坐标x|(^|_)(geo_?)?(lange|laenge|dlugosc|jd|jingdu|x|x_?coord|x_?coordinate)(_|$)",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"位置|定位|坐标|网格|起点|终点|geo_?hash|(^|_)(geo|geom|geometry|gh[0-9]*|loc|location|pos|position"
    r"|place|coords?|coordinates?|lonlat|latlon|lat_?lng|point|gps|ort|lieu|ubicacion|home|office"
    r"|origin|destination|pick_?up|drop_?off)(_|$)",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"时间|日期|时刻|日时|(^|_)(time|timestamp|datetime|date|ts|epoch|utc|recorded_at"
    r"|created_at)(_|$)",
    re.IGNORECASE,
)
# Words that mean an instant where the values are instants.
_WHEN: Final = re.compile(
    r"время|дата|시간|(^|_)(t|(gps|loc|fix|unix|local|start|end|begin|event|record)_?time|t?stamp"
    r"|start|end|begin|when|at|gcsj|cjsj|dwsj|sbsj|jlsj|kssj|jssj|shijian|(uhr|orts)?zeit"
    r"|zeit(punkt|stempel)|datum|heure|horodatage|hora|fecha|ora|data(_?ora)?|czas)(_|$)",
    re.IGNORECASE,
)
# What one body does while it goes somewhere.
_EXERTION: Final = re.compile(
    r"心率|脉搏|步频|步数|配速|血氧|卡路里|(^|_)(hr|heart_?rate|heartrate|bpm|pulse|cadence|pace|steps"
    r"|step_count|stride|spo2|kcal|calories|herzfrequenz|puls|herzschlag|frequence_cardiaque"
    r"|pulsaciones|tetno)(_|$)",
    re.IGNORECASE,
)

# Quasi-identifiers (GB/T 37964-2019 appendix A), those that only persons have first.
_QUASI_HUMAN: Final = re.compile(
    r"出生|生日|民族|职业|工种|岗位|学历|文化程度|婚姻|籍贯|班级|年级|专业|政治面貌|宗教"
    r"|(^|_)(birth|birth_?day|birth_?date|date_of_birth|birth_?year|year_of_birth|dob|ethnicity|race"
    r"|nationality|occupation|profession|job_title|education|marital(_status)?|religion|school"
    r"|grade|class|school_class)(_|$)|" + tongues.BIRTHS + "|" + tongues.HUMAN,
    re.IGNORECASE,
)
_BIRTHDAY: Final = re.compile(
    r"出生|生日|(^|_)(birth|birth_?day|birth_?date|date_of_birth|dob)(_|$)|" + tongues.BIRTHS,
    re.IGNORECASE,
)
_QUASI_SEX: Final = re.compile(r"性别|(^|_)(sex|gender)(_|$)|" + tongues.SEXES, re.IGNORECASE)
_QUASI_AGE: Final = re.compile(
    r"年龄|周岁|(^|_)(age|age_(band|group)|age_?range)(_|$)|" + tongues.AGES, re.IGNORECASE
)
# Whose years they are, and no company's, account's or ship's.
_OWN_AGE: Final = re.compile(
    r"(?:(?:学生|儿童|幼儿|孩子|患者|病人|用户|会员|客户|居民|受试者|实足)?年龄|周岁|岁数)(?:_?[(（].*)?"
    r"|(?:(?:student|pupil|child|kid|patient|user|customer|member|participant|subject|person)_)?age"
    r"(?:_(?:in_)?(?:y|yr|yrs|years?))?(?:_?\(.*)?",
    re.IGNORECASE,
)
# What colleagues know of each other, where their pay stands beside it.
_STAFF: Final = re.compile(
    r"部门|科室|处室|职务|职级|职称|(^|_)(department|dept|job_?(level|grade)|rank|team)(_|$)",
    re.IGNORECASE,
)
_SERVICE: Final = re.compile(
    r"(?:工龄|司龄|入职[^_]*|参加工作[^_]*)(?:_?[(（].*)?"
    r"|(?:.*_)?(?:seniority|tenure|hire_?date|hired(?:_on)?|years_of_service|service_years)",
    re.IGNORECASE,
)
_PAY: Final = re.compile(
    r"年薪|月薪|工资|薪酬|薪资|薪水|奖金|(^|_)(salary|wages?|pay|compensation|bonus)(_|$)",
    re.IGNORECASE,
)
_QUASI_PLACE: Final = re.compile(
    r"学校|院校|幼儿园|邮编|邮政编码|区县|地区|城市|乡镇|街道|村|县$|区$|市$|居住地"
    r"|(^|_)(zip|zip_?code|post_?code|postal_?code|district|county|city|town|township|village|region"
    r"|province)(_|$)|" + tongues.PLACES,
    re.IGNORECASE,
)

# What programs call columns that nobody named.
_NOTHING: Final = re.compile(
    r"(?:c|col|column|field|f|v|var|x|y|val|value|attr|feature|unnamed|spalte|feld|colonne|champ"
    r"|columna|campo|列|字段|数据|项)?_*:?_*(?:[0-9]{1,3}|[a-z])?",
)

_LIGATURES: Final = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "º": "o"}
)
# Latin and Greek with accents; 가 and が are letters of their own.
_ACCENTED: Final = re.compile("[\u00e0-\u024f\u0370-\u03ff\u1e00-\u1fff]")

# Keys whose value names a person, in the conventions for NetCDF (ACDD 1.3) and in remarks.
PERSON_KEYS: Final = re.compile(
    r"(^|:)(pi|pi[_ ]name|principal[_ ]investigator|chief[_ ]scientist|creator[_ ]name|authors?"
    r"|operator|contributor[_ ]name|contact|contact[_ ]person|observer|analyst|wechat|qq"
    r"|[^:]{0,9}[人员者]|首席科学家|船长|姓名|联系方式|微信号?)$",
    re.IGNORECASE,
)


def _unaccented(text: str) -> str:
    text = text.translate(_LIGATURES)
    return "".join(
        unicodedata.normalize("NFD", each)[0] if _ACCENTED.match(each) else each for each in text
    )


@functools.lru_cache(maxsize=256)  # a name is asked for each kind
def plain_header(header: str) -> str:
    """Return a header in lower case and simplified characters, Latin letters without accents.

    Underscores stand for humps, spaces, dots and dashes: élève and ELEVE are one word.
    """
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|[\s./-]+", "_", header.strip()).lower()
    return plain if plain.isascii() else _unaccented(simplified(plain))


def header_suggests(header: str, kind: SensitiveKind) -> bool:
    """Whether a column's name says that it holds values of this kind."""
    if kind not in _COMPILED:
        return False
    words, others = _COMPILED[kind]
    name = plain_header(header)
    return words.search(name) is not None and others.search(name) is None


def suggests_anything(header: str) -> bool:
    """Whether a column's name makes its values worth reading, however short they are."""
    return any(header_suggests(header, kind) for kind in _COMPILED)


def says_nothing(header: str) -> bool:
    """Whether a column's name is a letter, a number, or one that a program gave it."""
    return _NOTHING.fullmatch(plain_header(header)) is not None


def says_name(header: str) -> bool:
    """Whether a column's name says in so many words that persons' names stand in it."""
    said = _NAME.search(plain_header(header)) is not None
    return said and header_suggests(header, SensitiveKind.PERSON_NAME)


def dials_abroad(header: str) -> bool:
    """Whether a column's name says telephones in a language of another country."""
    said = _TELEPHONES.search(plain_header(header)) is not None
    return said and header_suggests(header, SensitiveKind.MOBILE)


def names_person(header: str) -> bool:
    """Whether a column tells one person's rows from another's, by its name."""
    name = plain_header(header)
    return _PERSON_KEY.search(name) is not None and not _OTHER_BEINGS.search(name)


def names_mover(header: str) -> bool:
    """Whether a column tells apart those who go about, as it names persons or by a trade's word."""
    name = plain_header(header)
    going = _PERSON_KEY.search(name) or _MOVER.search(name)
    return going is not None and not _OTHER_BEINGS.search(name)


def numbers_somebody(header: str) -> bool:
    """Whether a column's name says a number, in a table of persons that of one of them."""
    name = plain_header(header)
    if _OTHER_BEINGS.search(name) or _OF_A_MACHINE.search(name) or _AGGREGATE.search(name):
        return False
    keyed = names_person(header) or names_account(header) or names_held(header)
    return keyed or _NUMBERED.search(name) is not None


def tells_body(header: str) -> bool:
    """Whether a column's name is of what a person's body alone is, or is tested for.

    是否怀孕 and blood_type say how it is written down as well, which makes nothing else of it.
    """
    name = plain_header(header)
    return _BODY.search(name) is not None and not _OF_MANY.search(name)


def tells_belief(header: str) -> bool:
    """Whether a column's name is of what somebody believes, is a member of or was punished for."""
    name = plain_header(header)
    return _BELIEF.search(name) is not None and not _OF_MANY.search(name)


def names_held(header: str) -> bool:
    """Whether a column numbers accounts or cards, which persons have, and meters and tills, too."""
    return _HELD.search(plain_header(header)) is not None


def names_account(header: str) -> bool:
    """Whether a column's name says that persons, or what they carry, are told apart by it."""
    name = plain_header(header)
    machine = names_machine(header) or _OTHER_BEINGS.search(name)
    counted = re.search(f"{_COUNTS}|{_HOW_MANY}", name, re.IGNORECASE)
    return _ACCOUNT.search(name) is not None and not machine and not counted


def names_machine(header: str) -> bool:
    """Whether a column numbers what stands somewhere and belongs to nobody in person."""
    return _OF_A_MACHINE.search(plain_header(header)) is not None


def names_carrier(header: str) -> bool:
    """Whether a column's name says that somebody goes about with what is numbered."""
    return _CARRIER.search(plain_header(header)) is not None


def names_network_card(header: str) -> bool:
    """Whether a column's name says addresses of network cards; a mac is much else, too."""
    return _NETWORK_CARD.search(plain_header(header)) is not None


def names_device(header: str) -> bool:
    """Whether a column names devices, which persons carry unless they stand still."""
    return _DEVICE_KEY.search(plain_header(header)) is not None


def names_vessel(header: str) -> bool:
    """Whether a column names ships and boats."""
    return _VESSEL_KEY.search(plain_header(header)) is not None


def names_vehicle(header: str) -> bool:
    """Whether a column names vehicles on land."""
    return _VEHICLE_KEY.search(plain_header(header)) is not None


def names_other_being(header: str) -> bool:
    """Whether a column is about animals, instruments, places or things."""
    return _OTHER_BEINGS.search(plain_header(header)) is not None


def counts_many(header: str) -> bool:
    """Whether a column counts persons or cases, so that a row is a group of them."""
    return _AGGREGATE.search(plain_header(header)) is not None


def is_latitude(header: str) -> bool:
    """Whether a column's name says latitude."""
    return _LATITUDE.search(plain_header(header)) is not None


def is_longitude(header: str) -> bool:
    """Whether a column's name says longitude."""
    return _LONGITUDE.search(plain_header(header)) is not None


def is_northward(header: str) -> bool:
    """Whether a column's name may say latitude, or else a width or a position on a sheet."""
    return _NORTHWARD.search(plain_header(header)) is not None


def is_eastward(header: str) -> bool:
    """Whether a column's name may say longitude, or else a length or a position on a sheet."""
    return _EASTWARD.search(plain_header(header)) is not None


def names_place(header: str) -> bool:
    """Whether a column's name says that each cell is a place."""
    return _PLACE.search(plain_header(header)) is not None


def is_time(header: str) -> bool:
    """Whether a column's name says when."""
    return _TIME.search(plain_header(header)) is not None


def may_be_time(header: str) -> bool:
    """Whether a column's name may say when, if its values are instants."""
    name = plain_header(header)
    return _TIME.search(name) is not None or _WHEN.search(name) is not None


def tells_exertion(header: str) -> bool:
    """Whether a column's name is of what a body does that walks, runs or rides."""
    return _EXERTION.search(plain_header(header)) is not None


def is_birthday(header: str) -> bool:
    """Whether a column's name says when a person was born."""
    return _BIRTHDAY.search(plain_header(header)) is not None


def quasi_human(header: str) -> bool:
    """Whether a column's name is a quasi-identifier that only persons have."""
    return _QUASI_HUMAN.search(plain_header(header)) is not None


def quasi_sex(header: str) -> bool:
    """Whether a column's name says sex; animals have one, too."""
    return _QUASI_SEX.search(plain_header(header)) is not None


def quasi_age(header: str) -> bool:
    """Whether a column's name says age; things have one, too."""
    return _QUASI_AGE.search(plain_header(header)) is not None


def is_own_age(header: str) -> bool:
    """Whether a column's name says how old a person is, in years."""
    return _OWN_AGE.fullmatch(plain_header(header)) is not None


def staff_known_by(headers: Sequence[str]) -> frozenset[str]:
    """Return the columns by which one of a staff is known to the others, where pay is told.

    Posts that are offered have a department and a pay, and nobody has served in them yet.
    """
    plain = {each: plain_header(each) for each in headers}
    served = {each for each in headers if _SERVICE.fullmatch(plain[each])}
    if not served or not any(_PAY.search(each) for each in plain.values()):
        return frozenset()
    return frozenset({*served, *(each for each in headers if _STAFF.search(plain[each]))})


def quasi_place(header: str) -> bool:
    """Whether a column's name says where somebody may live, no finer than a village."""
    return _QUASI_PLACE.search(plain_header(header)) is not None
