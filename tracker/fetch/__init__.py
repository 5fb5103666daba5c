"""The one HTTP client: politeness, robots, limits and guard. The only way out to the web."""
