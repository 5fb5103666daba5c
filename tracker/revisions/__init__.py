"""What changed between two versions of an article, and when to look again."""

from tracker.revisions.changes import ChangeKind, change_kind, change_note
from tracker.revisions.diffs import DiffSegment, word_diff
from tracker.revisions.looks import LOOKS, next_look
from tracker.revisions.versions import is_same_title, known_version, revision_hash, substance_hash, text_hash

__all__ = [
    "LOOKS",
    "ChangeKind",
    "DiffSegment",
    "change_kind",
    "change_note",
    "is_same_title",
    "known_version",
    "next_look",
    "revision_hash",
    "substance_hash",
    "text_hash",
    "word_diff",
]
