"""Is this article on the topic, how central is the topic to it, and why.

``compile_topic`` once, then ``match`` an article or ask ``is_likely`` of an entry. The query grammar is in
``tracker/topic/grammar.py``, the rules in ``tracker/topic/matching.py``, what is learned on top of them in
``tracker/topic/learned.py``, all described in ``docs/methods.md``.
"""

from tracker.topic.learned import FEATURES, RelevanceModel, load_relevance
from tracker.topic.matching import CompiledTopic, compile_topic

__all__ = ["FEATURES", "CompiledTopic", "RelevanceModel", "compile_topic", "load_relevance"]
