# Out-of-distribution data and what is measured on it.
misfire_test(test_ood_metrics
    SOURCES unit/ood_metrics_test.cpp
    LIBRARIES misfire_results nlohmann_json::nlohmann_json
    LABELS unit)

misfire_test(test_ood_sets
    SOURCES unit/ood_shift_test.cpp unit/scenario_ood_test.cpp
    LIBRARIES misfire_scenarios
    LABELS unit)

misfire_test(test_generated_sets
    SOURCES property/generated_sets_property_test.cpp
    LIBRARIES misfire_scenarios
    LABELS property)

misfire_test(test_ood_runs
    SOURCES cli/ood_test.cpp
    LIBRARIES test_program nlohmann_json::nlohmann_json
    LABELS cli)
add_dependencies(test_ood_runs misfire)
