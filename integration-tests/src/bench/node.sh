#!/bin/sh
# Containers of the local node that come and go, and many at once; needs root; not a part of ./check.
#
#   integration-tests/src/bench/node.sh [CYCLES [AT ONCE]]
#
# Prints the time of each, and what there was before and after: mounts, descriptors, files of the node, heap.
set -eu

cycles=${1:-200}
many=${2:-50}
cd "$(dirname "$0")/../../.."
mvn -o -q -B -pl integration-tests -am verify -Dtest=NONE -Dit.test=CyclesIT -Dsurefire.failIfNoSpecifiedTests=false \
  -Dfailsafe.failIfNoSpecifiedTests=false -Dbench=true -Djit=-XX:+TieredCompilation -Dcycles="$cycles" -Dmany="$many" | grep -E 'cycles|at once|before|after|ERROR'
