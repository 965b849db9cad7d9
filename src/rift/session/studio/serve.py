"""Run the server with annotators kept apart; the arguments are those of `label-studio`.

It runs in the server's environment, where RIFT is not installed.
"""

import functools
import pathlib
import signal
import sys

import label_studio.server

sys.path.insert(0, str(pathlib.Path(label_studio.server.__file__).parent))
from core import label_config
from core.settings import base

base.PROJECT_MIXIN = "separate_projects.MembersOnly"
base.USER_SERIALIZER_UPDATE = "separate_users.FixedOrganisation"
base.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"].append("separate_requests.OwnProjects")
# The server parses the labelling configuration anew for each task that it reads, and ours has a thousand lines.
label_config.parse_config_to_xml = functools.lru_cache(maxsize=32)(label_config.parse_config_to_xml)
signal.signal(signal.SIGTERM, signal.default_int_handler)  # what ends the server cleanly
sys.exit(label_studio.server.main())
