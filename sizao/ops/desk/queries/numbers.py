"""The numbers of an incident's board: one grouped query per noun, each within the reader's reach."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from sizao.epi.chains import unlinked
from sizao.ops.cases.models import Case
from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import reach_in
from sizao.ops.tracing import clarities, rounds
from sizao.ops.tracing.clarities import Stage
from sizao.ops.tracing.models import Contact
from sizao.ops.tracing.pictures.chains import chains_of
from sizao.ops.tracing.pictures.queries import chain_rows
from sizao.vocabulary.codes import COUNTED, Classification, ContactStatus, FollowUpOutcome
from sizao.vocabulary.text import N_, Message

CURVE_DAYS = 60
#: Beyond this many cases nobody follows single chains, and building them would hold up the board.
CHAINS_FOLLOWED_UP_TO = 3_000
#: The counted classes as they are piled up, the surest at the bottom.
CURVE_CLASSES = (Classification.CONFIRMED, Classification.PROBABLE, Classification.ASYMPTOMATIC)
NOBODY = Counter()


@dataclass(frozen=True)
class CaseNumbers:
    """Cases by class: on `today` and in all, and the classes of each day of onset."""

    today: date
    new: Counter
    total: Counter
    by_onset: dict[date, Counter]
    n_without_onset: int

    @property
    def n_counted(self) -> int:
        return sum(self.total[code] for code in COUNTED)

    @property
    def n_counted_new(self) -> int:
        return sum(self.new[code] for code in COUNTED)

    def rows(self) -> list[tuple[Classification, int, int]]:
        """(class, new today, in all) of every class that has a case, in the order of the code list."""
        return [(code, self.new[code], self.total[code]) for code in Classification if self.total[code]]

    def curve(self) -> list[tuple[date, list[int]]]:
        """Counted cases of each day of onset, the last `CURVE_DAYS` days with any at most; days without are zeros."""
        days = [day for day, classes in self.by_onset.items() if any(classes[code] for code in COUNTED)]
        if not days:
            return []
        last = max(days)
        first = max(min(days), last - timedelta(days=CURVE_DAYS - 1))
        window = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [(day, [self.by_onset.get(day, NOBODY)[code] for code in CURVE_CLASSES]) for day in window]


def cases_in_reach(*, by: User, incident: Incident, at: datetime) -> QuerySet[Case]:
    return Case.objects.filter(access.within(reach_in(incident, by, "case.view", at=at).paths), incident=incident)


def contacts_in_reach(*, by: User, incident: Incident, at: datetime) -> QuerySet[Contact]:
    return Contact.objects.filter(access.within(reach_in(incident, by, "contact.view", at=at).paths), incident=incident)


def case_numbers(*, by: User, incident: Incident, at: datetime) -> CaseNumbers:
    """Everything the board says about cases, from one pass over them."""
    today = incident.date_at(at)
    new, total, by_onset, n_without_onset = Counter(), Counter(), defaultdict(Counter), 0
    groups = cases_in_reach(by=by, incident=incident, at=at).values_list("classification", "date_report", "date_onset")
    for code, reported, onset, n in groups.annotate(n=Count("id")).order_by():
        total[code] += n
        new[code] += n if reported == today else 0
        if onset:
            by_onset[onset][code] += n
        elif code in COUNTED:
            n_without_onset += n
    return CaseNumbers(today, new, total, dict(by_onset), n_without_onset)


def n_unlinked(*, by: User, incident: Incident, at: datetime) -> int | None:
    """The reader's cases without a known source, by the same forest as the chains' page; None for an outbreak too
    large to follow single chains."""
    if Case.objects.filter(incident=incident).order_by()[CHAINS_FOLLOWED_UP_TO:].exists():
        return None
    chains = chains_of(*chain_rows(by=by, incident=incident, at=at), protocol=incident.protocol)
    return unlinked(chains.seen, on=incident.date_at(at)).height


def n_under_follow_up(*, by: User, incident: Incident, at: datetime) -> int:
    mine = contacts_in_reach(by=by, incident=incident, at=at)
    return mine.filter(status=ContactStatus.UNDER_FOLLOW_UP).count()


@dataclass(frozen=True)
class Clarity:
    """One of the four clarities: how many contacts reached it, and the stages whose list shows them."""

    label: Message
    n: int
    stages: tuple[str, ...]


def clarity_numbers(*, by: User, incident: Incident, at: datetime) -> list[Clarity]:
    """Listed, identified, located, under control: each contains the next, counted as on their own page."""
    line = clarities.total(clarities.by_area(by=by, incident=incident, at=at))
    steps = tuple(str(stage) for stage in Stage)
    return [
        Clarity(N_("Listed"), line.listed, steps),
        Clarity(N_("Identified"), line.identified, steps[1:]),
        Clarity(N_("Located"), line.located, steps[2:]),
        Clarity(N_("Under control"), line.controlled, steps[3:]),
    ]


def follow_up_numbers(*, by: User, incident: Incident, at: datetime) -> dict[str, int]:
    """Follow-ups of today: due, done, of these ill; missed ones of earlier days. As the day's round counts them."""
    today = incident.date_at(at)
    days = rounds.days_in_reach(by=by, incident=incident, at=at)
    counts = rounds.counts(days, today)
    ill = rounds.of_day(days, today).filter(outcome=FollowUpOutcome.ILL).count()
    return {"due": counts["to_do"] + counts["done"], "done": counts["done"], "ill": ill, "missed": counts["overdue"]}
