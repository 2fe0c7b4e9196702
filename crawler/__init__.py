"""From URL to article."""

import os

# tldextract, which Scrapy and web-poet's URL rules use, would fetch its list of suffixes from the internet on first
# use; the list that comes with it is enough for us.
os.environ.setdefault("TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS", "")
