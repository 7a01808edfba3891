"""What gunicorn serves for `make bench-api`: the portal, with its peers at addresses of their own.

PEERS_PACKAGES names the folder that has django-ninja, which is no part of the portal.
"""

import os
import sys

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

sys.path.append(os.environ["PEERS_PACKAGES"])
settings.ROOT_URLCONF = "benchmarks.api_peers"
django.setup()
application = WSGIHandler()
