"""What a detector could say about a row, and why it could not say more."""

from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_


class Status(Code):
    """The state of one verdict; the order is the code the compiled loops write."""

    OK = "ok", N_("Tested")
    SHORT_HISTORY = "short_history", N_("History too short to compare with")
    FEW_CASES = "few_cases", N_("Too few recent cases to test")
    NOT_CONVERGED = "not_converged", N_("No baseline could be fitted")
    UNSTABLE = "unstable", N_("Baseline too uncertain to trust the threshold")
    EXCLUDED = "excluded", N_("Date excluded by the user")
    MISSING = "missing", N_("No report for this date")


NAMES: tuple[str, ...] = tuple(status.value for status in Status)
OK, SHORT_HISTORY, FEW_CASES, NOT_CONVERGED, UNSTABLE, EXCLUDED, MISSING = range(len(NAMES))
