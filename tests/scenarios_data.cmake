# tests of scenarios/data and of the files shift
misfire_test(test_data
    SOURCES
        unit/data_class_map_test.cpp
        unit/data_decode_test.cpp
        unit/data_fetch_test.cpp
        unit/data_npy_test.cpp
        unit/data_readers_test.cpp
        unit/data_select_test.cpp
        unit/data_write_test.cpp
        unit/data_zoo_test.cpp
        unit/files_shift_test.cpp
        unit/geometry_test.cpp
        errors/data_errors_test.cpp
    LIBRARIES misfire_data
    LABELS unit)
