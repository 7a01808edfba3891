"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from carsi_portal.database_limits import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

application = get_wsgi_application()
limit_statements("web")
# All code that answers is loaded now and stays: the garbage collector looks at what requests leave behind, not at it.
assert get_resolver().url_patterns
gc.collect()
gc.freeze()
