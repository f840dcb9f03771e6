"""evidently: its presets of drift and of summaries over all columns."""

import sys

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset, DataSummaryPreset

columns = [f"n{at:02}" for at in range(20)], [f"c{at}" for at in range(5)]
definition = DataDefinition(numerical_columns=columns[0], categorical_columns=columns[1])
read = (pd.read_parquet(path, columns=columns[0] + columns[1]) for path in sys.argv[1:3])
reference, current = (Dataset.from_pandas(rows, data_definition=definition) for rows in read)
found = Report([DataDriftPreset(), DataSummaryPreset()]).run(current, reference)
print(len(found.json()))  # noqa: T201 - what it found, so that it is not optimised away
