# Tests of what stands around the program: ./dev, house rules, packages, documentation, signature. A script ends with code 77 or prints
# a line `SKIPPED: <why>` where it cannot do its work; ./dev test repeats that line.
find_program(BASH bash REQUIRED)
set(system_python /usr/bin/python3)  # Debian's, which the packages of ./dev install modules for

# misfire_script_test(<name> LABELS <labels> TIMEOUT <seconds> COMMAND <words>)
function(misfire_script_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;COMMAND" ${ARGN})
    add_test(NAME dev.${name} COMMAND ${ARG_COMMAND})
    set_tests_properties(dev.${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
        SKIP_RETURN_CODE 77 SKIP_REGULAR_EXPRESSION "SKIPPED: ")
endfunction()

set(dev_tests ${CMAKE_CURRENT_SOURCE_DIR}/dev)
misfire_script_test(rooms LABELS lint TIMEOUT 60 COMMAND ${system_python} ${dev_tests}/rooms.py ${CMAKE_SOURCE_DIR})
misfire_script_test(rooms_test LABELS lint TIMEOUT 120 COMMAND ${system_python} ${dev_tests}/rooms_test.py)
misfire_script_test(signature_test LABELS signature TIMEOUT 120 COMMAND ${system_python} ${dev_tests}/signature_test.py)
misfire_script_test(script LABELS dev TIMEOUT 120 COMMAND ${BASH} ${dev_tests}/dev_test.sh ${CMAKE_SOURCE_DIR})
misfire_script_test(docs LABELS docs TIMEOUT 900 COMMAND ${system_python} ${dev_tests}/docs_test.py $<TARGET_FILE:misfire> ${CMAKE_SOURCE_DIR})
misfire_script_test(ci_examples LABELS docs TIMEOUT 900 COMMAND ${system_python} ${dev_tests}/ci_examples_test.py $<TARGET_FILE:misfire> ${CMAKE_SOURCE_DIR})
misfire_script_test(browser LABELS browser TIMEOUT 900 COMMAND ${system_python} ${CMAKE_CURRENT_SOURCE_DIR}/browser/report_browser_test.py $<TARGET_FILE:misfire>)
set_tests_properties(dev.docs dev.ci_examples dev.browser PROPERTIES ENVIRONMENT "MISFIRE_SHARE=${CMAKE_BINARY_DIR}/share/misfire")

# Instrumented programs are neither packaged nor as fast as the signature's budget wants.
if(NOT MISFIRE_SANITIZE)
    misfire_script_test(signature LABELS signature TIMEOUT 300
        COMMAND ${system_python} ${dev_tests}/signature.py --program $<TARGET_FILE:misfire>)
    misfire_script_test(install LABELS package TIMEOUT 300 COMMAND ${BASH} ${dev_tests}/package_test.sh install ${CMAKE_BINARY_DIR})
    misfire_script_test(deb LABELS package TIMEOUT 600 COMMAND ${BASH} ${dev_tests}/package_test.sh deb ${CMAKE_BINARY_DIR})
    misfire_script_test(apt LABELS package long TIMEOUT 1200 COMMAND ${BASH} ${dev_tests}/package_test.sh apt ${CMAKE_BINARY_DIR})
    # cpack starts the build's own install step: one at a time.
    set_tests_properties(dev.install dev.deb dev.apt PROPERTIES RESOURCE_LOCK packaging)
endif()
