"""A command speaks one language: what it is told, else what the system says."""

import argparse

import pytest

from sizao import __main__ as program
from sizao.config.commands import speaking
from sizao.vocabulary.text import N_


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch):
    for name in speaking.VARIABLES:
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(speaking, "_asked", [])
    monkeypatch.setattr(argparse, "_", argparse._)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "SIZAO_LANGUAGE": "zh-hans"}, "zh-hans"),
    ],
)
def test_the_system_says_which(environment, language):
    assert speaking.language_of(environment) == language


@pytest.mark.parametrize("told", [["--language", "zh-hans"], ["--language=zh-hans"]])
def test_everything_is_said_in_the_language_that_is_told(told, capsys):
    with pytest.raises(SystemExit):
        program.main(["report", "--help", *told])
    said = capsys.readouterr().out
    assert "用法：sizao report" in said and "默认：标准输出" in said and "显示本帮助并退出" in said
    assert "usage:" not in said and "show this help" not in said


def test_what_the_reader_of_options_refuses_is_said_too(monkeypatch, capsys):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    with pytest.raises(SystemExit):
        program.main(["report", "--incident", "1", "--date", "tomorrow"])
    refused = capsys.readouterr().err
    assert "错误" in refused and "“tomorrow”不是日期" in refused


def test_the_list_of_commands_in_both_languages(monkeypatch, capsys):
    assert program.main([]) == 0
    english = capsys.readouterr().out
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert program.main([]) == 0
    chinese = capsys.readouterr().out
    assert "import a file" in english and "导入文件" in chinese and "import a file" not in chinese


def test_protocols_are_listed_in_the_language_of_the_system(monkeypatch, capsys):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert program.main(["protocol", "list"]) == 0
    assert "麻疹" in capsys.readouterr().out
    assert program.main(["protocol", "list", "--language", "en"]) == 0
    assert "Measles" in capsys.readouterr().out


def test_a_sentence_goes_where_it_is_sent(capsys):
    speaking.complain(N_("Date not known"))
    assert capsys.readouterr() == ("", "Date not known\n")
