"""Which automatic checks are there?"""

from typing import Annotated

from pydantic import Field

from gates.comparison import Comparison
from gates.data_quality import DataQuality
from gates.evaluation_data import EvaluationDataGate
from gates.fairness import Fairness
from gates.lineage import Lineage
from gates.model_format import ModelFormat
from gates.receipted import Receipted
from gates.retirement import Retirement
from gates.serving import Serving

Gate = Annotated[
    Comparison | Fairness | ModelFormat | EvaluationDataGate | DataQuality | Lineage | Serving | Receipted | Retirement,
    Field(discriminator="gate"),
]
"""One check as its policy writes it: `gate` names it, the other fields are its parameters."""
