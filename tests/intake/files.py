"""Small files for the import tests, all of invented people."""

CASES = """case_id,full_name,sex,date_birth,phone,classification,date_onset,date_report,area
A1,张伟,男,1980-02-03,13800001111,confirmed,2015-05-20,2015-05-22,230102
A2,李娜,女,1975-11-30,13800002222,suspected,2015-05-21,2015-05-23,230102
A3,王小明,男,2001-07-15,,confirmed,2015-05-25,2015-05-26,230103
"""
CONTACTS = """contact_id,full_name,phone,source_id,date_exposure_last,setting,area
K1,赵敏,13900001111,A1,2015-05-21,household,230102
K2,钱多多,13900002222,A1,2015-05-22,workplace,230102
K3,孙立,13900003333,A9,2015-05-22,household,230102
"""


def many_cases(n, *, start=0):
    """A line list of `n` different people, as bytes."""
    lines = ["case_id,full_name,sex,date_birth,phone,classification,date_onset,date_report,area"]
    for number in range(start, start + n):
        day = f"{1950 + number % 60}-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        name = f"{'赵钱孙李周吴郑王'[number % 8]}{chr(0x4E00 + number % 3000)}{chr(0x5000 + number // 3000 % 3000)}"
        lines.append(
            f"M{number},{name},男,{day},1{3000000000 + number},confirmed,,2014-05-{number % 28 + 1:02d},230102"
        )
    return "\n".join(lines).encode()
