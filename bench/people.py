"""Invented people as line lists of any length, the same for the same seed. Names are as frequent as in a census."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任卢姚沈钟姜崔谭"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉萍红鹏华建国文辉力志永健世广义兴良海山仁波宁贵福生龙元全胜学祥"
)
WORK = ("工人", "教师", "学生", "农民", "护士")
COLUMNS = (
    "case_id,full_name,sex,date_birth,id_number,phone,address,occupation,classification,date_onset,date_report,"
    "outcome,area"
)
AREAS = ("230102", "230103", "230104", "230108", "230109", "230110", "230111")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def line_list(n: int, *, seed: int, known: float = 0.0, known_seed: int = 0, known_n: int = 0) -> Iterator[bytes]:
    """CSV in pieces: `n` cases; a share `known` of them are people of the list of `known_seed`."""
    yield (COLUMNS + "\n").encode()
    dice = random.Random(seed)
    lines = []
    for number in range(n):
        is_known = dice.random() < known
        who = person(dice.randrange(known_n), known_seed) if is_known else person(number, seed)
        onset = date(2013, 1, 1) + timedelta(days=dice.randrange(700))
        report = onset + timedelta(days=dice.randrange(6))
        outcome = dice.choice(("recovered", "alive", "died", ""))
        lines.append(f"{seed}-{number},{who},confirmed,{onset},{report},{outcome},{dice.choice(AREAS)}")
        if len(lines) == 10_000:
            yield ("\n".join(lines) + "\n").encode()
            lines = []
    if lines:
        yield ("\n".join(lines) + "\n").encode()


def person(number: int, seed: int) -> str:
    """Columns full_name … occupation of one person; always the same for the same number and seed."""
    dice = random.Random(number * 1_000_003 + seed)
    name = dice.choice(FAMILY) + dice.choice(GIVEN) + (dice.choice(GIVEN) if dice.random() < 0.7 else "")
    born = date(1930, 1, 1) + timedelta(days=dice.randrange(30_000))
    digits = f"2301{dice.randrange(1, 30):02d}{born:%Y%m%d}{dice.randrange(1000):03d}"
    number_of_id = digits + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11]
    phone = f"1{dice.choice('3578')}{dice.randrange(10**9):09d}"
    street = f"和平路{dice.randrange(1, 400)}号{dice.randrange(1, 40)}单元{dice.randrange(101, 3000)}"
    return f"{name},{dice.choice('男女')},{born},{number_of_id},{phone},{street},{dice.choice(WORK)}"
