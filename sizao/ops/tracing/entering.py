"""Who a hand-typed record is about: somebody known whom the writer picked, or somebody new."""

from datetime import datetime

from sizao.ops.cases.duplicates import Lookalike, lookalikes
from sizao.ops.cases.person_forms import NEW, PersonFacts
from sizao.ops.governance import access, audit
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.actions.persons import NewPerson, record_persons
from sizao.ops.registry.models import Person
from sizao.vocabulary.codes import Sex


def person_entered(
    form: PersonFacts, *, incident: Incident, by: User, at: datetime
) -> tuple[int | None, list[Lookalike]]:
    """The person's id; or nobody yet and the people it may be, for the writer to choose from."""
    values = form.cleaned_data
    picked = values["person"]
    if picked.isdecimal():
        person = Person.objects.filter(pk=picked).first()
        if person and access.may(by, "person.search", person.area_id or "", at=at):
            return person.pk, []
    if picked != NEW:
        alike = lookalikes(
            identity=form.identity(), sex=values["sex"], year_birth=form.year_birth(),
            area_path=values["area"] or None, by=by, at=at,
        )  # fmt: skip
        if alike:
            audit.record(by=by, at=at, action="person.searched", about=incident, n_persons=len(alike))
            return None, alike
    new = NewPerson(
        identity=form.identity(), sex=Sex(values["sex"]), year_birth=form.year_birth(),
        area_path=values["area"] or None,
    )  # fmt: skip
    [person] = record_persons(persons=[new], by=by, at=at)
    return person.pk, []
