# Tests of models/scores/; no LibTorch in them.
misfire_test(test_scores
    SOURCES unit/scores_fixture.cpp unit/scores_reference_test.cpp unit/scores_test.cpp errors/scores_errors_test.cpp property/scores_property_test.cpp
    LIBRARIES misfire_scores nlohmann_json::nlohmann_json
    LABELS unit)
