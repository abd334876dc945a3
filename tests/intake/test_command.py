"""`sizao import` and `sizao worker`: the same work without a page."""

import json

import pytest

from sizao.config.commands import imports, worker
from sizao.ops.cases.models import Case
from sizao.ops.governance.actions import found_installation
from sizao.ops.governance.roles import Role
from sizao.ops.intake import actions
from sizao.ops.intake.models import Delivery, DeliveryStatus
from tests import factories as make
from tests.intake.files import CASES, many_cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(incident, tmp_path, capsys):
    """Write a file, import it, answer exit code and what was printed."""

    def command(content, *arguments, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        common = [str(path), "--incident", str(incident.pk), "--as", "officer", "--language", "en"]
        code = imports.main([*common, *arguments])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return command


def test_a_file_is_handed_on(command):
    code, text = command(CASES, "--yes")
    assert (code, Case.objects.count()) == (0, 3)
    assert "case_id → case_id" in text
    assert "Handed on: 3 new, 0 changed, 0 as before." in text
    code, text = command(CASES, "--yes")
    assert (code, Case.objects.count()) == (0, 3)
    assert "known already" in text


def test_problems_are_printed_and_the_exit_code_says_so(command):
    code, text = command(CASES.replace("2015-05-20", "2015-02-31"), "--dry-run")
    assert (code, Case.objects.count()) == (1, 0)
    assert "row 2 · date_onset: there is no day “2015-02-31”" in text
    assert "Nothing was handed on." in text
    code, text = command(CASES, "--dry-run")
    assert (code, Case.objects.count()) == (0, 0)
    code, text = command(CASES.replace("2015-05-20", "2015-02-31"), "--yes")
    assert (code, Case.objects.count()) == (1, 2)


def test_without_a_terminal_it_does_not_ask(command, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    code, text = command(CASES)
    assert (code, "--yes" in text, Case.objects.count()) == (1, True, 0)


def test_a_mapping_may_name_only_the_columns_that_differ(command, tmp_path):
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"who": "full_name", "area": None}))
    strange = CASES.replace("full_name", "who")
    code, _text = command(strange, "--mapping", str(mapping), "--area", make.NANGANG, "--yes", "--source", "Hospital")
    assert code == 0
    case = Case.objects.get(number="A1")
    assert (case.person.identity.full_name, case.area_id) == ("张伟", make.NANGANG)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv", "--incident", "{id}", "--as", "officer"], "could not be opened"),
        (["{file}", "--incident", "0"], "There is no incident 0"),
        (["{file}", "--incident", "{id}", "--as", "nobody"], "There is no user"),
        (["{file}", "--incident", "{id}", "--as", "analyst"], "Your posts do not include"),
        (["{file}", "--incident", "{id}", "--as", "officer"], "looks like none of the lists"),
    ],
)
def test_refusals_are_sentences(incident, tmp_path, capsys, arguments, said):
    make.user(Role.ANALYST, username="analyst")
    file = tmp_path / "odd.csv"
    file.write_text("a,b\n1,2\n")
    filled = [each.format(id=incident.pk, file=file) for each in arguments]
    assert imports.main([*filled, "--language", "en"]) == 1
    assert said in capsys.readouterr().err


def test_a_worker_finishes_what_was_left_lying(deliver, officer, at, capsys, monkeypatch):
    found_installation(by=None, at=at)
    committing, received = deliver(CASES), deliver(many_cases(3))
    actions.begin_commit(delivery=committing, by=officer, at=at)
    Delivery.objects.filter(pk=received.pk).update(status=DeliveryStatus.RECEIVED)
    monkeypatch.setattr(worker, "call_command", lambda *arguments, **options: None)
    assert worker.main(["--once"]) == 0
    statuses = dict(Delivery.objects.values_list("pk", "status"))
    assert statuses == {committing.pk: DeliveryStatus.COMMITTED, received.pk: DeliveryStatus.READ}
    assert set(Case.objects.values_list("recorded_by", flat=True)) == {officer.pk}
