"""The environments: one file each, the files that users edit."""
