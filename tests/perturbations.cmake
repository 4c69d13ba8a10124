# perturbations/
misfire_test(perturbations_unit_test
    SOURCES unit/random_test.cpp unit/severity_test.cpp unit/perturbation_registry_test.cpp unit/perturb_test.cpp
        unit/c_bar_test.cpp unit/camera_perturbations_test.cpp unit/everyday_geometry_test.cpp
    LIBRARIES misfire_perturbations
    LABELS unit)
misfire_test(perturbations_golden_test
    SOURCES golden/c_bar_golden_test.cpp golden/camera_golden_test.cpp golden/cifar_c_bar_golden_test.cpp
        golden/deterministic_golden_test.cpp golden/replayed_golden_test.cpp golden/moments_golden_test.cpp
        golden/golden_files.cpp golden/python_reference.cpp
    LIBRARIES misfire_perturbations misfire_opencv misfire_hdf5
    LABELS golden)
misfire_test(perturbations_property_test
    SOURCES property/perturbations_property_test.cpp
    LIBRARIES misfire_perturbations misfire_data misfire_opencv
    LABELS property)
misfire_test(perturbations_errors_test
    SOURCES errors/perturbations_errors_test.cpp
    LIBRARIES misfire_perturbations
    LABELS errors)
misfire_test(test_table_families
    SOURCES unit/table_families_test.cpp unit/table_families_values_test.cpp unit/table_families_fixture.cpp
    LIBRARIES misfire_perturbations misfire_data
    LABELS unit)
