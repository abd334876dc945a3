"""The building blocks of pages say what they are given, escaped, and work without a script."""

from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from sizao.vocabulary import codes

ROWS = [{"id": 1, "number": "C<1>", "date_report": "2015-06-09", "n": 1200}, {"id": 2, "number": "", "n": None}]
COLUMNS = [("number", "Number"), ("date_report", "Reported", "day"), ("n", "Count", "number")]


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the papers")
    agree = forms.BooleanField(label="Agree")
    side = forms.ChoiceField(label="Side", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, required=False)


def shown(source: str, **values) -> str:
    """A fragment rendered with the macros, as a page would."""
    request = RequestFactory().get("/cases/?q=a&cursor=old")
    template = engines.all()[0].env.from_string('{% import "frame/macros.html" as ui with context %}' + source)
    with translation.override("en"):
        return template.render(request=request, csrf_input="CSRF", codes=codes, **values)


def test_a_table_shows_its_cells_by_kind_and_escapes_them():
    page = shown('{{ ui.table(columns, rows, caption="All") }}', columns=COLUMNS, rows=ROWS)
    assert "C&lt;1&gt;" in page
    assert ">9 Jun 2015</time>" in page
    assert "1,200" in page
    assert page.count('<span class="none">–</span>') == 3
    assert 'data-label="Reported"' in page


def test_a_table_lets_the_page_write_a_cell():
    source = '{% call(row, key) ui.table(columns, rows, select="ids") %}{{ key }}={{ row.id }}{% endcall %}'
    page = shown(source, columns=COLUMNS, rows=ROWS)
    assert "number=2" in page
    assert '<input type="checkbox" name="ids" value="2"' in page


def test_an_empty_table_says_so():
    page = shown('{{ ui.table(columns, [], empty_message="No case yet") }}', columns=COLUMNS)
    assert "No case yet" in page
    assert "<table" not in page


@pytest.mark.parametrize("code_list", [value for value in vars(codes).values() if hasattr(value, "choices")])
def test_every_code_has_a_badge_with_its_label(code_list):
    for code in code_list:
        page = shown("{{ ui.badge(code, list) }}", code=code, list=code_list)
        assert str(code.label) in page


def test_the_pager_keeps_the_filter():
    page = shown("{{ ui.pager(page) }}", page=SimpleNamespace(before="", after="2015-06-09.7"))
    assert 'href="?q=a&amp;cursor=2015-06-09.7"' in page
    assert "Newer" not in page


def test_errors_are_gathered_above_the_form_and_lead_to_their_fields():
    page = shown('{{ ui.form(form, "Save", cancel="/back") }}', form=Sample({}))
    assert 'href="#id_name"' in page
    assert page.index("error-summary") < page.index("<form")
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page and 'id="id_name_error"' in page
    assert "CSRF" in page


def test_filters_mark_chosen_columns_and_offer_to_save():
    source = '{{ ui.filters(form, columns=[("n", "Count"), ("m", "Other")], chosen=["n"], save_url="/save/") }}'
    page = shown(source, form=Sample())
    assert 'value="n" checked' in page
    assert 'value="m"> Other' in page
    assert 'value="q=a"' in page  # the saved query leaves the place in the list behind


def test_sides_that_differ_are_marked_and_can_be_chosen():
    rows = [("Sex", "male", "male", "sex"), ("Born", "", "1950", "year_birth")]
    page = shown('{{ ui.compare(rows, "Left", "Right", name="take") }}', rows=rows)
    assert page.count('class="differs"') == 1
    assert 'name="take-year_birth" value="right" checked' in page
    assert "take-sex" not in page


def test_bars_stand_on_the_axis_and_sum_to_the_highest():
    columns = [{"label": "a", "values": [1, 1]}, {"label": "b", "values": [4, 0]}]
    page = shown('{{ ui.bars(columns, "Curve", ["x", "y"]) }}', columns=columns)
    assert 'height="124.0"' in page and 'y="4.0"' in page
    assert page.count('height="31.0"') == 2


def test_progress_polls_until_it_is_finished():
    running = shown('{{ ui.progress("/p/", 1, 2, "Reading") }}')
    finished = shown('{{ ui.progress("/p/", 2, 2, "Read", finished=True) }}')
    assert 'hx-get="/p/"' in running and "hx-get" not in finished


def test_tile_count_due_and_timeline(at):
    later = shown("{{ ui.due(at, at) }}", at=at)
    assert "Overdue" not in later
    assert "Overdue" in shown("{{ ui.due(at, now) }}", at=at, now=at.replace(hour=10))
    assert '<a class="tile bad" href="/x">' in shown('{{ ui.tile("Late", 3, "/x", tone="bad") }}')
    assert shown("{{ ui.count(1000, True) }}") == "1,000+"
    page = shown(
        "{{ ui.timeline(items) }}", items=[{"day": "2015-06-09", "title": "Onset"}, {"at": at, "title": "Seen"}]
    )
    assert page.index("Onset") < page.index("Seen")
    assert "10 Jun 2015" in page


def test_moments_are_shown_in_the_zone_asked_for(at):
    assert shown('{{ at|moment("Asia/Seoul") }}', at=at) == "10 Jun 2015 18:00"
    assert shown("{{ at|moment }}", at=at) == "10 Jun 2015 17:00"  # Asia/Shanghai
