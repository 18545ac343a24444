"""Many pictures into parquet: folders, tar files, parquet and buckets in, a part a block out.

`source` names files and gives their bytes, `containers` those within tar and parquet, `remote`
those at an address; `job` says how they are read, `block` reads a few, `table` makes rows a table,
`output` is the folder with the parts, `run` has it all done by the processes of ``scrawl.workers``.
"""

from scrawl.batch.job import MODES, Job
from scrawl.batch.run import Figures, run

__all__ = ["MODES", "Figures", "Job", "run"]
