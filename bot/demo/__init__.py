"""A true story on real mortgage decisions, played with the embedded default."""
