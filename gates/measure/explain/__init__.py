"""What do a model's answers rest on? Asked of the model through a port: it is never loaded here."""

from gates.measure.explain.asked import ExplanationAsked, ImportanceAsked, Predict
from gates.measure.explain.importance import importance
from gates.measure.explain.one_row import explain_row

__all__ = ["ExplanationAsked", "ImportanceAsked", "Predict", "explain_row", "importance"]
