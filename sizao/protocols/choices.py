"""The words a protocol file may use: grades, units, days things are counted from, modes, tests, rules.

Every list is closed, so a misspelt word is refused with the words that exist. `ReleaseRule` names the
functions the reader knows; what they do is in `conditions.py`.
"""

from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_


class Grade(Code):
    """How far a figure's source can be trusted."""

    OFFICIAL = "a", N_("official source or its verbatim copy")
    SECOND_HAND = "b", N_("second-hand source")
    UNSOURCED = "m", N_("no source found: from memory")


class Unit(Code):
    """What a figure counts."""

    DAY = "day", N_("days")
    HOUR = "hour", N_("hours")
    MINUTE = "minute", N_("minutes")
    METRE = "metre", N_("metres")
    CASE = "case", N_("cases")
    PERSON = "person", N_("persons")
    SHARE = "share", N_("share (0–1)")
    CT = "ct", N_("(Ct value)")
    ROUND = "round", N_("rounds")
    SAMPLE = "sample", N_("samples")
    TIMES_PER_DAY = "times_per_day", N_("times a day")
    TIMES_PER_WEEK = "times_per_week", N_("times a week")
    ROOM = "room", N_("rooms")
    ROOM_PER_10K = "room_per_10k", N_("rooms per 10,000 people")
    SITE = "site", N_("sites")
    FLOOR = "floor", N_("floors")
    MONTH = "month", N_("months")
    YEAR = "year", N_("years")
    CELSIUS = "celsius", N_("°C")


#: What one of a unit is called, where English asks for it.
ONE = {
    Unit.DAY: N_("day"),
    Unit.HOUR: N_("hour"),
    Unit.MINUTE: N_("minute"),
    Unit.TIMES_PER_DAY: N_("time a day"),
    Unit.FLOOR: N_("floor"),
}


class Issuer(Code):
    """Who stands behind the rules; a local file may only be stricter with a written reason."""

    NATIONAL = "national", N_("National rules")
    INTERNATIONAL = "international", N_("International guidance")
    LOCAL = "local", N_("Local rules")


class Anchor(Code):
    """The day or moment something is counted from."""

    ONSET = "onset", N_("onset of symptoms")
    RASH = "rash", N_("onset of rash")
    COUGH = "cough", N_("onset of cough")
    SAMPLE_TAKEN = "sample_taken", N_("sampling of the first positive")
    TREATMENT = "treatment", N_("start of effective treatment")
    ADMISSION = "admission", N_("admission to isolation")
    FIRST_EXPOSURE = "first_exposure", N_("first exposure")
    LAST_EXPOSURE = "last_exposure", N_("last exposure")
    LEFT_ZONE = "left_zone", N_("leaving the zone")
    ARRIVAL = "arrival", N_("arrival")
    SHIFT_END = "shift_end", N_("end of the closed-loop shift")
    SECOND_NEGATIVE = "second_negative", N_("second negative sample, or safe burial, of the last case")
    LAST_ONSET = "last_onset", N_("onset of the last case")


class DayOne(Code):
    """Which day a phase's "day 1" test falls on."""

    ARRIVAL = "arrival", N_("the day the phase begins for the person is day 1")
    RULE = "rule", N_("the first day of the phase by rule is day 1, even when the person was found later")


class Subject(Code):
    """Whom a quarantine rule is about: contact classes, and people who come from somewhere."""

    CLOSE = "close", N_("close contact")
    CONTACT_OF_CONTACT = "contact_of_contact", N_("contact of a contact")
    GENERAL = "general", N_("general contact")
    EXPOSED_PLACE = "exposed_place", N_("person exposed at a place")
    ARRIVAL = "arrival", N_("arrival from abroad")
    LEFT_HIGH = "left_high", N_("stayed in a high-risk zone or lock-down area")
    LEFT_MIDDLE = "left_middle", N_("stayed in a middle-risk zone or its county")
    LEFT_LOW = "left_low", N_("stayed in a low-risk county or its prefecture")
    CLOSED_LOOP = "closed_loop", N_("worker leaving a closed-loop shift")
    HEALTH_WORKER = "health_worker", N_("health worker without immunity")
    FOOD_HANDLER = "food_handler", N_("food handler or carer of unimmunised children")


class Mode(Code):
    """How a person's freedom is limited during a phase, most limiting first."""

    CENTRAL = "central", N_("central quarantine")
    CLOSED_LOOP = "closed_loop", N_("closed-loop work")
    HOME = "home", N_("home quarantine")
    CENTRAL_OR_HOME = "central_or_home", N_("central or home quarantine")
    WORK_EXCLUSION = "work_exclusion", N_("kept from work")
    HOME_MONITORING = "home_monitoring", N_("home health monitoring")
    SELF_MONITORING = "self_monitoring", N_("self-monitoring")


#: Modes that limit where a person may go: they count as restricted days and need a maximum.
RESTRICTING = (Mode.CENTRAL, Mode.CLOSED_LOOP, Mode.HOME, Mode.CENTRAL_OR_HOME, Mode.WORK_EXCLUSION)


class Test(Code):
    """The kind of test a rule asks for."""

    __test__ = False  # pytest: a code list, not a test case
    PCR = "pcr", N_("PCR")
    ANTIGEN = "antigen", N_("antigen test")
    CULTURE = "culture", N_("bacterial culture")
    BLOOD_PCR = "blood_pcr", N_("blood PCR")
    ROOM_SWAB = "room_swab", N_("PCR of room and belongings")


class ReleaseRule(Code):
    """Named functions that decide whether a person may be released."""

    PERIOD_OVER = "period_over", N_("the period is over")
    TESTS_NEGATIVE = "tests_negative", N_("every test that was due is negative")
    LAST_TEST_NEGATIVE = "last_test_negative", N_("the last test is negative")
    TWO_SAMPLES_NEGATIVE = "two_samples_negative", N_("two samples with different reagents are negative")
    ROOM_SWAB_NEGATIVE = "room_swab_negative", N_("the room and belongings test negative")
    DAYS_SINCE = "days_since", N_("enough days have passed")
    SYMPTOM_FREE_DAYS = "symptom_free_days", N_("enough days without symptoms")
    SYMPTOMS_IMPROVED = "symptoms_improved", N_("symptoms have clearly improved")
    LESIONS_HEALED = "lesions_healed", N_("scabs have fallen and new skin has formed")
    NEGATIVE_TESTS = "negative_tests", N_("enough negative tests, far enough apart")


class ZoneLevel(Code):
    """Zones of the three scales: three areas (8th), three risks (9th), street risk (before June 2022)."""

    LOCKDOWN = "lockdown", N_("lock-down area")
    CONTROL = "control", N_("control area")
    PRECAUTION = "precaution", N_("precaution area")
    HIGH = "high", N_("high-risk zone")
    MIDDLE = "middle", N_("middle-risk zone")
    LOW = "low", N_("low-risk zone")
    STREET_HIGH = "street_high", N_("high-risk street")
    STREET_MIDDLE = "street_middle", N_("middle-risk street")
    STREET_LOW = "street_low", N_("low-risk street")


class AreaUnit(Code):
    """The unit a zone is drawn by, smallest first."""

    HOUSEHOLD = "household", N_("one household")
    BUILDING = "building", N_("stair unit or building")
    ESTATE = "estate", N_("estate or village")
    STREET = "street", N_("street or township")
    COUNTY = "county", N_("whole county")


class Detector(Code):
    """Detectors a disease's series are watched with unless a unit chooses otherwise.

    The names and labels of the science room's table, said again because that table loads compiled code and a
    file must be readable without it; a test holds the two together.
    """

    FARRINGTON = "farrington", N_("Farrington Flexible")
    RECENT_SUMS = "recent_sums", N_("Farrington on recent sums")
    EARS = "ears", N_("EARS C1 to C3")
    EWMA_SWITCH = "ewma_switch", N_("ESSENCE regression/EWMA switch")
    CUSUM = "cusum", N_("CUSUM")
    GLR = "glr", N_("Likelihood-ratio CUSUM")
    BAYES = "bayes", N_("Bayes")
    RKI = "rki", N_("RKI mean and margin")
    MOVING_PERCENTILE = "moving_percentile", N_("Moving percentile (CIDARS)")
    HISTORICAL_LIMITS = "historical_limits", N_("Historical limits")
    K_IN_DAYS = "k_in_days", N_("k cases in d days")
    OUTBREAK_P = "outbreak_p", N_("OutbreakP")
    AUTO = "auto", N_("Chosen by length of history")


class Quantified(Code):
    """What a distribution describes."""

    INCUBATION = "incubation", N_("incubation period")
    SERIAL_INTERVAL = "serial_interval", N_("serial interval")
    GENERATION = "generation_interval", N_("generation interval")
    ONSET_TO_DEATH = "onset_to_death", N_("onset to death")
    ONSET_TO_DISCHARGE = "onset_to_discharge", N_("onset to discharge")
    OFFSPRING = "offspring", N_("cases caused by one case")


class Family(Code):
    """Families of distributions and, in `FAMILY_PARAMETERS`, what each needs."""

    LOGNORMAL = "lognormal", N_("lognormal")
    GAMMA = "gamma", N_("gamma")
    WEIBULL = "weibull", N_("Weibull")
    NORMAL = "normal", N_("normal distribution")
    NEGATIVE_BINOMIAL = "negative_binomial", N_("negative binomial")


FAMILY_PARAMETERS = {
    Family.LOGNORMAL: ("meanlog", "sdlog"),
    Family.GAMMA: ("shape", "scale"),
    Family.WEIBULL: ("shape", "scale"),
    Family.NORMAL: ("mean", "sd"),
    Family.NEGATIVE_BINOMIAL: ("mean", "dispersion"),
}
