"""Health, faces, fingers and genes of persons; and those of fish, files and machines."""

from __future__ import annotations

import base64
import json

from tests.exchange.inspection.labelled.case import BLOCK, PASS, Case, Made, certain
from tests.exchange.inspection.labelled.draw import Draw

HEALTH = certain("health")
BIOMETRIC = certain("biometric")

_DIAGNOSES = [
    "高血压",
    "2型糖尿病",
    "冠心病",
    "慢性胃炎",
    "肺炎",
    "脑梗死",
    "乙型肝炎",
    "甲状腺结节",
    "抑郁症",
    "骨折",
]
_ICD = ["I10", "E11.9", "I25.1", "J18.9", "K29.5", "F32.9", "C50.9", "B18.1", "S72.0", "N18.3"]
_DRUGS = ["二甲双胍", "阿司匹林", "氨氯地平", "阿托伐他汀", "奥美拉唑", "胰岛素"]


def _embedding(d: Draw) -> str:
    return json.dumps([d.number(-1, 1, 4) for _ in range(16)])


def _template(d: Draw) -> str:
    return base64.b64encode(bytes(d.whole(0, 255) for _ in range(96))).decode()


def _genotype(d: Draw) -> str:
    return d.of(["AA", "AG", "GG", "CT", "TT", "CC"])


def _patient(d: Draw) -> list[str]:
    return d.each(lambda: f"P{d.digits(6)}")


CASES = (
    *(
        Case(
            f"diagnoses of patients under {header}",
            "I-03: what a person suffers from is sensitive (PIPL 28)",
            BLOCK,
            lambda d, header=header: {
                "patient_id": _patient(d),
                header: d.each(lambda: d.of(_DIAGNOSES)),
            },  # type: ignore[misc]
            {header: HEALTH},
        )
        for header in ("诊断", "诊断结果", "zhenduan", "diagnosis", "疾病名称")
    ),
    Case(
        "codes of diagnoses of patients",
        "I-03: ICD-10 under a header that says so, beside a patient's key",
        BLOCK,
        lambda d: {"patient": _patient(d), "icd10": d.each(lambda: d.of(_ICD))},
        {"icd10": HEALTH},
    ),
    Case(
        "blood groups of persons",
        "I-03: a blood group beside a name",
        BLOCK,
        lambda d: {"姓名": d.each(d.name), "血型": d.each(lambda: d.of(["A", "B", "O", "AB"]))},
        {"姓名": certain("person_name"), "血型": HEALTH},
    ),
    Case(
        "blood pressures of patients",
        "I-03: a measurement of a body beside a patient's key",
        BLOCK,
        lambda d: {
            "patient_id": _patient(d),
            "blood_pressure": d.each(lambda: f"{d.whole(95, 180)}/{d.whole(55, 110)}"),
        },
        {"blood_pressure": HEALTH},
    ),
    Case(
        "prescriptions of patients",
        "I-03: what somebody takes tells what somebody has",
        BLOCK,
        lambda d: {"病历号": _patient(d), "用药": d.each(lambda: d.of(_DRUGS))},
        {"用药": HEALTH},
    ),
    Case(
        "histories of illness",
        "I-03: 既往史 beside a patient's key",
        BLOCK,
        lambda d: {
            "患者编号": _patient(d),
            "既往史": d.each(lambda: f"{d.of(_DIAGNOSES)}{d.whole(1, 20)}年"),
        },
        {"既往史": HEALTH},
    ),
    Case(
        "medical records beside resident ids",
        "I-03: a patient named by a direct identifier (I-09)",
        BLOCK,
        lambda d: {
            "身份证号": d.each(d.resident_id),
            "主诉": d.each(lambda: f"{d.of(['头痛', '胸闷', '咳嗽'])}{d.whole(1, 14)}天"),
        },
        {"身份证号": certain("resident_id"), "主诉": HEALTH},
    ),
    Case(
        "pregnancies and vaccinations of persons",
        "I-03: states of a body beside a person's key",
        BLOCK,
        lambda d: {
            "patient_id": _patient(d),
            "pregnancy": d.each(lambda: d.of(["yes", "no"])),
            "hiv_status": d.each(lambda: d.of(["positive", "negative"])),
        },
        {("pregnancy", "hiv_status"): HEALTH},
    ),
    Case(
        "embeddings of faces",
        "I-15: a template of a face recognises it again",
        BLOCK,
        lambda d: {
            "person_id": d.each(lambda: d.digits(6)),
            "face_embedding": d.each(lambda: _embedding(d)),
        },
        {"face_embedding": BIOMETRIC},
    ),
    Case(
        "features of faces under a Chinese header",
        "I-15: 人脸特征 is a template of a face",
        BLOCK,
        lambda d: {"工号": d.each(lambda: d.digits(6)), "人脸特征值": d.each(lambda: _template(d))},
        {"人脸特征值": BIOMETRIC},
    ),
    Case(
        "templates of fingerprints",
        "I-15: a template of a finger recognises it again",
        BLOCK,
        lambda d: {
            "employee_id": d.each(lambda: d.digits(6)),
            "fingerprint_template": d.each(lambda: _template(d)),
        },
        {"fingerprint_template": BIOMETRIC},
    ),
    Case(
        "features of fingerprints under a Chinese header",
        "I-15: 指纹特征 is a template of a finger",
        BLOCK,
        lambda d: {
            "员工编号": d.each(lambda: d.digits(6)),
            "指纹特征": d.each(lambda: _template(d)),
        },
        {"指纹特征": BIOMETRIC},
    ),
    Case(
        "features of voices",
        "I-15: a voice print recognises its speaker",
        BLOCK,
        lambda d: {"user_id": d.each(lambda: d.digits(6)), "声纹": d.each(lambda: _embedding(d))},
        {"声纹": BIOMETRIC},
    ),
    Case(
        "irises of persons",
        "I-15: a code of an iris recognises an eye",
        BLOCK,
        lambda d: {
            "subject_id": d.each(lambda: d.digits(6)),
            "iris_code": d.each(lambda: d.hexadecimal(128)),
        },
        {"iris_code": BIOMETRIC},
    ),
    Case(
        "genotypes of persons",
        "I-15: genotypes of human donors, one marker a column",
        BLOCK,
        lambda d: {
            "donor_id": d.each(lambda: d.digits(6)),
            "rs429358": d.each(lambda: _genotype(d)),
            "rs7412": d.each(lambda: _genotype(d)),
        },
        {("rs429358", "rs7412"): BIOMETRIC},
    ),
    Case(
        "genotypes of patients under a Chinese header",
        "I-15: 基因型 beside a patient's key",
        BLOCK,
        lambda d: Made(
            {"患者编号": _patient(d), "基因型": d.each(lambda: _genotype(d))}, suffix=".parquet"
        ),
        {"基因型": BIOMETRIC},
    ),
    Case(
        "cases of diseases by county and month",
        "I-03: counts of a county name no patient",
        PASS,
        lambda d: {
            "区县": d.each(lambda: d.of(["崂山区", "即墨区", "胶州市"])),
            "疾病": d.each(lambda: d.of(_DIAGNOSES)),
            "病例数": d.each(lambda: d.whole(20, 900)),
        },
    ),
    Case(
        "a catalogue of codes of diagnoses",
        "I-03: the code table itself has no patient",
        PASS,
        lambda d: {
            "icd10": [*_ICD],
            "名称": [*_DIAGNOSES],
            "价格": d.each(lambda: d.number(9, 90)),
        },
        rows=10,
    ),
    Case(
        "diseases of fish",
        "I-03: 烂鳃病 is a fish's",
        PASS,
        lambda d: {
            "网箱": d.each(lambda: f"W{d.whole(1, 40)}"),
            "病害": d.each(lambda: d.of(["烂鳃病", "白点病", "肠炎"])),
            "死亡数": d.count(),
        },
    ),
    Case(
        "diagnoses of machines",
        "I-03: 诊断 of a gearbox",
        PASS,
        lambda d: {
            "风机编号": d.each(lambda: f"WT{d.whole(1, 60):02}"),
            "故障诊断": d.each(lambda: d.of(["齿轮箱过热", "叶片结冰", "变桨故障"])),
        },
    ),
    Case(
        "the health of reefs",
        "I-03: an index of corals",
        PASS,
        lambda d: {
            "reef": d.each(lambda: f"R{d.whole(1, 30)}"),
            "health_index": d.each(lambda: d.number(0, 1)),
        },
    ),
    Case(
        "genotypes of oysters",
        "I-15: a strain of oysters is no human being",
        PASS,
        lambda d: {
            "牡蛎品系": d.each(lambda: f"海大{d.whole(1, 4)}号"),
            "genotype": d.each(lambda: _genotype(d)),
        },
    ),
    Case(
        "fingerprints of files",
        "I-15: a digest is called a fingerprint, too",
        PASS,
        lambda d: {
            "file": d.each(lambda: f"{d.hexadecimal(6)}.nc"),
            "fingerprint": d.each(lambda: d.hexadecimal(64)),
        },
    ),
    Case(
        "fingerprints of oil",
        "I-15: 油指纹 is chemistry",
        PASS,
        lambda d: {
            "油样": d.each(lambda: f"O{d.digits(4)}"),
            "油指纹相似度": d.each(lambda: d.number(0, 1)),
        },
    ),
    Case(
        "irises in the garden",
        "I-15: sepals of a flower, the most famous table there is",
        PASS,
        lambda d: {
            "sepal_length": d.each(lambda: d.number(4, 8, 1)),
            "iris": d.each(lambda: d.of(["setosa", "versicolor", "virginica"])),
        },
    ),
    Case(
        "faces of cliffs",
        "I-15: 朝向 and slope of a rock face",
        PASS,
        lambda d: {
            "face": d.each(lambda: d.of(["north", "south", "east"])),
            "slope": d.each(lambda: d.number(0, 90)),
        },
    ),
    Case(
        "pressures of water",
        "I-03: pressure in a column of water and none of blood",
        PASS,
        lambda d: {
            "pressure_dbar": d.each(lambda: d.number(0, 900)),
            "temp": d.each(lambda: d.number(2, 28)),
        },
    ),
)
