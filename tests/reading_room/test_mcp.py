"""An assistant's client talks to `emeroteca mcp` over standard input and output."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.reading_room.conftest import environment


async def conversation(home: Path, url: str) -> tuple[set[str], list[Any]]:
    """The tools that write nothing, and answers to a search, a citation and a name of nothing."""
    words = ["-m", "crawler.cli", "--home", str(home), "--database", url, "mcp"]
    server = StdioServerParameters(command=sys.executable, args=words, env=environment())
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        found = await session.call_tool("search_articles", {"query": "biblioteca", "site": "prova"})
        articles = json.loads(found.content[0].text)  # type: ignore[union-attr]
        name = articles["articles"][0]["article_id"]
        cited = await session.call_tool("cite", {"name": name, "form": "pwid"})
        copies = await session.call_tool("near_copies", {"name": name})
        captures = await session.call_tool("captures", {"name": name})
        facts = [json.loads(one.content[0].text) for one in (copies, captures)]  # type: ignore[union-attr]
        missing = await session.call_tool("article", {"name": "https://prova.example/riservato"})
        read_only = {tool.name for tool in tools if tool.annotations and tool.annotations.read_only_hint}
        return read_only, [articles, cited.content[0].text, missing.is_error, facts]  # type: ignore[union-attr]


def test_an_assistant_searches_and_cites(home: Path, database_url: str) -> None:
    tools, (found, cited, is_error, (copies, captures)) = asyncio.run(
        asyncio.wait_for(conversation(home, database_url), 120)
    )
    assert tools == {"search_articles", "occurrences", "frequencies", "article", "near_copies", "captures", "cite"}
    assert copies == {"copies": []} and captures["captures"][0]["outcome"] == "article"
    assert found["total"] == 2 and found["facets"]["site"] == {"prova": 2}
    assert cited.startswith("urn:pwid:emeroteca:2026-03-01T12:")
    assert is_error, "a withheld article is not read either"
