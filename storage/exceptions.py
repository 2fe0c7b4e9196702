"""The errors of Emeroteca, of all packages; crawler.cli.exit_status maps them to exit statuses.

EmerotecaError
├── InvalidArgument           an argument of a command, a spider or a function: exit status 2
│   ├── InvalidSchedule       a time span or cron expression
│   ├── InvalidSiteFile       an entry of a file in HOME/sites
│   ├── InvalidQueryFile      a file that repeats a search
│   ├── InvalidUrl            a URL that is not requested
│   ├── InvalidSpiderArgument an argument of `scrapy crawl -a`, or no contact in the user agent
│   └── SourceNotFound        a path or URL of WARC files
├── SurveyFailed              an address leads to no news site
├── CommandError              what a command needs is not there
├── DependencyMissing         an optional dependency is not installed
├── CollectionError           the home folder cannot be used
├── SiteLocked                another crawl of the site is running
├── WriteFailed (OSError)     the disk is full or does not answer
├── RecordError
│   ├── CaptureMissing        no such record where a reference leads
│   ├── DamagedMember         a gzip member or zstd frame is cut off or corrupt
│   └── DecodingError         a payload does not fit its Content-Encoding
│       └── ContentTooLarge   the content under it is larger than is decoded
├── CorpusError
│   ├── InvalidDatabaseUrl
│   ├── DriverMissing (DependencyMissing)
│   ├── CorpusUnreachable     no answer, no such database, no permission
│   ├── CorpusLocked          another program holds a lock for too long
│   ├── WriteConflict         two transactions collided: retry
│   ├── QueryTimeout          a reader's statement took too long
│   ├── CorpusReadOnly
│   ├── CorpusFull            no space on the disk
│   ├── CorpusCorrupt         a damaged file, or not a database
│   ├── ForeignTables         tables of another program
│   ├── SchemaOutdated        made by an older version of this program
│   ├── SchemaTooNew          made by a newer version of this program
│   └── StatementRefused      anything else the database refuses
├── ExportError
│   ├── InvalidCursor         not a cursor of this corpus
│   ├── OutputExists          a change feed would replace an earlier piece
│   └── DestinationError      a URL that cannot be written
├── UnreadableList            a sitemap, feed or listing is not what its route expects
├── CrawlJobError
│   ├── CrawlJobFailed        the crawl's process ended with an error
│   └── CrawlJobInterrupted   the worker stopped
├── ExecutorError             the workers of a rebuild cannot work
│   └── EnvironmentMismatch   a worker has other code or libraries
└── ReplayError               pywb cannot be installed or started

Outside this tree stand control flow with a named reason, the refusals of extraction (crawler.extraction.refusals) and
the skipped requests of Scrapy (crawler.exceptions), and exceptions private to one module, whose names begin with `_`.
"""


class EmerotecaError(Exception):
    """Base class. The message is for the user, without a traceback: what happened, where (a path, a URL with its
    password hidden, a site), and what to do. Errors are pickled between processes.
    """


class InvalidArgument(EmerotecaError):
    """Names the argument, its value, and the form that is expected."""


class InvalidSchedule(InvalidArgument):
    """Shows how a time span or cron expression is written."""


class InvalidSpiderArgument(InvalidArgument):
    """Names the spider argument as the option of `emeroteca crawl`."""


class InvalidSiteFile(InvalidArgument):
    """Names file, line, entry, and what the entry must be."""


class InvalidQueryFile(InvalidArgument):
    """Says what is wrong in the file, and shows one."""


class InvalidUrl(InvalidArgument):
    """The reason only: the caller knows the URL and the list that has it."""


class SourceNotFound(InvalidArgument):
    """There is no file, folder or URL of that name, or it cannot be read."""


class SurveyFailed(EmerotecaError):
    """Says what an address leads to instead of a news site, and what to do."""


class CommandError(EmerotecaError):
    """A command cannot go on: no collection, article, capture or port. Names the command or option that helps."""


class DependencyMissing(EmerotecaError):
    """Ends with the `pip install` command of the extra."""


class CollectionError(EmerotecaError):
    """The home folder is a file, or cannot be created or written: suggests `--home` and $EMEROTECA_HOME."""


class SiteLocked(EmerotecaError):
    """Raised at once, without waiting for the other crawl of the site."""


class WriteFailed(EmerotecaError, OSError):
    """Data could not be made durable, with errno, reason and path; the file is as it was before the write."""


class RecordError(EmerotecaError):
    """A WARC record, or the payload in it, cannot be read."""


class CaptureMissing(RecordError):
    """The file is gone, or another, or its bytes have changed: names record id, offset and file."""


class DamagedMember(RecordError):
    """Raised while a compressed member is read. The reason only: the caller knows file and offset."""


class DecodingError(RecordError):
    """A payload does not fit its Content-Encoding. The reason only: the caller knows the capture.

    prefix: the bytes decoded before the fault.
    """

    def __init__(self, reason: str, prefix: bytes = b"") -> None:
        super().__init__(reason)
        self.prefix = prefix


class ContentTooLarge(DecodingError):
    """Raised while a payload is decoded, as soon as there is more than the limit; names it."""


class CorpusError(EmerotecaError):
    """The database cannot be used: names its URL without the password."""


class InvalidDatabaseUrl(CorpusError):
    """Shows no URL, since it may hold a password, but the two accepted forms."""


class DriverMissing(CorpusError, DependencyMissing):
    """A Postgres URL without the Postgres driver."""


class CorpusUnreachable(CorpusError):
    """Asks to check that the server runs, and host, user, password and name; or the folder of the SQLite file."""


class CorpusLocked(CorpusError):
    """Asks to let the other program finish."""


class WriteConflict(CorpusError):
    """A deadlock, a serialization failure or a unique violation between two writers; the store retries."""


class QueryTimeout(CorpusError):
    """A statement of a reader with a time limit was ended: asks for a narrower question."""


class CorpusReadOnly(CorpusError):
    """Asks to check permissions and mount options."""


class CorpusFull(CorpusError):
    """Asks to free space; captures are safe in the WARC files."""


class CorpusCorrupt(CorpusError):
    """Asks to move the file away and rebuild it from the WARC files."""


class ForeignTables(CorpusError):
    """Asks for a database of its own."""


class SchemaOutdated(CorpusError):
    """Asks for `emeroteca db upgrade`."""


class SchemaTooNew(CorpusError):
    """Asks for a newer version of this program."""


class StatementRefused(CorpusError):
    """A bug of this program: quotes the driver and asks for a report."""


class ExportError(EmerotecaError):
    """An export cannot be written."""


class OutputExists(ExportError):
    """The change feed would replace a file that holds an earlier piece of it: says to process and remove it first."""


class InvalidCursor(ExportError):
    """Another corpus issued the cursor, or it is misspelt: suggests `--after 0`."""


class DestinationError(ExportError):
    """Quotes fsspec's reason."""


class UnreadableList(EmerotecaError):
    """A list has another format than its route expects, or is cut off. The reason only: the caller knows the URL."""


class CrawlJobError(EmerotecaError):
    """A job of the queue did not finish; raised for Procrastinate, which retries it."""


class CrawlJobFailed(CrawlJobError):
    """Retried after a pause, a limited number of times."""


class CrawlJobInterrupted(CrawlJobError):
    """Retried at once, by another worker."""


class ExecutorError(EmerotecaError):
    """No scheduler, no workers, or workers that fail: saved rows stay; says how to start workers and run again."""


class EnvironmentMismatch(ExecutorError):
    """Names the differing versions; raised on a worker and pickled to the parent."""


class ReplayError(EmerotecaError):
    """Quotes pywb's or pip's last line, or names the busy port."""
