"""A full disk: said as a sentence, nothing half done, and it goes on when there is room."""

import sqlite3

from tests.intake.files import many_cases

N = 400


def test_during_an_import(installation, tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_bytes(many_cases(N))
    incident = installation.known["incident"]
    code, _out, err = installation.run("import", file, incident, 300_000)
    full = count(installation)
    assert code != 0
    code, out, err = installation.run("import", file, incident, 0)
    assert code == 0, err + out
    after = count(installation)
    with capsys.disabled():
        print(f"\nfull disk: cases after the failure {full['cases']}, after room was made {after['cases']} of {N}")
    assert full["cases"] < N
    assert after == {"cases": N, "numbers": N, "whole": "ok"}


def test_during_a_backup(installation):
    code, _out, err = installation.run("backup", 50_000)
    assert code == 1
    assert "no backup was made" in err and "Traceback" not in err
    folder = installation.home / "backups"
    assert list(folder.iterdir()) == []
    code, _out, err = installation.run("backup", 0)
    assert code == 0, err
    assert len(list(folder.iterdir())) == 1


def count(installation) -> dict:
    database = sqlite3.connect(installation.home / "sizao.sqlite3")
    try:
        cases, numbers = database.execute("SELECT count(*), count(DISTINCT number) FROM cases_case").fetchone()
        return {"cases": cases, "numbers": numbers, "whole": database.execute("PRAGMA integrity_check").fetchone()[0]}
    finally:
        database.close()
