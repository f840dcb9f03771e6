"""Pages of our own site, as HTML."""
