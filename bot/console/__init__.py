"""The staff door: pages for a browser, in Thai, rendered here."""
