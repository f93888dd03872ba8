"""Writes that the database carries out in the open transaction while Python goes on with the next ones.

Python and PostgreSQL each do half of the work of a large import, and by turns each would wait for the other.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


class WritingBehind:
    """One thread that shares the caller's connection, for one write at a time. A context manager.

    The connection is used by turns: whatever the caller asks of the database waits until the write is done, and then
    an error of that write is raised. The block is not left before the thread has put the connection down.
    """

    def __init__(self) -> None:
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._caller = threading.get_ident()
        self._writing: Future[object] | None = None

    def __enter__(self) -> "WritingBehind":
        self._connection.inc_thread_sharing()
        self._thread = ThreadPoolExecutor(1, "writing-behind", self._share)
        self._turns = self._connection.execute_wrapper(self._in_turn)
        self._turns.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the write; its error is raised unless the block is left by one already."""
        self._thread.shutdown()
        self._turns.__exit__(kind, error, trace)
        self._connection.dec_thread_sharing()
        if error is None:
            self.wait()

    def begin(self, write: Callable[[], object]) -> None:
        """Have `write` carried out, once the one before it is done. It may use the connection and nothing else's."""
        self.wait()
        self._writing = self._thread.submit(write)

    def wait(self) -> None:
        """Wait until the write is done; raises what it raised."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def _share(self) -> None:
        """Make the caller's connection that of the thread, too."""
        connections[DEFAULT_DB_ALIAS] = self._connection

    def _in_turn(self, execute: Callable[..., Any], *query: Any) -> Any:
        """Carry out a query when nothing is being written; one of the thread's own is the write."""
        if threading.get_ident() == self._caller:
            self.wait()
        return execute(*query)
