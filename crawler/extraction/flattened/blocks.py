"""Lines of a body that make a block together: list items, table rows."""

from crawler.extraction.flattened.lines import Line, is_heading, is_table_rule, table_row
from storage.article import Block, BlockType


def add_line(blocks: list[Block], line: Line, *, may_head: bool) -> None:
    """Adds the line as a list item, a table row, a subhead (only where text follows: `may_head`) or a paragraph."""
    row = table_row(line.text)
    if is_table_rule(line.text):
        return
    if row is not None:
        above = [blocks.pop().text] if blocks and blocks[-1].type is BlockType.TABLE else []
        blocks.append(Block(type=BlockType.TABLE, text="\n".join([*above, row])))
    elif line.bullet:
        items = blocks.pop().items if blocks and blocks[-1].type is BlockType.LIST else ()
        items = (*items, line.text)
        blocks.append(Block(type=BlockType.LIST, text="\n".join(items), items=items))
    elif may_head and is_heading(line.text):
        blocks.append(Block(type=BlockType.HEADING, text=line.text, level=2))
    else:
        blocks.append(Block(type=BlockType.PARAGRAPH, text=line.text))
