"""The checks, each a plain function that raises `BrokenContractError`; none knows pytest."""
