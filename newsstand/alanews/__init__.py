"""alanews.it: WordPress with the JNews theme and Yoast."""
