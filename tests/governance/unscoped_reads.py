"""Reads of rows of areas whose function asks for no scope, each with its reason. A new one is a decision."""

#: Reckoned for every row, whoever asks: what is shown of it is asked where it is shown.
RECKONED = "works on all rows of an incident; what is shown is scoped where it is shown"
#: The rows were found within the reader's reach before, and are read again by their number.
GIVEN = "reads again rows that the caller found within the reader's reach"
#: Who holds which post is no secret among users.
ROSTER = "the roster of units and posts is for every user"
#: Recognising that somebody is known already has to look everywhere; what is told of it is scoped.
RECOGNISED = "recognises people and numbers known anywhere; what is told of them is scoped"
#: The tasks of posts the reader holds are theirs, wherever the post is.
OWN = "what belongs to the posts the reader holds"
#: Only whether there are too many to follow is asked.
COUNTED = "asks only how many there are at most"
#: The function's caller asks first.
ASKED = "its caller asks for the reader's reach before or after it"

UNSCOPED: dict[tuple[str, str], str] = {
    ("sizao/ops/cases/duties.py", "derive_recent"): RECKONED,
    ("sizao/ops/cases/duties.py", "_with_open_tasks"): RECKONED,
    ("sizao/ops/cases/queries.py", "cases_by_number"): RECOGNISED,
    ("sizao/ops/cases/queries.py", "persons_by_number"): RECOGNISED,
    ("sizao/ops/desk/queries/numbers.py", "n_unlinked"): COUNTED,
    ("sizao/ops/incidents/derived.py", "stored_duties"): RECKONED,
    ("sizao/ops/incidents/forms.py", "posts_that_work"): ROSTER,
    ("sizao/ops/incidents/milestones.py", "milestones"): RECKONED,
    ("sizao/ops/incidents/owners.py", "owners"): ROSTER,
    ("sizao/ops/incidents/queries.py", "posts_of"): ROSTER,
    ("sizao/ops/incidents/queries.py", "my_tasks"): OWN,
    ("sizao/ops/incidents/queries.py", "tasks_of"): GIVEN,
    ("sizao/ops/intake/queries.py", "alike_rows"): RECOGNISED,
    ("sizao/ops/intake/resolving.py", "_take_known"): RECOGNISED,
    ("sizao/ops/intake/tasks.py", "_next_persons"): RECOGNISED,
    ("sizao/ops/oversight/due.py", "_not_held"): RECKONED,
    ("sizao/ops/oversight/queries.py", "records_of"): GIVEN,
    ("sizao/ops/oversight/queries.py", "names_of"): GIVEN,
    ("sizao/ops/oversight/queries.py", "person_called"): ASKED,
    ("sizao/ops/registry/duplicate_views.py", "_side_by_side"): GIVEN,
    ("sizao/ops/registry/queries.py", "register_state"): RECOGNISED,
    ("sizao/ops/registry/queries.py", "roster"): ROSTER,
    ("sizao/ops/registry/views.py", "visible_person"): ASKED,
    ("sizao/ops/reporting/frames.py", "_cases"): RECKONED,
    ("sizao/ops/surveillance/comparing.py", "outbreaks"): RECKONED,
    ("sizao/ops/surveillance/comparing.py", "n_verified"): RECKONED,
    ("sizao/ops/surveillance/comparing.py", "compare"): RECKONED,
    ("sizao/ops/surveillance/reading.py", "known_outbreaks"): RECKONED,
    ("sizao/ops/surveillance/record.py", "source_records"): RECKONED,
    ("sizao/ops/surveillance/record.py", "records"): RECKONED,
    ("sizao/ops/surveillance/record.py", "first_reports"): RECKONED,
    ("sizao/ops/surveillance/watching.py", "watched"): RECKONED,
    ("sizao/ops/tracing/bulk.py", "_do"): GIVEN,
    ("sizao/ops/tracing/bulk_forms.py", "__init__"): ROSTER,
    ("sizao/ops/tracing/case_forms.py", "clean_case_id"): RECOGNISED,
    ("sizao/ops/tracing/case_views.py", "_record"): RECOGNISED,
    ("sizao/ops/tracing/duties.py", "derive_recent"): RECKONED,
    ("sizao/ops/tracing/duties.py", "_with_open_tasks"): RECKONED,
    ("sizao/ops/tracing/edition_effects.py", "_contacts"): RECKONED,
    ("sizao/ops/tracing/forms.py", "__init__"): ROSTER,
    ("sizao/ops/tracing/forms.py", "clean_contact_id"): RECOGNISED,
    ("sizao/ops/tracing/judging.py", "_contacts"): RECKONED,
    ("sizao/ops/tracing/judging.py", "_cases"): RECKONED,
    ("sizao/ops/tracing/one_contact_views.py", "_record"): GIVEN,
    ("sizao/ops/tracing/people.py", "exposures_out"): ASKED,
    ("sizao/ops/tracing/queries.py", "contacts_by"): RECOGNISED,
    ("sizao/ops/tracing/queries.py", "cases_of_persons"): RECOGNISED,
    ("sizao/ops/tracing/queries.py", "persons_with_names"): GIVEN,
    ("sizao/ops/tracing/queries.py", "home_areas"): RECOGNISED,
    ("sizao/ops/tracing/rounds.py", "posts_of_contacts"): ROSTER,
}
