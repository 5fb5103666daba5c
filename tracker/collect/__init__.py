"""Where entries come from: feeds, sitemaps, discovery, searches, and when to look again."""
