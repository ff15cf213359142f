"""The suite of packers: carts go in, and the parcels that come out are held to what every packer promises."""
