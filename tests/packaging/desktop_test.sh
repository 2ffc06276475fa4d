#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The desktop integration against the validators of its standards.
cd "$(dirname "$0")/../.." || exit 1
. tests/packaging/expect.sh
needs desktop-file-validate appstreamcli xmllint

id=io.github.mantissa.Studio
folder=packaging/desktop
check "desktop entry" desktop-file-validate --no-hints "$folder/$id.desktop"
check "AppStream metainfo" appstreamcli validate --no-net "$folder/$id.metainfo.xml"
check "MIME definition" xmllint --noout "$folder/$id.xml"
check "the window has the same id" grep -rqF "$id" ui --include=*.cpp
check "the icon is there" test -s resources/icons/mantissa.svg
for type in $(sed -n 's/^MimeType=//p' "$folder/$id.desktop" | tr ';' ' '); do
    check "$type is defined" grep -qF "\"$type\"" "$folder/$id.xml"
done
finish
