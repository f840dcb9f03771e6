"""How are the commands written that measure files?"""

from bot.grammar.group import Group, Usage

MEASURING = Group(
    title="Measuring files, in a terminal only",
    usages=(
        Usage(
            line=(
                "measure compare DATA [--label COLUMN] [--challenger COLUMN] [--champion COLUMN]"
                " [--challenger-score COLUMN] [--champion-score COLUMN] [--by COLUMNS ...] [--positive VALUE]"
                " [--metric METRIC ...] [--margin NUMBER] [--cluster COLUMN] [--task TASK] [--reference DATA]"
                " [--id COLUMN] [--time COLUMN] [--series COLUMN] [--horizon COLUMN] [--season NUMBER]"
                " [--quantile NUMBER] [--detail] [--pictures PATH] [--seed NUMBER]"
            ),
            command="MeasureCompare",
            says="Compare two models' answers row by row: is the challenger no worse than the margin allows?",
            example="measure compare scored.parquet --label y --champion old --challenger new --by race,sex",
            terminal_only=True,
        ),
        Usage(
            line=(
                "measure fairness DATA --label COLUMN [--prediction COLUMN] [--score COLUMN] --by COLUMNS ..."
                " [--positive VALUE] [--metric METRIC ...] [--limit NUMBER] [--cluster COLUMN] [--task TASK]"
                " [--scorecard PATH]"
            ),
            command="MeasureFairness",
            says="Hold the groups of one model's answers against each other.",
            example="measure fairness scored.parquet --label y --prediction new --by race,sex",
            terminal_only=True,
        ),
        Usage(
            line=(
                "measure drift --reference DATA --current DATA [--columns COLUMNS ...] [--label COLUMN]"
                " [--prediction COLUMN] [--score COLUMN] [--positive VALUE] [--ignore COLUMNS ...]"
                " [--by COLUMNS ...] [--time COLUMN] [--matured-after SPAN] [--now TIME] [--limit NUMBER]"
                " [--margin NUMBER] [--seed NUMBER]"
            ),
            command="MeasureDrift",
            says="Say which columns no longer look as they did, by how much, and what that may do to the model.",
            example="measure drift --reference january.parquet --current february.parquet",
            terminal_only=True,
        ),
        Usage(
            line=(
                "measure quality DATA [--reference DATA] [--label COLUMN] [--prediction COLUMNS ...] [--id COLUMN]"
                " [--time COLUMN] [--signature PATH]"
            ),
            command="MeasureQuality",
            says="Look for what makes rows unfit to train on or to judge by.",
            example="measure quality evaluation.parquet --reference training.parquet --label y --id customer",
            terminal_only=True,
        ),
        Usage(
            line=(
                "measure explain DATA --model PATH --row NUMBER [--of VALUE] [--task TASK] [--columns COLUMNS ...]"
                " [--seed NUMBER]"
            ),
            command="MeasureExplain",
            says="Say what moved a model's answer for one row; the model runs confined.",
            example="measure explain evaluation.parquet --model model/ --row 17",
            terminal_only=True,
        ),
    ),
)
