"""``./run serve``: prepare the record, start web, worker and beat, and stop all of it together."""

import argparse
import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from transparency.embedded import BASE_DIR, EmbeddedError, say, var_dir
from transparency.embedded_services import embedded_services
from transparency.processes import COLLECT_STATIC, LOAD_STARTER, MIGRATE, PROCESSES

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 15  # for requests and short tasks; a longer run is taken up again at the next start
RESTARTS, RESTART_SECONDS = 3, 60
"""How often a worker or a beat is started again, and within which time."""


def serve(arguments: list[str]) -> int:
    """Serve until a signal comes, or what can't be started again ends; return the exit code."""
    parser = argparse.ArgumentParser(prog="./run serve")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    port = parser.parse_args(arguments).port
    refuse_taken_port(port)
    say("./run: starting the database and the broker")
    with embedded_services() as environment:
        environment["PORT"] = str(port)
        prepare(environment)
        with processes(environment) as children:
            if announce(port, children):
                watch(children, environment)
            return report_death(children)


def refuse_taken_port(port: int) -> None:
    """Raise where another program already listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise EmbeddedError(f"Port {port} is taken ({error.strerror}); try ./run serve --port N") from error


def prepare(environment: dict[str, str]) -> None:
    """Migrate, load the starter record and collect the static files; each step does only what is missing."""
    run_step("bringing the database up to date", MIGRATE, environment)
    run_step("looking after the starter record", LOAD_STARTER, environment)
    collected = Path(environment.get("STATIC_ROOT") or BASE_DIR / "staticfiles") / "staticfiles.json"
    stamp, state = var_dir() / "static-state", state_of_static_files()
    if not collected.exists() or not stamp.exists() or stamp.read_text() != state:
        run_step("collecting static files", COLLECT_STATIC, environment)
        stamp.write_text(state)


def run_step(what: str, command: list[str], environment: dict[str, str]) -> None:
    """Say what is done and do it; raise where the command fails."""
    say(f"./run: {what}")
    code = subprocess.call(command, env=environment, cwd=BASE_DIR)
    if code != 0:
        raise EmbeddedError(f"'{' '.join(command)}' ended with exit code {code}")


def state_of_static_files() -> str:
    """Return what changes with any static file of ours and any installed package."""
    state = hashlib.sha256((BASE_DIR / "requirements.txt").read_bytes())
    folders = [BASE_DIR / "static", *BASE_DIR.glob("*/static")]
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        status = path.stat()
        state.update(f"{path}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    return state.hexdigest()


def die_with_parent() -> None:
    """Have the kernel end this process when ``./run`` dies, even by ``kill -9`` (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def processes(environment: dict[str, str]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Yield the running web, worker and beat by name; stop all that still run at the end."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name in PROCESSES:
            children[name] = start(name, environment)
        yield children
    finally:
        say("./run: stopping")
        stop_all(children)


def start(name: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start web, worker or beat."""
    return subprocess.Popen(
        PROCESSES[name],
        env=environment,
        cwd=BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C comes to us alone, and we stop them in order
        preexec_fn=die_with_parent,
    )


def stop_all(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask politely, then less so: SIGTERM, after the grace SIGQUIT, after that SIGKILL to the whole group."""
    for number, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        for child in children.values():
            if child.poll() is None:
                os.killpg(child.pid, number) if number == signal.SIGKILL else child.send_signal(number)
        deadline = time.monotonic() + seconds
        while any(child.poll() is None for child in children.values()) and time.monotonic() < deadline:
            time.sleep(0.05)
    for child in children.values():
        kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a child that ended and of what it had started itself."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def announce(port: int, children: dict[str, subprocess.Popen[bytes]]) -> bool:
    """Wait until the site answers and say where it is; False where a process died first."""
    while all(child.poll() is None for child in children.values()):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                say(f"\n  The atlas is at http://localhost:{port}/   (Ctrl-C stops all of it)")
                say("  An admin for /admin/: ./run manage createsuperuser, in a second terminal\n")
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def watch(children: dict[str, subprocess.Popen[bytes]], environment: dict[str, str]) -> None:
    """Start a worker or a beat that ended again; return once the web has, or a server of ours (that on Linux only).

    So also where one ended `RESTARTS` times within `RESTART_SECONDS`: it would end again.
    """
    ends: dict[str, deque[float]] = {name: deque(maxlen=RESTARTS) for name in children if name != "web"}
    while True:
        for name, child in children.items():
            if (code := child.poll()) is None:
                continue
            now = time.monotonic()
            if name not in ends or (len(ends[name]) == RESTARTS and now - ends[name][0] < RESTART_SECONDS):
                return
            ends[name].append(now)
            kill_group(child)
            say(f"./run: {name} ended by itself with exit code {code}; starting it again")
            children[name] = start(name, environment)
        if has_lost_a_server(children):
            return
        time.sleep(0.2)


def has_lost_a_server(children: dict[str, subprocess.Popen[bytes]]) -> bool:
    """Tell whether a process of ours ended that is none of the children: a server that we started. On Linux only."""
    if sys.platform != "linux":
        return False
    # WNOWAIT leaves the ended child for its own Popen to collect.
    ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return ended is not None and ended.si_pid not in {child.pid for child in children.values()}


def report_death(children: dict[str, subprocess.Popen[bytes]]) -> int:
    """Say what ended by itself; return its exit code, or 1 where that is unknown or would look like success."""
    for name, child in children.items():
        code = child.poll()
        if code is not None:
            say(f"./run: {name} ended by itself with exit code {code}; stopping the rest")
            return code if 0 < code < 126 else 1
    say("./run: the database or the broker ended by itself; stopping the rest")
    return 1
