"""The corpus as Parquet: instants in UTC with microseconds, days as dates, lists as lists (extra `parquet`)."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from storage.corpus.export.destination import BytesWriter, HashingWriter
from storage.exceptions import DependencyMissing

#: Articles a row group: what bounds the memory.
_GROUP: Final = 500

_INSTANTS: Final = ("published_at", "modified_at", "first_captured_at", "last_captured_at")
_NUMBERS: Final = ("word_count", "revision", "revisions", "warc_offset", "witnesses")


def schema(names: Iterable[str]) -> Any:
    """The Arrow schema of columns of the view `corpus`. Raises DependencyMissing."""
    pa = _pyarrow()
    texts = pa.list_(pa.string())
    claim = [(name, pa.string()) for name in ("field", "raw", "value", "source", "precision")]
    block = [("type", pa.string()), ("text", pa.string()), ("level", pa.int8()), ("cite", pa.string())]
    block += [("items", texts), ("url", pa.string())]
    types = {
        **dict.fromkeys(_INSTANTS, pa.timestamp("us", tz="UTC")),
        **dict.fromkeys(_NUMBERS, pa.int64()),
        **dict.fromkeys(("authors", "keywords", "links", "warnings"), texts),
        "published_date": pa.date32(),
        "dates": pa.list_(pa.struct(claim)),
        "blocks": pa.list_(pa.struct(block)),
        "rights": pa.list_(pa.struct([(name, pa.string()) for name in ("signal", "value", "source")])),
        "images": pa.list_(pa.struct([(name, pa.string()) for name in ("url", "caption", "credit")])),
    }
    return pa.schema([(name, types.get(name, pa.string())) for name in names])


def write_parquet(records: Iterable[Mapping[str, Any]], names: Iterable[str], out: BytesWriter) -> int:
    """Write rows of the view as they come; returns how many. Raises DependencyMissing."""
    pa = _pyarrow()
    import pyarrow.parquet as pq

    kind, count, rest = schema(names), 0, iter(records)
    with pq.ParquetWriter(pa.PythonFile(HashingWriter(out), mode="w"), kind, compression="zstd") as writer:
        while group := list(islice(rest, _GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=kind))
            count += len(group)
    return count


def _pyarrow() -> Any:
    try:
        import pyarrow  # heavy, and an extra
    except ImportError:
        raise DependencyMissing("Parquet needs pyarrow: pip install 'emeroteca[parquet]'") from None
    return pyarrow
