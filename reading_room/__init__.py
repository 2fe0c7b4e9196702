"""The reading room: a collection to look at in a browser; `emeroteca serve` runs it.

A Starlette application over the functions that the commands call too. It reads the corpus and never writes. Pages are
whole without JavaScript; HTML from archives is shown as text only, never rendered.
"""
