"""How are rows reduced by Spark, where one machine is outgrown?

It has the interface of `Engine`, and gives the same numbers: sums are of integers, and the SQL is the same but for
words (`sparksql`). It reads Parquet files and folders, which may lie wherever the session reads from, and rows held in
memory. pyspark is not among our dependencies: a session is lent by whoever has one.
"""

from typing import Any

from gates.measure.scan.dialect import name
from gates.measure.scan.kinds import column_of
from gates.measure.scan.opening import called
from gates.measure.scan.source import Files, Held, Source
from gates.measure.scan.sparksql import FUNCTIONS, spoken
from gates.measure.scan.view import Column, View
from gates.measure.unusable import UnusableError
from gates.refusal import UserError

SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.filterPushdown": "false",
    "spark.sql.caseSensitive": "true",
}
"""Overflows are errors; moments fall on the same days everywhere; footers, which know no NaN, decide on no row."""
TYPES = {
    "string": "VARCHAR",
    "int": "INTEGER",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
    "binary": "BLOB",
}
"""What DuckDB calls the types that Spark calls otherwise."""


class SparkEngine:
    """An engine on a Spark session, which it sets up for itself."""

    def __init__(self, spark: Any) -> None:  # noqa: ANN401 - a SparkSession; pyspark is not installed with us
        """Take a session that nobody else uses."""
        self._spark = spark
        for setting, value in SETTINGS.items():
            spark.conf.set(setting, value)
        for function in FUNCTIONS:
            spark.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {function}")

    def view(self, as_: str, source: Source, *, said: str = "") -> View:
        """Open rows under a name; raises `UserError` for what cannot be read, and for no rows."""
        known_as = called(source, said)
        view = self._named(as_, self._read(source, known_as), known_as)
        if not view.rows:
            raise UserError(f"{known_as} has no rows.")
        return view

    def derive(self, as_: str, query: str, *, said: str = "", kept: bool = False) -> View:
        """Give a query's rows a name; when `kept`, Spark writes them down once for the scans that follow."""
        rows = self._spark.sql(spoken(query))
        return self._named(as_, rows.localCheckpoint() if kept else rows, said or as_)

    def reduce(self, query: str) -> Any:  # noqa: ANN401 - a pyarrow Table
        """Return a query's rows as an Arrow table, ordered by all its columns."""
        try:
            return self._spark.sql(spoken(f"SELECT * FROM ({query}) ORDER BY ALL NULLS LAST")).toArrow()  # noqa: S608 - our query
        except _errors().ArithmeticException as error:
            raise UnusableError("the rows have a number too large or infinite.") from error

    def _read(self, source: Source, said: str) -> Any:  # noqa: ANN401 - a DataFrame
        try:
            match source:
                case Files(paths=paths):
                    return self._spark.read.parquet(*map(str, paths))
                case Held(rows=rows):
                    return self._spark.createDataFrame(rows)
        except _errors().PySparkException as error:
            raise UserError(f"{said} cannot be read: {str(error).splitlines()[0]}") from error
        raise UserError(f"{said} cannot be read by Spark here: give it Parquet files.")

    def _named(self, as_: str, rows: Any, said: str) -> View:  # noqa: ANN401 - a DataFrame
        rows.createOrReplaceTempView(spoken(name(as_)))
        columns = {field.name: _column(field) for field in rows.schema.fields}
        return View(name=name(as_), said=said, columns=columns, rows=rows.count())


def _column(field: Any) -> Column:  # noqa: ANN401 - a StructField
    spark: str = field.dataType.simpleString()
    return column_of(field.name, TYPES.get(spark, spark.upper()))


def _errors() -> Any:  # noqa: ANN401 - a module
    from pyspark import errors  # noqa: PLC0415 - only where Spark is

    return errors
