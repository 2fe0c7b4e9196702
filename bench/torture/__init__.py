"""Torture: commands of the program are hit by faults at random moments, and what is left is checked from outside."""
