"""Match, cluster and score what the store holds and this version has not judged yet. No network."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.steps.run import Run
from tracker.copies import Agencies, clusters, find_edges, fingerprint_of
from tracker.model import Fingerprint, Match, MatchDecision
from tracker.score.scoring import ToScore
from tracker.store.articles import RevisionText
from tracker.store.decisions import Decisions, read_decisions
from tracker.topic import CompiledTopic, compile_topic

BATCH = 200  # articles read, judged and stored at a time
# Finding what is new, and who shares a band with it, is one pass over all that is stored, whatever the batch: 1.5 s
# of CPU at a million articles, which is 0.4 ms an article in batches of this size. Some 50 MB of texts and sketches.
CLUSTER_BATCH = 4_000


def judge(run: Run) -> None:
    """Bring matches, copies and scores up to date with articles, topics and scorers, or stop after a batch."""
    decisions = read_decisions(run.home.path)
    for problem in decisions.problems:
        run.progress.warn(problem)
    run.count("n_bad_decisions", n=len(decisions.problems))
    with run.store.transaction():
        run.store.codings.replace(decisions)
    match(run, decisions)
    cluster(run)
    score(run)


def match(run: Run, decisions: Decisions) -> None:
    """Decide for every topic and article whether it is on the topic; what people decided stands."""
    for topic in run.home.topics:
        compiled = compile_topic(topic)
        held = {one.article: one for one in decisions.matches if one.topic == topic.topic}
        words = tuple(held.values())
        while not run.stop and (batch := run.store.articles.not_matched(topic.topic, compiled.hash, BATCH, words)):
            found = [(one.article, one.revision, _matched(compiled, one, held.get(one.article))) for one in batch]
            with run.store.transaction():
                run.store.articles.save_matches(found)
            for one, (_, _, decision) in zip(batch, found, strict=True):
                if decision.is_on_topic:
                    run.count("n_on_topic", one.outlet)
                if decision.decided_at:
                    run.count("n_decided", one.outlet)


def _matched(topic: CompiledTopic, one: RevisionText, decision: MatchDecision | None) -> Match:
    content = one.content
    return topic.match(
        content.title, content.text, url=content.url, published_at=content.published_at, decision=decision
    )


def cluster(run: Run) -> None:
    """Find copies of one text among new articles and all that came before."""
    agencies = Agencies.among(run.home.outlets)
    while not run.stop and (batch := run.store.articles.without_fingerprint(CLUSTER_BATCH)):
        place_copies(
            run,
            [
                (fingerprint_of(one.content, agencies, article=one.article, outlet=one.outlet), one.revision)
                for one in batch
            ],
        )


def place_copies(run: Run, prints: Sequence[tuple[Fingerprint, int]]) -> None:
    """Store the fingerprints of (article, revision), an article once, and where each stands among copies by them."""
    store = run.store
    with store.transaction():
        new = [one for one, _ in prints]
        before = store.copies.connected([one.article for one in new])  # what one no longer copies needs another place
        others = store.copies.fingerprints_sharing([band for one in new for band in one.bands])
        store.copies.save_fingerprints(prints, find_edges(new, others))
        members = clusters(*store.copies.neighbourhood(before, new), Agencies.among(run.home.outlets))
        store.copies.save_members(members)


def score(run: Run) -> None:
    """Score every revision of on-topic articles that these scorers have not scored."""
    for scoring in run.scorings:
        topic = scoring.topic.topic
        while not run.stop and (batch := run.store.articles.not_scored(topic, scoring.hash, BATCH)):
            texts = (ToScore(one.content.title, one.content.text, one.language) for one in batch)
            scored = list(zip(batch, scoring.score_all(texts), strict=True))
            with run.store.transaction():
                run.store.scores.save(topic, scored, scoring.hash)
            run.count("n_scored", n=len(scored))
            for one, scores in scored:
                if scores.unscored_reason:
                    run.count(f"unscored {scores.unscored_reason}", one.outlet)
