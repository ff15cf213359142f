"""The room of the process that reads workbooks: it runs by itself, imports nothing of Portes and trusts no file."""
