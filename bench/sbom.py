"""Writes a software bill of materials: what the program runs on, as CycloneDX 1.6 JSON.

    python -m bench.sbom [--output sbom.json] [--extra postgres ...]

Of the packages installed in this environment those that Emeroteca requires, with the extras named, and what these
require: name, version, package URL, licence, and which requires which. The same environment gives the same bytes.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = "emeroteca"
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("sbom.json"))
    parser.add_argument("--extra", action="append", default=[], help="An extra whose packages are listed too.")
    options = parser.parse_args(arguments)
    packages = closure(ROOT, options.extra)
    options.output.write_text(as_json(packages), encoding="utf-8")
    print(f"{options.output}: {len(packages) - 1} packages", file=sys.stderr)
    return 0


def closure(root: str, extras: Iterable[str]) -> dict[str, set[str]]:
    """The packages that one requires, itself included, each with those that it requires itself."""
    found: dict[str, set[str]] = {}
    done: set[tuple[str, frozenset[str]]] = set()
    left = [(canonicalize_name(root), frozenset(extras))]
    while left:
        name, chosen = left.pop()
        if (name, chosen) in done:
            continue
        done.add((name, chosen))
        for requirement in _requirements(name, chosen):
            required = canonicalize_name(requirement.name)
            if _is_installed(required):
                found.setdefault(name, set()).add(required)
                left.append((required, frozenset(requirement.extras)))
        found.setdefault(name, set()).discard(name)
    return found


def _requirements(name: str, extras: Iterable[str]) -> list[Requirement]:
    """The requirements of an installed package that hold here, with its extras."""
    every = map(Requirement, distribution(name).requires or ())
    environments = [{"extra": ""}, *({"extra": extra} for extra in extras)]
    return [one for one in every if one.marker is None or any(map(one.marker.evaluate, environments))]


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def as_json(packages: Mapping[str, Iterable[str]]) -> str:
    """The bill of materials of packages and what each requires."""
    components = {name: _component(distribution(name)) for name in sorted(packages)}
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, repr(sorted((one.name, one.version) for one in components.values()))))
    bom.metadata.component = components[ROOT]
    for name, component in components.items():
        if name != ROOT:
            bom.components.add(component)
        bom.register_dependency(component, [components[one] for one in sorted(packages[name])])
    # the moment of writing is no fact of the packages
    bom.metadata.timestamp = _EPOCH
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2) + "\n"


def _component(package: Distribution) -> Component:
    name, facts = canonicalize_name(package.metadata["Name"]), package.metadata
    licence = facts.get("License-Expression") or _classified(facts.get_all("Classifier") or ()) or facts.get("License")
    short = licence and licence.strip().partition("\n")[0][:200]
    return Component(
        name=name,
        version=package.version,
        type=ComponentType.APPLICATION if name == ROOT else ComponentType.LIBRARY,
        bom_ref=f"{name}=={package.version}",
        purl=PackageURL("pypi", name=name, version=package.version),
        licenses=[LicenseFactory().make_from_string(short)] if short else [],
        description=facts.get("Summary"),
    )


def _classified(classifiers: Iterable[str]) -> str | None:
    """The licence that the classifiers of a package name."""
    names = (one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License :: ") and one.count("::") > 1)
    return next(names, None)


if __name__ == "__main__":
    sys.exit(main())
