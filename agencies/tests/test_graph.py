"""Links as arrays: neighbours, pairs, dates, and what the arrays refuse."""

from datetime import date

import networkx
import numpy as np
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Access, SharingLink
from agencies.network import graph as graphs
from agencies.network.graph import AGENCY_ROW, ARRAYS, LINK_ROW, WORD_ROW, Graph, compact, day_of, days
from agencies.network.hubs import core_numbers, degrees, mutual

DAY = days(date(2026, 5, 1))


def make_graph(pairs: list[tuple[int, ...]], count: int = 6, **values: int) -> Graph:
    """Return a graph of agencies 10, 11, ... and current links: (grantor, grantee) or (grantor, grantee, network)."""
    agencies = np.zeros(count, AGENCY_ROW)
    agencies["agency"] = np.arange(count)[::-1] + 10
    links = np.zeros(len(pairs), LINK_ROW)
    for number, (grantor, grantee, *network) in enumerate(pairs):
        row = links[number]
        row["grantor"], row["grantee"], row["network"] = grantor + 10, grantee + 10, network[0] if network else 1
        row["first_seen"] = row["last_seen"] = DAY
        row["link"] = number + 100
        for name, value in values.items():
            row[name] = value
    words = np.zeros(len(pairs), WORD_ROW)
    words["edge"], words["closed_on"] = np.arange(len(pairs)), links["link"]  # A mark to know each again by.
    return compact(agencies, links, words)


class GraphTests(SimpleTestCase):
    def test_neighbours_are_found_from_both_ends_and_keep_their_direction(self) -> None:
        graph = make_graph([(2, 1), (0, 1), (0, 3), (3, 0)])
        self.assertEqual(graph.grantee[graph.out_edges(0)].tolist(), [1, 3])
        self.assertEqual(graph.grantor[graph.in_edges(1)].tolist(), [0, 2])
        self.assertEqual(graph.out_edges(1), slice(2, 2))
        self.assertEqual(graph.link[graph.out_edges(0)].tolist(), [101, 102])

    def test_words_stay_with_their_links(self) -> None:
        graph = make_graph([(2, 1), (9, 1), (0, 1), (0, 3), (0, 9), (3, 0)])
        self.assertEqual(graph.words["closed_on"].tolist(), graph.link[graph.words["edge"]].tolist())
        self.assertEqual(len(graph.words), 4)  # Two links had an agency that is not there.

    def test_pair_has_a_link_for_each_network(self) -> None:
        graph = make_graph([(0, 1, 2), (0, 2), (0, 1, 1), (1, 0)])
        self.assertEqual(graph.network[graph.edges_between(0, 1)].tolist(), [1, 2])
        self.assertEqual(graph.edges_between(1, 2), slice(4, 4))

    def test_links_of_several_agencies_at_once(self) -> None:
        graph = make_graph([(0, 1), (2, 1), (2, 0), (1, 2)])
        self.assertEqual(graph.link[graph.edges_from(np.array([2, 0]))].tolist(), [102, 101, 100])
        self.assertEqual(graph.link[graph.edges_into(np.array([1]))].tolist(), [100, 101])
        self.assertEqual(len(graph.edges_from(np.array([], np.int64))), 0)

    def test_link_of_an_agency_that_is_not_there_is_left_out(self) -> None:
        self.assertEqual(make_graph([(0, 1), (0, 99)]).link.tolist(), [100])

    def test_empty_record_is_an_empty_graph(self) -> None:
        graph = make_graph([], count=0)
        self.assertEqual((graph.agencies_count, graph.links_count, graph.node(10)), (0, 0, None))

    def test_agency_is_found_by_its_key_alone(self) -> None:
        graph = make_graph([])
        self.assertEqual([graph.node(key) for key in (9, 10, 15, 16)], [None, 0, 5, None])

    def test_arrays_refuse_to_be_written(self) -> None:
        graph = make_graph([(0, 1)])
        for name in ARRAYS:
            self.assertFalse(getattr(graph, name).flags.writeable, name)

    def test_denied_link_is_weaker_than_any_that_is_not(self) -> None:
        strengths = [
            make_graph([(0, 1)], reported_by=code, disputed_on=denied).strength(slice(0, 1))[0]
            for denied in (DAY, 0)
            for code in range(4)
        ]
        self.assertEqual(strengths, list(range(8)))

    def test_codes_are_those_of_the_record(self) -> None:
        self.assertEqual(graphs.ACCESS, tuple(Access.values))
        self.assertEqual(graphs.STATUS, tuple(SharingLink.Status.values))
        self.assertEqual(set(graphs.REPORTED_BY), set(SharingLink.Reporter.values))

    def test_dates_come_back_and_those_that_do_not_fit_are_refused(self) -> None:
        for day in (None, date(1970, 1, 2), date(2149, 6, 6)):
            self.assertEqual(day_of(days(day)), day)
        for day in (date(1970, 1, 1), date(2149, 6, 7)):
            with self.assertRaises(ValueError):
                days(day)


PAIRS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1]), unique=True)


class HubTests(SimpleTestCase):
    def test_degrees_count_agencies_and_not_links(self) -> None:
        found = degrees(make_graph([(0, 1, 1), (0, 1, 2), (1, 0), (0, 2)]), DAY)
        self.assertEqual(found.out.tolist(), [2, 1, 0, 0, 0, 0])
        self.assertEqual(found.into.tolist(), [1, 1, 1, 0, 0, 0])
        self.assertEqual(found.mutual.tolist(), [1, 1, 0, 0, 0, 0])

    def test_what_is_not_current_access_to_reads_counts_nowhere(self) -> None:
        for values in ({"status": 1}, {"status": 2}, {"access": 2}, {"last_seen": DAY - 3 * 365 - 1}):
            graph = make_graph([(0, 1), (1, 0)], **values)
            self.assertEqual(degrees(graph, DAY).out.sum(), 0)
            self.assertEqual(mutual(graph, 0, DAY).tolist(), [])
            self.assertEqual(core_numbers(graph, DAY).sum(), 0)

    @given(PAIRS)
    def test_core_numbers_and_mutual_links_are_those_of_networkx(self, pairs: list[tuple[int, int]]) -> None:
        graph = make_graph(list(pairs), count=9)
        other = networkx.DiGraph(pairs)
        other.add_nodes_from(range(9))
        self.assertEqual(dict(enumerate(core_numbers(graph, DAY).tolist())), networkx.core_number(other))
        for node in range(9):
            both = sorted(set(other.successors(node)) & set(other.predecessors(node)))
            self.assertEqual(mutual(graph, node, DAY).tolist(), both)
