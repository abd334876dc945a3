"""Writes the generated reference pages: what the code says, laid out for reading.

python -m tools.reference          write docs/reference/{daily-report,roles,privacy}.md
"""

import os
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "Generated from the code by `tools/reference.py`.\n"


def daily_report() -> str:
    from sizao.ops.reporting.measures import DIMENSIONS, MEASURES

    rows = [
        f"| `{m.key}` | {m.label} · {m.label.say('zh-hans')} | {m.definition} | "
        f"{', '.join(f'`{d}`' for d in m.dimensions)} | {'yes' if m.is_public else 'no'} |"
        for m in MEASURES.values()
    ]
    breakdowns = [
        f"| `{d.key}` | {d.label} | {', '.join(f'`{c}`' for c in d.code_list) if d.code_list else 'see below'} |"
        for d in DIMENSIONS.values()
    ]
    return DAILY_REPORT.format(note=NOTE, measures="\n".join(rows), dimensions="\n".join(breakdowns))


DAILY_REPORT = """# The daily report as data

{note}
`sizao report --incident ID --date YYYY-MM-DD --format json` prints one document:

| key | what |
|---|---|
| `schema` | `sizao-daily-report/1`; a change of meaning changes the number |
| `incident` | `id`, `name_zh`, `name_en`, `disease`, `protocol` (the edition in force) |
| `date`, `version`, `cutoff_at` | the local day, the version, the moment whose knowledge counts |
| `numbers` | by measure: `total`; `day_before` (as known a day before); `difference`; `by` dimension and value |
| `day_before_cutoff_at` | the moment whose knowledge the day before is told by: as its report was signed |
| `revisions` | earlier days whose number in all is different now: `measure`, `date` (null: no day known), `was`, `is` |
| `text` | the words beside the numbers, by language |
| `status`, `content_hash`, `signed_by`, `signed_at` | the signature; SHA-256 over all keys above, sorted, no spaces |

A signed report is printed as it was signed. Without one, the numbers are counted as they were known at the cut-off.

## Measures

| key | name | definition | broken down by | public total |
|---|---|---|---|---|
{measures}

## Breakdowns

| key | name | values |
|---|---|---|
{dimensions}

`area` is the path of an area one level below the incident's own area (or the incident's areas, when it has several);
`age_group` is ten years wide up to `80+`. An empty value means that it is not known.
"""


def roles() -> str:
    from sizao.ops.governance.roles import ROLES

    rows = [
        f"| `{role}` | {role.label} · {role.label.say('zh-hans')} | {powers.sentence} | "
        f"{', '.join(f'`{p}`' for p in sorted(powers.permissions))} |"
        for role, powers in ROLES.items()
    ]
    return ROLES_PAGE.format(note=NOTE, rows="\n".join(rows))


ROLES_PAGE = """# Roles

{note}
A post carries a role in its area, and the user who holds it may do just that, there and below.

| role | name | what it is for | permissions |
|---|---|---|---|
{rows}
"""


def privacy() -> str:
    from django.apps import apps

    parts = []
    for model in sorted(
        (m for m in apps.get_models() if m.__module__.startswith("sizao.")), key=lambda m: m._meta.label
    ):
        held = model.privacy
        days = "as long as the installation" if held.days_kept is None else f"{held.days_kept:,} days"
        parts.append(f"## {model._meta.label}\n\n{held.purpose}. Kept {days}.\n")
        for kind in ("identifying", "sensitive"):
            names = sorted(getattr(held, kind))
            if names:
                parts.append(f"- {kind}: {', '.join(f'`{name}`' for name in names)}")
        parts.append("")
    return PRIVACY_PAGE.format(note=NOTE, models="\n".join(parts))


PRIVACY_PAGE = """# What is held about people, why, and how long

{note}
Columns not named are operational: they say nothing about a person.

{models}"""


PAGES: dict[str, Callable[[], str]] = {"daily-report": daily_report, "roles": roles, "privacy": privacy}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sizao.config.settings")
    import django

    django.setup()
    for name, page in PAGES.items():
        (FOLDER / f"{name}.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
