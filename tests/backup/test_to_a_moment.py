"""PostgreSQL goes back to a named moment: what was written before it is there, what came after is not."""

import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tools import postgresql


@pytest.mark.skipif(postgresql.binaries() is None, reason="PostgreSQL is not installed")
def test_back_to_the_moment_before_a_mistake(tmp_path, capsys):
    import psycopg

    archive = Path("/tmp") / f"sizao-wal-{tmp_path.name}-{id(tmp_path)}"
    settings = (
        "-c listen_addresses= -c fsync=off -c wal_level=replica -c archive_mode=on -c shared_buffers=16MB "
        f"-c archive_command='cp %p {archive}/%f'"
    )
    _run("mkdir", str(archive))
    try:
        with postgresql.server(settings) as address:
            folder = Path(parse_qs(urlsplit(address).query)["host"][0])
            base = (
                "pg_basebackup",
                "-h",
                str(folder),
                "-U",
                "sizao",
                "-D",
                str(folder / "base"),
                "-X",
                "none",
                "-c",
                "fast",
            )
            with psycopg.connect(address, autocommit=True) as session:
                session.execute("CREATE TABLE deeds (what text)")
                _run(str(postgresql.binaries() / base[0]), *base[1:], cwd=folder)
                session.execute("INSERT INTO deeds VALUES ('before')")
                moment = session.execute("SELECT clock_timestamp()::text").fetchone()[0]
                session.execute("INSERT INTO deeds VALUES ('the mistake')")
                session.execute("SELECT pg_switch_wal()")
            control = (str(postgresql.binaries() / "pg_ctl"), "-w")
            _run(*control, "-D", str(folder / "data"), "stop", cwd=folder)  # archives what is left
            with (folder / "base" / "postgresql.auto.conf").open("a") as settings_file:
                settings_file.write(f"restore_command = 'cp {archive}/%f %p'\n")
                settings_file.write(f"recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n")
            (folder / "base" / "recovery.signal").touch()
            options = f"-c listen_addresses= -c unix_socket_directories={folder}"
            _run(*control, "-D", str(folder / "base"), "-l", str(folder / "log2"), "-o", options, "start", cwd=folder)
            try:
                with psycopg.connect(address) as session:
                    found = [what for (what,) in session.execute("SELECT what FROM deeds")]
            finally:
                _run(*control, "-D", str(folder / "base"), "-m", "immediate", "stop", cwd=folder)
                # The fixture ends the first server; it must find one to end.
                _run(
                    *control, "-D", str(folder / "data"), "-l", str(folder / "log"), "-o", options, "start", cwd=folder
                )
    finally:
        shutil.rmtree(archive, ignore_errors=True)
    with capsys.disabled():
        print(f"\nback to a moment: rows before it {len(found)}, after it 0")
    assert found == ["before"]


def _run(*command: str, cwd: Path | None = None) -> None:
    subprocess.run(postgresql.as_server_user(*command), check=True, stdout=subprocess.DEVNULL, cwd=cwd or "/tmp")
