"""The Python file of a site says what its TOML file said, whatever stands in the texts."""

from pathlib import Path

import pytest

from crawler.sites.site_code import write_site_code
from crawler.sites.site_file import SiteFile, format_site_file


@pytest.mark.parametrize(
    "title", ["Il Molo", 'C:\\x """ {x}', "'''", "'''\\ \"\"\"", 'ends with "', "ends with \\", "\\N{x} \\u12"]
)
def test_the_code_says_what_the_file_said(title: str, tmp_path: Path) -> None:
    described = SiteFile(name="molo", title=title, hosts=(f"code-{len(title)}-{title.count(chr(34))}.example",))
    toml = tmp_path / "molo.toml"
    toml.write_text(format_site_file(described), encoding="utf-8")
    module, _ = write_site_code(described, toml, tmp_path)
    names: dict[str, object] = {"__name__": "molo"}
    exec(compile(module.read_text(encoding="utf-8"), str(module), "exec"), names)
    assert names["DESCRIBED"] == described
