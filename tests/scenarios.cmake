# tests of scenarios/
include(scenarios_data.cmake)

misfire_test(test_scenarios
    SOURCES unit/scenario_test.cpp unit/severities_test.cpp unit/perturb_shift_test.cpp errors/scenario_errors_test.cpp
    LIBRARIES misfire_scenarios
    LABELS unit)

misfire_test(test_sequences
    SOURCES unit/sequences_test.cpp
    LIBRARIES misfire_scenarios
    LABELS unit)

misfire_test(test_tables
    SOURCES unit/data_table_test.cpp unit/behaviour_profile_test.cpp unit/calendar_shift_test.cpp unit/profile_derivation_test.cpp
        unit/scenario_table_test.cpp unit/scenario_template_test.cpp
    LIBRARIES misfire_scenarios
    LABELS unit)
