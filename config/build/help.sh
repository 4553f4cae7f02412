#!/usr/bin/env bash
# Prints the comment at the head of a script, which is the script's help: config/build/help.sh SCRIPT
exec sed -n '1d;/^#/!q;s/^# \{0,1\}//;p' "$1"
