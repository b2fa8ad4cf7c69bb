"""The rules themselves, a module for each part of LINE's documentation. They read as lists."""
