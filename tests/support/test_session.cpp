// SPDX-License-Identifier: GPL-3.0-or-later
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "tests/support/test_session.h"

namespace mantissa::test {

int runTests(int argc, char** argv, const std::string& without)
{
    Catch::Session session;
    if (const int problem = session.applyCommandLine(argc, argv); problem != 0)
        return problem;
    if (!without.empty()) {
        auto& chosen = session.configData().testsOrTags;
        if (chosen.empty())
            chosen.emplace_back();
        for (std::string& each : chosen)
            each.insert(0, "~" + without); // behind a name it would be taken for a part of it
    }
    return session.run();
}

} // namespace mantissa::test
