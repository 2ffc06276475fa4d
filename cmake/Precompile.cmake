# mantissa_precompile(TARGET [HEADER…]): precompiles what nearly every source of the target reads, which takes longer than
# compiling the source itself. Sources include what they use all the same: packaging/lint reads them without this.
# Headers in angle brackets only: they are written into the precompiled file as they stand, and an absolute path there
# would make each clone miss the compiler cache.
set(MANTISSA_COMMON_HEADERS
    <algorithm> <array> <chrono> <cmath> <cstdint> <cstring> <filesystem> <fstream> <functional> <map> <memory> <optional>
    <random> <set> <span> <string> <string_view> <thread> <vector> <fmt/format.h> <tl/expected.hpp>)
function(mantissa_precompile target)
    if(MANTISSA_FUZZ) # clang's precompiled headers carry the time, and miss the compiler cache
        return()
    endif()
    target_precompile_headers(${target} PRIVATE ${MANTISSA_COMMON_HEADERS} ${ARGN})
endfunction()
