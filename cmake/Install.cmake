# Installation layout; programs find their data relative to themselves (../share/mantissa) or in the source tree.
include(GNUInstallDirs)
install(DIRECTORY resources/ DESTINATION ${CMAKE_INSTALL_DATADIR}/mantissa)
