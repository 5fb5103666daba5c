"""Is this article on the topic, how central is the topic to it, and why.

``compile_topic`` once, then ``match`` an article or ask ``is_likely`` of an entry. The query grammar is in
``tracker/topic/grammar.py``, the rules in ``tracker/topic/matching.py``, both described in
``docs/methods.md``.
"""

from tracker.topic.matching import CompiledTopic, compile_topic

__all__ = ["CompiledTopic", "compile_topic"]
