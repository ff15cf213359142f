"""Stands before the real `certifi` in the service's path: the authority of the test is the only one trusted."""

import os


def where() -> str:
    return os.environ["RIGGED_AUTHORITY"]


def contents() -> str:
    with open(where(), encoding="ascii") as file:
        return file.read()
