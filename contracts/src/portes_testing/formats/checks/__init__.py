"""The checks of table formats, plain functions that raise `BrokenContractError`; none knows pytest."""
