"""From bytes to cells and columns: text files and workbooks, read exactly; nothing here knows a price."""
