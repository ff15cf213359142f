"""The suite of table formats: samples, read as they are and altered as people and programs alter files."""
