"""What the pages need to look like pages: style sheets, pictures, a font, a script; made, not drawn."""
