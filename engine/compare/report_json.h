// SPDX-License-Identifier: GPL-3.0-or-later
// For .cpp files of this folder only: the report as a JSON tree, which the HTML adds pictures to.
#pragma once

#include "engine/compare/report.h"
#include "engine/base/json.h"

namespace mantissa {

using Json = nlohmann::ordered_json;
Json reportDocument(const Report& report, const std::filesystem::path& folder);

} // namespace mantissa
