"""Population tables of the Office for National Statistics, as published or as reissued by others."""
