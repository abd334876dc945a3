"""Makes sizao/config/data/demonstration/simulated_contacts.csv: invented contacts of the real cases.

The line list of MERS in Korea is real and public; nobody published its contacts. So that follow-up can be shown,
this invents some for the cases reported in the last twelve days: names, telephone numbers and dates are made with
a fixed seed and belong to nobody (the numbers use Korea's 010-0000 block, which is not given out).

    python -m tools.demonstration.contacts
"""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "sizao" / "config" / "data" / "demonstration"
SEED = 20150520
FAMILIES = (
    "Kim", "Lee", "Park", "Choi", "Jung", "Kang", "Cho", "Yoon", "Jang", "Lim",
    "Han", "Oh", "Seo", "Shin", "Kwon", "Hwang", "Ahn", "Song", "Ryu", "Hong",
)  # fmt: skip
GIVEN = (
    "Minjun", "Seoyeon", "Jiho", "Hayoon", "Doyun", "Jiwoo", "Siwoo", "Soyul",
    "Juwon", "Jian", "Yejun", "Haeun", "Hyunwoo", "Subin", "Taeyang", "Eunji",
)  # fmt: skip
SETTINGS = {
    "hospital_room": (("face_to_face", "physical"), 4),
    "emergency_room": (("same_room", "face_to_face"), 4),
    "household": (("physical", "face_to_face"), 3),
    "health_worker": (("face_to_face",), 2),
    "transport": (("same_conveyance",), 1),
}
COLUMNS = (
    "contact_id", "full_name", "sex", "age", "phone", "area", "source_id", "date_report",
    "date_exposure_first", "date_exposure_last", "setting", "closeness", "relation",
)  # fmt: skip
FIRST_DAY, LAST_DAY = date(2015, 6, 5), date(2015, 6, 16)
PROVINCES = ("Seoul", "Gyeonggi", "Daejeon", "Chungcheongnam")


def province(hospital: str) -> str:
    return next((name for name in PROVINCES if name in hospital), "Seoul")


def contacts(dice: random.Random):
    """About one contact in two cases early on, more towards the end, as lists grow in a real response."""
    with (FOLDER / "mers_korea_2015_linelist.csv").open(encoding="utf-8") as file:
        cases = [row for row in csv.DictReader(file) if row["dt_report"] >= FIRST_DAY.isoformat()]
    number = 0
    for case in cases:
        for _each in range(dice.choice((0, 1, 1, 2, 3))):
            number += 1
            yield contact(dice, case, number)


def contact(dice: random.Random, case: dict[str, str], number: int) -> dict[str, object]:
    reported = date.fromisoformat(case["dt_report"])
    last = reported - timedelta(days=dice.randint(0, 3))
    setting = dice.choices(list(SETTINGS), [weight for _ways, weight in SETTINGS.values()])[0]
    return {
        "contact_id": f"SIM-{number:03}",
        "full_name": f"{dice.choice(FAMILIES)} {dice.choice(GIVEN)}",
        "sex": dice.choice(("male", "female")),
        "age": dice.randint(3, 88),
        "phone": f"010-0000-{number:04}",
        "area": province(case["loc_hosp"]),
        "source_id": case["id"],
        "date_report": reported,
        "date_exposure_first": last - timedelta(days=dice.randint(0, 2)),
        "date_exposure_last": last,
        "setting": setting,
        "closeness": dice.choice(SETTINGS[setting][0]),
        "relation": "simulated",
    }


def main() -> None:
    with (FOLDER / "simulated_contacts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(contacts(random.Random(SEED)))


if __name__ == "__main__":
    main()
