#include "results/monitors/chi2_test.h"

#include <algorithm>
#include <array>
#include <boost/math/special_functions/gamma.hpp>
#include <map>

namespace misfire::monitors {

FeatureTest chi2_test(std::span<const double> reference, std::span<const double> current, bool yates) {
    std::map<double, std::array<double, 2>> counts;
    for (const double value : reference) counts[value][0] += 1.0;
    for (const double value : current) counts[value][1] += 1.0;
    if (counts.size() < 2) return {0.0, 1.0};
    const std::array<double, 2> rows = {static_cast<double>(reference.size()), static_cast<double>(current.size())};
    double statistic = 0.0;
    for (const auto& [value, observed] : counts) {
        for (std::size_t sample = 0; sample < 2; ++sample) {
            const double expected = rows[sample] * (observed[0] + observed[1]) / (rows[0] + rows[1]);
            double off = std::abs(observed[sample] - expected);
            if (yates && counts.size() == 2) off -= std::min(0.5, off);
            statistic += off * off / expected;
        }
    }
    const double freedom = static_cast<double>(counts.size() - 1);
    return {statistic, boost::math::gamma_q(freedom / 2.0, statistic / 2.0)};
}

}  // namespace misfire::monitors
