"""What ``./run`` becomes once ``.venv`` is ready: each command, with the servers it needs."""

import os
import signal
import subprocess
import sys
from types import FrameType

from transparency.embedded import BASE_DIR, EmbeddedError
from transparency.embedded_services import embedded_services
from transparency.processes import WORKER

MANAGE = [sys.executable, str(BASE_DIR / "manage.py")]


class Stopped(BaseException):
    """A signal asks us to end. Not an Exception, so that nothing on the way swallows it."""


def stop(number: int, frame: FrameType | None) -> None:
    """Unwind once; while everything is being stopped further signals are ignored."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise Stopped(number)


def handle_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into ``Stopped``."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)


def with_services(command: list[str]) -> int:
    """Run one command in this terminal with the servers up; return its exit code.

    Ctrl-C reaches the command by itself, as it shares our terminal, and it may well go on (a shell does).
    """
    with embedded_services() as environment:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        child = subprocess.Popen(
            command,
            env=environment,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        try:
            return child.wait()
        except Stopped:
            child.terminate()
            return child.wait()


def main(arguments: list[str]) -> int:
    """Run the command that ``./run`` was given; return the exit code."""
    handle_signals()
    name, *rest = arguments
    if name == "serve":
        from transparency.serve import serve

        return serve(rest)
    if name in ("test", "check"):
        from transparency.checks import run_checks

        return run_checks(name)
    commands = {
        "manage": [*MANAGE, *rest],
        "shell": [*MANAGE, "shell", *rest],
        "worker": [*WORKER, "--hostname", f"worker-{os.getpid()}@%h", *rest],  # beside the one of ./run serve
    }
    return with_services(commands[name])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EmbeddedError as error:
        sys.exit(f"./run: {error}")
    except Stopped as stopped:
        sys.exit(128 + int(stopped.args[0]))
