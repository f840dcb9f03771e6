"""How far have rows moved since a reference? Drift of columns, predictions and performance."""
