"""Is this table what it should be? Profiles of its columns, and checks."""

from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.measuring import quality
from gates.measure.quality.signature import Field, Signature, read_signature

__all__ = ["Field", "QualityAsked", "Signature", "quality", "read_signature"]
