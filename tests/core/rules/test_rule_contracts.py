"""Every built-in rule passes the suite that the contract kit has for rules."""

from portes_testing import RuleCase, RuleContract


class TestCheapest(RuleContract):
    case = RuleCase("cheapest", [{}, {"delivery_types": ["express"]}])


class TestDays(RuleContract):
    case = RuleCase("days", [{"more": 3}])


class TestExclude(RuleContract):
    case = RuleCase(
        "exclude", [{"regions": ["01"]}, {"tags": ["fragile"], "carriers": ["a"]}, {"when": {"notes": ["risk_area"]}}]
    )


class TestFastest(RuleContract):
    case = RuleCase("fastest", [{}])


class TestFree(RuleContract):
    case = RuleCase("free", [{}, {"which": "express"}])


class TestFreeShipping(RuleContract):
    case = RuleCase(
        "free_shipping", [{"threshold": "100.00"}, {"skus": ["lamp"]}, {"tags": ["fragile"], "needs": "any"}]
    )


class TestKeep(RuleContract):
    case = RuleCase("keep", [{"which": "cheapest"}, {"which": "fastest"}, {"which": "preferred", "carriers": ["c"]}])


class TestMarkup(RuleContract):
    case = RuleCase("markup", [{"percent": "2.5", "round_to": "0.50"}, {"fixed": "-99.00", "carriers": ["a"]}])


class TestNotSlowerThan(RuleContract):
    case = RuleCase("not_slower_than", [{"days": 3}])


class TestPreferred(RuleContract):
    case = RuleCase("preferred", [{"carriers": ["b", "a"]}])


class TestPrice(RuleContract):
    case = RuleCase(
        "price",
        [{"percent": -50, "per_kg": "1.00", "ending": "0.90"}, {"set": "9.90"}, {"least": "20.00", "most": "30.00"}],
    )


class TestSubsidy(RuleContract):
    case = RuleCase("subsidy", [{"up_to": "20.00"}, {"up_to": "99.00", "percent": "33.3"}])
