"""Large text tables, read and packed whole columns at a time; whatever is not plain is left to the reader of lines."""
