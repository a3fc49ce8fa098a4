"""Public files of data.police.uk: monthly CSV files, gzipped or in the archives as served."""
