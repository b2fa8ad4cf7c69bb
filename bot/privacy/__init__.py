"""What is held about a person, wherever it is: shown, given, erased, and kept no longer than was said."""
