"""The guards against hostile input: where each is, what takes its place, and the test that fails then.

docs/security.md has this table too, which tests/docs/test_security.py holds.
"""

from collections.abc import Iterator
from typing import NamedTuple


class Guard(NamedTuple):
    """`old` stands once in the module, and `new` in its place takes the guard away; `test` is pytest's id of a test, or
    of a file."""

    threat: str
    module: str
    old: str
    new: str
    test: str


_CODING, _CODINGS = "storage/warc/http/content_coding.py", "tests/storage/warc/http/test_content_coding.py"
_MEMBERS, _READER = "storage/warc/read/members.py", "tests/storage/warc/read/test_reader.py"
_SOURCE, _INDEX = "storage/warc/read/source.py", "storage/warc/fixity/wacz_index.py"
_PACKAGES = "tests/storage/warc/fixity/test_hostile_packages.py"
_XML, _LISTS = "crawler/discovery/xml.py", "tests/crawler/discovery/test_xml.py"
_ANSWERS = "tests/crawler/test_hostile_answers.py"
_URLS, _OUTSIDE = "crawler/urls.py", "tests/crawler/test_urls_from_outside.py"
_SETTINGS, _HANDLER = "crawler/settings.py", "crawler/capture/download_handler.py"
_RATE, _ADDRESSES = "tests/crawler/capture/test_answer_rate.py", "tests/crawler/capture/test_addresses.py"
_LOG, _ARCHIVES = "crawler/event_log.py", "tests/crawler/cli/test_hostile_archives.py"
_SANITISE, _VALUES = "storage/corpus/db/sanitise.py", "tests/storage/corpus/write/test_values.py"
_DATABASE, _ROOM = "storage/corpus/db/database.py", "tests/reading_room/test_guards.py"
_DOORS, _PAGES = "reading_room/guards.py", "tests/reading_room/test_pages.py"
_RECORDER, _LIMITS = "crawler/capture/exchange_recorder.py", "crawler/extraction/html/limits.py"
_REDIRECTS, _CLASSIFY = "crawler/fetching/redirect_middleware.py", "crawler/ingest/classify.py"

GUARDS = (
    # --- bombs ------------------------------------------------------------------------------------------------------
    Guard(
        "a bomb as a page: gzip, deflate, br, zstd",
        _CODING,
        "if size > most:",
        "if False:",
        f"{_CODINGS}::test_a_bomb_is_decoded_no_further_than_its_limit",
    ),
    Guard(
        "a bomb as a page: br, whose pieces grow",
        _CODING,
        "process(data, output_buffer_limit=BROTLI_OUTPUT)",
        "process(data)",
        f"{_CODINGS}::test_a_bomb_is_decoded_no_further_than_its_limit",
    ),
    Guard(
        "a bomb as a page: zstd, of which a byte makes 32,000",
        _CODING,
        ', b"\\x28\\xb5\\x2f\\xfd", ZSTD_STEP)',
        ', b"\\x28\\xb5\\x2f\\xfd")',
        f"{_CODINGS}::test_a_zstd_frame_of_few_bytes_and_gigabytes_ends_at_the_limit",
    ),
    Guard(
        "a zstd frame that asks for gigabytes of memory",
        _CODING,
        "ZstdDecompressor(max_window_size=ZSTD_WINDOW)",
        "ZstdDecompressor(max_window_size=2**31)",
        f"{_CODINGS}::test_a_zstd_frame_that_asks_for_much_memory_is_refused",
    ),
    Guard(
        "a page that decodes to more than 16 MiB",
        _CLASSIFY,
        "capture.content(MOST_BYTES)",
        "capture.content(2**40)",
        "tests/crawler/ingest/test_bombs.py::test_a_crawl_and_a_rebuild_stay_in_bounds",
    ),
    Guard(
        "a bomb as robots.txt, where its rules are read",
        "crawler/fetching/robots_middleware.py",
        'content_of(payload, ",".join(encodings), MAX_BYTES)',
        'content_of(payload, ",".join(encodings), 2**40)',
        f"{_ANSWERS}::test_a_sitemap_and_a_robots_txt_that_are_bombs_end_at_a_limit",
    ),
    Guard(
        "a bomb as robots.txt, where its rights signals are read",
        _CLASSIFY,
        "content = page.content(MAX_BYTES)",
        "content = page.content(2**40)",
        f"{_ANSWERS}::test_a_sitemap_and_a_robots_txt_that_are_bombs_end_at_a_limit",
    ),
    Guard(
        "a robots.txt without an end",
        "crawler/discovery/robots_txt.py",
        "if len(body) > MAX_BYTES:",
        "if False:",
        "tests/crawler/discovery/test_robots_txt.py::test_what_stands_beyond_the_limit_is_not_read",
    ),
    Guard(
        "a bomb as a sitemap, under a content coding",
        "crawler/fetching/compression_middleware.py",
        '"download_maxsize": MOST_OF_LIST',
        '"download_maxsize": 2**40',
        f"{_ANSWERS}::test_a_sitemap_and_a_robots_txt_that_are_bombs_end_at_a_limit",
    ),
    Guard(
        "a bomb as a gzipped sitemap",
        _XML,
        "if size > most:",
        "if False:",
        f"{_LISTS}::test_a_bomb_ends_at_a_limit",
    ),
    Guard(
        "a feed of which little is much",
        _XML,
        "_parts(body, _MAX_BYTES_AT_ONCE)",
        "_parts(body)",
        f"{_LISTS}::test_a_list_that_is_read_as_a_whole_has_a_limit_of_its_own",
    ),
    Guard(
        "a huge `<url>` in a sitemap",
        _XML,
        "if pending > _MAX_BYTES_OF_CHILD:",
        "if False:",
        f"{_LISTS}::test_an_entry_of_a_list_has_a_limit_and_those_before_it_count",
    ),
    Guard(
        "a bomb as a member of a WARC file",
        _MEMBERS,
        "if is_bomb(given + len(plain), at - offset):",
        "if False:",
        f"{_READER}::test_a_member_that_makes_much_of_few_bytes_is_told_and_passed_over",
    ),
    Guard(
        "a bomb as a member of a WARC file: zstd, of which a byte makes 32,000",
        _MEMBERS,
        "return self._stream.decompress(data[:AT_ONCE])",
        "return self._stream.decompress(data)",
        f"{_READER}::test_a_zstd_bomb_is_read_a_little_at_a_time",
    ),
    Guard(
        "a bomb as a dictionary of a WARC file",
        _MEMBERS,
        "stream_reader(data).read(LARGEST_DICTIONARY)",
        "stream_reader(data).read()",
        f"{_READER}::test_a_dictionary_that_cannot_be_used_is_a_damage",
    ),
    Guard(
        "a bomb as an archive in a WACZ",
        _SOURCE,
        "if is_bomb(info.file_size,",
        "if False and is_bomb(info.file_size,",
        f"{_PACKAGES}::test_an_archive_in_a_package_that_is_a_bomb_is_not_read",
    ),
    Guard(
        "a WACZ whose directory hides a bomb",
        _SOURCE,
        "min(info.compress_size, package.start_dir)",
        "info.compress_size",
        f"{_PACKAGES}::test_the_directory_of_a_package_cannot_hide_a_bomb",
    ),
    Guard(
        "a bomb as the description of a WACZ",
        _SOURCE,
        "data = entry.read(MOST_AT_ONCE + 1)",
        "data = entry.read()",
        f"{_PACKAGES}::test_an_entry_that_unpacks_to_much_is_told_and_not_read",
    ),
    Guard(
        "a bomb as the index of a WACZ: lines without an end",
        _INDEX,
        "if is_bomb(size, wacz.getinfo(name).compress_size):",
        "if False:",
        f"{_PACKAGES}::test_a_gzipped_index_that_is_a_bomb_is_told",
    ),
    Guard(
        "a bomb as the index of a WACZ: a line without an end",
        _INDEX,
        "lines.readline(LONGEST_LINE)",
        "lines.readline()",
        f"{_PACKAGES}::test_a_gzipped_index_that_is_a_bomb_is_told",
    ),
    Guard(
        "an index of a WACZ of a million wrong lines",
        _INDEX,
        "wrong == MOST_WRONG or ",
        "",
        f"{_PACKAGES}::test_an_index_of_other_lines_ends_after_some",
    ),
    Guard(
        "a bomb as the list of a month's files of CC-NEWS",
        "crawler/archives/news_files.py",
        'decode(content, ["gzip"], _MOST_OF_LIST)',
        'decode(content, ["gzip"])',
        "tests/crawler/archives/test_news_files.py::test_a_list_that_is_a_bomb_or_damaged_is_told",
    ),
    # --- XML ---------------------------------------------------------------------------------------------------------
    Guard(
        "entities of feeds that multiply or read files",
        _XML,
        "etree.XMLParser(resolve_entities=False, no_network=True,",
        "etree.XMLParser(resolve_entities=True, no_network=True,",
        f"{_LISTS}::test_entities_are_not_resolved[<loc>&local;</loc>]",
    ),
    Guard(
        "entities of sitemaps that multiply or read files",
        _XML,
        '("start", "end"), resolve_entities=False, no_network=True,',
        '("start", "end"), resolve_entities=True, no_network=True,',
        f"{_LISTS}::test_entities_are_not_resolved[<loc>&a4;</loc>]",
    ),
    # --- answers -----------------------------------------------------------------------------------------------------
    Guard(
        "an answer of a byte a second, in head or body",
        "crawler/capture/answer_rate.py",
        "if before and self._before - before <",
        "if False and self._before - before <",
        f"{_RATE}::test_a_slow_answer_ends_and_is_kept_as_far_as_it_came",
    ),
    Guard(
        "a slow answer, requested again and again",
        _HANDLER,
        'min(request.meta.get("max_retry_times", SLOW_RETRIES), SLOW_RETRIES)',
        'request.meta.get("max_retry_times", 4)',
        f"{_RATE}::test_a_slow_answer_ends_and_is_kept_as_far_as_it_came",
    ),
    Guard(
        "100,000 header lines, or a head without an end",
        "crawler/capture/recorded_connection.py",
        "self._recorder.size > LONGEST_HEAD and self._is_in_head",
        "False",
        f"{_RATE}::test_a_head_has_a_limit_too",
    ),
    Guard(
        "an endless answer",
        _SETTINGS,
        "DOWNLOAD_MAXSIZE = 256 * 1024 * 1024",
        "DOWNLOAD_MAXSIZE = 0",
        f"{_ANSWERS}::test_an_answer_without_an_end_is_cut_at_a_limit",
    ),
    Guard(
        "a huge answer, in memory",
        "storage/warc/spool.py",
        "if len(self._memory) > self._limit:",
        "if False:",
        "tests/storage/warc/test_spool.py::test_what_goes_in_comes_out",
    ),
    Guard(
        "an answer that is shorter than it says",
        _RECORDER,
        "None if is_complete(response, head, request.method, closed=closed) else",
        "None if True else",
        "tests/crawler/capture/test_exchange_recorder.py::test_a_cut_response_says_why",
    ),
    Guard(
        "a chain of redirects",
        _SETTINGS,
        "REDIRECT_MAX_TIMES = 10",
        "REDIRECT_MAX_TIMES = 1000",
        f"{_ANSWERS}::test_a_chain_of_redirects_ends",
    ),
    Guard(
        "a circle of redirects",
        _REDIRECTS,
        'if redirected.url in (*request.meta.get("redirect_urls", ()), request.url):',
        "if False:",
        f"{_ANSWERS}::test_a_circle_of_redirects_ends_where_it_began",
    ),
    # --- pages and archives ------------------------------------------------------------------------------------------
    Guard(
        "markup of hundreds of megabytes",
        _LIMITS,
        '_check("bytes", len(body), MOST_BYTES)',
        "pass",
        "tests/crawler/extraction/html/test_limits.py::test_what_is_too_large_is_named",
    ),
    Guard(
        "markup of a million tags",
        _LIMITS,
        'if html.count(b"<") > MOST_TAGS:',
        "if False:",
        "tests/crawler/extraction/html/test_limits.py::test_what_is_too_large_is_named",
    ),
    Guard(
        "deep markup",
        _LIMITS,
        "if size > _FLAT and _IS_DEEP(tree):",
        "if False:",
        "tests/crawler/extraction/html/test_limits.py::test_what_is_too_large_is_named",
    ),
    Guard(
        "a page that ends the process that extracts it",
        "crawler/ingest/crash_log.py",
        "if entry in self._crashed:",
        "if False:",
        "tests/crawler/ingest/test_crash_log.py::test_a_page_that_a_killed_process_was_at_is_read_apart_once",
    ),
    Guard(
        "labels of codecs that are no charsets (`punycode`, `zlib`)",
        "crawler/extraction/html/charset.py",
        'frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "charmap"})',
        "frozenset()",
        "tests/crawler/extraction/html/test_charset.py",
    ),
    Guard(
        "a header of a WARC record without an end",
        _MEMBERS,
        "while len(header) < LONGEST_HEADER and (line",
        "while (line",
        f"{_READER}::test_a_header_without_an_end_costs_no_memory_and_no_other_record",
    ),
    Guard(
        "a byte that changes in a WARC file, where gzip has no checksum",
        "storage/warc/fixity/verifier.py",
        "if checksums is not None:",
        "if False:",
        "tests/bench/test_flipped_bytes.py::test_bytes_of_gzip_headers_and_padding_bits_are_no_exception",
    ),
    # --- injection ---------------------------------------------------------------------------------------------------
    Guard(
        "line ends in header values, to forge WARC headers or records",
        "storage/warc/write/serialise.py",
        'if has_line_ends("".join([value for _, value in header.headers])):',
        "if False:",
        "tests/storage/warc/write/test_writer.py::test_no_fact_of_an_exchange_can_forge_a_header_or_a_record",
    ),
    Guard(
        "line ends in what a metadata record says",
        "storage/warc/write/serialise.py",
        "lines += [(name, one_line(member)) for",
        "lines += [(name, str(member)) for",
        "tests/storage/warc/write/test_writer.py::test_a_header_value_cannot_break_out_of_its_line",
    ),
    Guard(
        "commands to a terminal, and lines that look like another record, in logs",
        _LOG,
        'return displayed(super().getMessage()).replace("\\n", "\\n  ")',
        "return super().getMessage()",
        "tests/crawler/test_event_log.py::test_messages_of_servers_are_displayed",
    ),
    Guard(
        "commands to a terminal in messages",
        _LOG,
        "print(displayed(message), file=sys.stderr, flush=True)",
        "print(message, file=sys.stderr, flush=True)",
        "tests/crawler/test_event_log.py::test_messages_of_servers_are_displayed",
    ),
    Guard(
        "commands to a terminal in reports on archives",
        _LOG,
        "print(displayed(line), file",
        "print(line, file",
        _ARCHIVES,
    ),
    Guard(
        "commands to a terminal in texts of pages",
        "crawler/extraction/html/text.py",
        '_INVISIBLE.sub("", line)',
        "line",
        "tests/crawler/extraction/html/test_text.py",
    ),
    Guard(
        "commands to a terminal in rows; NUL, which Postgres refuses",
        _SANITISE,
        'text = _CONTROLS.sub("", text)',
        "pass",
        f"{_VALUES}::test_nul_and_lone_surrogates[postgresql]",
    ),
    Guard(
        "lone surrogates, which Postgres refuses",
        _SANITISE,
        'return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")',
        "return text",
        f"{_VALUES}::test_nul_and_lone_surrogates[postgresql]",
    ),
    Guard(
        "bidi look-alikes on a terminal",
        "crawler/cli/search.py",
        "(displayed(article[name]) for",
        "(article[name] for",
        _ARCHIVES,
    ),
    Guard(
        "bidi look-alikes in the reading room",
        "reading_room/rendering.py",
        "return displayed(value) if type(value) is str and not value.isprintable() else value",
        "return value",
        _PAGES,
    ),
    Guard(
        "script and markup in texts of articles",
        "reading_room/rendering.py",
        "autoescape=True",
        "autoescape=False",
        f"{_PAGES}::test_hostile_texts_are_text",
    ),
    Guard(
        "formulas in CSV",
        "storage/corpus/export/export.py",
        "if _FORMULA.match(value) else value",
        "if False else value",
        "tests/storage/corpus/export/test_export.py::test_a_cell_is_no_formula",
    ),
    Guard(
        "the syntax of FTS5 and tsquery in a search",
        "storage/corpus/search/query.py",
        "tuple(stems(quoted or word, code))",
        "(quoted or word,)",
        "tests/storage/corpus/search/test_query.py::test_any_text_is_a_query_of_stems_only",
    ),
    # --- paths -------------------------------------------------------------------------------------------------------
    Guard(
        "names in a WACZ that lead out of it",
        _SOURCE,
        'if name.startswith("/") or "\\\\" in name or not name.isprintable() or ".." in name.split("/"):',
        "if False:",
        "tests/storage/warc/read/test_source.py::test_entries_whose_names_lead_out_of_a_wacz_are_told_and_not_read",
    ),
    Guard(
        "names in the index of a WACZ that lead out of it",
        _INDEX,
        'open_entry(wacz, f"archive/{entry.file}") as file',
        '(Path(str(wacz.filename)).parent / entry.file).open("rb") as file',
        f"{_PACKAGES}::test_a_line_of_an_index_cannot_have_other_files_read",
    ),
    Guard(
        "names in manifest and CDXJ index that lead out of a collection",
        "crawler/operations/verify_collection.py",
        "sealed = registry.sealed_files()",
        "sealed = [registry.warc / name for name in digests]",
        "tests/crawler/operations/test_verify_collection.py::test_names_of_the_manifest_and_the_index_lead_to_no_file",
    ),
    Guard(
        "names of sites that lead out of a collection, as part of the names of WARC files",
        "crawler/sites/site_file.py",
        '_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")',
        '_NAME = re.compile(r".*")',
        "tests/crawler/sites/test_site_file.py::test_a_mistake_is_named_with_its_line",
    ),
    # --- addresses ---------------------------------------------------------------------------------------------------
    Guard(
        "URLs of other hosts in sitemap, feed, API, listing or robots.txt",
        "crawler/discovery/list_queue.py",
        "is_own = self.site.owns(named)",
        "is_own = True",
        f"{_OUTSIDE}::test_lists_have_nothing_but_the_sites_own_urls_requested",
    ),
    Guard(
        "URLs of other services of a host (Redis, SSH) by their ports",
        "crawler/site.py",
        "if port_of(url) not in self.ports:",
        "if False:",
        f"{_OUTSIDE}::test_a_bad_url_is_refused_with_the_reason",
    ),
    Guard(
        "the same by redirects that may lead anywhere",
        "crawler/fetching/url_middleware.py",
        "site is None or site.requestable(request.url) == request.url",
        "True",
        f"{_ANSWERS}::test_robots_txt_leads_to_no_other_service_of_a_host",
    ),
    Guard(
        "URLs that parsers read as different hosts",
        _URLS,
        'if "\\\\" in text or _CONTROL.search(text):',
        "if False:",
        f"{_OUTSIDE}::test_a_bad_url_is_refused_with_the_reason",
    ),
    Guard(
        "user names and passwords in URLs",
        _URLS,
        "if url.username or url.password or _USER.match(text):",
        "if False:",
        f"{_OUTSIDE}::test_a_bad_url_is_refused_with_the_reason",
    ),
    Guard(
        "other schemes (`file:`, `ftp:`)",
        _URLS,
        'if url.protocol not in {"http:", "https:"}:',
        "if False:",
        f"{_OUTSIDE}::test_a_bad_url_is_refused_with_the_reason",
    ),
    Guard(
        "redirects to other hosts",
        _REDIRECTS,
        "if not site.owns(redirected.url):",
        "if False:",
        f"{_OUTSIDE}::test_redirects_and_refreshes_lead_to_nothing_but_the_sites_own_urls",
    ),
    Guard(
        "names that resolve to private, link-local or loopback addresses",
        "crawler/capture/addresses.py",
        "return passes",
        "return True",
        f"{_ADDRESSES}::test_names_of_private_addresses_are_not_connected_to",
    ),
    Guard(
        "private addresses, in any spelling",
        _HANDLER,
        "agent._endpointFactory._reactor = self._check",
        "pass",
        f"{_ADDRESSES}::test_other_spellings_of_loopback",
    ),
    Guard(
        "a name that changes its address between check and connection",
        "crawler/capture/addresses.py",
        "resolveHostName(_Receiver(receiver, self.passes), *args, **kwargs)",
        "resolveHostName(receiver, *args, **kwargs)",
        f"{_ADDRESSES}::test_the_address_that_was_checked_is_the_one_that_is_asked",
    ),
    # --- secrets -----------------------------------------------------------------------------------------------------
    Guard(
        "cookies of a site, sent back and so in WARC files",
        _SETTINGS,
        "COOKIES_ENABLED = False",
        "COOKIES_ENABLED = True",
        f"{_ANSWERS}::test_cookies_are_not_sent_back_and_in_no_row",
    ),
    Guard(
        "the password of a proxy in request records",
        _RECORDER,
        "request=_without_proxy_secret(bytes(self._sent))",
        "request=bytes(self._sent)",
        "tests/crawler/capture/test_exchange_recorder.py::test_the_secret_for_a_proxy_is_left_out",
    ),
    Guard(
        "the password of a proxy in metadata records",
        _RECORDER,
        '.netloc.rpartition("@")[2] if proxy',
        ".netloc if proxy",
        "tests/crawler/capture/test_exchange_recorder.py::test_the_secret_for_a_proxy_is_left_out",
    ),
    Guard(
        "the password of the database in messages and tables",
        _DATABASE,
        "return self.engine.url.set(drivername=self.dialect).render_as_string(hide_password=True)",
        "return self.engine.url.set(drivername=self.dialect).render_as_string(hide_password=False)",
        "tests/crawler/cli/test_secrets.py::test_passwords_are_in_no_log_record_row_unit_or_message",
    ),
    Guard(
        "passwords in units of systemd",
        "crawler/operations/systemd.py",
        "EnvironmentFile={_path(environment)}",
        "EnvironmentFile={_path(environment)}\\nEnvironment={environment.read_text()!r}",
        "tests/crawler/operations/test_systemd.py::test_passwords_are_in_no_unit_and_on_no_output",
    ),
    # --- the reading room --------------------------------------------------------------------------------------------
    Guard(
        "requests to the reading room of any length",
        _DOORS,
        "> _LONGEST_TARGET:",
        "> 10**9:",
        f"{_ROOM}::test_hostile_targets",
    ),
    Guard(
        "hostile parameters of requests to the reading room",
        "reading_room/parameters.py",
        "if _CONTROL.search(value):",
        "if False:",
        f"{_ROOM}::test_hostile_targets",
    ),
    Guard(
        "a foreign web page that asks the reading room, under a name of its own",
        _DOORS,
        'if is_loopback(_host_of(headers.getlist("host"))):',
        "if True:",
        f"{_ROOM}::test_hostile_heads",
    ),
    Guard(
        "a visitor without the token",
        _DOORS,
        "hmac.compare_digest(one, self._token.encode())",
        "True",
        f"{_ROOM}::test_a_token_lets_in",
    ),
    Guard(
        "a reader of the reading room who changes rows, or keeps the database busy",
        _DATABASE,
        'event.listen(database.engine, "connect", _forbid_writing)',
        "pass",
        f"{_ROOM}::test_the_database_cannot_be_changed",
    ),
)


def table() -> Iterator[str]:
    """The table of docs/security.md, of guards whose tests fail without them."""
    yield "| threat | guard | test | fails without guard |"
    yield "| --- | --- | --- | --- |"
    for one in GUARDS:
        file, _, name = one.test.partition("::")
        test = f"`{file}`" + (f", `{name.partition('[')[0]}`" if name else "")
        yield f"| {one.threat} | `{one.module}` | {test} | yes |"
