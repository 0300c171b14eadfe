"""What a stack was deployed from: serialized by each stack, and read by previews."""
