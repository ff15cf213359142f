"""Every built-in packer passes the suite that the contract kit has for packers."""

from portes_testing import PackerCase, PackerContract


class TestBoxes(PackerContract):
    case = PackerCase("boxes")


class TestStack(PackerContract):
    case = PackerCase("stack")


class TestSingle(PackerContract):
    case = PackerCase("single")


class TestTotals(PackerContract):
    case = PackerCase("totals", places=False)
