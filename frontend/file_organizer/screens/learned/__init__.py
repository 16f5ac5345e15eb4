"""What Homie learned: folders, series, projects, names."""
