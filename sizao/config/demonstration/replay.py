"""Plays the outbreak evening by evening through the rooms' own actions."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from sizao.config.demonstration.slices import Evening
from sizao.exchange.mapping import Mapping
from sizao.ops.governance.models import User
from sizao.ops.incidents.actions import acknowledge_tasks, finish_tasks, verify_tasks
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.intake import actions as intake
from sizao.ops.intake.models import Delivery
from sizao.ops.reporting import actions as reporting
from sizao.ops.tracing import actions as tracing
from sizao.ops.tracing.models import Contact, FollowUp
from sizao.vocabulary.codes import Classification, ContactStatus, FollowUpOutcome, TaskStatus

ZONE = ZoneInfo("Asia/Seoul")
SEED = 2015
#: Share of a day's follow-ups by what came of them; the rest is not tried.
OUTCOMES = {
    FollowUpOutcome.OK: 0.86, FollowUpOutcome.ILL: 0.01, FollowUpOutcome.NOT_REACHED: 0.06,
    FollowUpOutcome.REFUSED: 0.01, FollowUpOutcome.NOT_TRIED: 0.06,
}  # fmt: skip
PLACES_OF_INFECTION = {"Middle East": "imported", "Outside Middle East": "local"}
REPORTS_FROM = date(2015, 6, 7)


@dataclass
class Replay:
    """The incident, who acts in it, and the dice that decide what the files do not say."""

    incident: Incident
    people: dict[str, User]
    dice: random.Random

    def evening(self, evening: Evening) -> None:
        """What one day brings: files at eight, follow-up at nine, yesterday's tasks and report in the morning."""
        self.morning(evening.day)
        at = moment(evening.day, time(20))
        self.deliver(f"mers-cases-{evening.day}.csv", evening.cases, at, classification=Classification.CONFIRMED)
        self.deliver(f"mers-links-{evening.day}.csv", evening.links, at)
        self.deliver(f"simulated-contacts-{evening.day}.csv", evening.contacts, at)
        self.clarify(at + timedelta(minutes=30))
        self.follow_up(evening.day, at + timedelta(hours=1))

    def deliver(self, name: str, content: bytes | None, at: datetime, **options: str) -> Delivery | None:
        """One file through intake: received, read, confirmed, handed on."""
        if content is None:
            return None
        told = {"by": self.people["investigator"], "at": at}
        delivery = intake.receive(
            incident=self.incident, pieces=[content], file_name=name, source="KCDC", **told
        ).delivery
        if options:
            intake.choose(delivery=delivery, options={key: str(value) for key, value in options.items()}, **told)
        intake.read_delivery(delivery=delivery, **told)
        if delivery.n_problems and "place_infect" in str(delivery.mapping):
            self.explain(delivery, at)
        intake.begin_commit(delivery=delivery, **told)
        return intake.commit_to_the_end(delivery=delivery, **told)

    def explain(self, delivery: Delivery, at: datetime) -> None:
        """Say once what this source's words for the place of infection mean; its next files are read so too."""
        told = {"by": self.people["investigator"], "at": at}
        mapping = Mapping.from_json(json.dumps(delivery.mapping)).change("place_infect", values=PLACES_OF_INFECTION)
        intake.choose(delivery=delivery, mapping=mapping, **told)
        intake.read_delivery(delivery=delivery, **told)

    def clarify(self, at: datetime) -> None:
        """Most contacts are identified the same evening, then located, then under control; some stay open."""
        by = self.people["investigator"]
        for field, share in (("identified_at", 0.8), ("located_at", 0.7), ("controlled_at", 0.7)):
            ready = self.incident.contacts.filter(status=ContactStatus.UNDER_FOLLOW_UP, **{f"{field}__isnull": True})
            if field != "identified_at":
                ready = ready.filter(identified_at__isnull=False)
            if field == "controlled_at":
                ready = ready.filter(located_at__isnull=False)
            chosen: list[Contact] = [row for row in ready.order_by("id") if self.dice.random() < share]
            if chosen:
                tracing.amend_contacts(contacts=chosen, changes={field: at}, by=by, at=at)

    def follow_up(self, day: date, at: datetime) -> None:
        """Today's calls and visits."""
        due = FollowUp.objects.filter(incident=self.incident, date_due=day, outcome=FollowUpOutcome.NOT_TRIED)
        due = due.filter(contact__status=ContactStatus.UNDER_FOLLOW_UP).order_by("contact_id")
        numbers = list(due.values_list("contact__number", flat=True))
        found = self.dice.choices(list(OUTCOMES), list(OUTCOMES.values()), k=len(numbers))
        rows = [
            (row, number, day, str(outcome))
            for row, (number, outcome) in enumerate(zip(numbers, found, strict=True), 1)
            if outcome != FollowUpOutcome.NOT_TRIED
        ]
        if rows:
            schema = {"row": pl.Int64, "contact_id": pl.String, "date_due": pl.Date, "follow_up_outcome": pl.String}
            records = pl.DataFrame(rows, schema=schema, orient="row")
            tracing.record_follow_ups(incident=self.incident, records=records, by=self.people["investigator"], at=at)

    def morning(self, day: date) -> None:
        """Yesterday's tasks are worked and checked, and yesterday's report goes out."""
        at = moment(day, time(8))
        self.work_tasks(at)
        yesterday = day - timedelta(days=1)
        if yesterday >= REPORTS_FROM:
            self.report(yesterday, at)

    def work_tasks(self, at: datetime) -> None:
        open_ones = list(self.incident.tasks.filter(status=TaskStatus.OPEN, starts_at__lt=at).order_by("id"))
        seen = self._some(open_ones, 0.92)
        acknowledge_tasks(tasks=seen, by=self.people["investigator"], at=at)
        finish_tasks(
            tasks=self._some(seen, 0.92),
            outcome="已完成(演示) Done (demonstration)",
            by=self.people["investigator"],
            at=at,
        )
        done = list(
            self.incident.tasks.filter(status=TaskStatus.DONE).exclude(done_by=self.people["duty"]).order_by("id")
        )
        verify_tasks(tasks=self._some(done, 0.7), by=self.people["duty"], at=at)

    def _some(self, tasks: list[Task], share: float) -> list[Task]:
        return [task for task in tasks if self.dice.random() < share]

    def report(self, day: date, at: datetime) -> None:
        """Drafted at eight, reviewed, signed and out by nine."""
        cutoff_at = moment(day + timedelta(days=1), time())
        by = self.people
        report = reporting.draft_report(incident=self.incident, day=day, cutoff_at=cutoff_at, by=by["duty"], at=at)
        step: Callable[[int], datetime] = lambda minutes: at + timedelta(minutes=minutes)  # noqa: E731
        reporting.review_reports(reports=[report], by=by["reviewer"], at=step(20))
        reporting.sign_reports(reports=[report], by=by["signatory"], at=step(40))
        reporting.publish_reports(reports=[report], by=by["signatory"], at=step(60))


def moment(day: date, hour: time) -> datetime:
    """A local time of the outbreak."""
    return datetime.combine(day, hour, ZONE)
