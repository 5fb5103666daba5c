"""What is kept of a text, and whether two texts are one: MinHash bands to find, a sketch to decide.

Bands (Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, section 3.4) of rensa's MinHash
find candidates; a bottom-k sketch (Beyer et al. 2007) of the same shingles estimates both how alike two
texts are and how much of the shorter is in the longer. Both are pure functions of the texts: the order in
which articles come, and which others are known, changes nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from rensa import RMinHash

from tracker.copies.agencies import Agencies
from tracker.copies.shingles import Hashes, distinct, mixed, shingles, words
from tracker.model import Article, CopyEdge, Fingerprint

NUM_PERM = 128  # slots of the whole text's signature
LEAD_PERM = 32  # slots of the lead's
SEED = 42
BAND_ROWS = 3  # slots in a band. A half-cut is half alike: found with 1 - (1 - .5³)^42 = .996, …
N_BANDS = 42  # … own stories on one event (.05 alike) meet in 1 of 200 pairs, strangers never
LEAD_WORDS = 120  # cuts are made from the bottom: a third or a quarter that is left still has the lead
N_LEAD_BANDS = 10
SKETCH_SIZE = 256  # standard error of a containment of .75 for a half-cut: .04
MIN_WORDS = 40  # shorter texts are teasers and notices that share formulas: copies only if identical

# Measured on 1,906 real articles (docs/methods.md): own stories on one event share at most .35 of the
# shorter one's shingles, a story built around wire text .53, reprints cut to half with a paragraph added .7.
MIN_CONTAINMENT = 0.6
# Below a fifth in common the longer one is a round-up that holds the shorter one among others: joining them
# would chain unrelated stories together.
MIN_SIMILARITY = 0.2

_BAND_BITS = np.uint64(48)  # 50 million bands of a million articles: one false candidate in 100,000 lookups
SKETCH_BITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How much two texts share: of both together (Jaccard), and of the shorter one. 0 to 1."""

    similarity: float
    containment: float


def fingerprint(
    *,
    article: str,
    outlet: str,
    title: str,
    text: str,
    published_at: datetime | None = None,
    wire_agency: str | None = None,
) -> Fingerprint:
    """Return the fingerprint of an article's text.

    The title has no part in it, since reprints are retitled: where the text begins with it, it is left out.
    An empty text has no bands and no copies.
    ``signature`` stays empty: what it is good for is in ``bands`` (48 bits each) and ``sketch`` (32 bits).
    """
    listed = body_words(title, text)
    hashed = shingles(listed)
    return Fingerprint(
        article=article,
        outlet=outlet,
        published_at=published_at,
        n_words=len(listed),
        n_shingles=len(hashed),
        signature=(),
        bands=tuple(band_hashes(listed, hashed).tolist()),
        sketch=tuple(sketch_hashes(hashed).tolist()),
        wire_agency=wire_agency,
    )


def fingerprint_of(content: Article, agencies: Agencies, *, article: str = "", outlet: str = "") -> Fingerprint:
    """Return an article's fingerprint with the agency that it credits; id and outlet may be filled in later."""
    return fingerprint(
        article=article,
        outlet=outlet,
        title=content.title,
        text=content.text,
        published_at=content.published_at,
        wire_agency=agencies.credited(content.title, content.text, content.authors, content.credit),
    )


def body_words(title: str, text: str) -> list[str]:
    """Return a text's words without the title that some extractions repeat above it."""
    headline, listed = words(title), words(text)
    return listed[len(headline) :] if headline and listed[: len(headline)] == headline else listed


def compare(a: Fingerprint, b: Fingerprint) -> CopyEdge | None:
    """Return the edge between two copies of one text, or None: symmetric, and of the two texts alone."""
    if a.article == b.article or not a.n_words or not b.n_words:
        return None
    a, b = (a, b) if a.article < b.article else (b, a)
    shared = overlap(a, b)
    if min(a.n_words, b.n_words) < MIN_WORDS:
        is_copy = a.n_words == b.n_words and a.n_shingles == b.n_shingles and a.sketch == b.sketch
    else:
        is_copy = shared.containment >= MIN_CONTAINMENT and shared.similarity >= MIN_SIMILARITY
    if not is_copy:
        return None
    return CopyEdge(a=a.article, b=b.article, similarity=shared.similarity, containment=shared.containment)


def overlap(a: Fingerprint, b: Fingerprint) -> Overlap:
    """Estimate what two texts share from their sketches; exact where both have at most ``SKETCH_SIZE`` shingles.

    The hashes below the smaller of the two sketches' largest are a random sample of both texts' shingles.
    """
    n_common = len(set(a.sketch).intersection(b.sketch))
    limit = min(_limit(a), _limit(b))  # what both hold is below it
    n_a, n_b = bisect_right(a.sketch, limit), bisect_right(b.sketch, limit)
    n_shorter = n_a if a.n_shingles <= b.n_shingles else n_b
    if not n_shorter:
        return Overlap(similarity=0.0, containment=0.0)
    return Overlap(similarity=n_common / (n_a + n_b - n_common), containment=n_common / n_shorter)


def band_hashes(listed: list[str], hashed: Hashes) -> Hashes:
    """Return the hashes under which a text is looked up: those of texts that may be copies coincide."""
    if not listed:
        return np.empty(0, dtype=np.uint64)
    if len(listed) < MIN_WORDS:
        whole = mixed(np.bitwise_xor.reduce(mixed(hashed + np.uint64(1)), keepdims=True) + np.uint64(len(listed)))
        return whole >> (np.uint64(64) - _BAND_BITS)
    lead = shingles(listed[:LEAD_WORDS])
    return np.concatenate((_bands(hashed, NUM_PERM, N_BANDS, 0), _bands(lead, LEAD_PERM, N_LEAD_BANDS, N_BANDS)))


def sketch_hashes(hashed: Hashes) -> Hashes:
    """Return the ``SKETCH_SIZE`` smallest shingle hashes, sorted; of each its upper 32 bits."""
    return distinct(hashed >> (np.uint64(64 - SKETCH_BITS)))[:SKETCH_SIZE]


def _limit(one: Fingerprint) -> float:
    return one.sketch[-1] if len(one.sketch) >= SKETCH_SIZE else float("inf")


def _bands(hashed: Hashes, num_perm: int, n_bands: int, first: int) -> Hashes:
    """Cut a MinHash signature into bands; the band's number is part of its hash, so bands never mix."""
    # one row of the flat form: it reads the array's memory, ten times as fast as handing over a list
    offsets = np.array([0, len(hashed)], dtype=np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashed, offsets, num_perm=num_perm, seed=SEED)
    slots = np.asarray(matrix.to_rows()[0][: n_bands * BAND_ROWS], dtype=np.uint64).reshape(n_bands, BAND_ROWS)
    folded = mixed(np.arange(first, first + n_bands, dtype=np.uint64) + np.uint64(1))
    for row in range(BAND_ROWS):
        folded = mixed(folded ^ slots[:, row])
    return folded >> (np.uint64(64) - _BAND_BITS)
