"""What does reading the same columns cost, and nothing else? The physical limit.

Every value is decoded: a plain `max` would be answered from the files' footers.

Usage: python scan.py REFERENCE CURRENT
"""

import sys

import duckdb

with duckdb.connect() as connection:
    for path in sys.argv[1:]:
        columns = connection.sql(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()  # noqa: S608 - the benchmark's own file
        wanted = ", ".join(
            f'max(strlen("{name}"))' if type_ == "VARCHAR" else f'max("{name}" + 0e0)' for name, type_, *_ in columns
        )
        connection.sql(f"SELECT {wanted} FROM read_parquet('{path}')").fetchall()  # noqa: S608 - as above
