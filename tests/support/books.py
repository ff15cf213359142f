"""Workbooks made of their XML, for tests of what odd ones come to."""

from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

HEADER = ("postal_from", "postal_to", "weight_from_g", "weight_to_g", "price", "minimum", "days_max")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
XLSX_PARTS = {
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="b" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
    '<sheet name="Tarifa" sheetId="1" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="a" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def archive(parts: Sequence[tuple[str, str | bytes]]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as packed:
        for name, content in parts:
            packed.writestr(name, content)
    return stream.getvalue()


def xlsx(*rows: str, before: str = "", after: str = "") -> bytes:
    """A workbook with the header and rows of cells as XML; a row may be whole."""
    header = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER)
    told = "".join(row if row.startswith("<row") else f"<row>{row}</row>" for row in (header, *rows))
    sheet = f'{before}<worksheet xmlns="{MAIN}"><sheetData>{told}</sheetData>{after}</worksheet>'
    return archive([*XLSX_PARTS.items(), ("xl/worksheets/sheet1.xml", sheet)])
