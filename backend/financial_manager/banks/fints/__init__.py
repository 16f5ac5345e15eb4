"""FinTS 3.0 with PIN and TAN: German banks, asked directly. The library for it is an optional extra (LGPL-3)."""
