"""An invented carrier for Portes, to be copied from."""
