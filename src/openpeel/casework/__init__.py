"""Who does what: actors, returns, queries, sign-off, and the log of all of it. Django models and services.

Importing anything of this package makes Django ready, so that models can be imported anywhere below. The
database is another matter: `openpeel.casework.setup.open_casework` opens a workspace's.
"""

from openpeel.casework.configure import configure

configure()
