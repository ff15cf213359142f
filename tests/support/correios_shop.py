"""A shop that sells by a table and by Correios, the cheapest of both: its file, but for the channels, and the table."""

STORE = """
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
[[origins]]
id = 1
postal_code = "01001000"
[carriers.table]
use = "table"
id = 1
name = "Table"
settings = {{ file = "table.csv" }}
services = [{{ code = "economy", delivery = "normal" }}, {{ code = "express", delivery = "express" }}]
[carriers.correios]
use = "correios-br"
id = 2
name = "Correios"
settings = {{ user = "u", access_code = "${{SECRET}}", posting_card = "0012345679", base_url = "{url}" }}
services = [{{ code = "03298", delivery = "normal" }}, {{ code = "03220", delivery = "express" }}]
[[rules]]
use = "cheapest"
"""
TABLE = """service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max
economy,01000000,19999999,0,1000,12.00,5
economy,01000000,19999999,1001,100000,25.00,5
express,01000000,19999999,0,1000,20.00,2
express,01000000,19999999,1001,100000,30.00,2
"""
