"""What changed between two versions of an article, and when to look again."""

from tracker.revisions.changes import ChangeKind, change_kind, change_note
from tracker.revisions.diffs import DiffSegment, word_diff
from tracker.revisions.looks import LOOKS, next_look
from tracker.revisions.versions import Hashes, hashes, is_same_title, known_version

__all__ = [
    "LOOKS",
    "ChangeKind",
    "DiffSegment",
    "Hashes",
    "change_kind",
    "change_note",
    "hashes",
    "is_same_title",
    "known_version",
    "next_look",
    "word_diff",
]
