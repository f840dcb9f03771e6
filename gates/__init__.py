"""Is this model fit? Evidence in, findings out."""
