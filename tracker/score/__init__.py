"""What an article says, in whose voice, in what tone and frame: one file a scorer, lexicons as data."""
