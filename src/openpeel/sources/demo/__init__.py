"""The demo world: seeded, synthetic stop and search files of 43 forces that do not exist.

Imitated, as seen in the public data.police.uk files of July and August 2019:

- the layout: one CSV a force and month, 15 columns, UTC stamps, files by *local* month (a summer file begins
  at 23:00 UTC of the day before), rows in order of time;
- forces of very different size and ethnic mix, search rates that scatter by force, season and month, more
  searches of Black people a resident than of white people (by how much differs by force), section 60
  operations that cluster in a day or two, objects that fit the power, outcomes that fit it too;
- a small city with many visitors;
- recording practice: "outcome linked" filled on every row, only where there was an outcome, never, or without
  sense; whole columns blank; blank outcomes; ethnicity not stated; dates without times; fractions of seconds;
  vehicle searches with person columns filled; exact duplicates; months without a file.

Not imitated: names, operations' names, real places (points lie in the North Sea), officers, grounds, the
same person searched twice, the wording before 2017, booleans as 1/0, outcomes or recording that differ by
ethnicity, age or gender, a force changing its practice, bodies out of scope, and anything of a real force.
"""

from openpeel.sources.demo.truth import ForceTruth, World
from openpeel.sources.demo.world import write_world

__all__ = ["ForceTruth", "World", "write_world"]
