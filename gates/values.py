"""How do values that travel as JSON look in code? Frozen, closed, and the same after a round trip."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value with no unknown fields; floats are finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
