"""What is asked about a table's quality, and which parts do its columns play?"""

from dataclasses import dataclass

from pydantic import JsonValue

from gates.measure.quality.signature import Signature

FAR_FUTURE = "2100-01-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityAsked:
    """Roles of columns; what is not named is not checked, and said so."""

    label: str | None = None
    answers: tuple[str, ...] = ()
    """Columns that a model gave (predictions, scores): they may resemble the label."""
    classes: tuple[JsonValue, ...] | None = None
    """The labels that there may be; None for any."""
    id: str | None = None
    time: str | None = None
    """When a row came to be: an evaluation is to lie after the training."""
    signature: Signature | None = None
    """The model's declared inputs."""
    far_future: str = FAR_FUTURE
    """ISO date from which on no date is believed."""
