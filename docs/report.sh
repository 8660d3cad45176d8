#!/usr/bin/env bash
# Makes docs/report.png, the picture of a report in the README, from the demo. Needs Chromium.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo run --locked --quiet -p gdo -- demo >/dev/null
chromium --headless --no-sandbox --hide-scrollbars --force-color-profile=srgb --window-size=1100,1000 \
    --screenshot=docs/report.png "file://$PWD/gdo-demo/fleet.html" 2>/dev/null
ls -l docs/report.png
