"""Copies: comparing is symmetric, a text is its own copy, clusters depend on edges alone."""

from __future__ import annotations

from itertools import product
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.copies import (
    ClusterRow,
    cluster_texts,
    clusters,
    compare,
    edges,
    find_edges,
    fingerprint,
    is_agency_outlet,
    wire_agency,
)
from tracker.copies.fingerprint import overlap
from tracker.model import CopyEdge, Fingerprint

TEXTS = st.lists(st.integers(0, 30), max_size=120).map(lambda ns: " ".join(f"w{n}" for n in ns)) | st.text(max_size=60)


def made(article: str, text: str) -> Fingerprint:
    return fingerprint(article=article, outlet="o", title="", text=text)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_comparing_is_symmetric_and_within_bounds(a, b):
    one, other = made("a", a), made("b", b)
    assert compare(one, other) == compare(other, one)
    shared = overlap(one, other)
    assert 0 <= shared.similarity <= shared.containment <= 1


LONG = st.tuples(st.integers(0, 3), st.integers(0, 400), st.integers(30, 500), st.integers(0, 60)).map(
    # words of a story from somewhere on, with so many of its own at the end
    lambda n: " ".join([f"s{n[0]}w{k}" for k in range(n[1], n[1] + n[2])] + [f"own{n[1]}w{k}" for k in range(n[3])])
)


@settings(max_examples=100, deadline=None)
@given(st.lists(LONG | TEXTS, max_size=10), st.integers(0, 10), st.integers(1, 4), st.booleans())
def test_copies_among_many_are_those_of_each_pair_that_shares_a_band(texts, n_new, together, is_known):
    prints = [made(str(n), text) for n, text in enumerate(texts)]
    new, others = prints[:n_new], prints[n_new:]
    wanted = {
        (edge.a, edge.b): edge
        for one, other in product(new, prints)
        if set(one.bands) & set(other.bands) and (edge := compare(one, other))
    }
    older = [made("0", texts[-1])] if is_known and new else []  # is not to be compared
    with patch.object(edges, "TOGETHER", together):
        found = find_edges(new, [*others, *older])
    assert len(found) == len(wanted)
    assert {(edge.a, edge.b): edge for edge in found} == wanted


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_text_is_its_own_copy_unless_it_is_empty(text):
    one, again = made("a", text), made("b", text)
    edge = compare(one, again)
    assert (edge is not None) is (one.n_words > 0)
    assert set(one.bands) == set(again.bands)
    assert edge is None or edge.similarity == 1


@settings(max_examples=100, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=10), st.randoms())
def test_clusters_depend_on_edges_alone(pairs, draw):
    prints = [made(str(n), f"text {n}") for n in range(8)]
    edges = [CopyEdge(a=str(min(p)), b=str(max(p)), similarity=1, containment=1) for p in pairs if p[0] != p[1]]
    expected = {m.article: m for m in clusters(prints, edges)}
    draw.shuffle(prints)
    draw.shuffle(edges)
    assert {m.article: m for m in clusters(prints, edges)} == expected
    for edge in edges:
        assert expected[edge.a].wire_cluster == expected[edge.b].wire_cluster is not None
    originals = [m.wire_cluster for m in expected.values() if m.is_original and m.wire_cluster]
    assert len(originals) == len({m.wire_cluster for m in expected.values() if m.wire_cluster})


@settings(max_examples=50, deadline=None)
@given(st.lists(TEXTS, max_size=12))
def test_clustering_gives_each_row_one_place(texts):
    rows = [ClusterRow(id=str(n), text=text) for n, text in enumerate(texts)]
    found = list(cluster_texts(rows))
    assert [one.id for one in found] == [row.id for row in rows]
    for one in found:
        assert (one.cluster is None) is (one.similarity is None)
        assert one.cluster is None or one.is_original is (one.cluster == one.id)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=30), max_size=3), st.none() | st.text(max_size=60))
def test_agencies_never_raise_and_bear_the_names_of_outlets(text, authors, credit):
    found = wire_agency("", text, authors, credit)
    assert found is None or is_agency_outlet(found) == found
