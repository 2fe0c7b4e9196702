"""What a page needs to look as it did: found in its HTML and its style sheets, requested within limits."""
