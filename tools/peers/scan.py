"""What does reading the same columns cost, and nothing else? The physical limit.

Usage: python scan.py REFERENCE CURRENT
"""

import sys

import duckdb

with duckdb.connect() as connection:
    for path in sys.argv[1:]:
        columns = [row[0] for row in connection.sql(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()]  # noqa: S608 - the benchmark's own file
        wanted = ", ".join(f'max("{name}")' for name in columns if name != "id")
        connection.sql(f"SELECT {wanted} FROM read_parquet('{path}') WHERE id >= 0").fetchall()  # noqa: S608 - as above
