"""Export files → recognised layouts → typed canonical rows. One TOML file per layout, in `layouts/`.

readings = recognise(path, layouts=load_layouts(), timezone="Asia/Shanghai")
raw = write_raw(connection, reading, target, secret=key)          # archive: text cells, no personal data
rows = typed_select(reading.layout, target, reading.headers, …)   # SQL of canonical rows with a mask of faults
"""

from duoshou.sources.draft import draft_mapping
from duoshou.sources.errors import LayoutError, SourceError, UnknownLayout, UnreadableFile
from duoshou.sources.fields import Fault
from duoshou.sources.latest import latest_instant
from duoshou.sources.layout import Layout
from duoshou.sources.raw import RawFile, Reject, write_raw
from duoshou.sources.reading import Reading
from duoshou.sources.recognise import recognise
from duoshou.sources.registry import Layouts, load_layouts, load_mapping, parse_layout
from duoshou.sources.totals import TotalLine, TotalsCheck, totals
from duoshou.sources.typed import TypedSelect, typed_select

__all__ = [
    "Fault",
    "Layout",
    "LayoutError",
    "Layouts",
    "RawFile",
    "Reading",
    "Reject",
    "SourceError",
    "TotalLine",
    "TotalsCheck",
    "TypedSelect",
    "UnknownLayout",
    "UnreadableFile",
    "draft_mapping",
    "latest_instant",
    "load_layouts",
    "load_mapping",
    "parse_layout",
    "recognise",
    "totals",
    "typed_select",
    "write_raw",
]
