# models/; models_fixture.cpp writes TorchScript files and is the only test source that sees LibTorch.
add_library(misfire_models_fixture STATIC unit/models_fixture.cpp)
target_link_libraries(misfire_models_fixture PUBLIC misfire_models PRIVATE misfire_torch GTest::gtest)
misfire_warnings(misfire_models_fixture)
misfire_test(models_unit_test
    SOURCES unit/models_card_test.cpp unit/models_output_kind_test.cpp unit/models_probe_test.cpp unit/models_rows_test.cpp unit/models_torchscript_test.cpp
        unit/models_zoo_test.cpp
    LIBRARIES misfire_models_fixture
    LABELS unit)
misfire_test(models_errors_test
    SOURCES errors/models_errors_test.cpp
    LIBRARIES misfire_models_fixture
    LABELS errors)
