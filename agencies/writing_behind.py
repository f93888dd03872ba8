"""Work that the database does in the open transaction while Python goes on with what comes next.

Python and PostgreSQL each do half of the work of a large import, and by turns each would wait for the other.
"""

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

MOST = 3
"""Pieces of work under way at a time: each holds its rows in memory."""

SWITCH_SECONDS = 0.0001
"""How long Python goes on when the thread has an answer and needs it: by its own measure 5 ms, dozens of times a
batch."""

_Given = TypeVar("_Given")

_counting = threading.Lock()
_usual: list[float] = []
"""What Python's measure was before each block that is at work in this process: the first one's is the usual one."""


@contextmanager
def switching_often() -> Iterator[None]:
    """Let a thread that waits for Python have it soon, until the last such block of the process is left."""
    with _counting:
        _usual.append(sys.getswitchinterval())
        sys.setswitchinterval(min(SWITCH_SECONDS, _usual[0]))
    try:
        yield
    finally:
        with _counting:
            usual = _usual[0]
            _usual.pop()
            if not _usual:
                sys.setswitchinterval(usual)


class WritingBehind:
    """One thread that shares the caller's connection, for one piece of work after the other. A context manager.

    The connection is used by turns: whatever the caller asks of the database waits until all that was begun is done,
    and then an error of that is raised. The block is not left before the thread has put the connection down.
    """

    def __init__(self) -> None:
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._caller = threading.get_ident()
        self._begun: deque[Future[Any]] = deque()
        self._steps: deque[Iterator[object]] = deque()
        self._is_stepping = False

    def __enter__(self) -> "WritingBehind":
        self._often = switching_often()
        self._often.__enter__()
        self._connection.inc_thread_sharing()
        self._thread = ThreadPoolExecutor(1, "writing-behind", self._share)
        self._turns = self._connection.execute_wrapper(self._in_turn)
        self._turns.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the steps that are left, and wait for the work under way.

        An error of theirs is raised unless the block is left by one already.
        """
        is_whole = False
        try:
            while error is None and self._step():
                pass
            is_whole = error is None
        finally:
            self._thread.shutdown(cancel_futures=not is_whole)
            self._turns.__exit__(kind, error, trace)
            self._connection.dec_thread_sharing()
            self._often.__exit__(kind, error, trace)
        if is_whole:
            self.wait()

    def begin(self, work: Callable[[], _Given]) -> "Future[_Given]":
        """Have `work` done after all that was begun before. It may use the connection and nothing else's."""
        while len(self._begun) >= MOST:
            self._finish_first()
        begun = self._thread.submit(work)
        self._begun.append(begun)
        return begun

    def ahead(self, works: Iterable[Callable[[], _Given]]) -> Iterator[_Given]:
        """Yield what each piece of work gives, the next one being under way by then; raises what it raised."""
        begun: Future[_Given] | None = None
        for work in works:
            following = self.begin(work)
            if begun is not None:
                yield self._given(begun)
            begun = following
        if begun is not None:
            yield self._given(begun)

    def meanwhile(self, steps: Iterator[object]) -> None:
        """Have the caller take steps of something else, one at a time, instead of waiting; the rest before it leaves.

        A step may begin work, ask the database, and wait: no other is taken meanwhile.
        """
        self._steps.append(steps)

    def wait(self) -> None:
        """Wait until all that was begun is done; raises what the first that failed raised."""
        while self._begun:
            self._begun.popleft().result()

    def settle(self) -> None:
        """Wait until nothing is under way, whatever comes of it: an error is raised by what is asked next."""
        futures.wait(self._begun)

    def _given(self, begun: "Future[_Given]") -> _Given:
        """Return what work gave, once it is done; raises what it raised, or what was begun before it."""
        while begun in self._begun:
            self._finish_first()
        return begun.result()

    def _finish_first(self) -> None:
        """Take steps until the work that was begun first is done or none is left, then wait for it.

        It is work under way until then, whatever a step asks. Raises what it raised.
        """
        first = self._begun[0]
        while not first.done() and self._step():
            pass
        if self._begun and self._begun[0] is first:
            self._begun.popleft()
        first.result()

    def _step(self) -> bool:
        """Take one step of something else; tell whether there was one."""
        if self._is_stepping:
            return False
        self._is_stepping = True
        try:
            while self._steps:
                try:
                    next(self._steps[0])
                except StopIteration:
                    self._steps.popleft()
                else:
                    return True
            return False
        finally:
            self._is_stepping = False

    def _share(self) -> None:
        """Make the caller's connection that of the thread, too."""
        connections[DEFAULT_DB_ALIAS] = self._connection

    def _in_turn(self, execute: Callable[..., Any], *query: Any) -> Any:
        """Carry out a query when no other work is under way; one of the thread's own is that work."""
        if threading.get_ident() == self._caller:
            self.wait()
        return execute(*query)
