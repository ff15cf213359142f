"""The format `intelipost`: the freight platform's workbook of several sections, as far as its help pages tell."""
