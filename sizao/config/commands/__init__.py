"""The sub-commands of `sizao`, one file each."""
