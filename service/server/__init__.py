"""What is started: gunicorn's configuration, its worker, and the WSGI entrance. May import bootstrap only."""
