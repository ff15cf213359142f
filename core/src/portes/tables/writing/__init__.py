"""Rows as files of a format: blocks of brackets, exact numbers, and limits of rows and bytes."""
