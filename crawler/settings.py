"""Scrapy settings, in the order of the data flow.

Every setting of ours starts with EMEROTECA_ and may come from the environment variable of the same name.
"""

import os
from importlib.metadata import version

BOT_NAME = "emeroteca"
SPIDER_MODULES = ["spiders"]
#: Finds the sites of HOME/sites and of installed packages too.
SPIDER_LOADER_CLASS = "crawler.spider_loader.SiteSpiderLoader"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# --- the collection -------------------------------------------------------------------------------------------
EMEROTECA_HOME = os.environ.get("EMEROTECA_HOME", "archive")
EMEROTECA_DATABASE_URL = os.environ.get("EMEROTECA_DATABASE_URL") or None
#: The home is there: a crawl that finds it moved or deleted does not make it anew.
EMEROTECA_HOME_EXISTS = False
#: The contact of the crawl, a URL or an e-mail address: part of the user agent and of every warcinfo record.
EMEROTECA_CONTACT = os.environ.get("EMEROTECA_CONTACT") or None
#: What reads the bodies of pages: page-object, or trafilatura.
EMEROTECA_READER = os.environ.get("EMEROTECA_READER") or "page-object"

# --- requests ------------------------------------------------------------------------------------------------
USER_AGENT = f"emeroteca/{version('emeroteca')}" + (f" (+{EMEROTECA_CONTACT})" if EMEROTECA_CONTACT else "")
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "it,en;q=0.5",
}
COOKIES_ENABLED = False
DEPTH_LIMIT = 0

#: Private networks that hosts may be in, separated by commas (`10.0.0.0/8,::1/128`), beside those that a site names.
EMEROTECA_NETWORKS = os.environ.get("EMEROTECA_NETWORKS", "")

# --- politeness -----------------------------------------------------------------------------------------------
ROBOTSTXT_OBEY = True
DOWNLOADER = "crawler.fetching.downloader.PoliteDownloader"
#: Seconds between requests to a host, at least.
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 8
#: Scrapy starts so many tasks for every answer, for items; spiders yield none.
CONCURRENT_ITEMS = 1
#: Seconds for a whole answer, from the connection on.
DOWNLOAD_TIMEOUT = 60
#: Bytes a second, on average over so many seconds, that an answer brings at least once it has begun; 0: any rate.
EMEROTECA_MIN_RATE = 200
EMEROTECA_MIN_RATE_SECONDS = 10
DOWNLOAD_MAXSIZE = 256 * 1024 * 1024
RETRY_TIMES = 4
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the report of the crawl says what has failed
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504, 520, 522, 524]
REDIRECT_MAX_TIMES = 10
#: Seconds; a longer Retry-After ends the crawl.
EMEROTECA_LONGEST_WAIT = 600
#: Seconds of the pause after a third failure in a row; each further failure doubles it.
EMEROTECA_BACKOFF = 1.0
#: Failures in a row after which a host counts as down; 0: never.
EMEROTECA_BREAKER = 5
#: Seconds until a host that is down is probed again, doubled each time, and the number of probes before the crawl ends.
EMEROTECA_BREAKER_WAIT = 60
EMEROTECA_BREAKER_PROBES = 4
#: Answers 401, 403 or 451 in a row that end the crawl as blocked; 0: never.
EMEROTECA_WALL = 20
#: Requests in all, robots.txt and retries too, after which the crawl ends; 0: no end.
EMEROTECA_BUDGET = 0

#: Whether articles are sent through Scrapy as items although neither FEEDS nor ITEM_PIPELINES take any (extensions).
EMEROTECA_ITEMS = False

#: Whether young articles are requested again by their age (crawler/discovery/revisit_policy.py).
EMEROTECA_REVISITS = True

# --- what pages need to look as they did -----------------------------------------------------------------------
#: Reservations for which an answer is not captured (`crawl --respect`), of those in storage/rights.py.
EMEROTECA_RESPECT = os.environ.get("EMEROTECA_RESPECT", "")
#: Whether style sheets, fonts, images and scripts of articles are captured too (`crawl --requisites`).
EMEROTECA_REQUISITES = os.environ.get("EMEROTECA_REQUISITES", "").lower() in {"1", "true", "yes", "on"}
#: Bytes of one of them; a longer one is cut.
EMEROTECA_REQUISITES_BYTES = 16 * 1024 * 1024
#: How many of a page, and of a style sheet.
EMEROTECA_REQUISITES_PER_PAGE = 200
#: On how many hosts, beside the site's own, in a crawl.
EMEROTECA_REQUISITES_HOSTS = 20
#: Days after which one that the collection has is requested again.
EMEROTECA_REQUISITES_DAYS = 30.0

# --- web archives (emeroteca import) ----------------------------------------------------------------------------
#: The Wayback Machine: its index, and the beginning of its mementos' URLs.
EMEROTECA_WAYBACK_CDX = os.environ.get("EMEROTECA_WAYBACK_CDX") or "https://web.archive.org/cdx/search/cdx"
EMEROTECA_WAYBACK_REPLAY = os.environ.get("EMEROTECA_WAYBACK_REPLAY") or "https://web.archive.org/web"
#: Common Crawl: its CDX server, and its files.
EMEROTECA_CC_INDEX = os.environ.get("EMEROTECA_CC_INDEX") or "https://index.commoncrawl.org"
EMEROTECA_CC_DATA = os.environ.get("EMEROTECA_CC_DATA") or "https://data.commoncrawl.org"
#: Requests a minute, at most.
EMEROTECA_ARCHIVE_CDX_RATE = float(os.environ.get("EMEROTECA_ARCHIVE_CDX_RATE") or 24)
EMEROTECA_ARCHIVE_MEMENTO_RATE = float(os.environ.get("EMEROTECA_ARCHIVE_MEMENTO_RATE") or 400)
#: Seconds without requests after the first answer 429, at least, and after the second.
EMEROTECA_ARCHIVE_WAIT = float(os.environ.get("EMEROTECA_ARCHIVE_WAIT") or 60)
EMEROTECA_ARCHIVE_PAUSE = float(os.environ.get("EMEROTECA_ARCHIVE_PAUSE") or 3600)
#: Lines that an answer of an index may have.
EMEROTECA_ARCHIVE_LINES = int(os.environ.get("EMEROTECA_ARCHIVE_LINES") or 10_000)

# --- middlewares ---------------------------------------------------------------------------------------------
DOWNLOADER_MIDDLEWARES = {
    "crawler.fetching.surveyed_middleware.SurveyedAnswers": 40,
    "crawler.fetching.url_middleware.UrlCheck": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "crawler.fetching.robots_middleware.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.fetching.compression_middleware.ListDecoding": 590,
    "crawler.fetching.redirect_middleware.ScopedRedirectMiddleware": 600,
    "crawler.fetching.conditional_middleware.ConditionalRequests": 820,
}
SPIDER_MIDDLEWARES = {
    # an answer of any status is a capture and classified later; crawler/discovery/traps.py excludes long URLs
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
#: The list that named a page is in the capture's metadata record; it is not sent to the server.
REFERER_ENABLED = False
#: A page with a meta refresh is captured and not followed.
METAREFRESH_ENABLED = False

# --- capture --------------------------------------------------------------------------------------------------
DOWNLOAD_HANDLERS = {
    "http": "crawler.capture.download_handler.CapturingDownloadHandler",
    "https": "crawler.capture.download_handler.CapturingDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
#: A cut-off answer is captured, and retried like any other failure of the network.
DOWNLOAD_FAIL_ON_DATALOSS = True

#: A WARC file is sealed, and the next begun, when it is this large or this old.
EMEROTECA_WARC_BYTES = 1024**3
EMEROTECA_WARC_SECONDS = 24 * 60 * 60

# --- from capture to row --------------------------------------------------------------------------------------
#: Pipelines close after the items of all captures.
ITEM_PROCESSOR = "crawler.crawl.items.DrainingPipelineManager"
EXTENSIONS = {
    "crawler.crawl.session.CrawlSession": 0,
    "crawler.crawl.progress.CrawlProgress": 20,
}

# --- the log --------------------------------------------------------------------------------------------------
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0
#: A bar on a terminal, a line every ten seconds elsewhere.
EMEROTECA_PROGRESS = False
