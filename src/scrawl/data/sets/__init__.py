"""The data sets, a module each: its name is the module's, its entry ``SOURCE``."""
