"""What the tracker tells by itself: alerts and the digest, by mail, webhook or a command."""
