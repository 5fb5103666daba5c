"""One page a file; each answers the question in its title, in words first."""
