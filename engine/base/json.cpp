// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/json.h"

template class nlohmann::basic_json<>;
template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace mantissa {

namespace {

bool isTooDeep(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kDeepestJson)
                return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

template <typename Json> Json parse(std::string_view text)
{
    return isTooDeep(text) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

} // namespace

nlohmann::json parseJson(std::string_view text)
{
    return parse<nlohmann::json>(text);
}

nlohmann::ordered_json parseOrderedJson(std::string_view text)
{
    return parse<nlohmann::ordered_json>(text);
}

} // namespace mantissa
