"""From rows to an index: checked against each other, packed, mapped, looked up."""
