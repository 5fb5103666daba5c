"""Rich text that a page ships as its script's state: the same text, in JSON instead of markup.

Pages drawn in the browser carry their article in a JSON script (``__NEXT_DATA__`` and the like), as a
tree of nodes whose ``type`` says paragraph, heading or text. The form is that of ProseMirror and of
Contentful's rich text (https://www.contentful.com/developers/docs/concepts/rich-text/), which most
newsrooms' editors write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from tracker.extract.cleaning import is_prose, paragraphs

MAX_DEPTH = 60  # of nodes; an article's tree is about 10 deep, the state around it about 20
MAX_NODES = 200_000  # nodes looked at

_TYPE_KEYS = ("type", "nodeType", "name", "tag")
_BLOCKS = frozenset({"paragraph", "p", "text-paragraph", "heading", "heading-2", "heading-3", "heading-4", "h2", "h3"})
_TEXT_KEYS = ("value", "text", "content", "children")


def state_paragraphs(scripts: Iterable[str]) -> list[str]:
    """Return the paragraphs of the list of blocks with most running text, or none where there is no such list."""
    best: list[str] = []
    most = 0
    for script in scripts:
        for candidate in _lists(script):
            n_prose = sum(len(block) for block in candidate if is_prose(block))
            if n_prose > most:
                best, most = candidate, n_prose
    return best


def _lists(script: str) -> Iterator[list[str]]:
    try:
        root = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return
    stack: list[tuple[object, int]] = [(root, 0)]
    n_nodes = 0
    while stack and n_nodes < MAX_NODES:
        value, depth = stack.pop()
        n_nodes += 1
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if isinstance(value, list):
            blocks = [_shown(item, 0) for item in value if _is_block(item)]
            if blocks:
                yield paragraphs("\n".join(" ".join(block.split()) for block in blocks))
        if depth < MAX_DEPTH:
            stack.extend((child, depth + 1) for child in children if isinstance(child, (dict, list)))


def _is_block(node: object) -> bool:
    return isinstance(node, dict) and any(
        isinstance(name := node.get(key), str) and name.lower() in _BLOCKS for key in _TYPE_KEYS
    )


def _shown(node: object, depth: int) -> str:
    """Return the text of a node: its strings under the text keys, and those of the nodes below it."""
    if depth > MAX_DEPTH:
        return ""
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return "".join(_shown(item, depth + 1) for item in node)
    if isinstance(node, dict):
        return "".join(_shown(node[key], depth + 1) for key in _TEXT_KEYS if key in node)
    return ""
