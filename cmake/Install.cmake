# Target `programs` (what a user runs: packaging/run builds it), the installation layout, and the Debian package
# (`cpack` in the build folder). Programs find their data relative to themselves (../share/mantissa) or in the source
# tree. The Debian package leaves out component `torch`, which is linked against one user's set-up cache.
include(GNUInstallDirs)

add_custom_target(programs)
foreach(target mantissa mantissa-studio mantissa_torch)
    if(TARGET ${target})
        add_dependencies(programs ${target})
    endif()
endforeach()

# The man page and the completions are printed by the program that they describe. A cross or sanitizer build that
# cannot run it here can still build everything else.
set(generated ${CMAKE_BINARY_DIR}/generated)
set(manual_outputs ${generated}/mantissa.1 ${generated}/mantissa.bash ${generated}/_mantissa ${generated}/mantissa.fish)
add_custom_command(OUTPUT ${manual_outputs}
    COMMAND $<TARGET_FILE:mantissa> man > ${generated}/mantissa.1
    COMMAND $<TARGET_FILE:mantissa> completions bash > ${generated}/mantissa.bash
    COMMAND $<TARGET_FILE:mantissa> completions zsh > ${generated}/_mantissa
    COMMAND $<TARGET_FILE:mantissa> completions fish > ${generated}/mantissa.fish
    DEPENDS mantissa COMMENT "Printing the man page and the completions" VERBATIM)
add_custom_target(manual ALL DEPENDS ${manual_outputs})

install(TARGETS mantissa)
install(DIRECTORY resources/ DESTINATION ${CMAKE_INSTALL_DATADIR}/mantissa)
install(FILES ${generated}/mantissa.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${generated}/mantissa.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME mantissa)
install(FILES ${generated}/_mantissa DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${generated}/mantissa.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES README.md CHANGELOG.md LICENSE docs/LICENSES.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET mantissa-studio)
    set(id io.github.mantissa.Studio)
    set(desktop ${CMAKE_SOURCE_DIR}/packaging/desktop)
    install(FILES ${desktop}/${id}.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES ${desktop}/${id}.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
    install(FILES ${desktop}/${id}.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages)
    install(FILES ${CMAKE_SOURCE_DIR}/resources/icons/mantissa.svg RENAME ${id}.svg
        DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME mantissa)
set(CPACK_PACKAGE_VENDOR "The Mantissa developers")
set(CPACK_PACKAGE_CONTACT "The Mantissa developers <mantissa@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};Mantissa;Unspecified;/")
include(CPack)
