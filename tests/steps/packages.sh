#!/usr/bin/env bash
# install what is missing (Debian 12, as root)
source "$(dirname "$0")/common.sh"

tests/packages.sh
