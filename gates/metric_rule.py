"""What must one metric of a challenger show?"""

from typing import Self

from pydantic import Field, model_validator

from gates.values import Value


class MetricRule(Value):
    """What one metric must show."""

    margin: float = Field(ge=0)
    """How much worse than the champion (and than the anchor) is still acceptable, in the metric's own unit."""
    minimum: float | None = None
    """The challenger's value may not be below this, champion or not; compared with the value itself."""
    maximum: float | None = None
    """The challenger's value may not be above this, champion or not."""
    superior: bool = False
    """Must the challenger be proven better than the champion, not only no worse?"""
    superior_by: float | None = Field(default=None, ge=0)
    """By more than this, where `superior` is asked; by default by anything at all."""

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        return self

    @model_validator(mode="after")
    def _superior_by_is_asked(self) -> Self:
        if self.superior_by is not None and not self.superior:
            raise ValueError(f"superior_by {self.superior_by} asks for nothing without `superior: true`")
        return self

    @property
    def has_limit(self) -> bool:
        """Is there a limit that holds without a champion?"""
        return self.minimum is not None or self.maximum is not None
