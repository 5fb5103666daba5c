"""Who covered a story, how much, in which frame, in what tone, in whose words, and what changed."""
