"""The font Ornamento: a TrueType file with one glyph, a leaf (U+2766). Built with fontTools' FontBuilder."""

import zlib
from base64 import b64decode

_PACKED = (
    "eNqNUT1LA0EQfbsbYyJ+RWwDUZSzETEGERFt7AMRW/UwuQS8S44YQbsUFpZB0EJ/gI32ChEhSLDwB6SwFEyhVlqa+PZyBLEQH+zs"
    "vJnZuTdzEAD6UIZCLLk2E39dta8BMcXo1rZjuug3bsgr5ImsfWBF62+T5I/ki7mMmZ417hL0L3nmcwwEG2qd/jPPRM4p7fc84ZT1"
    "R+Qhu7BtIooB8nvyoGPuuwggSB4ij+VNJ3Oxc8X+UnPLLeyWqIuQrs5Da+WpH1+fbA4tfUKpps6+TN+ede84oA5VjFRBogO+UbH2"
    "Am2T+bg69Dr9hPQikmqEz39DyXduoYcV/0K5660QgGEZlqeKSvDwq5hx8UFdTaT9b+upR2mFdwd0Ba2nzrDa7Y5tnHfnGOBe9Zyc"
    "XtRkVb+fi4xF4qIiq1+rOpP298LMWFiKD1FpuS1XbIhaa7nTI4B5v59AuLM1T00vGZUEwoyMYNj3JQYxnizqf5YvFVKZ7J5tFpFE"
    "EXmYcJDhXUIBKXpZ7MFmtOhP9ge+AYqPWoM="
)


def ornament() -> bytes:
    """The font file."""
    return zlib.decompress(b64decode(_PACKED))
