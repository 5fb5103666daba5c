"""Where entries come from: feeds, sitemaps, search feeds, discovery, and when to look again.

Nothing here opens a socket or a file: bodies come from ``tracker.fetch``, times from the caller.
"""
