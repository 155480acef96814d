#!/usr/bin/env bash
# What browsers load, into the package: pose networks as tasks, types from the API, scripts, styles;
# and the licences of all that is carried.
set -euo pipefail
cd "$(dirname "$0")/.."
python="${PYTHON:-.venv/bin/python}"
"$python" scripts/assemble_pose_tasks.py
"$python" -m coxa.web.openapi .build/openapi.json
npm run --silent types
npm run --silent check
npm run --silent build
"$python" scripts/notices.py
