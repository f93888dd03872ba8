"""What is written behind Python's back is written in its transaction, by turns, and its errors are met."""

import sys
import threading
from collections.abc import Iterator
from functools import partial

from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from agencies.models import Network
from agencies.tests import factories as make
from agencies.writing_behind import MOST, SWITCH_SECONDS, WritingBehind, switching_often


class Gate:
    """A write that waits until it may go on, and notes that it was made; it gives the name of what it made."""

    def __init__(self, name: str = "behind") -> None:
        self.opened, self.begun, self.done = threading.Event(), threading.Event(), False
        self.name = name

    def __call__(self) -> str:
        self.begun.set()
        self.opened.wait(10)
        make.make_network(self.name)
        self.done = True
        return self.name


class WritingBehindTests(TestCase):
    def test_caller_goes_on_while_it_is_written(self) -> None:
        gate = Gate()
        with WritingBehind() as behind:
            behind.begin(gate)
            self.assertTrue(gate.begun.wait(10))
            self.assertFalse(gate.done)
            gate.opened.set()

    def test_query_waits_for_the_write_and_sees_it(self) -> None:
        gate = Gate()
        with WritingBehind() as behind:
            behind.begin(gate)
            threading.Timer(0.05, gate.opened.set).start()
            self.assertTrue(Network.objects.filter(slug="behind").exists())

    def test_write_is_part_of_the_callers_transaction(self) -> None:
        with self.assertRaises(KeyError), transaction.atomic(), WritingBehind() as behind:
            behind.begin(lambda: make.make_network("behind"))
            raise KeyError
        self.assertFalse(Network.objects.filter(slug="behind").exists())

    def test_block_is_left_after_the_write(self) -> None:
        for error in (None, KeyError):
            gate = Gate()
            threading.Timer(0.05, gate.opened.set).start()
            try:
                with transaction.atomic(), WritingBehind() as behind:
                    behind.begin(gate)
                    if error is not None:
                        raise error
            except KeyError:
                pass
            self.assertTrue(gate.done)

    def test_error_of_a_write_is_raised_by_whatever_comes_next(self) -> None:
        for after in (lambda behind: Network.objects.count(), lambda behind: behind.wait(), lambda behind: None):
            with self.assertRaises(IntegrityError), transaction.atomic(), WritingBehind() as behind:
                behind.begin(self.refused)
                after(behind)
        self.assertEqual(Network.objects.count(), 0)

    def test_error_of_the_block_comes_before_that_of_the_write(self) -> None:
        with self.assertRaises(KeyError), transaction.atomic(), WritingBehind() as behind:
            behind.begin(self.refused)
            raise KeyError

    def test_connection_is_the_callers_alone_afterwards(self) -> None:
        with WritingBehind() as behind:
            behind.begin(lambda: None)
        self.assertFalse(connection.allow_thread_sharing)
        self.assertEqual(connection.execute_wrappers, [])

    def test_python_switches_often_until_the_last_block_is_left(self) -> None:
        usual, first, second = sys.getswitchinterval(), WritingBehind(), switching_often()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        self.assertAlmostEqual(sys.getswitchinterval(), SWITCH_SECONDS, 5)
        second.__exit__(None, None, None)
        self.assertAlmostEqual(sys.getswitchinterval(), usual, 5)

    def test_work_is_done_in_the_order_in_which_it_was_begun(self) -> None:
        done: list[int] = []
        with WritingBehind() as behind:
            for number in range(10):
                behind.begin(partial(done.append, number))
        self.assertEqual(done, list(range(10)))

    def test_no_more_is_begun_than_may_wait(self) -> None:
        first = Gate()
        with WritingBehind() as behind:
            behind.begin(first)
            for _ in range(MOST - 1):
                behind.begin(lambda: None)
            self.assertFalse(first.done)
            threading.Timer(0.05, first.opened.set).start()
            behind.begin(lambda: None)
            self.assertTrue(first.done)

    def test_nothing_is_under_way_once_it_has_settled_and_an_error_is_raised_by_what_comes_next(self) -> None:
        gate = Gate()
        with self.assertRaises(IntegrityError), transaction.atomic(), WritingBehind() as behind:
            behind.begin(gate)
            behind.begin(self.refused)
            threading.Timer(0.05, gate.opened.set).start()
            behind.settle()
            self.assertTrue(gate.done)
            Network.objects.count()
            self.fail("the error was not raised")

    def test_next_work_is_under_way_while_one_is_used(self) -> None:
        gates = [Gate("one"), Gate("two"), Gate("three")]
        gates[0].opened.set()
        given = []
        with WritingBehind() as behind:
            for number, one in enumerate(behind.ahead(gates)):
                given.append(one)
                for gate in gates[number + 1 : number + 2]:
                    self.assertTrue(gate.begun.wait(10))
                    self.assertFalse(gate.done)
                    gate.opened.set()
        self.assertEqual(given, ["one", "two", "three"])
        self.assertEqual(Network.objects.count(), 3)

    def test_ahead_of_nothing_is_nothing(self) -> None:
        with WritingBehind() as behind:
            self.assertEqual(list(behind.ahead([])), [])

    def test_error_of_work_that_was_begun_before_comes_first(self) -> None:
        with self.assertRaises(IntegrityError), transaction.atomic(), WritingBehind() as behind:
            behind.begin(self.refused)
            next(behind.ahead([Network.objects.count]))

    def test_work_not_yet_begun_is_dropped_when_the_block_fails(self) -> None:
        gate, after = Gate(), Gate("after")
        after.opened.set()
        with self.assertRaises(KeyError), transaction.atomic(), WritingBehind() as behind:
            behind.begin(gate)
            behind.begin(after)
            self.assertTrue(gate.begun.wait(10))
            threading.Timer(0.05, gate.opened.set).start()
            raise KeyError
        self.assertEqual((gate.done, after.done), (True, False))

    def test_steps_are_taken_while_work_is_waited_for_and_the_rest_before_the_block_is_left(self) -> None:
        gate, taken = Gate(), list[tuple[int, bool]]()

        def steps() -> Iterator[None]:
            for number in range(5):
                taken.append((number, gate.done))
                if number == 2:
                    gate.opened.set()
                    behind.wait()
                yield

        with WritingBehind() as behind:
            behind.meanwhile(steps())
            self.assertEqual(taken, [])
            self.assertEqual(list(behind.ahead([gate])), ["behind"])
            self.assertEqual(taken, [(0, False), (1, False), (2, False)])
        self.assertEqual(taken[3:], [(3, True), (4, True)])

    def test_step_may_begin_work_and_ask_and_no_other_is_taken_meanwhile(self) -> None:
        done: list[str] = []

        def steps(name: str) -> Iterator[None]:
            for number in range(3):
                for _ in range(MOST + 1):
                    behind.begin(partial(done.append, f"{name}{number}"))
                self.assertEqual(Network.objects.count(), 0)
                self.assertEqual(done.count(f"{name}{number}"), MOST + 1)
                yield

        with WritingBehind() as behind:
            behind.meanwhile(steps("a"))
            behind.meanwhile(steps("b"))
            for _ in range(10):
                behind.begin(lambda: None)
        self.assertEqual(list(dict.fromkeys(done)), ["a0", "a1", "a2", "b0", "b1", "b2"])

    def test_error_of_a_step_is_raised_and_what_was_not_begun_is_dropped(self) -> None:
        gate, after = Gate(), Gate("after")
        after.opened.set()

        def step(number: int) -> None:
            self.assertTrue(gate.begun.wait(10))
            threading.Timer(0.05, gate.opened.set).start()
            raise KeyError(number)

        with self.assertRaises(KeyError), transaction.atomic(), WritingBehind() as behind:
            behind.begin(gate)
            behind.begin(after)
            behind.meanwhile(map(step, range(2)))
        self.assertEqual((gate.done, after.done), (True, False))
        self.assertFalse(connection.allow_thread_sharing)

    def test_no_step_is_taken_when_the_block_fails(self) -> None:
        taken: list[int] = []
        with self.assertRaises(KeyError), transaction.atomic(), WritingBehind() as behind:
            behind.meanwhile(map(taken.append, [1]))
            raise KeyError
        self.assertEqual(taken, [])

    def refused(self) -> None:
        Network.objects.create(slug="a", name="A", vendor="one")
        Network.objects.create(slug="a", name="A", vendor="one")
