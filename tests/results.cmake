# Tests of results/.
misfire_test(test_results
    SOURCES
        unit/results_curve_metrics_test.cpp
        unit/results_curves_test.cpp
        unit/results_evaluate_test.cpp
        unit/results_file_test.cpp
        unit/results_journal_test.cpp
        unit/results_metrics_test.cpp
        unit/results_outcomes_test.cpp
        unit/results_regression_test.cpp
        unit/results_sequences_test.cpp
        unit/results_statistics_test.cpp
        unit/results_store_test.cpp
    LIBRARIES misfire_results
    LABELS unit)

misfire_test(test_results_errors
    SOURCES errors/results_errors_test.cpp
    LIBRARIES misfire_results PkgConfig::SQLITE
    LABELS errors)

misfire_test(test_metrics_property
    SOURCES property/metrics_property_test.cpp
    LIBRARIES misfire_results
    LABELS property)

misfire_test(test_monitors
    SOURCES
        unit/monitors_batch_test.cpp
        unit/monitors_estimates_test.cpp
        unit/monitors_guarantees_test.cpp
        unit/monitors_reference_test.cpp
        unit/monitors_settings_test.cpp
        unit/monitors_vectors_test.cpp
        unit/monitoring_test.cpp
    LIBRARIES misfire_results nlohmann_json::nlohmann_json
    LABELS unit)

misfire_test(test_gate
    SOURCES
        unit/gate_checks_test.cpp
        unit/gate_compare_test.cpp
        unit/gate_flakiness_test.cpp
        unit/gate_statistics_test.cpp
    LIBRARIES misfire_results misfire_scenarios
    LABELS unit)
