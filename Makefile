# Thin aliases: everything is in bootstrap.py.
.PHONY: setup check test run

setup:
	python3 bootstrap.py setup --test

check:
	python3 bootstrap.py check

test:
	python3 bootstrap.py test

run:
	python3 bootstrap.py run
