"""The checks of channels, plain functions that raise `BrokenContractError`; none knows pytest."""
