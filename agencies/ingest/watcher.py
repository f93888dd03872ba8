"""What whoever carries out an import is told of it as it goes on, and how it is asked to stop."""

from typing import Protocol


class RunCancelled(Exception):
    """Someone asked the run to stop: its transaction is undone and nothing of it stays."""


class Watcher(Protocol):
    """One who watches an import: shows its steps, stores its log, may stop it between two batches."""

    def at(self, step: str) -> None:
        """Note that a step begins; `step` is a value of ImportRun.Step."""

    def progress(self, documents: int, statements: int) -> None:
        """Note how many documents and statements were read; raises RunCancelled when the run should stop."""

    def say(self, message: str, level: str = "info") -> None:
        """Add a line to the log; `level` is a value of RunEvent.Level."""


class Unwatched:
    """The watcher of an import that nobody looks at."""

    def at(self, step: str) -> None:
        """Let the step begin."""

    def progress(self, documents: int, statements: int) -> None:
        """Go on."""

    def say(self, message: str, level: str = "info") -> None:
        """Keep no log."""
