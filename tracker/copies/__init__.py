"""Copies: whose text is it, which articles are one text, and which of them is the original."""

from tracker.copies.agencies import Agencies, is_agency_outlet, wire_agency
from tracker.copies.clusters import clusters
from tracker.copies.edges import find_edges
from tracker.copies.fingerprint import compare, fingerprint, fingerprint_of
from tracker.copies.texts import ClusterResult, ClusterRow, cluster_texts

__all__ = [
    "Agencies",
    "ClusterResult",
    "ClusterRow",
    "cluster_texts",
    "clusters",
    "compare",
    "find_edges",
    "fingerprint",
    "fingerprint_of",
    "is_agency_outlet",
    "wire_agency",
]
