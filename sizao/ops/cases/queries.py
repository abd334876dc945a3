"""Reads of cases."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sizao.ops.cases.models import Case
from sizao.ops.incidents.models import Incident

CHUNK = 5_000  # parameters of one statement


def cases_by_number(*, incident: Incident, numbers: Iterable[str]) -> dict[str, Case]:
    """Cases of an incident under these numbers."""
    if not Case.objects.filter(incident=incident).exists():
        return {}
    found = Case.objects.filter(incident=incident)
    return {case.number: case for part in chunks(numbers, CHUNK) for case in found.filter(number__in=part)}


def persons_by_number(*, incident: Incident, numbers: Iterable[str]) -> dict[str, int]:
    """Whose case each number is: a file that comes again means the same persons."""
    found = Case.objects.filter(incident=incident)
    return {
        number: person
        for part in chunks(numbers, CHUNK)
        for number, person in found.filter(number__in=part).values_list("number", "person_id")
    }


def chunks(values: Iterable[str], size: int) -> Iterator[Sequence[str]]:
    values = iter(values)
    while part := list(islice(values, size)):
        yield part
