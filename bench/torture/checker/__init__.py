"""Checks DESIGN.md's promises on a collection from outside: no code of the program, no library but psycopg.

It reads WARC files with zlib, rows with plain SQL, packages with zipfile, and compares them with what the newsstand
says it has served. A test holds that these modules import nothing else.
"""
