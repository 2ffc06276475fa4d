# libtorch as packaging/setup.sh unpacks it from the pinned wheels: ROOT/torch/{include,lib} and ROOT/nvidia/cu13/lib.
# ROOT is MANTISSA_TORCH_ROOT (CMake or environment), else the cache that all checkouts share.
# Defines the target MantissaTorch::cpu: the two libraries that the CPU part needs, nothing of CUDA.
set(MANTISSA_TORCH_VERSION 2.15.0)
if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(_mantissa_cache "$ENV{XDG_CACHE_HOME}")
else()
    set(_mantissa_cache "$ENV{HOME}/.cache")
endif()
if(NOT MANTISSA_TORCH_ROOT AND DEFINED ENV{MANTISSA_TORCH_ROOT})
    set(MANTISSA_TORCH_ROOT "$ENV{MANTISSA_TORCH_ROOT}")
endif()
if(NOT MANTISSA_TORCH_ROOT)
    set(MANTISSA_TORCH_ROOT "${_mantissa_cache}/mantissa/torch/${MANTISSA_TORCH_VERSION}")
endif()

set(_torch "${MANTISSA_TORCH_ROOT}/torch")
include(FindPackageHandleStandardArgs)
if(EXISTS "${_torch}/include/ATen/ATen.h" AND EXISTS "${_torch}/lib/libtorch_cpu.so" AND EXISTS "${_torch}/lib/libc10.so")
    set(MantissaTorch_LIBRARY_DIR "${_torch}/lib")
endif()
find_package_handle_standard_args(MantissaTorch REQUIRED_VARS MantissaTorch_LIBRARY_DIR)
if(MantissaTorch_FOUND AND NOT TARGET MantissaTorch::cpu)
    # The wheel's include folder also has the headers of libraries that torch was built with, {fmt} 12 among them, which
    # would hide Debian's. Only torch's own are seen.
    set(_headers "${CMAKE_BINARY_DIR}/torch-include")
    file(MAKE_DIRECTORY "${_headers}")
    foreach(_folder ATen c10 torch)
        file(CREATE_LINK "${_torch}/include/${_folder}" "${_headers}/${_folder}" SYMBOLIC)
    endforeach()
    add_library(MantissaTorch::cpu INTERFACE IMPORTED)
    target_include_directories(MantissaTorch::cpu SYSTEM INTERFACE "${_headers}"
        "${_headers}/torch/csrc/api/include")
    # Only these two, and only what is used of them: a program then starts without any CUDA package.
    target_link_libraries(MantissaTorch::cpu INTERFACE "${_torch}/lib/libtorch_cpu.so" "${_torch}/lib/libc10.so")
    target_link_options(MantissaTorch::cpu INTERFACE "LINKER:--unresolved-symbols=ignore-in-shared-libs")
endif()
