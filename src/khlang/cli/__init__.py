"""The command `khlang`."""
