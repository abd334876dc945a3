"""Kept parts of the frame show what they were given, to whom it was given, in the reader's language."""

import pytest
from django.utils import translation
from markupsafe import Markup

from sizao.config import frame
from sizao.config.fragments import fragment

BAR = "frame/top_bar.html"


def bar(user="anna", token="t1", here="/a/", known=True):
    return fragment(
        BAR, {"csrf_input": Markup(f'<input value="{token}">'), "here": here}, user=user, known=known, roles=(),
        general=("desk:me",), incident_id=None, incident_name="", label_of=frame.LABELS.__getitem__,
        languages=(("zh-hans", "简体中文"), ("en", "English")), installed=frame.installed,
    )  # fmt: skip


def test_every_form_has_the_token_of_this_page_and_none_of_another():
    first, second = bar(token="t1"), bar(token="t2")
    assert first.count('value="t1"') == second.count('value="t2"') == 3
    assert "t1" not in second and "\x02" not in second


def test_another_reader_gets_another_fragment():
    assert "berta" not in bar(user="anna") and "berta" in bar(user="berta")
    assert "anna" not in bar(user="", known=False)


@pytest.mark.parametrize("text", ["<script>x</script>", '"onload="x'])
def test_names_and_addresses_are_escaped(text):
    html = bar(user=text, here=text)
    assert text not in html


def test_each_language_is_kept_apart():
    with translation.override("en"):
        english = bar()
    with translation.override("zh-hans"):
        assert bar() != english and "退出" in bar()
    with translation.override("en"):
        assert bar() == english
