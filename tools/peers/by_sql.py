"""What do ten reductions of one file cost in plain SQL? The other half of `by_ibis.py`.

Usage: python by_sql.py REFERENCE CURRENT
"""

import sys

import duckdb

with duckdb.connect() as connection:
    connection.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet('{sys.argv[2]}')")  # noqa: S608 - the benchmark's own file
    for at in range(10):
        number = f"n{at:02}"
        connection.sql(
            f"SELECT race, CAST(floor({number} * 100) AS BIGINT) AS bin, count(*) AS held, "  # noqa: S608 - our names
            f"sum(CAST(floor({number} * 1048576.0 + 0.5) AS HUGEINT)) AS total FROM rows GROUP BY 1, 2 ORDER BY ALL"
        ).to_arrow_table()
