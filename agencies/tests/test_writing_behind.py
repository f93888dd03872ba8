"""What is written behind Python's back is written in its transaction, by turns, and its errors are met."""

import threading

from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from agencies.models import Network
from agencies.tests import factories as make
from agencies.writing_behind import WritingBehind


class Gate:
    """A write that waits until it may go on, and notes that it was made."""

    def __init__(self) -> None:
        self.opened, self.begun, self.done = threading.Event(), threading.Event(), False

    def __call__(self) -> None:
        self.begun.set()
        self.opened.wait(10)
        make.make_network("behind")
        self.done = True


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

    def refused(self) -> None:
        Network.objects.create(slug="a", name="A", vendor="one")
        Network.objects.create(slug="a", name="A", vendor="one")
