#!/bin/sh
# Stands in for the real node's localnet.sh in the SDKs' own e2e suites:
#   USE_DOCKER=0 LOCALNET_SH_PATH=/path/to/faculty/test/interop/localnet.sh pytest tests/e2e_tests
# Takes their words (True, False, --no-purge). FACULTY_SPEC says which release; without it 393, for SDK 10.2.
here=$(cd "$(dirname "$0")/../.." && pwd)
exec node "$here/dist/src/cli/main.js" localnet --spec "${FACULTY_SPEC:-393}" --port "${FACULTY_PORT:-9944}" "$@"
