"""The suite of table formats: samples, read as they are and altered in every way that people and programs alter files."""
