"""What did the gates find? Sentences as the gates say them."""

from gates.outcome import Finding, Measure, Outcome

COMPARED = Finding(
    gate="comparison",
    outcome=Outcome.PASS,
    summary=(
        "roc_auc 0.842 against 0.748: difference +0.094, 95 % interval [+0.040, +0.148], better than the champion. "
        "roc_auc 0.842 is within the limit of 0.650."
    ),
    measures=(
        Measure(
            name="roc_auc difference",
            value=0.0941448869629,
            low=0.0400245965344,
            high=0.148265177391,
            limit=-0.02,
            limit_is="least",
            detail="0.842 against 0.748, paired DeLong",
        ),
        Measure(
            name="roc_auc", value=0.842361603804, low=0.798916554192, high=0.885806653416, limit=0.65, limit_is="least"
        ),
    ),
)
FAIR = Finding(
    gate="fairness: true_positive_rate",
    outcome=Outcome.PASS,
    summary=(
        "true_positive_rate of race=black 0.938 against 0.979: shortfall +0.040, 95 % interval [+0.00085, +0.127], "
        "within the limit of 0.150 (65 rows; power to show a shortfall of 0.150: 94 %). "
        "Also within the limits: sex=female."
    ),
    measures=(
        Measure(
            name="true_positive_rate shortfall, race=black",
            value=0.0403744403744,
            low=0.000847903439671,
            high=0.127036445435,
            limit=0.15,
            limit_is="most",
            detail="65 rows; power to show a shortfall of 0.150: 94 %",
        ),
    ),
)
UNFAIR = Finding(
    gate="fairness: true_positive_rate",
    outcome=Outcome.FAIL,
    summary=(
        "true_positive_rate of race=black 0.585 against 0.918: shortfall +0.333, 95 % interval [+0.219, +0.456], "
        "beyond the limit of 0.150 (65 rows; power to show a shortfall of 0.150: 88 %)."
    ),
    measures=(
        Measure(
            name="true_positive_rate shortfall, race=black",
            value=0.333,
            low=0.219,
            high=0.456,
            limit=0.15,
            limit_is="most",
            detail="",
        ),
    ),
)
UNCERTAIN = Finding(
    gate="fairness: true_positive_rate (race)",
    outcome=Outcome.INCONCLUSIVE,
    summary=(
        "true_positive_rate of race=hispanic 0.854 against 0.918: shortfall +0.064, 95 % interval [-0.016, +0.204], "
        "within the limit of 0.150, but too uncertain to tell (41 rows)."
    ),
)
FORMAT = Finding(
    gate="format",
    outcome=Outcome.PASS,
    summary="All 3 files are allowed: mlmodel, requirements, skops.",
    measures=(Measure(name="files not allowed", value=0.0, limit=0.0, limit_is="most"),),
)
ORIGIN_FOUND = Finding(
    gate="lineage",
    outcome=Outcome.WARN,
    summary="The run names no source commit: train from a clean Git checkout.",
)
CRASHED = Finding(
    gate="comparison",
    outcome=Outcome.ERROR,
    summary="The challenger v2 was not scored: its process crashed: KeyError: 'income'.",
)
RECEIPTED = Finding(
    gate="digest",
    outcome=Outcome.PASS,
    summary="v1 is what its receipt in production names (0787b0b14e53). 3 files looked at.",
)
RETIRED = Finding(
    gate="retirement",
    outcome=Outcome.PASS,
    summary="v2 stops serving in production; nothing answers afterwards.",
)
LIMITED = Finding(
    gate="comparison", outcome=Outcome.PASS, summary="mae 12,345.7 against 1,500,000.0 of a trivial model: better."
)
NO_GROUP = Finding(
    gate="fairness: true_positive_rate",
    outcome=Outcome.ERROR,
    summary="true_positive_rate could not be measured for race: the group has no rows",
)
