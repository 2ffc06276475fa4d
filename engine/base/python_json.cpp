// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/python_json.h"

#include <nlohmann/json.hpp>

namespace mantissa {
namespace {

using Json = nlohmann::ordered_json;

std::string dumpAscii(const Json& value)
{
    return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

void write(const Json& value, std::string& out)
{
    if (!value.is_structured()) {
        out += dumpAscii(value);
        return;
    }
    const bool object = value.is_object();
    out += object ? '{' : '[';
    bool first = true;
    for (auto it = value.begin(); it != value.end(); ++it) {
        out += first ? "" : ", ";
        first = false;
        if (object) {
            out += dumpAscii(it.key());
            out += ": ";
        }
        write(*it, out);
    }
    out += object ? '}' : ']';
}

} // namespace

std::string toPythonJson(std::string_view json)
{
    const Json value = Json::parse(json, nullptr, false);
    if (value.is_discarded())
        return "null";
    std::string out;
    write(value, out);
    return out;
}

std::string pythonQuote(std::string_view text)
{
    return dumpAscii(Json(text));
}

} // namespace mantissa
