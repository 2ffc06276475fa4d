# Target `programs` (what a user runs: packaging/run builds it), installation layout, and the Debian package (cpack).
# Programs find their data relative to themselves (../share/mantissa) or in the source tree.
include(GNUInstallDirs)

add_custom_target(programs)
foreach(target mantissa mantissa-studio mantissa_torch)
    if(TARGET ${target})
        add_dependencies(programs ${target})
    endif()
endforeach()

install(DIRECTORY resources/ DESTINATION ${CMAKE_INSTALL_DATADIR}/mantissa)
