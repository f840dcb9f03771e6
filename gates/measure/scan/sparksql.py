"""How is SQL that DuckDB understands said to Spark?

Both speak the SQL of our reductions. What is written differently is a matter of words: how names and texts are quoted,
what a few types and functions are called. What has no equal in Spark is defined there, by `FUNCTIONS`: its `floor` ends
at 2^63, and its cast of a double to a decimal takes the shortest text that means the double, not the double.
"""

import re

WORDS = {
    "floor": "exact_floor",
    "hugeint": "DECIMAL(38,0)",
    "bigint": "DECIMAL(38,0)",  # whose sums are no wider than themselves there
    "varchar": "STRING",
    "timestamptz": "TIMESTAMP",
    "arg_max": "max_by",
    "arg_min": "min_by",
}
HALF, WHOLE = "9007199254740992", "81129638414606681695789005144064"
"""2^53, which is how far doubles count every whole number, and 2^106."""
FUNCTIONS = (
    "floor_double(x DOUBLE) RETURNS DOUBLE RETURN rint(x) - CASE WHEN rint(x) > x THEN 1E0 ELSE 0E0 END",
    f"upper_half(x DOUBLE) RETURNS DOUBLE RETURN floor_double(x / {HALF}E0)",
    f"lower_half(x DOUBLE) RETURNS DECIMAL(38,0) RETURN CAST(x - upper_half(x) * {HALF}E0 AS BIGINT)",
    f"""exact_floor(x DOUBLE) RETURNS DECIMAL(38,0) RETURN CASE
    WHEN abs(x) < 9E18 THEN CAST(CAST(floor_double(x) AS BIGINT) AS DECIMAL(38,0))
    ELSE CAST(CAST(upper_half(upper_half(x)) AS BIGINT) AS DECIMAL(7,0)) * {WHOLE}
       + CAST(lower_half(upper_half(x)) AS DECIMAL(16,0)) * {HALF} + lower_half(floor_double(x)) END""",
    "isfinite(x DOUBLE) RETURNS BOOLEAN RETURN NOT isnan(x) AND abs(x) < CAST('Infinity' AS DOUBLE)",
    "finite_micros(x TIMESTAMP) RETURNS BIGINT RETURN unix_micros(x)",
    "finite_floor(x DOUBLE) RETURNS DECIMAL(38,0) RETURN CASE WHEN isfinite(x) THEN exact_floor(x) END",
    "isinf(x DOUBLE) RETURNS BOOLEAN RETURN abs(x) = CAST('Infinity' AS DOUBLE)",
    "regexp_full_match(s STRING, p STRING) RETURNS BOOLEAN RETURN s RLIKE concat('^(?:', p, ')$')",
)
TOKEN = re.compile(r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | \b[A-Za-z_]\w*\b""", re.VERBOSE)


def spoken(query: str) -> str:
    """Return a query in Spark's words; what stands in quotes stays what it says."""
    return TOKEN.sub(lambda found: _token(found[0]), query)


def _token(token: str) -> str:
    if token.startswith("'"):
        inner = token[1:-1].replace("''", "'")
        return "'" + inner.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if token.startswith('"'):
        return "`" + token[1:-1].replace('""', '"').replace("`", "``") + "`"
    return WORDS.get(token.lower(), token)
