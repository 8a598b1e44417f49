#!/usr/bin/env bash
# Prints what a node and its client do in a second, and what a redeploy costs: client.sh [ROUNDS]. Needs root, and gcc.
# The node is a local one of its own, or the one named by -Dzship.node=.. and its companions in MAVEN_ARGS.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../../.."
mvn -q -B -pl integration-tests -am verify -Dtest=NONE -Dit.test=NodeFigures "-Dzship.rounds=${1:-10}" \
  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dspotless.check.skip=true
