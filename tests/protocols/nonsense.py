"""What an author can get wrong: the change, the key it is refused by, words of what was expected."""
# ruff: noqa: E501 — one mistake a line
# fmt: off

BAD = [
    # what is changed, into what, key of the refusal, words of what was expected
    ('disease = "mers"', 'disease = "mers"\ndesease = 1', "desease", "did you mean disease"),
    ('disease = "mers"', "disease = 7", "disease", "a text in quotes"),
    ('disease = "mers"\n', "", "disease", "this key is required"),
    ('issuer = "international"', 'issuer = "martian"', "issuer", "one of national, international, local"),
    ("reviewed_on = 2026-11-01", 'reviewed_on = "soon"', "reviewed_on", "a day, as 2022-11-11"),
    ("next_review = 2027-11-01", "next_review = 2026-01-01", "next_review", "a day after reviewed_on"),
    ("reviewed_on = 2026-11-01", "reviewed_on = 2026-11-01\nin_force = 2022-01-02\nuntil = 2022-01-01", "until", "not before in_force"),
    ('days = { value = 14, unit = "day"', 'days = { value = 14, unit = "metre"', "follow_up.close.days.unit", "a unit that fits here: day"),
    ('days = { value = 14, unit = "day"', 'days = { value = 14, unit = "dya"', "follow_up.close.days.unit", "did you mean day"),
    ('days = { value = 14, unit = "day"', 'days = { value = "14", unit = "day"', "follow_up.close.days.value", "a number"),
    ('days = { value = 14, unit = "day"', 'days = { value = true, unit = "day"', "follow_up.close.days.value", "a number"),
    ('days = { value = 14, unit = "day"', 'days = { value = nan, unit = "day"', "follow_up.close.days.value", "a number"),
    ('days = { value = 14, unit = "day"', 'days = { value = 0, unit = "day"', "follow_up.close.days.value", "1 or more"),
    ('days = { value = 14, unit = "day"', 'days = { value = 9999, unit = "day"', "follow_up.close.days.value", "400 or less"),
    ('days = { value = 14, unit = "day", source = "B6", grade = "b" }', "days = 14", "follow_up.close.days", "a table"),
    ('days = { value = 14, unit = "day", source = "B6"', 'days = { value = 14, unit = "day", source = "B99"', "follow_up.close.days.source", "a tag of [source]"),
    ('days = { value = 14, unit = "day", source = "B6", ', 'days = { value = 14, unit = "day", ', "follow_up.close.days.source", "the tag of a source, or grade m"),
    ('checks_per_day = { value = 1, unit = "times_per_day", grade = "m" }', 'checks_per_day = { value = 1, unit = "times_per_day", source = "B6", grade = "m" }', "follow_up.close.checks_per_day.source", "no source for grade m"),
    ("[follow_up.close]", "[follow_up.close_contact]", "follow_up.close_contact", "a known key; did you mean contact_of_contact"),
    ("[infectious.symptomatic]", "[infectious.always]", "infectious.always", "one of symptomatic, asymptomatic"),
    ('first = { value = 0, unit = "day", source = "B6", grade = "b" }', 'first = { value = 3, unit = "day", source = "B6", grade = "b" }\nlast = { value = 1, unit = "day", grade = "m" }', "infectious.symptomatic.last", "not before the window's first"),
    ('detectors = ["k_in_days"]', 'detectors = ["farington"]', "detectors[1]", "did you mean farrington"),
    ('detectors = ["k_in_days"]', 'detectors = ["oracle"]', "detectors[1]", "one of farrington, recent_sums, ears"),
    ('family = "gamma"', 'family = "beta"', "distribution.incubation_korea.family", "one of lognormal, gamma"),
    ('family = "gamma"', 'family = "lognormal"', "distribution.incubation_korea.parameters", "exactly: meanlog, sdlog"),
    ("parameters = { shape = 5.285", "parameters = { shape = -5", "distribution.incubation_korea.parameters.shape", "more than 0"),
    ('family = "gamma"\nparameters = { shape = 5.285, scale = 1.2677 }', "", "distribution.incubation_korea", "a family with parameters, or a mean"),
    ("n = 166", "n = 0.5", "distribution.incubation_korea.n", "a whole number"),
    ('key = "near"', 'key = "household"', "contact.close.exposures", "keys that differ from each other"),
    ('settings = ["household"]', 'settings = "household"', "contact.close.exposures[1].settings", "a list"),
    ('settings = ["household"]', 'settings = ["castle"]', "contact.close.exposures[1].settings[1]", "one of unknown, household"),
    ('rule = "negative_tests"', 'rule = "feels_better"', "discharge.any.ways[1].all[1].rule", "one of period_over, tests_negative"),
    ('count = { value = 2, unit = "sample", source = "B6", grade = "b" }, ', "", "discharge.any.ways[1].negative_tests.count", "a value for it"),
    ('name = { en = "MERS", zh = "中东呼吸综合征" }', "name = 5", "name", "a sentence, or a table with en and zh"),
    ('disease = "mers"', 'disease = "mers"\nextends = "nothing"', "extends", "a known protocol"),
    ('disease = "mers"', 'disease = "mers"\nextends = "mine"', "extends", "does not extend this one"),
    ('disease = "mers"', 'disease = "mers"\nextends = "../mers"', "extends", "a known protocol"),
    ('disease = "mers"', 'disease = "mers"\nextends = "measles"\ndrop = ["zone.high"]', "drop", "a key of the extended protocol"),
    ('id = "mine"', 'id = "other"', "id", "the file's own name, mine"),
    ('id = "mine"', 'id = "My Own"', "id", "lower-case words joined by hyphens"),
]

LOCAL = """id = "mine"
name = "Ours"
extends = "cn-covid-9-plus20"
issuer = "local"
authored_by = "us"
reviewed_on = 2022-11-20
next_review = 2022-12-20
"""
PHASE = 'mode = "{}", days = {{ value = {}, unit = "day", grade = "m" }}'
CENTRAL_7 = "[quarantine.close]\nphases = [{ " + PHASE.format("central", 7) + " }]\n"
MAXIMUM_7 = '[restriction.central]\nmaximum = { value = 7, unit = "day", grade = "m" }\n'

BAD_LOCAL = [
    ('[hold.long]\nname = "x"\n', "hold.long.maximum", "this key is required"),
    ('[hold.long]\nname = "x"\nmaximum = { value = 3, unit = "metre", grade = "m" }\n', "hold.long.maximum.unit", "a unit that fits here: minute, hour, day"),
    ('[hold.long]\nname = "x"\nmaximum = { value = 12, unit = "hour", grade = "m" }\n', "reason", "hold.long.maximum"),
    (CENTRAL_7, "quarantine.close.phases", "5 or less"),
    ("[quarantine.close]\nphases = [{ " + PHASE.format("closed_loop", 7) + " }]\n", "restriction.closed_loop", "a maximum"),
    (CENTRAL_7 + MAXIMUM_7, "reason", "a written reason: stricter than cn-covid-9-plus20"),
    ("[quarantine.close]\nphases = [{ " + PHASE.format("home", 2) + " }, { " + PHASE.format("home", 2) + ', first_day = { value = 2, unit = "day", grade = "m" } }]\n', "quarantine.close.phases[2].first_day", "a day after 2"),
    ("[quarantine.close]\nphases = [{ " + PHASE.format("home", 2) + ', test_days = { value = [1, 3], unit = "day", grade = "m" } }]\n', "quarantine.close.phases[1].test_days", "2 or less"),
    ("[quarantine.close]\nphases = []\n", "quarantine.close.phases", "phases, or determined = false"),
    ("[contact.general]\ndefinition = { en = \"x\", grade = \"m\" }\n", "contact.general.exposures", "kinds of exposure, or determined = false"),
    ('[zone.middle]\nrank = 2\nrestricts = true\nrule = { en = "x", grade = "m" }\n', "zone.middle.maximum", "no restriction without one"),
    ('[zone.low]\nsteps_to = "high"\n', "zone.low.steps_to", "a level of lower rank"),
    ('[zone.low]\nsteps_to = "middle"\n', "zone.low.steps_to", "one of high, low"),
    ('[deadline.on_site]\nclosed_by = []\n', "deadline.on_site.closed_by", "an event other than the starting one"),
    ('[frequency.crowded_job]\nevery = { value = 2, unit = "day", grade = "m" }\n', "frequency.crowded_job", "one of every and per_week"),
    ('[incubation.reported]\nhigh = { value = 0, unit = "day", grade = "m" }\n', "incubation.reported.high", "1 or more"),
    ('[contact.close]\nlookback = { value = 4, unit = "day", grade = "m" }\n', "reason", "contact.close.lookback"),
    ('drop = ["zone.high.maximum"]\n', "zone.high.maximum", "no restriction without one"),
]
