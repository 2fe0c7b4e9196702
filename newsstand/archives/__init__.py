"""Stand-ins of web archives that hold pages of the newsstand's papers: their services, limits and oddities."""
