# tests of harness/ and of the whole program
add_library(test_program STATIC cli/program.cpp)
target_include_directories(test_program PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(test_program PRIVATE MISFIRE_BINARY="${CMAKE_BINARY_DIR}/bin/misfire")
misfire_warnings(test_program)

misfire_test(test_cli SOURCES cli/verbs_test.cpp LIBRARIES test_program misfire_harness LABELS cli)
misfire_test(test_harness_errors SOURCES errors/harness_errors_test.cpp LIBRARIES test_program LABELS errors)
misfire_test(test_crash SOURCES crash/kill_test.cpp LIBRARIES test_program LABELS crash TIMEOUT 3600)
misfire_test(test_harness SOURCES unit/tensor_test.cpp LIBRARIES misfire_harness LABELS unit)
misfire_test(test_real SOURCES real/real_models_test.cpp LIBRARIES test_program misfire_harness LABELS real TIMEOUT 1800)
foreach(program test_cli test_harness_errors test_crash test_real)
    add_dependencies(${program} misfire)
endforeach()
