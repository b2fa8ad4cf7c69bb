"""One short function per kind of job, and the table that names them."""
