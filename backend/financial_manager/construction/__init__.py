"""Building a house: what it was to cost, what was ordered, invoiced, held back and paid, by cost group.

Pure: `cost_groups`, `contracts`, `lines`, `settlement`, `status`, `financing`. With the database: `models`, `rows`,
`loading`, `projects`, `settling`.
"""
