# Compile options for our own code. Link `mantissa_options` privately in every target of ours.
add_library(mantissa_options INTERFACE)
target_compile_options(mantissa_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
target_include_directories(mantissa_options INTERFACE ${CMAKE_SOURCE_DIR})
if(MANTISSA_WERROR)
    target_compile_options(mantissa_options INTERFACE -Werror)
endif()
if(MANTISSA_SANITIZE OR MANTISSA_FUZZ)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
    add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(MANTISSA_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
# The arithmetic of the formats is defined operation by operation: the compiler must not contract a*b+c into a
# fused multiply-add, nor reorder.
add_compile_options(-ffp-contract=off)
