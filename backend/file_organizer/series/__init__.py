"""The household's series: where each is kept and how its episodes are named."""
