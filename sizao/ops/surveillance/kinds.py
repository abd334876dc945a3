"""Code lists of streams, signals and their assessment."""

from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_


class Source(Code):
    """Where counts come from (R1–R4)."""

    FEVER_CLINIC = "fever_clinic", N_("Fever clinic")
    OUTPATIENT = "outpatient", N_("Outpatient and emergency visits")
    PHARMACY = "pharmacy", N_("Sentinel pharmacy")
    SCHOOL = "school", N_("School or workplace absence")
    LABORATORY = "laboratory", N_("Laboratory")
    NOTIFIABLE = "notifiable", N_("Notifiable diseases")
    CALLS = "calls", N_("Calls for help and advice")
    SEWAGE = "sewage", N_("Sewage")
    GOODS = "goods", N_("Goods and surfaces")
    BORDER = "border", N_("Ports and borders")
    OTHER = "other", N_("Other source")


class Syndrome(Code):
    """What the counts speak of, as far as the source can say. Streams of one syndrome may become one signal."""

    RESPIRATORY = "respiratory", N_("Fever and respiratory")
    DIARRHOEAL = "diarrhoeal", N_("Diarrhoea and vomiting")
    RASH = "rash", N_("Fever with rash")
    NEUROLOGICAL = "neurological", N_("Neurological")
    HAEMORRHAGIC = "haemorrhagic", N_("Haemorrhagic fever")
    JAUNDICE = "jaundice", N_("Jaundice")
    OTHER = "other", N_("Other syndrome")


class Frequency(Code):
    """How often a stream is counted."""

    DAY = "day", N_("Daily")
    WEEK = "week", N_("Weekly")
    MONTH = "month", N_("Monthly")


class Way(Code):
    """How counts were entered."""

    FORM = "form", N_("Typed")
    FILE = "file", N_("File")
    PROGRAM = "program", N_("Sent by a program")


class SignalStatus(Code):
    """A signal is open until somebody says what it was."""

    OPEN = "open", N_("Not verified yet")
    CLOSED = "closed", N_("Verified and closed")


class Verdict(Code):
    """What a signal turned out to be."""

    TRUE_OUTBREAK = "true_outbreak", N_("True outbreak")
    KNOWN_CAUSE = "known_cause", N_("Known cause, no outbreak")
    DATA_ERROR = "data_error", N_("Data error")
    CHANCE = "chance", N_("Chance")


class Rank(Code):
    """Which signals to look at first."""

    HIGH = "first", N_("Look first")
    MEDIUM = "soon", N_("Soon")
    LOW = "in_turn", N_("In turn")


class Likelihood(Code):
    """How likely further spread is (WHO, Rapid risk assessment of acute public health events, 2012, table 4)."""

    VERY_UNLIKELY = "very_unlikely", N_("Very unlikely (below 5 %)")
    UNLIKELY = "unlikely", N_("Unlikely (5–29 %)")
    LIKELY = "likely", N_("Likely (30–69 %)")
    HIGHLY_LIKELY = "highly_likely", N_("Highly likely (70–94 %)")
    ALMOST_CERTAIN = "almost_certain", N_("Almost certain (95 % or more)")


class Consequences(Code):
    """How bad it would be (the same source, table 5)."""

    MINIMAL = "minimal", N_("Minimal")
    MINOR = "minor", N_("Minor")
    MODERATE = "moderate", N_("Moderate")
    MAJOR = "major", N_("Major")
    SEVERE = "severe", N_("Severe")


class RiskLevel(Code):
    """Overall level of risk (the same source, figure 2)."""

    LOW = "low_risk", N_("Low risk")
    MODERATE = "moderate_risk", N_("Moderate risk")
    HIGH = "high_risk", N_("High risk")
    VERY_HIGH = "very_high_risk", N_("Very high risk")


class Confidence(Code):
    """How far the assessment can be trusted."""

    LOW = "low", N_("Low")
    MEDIUM = "medium", N_("Medium")
    HIGH = "high", N_("High")
