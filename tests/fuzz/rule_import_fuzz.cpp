// SPDX-License-Identifier: GPL-3.0-or-later
// Rules of other tools are pasted from anywhere: any text gives rules that compile, or an error with a
// sentence.
#include "engine/base/pattern.h"
#include "engine/plan/rule_import.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace mantissa;
    const auto imported = importRules({reinterpret_cast<const char*>(data), size});
    if (!imported) {
        fuzz::require(imported.error().code == ErrorCode::InvalidInput && !imported.error().message.empty());
        return 0;
    }
    fuzz::require(!imported->rules.empty());
    for (const Rule& rule : imported->rules)
        fuzz::require(Pattern::compile(rule.pattern).has_value() && checkChoice(rule.choice).has_value());
    return 0;
}
