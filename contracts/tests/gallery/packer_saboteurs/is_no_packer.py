"""Has the name of a packer where the packer should be."""

pack = "row"
