"""A force's own extracts: files of any layout, brought in by a mapping that somebody who knows them wrote."""
