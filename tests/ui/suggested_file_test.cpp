// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/resource.h"
#include "ui/suggested_file.h"
#include "ui/text.h"

#include <QDir>
#include <QTemporaryDir>

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace mantissa;
using namespace mantissa::ui;

TEST_CASE("Files are suggested beside their checkpoint, but not in the program's own folders")
{
    QTemporaryDir folder;
    const QString ending = QStringLiteral("-nvfp4.safetensors");
    const auto in = [&](const char* name) { return folder.filePath(QString::fromLatin1(name)); };
    CHECK(suggestedFile(in("model.fp16.safetensors"), ending) == in("model.fp16-nvfp4.safetensors"));
    CHECK(suggestedFile(in("model.safetensors.index.json"), ending) == in("model-nvfp4.safetensors"));
    REQUIRE(QDir(folder.path()).mkdir(QStringLiteral("sd3.5-medium")));
    CHECK(suggestedFile(in("sd3.5-medium"), ending) == in("sd3.5-medium-nvfp4.safetensors"));

    CHECK(suggestedFile(fromPath(resourcePath("sample/tiny-sd.safetensors").value()), ending)
        == QDir::home().filePath(QStringLiteral("tiny-sd-nvfp4.safetensors")));
    if (::geteuid() != 0) { // root may write everywhere
        REQUIRE(QFile::setPermissions(folder.path(), QFileDevice::ReadOwner | QFileDevice::ExeOwner));
        CHECK(suggestedFile(in("model.safetensors"), ending)
            == QDir::home().filePath(QStringLiteral("model-nvfp4.safetensors")));
        REQUIRE(QFile::setPermissions(
            folder.path(), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner));
    }
}
