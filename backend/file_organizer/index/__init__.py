"""The index of every file in the granted folders: what search finds, and what a look at the drive is compared with."""
