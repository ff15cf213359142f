"""The built-in sources of a catalogue, which come through the same door as anybody's."""
