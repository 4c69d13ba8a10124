# Where things go: `cmake --install` (relocatable), `cpack -G DEB`, and the same folders mirrored in the build tree so that the program
# finds its zoo and scenarios by one rule, share/misfire beside its own bin/ (core/install_paths.h), wherever it runs.
set(MISFIRE_SHARED_FOLDERS
    models/zoo/models zoo/models
    models/zoo/data zoo/data
    scenarios/library scenarios
    scenarios/profiles profiles
    harness/themes themes)

set(remaining ${MISFIRE_SHARED_FOLDERS})
while(remaining)
    list(POP_FRONT remaining source place)
    cmake_path(SET mirror "${CMAKE_BINARY_DIR}/share/misfire/${place}")
    cmake_path(GET mirror PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${source} ${mirror} SYMBOLIC)
    install(DIRECTORY ${source}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/misfire/${place} PATTERN "*.checkpoint" EXCLUDE)
endwhile()

# The program knows its verbs best: manual page and completions are what it prints. As root of a dependency graph of their own they
# cost nothing to a build of the program alone.
set(documents ${CMAKE_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${documents})
function(misfire_document name)
    add_custom_command(OUTPUT ${documents}/${name} COMMAND misfire ${ARGN} > ${documents}/${name} DEPENDS misfire VERBATIM
        COMMENT "Writing ${name}")
endfunction()
misfire_document(misfire.1 --man)
misfire_document(misfire.bash --completion bash)
misfire_document(misfire.zsh --completion zsh)
misfire_document(misfire.fish --completion fish)
add_custom_target(misfire_documents ALL
    DEPENDS ${documents}/misfire.1 ${documents}/misfire.bash ${documents}/misfire.zsh ${documents}/misfire.fish)

# System libraries need no run path; a LibTorch from elsewhere keeps the one it was linked with.
set_target_properties(misfire PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS misfire RUNTIME)
install(FILES ${documents}/misfire.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${documents}/misfire.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME misfire)
install(FILES ${documents}/misfire.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _misfire)
install(FILES ${documents}/misfire.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs FILES_MATCHING PATTERN "*.md")
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME misfire)
set(CPACK_PACKAGE_CONTACT "misfire developers <misfire@localhost.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "fonts-dejavu-core")  # of pictures; the libraries are found by dpkg-shlibdeps
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "npm, curl, python3-h5py, python3-pandas, hdfview")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"misfire loads a TorchScript model, shows it a sequence of ever harder
data and writes how accuracy, calibration and confidence degrade, with
intervals, into an HDF5 file. Small models and Fashion-MNIST images are
included: `misfire run demo`.")
include(CPack)
