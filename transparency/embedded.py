"""What the two embedded servers share: where they live, whom they run as, and who stops them.

Knows nothing of Django's settings: the servers must run before the settings can be read.
"""

import fcntl
import os
import pwd
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un.sun_path on Linux, without the closing zero


class EmbeddedError(RuntimeError):
    """An embedded server cannot be used; the message says what to do."""


def say(message: str) -> None:
    """Print a line for the operator, on stderr so that no command's output is disturbed."""
    print(message, file=sys.stderr, flush=True)


def var_dir() -> Path:
    """Return the folder for all that is made at run time: ``var/``, or ``ATLAS_VAR_DIR``."""
    return Path(os.environ.get("ATLAS_VAR_DIR") or BASE_DIR / "var").absolute()


def server_user() -> pwd.struct_passwd | None:
    """Return whom the servers run as when we are root (PostgreSQL refuses root); None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError("Started as root, and there is neither a user 'postgres' nor 'nobody' to run as.")


@dataclass(frozen=True)
class Runner:
    """Start programs as the servers' user, away from the caller's folder, terminal and signals."""

    user: pwd.struct_passwd | None

    def start(self, command: list[str | Path], log: Path | None = None) -> subprocess.Popen[bytes]:
        """Start the program in a session of its own; its output goes to the log, else nowhere."""
        output = open(log, "ab") if log else subprocess.DEVNULL  # noqa: SIM115
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                start_new_session=True,
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )
        except PermissionError as error:
            raise EmbeddedError(f"Cannot start {command[0]} as its own user: {error}") from error
        finally:
            if not isinstance(output, int):
                output.close()

    def succeeds(self, *command: str | Path) -> bool:
        """Tell whether the program ends with exit code 0."""
        return self.start(list(command)).wait() == 0

    def can_enter(self, folder: Path) -> bool:
        """Tell whether the user may read and pass through the folder and all above it."""
        return self.succeeds("/usr/bin/test", "-r", folder, "-a", "-x", folder)


def private_dir(path: Path, mode: int, owner: pwd.struct_passwd | None = None) -> Path:
    """Make the folder, or check that the one there is ours and nobody else can write into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    uid = owner.pw_uid if owner else os.geteuid()
    try:
        path.mkdir(mode=mode)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o022:
            raise EmbeddedError(
                f"{path} must be a folder that belongs to user {uid} and that nobody else can write into. "
                "Was it copied, or made by another user? Remove it, give it back, or set ATLAS_VAR_DIR."
            ) from None
    else:
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)
    path.chmod(mode)
    return path


def elsewhere() -> Path:
    """Return this install's folder under ``/var/tmp``, for where ``var/`` cannot serve.

    Its name is kept in ``var/elsewhere``, beside the path it was made for: a copied ``var/`` gets its own.
    """
    var = made_var_dir()
    note = var / "elsewhere"
    with locked(var / "elsewhere.lock", fcntl.LOCK_EX):
        made_for, _, kept = note.read_text().partition("\n") if note.exists() else ("", "", "")
        if made_for != str(var) or not Path(kept).is_dir():
            kept = tempfile.mkdtemp(prefix="alpr-atlas-", dir="/var/tmp")
            note.write_text(f"{var}\n{kept}")
    return private_dir(Path(kept), 0o711)


def made_var_dir() -> Path:
    """Return the folder of ``var_dir``, made where it is missing, open for others to pass through."""
    var = var_dir()
    if not var.exists():
        var.mkdir(parents=True, exist_ok=True)
        var.chmod(0o755)
    return var


def home_of(server: str, runner: Runner, socket_name: str) -> Path:
    """Return the server's folder: under ``var/``, or elsewhere where that cannot be reached or is too long."""
    home = made_var_dir() / server
    if len(os.fsencode(home / socket_name)) > SOCKET_PATH_LIMIT:
        reason = "the path is too long for a socket"
    elif runner.user and not runner.can_enter(home.parent):
        reason = f"the user {runner.user.pw_name!r}, whom it runs as under root, cannot enter it"
    else:
        return private_dir(home, 0o700, runner.user)
    other = elsewhere() / server
    if not other.exists():
        say(f"{server}: not under {home.parent}, because {reason}; its data is in {other}")
    return private_dir(other, 0o700, runner.user)


@dataclass(frozen=True)
class Server:
    """How to ask for, start and stop one server."""

    name: str
    home: Path
    answers: Callable[[], bool]
    start: Callable[[], subprocess.Popen[bytes]]
    running_pid: Callable[[], int | None]
    stop_signal: signal.Signals
    log: Path

    def start_and_wait(self, seconds: float = 60) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers; try again while a killed one still clears up."""
        deadline = time.monotonic() + seconds
        process = self.start()
        while not self.answers():
            if process.poll() is not None:
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"{self.name} does not start; its log: {self.log}\n{self.log_tail()}")
                time.sleep(0.5)
                process = self.start()
            elif time.monotonic() > deadline:
                self.end(process.pid)
                raise EmbeddedError(f"{self.name} does not answer after {seconds:.0f} s; its log: {self.log}")
            time.sleep(0.05)
        return process

    def log_tail(self) -> str:
        """Return the log's last lines."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:]) if self.log.exists() else ""

    def end(self, pid: int, process: subprocess.Popen[bytes] | None = None, seconds: float = 60) -> None:
        """Ask the process to stop and wait until it is gone; it need not be a child of ours."""
        os.kill(pid, self.stop_signal)
        deadline = time.monotonic() + seconds
        while (process.poll() is None) if process else is_alive(pid):
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{self.name} (process {pid}) does not stop; its log: {self.log}")
            time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Tell whether a process of this id exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        pass
    if Path("/proc/self").exists():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def locked(path: Path, how: int) -> Iterator[int]:
    """Hold a lock on the file; the kernel gives it up when the process dies."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, how)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def running(server: Server) -> Iterator[None]:
    """Have the server run, together with every other ``./run``: the first starts it, the last stops it."""
    start_lock, users_lock = server.home / "start.lock", server.home / "users.lock"
    with locked(users_lock, fcntl.LOCK_UN) as users:
        with locked(start_lock, fcntl.LOCK_EX):
            fcntl.flock(users, fcntl.LOCK_SH)
            process = None if server.answers() else server.start_and_wait()
        try:
            yield
        finally:
            with locked(start_lock, fcntl.LOCK_EX):
                stop_if_last(server, users, process)


def stop_if_last(server: Server, users: int, process: subprocess.Popen[bytes] | None) -> None:
    """Stop the server, unless another process still uses it."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    pid = process.pid if process and process.poll() is None else server.running_pid()
    if pid is not None and is_alive(pid):
        server.end(pid, process if process and process.pid == pid else None)
