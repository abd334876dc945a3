"""Sentences are said in the reader's language, with what stands in them."""

import pytest

from sizao.vocabulary import codes
from sizao.vocabulary.text import N_, Message, locale_name, say


@pytest.mark.parametrize(("language", "said"), [("en", "Confirmed"), ("zh-hans", "确诊"), ("xx", "Confirmed")])
def test_a_label_in_each_language(language, said):
    assert codes.Classification.CONFIRMED.label.say(language) == said


def test_messages_inside_messages_are_said_too():
    inside = Message("{code} was here", {"code": codes.Sex.FEMALE})
    assert inside.say("zh-hans") == "女 was here"


def test_an_empty_sentence_stays_empty():
    assert N_("").say("zh-hans") == ""


def test_what_is_no_message_is_left_alone():
    assert say(3, "en") == 3


@pytest.mark.parametrize(("tag", "folder"), [("zh-hans", "zh_Hans"), ("en", "en"), ("pt-br", "pt_BR")])
def test_locale_folders(tag, folder):
    assert locale_name(tag) == folder


def test_every_code_list_has_unique_values_and_labels():
    lists = [each for each in vars(codes).values() if isinstance(each, type) and issubclass(each, codes.Code)]
    for each in lists:
        assert len(set(each)) == len(list(each)), each
    assert len(lists) > 15
