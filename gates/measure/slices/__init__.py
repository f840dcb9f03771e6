"""Where are models worst? Parts of the rows by what is in their columns."""
