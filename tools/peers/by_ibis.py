"""What do the same ten reductions cost when Ibis writes the SQL for the same engine?

Usage: python by_ibis.py REFERENCE CURRENT
"""

import sys

import ibis

rows = ibis.duckdb.connect().read_parquet(sys.argv[2])
for at in range(10):
    number = rows[f"n{at:02}"]
    grouped = rows.group_by(rows.race, bin=(number * 100).floor().cast("int64"))
    total = (number * 1048576.0 + 0.5).floor().cast("decimal(38,0)").sum()
    grouped.aggregate(held=rows.count(), total=total).order_by("race", "bin").to_pyarrow()
